"""The pages on clients, without a browser: found, added, opened, then and now, finished, added to, merged, erased."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, clients, exam, records
from medspa_core.access import Role
from medspa_core.clients import Details, consultations
from medspa_core.rulebook import read_whole
from tests.clients_support import FACTS, HOSTILE
from tests.conftest import DATA, healthy
from tests.older_rulebooks import load_as_kept
from tests.pages.conftest import MORNING, new_draft, opened, program, signed_in, staff_face, text_of, told
from tests.unit.test_kept_rulebooks import kept_without
from views.context import core_access
from views.context.words import say
from views.redraw import stored_widgets
from views.staff.clients import past_consultations

DIRECTOR = (Role.MEDICAL_DIRECTOR, Role.AESTHETICIAN)


def page(name: str, *roles: Role, sid: str = "") -> AppTest:
    at = program(*(roles or (Role.AESTHETICIAN,)))
    if sid:
        at.user = {"sid": sid}
    at.run()
    at.switch_page(f"pages/{name}.py").run()
    assert not at.exception, at.exception
    return at


def labels(at: AppTest) -> str:
    return " ".join(button.label for button in at.button)


def asker(store: records.Store) -> access.Person:
    signed_in([Role.AESTHETICIAN])
    return access.list_people(store)[-1]


def made(store: records.Store, name: str = "Marigold Quill", code: str = "A-204") -> clients.Client:
    return clients.new_client(store, asker(store), Details(code, name, date(1984, 3, 7)), MORNING)


def finished(store: records.Store, client_id: str, files: dict[str, str] | None = None) -> records.Draft:
    who, book = access.list_people(store)[-1], core_access.rulebook()
    order = tuple(book.options)
    draft = consultations.start(store, who, "A-204", MORNING, date(2026, 11, 22), order, client_id=client_id)
    given: dict[str, Any] = {**healthy(), "concern": "texture"}
    draft = consultations.save_answers(store, who, draft.id, given, MORNING, "form")
    shown = core_access.recommended(draft.answers, draft.as_of).as_dict()
    consultations.record_choice(
        store,
        who,
        draft.id,
        "wait",
        MORNING,
        FACTS,
        rulebook_revision=book.revision if files is None else load_as_kept(files).revision,
        files=files or read_whole(DATA),
        shown=shown,
    )
    return consultations.finish(store, who, draft.id, MORNING, book)


@pytest.mark.parametrize("screen", ["why", "options", "plan", "timeline"])
def test_a_finished_talk_opens_though_its_rulebook_says_nothing_of_its_place(store: records.Store, screen: str) -> None:
    program().run()
    client = made(store)
    draft = finished(store, client.id, kept_without("status.toml", "wait.us"))
    at = opened(screen, draft.id)
    if screen == "why":
        at.pills(key="place").set_value("kr").run()
        assert not at.exception
        assert core_access.rulebook().status["wait"].places["kr"].client in text_of(at)
    own = core_access.own_rulebook(draft.rulebook_revision)
    assert own is not None and "us" not in own.status["wait"].places


def open_page(store: records.Store, client_id: str, *roles: Role) -> AppTest:
    at = program(*(roles or (Role.AESTHETICIAN,))).run()
    at.session_state["client_open"] = client_id
    at.switch_page("pages/client.py").run()
    assert not at.exception, at.exception
    return at


def test_a_new_client_is_added_opened_and_found_and_the_address_says_nothing(store: records.Store) -> None:
    at = page("clients")
    assert "No clients yet" in text_of(at)
    at.text_input(key="new_client_code_name").input("A-204")
    at.text_input(key="new_client_name").input("Marigold Quill")
    at.button(key="send_new_client").click().run()
    assert not at.exception
    assert "Marigold Quill" in text_of(at)
    assert dict(at.query_params) == {}
    at.switch_page("pages/clients.py").run()
    at.text_input(key="client_search").input("mari").run()
    assert "Marigold Quill" in labels(at)
    at.text_input(key="client_search").input("zzz").run()
    assert "Nobody found" in text_of(at) and "Marigold" not in labels(at)


def test_a_missing_code_name_is_said_in_plain_words_below_its_field(store: records.Store) -> None:
    at = page("clients")
    at.text_input(key="new_client_name").input("Marigold Quill")
    at.button(key="send_new_client").click().run()
    assert told(at) == [("alert", "Not done. The code name is missing.")]
    assert text_of(at).count("The code name is missing.") == 2 and "expected" not in text_of(at)
    assert at.text_input(key="new_client_name").value == "Marigold Quill"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text_on_every_page(store: records.Store, name: str) -> None:
    one = made(store, name, name)
    clients.change_client(
        store, access.list_people(store)[-1], one.id, Details(name, name, None, name, name), MORNING, 0
    )
    done = finished(store, one.id)
    clients.amend(store, access.list_people(store)[-1], done.id, name, name, MORNING)
    at = page("clients")
    assert "<script" not in text_of(at) and "![x]" not in labels(at) and "\u202e" not in labels(at)
    at = open_page(store, one.id)
    at.button(key=f"look_{done.id}").click().run()
    assert not at.exception
    assert "<script>alert" not in text_of(at) and "\u202e" not in text_of(at)


def test_a_page_without_an_open_client_goes_to_the_list(store: records.Store) -> None:
    assert "Find somebody" in text_of(page("client"))


def test_another_places_client_is_not_found_and_nothing_of_it_is_shown(store: records.Store) -> None:
    one = made(store)
    far = access.add_location(store, "Harbour", MORNING)
    stranger = access.add_person(store, "far", "Far", [Role.AESTHETICIAN], [far.id], MORNING, email="far@example.com")
    sid = access.sign_in_with_oidc(
        store, "t", "far", "far@example.com", access.Place("t"), core_access.clock().now()
    ).id
    at = program(Role.AESTHETICIAN)
    at.user = {"sid": sid}
    at.run()
    at.session_state["client_open"] = one.id
    at.switch_page("pages/client.py").run()
    everything = text_of(at) + labels(at) + text_of(at)
    assert "not found" in everything and "Marigold" not in everything and "A-204" not in everything
    assert stranger.locations == {far.id}


@pytest.mark.parametrize("roles", [(Role.MANAGER,), (Role.OWNER,), (Role.OWNER, Role.MANAGER)])
def test_a_manager_or_owner_is_never_shown_a_client(store: records.Store, roles: tuple[Role, ...]) -> None:
    one = made(store)
    draft = finished(store, one.id)
    for name in ("clients", "client", "options", "you"):
        at = program(*roles).run()
        at.session_state["client_open"] = one.id
        at.query_params["c"] = draft.id
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            at.switch_page(f"pages/{name}.py")
        at.run()
        everything = text_of(at) + labels(at)
        assert "Marigold" not in everything and "A-204" not in everything


def test_a_consultation_is_started_for_a_client_and_stands_in_their_history(store: records.Store) -> None:
    one = made(store)
    at = open_page(store, one.id)
    at.button(key="client_start").click().run()
    assert not at.exception
    here = at.query_params["c"]
    draft = records.load_draft(store, here if isinstance(here, str) else here[0])
    assert draft is not None and (draft.client_id, draft.location_id) == (one.id, one.location_id)
    assert one.id not in str(dict(at.query_params))
    assert "Go on with it" in labels(open_page(store, one.id))


def test_a_finished_consultation_shows_what_was_said_then_and_what_today_reads_otherwise(
    store: records.Store, monkeypatch: pytest.MonkeyPatch, home: Any
) -> None:
    one = made(store)
    done = finished(store, one.id)
    at = open_page(store, one.id)
    at.button(key=f"look_{done.id}").click().run()
    assert "Said then" in text_of(at) and "made with today" in text_of(at)
    (home / "home" / "clinic.toml").write_text("[prices.prp_microneedling]\namount = 10\n")
    core_access._rulebook.clear()
    at = open_page(store, one.id)
    at.button(key=f"look_{done.id}").click().run()
    assert not at.exception
    assert "What reads otherwise today" in text_of(at) and "cost of the course" in text_of(at)
    at = opened("options", done.id)
    assert core_access.own_rulebook(done.rulebook_revision).revision == done.rulebook_revision  # type: ignore[union-attr]
    assert "$700" in text_of(at) or "$1,400" in text_of(at) or "$2,100" in text_of(at)
    core_access._rulebook.clear()


def test_what_was_said_and_what_differs_reads_as_sentences_and_not_as_ids(store: records.Store) -> None:
    one = made(store)
    done = finished(store, one.id)
    at = open_page(store, one.id)
    at.button(key=f"look_{done.id}").click().run()
    said = text_of(at)
    assert "Standing:" not in said
    assert "close call" in said.lower() or "better than the others" in said
    assert "Nothing found" in said and not re.search(r": (clear|needs review|needs_review|caution)<", said)
    book, words = core_access.rulebook(), past_consultations._value
    assert (
        words("standing", "close_call", book) == "a close call" and words("verdict", "needs_review", book) == "Review"
    )
    assert words("deferred_until", "2026-12-06", book) == "December 6, 2026"
    gate = next(iter(book.gates))
    assert words("findings", [gate], book) == book.questions[book.gates[gate].question].words.staff


def test_an_answer_of_several_parts_is_told_in_words(store: records.Store) -> None:
    product = {"source": "plant", "use": "after_needling", "has_lot_and_certificate": False}
    draft = new_draft(store, {"exosome_product": product, "importance": {"cost": "none"}})
    kept, book = records.load_draft(store, draft), core_access.rulebook()
    assert kept is not None
    told = "has lot and certificate: No; source: From plants; use: After the needling"
    assert past_consultations._answer(kept, book, "exosome_product") == told
    assert past_consultations._answer(kept, book, "importance") == "Cost: Not at all"


def test_something_is_added_to_a_finished_consultation_beside_the_original(store: records.Store) -> None:
    one = made(store)
    done = finished(store, one.id)
    at = open_page(store, one.id)
    at.button(key=f"look_{done.id}").click().run()
    at.text_area(key=f"what_{done.id}").input("Takes aspirin")
    at.text_input(key=f"why_{done.id}").input("She called")
    at.button(key=f"send_add_{done.id}").click().run()
    assert not at.exception
    assert "Takes aspirin" in text_of(at) and "1 addition" in text_of(at)
    assert (at.text_area(key=f"what_{done.id}_1").value, at.text_input(key=f"why_{done.id}_1").value) == ("", "")
    assert records.load_draft(store, done.id) == done


def test_staff_finish_a_consultation_when_all_is_there_and_are_told_what_is_missing(store: records.Store) -> None:
    draft_id = new_draft(store, {"concern": "texture"})
    at = opened("plan", draft_id)
    staff_face(at)
    at.button(key="main_next_here").click().run()
    assert "To finish, tap a choice." in text_of(at)
    ready = new_draft(store, {**healthy(), "concern": "texture"})
    at = opened("plan", ready)
    staff_face(at)
    at.pills(key=f"tap_plan_{ready}").set_value("not_yet").run()
    at.button(key="main_next_here").click().run()
    assert not at.exception
    assert "Thank you. That is all for today." in text_of(at)
    assert records.load_draft(store, ready).finished_at is not None  # type: ignore[union-attr]
    assert records.load_draft(store, draft_id).finished_at is None  # type: ignore[union-attr]


def test_two_tablets_on_one_draft_never_overwrite_each_other_silently(store: records.Store) -> None:
    draft_id = new_draft(store, {**healthy(), "concern": "texture"})
    one, other = opened("options", draft_id), opened("options", draft_id)
    one.pills(key=f"tap_wide_choice_{draft_id}").set_value("not_yet").run()
    other.pills(key=f"tap_wide_choice_{draft_id}").set_value("wait").run()
    assert not other.exception
    assert records.load_draft(store, draft_id).choice == "not_yet"  # type: ignore[union-attr]
    assert "changed on another screen" in text_of(other)


def test_two_tablets_on_one_answer_show_the_newer_one_and_say_so(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = new_draft(store)
    left, right = opened("you", draft_id), opened("you", draft_id)
    left.pills(key="tap_blood_draw_comfort").set_value("fine").run()
    right.pills(key="tap_blood_draw_comfort").set_value("rather_not").run()
    assert not right.exception
    assert records.load_draft(store, draft_id).answers["blood_draw_comfort"] == "fine"  # type: ignore[union-attr]
    assert "changed on another screen" in text_of(right)
    assert right.pills(key="tap_blood_draw_comfort").value == "fine"
    right.pills(key="tap_wide_concern").set_value("texture").run()
    monkeypatch.setattr(stored_widgets, "ECHO_SECONDS", 0.0)
    for learned in (True, False):  # the left one first learns of the concern
        left.pills(key="tap_blood_draw_comfort").set_value("rather_not").run()
        assert ("changed on another screen" in text_of(left)) is learned
    kept = records.load_draft(store, draft_id).answers  # type: ignore[union-attr]
    assert kept == {"blood_draw_comfort": "rather_not", "concern": "texture"}


def test_duplicates_are_merged_and_taken_apart_on_the_pages(store: records.Store) -> None:
    one, other = (
        made(store),
        clients.new_client(
            store, access.list_people(store)[-1], Details("B-2", "Marigold Quill", date(1984, 3, 7)), MORNING
        ),
    )
    at = page("clients")
    at.button(key="look_alike").click().run()
    at.button(key=f"keep_{one.id}_{other.id}").click().run()
    assert not at.exception
    assert clients.open_client(store, access.list_people(store)[-1], other.id).merged_into == one.id
    at = open_page(store, other.id)
    assert "kept with another" in text_of(at)
    at.button(key=f"apart_{other.id}").click().run()
    assert not at.exception
    assert clients.open_client(store, access.list_people(store)[-1], other.id).merged_into is None


def test_a_director_proposes_and_an_owner_confirms_on_the_pages(store: records.Store) -> None:
    one = made(store)
    at = open_page(store, one.id, *DIRECTOR)
    assert "Give your password again" in text_of(at) and "/step-up?next=" in text_of(at)
    assert one.id not in text_of(at)
    director = at.user["sid"] if isinstance(at.user, dict) else ""
    with_password(store, director or last_sid(store))
    at.run()
    at.text_input(key="erase_why").input("Asked for in writing.")
    at.button(key="erase_ask").click().run()
    assert not at.exception
    [waiting] = clients.proposals(store, access.list_people(store)[-1])
    owner = program(Role.OWNER)
    owner.run()
    with_password(store, last_sid(store))
    owner.switch_page("pages/kept.py").run()
    assert "Asked for in writing." in text_of(owner)
    assert "Marigold" not in text_of(owner) and "A-204" not in text_of(owner)
    owner.button(key=f"confirm_{waiting.id}").click().run()
    assert not owner.exception
    assert "Erased" in text_of(owner)
    owner.button(key="look_past").click().run()
    assert "Rows of the log" in text_of(owner)


def last_sid(store: records.Store) -> str:
    with store.reading() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM sign_ins ORDER BY rowid DESC LIMIT 1").scalar_one())


def with_password(store: records.Store, sid: str) -> None:
    """As if the password had been given again on the gate's page."""
    from sqlalchemy import update

    from medspa_core.access.schema import sign_ins

    with store.writing() as connection:
        now = core_access.clock().now()
        connection.execute(update(sign_ins).where(sign_ins.c.id == sid).values(stepped_up_at=now))


def test_the_trial_finds_and_opens_its_own_clients(store: records.Store) -> None:
    at = program(trial=True).run()
    at.text_input(key="code_name").input("T-1")
    at.button(key="start_new").click().run()
    assert not at.exception
    at.switch_page("pages/clients.py").run()
    assert "T\\-1" in labels(at)


# --- consultations without a client -------------------------------------------------------------------------------


def test_an_old_consultation_is_given_to_a_client_who_is_found(store: records.Store) -> None:
    one = made(store)
    draft_id = new_draft(store, {"age": 44}, name="old *one*")
    at = page("clients")
    assert "Consultations without a client" in text_of(at) and "old *one*" in text_of(at)
    at.button(key=f"whose_{draft_id}").click().run()
    at.text_input(key=f"unassigned_search_{draft_id}").input("mari").run()
    at.button(key=f"attach_{draft_id}_{one.id}").click().run()
    assert not at.exception
    assert "It is kept with Marigold Quill now." in text_of(at)
    assert "Consultations without a client" not in text_of(at)
    assert "Go on with it" in labels(open_page(store, one.id))


def test_an_old_consultation_becomes_a_client_who_is_only_a_code_name(store: records.Store) -> None:
    draft_id = new_draft(store, {"age": 44}, name="B-7")
    at = page("clients")
    at.button(key=f"whose_{draft_id}").click().run()
    at.button(key=f"attach_new_{draft_id}").click().run()
    assert not at.exception
    assert [line.code_name for line in clients.recent_clients(store, asker(store))] == ["B-7"]


def test_the_director_discards_an_old_unfinished_one_and_an_aesthetician_is_not_offered_to(
    store: records.Store,
) -> None:
    draft_id = new_draft(store, {"age": 44}, name="B-7")
    at = page("clients")
    assert "B-7" in text_of(at) and not [one for one in at.button if one.key == f"discard_{draft_id}"]
    at = page("clients", *DIRECTOR)
    at.button(key=f"discard_{draft_id}").click().run()
    assert not at.exception and "B-7" not in text_of(at)
    assert records.load_draft(store, draft_id) is None


def test_the_owner_discards_everything_invented_after_the_password(store: records.Store) -> None:
    records.start_draft(store, "Invented", MORNING, date(2026, 11, 22), ("wait",), "needle_wedding")
    at = page("kept", Role.OWNER)
    assert not [one for one in at.button if one.key == "discard_invented"]
    assert "1 consultation, and 0 clients typed during the trial." in text_of(at)
    with_password(store, str(at.user["sid"]))
    at.run()
    at.button(key="discard_invented").click().run()
    assert not at.exception
    assert "1 consultation is gone" in text_of(at)
    assert records.list_drafts(store) == []


def test_what_could_not_be_looked_up_is_never_said_not_to_be_there(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, draft_id = made(store), new_draft(store, {"age": 44}, name="old one")
    at = page("clients")
    at.button(key=f"whose_{draft_id}").click().run()

    def busy(*_: object, **__: object) -> None:
        raise records.StoreProblem("The store is busy. Try again in a moment.")

    monkeypatch.setattr(clients, "find_clients", busy)
    monkeypatch.setattr(exam, "client_orders", busy)
    at.text_input(key=f"unassigned_search_{draft_id}").input("mari").run()
    assert not at.exception and "The store is busy." in text_of(at)
    assert "Nobody found" not in text_of(at) and f"attach_new_{draft_id}" not in {button.key for button in at.button}
    at = open_page(store, one.id)
    assert "The store is busy." in text_of(at) and say("staff.client_sessions.none") not in text_of(at)

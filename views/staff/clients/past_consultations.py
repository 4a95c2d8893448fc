"""A client's consultations on the client's page: the list, and one of them as it was said then beside today's rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from medspa_core import access, clients
from medspa_core.access import Verb
from medspa_core.clients import Client, Difference, Visit
from medspa_core.clients import consultations as guarded
from medspa_core.clients.export.paper_record import word_of
from medspa_core.formats.as_read import money
from medspa_core.records import Draft
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.entries import NO, NOT_YET
from medspa_core.wording.of_entries import as_read, option_name, part_name, question_name
from views.consultation.answers.answer_words import answer_words
from views.context import core_access, environment
from views.context.core_access import now
from views.context.words import calm, entry, say, short_date
from views.elements import draw, form_keys
from views.frame import shell
from views.session import signed_in
from views.staff.clients.clients_page import done, tell, told

Json = Any
LOOKED_AT = "visit_open"
NAMED = ("best", "pair_best")
SPANS = ("sessions", "visit_minutes", "downtime_days", "course_cost")


def history(client: Client) -> None:
    """Every consultation, newest first; the one that was tapped opens below its line."""
    shell.section(say("staff.client.history"))
    visits = done(lambda store, who: clients.visits_of(store, who, client.id))
    if not visits:
        draw.html(draw.tag("p", say("staff.client.history_none"), cls="mc-small"))
    for visit in visits or []:
        _visit(visit)


def _visit(visit: Visit) -> None:
    open_here = st.session_state.get(LOOKED_AT) == visit.id
    with st.container(key=f"card_visit_{visit.id}", gap="small"):
        with st.container(key=f"bar_visit_{visit.id}", horizontal=True, vertical_alignment="center"):
            state = [say("staff.client.finished" if visit.finished_at else "staff.client.open")]
            if visit.amended:
                many = "staff.client.amended_one" if visit.amended == 1 else "staff.client.amended_many"
                state.append(say(many, number=visit.amended))
            words = say("staff.client.visit", day=short_date(visit.as_of), choice=_choice(visit.choice))
            draw.html(draw.tag("p", words, cls="mc-strong"), draw.tag("p", ", ".join(state), cls="mc-small"))
            if visit.finished_at is None:
                if st.button(say("staff.client.go_on"), key=f"go_on_{visit.id}"):
                    shell.open_draft(visit.id)
            else:
                label = say("staff.client.close" if open_here else "staff.client.look")
                turned = {LOOKED_AT: None if open_here else visit.id}
                st.button(label, key=f"look_{visit.id}", on_click=st.session_state.update, args=(turned,))
        if open_here and visit.finished_at is not None:
            _opened(visit)


def _opened(visit: Visit) -> None:
    draft = done(lambda store, who: guarded.load(store, who, visit.id))
    if draft is None:
        return
    today, own = core_access.rulebook(), core_access.own_rulebook(visit.rulebook_revision)
    book = own or today
    if own is None:
        draw.note(say("staff.client.no_book"))
    _next_date(draft)
    _then_and_now(draft, book, today)
    _answers(draft, book)
    _additions(visit)
    if st.button(say("staff.client.screens"), key=f"screens_{visit.id}", icon=":material/open_in_new:"):
        shell.open_draft(visit.id, "options")


def _next_date(draft: Draft) -> None:
    if draft.next_kind is not None and draft.next_day is not None:
        words = say(f"staff.client.next.{draft.next_kind}", day=short_date(draft.next_day, draft.as_of))
        draw.html(draw.tag("p", words, cls="mc-strong"))


# --- then and now -------------------------------------------------------------------------------------------------


def _then_and_now(draft: Draft, book: Rulebook, today: Rulebook) -> None:
    if draft.shown is None:
        draw.note(say("staff.client.no_shown"))
        return
    said_now = clients.said_today(draft, today)
    with st.container(key=f"twin_said_{draft.id}", horizontal=True):
        for when, said, its_book in (("then", draft.shown, book), ("now", said_now, today)):
            with st.container(key=f"sand_{when}_{draft.id}"):
                if said is None:
                    draw.note(say("staff.client.cannot_read"))
                else:
                    _said(say(f"staff.client.{when}"), said, its_book, draft.option_order)
    if said_now is not None:
        _differences(clients.differences(draft.shown, said_now), book, today)


def _said(heading: str, said: Mapping[str, Json], book: Rulebook, order: Sequence[str]) -> None:
    best, options = said.get("best"), said.get("options", {})
    recommended = "staff.client.recommended" if best else "staff.client.recommended_none"
    as_seen = sorted(
        options, key=lambda one: order.index(one) if one in order else len(order)
    )  # what was not there comes last
    small = [f"{option_name(book, one)}: {_verdict(options[one].get('verdict'))}" for one in as_seen]
    draw.html(
        draw.tag("h3", heading, cls="mc-question"),
        draw.tag("p", say(recommended, option=option_name(book, best or "")), cls="mc-strong"),
        *(draw.tag("p", text, cls="mc-small") for text in (word_of("standing", said.get("standing")), *small)),
    )


def _differences(found: tuple[Difference, ...], book: Rulebook, today: Rulebook) -> None:
    if not found:
        same = "staff.client.same_book" if book.revision == today.revision else "staff.client.same"
        draw.html(draw.tag("p", say(same), cls="mc-small"))
        return
    draw.html(
        draw.tag("h3", say("staff.client.what_differs"), cls="mc-question"),
        draw.tag("ul", *(draw.tag("li", _differs(one, book, today)) for one in found), cls="mc-small"),
    )


def _differs(one: Difference, book: Rulebook, today: Rulebook) -> str:
    """One difference in words."""
    if one.what == "offered":
        which, named = ("then", book) if one.then else ("now", today)
        return say(f"staff.client.differs.offered_{which}", option=option_name(named, one.option))
    option = option_name(today, one.option)
    then, now_ = _value(one.what, one.then, book), _value(one.what, one.now, today)
    return say(f"staff.client.differs.{one.what}", option=option, then=then, now=now_)


def _value(what: str, value: Json, book: Rulebook) -> str:
    if value in (None, []):
        return say("staff.client.differs.nothing")
    if what in NAMED:
        return option_name(book, value)
    if what == "standing":
        return word_of("standing_short", value)
    if what == "verdict":
        return _verdict(value)
    if what == "deferred_until":
        return short_date(date.fromisoformat(value))
    if what == "course_cost":
        value = {side: money(amount, book.clinic.currency_sign) for side, amount in value.items()}
    if what in SPANS:
        return say("staff.client.differs.range", **value)
    if isinstance(value, list):
        return ", ".join(question_name(book, book.gates[one].question if one in book.gates else one) for one in value)
    return as_read(value)


def _verdict(word: Json) -> str:
    """As on the safety screen; one of an older program that is not known any more stays as it is."""
    words: Mapping[str, str] = entry("staff.verdict")
    return words.get(str(word), as_read(word))


def _choice(choice: str | None) -> str:
    if choice is None:
        return say("staff.client.no_choice")
    if choice in (NOT_YET, NO):
        return say(f"staff.client.{choice}")
    return option_name(core_access.rulebook(), choice)


# --- answers and additions ----------------------------------------------------------------------------------------


def _answers(draft: Draft, book: Rulebook) -> None:
    asked, answered = say("staff.client.question"), say("staff.client.answer")
    in_order = [
        *(q for q in book.questions if q in draft.answers),
        *(q for q in draft.answers if q not in book.questions),
    ]
    rows = [{asked: question_name(book, one), answered: _answer(draft, book, one)} for one in in_order]
    with st.expander(say("staff.client.answers"), icon=":material/list_alt:", key=f"answers_{draft.id}"):
        draw.html(draw.table(rows))


def _answer(draft: Draft, book: Rulebook, question: str) -> str:
    answer, known = draft.answers[question], book.questions.get(question)
    if isinstance(answer, dict) and (known is None or known.kind != "since"):  # a product, or what matters how much
        words = known.words.answers if known is not None else {}
        told = {
            part_name(book, question, name): words.get(str(one).lower(), as_read(one)) for name, one in answer.items()
        }
        return "; ".join(f"{name}: {word}" for name, word in told.items())
    return answer_words(book, question, answer, draft.as_of) if known is not None else as_read(answer)


def _additions(visit: Visit) -> None:
    added = done(lambda store, who: clients.amendments_of(store, who, visit.id))
    if added is None:
        told()
    if added:
        people = access.shown_names(signed_in.store())
        draw.html(draw.tag("h3", say("staff.client.additions"), cls="mc-question"))
        for one in added:
            day = short_date(environment.local(one.at).date())
            said = say("staff.client.addition", day=day, by=people.get(one.by, one.by), what=calm(one.what))
            why = say("staff.client.addition_why", why=calm(one.why))
            draw.html(draw.tag("p", said, dir="auto"), draw.tag("p", why, cls="mc-small", dir="auto"))
    if signed_in.allows(Verb.CHANGE_CLIENTS):
        _add(visit.id)


def _add(draft_id: str) -> None:
    form = f"add_{draft_id}"
    mine = form_keys.suffix(form)
    with st.popover(say("staff.client.add"), icon=":material/add_comment:"), st.form(form, border=False):
        draw.html(draw.tag("p", say("staff.client.add_help"), cls="mc-help"))
        what = st.text_area(say("staff.client.what"), max_chars=2000, height=84, key=f"what_{draft_id}{mine}")
        why = st.text_input(say("staff.client.why"), max_chars=500, key=f"why_{draft_id}{mine}")
        pressed = st.form_submit_button(say("staff.client.add"), key=f"send_add_{draft_id}")
    if pressed:
        if done(lambda store, who: clients.amend(store, who, draft_id, what, why, now())) is not None:
            form_keys.was_kept(form)
            tell(say("staff.client.added"))
        st.rerun()

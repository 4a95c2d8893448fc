"""The page What we offer: the price of a session, the PRP kit and the spin, as one form; and what was entered before."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

import streamlit as st

from medspa_core import offer
from medspa_core.access import AccessRefused, Person, shown_names
from medspa_core.exam import ExamProblem
from medspa_core.formats.as_read import money
from medspa_core.formats.typed_number import Refused, decimals_of, read_whole
from medspa_core.offer import HIGHEST_PRICE, LOWEST_PRICE, Offer, OfferVersion
from medspa_core.records import StoreProblem
from medspa_core.rulebook import Rulebook
from medspa_core.wording.words import capital
from views.context import core_access, environment
from views.context.words import field_label, say, short_date
from views.elements import draw, notices
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in

KEYS = "offer_keys"
YES_NO = ("prp_kit_cleared", "spin_during_numbing")
SHOWN_VERSIONS = 20
FIELD_WIDTH = 260


# --- what every form of this page does ------------------------------------------------------------------------------


def do(form: str, act: Callable[[str], object], kept: str) -> None:
    """Keeps what was typed under the form's own key: a double tap or a retry is the same act. Then all is drawn again.

    What was refused stays in its fields; after what was kept the fields are another form's, and empty.
    """
    keys: dict[str, str] = st.session_state.setdefault(KEYS, {})
    try:
        act(keys.setdefault(form, secrets.token_hex(16)))
    except (AccessRefused, StoreProblem) as problem:
        notices.refuse(_place(form), problem)
        if isinstance(problem, ExamProblem):
            keys.pop(form, None)  # nothing was kept; what is sent next may be something else
    else:
        keys.pop(form, None)
        notices.keep(_place(form), kept)
        st.session_state[f"kept_{form}"] = st.session_state.get(f"kept_{form}", 0) + 1
        core_access.offer_changed()
    st.rerun()


def fields_of(form: str) -> str:
    """What the keys of a form's fields end on; another one after each time it was kept."""
    return f"{form}_{st.session_state.get(f'kept_{form}', 0)}"


def told(form: str) -> None:
    """What the last tap on this form led to."""
    notices.show(_place(form))


def refuse(form: str, why: str, fields: Mapping[str, str]) -> None:
    """Why nothing of this form was kept: what is wrong with which field. What was typed stays."""
    notices.refuse(_place(form), why, fields)
    st.rerun()


def below(form: str, field: str, value: object) -> None:
    """What was wrong with this field of the form when it was sent last."""
    notices.below(_place(form), field, value)


def _place(form: str) -> str:
    return f"offer_{form}"


# --- prices, kit and spin -------------------------------------------------------------------------------------------


def prices() -> None:
    """One form: a price for each treatment, and the two settings that owners know."""
    book, last = core_access.rulebook(), offer.latest_offer(core_access.store())
    with st.container(key="card_prices"):
        shell.section(say("staff.offer.prices"), say("staff.offer.prices_lead"))
        draw.html(tag("p", _since(last), cls="mc-small"))
        mine, now = fields_of("prices"), offer.offer_in(book)
        with st.form("prices", border=False):
            with st.container(key="bar_price_fields", horizontal=True, vertical_alignment="bottom"):
                typed = {option: _price(book, option, now, mine) for option in book.ranked}
            chosen = {name: _yes_no(name, getattr(now, name), mine) for name in YES_NO}
            draw.html(tag("p", say("staff.offer.then"), cls="mc-small"))
            with st.container(key="main_prices"):
                pressed = st.form_submit_button(say("staff.offer.keep"), key="keep_prices")
        if pressed:
            _keep(book, typed, chosen, last)
        told("prices")


def _since(last: OfferVersion | None) -> str:
    if last is None:
        return say("staff.offer.from_file")
    day = short_date(environment.local(last.entered_at).date())
    return say("staff.offer.since", day=day, name=_names().get(last.person_id, ""))


def _names() -> dict[str, str]:
    return shown_names(core_access.store())


def _price(book: Rulebook, option: str, now: Offer, mine: str) -> str:
    with st.container(key=f"price_place_{option}", width=FIELD_WIDTH, gap="xxsmall"):
        typed = _price_field(book, option, now, mine)
        below("prices", option, typed)
    return typed


def _price_field(book: Rulebook, option: str, now: Offer, mine: str) -> str:
    label = say("staff.offer.price_of", option=book.options[option].name, currency=book.clinic.currency)
    return st.text_input(
        field_label(label),
        value=money(now.prices[option], book.clinic.currency_sign),
        max_chars=40,
        key=f"price_{option}_{mine}",
    )


def _yes_no(name: str, now: bool, mine: str) -> bool:
    with st.container(key=f"tap_{name}"):
        found = st.pills(
            say(f"staff.offer.{name}"),
            [True, False],
            default=now,
            required=True,
            format_func={True: say("staff.offer.yes"), False: say("staff.offer.no")}.__getitem__,
            key=f"{name}_{mine}",
        )
    return bool(found)


def _keep(book: Rulebook, typed: Mapping[str, str], chosen: Mapping[str, bool], last: OfferVersion | None) -> None:
    read = {option: _read(book, text) for option, text in typed.items()}
    wrong = {option: _why_not(book, why) for option, why in read.items() if isinstance(why, Refused)}
    if wrong:
        names = [say("staff.offer.refused", option=book.options[one].name, why=why) for one, why in wrong.items()]
        refuse("prices", "\n".join(names), {option: capital(why) for option, why in wrong.items()})
    found = {option: number for option, number in read.items() if not isinstance(number, Refused)}
    wanted = Offer(found, **chosen)
    person = who()
    do(
        "prices",
        lambda key: offer.set_offer(
            signed_in.store(), person, wanted, last.number if last else 0, book, core_access.now(), key
        ),
        say("staff.offer.kept"),
    )


def who() -> Person:
    """Who is at this page."""
    person = signed_in.person()
    assert person is not None
    return person


def _read(book: Rulebook, text: str) -> int | Refused:
    marks = (book.clinic.currency_sign, book.clinic.currency)
    return read_whole(text, LOWEST_PRICE, HIGHEST_PRICE, marks, decimals_of(book.clinic.currency))


def _why_not(book: Rulebook, why: Refused) -> str:
    sign = book.clinic.currency_sign
    limits = {"low": money(LOWEST_PRICE, sign), "high": money(HIGHEST_PRICE, sign)}
    return say(f"staff.offer.why.{why}", **limits)


# --- what was entered before ----------------------------------------------------------------------------------------


def earlier() -> None:
    """Every version that was entered, with who and when. Read only once it is opened."""
    if offer.latest_offer(core_access.store()) is None:
        return
    folded = st.expander(say("staff.offer.earlier"), key="earlier", on_change="rerun")
    with folded:
        if folded.open:
            book, names = core_access.rulebook(), _names()
            versions = offer.offer_versions(signed_in.store(), who())[:SHOWN_VERSIONS]
            draw.html(draw.table([_row(one, book, names) for one in versions]))


def _row(one: OfferVersion, book: Rulebook, names: Mapping[str, str]) -> dict[str, object]:
    sign = book.clinic.currency_sign
    amounts = {
        file.short_name: money(one.offer.prices[option], sign) if option in one.offer.prices else ""
        for option, file in book.options.items()
        if file.rank
    }
    settings = {say(f"staff.offer.short.{name}"): say(f"staff.offer.{_word(one.offer, name)}") for name in YES_NO}
    day = short_date(environment.local(one.entered_at).date())
    return {say("staff.offer.day"): day, say("staff.offer.who"): names.get(one.person_id, ""), **amounts, **settings}


def _word(found: Offer, name: str) -> str:
    return "yes" if getattr(found, name) else "no"

"""The parts of the page Clients: the search, the list of those found, a new client, duplicates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import streamlit as st

from medspa_core import clients
from medspa_core.access import AccessRefused, Person, SignIn
from medspa_core.clients import Alike, ClientLine
from medspa_core.clients.search import MOST_FOUND
from medspa_core.clients.search_words import OLDEST_BIRTH, dates_read
from medspa_core.formats.typed_dates import NoDate, in_digits
from medspa_core.records import Store, StoreProblem
from medspa_core.wording.words import listed
from views.context import core_access, environment
from views.context.core_access import now
from views.context.words import calm, date_refused, plain, say, short_date
from views.elements import draw, notices
from views.frame import shell
from views.session import signed_in
from views.staff import lists
from views.staff.clients.client_form import PLACE

Answer = TypeVar("Answer")
OPEN = shell.CLIENT
EXAMPLE_DAY = date(1984, 3, 7)


def begin(title: str, lead: str) -> None:
    """The heading of the page, and what the last tap had to say."""
    shell.title(title, lead)
    told()


def told() -> None:
    """What the last tap had to say, once."""
    notices.show(PLACE)


def tell(message: str) -> None:
    """Says on the next run what was done."""
    notices.keep(PLACE, message)


def refuse(why: Exception, form: str = "") -> None:
    """Says on the next run why something was not done, and below the fields of the form what is wrong with them."""
    notices.refuse(PLACE, why, form=form)


def done(verb: Callable[[Store, Person], Answer], form: str = "") -> Answer | None:
    """Does something in the hands of who is signed in. What goes wrong is said; then nothing comes back. `form`: the key of the
    one that asks for it."""
    hands = signed_in.hands()
    if hands is None:
        return None
    try:
        return verb(*hands)
    except (StoreProblem, AccessRefused) as problem:
        refuse(problem, form)
        return None


def by_sign_in(verb: Callable[[Store, SignIn], Answer]) -> Answer | None:
    """The same for a verb that asks when the password was given."""
    found = signed_in.sign_in()
    return done(lambda store, _: verb(store, found)) if found is not None else None


# --- finding ------------------------------------------------------------------------------------------------------


def find() -> None:
    """The search, and below it who was found; without a search, those seen last."""
    typed = search("client_search")
    searching = bool(typed.strip())
    found = done(
        lambda store, who: clients.find_clients(store, who, typed) if searching else clients.recent_clients(store, who)
    )
    if found is None:
        told()
        return
    if not searching and found:
        draw.html(draw.tag("p", say("staff.clients.latest"), cls="mc-small"))
    if not found:
        words = _nobody(typed) if searching else say("staff.clients.none_yet")
        draw.html(draw.tag("p", words, cls="mc-small"))
    for line in found:
        line_of(line)
    if len(found) >= MOST_FOUND:
        draw.html(draw.tag("p", say("staff.clients.found_many", number=len(found)), cls="mc-small"))


def search(key: str) -> str:
    """A field for a name, a code or a birth date."""
    example = say("staff.clients.search_example", day=in_digits(EXAMPLE_DAY, core_access.date_style()))
    return st.text_input(say("staff.clients.search"), placeholder=example, max_chars=120, key=key)


def line_of(line: ClientLine, beside: str = "") -> None:
    """One client of a list; a tap opens the page. `beside`: the name of another list on the same page."""
    if lists.line(f"client_{beside}{line.id}", name_of(line), about(line)):
        shell.open_client(line.kept_as or line.id)


def _nobody(typed: str) -> str:
    """What to do next: another date, where one was typed; else fewer letters."""
    style, today = core_access.date_style(), environment.today()
    read = dates_read(typed, style, today)
    why = next((one for one in read if isinstance(one, NoDate)), None)
    if why is not None:
        return say("staff.clients.found_no_date", why=date_refused(why, style, OLDEST_BIRTH, today))
    days = [short_date(one) for one in read if isinstance(one, date)]
    if days:
        return say("staff.clients.found_none_born", days=listed(days, " or "))
    return say("staff.clients.found_none")


def name_of(line: ClientLine) -> str:
    """The name where there is one, else the code name."""
    return calm(line.name or line.code_name)


def about(line: ClientLine) -> str:
    """Code, birth date and last visit."""
    parts = [calm(line.code_name)] if line.name else []
    if line.birth_date is not None:
        parts.append(say("staff.clients.born", day=short_date(line.birth_date)))
    today = environment.today()
    seen = line.last_seen
    parts.append(say("staff.clients.seen", day=short_date(seen, today)) if seen else say("staff.clients.never_seen"))
    return ", ".join([*parts, say("staff.clients.merged")] if line.kept_as else parts)


# --- duplicates ---------------------------------------------------------------------------------------------------


def duplicates() -> None:
    """Pairs that may be one person, when somebody asks for them; a tap on one of the two keeps it."""
    shell.section(say("staff.clients.alike"), say("staff.clients.alike_help"))
    shown = st.session_state.get("alike_shown", False)
    looked = {"alike_shown": not shown}
    icon, words = ":material/join_inner:", say("staff.clients.alike_look")
    lists.quiet("look_alike", words, icon=icon, on_click=st.session_state.update, args=(looked,))
    if not shown:
        return
    pairs = done(clients.alike)
    if pairs == []:
        draw.html(draw.tag("p", say("staff.clients.alike_none"), cls="mc-small"))
    for pair in pairs or []:
        _pair(pair)


def _pair(pair: Alike) -> None:
    with st.container(key=f"card_alike_{pair.one.id}_{pair.other.id}"):
        draw.html(draw.tag("p", say("staff.clients.alike_because", because=pair.because), cls="mc-help"))
        with st.container(key=f"bar_alike_{pair.one.id}_{pair.other.id}", horizontal=True):
            for kept, other in ((pair.one, pair.other), (pair.other, pair.one)):
                words = say("staff.clients.keep_this", who=name_of(kept))
                label = f"**{plain(words)}**  \n{plain(about(kept))}"
                key = f"keep_{kept.id}_{other.id}"
                st.button(label, key=key, on_click=_merge, args=(kept.id, other.id))


def _merge(kept_id: str, other_id: str) -> None:
    if done(lambda store, who: clients.merge(store, who, kept_id, other_id, now())) is not None:
        tell(say("staff.clients.merged_now"))

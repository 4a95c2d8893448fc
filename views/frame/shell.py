"""What every screen of a consultation has: the bar on top, the curtain, the bar below.

A page reads like this:

    consultation = shell.screen("options")                       # top bar; curtain; goes home without a consultation
    shell.title(say("options.title"), say("options.lead"))
    ...
    shell.bottom_bar(
        say("options.foot"),
        back=shell.Way(say("shell.back"), "what_matters"),
        ahead=shell.Way(say("shell.next_timeline"), "timeline"),
    )

`shell.staff_view()` says which face is on; `shell.go("safety")` opens another screen of the same consultation.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import streamlit as st

from views.context import core_access
from views.context.words import say
from views.elements import draw, notices
from views.frame import staff_context, top_bar
from views.frame.top_bar import FACE, SHOWING, STAFF, STEPS
from views.redraw import screen_parts
from views.session import open_consultation, saved_answers, signed_in
from views.session.open_consultation import Consultation

WITHOUT_A_CONSULTATION = (
    *("home", "week", "treatment_mix", "compare", "people", "audit", "store", "clients", "client", "kept", "approval"),
    *("offer", "month", "agreement", "money", "capacity", "opening_hours", "import_sales"),
)
OF_A_CONSULTATION = ("you", "safety", "what_matters", "options", "timeline", "plan", "why", "review", "sessions")
PAGES = {name: f"pages/{name}.py" for name in (*WITHOUT_A_CONSULTATION, *OF_A_CONSULTATION)}
CLIENT = "client_open"
"""In the session: the client whose page is open. Which one it is stays on the server."""
UNASSIGNED = "unassigned_open"
"""In the session: the consultation of no client that is open on the page Clients."""
CURTAIN = "curtain"
FROM = "from"
FIRST_OPEN = "open"
"""In the address of Safety: to begin at the first card with something open."""


@dataclass(frozen=True, slots=True)
class Way:
    """A button of the bottom bar: its words, and the screen it opens or what it does."""

    label: str
    page: str = ""
    do: Callable[[], object] | None = None


def go(page: str, here: str = "") -> NoReturn:
    """Opens another screen; the consultation's id goes along, except home. `here`: where that screen's way back leads."""
    draft_id = st.query_params.get(open_consultation.ADDRESS_KEY, "")
    carried = {open_consultation.ADDRESS_KEY: draft_id} if draft_id and page not in WITHOUT_A_CONSULTATION else {}
    # Never None: Streamlit then clears the address by hand, and refuses while a filter of this page stands in it.
    st.switch_page(PAGES[page], query_params={**carried, **({FROM: here} if here else {})})


def way_back(otherwise: str) -> Way:
    """Back to the step one came from, as the address says; what the address says is only believed if it names a step."""
    came_from = st.query_params.get(FROM, "")
    step = came_from if came_from in STEPS else otherwise
    return Way(say(f"shell.step.{step}"), step)


def open_why(**about: str) -> NoReturn:
    """Opens Why we say this at a claim or a number, from a page without a consultation; its way back leads there again."""
    st.switch_page(PAGES["why"], query_params={**about, FROM: "compare"})


def open_draft(draft_id: str, page: str = "you") -> NoReturn:
    """Opens a screen of another consultation."""
    st.switch_page(PAGES[page], query_params={open_consultation.ADDRESS_KEY: draft_id})


def open_client(client_id: str) -> NoReturn:
    """Opens a client's page. Which client it is stays on the server."""
    st.session_state[CLIENT] = client_id
    go("client")


def screen(here: str, *, in_parts: bool = False) -> Consultation:
    """The top of a consultation's screen. Without a consultation it goes home; behind the curtain nothing is drawn.

    A screen that a client may see hands the tablet over: from then on only the staff's PIN or password leads out of it.

    The page begins at its top when the screen is another than before. `in_parts`: see views.redraw.screen_parts.
    """
    if st.query_params.get(CURTAIN) and signed_in.on_trial():
        curtain(here)
    consultation = open_consultation.open_consultation()
    if consultation is None:
        _elsewhere()
    if not staff_view():
        signed_in.hand_over(consultation.id)
    if here in SHOWING:
        open_consultation.look_at(consultation, here)
    screen_parts.begin(consultation, in_parts=in_parts)
    draw.run_again_when_back()
    top_bar.draw_bar(consultation, here, staff=staff_view(), turn=_turn, lock=_draw_curtain, close=partial(go, "home"))
    if staff_view():
        screen_parts.part(consultation, "behind", lambda now: now.answers, lambda now: _behind(now, here))
    _notices(consultation, here)
    return consultation


def staff_view() -> bool:
    """True while the tablet shows what only staff should see. A reload always comes back to the client view.

    After the staff took the tablet back, the address says once that they want their own view.
    """
    if signed_in.held_to():
        return False
    if st.query_params.pop(FACE, "") == STAFF:
        st.session_state["staff_view"] = True
    return bool(st.session_state.get("staff_view"))


def back_to_the_client() -> None:
    """What "/" is while a client holds the tablet: their consultation, from its first screen."""
    st.switch_page(PAGES["you"], query_params={open_consultation.ADDRESS_KEY: signed_in.held_to()})


def not_open() -> None:
    """A page that is there, and not for the roles of who asked for it."""
    title(say("lock.not_open_title"), say("lock.nothing"))


def _elsewhere() -> NoReturn:
    """There is no such consultation: home; or, in a client's hands, a page that says so and leads no further."""
    if not signed_in.held_to():
        go("home")
    title(say("shell.gone_title"), say("shell.gone_line"))
    draw.way_out(say("shell.to_clients"), signed_in.take_back_address("/"))
    st.stop()


def title(text: str, lead: str = "", chip: str = "") -> None:
    """The heading of a screen, one sentence under it, and perhaps a count at the right."""
    with st.container(key="bar_title", horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        draw.html(draw.tag("h1", text, cls="mc-title"), *([draw.tag("p", lead, cls="mc-lead")] if lead else []))
        if chip:
            draw.html(draw.tag("span", chip, cls="mc-chip"), width="content")


def section(text: str, lead: str = "") -> None:
    """A heading inside a screen."""
    draw.html(draw.tag("h2", text, cls="mc-section"), *([draw.tag("p", lead, cls="mc-help")] if lead else []))


def answered(consultation: Consultation, questions: list[str]) -> str:
    """ "4 of 11 answered"."""
    done = sum(1 for question in questions if question in consultation.answers)
    return say("shell.answered", done=done, total=len(questions))


def onward(page: str) -> Way:
    """The button to the next screen."""
    return Way(say(f"shell.next.{page}"), page)


def bottom_bar(line: str | screen_parts.Line, back: Way | None = None, ahead: Way | None = None) -> None:
    """The bar below: back, one line and *Training only*, next."""
    with st.bottom:
        bar(line, back, ahead)
    drawn_to_the_end()


def drawn_to_the_end() -> None:
    """The last of a screen. Its mark, another each time, tells the page that nothing is missing (scripts/hold_buttons.js)."""
    with st.container(key="unseen_end"):
        on_paper = [draw.tag("p", say("shell.training_only"), cls="mc-on-paper")] if core_access.training_only() else []
        draw.html(draw.tag("i", data_drawn=secrets.token_hex(4)), *on_paper)
    open_consultation.all_drawn()


def bar(line: str | screen_parts.Line, back: Way | None = None, ahead: Way | None = None) -> None:
    """What stands in the bar below."""
    with st.container(key="bottombar", horizontal=True, vertical_alignment="center", gap="medium"):
        if back is not None:
            _way(back, "back", ":material/arrow_back:", "left")
        if isinstance(line, str):
            _foot(line)
        else:
            line(_foot)
        if ahead is not None:
            _way(ahead, "main_next", ":material/arrow_forward:", "right")


def _foot(line: str, to: str = "") -> None:
    """The line, and `to` where it leads in the same session."""
    small = [draw.tag("small", say("shell.training_only"))] if core_access.training_only() else []
    words = draw.tag("a", line, href=to, data_inside="yes") if to else line
    draw.html(draw.tag("p", words, *small, cls="mc-foot"))


def _way(way: Way, key: str, icon: str, icon_position: str) -> None:
    """A way to a screen and a way within it have keys of their own: one tap never does both.

    A way out of the consultation draws the curtain while a client holds the tablet: done, and it can be given back.
    """
    if signed_in.held_to() and way.page not in ("", *signed_in.IN_A_CLIENTS_HANDS):
        st.button(way.label, key=f"{key}_out", icon=icon, icon_position=icon_position, on_click=signed_in.cover)  # type: ignore[arg-type]
    elif not way.page:
        st.button(way.label, key=f"{key}_here", icon=icon, icon_position=icon_position, on_click=way.do)  # type: ignore[arg-type]
    elif st.button(way.label, key=key, icon=icon, icon_position=icon_position):  # type: ignore[arg-type]
        go(way.page)


def _turn() -> None:
    st.session_state["staff_view"] = not staff_view()


def _draw_curtain() -> None:
    if signed_in.on_trial():
        st.query_params[CURTAIN] = "1"
    signed_in.cover()


def _open_curtain() -> None:
    del st.query_params[CURTAIN]


def curtain(here: str) -> NoReturn:
    """Covers everything, in one tap. What opens it again is the PIN or the password; during the trial one more tap."""
    with st.container(key="curtain"):
        practice = core_access.practice(signed_in.place())
        draw.html(
            draw.tag("h1", practice.name or say("shell.curtain_title"), cls="mc-title", dir="auto"),
            draw.tag("p", say("shell.curtain_line"), cls="mc-lead"),
        )
        if signed_in.on_trial():
            st.button(
                say("shell.curtain_open"), key="main_curtain", icon=":material/lock_open:", on_click=_open_curtain
            )
        else:
            with st.container(key="bar_curtain", horizontal=True, horizontal_alignment="center"):
                draw.way_out(
                    say("shell.curtain_open"),
                    signed_in.take_back_address(top_bar.address(here)),
                    cls="mc-way mc-way-main",
                )
                draw.way_out(say("shell.to_clients"), signed_in.take_back_address("/"))
                st.button(say("lock.sign_out"), key="sign_out", icon=":material/logout:", on_click=signed_in.sign_out)
        if core_access.training_only():
            draw.html(draw.tag("p", say("shell.training_only"), cls="mc-help"))
    st.stop()


def _behind(consultation: Consultation, here: str) -> None:
    """For the staff: whose consultation it is, how far its review is, how many notes there are; each a way to its page."""
    with st.container(key="behind", horizontal=True, vertical_alignment="center"):
        client = staff_context.client(consultation)
        if client is not None and st.button(staff_context.client_words(client), key="behind_client"):
            open_client(client.id)
        if staff_context.is_nobodys(consultation) and st.button(say("staff.behind.nobodys"), key="behind_nobodys"):
            st.session_state[UNASSIGNED] = consultation.id
            go("clients")
        _behind_way("review", staff_context.review(consultation), signed_in.allows(signed_in.NEEDS["review"]))
        _behind_way("sessions", staff_context.sessions(consultation), True)
        _behind_way("safety", staff_context.notes(consultation), here != "safety")


def _behind_way(page: str, words: str, leads_there: bool) -> None:
    if words and not leads_there:
        draw.html(draw.tag("span", words, cls="mc-small"), width="content")
    elif words and st.button(words, key=f"behind_{page}"):
        go(page)


def _notices(consultation: Consultation, here: str) -> None:
    """What the page has to say above itself, in a place of its own that is there also when it is empty: a sentence that
    comes or goes never moves what stands below, which a browser would show twice for as long as a slow run takes."""
    with st.container(key="notices"):
        if consultation.waiting:
            draw.note(saved_answers.why_not_saved(), kind="flag")
        notices.show(open_consultation.NOTICE)
        if open_consultation.is_back(consultation, here) and consultation.answers and not consultation.finished:
            draw.note(say("shell.welcome_back"), kind="check")

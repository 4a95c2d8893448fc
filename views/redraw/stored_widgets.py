"""A widget shows what is stored, and a tap on it is saved; nothing that a browser still names, or no longer names, is one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from views.elements import draw
from views.redraw import screen_parts
from views.session.open_consultation import Consultation
from views.streamlit_patches import running_script

ECHO_SECONDS = 1.0
"""How long a browser may go on naming a value that we have changed: it hears of the change a moment later."""
HEARD = "heard"
_NEVER_DRAWN = object()
_TOLD_AGAIN = "told_again"
_TOLD = ("tap_", "field_", "calendar_")  # keys of what an answer is given with


def one_of(
    consultation: Consultation,
    key: str,
    label: str,
    options: Sequence[str],
    labels: dict[str, str],
    stored: str | None,
    save: Callable[[str | None], object],
    *,
    disabled: bool = False,
) -> None:
    """Pills of which one can be chosen; `save` gets the answer, or None when it was taken back."""
    look = {"format_func": labels.__getitem__, "width": "stretch", "disabled": disabled}
    draw_stored(st.pills, consultation, key, label, stored, save, options, shows="default", **look)


def draw_stored(
    widget: Callable[..., Any],
    consultation: Consultation,
    key: str,
    label: str,
    stored: Any,
    save: Callable[[Any], object],
    *given: Any,
    shows: str = "value",
    **look: Any,
) -> None:
    """A widget of Streamlit, such as `st.text_input`, that shows what is stored, and whose tap is saved. `shows`: its argument
    for what it shows."""
    value = widget(
        label,
        *given,
        key=key,
        label_visibility="collapsed",
        on_change=_tapped(consultation, key, save),
        **_shown(consultation, key, stored, shows),
        **look,
    )
    if consultation.fresh and value != stored and not look.get("disabled"):  # chosen while the session was lost
        save(value)
        st.rerun()


def _tapped(consultation: Consultation, key: str, save: Callable[[Any], object]) -> Callable[[], None]:
    """What a tap does: it is saved first, then what it changed is drawn again."""

    def saved() -> None:
        value = st.session_state[key]
        heard: dict[str, int] = st.session_state.setdefault(HEARD, {})
        heard[key] = heard.get(key, 0) + 1
        if value in (None, [], "") and running_script.is_of_another_part():
            # A browser names nothing here any more, and nobody took it back: a tap comes from the part it is in, and this came
            # with another part's tap or look. No answer is lost because a browser lost sight of it: it is told what is stored.
            st.rerun()
        if not _is_echo(key, value):
            _changed_by_us().pop(key, None)  # the browser goes on from what we last showed
            save(value)

    return screen_parts.tap(consultation, saved)


def acknowledge(key: str) -> None:
    """Behind a field that is typed into, unseen: how often this session has heard of it. A tap that follows the typing waits for
    it (scripts/typed_then_tapped.js)."""
    times = st.session_state.get(HEARD, {}).get(key, 0)
    draw.html(draw.tag("span", cls="mc-heard", data_field=key, data_heard=str(times)), width="content")


def _is_echo(key: str, value: Any) -> bool:
    """Whether this is what the browser showed before we changed it, and no tap: a quick second tap on another button, or a
    look at the clock, comes with it as long as the browser has not heard of the change."""
    since = time.monotonic() - ECHO_SECONDS
    return any(value == before and at > since for before, at in _changed_by_us().get(key, []))


def _changed_by_us() -> dict[str, list[tuple[Any, float]]]:
    """For each widget that an answer changed otherwise than by a tap on itself: what it showed, and when that ended."""
    changed: dict[str, list[tuple[Any, float]]] = st.session_state.setdefault("changed_by_us", {})
    return changed


def _shown(consultation: Consultation, key: str, stored: Any, argument: str) -> dict[str, Any]:
    """Makes a widget show what is stored. In a session's first run what the browser still holds comes first: a tap may
    have been made while the session was lost, and it must not be. A text that is empty is `""`."""
    empty: dict[str, Any] = {"value": None} if argument == "value" and not isinstance(stored, str) else {}
    if consultation.fresh and key not in st.session_state:
        return {argument: stored}
    _set(key, stored)
    return empty


def tell_again(names: Sequence[str]) -> None:
    """When they are drawn next, the taps of these questions and cards tell the browser what is stored, also where the session
    thinks that it knows. No others: what the browser does show may just have been tapped. A run that is cut short before it
    has drawn them leaves it to the next."""
    ends = tuple(f"_{name}" for name in names)
    again = {str(key) for key in st.session_state if str(key).startswith(_TOLD) and str(key).endswith(ends)}
    st.session_state[_TOLD_AGAIN] = st.session_state.get(_TOLD_AGAIN, set()) | again


def _set(key: str, stored: Any) -> None:
    """Lets a widget show what is stored."""
    was = st.session_state.get(key, _NEVER_DRAWN)
    again: set[str] = st.session_state.get(_TOLD_AGAIN, set())
    if was == stored and key not in again:
        return
    again.discard(key)
    if was is not _NEVER_DRAWN and was != stored:
        now, before = time.monotonic(), _changed_by_us().get(key, [])
        lately = [(value, at) for value, at in before if at > now - ECHO_SECONDS]
        _changed_by_us()[key] = [*lately, (was, now), (stored, now)]
    st.session_state[key] = stored

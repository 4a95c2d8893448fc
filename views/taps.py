"""A question becomes taps. Nothing is chosen at first; each tap is saved at once; a second tap takes it back.

    taps.ask(consultation, "age")            # a whole row: the question at the left, its taps at the right
    taps.choose(consultation, "concern", "plans")          # only the taps
    taps.weigh(consultation, "cost")         # the importance of one criterion, in four steps

Keys: `tap_<question>` (pills), `field_<question>` (number or date), `less_<question>`, `more_<question>`,
`tap_also_<question>` ("any", "none", "now"), `tap_weigh_<criterion>`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from medspa_core.rulebook import schema
from views import consultation as kept
from views import draw, parts
from views.consultation import Consultation
from views.words import date_order, entry, long_date, say, short_date

PLANS = "plans"  # how a question of the client's own plans was asked
NOTHING = "nothing"  # the tap that says: none of these, as opposed to not answered
REDRAWN = ("whole_number", "date", "several")  # what is shown after a tap is not always what was tapped
ECHO_SECONDS = 1.0
"""How long a browser may go on naming a value that we have changed: it hears of the change a moment later."""
_NEVER_DRAWN = object()
_TOLD_AGAIN = "told_again"


def ask(consultation: Consultation, question_id: str, how: str = PLANS) -> None:
    """One row of a card: the question and its help at the left, the taps at the right. The row is the part's own box."""
    parts.part(
        consultation,
        f"answer_{question_id}",
        lambda now: _not_shown_by_a_tap(now, question_id),
        lambda now: _row(now, question_id, how),
    )


def _row(consultation: Consultation, question_id: str, how: str) -> None:
    heading(consultation.book.questions[question_id])
    draw_taps(consultation, question_id, how)


def _not_shown_by_a_tap(consultation: Consultation, question_id: str) -> object:
    """Pills of which one can be chosen follow the finger by themselves."""
    redrawn = consultation.book.questions[question_id].kind in REDRAWN
    return consultation.answers.get(question_id) if redrawn else None


def heading(question: schema.Question) -> None:
    """The question in the client's words, with its line of help."""
    words = question.words
    draw.html(
        draw.tag("h2", words.client, cls="mc-question"),
        *([draw.tag("p", words.help, cls="mc-help")] if words.help else []),
    )


def draw_taps(consultation: Consultation, question_id: str, how: str = PLANS) -> None:
    """The taps that fit the question's kind."""
    kind = consultation.book.questions[question_id].kind
    if kind == "whole_number":
        number(consultation, question_id, how)
    elif kind == "date":
        day(consultation, question_id, how)
    elif kind == "several":
        several(consultation, question_id, how)
    else:
        choose(consultation, question_id, how)


def choose(
    consultation: Consultation, question_id: str, how: str, answers: Sequence[str] = (), *, wide: str = ""
) -> None:
    """One answer of several. `answers` narrows what is offered."""
    question = consultation.book.questions[question_id]
    offered = [answer for answer in answers or question.answers if answer in question.answers]
    stored = consultation.answers.get(question_id)
    labels = question.words.answers
    key = f"tap_{wide or _width(labels[a] for a in offered)}{question_id}"
    shown = stored if stored in offered else None
    one_of(consultation, key, question.words.client, offered, labels, shown, lambda a: kept.keep({question_id: a}, how))


def one_of(
    consultation: Consultation,
    key: str,
    label: str,
    options: Sequence[str],
    labels: dict[str, str],
    stored: str | None,
    save: Callable[[str | None], object],
) -> None:
    """Pills of which one can be chosen; `save` gets the answer, or None when it was taken back."""

    value = st.pills(
        label,
        options,
        format_func=labels.__getitem__,
        key=key,
        label_visibility="collapsed",
        width="stretch",
        on_change=_tapped(consultation, key, save),
        **_shown(consultation, key, stored, "default"),
    )
    _after_a_lost_session(consultation, value, stored, save)


def weigh(consultation: Consultation, criterion: str) -> None:
    """How much a criterion matters, in four steps; a must is drawn in ink."""
    question = consultation.book.questions["importance"]
    given: dict[str, str] = consultation.answers.get("importance", {})

    def save(level: str | None) -> None:
        set_importance(consultation, criterion, level)

    key = f"tap_weigh_{criterion}"
    label = say("what_matters.how_much", criterion=say(f"what_matters.criterion.{criterion}.name"))
    one_of(consultation, key, label, question.answers, question.words.answers, given.get(criterion), save)


def set_importance(consultation: Consultation, criterion: str, level: str | None) -> None:
    """Saves the importance of one criterion beside the others."""
    given = {**kept.latest(consultation).answers.get("importance", {}), criterion: level}
    left = {name: step for name, step in given.items() if step is not None}
    kept.keep({"importance": left or None}, PLANS)


def several(consultation: Consultation, question_id: str, how: str) -> None:
    """Any number of answers, or "nothing"; nothing of these is an answer, unanswered is not."""
    question = consultation.book.questions[question_id]
    key = f"tap_wide_{question_id}"
    labels = {**question.words.answers, NOTHING: say("taps.nothing")}
    found = consultation.answers.get(question_id)
    stored = [NOTHING] if found == [] else list(found or [])

    def save(chosen: list[str]) -> None:
        kept.keep({question_id: _several(chosen, stored, question.answers)}, how)

    value = st.pills(
        question.words.client,
        [*question.answers, NOTHING],
        selection_mode="multi",
        format_func=labels.__getitem__,
        key=key,
        label_visibility="collapsed",
        width="stretch",
        on_change=_tapped(consultation, key, save),
        **_shown(consultation, key, stored, "default"),
    )
    _after_a_lost_session(consultation, value, stored, save)


def number(consultation: Consultation, question_id: str, how: str) -> None:
    """A whole number: less and more in good steps, typing for any other, and "any" where that is an answer."""
    question = consultation.book.questions[question_id]
    answer = consultation.answers.get(question_id)
    stored = answer if isinstance(answer, int) else None
    key = f"field_{question_id}"

    def save(value: int | None) -> None:
        kept.keep({question_id: value}, how)

    def step(direction: int) -> None:
        now = kept.latest(consultation).answers.get(question_id)
        save(_stepped(question_id, question, now if isinstance(now, int) else None, direction))

    with st.container(key=f"bar_number_{question_id}", horizontal=True, vertical_alignment="center"):
        _step_button("less", question_id, parts.tap(consultation, lambda: step(-1)))
        value = st.number_input(
            question.words.client,
            min_value=question.low,
            max_value=question.high,
            step=1,
            key=key,
            placeholder=say(f"taps.unit.{question.unit}", sign=consultation.book.clinic.currency_sign),
            label_visibility="collapsed",
            width=132,
            on_change=_tapped(consultation, key, save),
            **_shown(consultation, key, stored, "value"),
        )
        _step_button("more", question_id, parts.tap(consultation, lambda: step(1)))
        if not question.also:
            draw.html(draw.tag("p", say("taps.type"), cls="mc-small"), width="content")
        _also(consultation, question_id, how)
        _refusal(say("taps.range", low=f"{question.low:,}", high=f"{question.high:,}"))
    _after_a_lost_session(consultation, value, stored, save)


def day(consultation: Consultation, question_id: str, how: str) -> None:
    """A date from the calendar, or the answer that stands for none."""
    question = consultation.book.questions[question_id]
    answer = consultation.answers.get(question_id)
    stored = date.fromisoformat(answer) if answer and answer not in question.also else None
    key = f"field_{question_id}"
    first = consultation.as_of + timedelta(days=1 if question.after_as_of else 0)
    last = consultation.as_of + timedelta(days=365 * question.within_years)
    first, last = min(first, stored or first), max(last, stored or last)

    def save(value: date | None) -> None:
        kept.keep({question_id: value.isoformat() if value else None}, how)

    with st.container(
        key=f"bar_date_{'set_' if stored else ''}{question_id}", horizontal=True, vertical_alignment="center"
    ):
        _also(consultation, question_id, how)
        value = st.date_input(
            question.words.client,
            min_value=first,
            max_value=last,
            format=date_order(consultation.book.clinic.dates),
            key=key,
            label_visibility="collapsed",
            on_change=_tapped(consultation, key, save),
            **_shown(consultation, key, stored, "value"),
        )
        _refusal(say("taps.days", first=short_date(first), last=short_date(last)))
    if stored:
        draw.html(draw.tag("p", long_date(stored), cls="mc-small mc-strong"))
    _after_a_lost_session(consultation, value, stored, save)


def _refusal(words: str) -> None:
    """What is taken: the last in its bar, seen only while what was typed is not."""
    draw.html(draw.tag("p", words, cls="mc-refused"), width="content")


def _also(consultation: Consultation, question_id: str, how: str) -> None:
    """The answers that are no number and no date: any, none, now."""
    question = consultation.book.questions[question_id]
    if not question.also:
        return
    answer = consultation.answers.get(question_id)
    stored = answer if answer in question.also else None
    one_of(
        consultation,
        f"tap_also_{question_id}",
        question.words.client,
        question.also,
        question.words.answers,
        stored,
        lambda chosen: kept.keep({question_id: chosen}, how),
    )


def _tapped(consultation: Consultation, key: str, save: Callable[[Any], object]) -> Callable[[], None]:
    """What a tap does: it is saved first, then what it changed is drawn again."""

    def tapped() -> None:
        value = st.session_state[key]
        if _is_forgotten(value):
            st.rerun()  # the browser is told what is stored
        if not _is_echo(key, value):
            _changed_by_us().pop(key, None)  # the browser goes on from what we last showed
            save(value)

    return parts.tap(consultation, tapped)


def _is_forgotten(value: Any) -> bool:
    """Whether a browser names nothing here any more, and nobody took it back: a tap comes from the part it is in, and this
    came with another part's tap or look. What is stored stands: no answer is lost because a browser lost sight of it."""
    context = get_script_run_ctx(suppress_warning=True)
    asked = (context.fragment_ids_this_run if context is not None else None) or ()
    return value in (None, []) and bool(asked) and ThreadState.get().fragment_id not in asked


def _is_echo(key: str, value: Any) -> bool:
    """Whether this is what the browser showed before we changed it, and no tap: a quick second tap on another button, or a
    look at the clock, comes with it as long as the browser has not heard of the change."""
    since = time.monotonic() - ECHO_SECONDS
    return any(value == before and at > since for before, at in _changed_by_us().get(key, []))


def _changed_by_us() -> dict[str, list[tuple[Any, float]]]:
    """For each widget that an answer changed otherwise than by a tap on itself: what it showed, and when that ended."""
    changed: dict[str, list[tuple[Any, float]]] = st.session_state.setdefault("changed_by_us", {})
    return changed


def _step_button(which: str, question_id: str, do: Callable[[], None]) -> None:
    sign = ":material/remove:" if which == "less" else ":material/add:"
    st.button(say(f"taps.{which}"), key=f"{which}_{question_id}", icon=sign, on_click=do)


def _stepped(question_id: str, question: schema.Question, stored: int | None, direction: int) -> int:
    """The next number up or down; the first tap goes to a usual one, so that nobody taps forty times."""
    steps: dict[str, int] = entry(f"taps.steps.{question_id}")
    if stored is None:
        return steps["first"]
    return max(question.low, min(question.high, stored + direction * steps["by"]))


def _several(chosen: Sequence[str], before: Sequence[str], order: Sequence[str]) -> list[str] | None:
    """What a tap means: "nothing" clears the others, another one clears "nothing", none left is unanswered."""
    if NOTHING in chosen and NOTHING not in before:
        return []
    return [answer for answer in order if answer in chosen] or None


def _width(labels: Any) -> str:
    longest = max((len(label) for label in labels), default=0)
    return "two_" if longest > 30 else "wide_" if longest > 15 else ""


def _shown(consultation: Consultation, key: str, stored: Any, argument: str) -> dict[str, Any]:
    """Makes a widget show what is stored. In a session's first run what the browser still holds comes first: a tap may
    have been made while the session was lost, and it must not be."""
    empty: dict[str, Any] = {"value": None} if argument == "value" else {}
    if consultation.fresh and key not in st.session_state:
        return {argument: stored}
    _set(key, stored)
    return empty


def tell_again(names: Sequence[str]) -> None:
    """When they are drawn next, the taps of these questions and cards tell the browser what is stored, also where the session
    thinks that it knows. No others: what the browser does show may just have been tapped. A run that is cut short before it
    has drawn them leaves it to the next."""
    ends = tuple(f"_{name}" for name in names)
    again = {str(key) for key in st.session_state if str(key).startswith("tap_") and str(key).endswith(ends)}
    st.session_state[_TOLD_AGAIN] = st.session_state.get(_TOLD_AGAIN, set()) | again


def _set(key: str, stored: Any) -> None:
    """Lets a widget show what is stored."""
    shown = st.session_state.get(key, _NEVER_DRAWN)
    again: set[str] = st.session_state.get(_TOLD_AGAIN, set())
    if shown == stored and key not in again:
        return
    again.discard(key)
    if shown is not _NEVER_DRAWN and shown != stored:
        now, before = time.monotonic(), _changed_by_us().get(key, [])
        lately = [(value, at) for value, at in before if at > now - ECHO_SECONDS]
        _changed_by_us()[key] = [*lately, (shown, now), (stored, now)]
    st.session_state[key] = stored


def _after_a_lost_session(consultation: Consultation, value: Any, stored: Any, save: Callable[[Any], object]) -> None:
    if consultation.fresh and value != stored:
        save(value)
        st.rerun()

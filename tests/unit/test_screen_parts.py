"""The end of a tap: the parts of a screen that would now show something else are drawn again, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from medspa_core.records import Draft
from views.context import per_run_cache
from views.elements import notices
from views.redraw import screen_parts
from views.session import open_consultation, signed_in
from views.session.open_consultation import Consultation

MORNING = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
WHOLE = "the whole screen"
DRAFT = Draft("a-talk", "Birch 7", date(2026, 11, 22), MORNING, MORNING, 1, {"age": 44}, {}, ("wait",))


class Rerun(Exception):
    """Streamlit's way to end a run: nothing after it is done."""


@dataclass
class Screen:
    """A consultation on a screen; `asked` is what the tap had Streamlit draw, None where it draws nothing of its own."""

    on_it: Consultation
    saved: Draft = DRAFT
    asked: Any = None
    drawn: list[str] = field(default_factory=list)
    told_on: list[str] = field(default_factory=list)

    def begin(self, *, in_parts: bool = True) -> None:
        screen_parts.begin(self.on_it, in_parts=in_parts)

    def part(self, name: str, question: str, within: Callable[[], None] = lambda: None) -> None:
        """A part that shows the answer to one question, and draws what is within it."""

        def draw(now: Consultation) -> None:
            self.drawn.append(f"{name}: {now.draft.answers.get(question)}")
            within()

        screen_parts.part(self.on_it, name, lambda now: now.draft.answers.get(question), draw)

    def save(self, **answers: object) -> None:
        self.saved = replace(self.saved, answers={**self.saved.answers, **answers})

    def tap(self, *around: str, **answers: object) -> object:
        """A tap inside these parts that gives these answers; says what is drawn again."""
        self.save(**answers)
        return self.ended(lambda: screen_parts.redraw(self.on_it, around))

    def ended(self, tapped: Callable[[], None]) -> object:
        self.asked = None
        try:
            tapped()
        except Rerun:
            assert self.asked is not None
        return self.asked


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    shown = Screen(Consultation(DRAFT, fresh=False))

    def rerun(scope: Any = WHOLE) -> None:
        shown.asked = scope
        raise Rerun

    monkeypatch.setattr(screen_parts.st, "rerun", rerun)
    monkeypatch.setattr(screen_parts.st, "fragment", lambda key: lambda draw: draw)
    monkeypatch.setattr(signed_in, "look_again", lambda: None)
    monkeypatch.setattr(notices, "waits", lambda _: False)
    monkeypatch.setattr(open_consultation, "latest", lambda _: Consultation(shown.saved, fresh=False))
    monkeypatch.setattr(per_run_cache, "goes_on", lambda *names: shown.told_on.extend(names))
    return shown


def test_a_screen_that_is_not_in_parts_is_drawn_whole(screen: Screen) -> None:
    screen.begin(in_parts=False)
    screen.part("age", "age")
    assert screen.tap("age", age=45) == WHOLE


def test_a_screen_of_which_nothing_is_known_is_drawn_whole(screen: Screen) -> None:
    """As after a restart, when the first thing that comes is a tap."""
    assert screen.on_it.board is None
    assert screen.tap("age", age=45) == WHOLE


def test_what_a_save_has_to_say_has_the_whole_screen_drawn(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.begin()
    screen.part("age", "age")
    monkeypatch.setattr(notices, "waits", lambda _: True)
    assert screen.tap("age", age=45) == WHOLE


def test_what_stands_outside_the_parts_has_the_whole_screen_drawn_only_once_it_changes(screen: Screen) -> None:
    screen.begin()
    screen_parts.fixed(screen.on_it, "waiting", lambda now: now.draft.answers.get("budget"))
    screen.part("age", "age")
    assert screen.tap("age", age=45) is None
    assert screen.tap("age", budget=700) == WHOLE
    assert screen.told_on == []


def test_only_the_parts_that_changed_are_drawn_and_told_what_the_tap_has_looked_up(screen: Screen) -> None:
    screen.begin()
    for name in ("bar", "age", "budget", "foot"):
        screen.part(name, {"bar": "age", "foot": "age"}.get(name, name))
    assert screen.tap("budget", age=45) == ["part_bar", "part_age", "part_foot"]
    assert screen.told_on == list(screen_parts.SAME_FOR_A_TAP)


def test_the_part_around_what_was_tapped_is_drawn_by_streamlit_itself(screen: Screen) -> None:
    screen.begin()
    screen.part("age", "age")
    screen.part("budget", "budget")
    assert screen.tap("age", age=45) is None
    assert screen.tap("age") is None


def test_what_is_within_the_part_around_comes_with_it(screen: Screen) -> None:
    screen.begin()
    screen.part("form", "concern", lambda: screen.part("age", "age"))
    assert screen.tap("form", age=45) is None
    assert screen.tap("age", age=46, concern="texture") == ["part_form", "part_age"], "what is around it does not"


def test_the_part_around_is_drawn_with_the_others_as_their_run_ends_its_own(screen: Screen) -> None:
    screen.begin()
    for name in ("age", "bar"):
        screen.part(name, "age")
    assert screen.tap("age", age=45) == ["part_age", "part_bar"]


def test_a_tap_outside_all_parts_that_changed_nothing_draws_one_part_that_is_not_within_another(
    screen: Screen,
) -> None:
    """Without a part named Streamlit would draw the whole screen."""
    screen.begin()
    screen_parts.fixed(screen.on_it, "waiting", lambda _: None)
    screen.part("form", "concern", lambda: screen.part("age", "age"))
    screen.part("foot", "age")
    screen.on_it.board.parts["age"] = screen.on_it.board.parts.pop("age")
    assert screen.tap() == ["part_form"]


def test_a_part_is_drawn_with_what_was_saved_last_and_then_is_up_to_date(screen: Screen) -> None:
    screen.begin()
    for name in ("age", "bar"):
        screen.part(name, "age")
    assert screen.tap("age", age=45) == ["part_age", "part_bar"]
    screen.drawn.clear()
    for name in ("age", "bar"):  # the second run, of the page that was drawn before the tap
        screen.part(name, "age")
    assert screen.drawn == ["age: 45", "bar: 45"]
    assert screen.tap("age") is None


def test_what_went_with_its_part_is_drawn_no_more(screen: Screen) -> None:
    screen.begin()
    screen.part("form", "concern", lambda: screen.part("age", "age"))
    screen.part("form", "concern")
    assert list(screen.on_it.board.parts) == ["form"]
    assert screen.tap("form", age=45) is None


def test_a_tap_saves_first_and_belongs_to_the_part_that_it_was_drawn_in(screen: Screen) -> None:
    screen.begin()
    taps: dict[str, Callable[[], None]] = {}

    def button(name: str, **answers: object) -> None:
        taps[name] = screen_parts.tap(screen.on_it, lambda: screen.save(**answers))

    screen.part("age", "age", lambda: button("inside", age=45))
    screen.part("bar", "budget")
    button("outside", age=46)
    assert screen.ended(taps["inside"]) is None
    assert screen.saved.answers["age"] == 45
    assert screen.ended(taps["outside"]) == ["part_age"]


def test_a_line_follows_the_answers(screen: Screen) -> None:
    screen.begin()
    said: list[str] = []
    screen_parts.line(screen.on_it, lambda now: f"{now.draft.answers['age']} years")(said.append)
    assert screen.tap(age=45) == ["part_line"]
    assert said == ["44 years"]

"""Whether two options are the same on a criterion: their own figures go in, not how well a client likes them.

Two options can suit a client equally and still differ: with a blood draw that is fine, both fit, but one has a draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from medspa_core.result import OptionResult
from medspa_core.rulebook import CONSIDERED, Rulebook
from medspa_core.rulebook.schema.offered import OptionFile

Figure = Callable[[OptionFile, OptionResult], object]


def _spans(*names: str) -> Figure:
    def figure(file: OptionFile, found: OptionResult) -> object:
        return tuple(found.course[CONSIDERED].spans[name] for name in names)

    return figure


def _ready(file: OptionFile, found: OptionResult) -> object:
    return found.deferred_until, _spans("first_change_days", "last_session_days", "downtime_days")(file, found)


BY_CHANCE: Mapping[str, Figure] = {
    "visit_within_minutes": _spans("visit_minutes"),
    "course_within_visits": _spans("sessions"),
    "course_within_budget": _spans("course_cost"),
    "redness_within_days": _spans("downtime_days"),
    "ready_by_date": _ready,
}
BY_ANSWER: Mapping[str, Figure] = {
    "blood_draw_comfort": lambda file, found: file.blood_draw,
    "material_preference": lambda file, found: file.material,
}
"""What an option itself is, behind a criterion that depends on what the client makes of it."""


def is_alike(criterion_id: str, one: str, other: str, rulebook: Rulebook, options: Mapping[str, OptionResult]) -> bool:
    """Whether both options have the same figures on a criterion, whatever this client says about them."""
    criterion = rulebook.criteria[criterion_id]
    figure = BY_CHANCE.get(criterion.chance) or BY_ANSWER.get(criterion.looks_up) or _attained(criterion_id)
    ours, theirs = (figure(rulebook.options[option], options[option]) for option in (one, other))
    return ours == theirs


def _attained(criterion_id: str) -> Figure:
    """Where the figure says what was found of the option, such as its result in studies."""
    return lambda file, found: found.attainment[CONSIDERED][criterion_id]

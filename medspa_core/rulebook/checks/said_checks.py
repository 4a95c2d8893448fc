"""Everything a screen or a paper will say of an entry is there, and nothing is said of what is not: one line for each.

Asked of today's rulebook alone. One that is kept with a consultation says what was said then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from medspa_core.rulebook.book import LIMITS, Rulebook
from medspa_core.rulebook.problems import missing, unknown
from medspa_core.rulebook.schema.asked import Question
from medspa_core.rulebook.schema.offered import OptionFile
from medspa_core.rulebook.schema.on_screens import SAID, QuestionSaid
from medspa_core.rulebook.schema.weighed import Criterion

BEFORE_A_CONCERN = "none"
NO_ANSWERS = ("no", "none", "never")
"""Answers that say: this does not fit me."""
TAPS = ("first_tap", "each_tap")
ON_CARDS = ("history", "one_option", "last_days")


def said_problems(book: Rulebook) -> Iterator[str]:
    """What is missing and what is too much. Where an entry says nothing itself the program does, and what that says too much
    is no fault of the file."""
    for key, criterion in book.criteria.items():
        yield from _criterion(f"criteria.toml, {key}.said", criterion, book)
    for key, question in book.questions.items():
        own = _says_itself(book, f"questions.{key}")
        yield from _asked(f"questions.toml, {key}", question)
        if question.said is not None:
            yield from _question(f"questions.toml, {key}.said", key, question, question.said, book, own=own)
    for key, option in book.options.items():
        yield from _option(f"options/{key}.toml, said.points", option, book, own=_says_itself(book, f"options.{key}"))
    for key, step in book.protocol.steps.items():
        if not step.meaning:
            yield f"protocol.toml, steps.{key}.meaning: this key is missing. Add it"
    yield from _cited(book)


def _says_itself(book: Rulebook, place: str) -> bool:
    return f"{place}.{SAID}" not in book.filled_in


def _missing(where: str, needed: Iterable[str], there: Collection[str]) -> Iterator[str]:
    yield from (f"{where}.{key}: these words are missing. Add them" for key in needed if key not in there)


def _too_much(where: str, there: Iterable[str], accepted: Collection[str]) -> Iterator[str]:
    for key in there:
        if key not in accepted:
            yield f"{where}.{key}: there is no such answer; accepted are {', '.join(accepted)}. Remove it, or correct it"


def _criterion(where: str, criterion: Criterion, book: Rulebook) -> Iterator[str]:
    said = criterion.said
    for name, question in (("limit", said.limit), ("about", said.about)):
        yield from unknown(f"{where}.{name}", "question", {question} - {""}, book.questions)
    if criterion.chance not in LIMITS:
        if said.limits is not None:
            yield f"{where}.limits: this criterion has no limit. Remove it"
        return
    if said.limits is None:
        yield f"{where}.limits: a limit needs none_keeps, amount, waiting and on_plan. Add them"
    elif said.limits.amount is None and book.questions[LIMITS[criterion.chance].question].unit != "money":
        yield f"{where}.limits.amount: this key is missing. Add it"


def _asked(where: str, question: Question) -> Iterator[str]:
    """A question can be shown and answered where it is asked."""
    if question.kind == "whole_number" and question.layer != "settings" and not question.unit:
        yield f"{where}.unit: a number that is asked has a unit. Add it"
    if question.part != "safety" or question.kind != "choice" or question.layer not in ON_CARDS:
        return
    if not question.card:
        yield f"{where}.card: a question of {question.layer} stands on a card. Add it"
    if not set(NO_ANSWERS) & set(question.answers):
        yield f'{where}.answers: "None of these" needs no, none or never among them. Add one'
    if "not_sure" not in question.answers:
        yield f'{where}.answers: "Not sure" on its card needs not_sure among them. Add it'


def _question(
    where: str, key: str, question: Question, said: QuestionSaid, book: Rulebook, *, own: bool
) -> Iterator[str]:
    if question.kind == "whole_number":
        yield from missing(f"{where}.", [name for name in TAPS if getattr(said, name) is None], ())
    if (said.under == "wishes") != (question.layer == "what_matters"):
        yield f"{where}.under: wishes stand on what_matters, the others on you; the layer is {question.layer}. Correct it"
    needed, accepted = _flips(key, question, said, book)
    yield from _missing(f"{where}.flip", needed, said.flip)
    named = question.answers if key == "concern" or question.kind == "several" else ()
    yield from _missing(f"{where}.in_a_sentence", named, said.in_a_sentence)
    studied = question.answers if key == "concern" else ()
    yield from _missing(f"{where}.studied", studied, said.studied)
    if own:
        yield from _too_much(f"{where}.flip", said.flip, accepted)
        yield from _too_much(f"{where}.in_a_sentence", said.in_a_sentence, question.answers)
        yield from _too_much(f"{where}.studied", said.studied, studied)


def _flips(key: str, question: Question, said: QuestionSaid, book: Rulebook) -> tuple[list[str], list[str]]:
    """What is said where another answer would change the result: the words it needs, and all that it may have."""
    grid = book.flips.answers.get(key)
    match question.kind:
        case "choice":
            needed = [answer for answer in question.answers if "to" not in said.flip]
            accepted = [*question.answers, "to"]
        case "several":
            needed = accepted = ["add", "drop"]
        case _:
            needed = ["to", *grid.also] if grid is not None else []
            accepted = ["to", "less", "zero", "one", *question.also]
    is_told = question.tried and question.use == "decides" and not said.fact
    return (needed if is_told else []), accepted


def _option(where: str, option: OptionFile, book: Rulebook, *, own: bool) -> Iterator[str]:
    if option.said is None:
        return
    concerns = (BEFORE_A_CONCERN, *book.concerns)
    yield from _missing(where, concerns, option.said.points)
    if own:
        yield from _too_much(where, option.said.points, concerns)


def _cited(book: Rulebook) -> Iterator[str]:
    """The sources of what an entry says itself; those of the program are left out where a clinic's own list lacks them."""
    for entry, where, sources in _sources(book):
        if _says_itself(book, entry):
            yield from unknown(where, "source", sources, book.sources)


def _sources(book: Rulebook) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for key, question in book.questions.items():
        for answer, studied in (question.said.studied if question.said else {}).items():
            yield f"questions.{key}", f"questions.toml, {key}.said.studied.{answer}", studied.sources
    for key, step in book.protocol.steps.items():
        yield f"protocol.steps.{key}", f"protocol.toml, steps.{key}.said.feels_sources", step.said.feels_sources
    for key, option in book.options.items():
        for concern, points in (option.said.points if option.said else {}).items():
            cited = (*points.good_sources, *points.not_good_sources)
            yield f"options.{key}", f"options/{key}.toml, said.points.{concern}", cited

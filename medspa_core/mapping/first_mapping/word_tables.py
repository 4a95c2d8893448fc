"""What the answers seen in a form mean, as the tables of a first mapping: words for all questions, then for each its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from medspa_core.answer_codes import Column
from medspa_core.mapping.answer_words import expected
from medspa_core.mapping.cells import YES_NO
from medspa_core.mapping.date_orders import orders_of
from medspa_core.mapping.first_mapping.seen_answers import AnswersSeen
from medspa_core.mapping.first_mapping.seen_columns import MOST_CHOICES, Choices, SeenColumn
from medspa_core.mapping.first_mapping.title_matching import Likeness
from medspa_core.mapping.rules import NOT_ANSWERED, SKIP, UNDECIDED
from medspa_core.mapping.texts import folded, in_short, quoted
from medspa_core.tables.row_blocks import ID

MOST_OPEN = 40  # words of a question that nobody knows: more are no list to choose from


@dataclass(frozen=True)
class Meaning:
    """A word as the form has it, and the answer that it means."""

    word: str
    means: str

    @property
    def line(self) -> str:
        """As it stands in a mapping."""
        return f"{quoted(self.word)} = {quoted(self.means)}\n"


Shared = Mapping[str, Meaning]


@dataclass(frozen=True)
class Proposal:
    """A column of a form, what it was found to ask, and what its answers were found to mean. `column`: what it fills; of an
    undecided one, what it most likely would."""

    seen: SeenColumn
    like: Likeness
    column: Column | None
    answers: AnswersSeen
    choices: Choices = ("", ())  # of a column whose choices may answer several questions

    @property
    def is_mapped(self) -> bool:
        """Whether it answers a question."""
        return self.like.fills not in (SKIP, UNDECIDED, ID)

    @property
    def shows_answers(self) -> bool:
        """Whether what was found may stand in the mapping of a column that nobody has decided yet: not what clients are
        called, but what they chose, or what is like an answer."""
        if self.like.reads:
            return False
        few = self.answers.separator or self.seen.has_few_answers
        return bool(few and self.found) and (self.answers.understood or self.seen.is_chosen)

    @property
    def found(self) -> tuple[str, ...]:
        """The answers that were found; of a list its choices, unless they are too many to choose from."""
        choices = tuple(self.answers.means) if self.answers.separator else self.seen.cells
        choices = tuple(one for one in choices if not orders_of(one))  # a date may be a birth date
        return choices if len(choices) <= MOST_CHOICES else ()

    @property
    def is_yes_no(self) -> bool:
        """Whether the question is answered yes or no."""
        return self.column is not None and set(self.column.answers) >= YES_NO


def shared_words(proposals: Sequence[Proposal]) -> Shared:
    """Words of questions that are answered yes or no, and words that are no answer anywhere."""
    found: dict[str, Meaning] = {}
    nobody_knows: Counter[str] = Counter()
    for one in (one for one in proposals if one.is_mapped):
        for word, means in one.answers.means.items():
            if means == UNDECIDED and one.is_yes_no:
                nobody_knows[word] += 1
            elif means == NOT_ANSWERED or (one.is_yes_no and means != UNDECIDED):
                found.setdefault(folded(word), Meaning(word, means))
    yes_no = [one.column for one in proposals if one.column is not None and one.is_mapped and one.is_yes_no]
    for column in yes_no:
        for answer, label in column.question.words.answers.items():
            found.setdefault(folded(label), Meaning(label, answer))
    often = (word for word, times in nobody_knows.items() if times > 1)
    return found | {folded(word): Meaning(word, UNDECIDED) for word in often if folded(word) not in found}


def answer_tables(proposals: Sequence[Proposal], shared: Shared) -> Iterator[str]:
    """The text of [words] and of each [answers.…]; of a question that is only likely, behind marks of a comment."""
    if shared:
        yield "\n# What these words mean in every question that has the answer.\n[words]\n"
        yield from (meaning.line for meaning in shared.values())
    written: set[str] = set()
    for one in sorted(proposals, key=lambda one: not one.is_mapped):
        if one.column is not None and _key(one.column) not in written and (own := _own_words(proposals, one, shared)):
            written.add(_key(one.column))
            yield from _table(one, one.column, own)
    yield from (line for one in proposals if one.column is None for line in _unnamed_table(one))


def _key(column: Column) -> str:
    """The question, for all the columns it is spread over; else the column itself."""
    return column.question_id if column.name.startswith(f"{column.question_id}.") else column.name


def _own_words(proposals: Sequence[Proposal], like: Proposal, shared: Shared) -> list[Meaning]:
    """What the words mean in a question, of all the columns that answer it, but what is said for every question."""
    assert like.column is not None
    key, found = _key(like.column), dict[str, Meaning]()
    for one in proposals if like.is_mapped else [like]:
        if one.column is not None and one.is_mapped == like.is_mapped and _key(one.column) == key:
            for word, means in one.answers.means.items():
                said = shared.get(folded(word))
                is_said = said is not None and (
                    said.means == means != UNDECIDED or (one.is_yes_no and said.means == UNDECIDED)
                )
                if not is_said:
                    found.setdefault(folded(word), Meaning(word, means))
    return list(found.values())


def _unnamed_table(one: Proposal) -> Iterator[str]:
    """The answers of a column that nobody knows, for whoever names its question. Yes and no stand in [words] already."""
    words = one.found if one.shows_answers else one.choices[1]
    decided = one.like.fills != UNDECIDED or one.like.reads
    if decided or one.seen.why_not or all(folded(word) in YES_NO for word in words):
        return
    each = "each choice under its own question" if one.choices[1] else "with the id of its question for ID"
    yield f"\n# {in_short(one.seen.title)}, if it is of use, {each}:\n# [answers.ID]\n"
    yield from (f"# {Meaning(' '.join(word.split()), UNDECIDED).line}" for word in words)


def _table(one: Proposal, column: Column, own: Sequence[Meaning]) -> Iterator[str]:
    mark = "" if one.is_mapped else "# "
    undecided = [meaning for meaning in own if meaning.means == UNDECIDED]
    if not one.is_mapped and not one.shows_answers:
        return
    yield f"\n# {in_short(one.seen.title)}, if that is {_key(column)}:\n" if mark else "\n"
    yield f"{mark}[answers.{_key(column)}]{f'  # {expected(column)}' if undecided else ''}\n"
    listed = [meaning for meaning in own if meaning.means != UNDECIDED] + undecided[:MOST_OPEN]
    yield from (f"{mark}{meaning.line}" for meaning in listed)
    if len(undecided) > MOST_OPEN:
        yield f"# and {len(undecided) - MOST_OPEN} more, whose rows are refused until they stand here\n"

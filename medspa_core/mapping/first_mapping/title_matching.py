"""Which question a title most likely asks: certain where the words are those of the question, else a few to choose from."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from medspa_core.answer_codes import Column
from medspa_core.mapping.form_tools import ANSWER_ROW, CHOSEN, IDS, NOT_FOR_US, OWN_NAMES, REDCAP_BOX, split_title
from medspa_core.mapping.rules import SKIP, UNDECIDED, ids_of, intake_columns
from medspa_core.mapping.texts import folded
from medspa_core.rulebook import Rulebook
from medspa_core.tables.row_blocks import ID

CHOSEN_FROM = ("choice", "several")  # kinds of questions
MOST_LIKELY = 3
LEAST_SHARE, LEAST_ALIKE = 0.2, 0.65  # of the telling words, of the spelling: below it nobody is helped
LONGEST_TITLE = 200  # of what is compared
LITTLE_WORDS = frozenset(
    {
        *("a", "an", "the", "of", "to", "in", "on", "for", "with", "at", "and", "or", "it", "that", "this", "there"),
        *("do", "does", "did", "have", "has", "had", "got", "is", "are", "be", "been", "you", "your", "i", "my", "me"),
        *("any", "what", "which", "how", "most", "would", "like", "please", "select", "choose", "say", "s", "us"),
    }
)
"""Words that tell no question from another. None that turns a meaning round, and none about time."""
COMMON_ANSWERS = ("yes", "no", "not sure", "does not apply", "not applicable", "never", "none", "other", "")
_NUMBERING = re.compile(r"^(?:q(?:uestion)? ?)?\d+ ?[.):] ?")
_ENDING = re.compile(r"(?: ?\((?:required|optional)\)| ?\*)+$")

Key = TypeVar("Key", bound=Hashable)


def plain(text: str) -> str:
    """The words alone: no number before a question, no marks, no "(required)"."""
    bare = _ENDING.sub("", _NUMBERING.sub("", folded(text[:LONGEST_TITLE])))
    return " ".join(re.findall(r"[^\W_]+", bare))


def telling(text: str) -> frozenset[str]:
    """The words that tell a question from others, in one number."""
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in plain(text).split()
        if word not in LITTLE_WORDS
    )


@dataclass(frozen=True)
class Likeness:
    """What a title was found to ask: a column of the intake, SKIP or UNDECIDED; of a list perhaps one entry."""

    fills: str
    entry: str = ""
    likely: tuple[str, ...] = ()
    reads: str = ""  # if its cells are read in a way of their own: the key of the mapping that says so


class Questions:
    """The words of every question of a rulebook, to be looked up by title."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.columns = intake_columns(rulebook)
        phrases = [(name, phrase) for name, column in self.columns.items() for phrase in _phrases(name, column)]
        self.by_words, self.by_telling_words = _by(plain, phrases), _by(telling, phrases)
        self.parts = {name: tuple(_parts(name, column, rulebook)) for name, column in self.columns.items()}
        self.answers = {name: _answers(column) for name, column in self.columns.items() if column.kind in CHOSEN_FROM}
        self.lists = [name for name, column in self.columns.items() if column.kind == "several"]

    def asked(self, title: str) -> Likeness:
        """What a title asks."""
        title = CHOSEN.sub("", title)
        if folded(title) in IDS:
            return Likeness(ID)
        found = self._certain(title)
        if found is not None:
            return found
        if folded(title) in NOT_FOR_US or OWN_NAMES.fullmatch(folded(title)):
            return Likeness(SKIP)
        return Likeness(UNDECIDED, likely=self._likely(title))

    def _certain(self, title: str) -> Likeness | None:
        as_id = re.sub(r"[\s-]+", "_", folded(title))
        if as_id in self.columns:
            return Likeness(as_id)
        box = REDCAP_BOX.fullmatch(folded(title))
        if box is not None and box[1] in self.lists:
            return Likeness(box[1], box[2] if box[2] in ids_of(self.columns[box[1]]) else UNDECIDED)
        for names in (self.by_words.get(plain(title), ()), self.by_telling_words.get(telling(title), ())):
            if len(names) == 1:
                return Likeness(next(iter(names)))
        return self._part(title)

    def _part(self, title: str) -> Likeness | None:
        """A row or a choice of a question: What matters to you? [Cost]; or a choice alone, as Typeform has it."""
        for name in self.lists:
            if entry := self._entry(name, title):
                return Likeness(name, entry)
        for whole, part in split_title(title):
            names = {
                name
                for name, parts in self.parts.items()
                if any(_same_words(part, said) for said in parts) and self._is_about(name, whole)
            }
            if len(names) == 1:
                return Likeness(names.pop())
            for name in self.lists:
                if self._is_about(name, whole) and (entry := self._entry(name, part)):
                    return Likeness(name, entry)
            if part.casefold() in ANSWER_ROW:
                return self._certain(whole)
        return None

    def answered(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The questions that most of some answers are answers to, by their words; yes and no are so to many."""
        asked = {telling(cell) for cell in cells}
        fitting = {name: len(asked & said) for name, said in self.answers.items()}
        return tuple(name for name, count in fitting.items() if count >= 2 and 2 * count >= len(asked))

    def named(self, choices: Iterable[str]) -> tuple[str, ...]:
        """The questions that choices among "which of these" are most likely the words of."""
        found = [self.asked(choice) for choice in choices]
        names = [one.likely[:1] if one.fills == UNDECIDED else (one.fills,) for one in found]
        return tuple(dict.fromkeys(name for some in names for name in some if name in self.answers))

    def _parts_of_one(self, title: str) -> tuple[str, ...]:
        """All the columns of a question whose words begin a title: What matters to you? [Something else]."""
        for whole, _ in split_title(title):
            names = tuple(name for name, parts in self.parts.items() if parts and self._is_about(name, whole))
            if names:
                return names
        return ()

    def _entry(self, name: str, title: str) -> str:
        column = self.columns[name]
        labels = column.question.words.answers
        return next((one for one in column.answers if _same_words(title, labels.get(one, one))), "")

    def _is_about(self, name: str, whole: str) -> bool:
        column, asked = self.columns[name], telling(whole)
        said = (column.question_id, column.question.words.client, column.question.words.staff)
        return bool(asked) and asked in map(telling, said)

    def _likely(self, title: str) -> tuple[str, ...]:
        """The questions that share the most of their telling words, then those that are spelt much alike."""
        parts = self._parts_of_one(title)
        if parts:
            return parts
        asked = telling(title)
        shares: dict[str, float] = {}
        for said, names in self.by_telling_words.items():
            share = len(asked & said) / len(asked | said)
            shares |= {name: max(share, shares.get(name, 0.0)) for name in names}
        best = sorted((name for name, share in shares.items() if share >= LEAST_SHARE), key=lambda name: -shares[name])
        if len(best) < MOST_LIKELY:
            spelt = difflib.get_close_matches(plain(title), list(self.by_words), n=MOST_LIKELY, cutoff=LEAST_ALIKE)
            best += [name for one in spelt for name in self.by_words[one]]
        return tuple(name for name in dict.fromkeys(best) if self._is_asked_now(name, title))[:MOST_LIKELY]

    def _is_asked_now(self, name: str, title: str) -> bool:
        """Not an older id, unless a form asks about the same days as it did: then no other question fits its answers."""
        days = {word for word in name.split("_") if word.isdecimal()}
        return self.columns[name].kind != "older" or days <= set(plain(title).split())


@lru_cache(maxsize=8)
def questions_of(rulebook: Rulebook) -> Questions:
    """The words of a rulebook's questions."""
    return Questions(rulebook)


def _same_words(title: str, phrase: str) -> bool:
    return plain(title) == plain(phrase) != ""


def _by(words: Callable[[str], Key], phrases: Iterable[tuple[str, str]]) -> Mapping[Key, Sequence[str]]:
    """The columns whose question is said in the same words, by these words."""
    found: dict[Key, dict[str, None]] = {}
    for name, phrase in phrases:
        if words(phrase):
            found.setdefault(words(phrase), {})[name] = None
    return {key: tuple(names) for key, names in found.items()}


def _answers(column: Column) -> frozenset[frozenset[str]]:
    """The telling words of each answer to a question, by its id and by its words; but those that many questions have."""
    labels = column.question.words.answers
    said = {telling(one) for answer in column.answers for one in (answer, labels.get(answer, answer))}
    common = {telling(one) for one in COMMON_ANSWERS}
    return frozenset(one for one in said - common if not all(word.isdecimal() for word in one))


def _phrases(name: str, column: Column) -> Iterator[str]:
    """How a column's question is said: its id, and its wording for clients and for staff."""
    if name == column.question_id:
        yield from (name, column.question.words.client, column.question.words.staff)
    elif column.kind == "older":
        yield name


def _parts(name: str, column: Column, rulebook: Rulebook) -> Iterator[str]:
    """How one column of several of a question is said: importance.cost is Cost."""
    question_id, _, part = name.partition(".")
    if not part or column.question_id != question_id:
        return
    yield part
    if question_id == "importance" and part in rulebook.criteria:
        said = rulebook.criteria[part].said
        yield from (said.in_a_sentence, said.same, said.told_us)
    if part in rulebook.questions:
        yield from (rulebook.questions[part].words.client, rulebook.questions[part].words.staff)

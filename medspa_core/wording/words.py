"""What words about a result are made from: the sentences of a file, the result, and how numbers, days and lists are said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from medspa_core.formats.as_read import money, near_day
from medspa_core.result import OptionResult, Recommendation
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.on_screens import CriterionSaid, LimitSaid
from medspa_core.safety import Verdict

FILE = Path(__file__).parents[2] / "data" / "result_words.toml"


class WordsMissing(KeyError):
    """A sentence is asked for that the file does not hold."""


@dataclass(frozen=True)
class Words:
    """The sentences of some files, read strictly."""

    path: str
    entries: Mapping[str, Any]

    def say(self, key: str, /, **fields: object) -> str:
        """The sentence under `key`, its {fields} filled in."""
        found = self.entry(key)
        if not isinstance(found, str):
            raise WordsMissing(f"{self.path}, {key}: expected a sentence")
        return found.format(**fields) if fields else found

    def counted(self, key: str, number: int, /, **fields: object) -> str:
        """The sentence for one, or the one for several: `key.one`, `key.many`."""
        return self.say(f"{key}.{'one' if number == 1 else 'many'}", number=number, **fields)

    def has(self, key: str) -> bool:
        """Whether there is an entry."""
        try:
            self.entry(key)
        except WordsMissing:
            return False
        return True

    def entry(self, key: str) -> Any:
        """What stands under `key`."""
        found: Any = self.entries
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise WordsMissing(f"{self.path}, {key}: this entry is missing. Add it")
            found = found[part]
        return found


@lru_cache(maxsize=8)
def read_words(*paths: Path) -> Words:
    """The sentences of some files as one; by default those about a result."""
    merged: dict[str, Any] = {}
    for path in paths or (FILE,):
        _add(merged, tomllib.loads(path.read_text("utf-8")), path.name)
    return Words(", ".join(f"data/{path.name}" for path in paths or (FILE,)), merged)


def _add(merged: dict[str, Any], more: Mapping[str, Any], file: str) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), dict):
            _add(merged[key], value, file)
        elif key in merged:
            raise WordsMissing(f"data/{file}, {key}: stands in another file too")
        else:
            merged[key] = value


@dataclass(frozen=True)
class Told:
    """What words about one client are made from. `found`: by the answers alone, where a clinician has said a word since."""

    result: Recommendation
    answers: Mapping[str, Any]
    rulebook: Rulebook
    words: Words
    found: Recommendation | None = None

    @property
    def by_answers(self) -> Recommendation:
        """The result before the clinician's review."""
        return self.found or self.result

    def say(self, key: str, /, **fields: object) -> str:
        """A sentence about the result."""
        return self.words.say(key, **fields)

    def name(self, option: str | None) -> str:
        """The option in a sentence."""
        return self.rulebook.options[option].in_a_sentence if option else ""

    def criterion(self, criterion: str) -> CriterionSaid:
        """What is said of a criterion."""
        return self.rulebook.criteria[criterion].said

    def limit(self, criterion: str) -> LimitSaid:
        """What is said of a criterion with a limit: the loader sees that each has it."""
        found = self.criterion(criterion).limits
        assert found is not None
        return found

    def in_words(self, question: str, answer: str) -> str:
        """An answer in a sentence: the concern, or what is not wanted."""
        asked = self.rulebook.questions[question]
        own = asked.words.answers.get(answer, answer)
        return asked.said.in_a_sentence.get(answer, own) if asked.said else own

    def verb(self, option: str, word: str) -> str:
        """A verb as it goes with the option in a sentence: PRP fits, exosomes fit."""
        return str(self.words.entry(f"verb.{word}")[is_plural(self.name(option))])

    def state(self, option: str) -> OptionResult:
        """What was found of one option."""
        return self.result.options[option]

    def is_open(self, option: str) -> bool:
        """Whether the option is not ruled out for this client."""
        return self.state(option).verdict is not Verdict.EXCLUDED

    def day(self, day: date) -> str:
        """A day near that of the consultation, as the clinic writes it."""
        return near_day(day, self.result.as_of, self.rulebook.clinic.dates)

    def money(self, amount: int) -> str:
        """An amount with the clinic's sign."""
        return money(amount, self.rulebook.clinic.currency_sign)

    @property
    def open_ranked(self) -> tuple[str, ...]:
        """Options that are ranked and not ruled out."""
        return tuple(option for option in self.rulebook.ranked if self.is_open(option))

    @property
    def others(self) -> tuple[str, ...]:
        """Ranked options outside the pair."""
        return tuple(option for option in self.rulebook.ranked if option not in self.rulebook.model.pair)


def capital(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The first letter small, the rest as it is."""
    return text[:1].lower() + text[1:]


def is_plural(name: str) -> bool:
    """Whether a name in a sentence stands for several, as "exosomes" does; clinics name options of their own."""
    return name.endswith("s") and not name.endswith("ss")


def listed(items: Sequence[str], last: str = " and ") -> str:
    """One, two and three."""
    return last.join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)

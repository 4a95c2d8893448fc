"""A client's record as one page (record.html): a Record goes in, a whole HTML file comes out that opens and prints anywhere.

Nothing in it is loaded from elsewhere and nothing in it runs; whatever a client or a colleague typed is only text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from medspa_core.access import PracticeFacts
from medspa_core.clients.export.record import Record
from medspa_core.formats.as_read import in_words
from medspa_core.formats.typed_dates import DateStyle
from medspa_core.rulebook import Rulebook
from medspa_core.wording.of_entries import as_read, option_name, part_name, question_name
from medspa_core.wording.words import Words, read_words

HERE = Path(__file__).parent
WORDS = HERE.parents[2] / "data" / "record_words.toml"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PEOPLE = ("person_id", "recorded_by")
FIELDS = ("code_name", "name", "birth_date", "contact", "note", "created_at", "held_why")
Named = Callable[[str], str]
Books = Callable[[str | None], Rulebook]
Pairs = list[tuple[str, str]]
A_DAY = ("_date", "_on", "_until", "_day", "as_of")
"""How the names of columns end that hold a day."""


@dataclass(frozen=True)
class Said:
    """A part of a consultation on the page: its heading (a key of the words), lines, a list, and what stands under it."""

    heading: str
    lines: Sequence[str]
    listed: Sequence[str] = ()
    under: str = ""


@dataclass(frozen=True)
class PaperWords(Words):
    """The sentences of the page, and how the clinic writes its dates."""

    dates: DateStyle

    def day(self, day: date) -> str:
        """12 June 2027, or June 12, 2027."""
        return in_words(day, self.dates)

    def told(self, name: str, value: Any) -> str:
        """A value as it was kept, moments and the days of columns that hold days in words."""
        if isinstance(value, str) and len(value) == 27 and value.endswith("Z"):
            return f"{self.day(_moment(value))}, {_moment(value):%H:%M} UTC"
        if isinstance(value, str) and name.endswith(A_DAY) and ISO_DAY.fullmatch(value):
            return self.day(date.fromisoformat(value))
        return value if isinstance(value, str) else str(value)


def as_page(record: Record, books: Books, named: Named, practice: PracticeFacts) -> bytes:
    """The page. `books` gives the rulebook of a revision, `named` says who a person is, `practice` whose record it is."""
    words = PaperWords(WORDS.name, read_words(WORDS).entries, books(None).clinic.dates)
    made = record.made_at.astimezone(UTC)
    page = _template().render(
        say=words.say,
        practice=" · ".join(filter(None, (practice.name, practice.phone, practice.hours if practice.phone else ""))),
        made=words.say("made", day=words.day(made), time=f"{made:%H:%M}"),
        client=_fields(record.client, words),
        merged=[_fields(one, words) for one in record.merged],
        consultations=[_consultation(one, words, books, named) for one in record.consultations],
        other=[_other(table, rows, words, named) for table, rows in record.other.items()],
    )
    return page.encode("utf-8", "replace")


@functools.cache
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template("record.html")


def _fields(client: Mapping[str, Any], words: PaperWords) -> Pairs:
    return [(words.say(name), words.told(name, client[name])) for name in FIELDS if client.get(name)]


def _other(table: str, rows: Sequence[Mapping[str, Any]], words: PaperWords, named: Named) -> tuple[str, list[Pairs]]:
    """A table that this page has no words for: its title, and each row as pairs."""
    kept = [[(name, value) for name, value in row.items() if value not in (None, "")] for row in rows]
    told = [[(as_read(name), _kept(name, value, words, named)) for name, value in row] for row in kept]
    return words.say("other", table=as_read(table)), told


def _consultation(one: Mapping[str, Any], words: PaperWords, books: Books, named: Named) -> dict[str, object]:
    """What record.html says of one consultation."""
    choice = one["choices"][0] if one["choices"] else {}
    book = books(choice.get("rulebook_revision"))
    finished = one["finished_at"]
    answered = {row["question"]: row["answer"] for row in one["answers"]}
    ordered = [*(q for q in book.questions if q in answered), *(q for q in answered if q not in book.questions)]
    said = [
        *(_chosen(choice, book, words) if choice else ()),
        Said("notes", (), _notes(one["notes"], words)),
        Said("amendments", (), _amendments(one["amendments"], words, named)),
    ]
    return {
        "title": words.say("consultation", day=words.day(date.fromisoformat(one["as_of"]))),
        "ended": words.say("finished", day=words.day(_moment(finished))) if finished else words.say("unfinished"),
        "answers": [(question_name(book, q), _answer(book, q, answered[q], words)) for q in ordered],
        "said": [part for part in said if part.lines or part.listed],
    }


def _notes(notes: Sequence[Mapping[str, Any]], words: PaperWords) -> list[str]:
    keys = {True: "note_taken_back", False: "note_of"}
    in_order = sorted(notes, key=lambda row: int(row["number"]))
    return [
        words.say(keys[bool(row["taken_back_at"])], day=words.day(_moment(row["at"])), text=row["text"])
        for row in in_order
    ]


def _amendments(amendments: Sequence[Mapping[str, Any]], words: PaperWords, named: Named) -> list[str]:
    return [
        words.say("amendment", day=words.day(_moment(row["at"])), by=named(row["by"]), what=row["what"], why=row["why"])
        for row in sorted(amendments, key=lambda row: str(row["at"]))
    ]


def _chosen(choice: Mapping[str, Any], book: Rulebook, words: PaperWords) -> Iterator[Said]:
    """What was chosen, and what the screen said when it was."""
    chosen = choice["choice"]
    said = words.say(chosen) if words.has(chosen) else option_name(book, chosen)
    lines = [words.say("chosen", choice=said, day=words.day(_moment(choice["chosen_at"])))]
    if choice["reason"]:
        lines.append(words.say("reason", reason=choice["reason"]))
    if choice["next_kind"]:
        lines.append(words.say(choice["next_kind"], day=words.day(date.fromisoformat(choice["next_day"]))))
    yield Said("choice", lines)
    if shown := choice["shown"]:
        under = words.say("rulebook", revision=choice["rulebook_revision"])
        yield Said("shown", [_best(shown, book, words)], [*_verdicts(shown, book, words)], under)


def _best(shown: Mapping[str, Any], book: Rulebook, words: PaperWords) -> str:
    best, standing = shown.get("best"), word_of("standing", shown.get("standing"))
    return words.say(
        "recommended" if best else "recommended_none", option=option_name(book, str(best)), standing=standing
    )


def _verdicts(shown: Mapping[str, Any], book: Rulebook, words: PaperWords) -> Iterator[str]:
    for option, found in shown.get("options", {}).items():
        verdict = word_of("verdict_words", found.get("verdict"))
        yield words.say("verdict", option=option_name(book, option), verdict=verdict)


def word_of(table: str, word: object) -> str:
    """What is read for a word of a result, by a table of this page's words; one that is not known any more stays as it is."""
    found: Mapping[str, str] = read_words(WORDS).entry(table)
    return found.get(str(word), as_read(word))


def _answer(book: Rulebook, question: str, answer: Any, words: PaperWords) -> str:
    asked = book.questions.get(question)
    known = asked.words.answers if asked is not None else {}
    if isinstance(answer, list):
        return ", ".join(known.get(one, str(one)) for one in answer)
    if isinstance(answer, dict):
        told = {name: known.get(str(one)) or words.told(A_DAY[0], one) for name, one in answer.items()}
        return "; ".join(f"{part_name(book, question, name)}: {one}" for name, one in told.items())
    name = A_DAY[0] if asked is not None and asked.kind == "date" else question
    return known.get(answer, words.told(name, answer)) if isinstance(answer, str) else str(answer)


def _kept(name: str, value: Any, words: PaperWords, named: Named) -> str:
    """A cell of a table that this page has no words for."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return named(value) if name in PEOPLE else words.told(name, value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

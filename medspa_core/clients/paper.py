"""A client's record as one page: a Record goes in, a whole HTML file comes out that opens and prints anywhere.

Nothing in it is loaded from elsewhere and nothing in it runs; whatever a client or a colleague typed is only text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from medspa_core.clients.record import Record
from medspa_core.rulebook import Rulebook
from medspa_core.typed_dates import DateStyle
from medspa_core.wording import Words, day_words, read_words

WORDS = Path(__file__).parents[2] / "data" / "record_words.toml"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PEOPLE = ("person_id", "recorded_by")
FIELDS = ("code_name", "name", "birth_date", "contact", "note", "created_at", "held_why")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
body { font: 12pt/1.45 Georgia, serif; color: #1C2927; max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 20pt; font-weight: 500; } h2 { font-size: 15pt; font-weight: 500; margin-top: 2em; } h3 { font-size: 12pt; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; }
td, th, p, li { overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate; }
tr { border-top: 1px solid #DAE1DF; break-inside: avoid; } th { font-weight: 400; color: #55625F; width: 45%; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""
Named = Callable[[str], str]
Books = Callable[[str | None], Rulebook]
A_DAY = ("_date", "_on", "_until", "_day", "as_of")
"""How the names of columns end that hold a day."""


@dataclass(frozen=True)
class PaperWords(Words):
    """The sentences of the page, and how the clinic writes its dates."""

    dates: DateStyle

    def day(self, day: date) -> str:
        """12 June 2027, or June 12, 2027."""
        return day_words(day, self.dates)

    def told(self, name: str, value: Any) -> str:
        """A value as it was kept, moments and the days of columns that hold days in words."""
        if isinstance(value, str) and len(value) == 27 and value.endswith("Z"):
            return f"{self.day(_moment(value))}, {_moment(value):%H:%M} UTC"
        if isinstance(value, str) and name.endswith(A_DAY) and ISO_DAY.fullmatch(value):
            return self.day(date.fromisoformat(value))
        return value if isinstance(value, str) else str(value)


def as_page(record: Record, books: Books, named: Named) -> bytes:
    """The page. `books` gives the rulebook of a revision, `named` says who a person is."""
    words = PaperWords(WORDS.name, read_words(WORDS).entries, books(None).clinic.dates)
    root = Element("html", {"lang": "en"})
    _head(root, words)
    body = SubElement(root, "body")
    _put(body, "h1", words.say("title"))
    made = record.made_at.astimezone(UTC)
    _put(body, "p", words.say("made", day=words.day(made), time=f"{made:%H:%M}"))
    _put(body, "h2", words.say("client"))
    _pairs(
        body, [(words.say(name), words.told(name, record.client[name])) for name in FIELDS if record.client.get(name)]
    )
    for one in record.merged:
        _put(body, "h3", words.say("merged"))
        _pairs(body, [(words.say(name), words.told(name, one[name])) for name in FIELDS if one.get(name)])
    for consultation in record.consultations:
        _consultation(body, consultation, words, books, named)
    for table, rows in record.other.items():
        _put(body, "h2", words.say("other", table=table.replace("_", " ")))
        for row in rows:
            kept = [(name, value) for name, value in row.items() if value not in (None, "")]
            _pairs(body, [(name.replace("_", " "), _kept(name, value, words, named)) for name, value in kept])
    page = tostring(root, encoding="unicode", method="html")
    return ("<!doctype html>\n" + page).encode("utf-8", "replace")


def _head(root: Element, words: PaperWords) -> None:
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    SubElement(head, "meta", {"name": "referrer", "content": "no-referrer"})
    _put(head, "title", words.say("title"))
    _put(head, "style", STYLE)


def _consultation(body: Element, one: Mapping[str, Any], words: PaperWords, books: Books, named: Named) -> None:
    choice = one["choices"][0] if one["choices"] else {}
    book = books(choice.get("rulebook_revision"))
    _put(body, "h2", words.say("consultation", day=words.day(date.fromisoformat(one["as_of"]))))
    finished = one["finished_at"]
    _put(body, "p", words.say("finished", day=words.day(_moment(finished))) if finished else words.say("unfinished"))
    _put(body, "h3", words.say("answers"))
    answered = {row["question"]: row["answer"] for row in one["answers"]}
    ordered = [*(q for q in book.questions if q in answered), *(q for q in answered if q not in book.questions)]
    _pairs(body, [(_question(book, q), _answer(book, q, answered[q], words)) for q in ordered])
    if not answered:
        _put(body, "p", words.say("none"))
    if choice:
        _choice(body, choice, book, words)
    _notes(body, one["notes"], words)
    _amendments(body, one["amendments"], words, named)


def _notes(body: Element, notes: Sequence[Mapping[str, Any]], words: PaperWords) -> None:
    if not notes:
        return
    _put(body, "h3", words.say("notes"))
    listed = SubElement(body, "ul")
    for row in sorted(notes, key=lambda row: int(row["number"])):
        key = "note_taken_back" if row["taken_back_at"] else "note_of"
        _put(listed, "li", words.say(key, day=words.day(_moment(row["at"])), text=row["text"]))


def _amendments(body: Element, amendments: Sequence[Mapping[str, Any]], words: PaperWords, named: Named) -> None:
    if not amendments:
        return
    _put(body, "h3", words.say("amendments"))
    added = SubElement(body, "ul")
    for row in sorted(amendments, key=lambda row: str(row["at"])):
        said = {"by": named(row["by"]), "what": row["what"], "why": row["why"]}
        _put(added, "li", words.say("amendment", day=words.day(_moment(row["at"])), **said))


def _choice(body: Element, choice: Mapping[str, Any], book: Rulebook, words: PaperWords) -> None:
    _put(body, "h3", words.say("choice"))
    chosen = choice["choice"]
    said = words.say(chosen) if words.has(chosen) else _option(book, chosen)
    _put(body, "p", words.say("chosen", choice=said, day=words.day(_moment(choice["chosen_at"]))))
    if choice["reason"]:
        _put(body, "p", words.say("reason", reason=choice["reason"]))
    if choice["next_kind"]:
        day = words.day(date.fromisoformat(choice["next_day"]))
        _put(body, "p", words.say(choice["next_kind"], day=day))
    shown = choice["shown"]
    if not shown:
        return
    _put(body, "h3", words.say("shown"))
    best, standing = shown.get("best"), word_of("standing", shown.get("standing"))
    key = "recommended" if best else "recommended_none"
    _put(body, "p", words.say(key, option=_option(book, str(best)), standing=standing))
    listed = SubElement(body, "ul")
    for option, found in shown.get("options", {}).items():
        verdict = word_of("verdict_words", found.get("verdict"))
        _put(listed, "li", words.say("verdict", option=_option(book, option), verdict=verdict))
    _put(body, "p", words.say("rulebook", revision=choice["rulebook_revision"]))


def word_of(table: str, word: object) -> str:
    """What is read for a word of a result, by a table of this page's words; one that is not known any more stays as it is."""
    found: Mapping[str, str] = read_words(WORDS).entry(table)
    return found.get(str(word), str(word or "").replace("_", " "))


def _question(book: Rulebook, question: str) -> str:
    return book.questions[question].words.staff if question in book.questions else question.replace("_", " ")


def _answer(book: Rulebook, question: str, answer: Any, words: PaperWords) -> str:
    asked = book.questions.get(question)
    known = asked.words.answers if asked is not None else {}
    if isinstance(answer, list):
        return ", ".join(known.get(one, str(one)) for one in answer)
    if isinstance(answer, dict):
        return "; ".join(f"{_part(book, question, name)}: {words.told(A_DAY[0], one)}" for name, one in answer.items())
    name = A_DAY[0] if asked is not None and asked.kind == "date" else question
    return known.get(answer, words.told(name, answer)) if isinstance(answer, str) else str(answer)


def _part(book: Rulebook, question: str, name: str) -> str:
    """What one entry of an object is about: of the days of the last time, the question beside which each stands."""
    asked = book.questions.get(question)
    return _question(book, name) if asked is not None and asked.kind == "since" else name.replace("_", " ")


def _option(book: Rulebook, option: str) -> str:
    return book.options[option].name if option in book.options else option.replace("_", " ")


def _pairs(parent: Element, pairs: Sequence[tuple[str, str]]) -> None:
    table = SubElement(parent, "table")
    for name, value in pairs:
        line = SubElement(table, "tr")
        SubElement(line, "th", {"scope": "row"}).text = name
        SubElement(line, "td", {"dir": "auto"}).text = value


def _put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _kept(name: str, value: Any, words: PaperWords, named: Named) -> str:
    """A cell of a table that this page has no words for."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return named(value) if name in PEOPLE else words.told(name, value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

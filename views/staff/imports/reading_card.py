"""How a file is read: which column is what, which way days and amounts go, and what each word means; and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from medspa_core.intake import IntakeProblem
from medspa_core.mapping.rules import UNDECIDED
from medspa_core.mapping.texts import folded, in_short
from medspa_core.practice.imports.fields import FIELDS, NEEDED, NOT_NOTED, NOT_OURS, WORDS, Known
from medspa_core.practice.imports.file_mapping import CODE_NAME, REFUND, checked_mapping
from medspa_core.practice.imports.keeping import Import, known_here, look_over
from medspa_core.practice.imports.reconciliation import Reconciliation
from views.context import core_access, environment
from views.context.words import counted, entry, field_label, say
from views.elements import draw
from views.elements.choice_field import in_a_list
from views.staff import lists
from views.staff.figures.mix_cards import heading
from views.staff.imports.file_card import Given, version

FEW = {
    "visits": ("day", "option", "status", "client", "reference", "provider", "location", "booked_on", "chair_minutes"),
    "sales": (
        "day",
        "option",
        "what",
        "amount",
        "currency",
        "list_price",
        "client",
        "reference",
        "provider",
        "location",
    ),
}
"""What most exports have; the others stand folded."""
SEEN, ASKED_BEFORE = "import_seen", "import_asked"
MOST_WORDS = 40
"""Of a field that are asked about at a time."""
MOST_ROWS = 100_000
"""Nobody else can save while a file is kept: some seconds for so many rows. More are kept by command line, at night."""
NO_NAME = "\u2013"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it is read now: the mapping as it may be kept, what is imported, and what would become of it."""

    given: Given
    raw: Mapping[str, Any]
    asked: Import
    known: Known
    report: Reconciliation


def show(given: Given) -> Reading | None:
    """The fields, and what they come to; None while something is missing."""
    known = known_here(core_access.store(), core_access.rulebook())
    with st.container(key="card_import_columns"):
        heading(say("staff.import.columns_title"), say("staff.import.columns_lead"))
        raw = _raw(given, known)
        missing = [one for one in NEEDED[given.kind] if one not in raw["columns"].values() and one not in raw["always"]]
        if missing:
            draw.note(say("staff.import.missing", fields=", ".join(map(_name, missing))), kind="ask")
            return None
        words = {field: {**given.raw.get("words", {}).get(field, {}), **found} for field, found in _said(given).items()}
        reading = _read(given, {**raw, "words": words}, known)
        for key, examples in reading.report.either.items() if reading else ():
            if examples:
                shown = ", ".join(map(in_short, examples))
                draw.note(say(f"staff.import.either_{key}", examples=shown), kind="ask")
    if reading is None:
        return None
    if reading.report.rows_in > MOST_ROWS:
        draw.note(say("staff.import.too_large", most=f"{MOST_ROWS:,}"), kind="ask")
        return None
    _words(reading)
    return None if any(reading.report.either.values()) or reading.report.asked else reading


def _name(field: str) -> str:
    return str(entry("staff.import.fields")[field])


def _key(given: Given, name: str) -> str:
    """A widget's, anew for each file, kind and kept reading."""
    return f"import_{given.kind}_{version()}_{given.kept_as}_{name}"


# --- columns ------------------------------------------------------------------------------------------------------


def _raw(given: Given, known: Known) -> dict[str, Any]:
    """The tables of the mapping but for its words."""
    rest = [field for field in FIELDS[given.kind] if field not in FEW[given.kind]]
    columns: dict[str, str] = {}
    with st.container(key="bar_import_fields"):
        found = {field: _column(given, field) for field in FEW[given.kind]}
    with st.expander(say("staff.import.more"), key=_key(given, "more")), st.container(key="bar_import_fields_more"):
        found |= {field: _column(given, field) for field in rest}
    for field, title in found.items():
        if title:
            columns.setdefault(title, field)
    with st.container(key="bar_import_fields_always"):
        in_none = [field for field in FIELDS[given.kind] if field in WORDS and not found[field]]
        always = {field: value for field in in_none if (value := _always(given, field, known))}
    return {"file": {"kind": given.kind, **_file(given)}, "columns": columns, "always": always}


def _column(given: Given, field: str) -> str:
    names = {"": say("staff.import.no_column"), **{title: title for title in given.titles}}
    titles = list(names)
    index = titles.index(guessed) if (guessed := _guess(given, field)) in titles else 0
    return in_a_list(_name(field), names, _key(given, f"col_{field}"), index=index)


def _guess(given: Given, field: str) -> str:
    """As it was kept; else the title that says so in a usual word."""
    if given.kept_as:
        kept = {of: title for title, of in given.raw["columns"].items()}
        return str(kept.get(field, ""))
    usual = [field.replace("_", " "), *entry("staff.import.guesses").get(field, ())]
    titles = {folded(title): title for title in given.titles}
    return next((titles[one] for one in usual if one in titles), "")


def _always(given: Given, field: str, known: Known) -> str:
    names = {"": say("staff.import.not_said"), **_ids(field, known)}
    kept, ids = given.raw.get("always", {}).get(field, ""), list(names)
    label = say("staff.import.always", field=_name(field))
    return in_a_list(label, names, _key(given, f"always_{field}"), index=ids.index(kept) if kept in ids else 0)


def _ids(field: str, known: Known) -> dict[str, str]:
    """Ids that words of a field may mean, each with its name on a screen."""
    named = entry("staff.import.ids")
    return {one: str(named.get(one, field_label(name))) for one, name in known.ids(field).items()}


def _file(given: Given) -> dict[str, str]:
    kept, found = given.raw.get("file", {}), dict[str, str]()
    with st.container(key="bar_import_fields_file"):
        for key in ("date_order", "decimal_mark") if given.kind == "sales" else ("date_order",):
            names: dict[str, str] = entry(f"staff.import.{key}s")
            index = list(names).index(kept.get(key, ""))
            found[key] = in_a_list(say(f"staff.import.{key}"), names, _key(given, key), index=index)
        if given.kind == "sales" and st.checkbox(
            say("staff.import.below_zero"), "below_zero" in kept, key=_key(given, "below_zero")
        ):
            found["below_zero"] = REFUND
        if st.checkbox(say("staff.import.client_is"), "client_is" in kept, key=_key(given, "client_is")):
            found["client_is"] = CODE_NAME
    return {key: value for key, value in found.items() if value}


# --- words --------------------------------------------------------------------------------------------------------


def _asked_before(given: Given) -> dict[str, dict[str, str]]:
    """The words of this file that were asked about, field by field, and what each was said to mean: a field that is not drawn for
    once forgets it."""
    found: dict[str, dict[str, dict[str, str]]] = st.session_state.setdefault(ASKED_BEFORE, {})
    return found.setdefault(_key(given, "words"), {})


def _said(given: Given) -> dict[str, dict[str, str]]:
    """What each of them was said to mean."""
    said: dict[str, dict[str, str]] = {field: {} for field in WORDS if field in FIELDS[given.kind]}
    for field, words in _asked_before(given).items():
        words.update({word: st.session_state.get(_key(given, f"word_{field}_{word}"), words[word]) for word in words})
        said[field] = {word: means for word, means in words.items() if means != UNDECIDED}
    return said


def _words(reading: Reading) -> None:
    """A field for each word that was asked about, sent together: each time the whole file is read anew."""
    before = _asked_before(reading.given)
    for field, unknown in reading.report.words.items():
        before[field] = before.get(field, {}) | {word: UNDECIDED for word in [*unknown][:MOST_WORDS]}
    if not any(before.values()):
        return
    left = sum(len(words) for words in reading.report.words.values())
    with st.container(key="card_import_words"), st.form("import_words", border=False):
        heading(say("staff.import.words_title"), say("staff.import.words_lead"))
        if left:
            draw.note(counted("staff.import.words_left", left), kind="ask")
        with st.container(key="bar_import_fields_words"):
            for field, words in before.items():
                for word in words:
                    _word(reading, field, word)
        lists.send("import_words", say("staff.import.words_send"), key="send_import_words")


def _word(reading: Reading, field: str, word: str) -> None:
    choices = {UNDECIDED: say("staff.import.ask"), **_ids(field, reading.known), NOT_OURS: say("staff.import.not_ours")}
    if field in ("option", "location", "provider"):
        choices[NOT_NOTED] = say("staff.import.not_noted")
    rows = reading.report.words[field][word] if field in reading.report.words else 0
    told = say("staff.import.words_of", field=_name(field), word=word, rows=rows) if rows else f"{_name(field)}: {word}"
    index = list(choices).index(_asked_before(reading.given)[field][word])
    in_a_list(field_label(told), choices, _key(reading.given, f"word_{field}_{word}"), index=index)


# --- what comes of it ---------------------------------------------------------------------------------------------


def _read(given: Given, raw: Mapping[str, Any], known: Known) -> Reading | None:
    """Read once for each way to read it, not with each tap."""
    try:
        mapping = checked_mapping(raw, given.kept_as or NO_NAME, known)
        asked = Import(given.file, mapping, environment.today())
        report = _seen(given, raw, asked, known)
    except IntakeProblem as problem:
        _refuse(problem.problems)
        return None
    return Reading(given, raw, asked, known, report)


def _seen(given: Given, raw: Mapping[str, Any], asked: Import, known: Known) -> Reconciliation:
    how = _key(given, repr(raw))
    seen: tuple[str, Reconciliation] | None = st.session_state.get(SEEN)
    if seen is None or seen[0] != how:
        seen = st.session_state[SEEN] = how, look_over(core_access.store(), asked, known)
    return seen[1]


def _refuse(lines: Sequence[str]) -> None:
    for line in lines:
        draw.told(line, refused=True)

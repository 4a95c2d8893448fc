"""A form's table in, the text of a first mapping out: what is certain is written, what is not stands as "?" to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from medspa_core.formats.shown import shown_key
from medspa_core.intake import columns_of
from medspa_core.mapping.answer_words import expected
from medspa_core.mapping.date_orders import EVERY, Orders, order_of, orders_of_all, orders_of_dates
from medspa_core.mapping.first_mapping.column_kinds import BIRTH_DATE, TICK, also_never_ticked, label_of, read_otherwise
from medspa_core.mapping.first_mapping.seen_answers import AnswersSeen, answers_seen
from medspa_core.mapping.first_mapping.seen_columns import Choices, SeenColumn, SeenForm, seen_form
from medspa_core.mapping.first_mapping.title_matching import Likeness, Questions, questions_of
from medspa_core.mapping.first_mapping.word_tables import Proposal, answer_tables, shared_words
from medspa_core.mapping.form_tools import NOT_TICKED, TICKED
from medspa_core.mapping.rules import SKIP, UNDECIDED, ids_of
from medspa_core.mapping.texts import folded, in_short, quoted
from medspa_core.rulebook import Rulebook
from medspa_core.tables.files.found_table import FoundTable

SURE_MARKS = ("\n", ";")  # no short answer to one question holds them
LONGEST_ANSWER = 200  # of what may be a word to choose from

HEAD = """\
# A first mapping of {file}, made from its titles and the answers in its first {rows} rows.
#
# 1. Look over every line. On the left stands what the form says, on the right what the program reads it as: a title as
#    the id of a question (those that no column answers yet are listed at the end), a word as the id of an answer.
# 2. Decide each "?": the program computes nothing before. A column that is of no use is "{skip}"; a word that is no answer is "".
#    Where you choose a question for a column, its answers may stand ready below behind "# ": take these marks away.
# 3. python -m medspa_core recommend {file} --map THIS_FILE --out results.csv
#    It prints the answers that this file does not say yet: add them. Rows that cannot be read are listed in results.rejected.csv.
"""
ABOUT_TICKS = """\
# `ticked`: one choice of several; a tick gives that answer to the question, and no tick gives none. Where a tick says that none
# of the others is so, name their questions: { question = ["…", "…"], ticked = ["no", "none"] }
"""


def first_mapping(found: FoundTable, rulebook: Rulebook) -> str:
    """A mapping as far as the file itself says it."""
    form, questions = seen_form(found), questions_of(rulebook)
    twice = {folded(one.title): one for one in form.columns if one.why_not and one.title.strip()}
    found.notices.extend(f"{found.name}: {in_short(one.title)}: {one.why_not}" for one in twice.values())
    if not form.rows:
        found.notices.append(f"{found.name}: no rows under the titles, so no answer can be looked at")
    proposals = [_proposal(seen, like, questions, rulebook) for seen, like in _asked(form, questions)]
    shared = shared_words(proposals)
    parts = [
        HEAD.format(file=shown_key(form.name), rows=form.rows, skip=SKIP),
        *_file_lines(form, proposals),
        "\n[columns]\n",
        *(ABOUT_TICKS for _ in [one for one in proposals if one.like.reads == TICK][:1]),
        *(_column_line(proposal) for proposal in proposals),
        *answer_tables(proposals, shared),
        *_open_questions(proposals, rulebook),
    ]
    return "".join(parts)


# --- columns ----------------------------------------------------------------------------------------------------------


def _asked(form: SeenForm, questions: Questions) -> Iterator[tuple[SeenColumn, Likeness]]:
    """Each column with what it asks; where two claim one question, neither is certain."""
    found = [_like(seen, questions) if not seen.why_not else Likeness(SKIP) for seen in form.columns]
    found = [read_otherwise(seen, like, questions) for seen, like in zip(form.columns, found, strict=True)]
    found = also_never_ticked(list(zip(form.columns, found, strict=True)))
    claims = Counter((like.fills, like.entry) for like in found if like.entry != UNDECIDED)
    by_entry = {like.fills for like in found if like.entry}
    for seen, like in zip(form.columns, found, strict=True):
        twice = claims[like.fills, like.entry] > 1 or (like.fills in by_entry and not like.entry)
        if like.fills not in (SKIP, UNDECIDED) and twice:
            yield seen, Likeness(UNDECIDED, likely=(like.fills,), reads=like.reads)
        else:
            yield seen, like


def _like(seen: SeenColumn, questions: Questions) -> Likeness:
    """By the words of the question; else by a title that is none of its words, as the name of a variable."""
    said = questions.asked(seen.about)
    named = questions.asked(seen.title) if said.fills == UNDECIDED and seen.about != seen.title else said
    if named.fills != UNDECIDED:
        return named
    mark, choices = seen.choices
    if mark in SURE_MARKS or _choices(seen, questions)[0]:
        likely = [*questions.answered(choices or seen.lines), *said.likely]
        return replace(said, likely=tuple(dict.fromkeys(name for name in likely if name in questions.lists)))
    answered = questions.answered(seen.cells) if seen.has_few_answers else ()
    first = sorted(answered, key=lambda name: name not in said.likely)
    return replace(said, likely=tuple(dict.fromkeys([*first, *said.likely])))


def _choices(seen: SeenColumn, questions: Questions) -> Choices:
    """Also short lines, if two or more are words of questions: an address has lines as well."""
    mark, choices = seen.choices
    return (mark, choices) if mark or len(questions.named(seen.lines)) < 2 else ("\n", seen.lines)


def _proposal(seen: SeenColumn, like: Likeness, questions: Questions, rulebook: Rulebook) -> Proposal:
    """Of what a column may ask, the first that its answers are like."""
    names = [name for name in (like.likely if like.fills == UNDECIDED else (like.fills,)) if name in questions.columns]
    if like.reads:
        return Proposal(seen, like, None, AnswersSeen())
    if not names:
        choices = _choices(seen, questions) if like.fills == UNDECIDED else ("", ())
        like = replace(like, likely=questions.named(choices[1])) if choices[0] else like
        return Proposal(seen, like, None, AnswersSeen(), choices)
    boxes = TICKED | NOT_TICKED if like.entry else frozenset()
    cells = [cell for cell in seen.cells if folded(cell) not in boxes and len(cell) <= LONGEST_ANSWER]
    answers = {name: answers_seen(questions.columns[name], cells, like.entry, rulebook) for name in names}
    best = next((name for name in names if answers[name].understood), names[0])
    like = replace(like, likely=tuple(dict.fromkeys([best, *like.likely]))) if like.fills == UNDECIDED else like
    return Proposal(seen, like, questions.columns[best], answers[best])


def _column_line(proposal: Proposal) -> str:
    seen, like = proposal.seen, proposal.like
    if seen.why_not:
        return f"# {in_short(seen.title)}: {seen.why_not}\n"
    if not seen.filled and like.fills == UNDECIDED and like.reads != TICK:
        return f"# {quoted(seen.title)} = {quoted(UNDECIDED)}  # empty in the rows looked at\n"
    mark, choices = proposal.choices if not like.reads else ("", ())
    if mark:
        found = ", ".join(map(in_short, choices)) or f"{len(seen.cells)} different cells"
        perhaps = f"; perhaps {', '.join(like.likely)}" if like.likely else ""
        said = f"several choices in a cell, which may answer several questions: {found}{perhaps}"
        keys = {"question": f"[{quoted(UNDECIDED)}]", "separator": quoted(mark)}
    else:
        said, keys = _said(proposal), _keys(proposal)
    table = f"{{ {', '.join(f'{key} = {value}' for key, value in keys.items())} }}"
    return f"{quoted(seen.title)} = {table if len(keys) > 1 else keys['question']}{f'  # {said}' if said else ''}\n"


def _keys(proposal: Proposal) -> dict[str, str]:
    """How a column is read, as its line in the mapping has it."""
    like, answers = proposal.like, proposal.answers
    question = {"question": quoted(like.fills)}
    if like.reads == TICK:
        label = label_of(proposal.seen)
        return {**question, TICK: quoted(UNDECIDED), **({"label": quoted(label)} if label else {})}
    if like.reads:
        return {**question, like.reads: "true"}
    further = {"entry": like.entry, "separator": answers.separator}
    units = {"units": f"[{', '.join(map(quoted, answers.units))}]"} if answers.units else {}
    return {**question, **{key: quoted(text) for key, text in further.items() if text}, **units}


def _said(proposal: Proposal) -> str:
    """What helps to look it over."""
    seen, like = proposal.seen, proposal.like
    said = [in_short(seen.about)] if seen.about != seen.title else []
    if like.entry == UNDECIDED and proposal.column is not None:
        said.append(f"one of {', '.join(ids_of(proposal.column))}")
    if proposal.answers.other_money:
        said.append(f"some in {proposal.answers.other_money}, but the clinic counts in its own currency")
    if like.fills == UNDECIDED:
        said += [f"perhaps {', '.join(like.likely)}"] if like.likely else []
    if like.fills == UNDECIDED and not like.reads:
        found = f"found: {', '.join(map(in_short, proposal.found))}"
        said.append(found if proposal.shows_answers else f"{len(seen.cells)} different")
    return "; ".join(said)


def _open_questions(proposals: Sequence[Proposal], rulebook: Rulebook) -> Iterator[str]:
    """Each question that no column was found to answer, with its words and its answers, to choose from."""
    filled = {one.like.fills for one in proposals}
    still = {name: column for name, column in columns_of(rulebook).items() if name not in filled}
    if still:
        yield "\n# Questions that no column answers yet, and what may be answered:\n"
    for name, column in still.items():
        words = f": {' '.join(column.question.words.client.split())}" if name == column.question_id else ""
        yield f"#   {name} ({expected(column)}){words}\n"


def _file_lines(form: SeenForm, proposals: Sequence[Proposal]) -> Iterator[str]:
    lines = [f"title_rows = [{', '.join(map(str, form.title_rows))}]\n"] if form.title_rows != (1,) else []
    lines += [f"skip_rows = {form.skip_rows}  # rows under the titles that are no clients\n"] if form.skip_rows else []
    lines += _date_order_line(proposals)
    if lines:
        yield "\n[file]\n"
        yield from lines


def _date_order_line(proposals: Sequence[Proposal]) -> Iterator[str]:
    """The order of all days of the file, those that the form tool wrote itself included, where any that may be an answer
    needs one. What tells an order is named, as one client may write otherwise than all the others."""
    orders = [(one, _orders(one)) for one in proposals]
    if any(_asks_for_an_order(one, found) for one, found in orders):
        tell = [f"{in_short(one.seen.title)} is {order_of([found])}" for one, found in orders if len(found) == 1]
        said = "; ".join(["month_first, day_first or year_first: which is 6/12?", *tell])
        yield f"date_order = {quoted(order_of(found for _, found in orders))}  # {said}\n"


def _orders(one: Proposal) -> Orders:
    is_date = one.answers.date_order or one.like.reads == BIRTH_DATE
    return orders_of_all(one.seen.cells) if is_date else orders_of_dates(one.seen.cells)


def _asks_for_an_order(one: Proposal, orders: Orders) -> bool:
    """Whether a column that may answer a question holds days that are not the same in every order."""
    return bool(one.answers.date_order) or (one.like.fills == UNDECIDED and orders != EVERY)

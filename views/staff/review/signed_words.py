"""The words that were signed on findings so far: those on today's answer, and those on an earlier one, which do not count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from medspa_core import exam
from medspa_core.exam import Ruling
from medspa_core.findings import Finding
from medspa_core.wording.of_entries import question_name
from views.consultation.answers.answer_words import answer_words
from views.context import core_access, environment
from views.context.words import counted, say, short_date
from views.elements import draw
from views.elements.draw import tag
from views.staff.review.review_page import Reviewed


def of_one(reviewed: Reviewed, found: Sequence[Finding]) -> None:
    """Every word on one finding, the last one first; `found`: what it is for each option."""
    lines = []
    for one in reversed(reviewed.file.rulings):
        if one.contraindication != found[0].contraindication:
            continue
        if any(exam.is_on(one, finding) for finding in found):
            lines.append(tag("p", _said(reviewed, [one]), cls="mc-small"))
        else:
            lines.append(tag("p", _earlier(reviewed, one, found[0].question), cls="mc-small muted"))
    if lines:
        draw.html(*lines)


def of_all(reviewed: Reviewed, unanswered: Mapping[str, Finding]) -> None:
    """Every word on what is not answered: one signed on many questions at once is one line, its questions folded."""
    book = core_access.rulebook()
    acts: dict[tuple[object, ...], list[Ruling]] = {}
    for one in reversed(reviewed.file.rulings):
        if one.contraindication in unanswered and exam.is_on(one, unanswered[one.contraindication]):
            acts.setdefault((one.signed, one.word, one.note), []).append(one)
        elif one.contraindication in unanswered:
            name = question_name(book, one.contraindication)
            draw.html(tag("p", f"{name}: {_earlier(reviewed, one, one.contraindication)}", cls="mc-small muted"))
    for together in acts.values():
        in_order = sorted(together, key=lambda one: one.number)
        title = counted("staff.review.questions", len(in_order))
        names = "; ".join(question_name(book, one.contraindication) for one in in_order)
        draw.html(
            tag("p", _said(reviewed, in_order, "_of_all"), cls="mc-small"),
            draw.folded(title, [tag("p", names, cls="mc-small")], f"word_{in_order[0].number}"),
        )


def _fields(reviewed: Reviewed, one: Ruling, options: Iterable[str]) -> dict[str, str]:
    book, named = core_access.rulebook(), set(options)
    return {
        "word": say(f"staff.review.said_word.{one.word}"),
        "options": ", ".join(book.options[option].name for option in book.options if option in named),
        "note": one.note,
        "name": reviewed.name(one.signed.person_id),
    }


def _said(reviewed: Reviewed, together: Sequence[Ruling], of: str = "") -> str:
    """One act: its words and its day once, options and days of all its questions together. `of`: how its words end."""
    one = together[0]
    fields = _fields(reviewed, one, {option for each in together for option in each.options})
    fields["signed"] = short_date(environment.local(one.signed.signed_at).date())
    if one.valid_until is None:
        return say(f"staff.review.said_refused{of}", **fields)
    return say(f"staff.review.said{of}", day=_until(together), **fields)


def _until(together: Sequence[Ruling]) -> str:
    """The day up to which it counts. Questions may have days of their own: then the first of them."""
    days = sorted({one.valid_until for one in together if one.valid_until is not None})
    told = short_date(days[0])
    if days[-1] < environment.today():
        return f"{told} ({say('staff.review.lapsed')})"
    return told if len(days) == 1 else say("staff.review.at_the_earliest", day=told)


def _earlier(reviewed: Reviewed, one: Ruling, question: str) -> str:
    """A word on an answer that the client has changed since."""
    fields = _fields(reviewed, one, one.options)
    answer = json.loads(one.answer)
    if answer is None:
        return say("staff.review.said_unanswered", **fields)
    book = core_access.rulebook()
    words = answer_words(book, question, answer, reviewed.file.draft.as_of)
    return say("staff.review.said_earlier", answer=words, **fields)

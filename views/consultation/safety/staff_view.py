"""The safety screen as staff see it: every answer with how it was asked, and the examiner's agenda."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.findings import Finding
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.checks.said_checks import NO_ANSWERS
from medspa_core.safety import Verdict, still_asked
from views.consultation import notes
from views.consultation.answers import answer_inputs, how_asked
from views.consultation.answers.answer_words import answer_words
from views.consultation.safety import safety_form
from views.consultation.safety.safety_cards import safety_cards
from views.context import environment
from views.context.words import counted, moment_words, say
from views.elements import draw
from views.frame import shell
from views.result import reviewed_options
from views.session import open_consultation
from views.session.open_consultation import Consultation

ICONS = {"excluded": "no", "deferred": "clock", "needs_review": "ask", "caution": "info", "clear": "check"}


def draw_staff_view(consultation: Consultation) -> None:
    """Answers at the left, agenda at the right."""
    with st.container(key="split_even_staff", horizontal=True, gap="medium"):
        with st.container(key="staff_answers"):
            _answers(consultation)
            notes.card(consultation)
        with st.container(key="card_examiner"):
            _agenda(consultation)
            _to_fill_in(consultation)


def _answers(consultation: Consultation) -> None:
    draw.html(
        draw.tag("h1", say("staff.answers_title"), cls="mc-title"),
        draw.tag("p", say("staff.answers_lead"), cls="mc-lead"),
    )
    times = _times(consultation)
    asked = [question for card in safety_cards(consultation) for question in card.questions]
    plain_no = [question for question in asked if consultation.answers.get(question) in NO_ANSWERS]
    telling = [question for question in asked if question not in plain_no]
    with st.container(key="card_answers"):
        if telling:
            draw.html(draw.table([_answer_row(consultation, question, times) for question in telling]))
        else:
            draw.html(draw.tag("p", say("staff.all_no"), cls="mc-small"))
    others = [question for question in consultation.answers if question not in asked]
    for key, questions in (("answered_no", plain_no), ("other_answers", others)):
        if questions:
            with st.expander(counted(f"staff.{key}", len(questions)), key=key):
                draw.html(draw.table([_answer_row(consultation, question, times) for question in questions]))
    if not reviewed_options.is_examined(consultation.id):
        draw.html(draw.tag("p", draw.tag("b", say("staff.waits")), " ", say("staff.waits_line"), cls="mc-small"))


def _times(consultation: Consultation) -> dict[str, str]:
    """When each answer that stands was given, in words; none where the store can't be asked just now."""
    try:
        given = open_consultation.answers_given(consultation)
    except records.StoreProblem:
        return {}
    return {one.question: moment_words(environment.local(one.at), consultation.as_of) for one in given if one.stands}


def _answer_row(consultation: Consultation, question: str, times: dict[str, str]) -> dict[str, str]:
    how_and_when = (_how(consultation, question), times.get(question, ""))
    return {
        say("staff.question"): consultation.book.questions[question].words.staff,
        say("staff.answer"): _answer(consultation, question),
        say("staff.how_asked"): ", ".join(part for part in how_and_when if part),
    }


def _answer(consultation: Consultation, question: str) -> str:
    if question not in consultation.answers:
        return say("staff.not_answered")
    if question == "importance":
        return _weighed(consultation)
    return answer_words(consultation.book, question, consultation.answers[question], consultation.as_of)


def _weighed(consultation: Consultation) -> str:
    """How much each thing matters, in words."""
    levels = consultation.book.questions["importance"].words.answers
    given = consultation.answers["importance"].items()
    return ", ".join(
        f"{consultation.book.criteria[criterion].said.name}: {levels[level]}" for criterion, level in given
    )


def _how(consultation: Consultation, question: str) -> str:
    how = consultation.how_asked.get(question, "")
    words: dict[str, str] = {
        how_asked.SINGLY: "single",
        how_asked.ON_CARD: "card",
        records.ON_FILE: "on_file",
        how_asked.NONE: "none",
        how_asked.UNSURE: "unsure",
        how_asked.WHICH_OPEN: "which",
        how_asked.TOLD_NURSE: "told",
        how_asked.SEEN: "seen",
        answer_inputs.PLANS: "plans",
    }
    told = say(f"staff.how.{words[how]}") if how in words else how
    again = consultation.book.questions[question].again_on_the_day
    return ", ".join(part for part in (told, say("staff.how.again") if again else "") if part)


def _agenda(consultation: Consultation) -> None:
    examined = "_examined" if reviewed_options.is_examined(consultation.id) else ""
    shell.section(say("staff.agenda_title"), say(f"staff.agenda_lead{examined}"))
    blocks = [finding_block(consultation, number, *item) for number, item in enumerate(agenda(consultation), start=1)]
    for notice in consultation.result.staff_notices:
        blocks.append(_block("caution", say("staff.notice"), draw.tag("div", say(notice))))
    unanswered = _unanswered(consultation)
    if unanswered:
        names = "; ".join(consultation.book.questions[question].words.staff for question in unanswered)
        title = counted("staff.unanswered", len(unanswered))
        blocks.append(_block("needs_review", title, draw.tag("div", names)))
    blocks.append(_block("clear", say("staff.others"), draw.tag("div", say(f"staff.nothing_found{examined}"))))
    draw.html(*blocks)


def agenda(consultation: Consultation) -> list[tuple[Finding, list[str]]]:
    """Findings of all options, each with the options it is for, the strictest first; what is only unanswered is told apart."""
    found: dict[tuple[str, Verdict], tuple[Finding, list[str]]] = {}
    for option, result in consultation.result.options.items():
        for finding in result.findings:
            if finding.answer is not None or finding.is_gate:
                found.setdefault((finding.contraindication, finding.verdict), (finding, []))[1].append(option)
    return sorted(found.values(), key=lambda item: -item[0].verdict)


def _unanswered(consultation: Consultation) -> tuple[str, ...]:
    return still_asked(consultation.result.unanswered_safety, consultation.open_options, consultation.book)


def finding_block(consultation: Consultation, number: int, one: Finding, options: Collection[str]) -> draw.Element:
    """One point of the agenda as staff read it."""
    book, verdict = consultation.book, one.verdict.word
    title = say(
        "staff.finding", number=number, verdict=say(f"staff.verdict.{verdict}"), options=_option_names(book, options)
    )
    client, staff, basis = _words_of(book, one)
    name = book.questions[one.question].words.staff
    pieces = [draw.tag("div", f"{name}: ", draw.tag("b", quoted(consultation, one.question, one.answer)), ". ", staff)]
    if client:
        pieces.append(draw.tag("div", say("staff.client_reads", words=client), cls="muted"))
    if basis:
        pieces.append(draw.tag("div", say("staff.basis", basis=basis), cls="muted"))
    return _block(verdict, title, *pieces)


def quoted(consultation: Consultation, question: str, answer: Any) -> str:
    """The answer behind a finding, in words."""
    if isinstance(answer, dict):
        fields = consultation.book.questions[question].words.answers
        told = (fields.get(str(value).lower(), say("staff.not_recorded")) for value in answer.values())
        return ", ".join(told) or say("staff.not_recorded")
    if answer is None:
        return say("staff.not_recorded")
    if isinstance(answer, bool):
        return consultation.book.questions[question].words.answers[str(answer).lower()]
    return answer_words(consultation.book, question, answer, consultation.as_of)


def _words_of(book: Rulebook, finding: Finding) -> tuple[str, str, str]:
    """What the client reads, what staff read, and how strong the source is, for one finding."""
    if finding.is_gate:
        gate = book.gates[finding.contraindication]
        return gate.client, gate.staff, say("staff.from_settings")
    rule = book.contraindications[finding.contraindication]
    case = rule.cases.get(finding.case)
    if case is None:
        return say("state.needs_review"), say("staff.unsure"), rule.basis
    return case.client, case.staff, rule.basis


def _option_names(book: Rulebook, options: Collection[str]) -> str:
    if set(options) >= set(book.ranked):
        return say("staff.all_options")
    return ", ".join(book.options[option].name for option in options)


def _block(verdict: str, title: str, *pieces: draw.Element) -> draw.Element:
    head = draw.tag("div", draw.icon(ICONS[verdict]), title, cls="mc-verdict")
    return draw.tag("div", head, *pieces, cls=f"mc-finding mc-finding-{verdict}")


def _to_fill_in(consultation: Consultation) -> None:
    draw.html(
        draw.tag("h3", say("staff.fill_in_title"), cls="mc-question"),
        draw.tag("p", say("staff.fill_in_lead"), cls="mc-help"),
    )
    for card in safety_cards(consultation):
        if card.layer == "together":
            safety_form.staff_taps(consultation, card)

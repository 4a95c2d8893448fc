"""A clinician's word on each finding of one consultation: the agenda, the words so far, a form for another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.exam import Word
from medspa_core.findings import Finding
from views.consultation.safety import staff_view
from views.context import core_access
from views.context.words import say, short_date
from views.elements import choice_field, draw, form_keys, notices
from views.elements.draw import tag
from views.frame import shell
from views.staff import signing
from views.staff.review import signed_words
from views.staff.review.review_page import Reviewed

Found = dict[str, list[tuple[str, Finding]]]  # contraindication -> the options it was found for


def findings(reviewed: Reviewed) -> None:
    """The agenda: each finding with the words on it and a form for another; what is only unanswered stands together."""
    shell.section(say("staff.review.agenda"), say("staff.review.agenda_lead"))
    answered, unanswered = _found(reviewed)
    if not answered and not unanswered:
        draw.note(say("staff.review.nothing"), kind="check")
    ordered = sorted(answered.items(), key=lambda item: -max(one.verdict for _, one in item[1]))
    for number, (contraindication, found) in enumerate(ordered, start=1):
        with st.container(key=f"card_finding_{contraindication}"):
            _finding(reviewed, number, contraindication, found)
    if unanswered:
        with st.container(key="card_unanswered"):
            _unanswered(reviewed, unanswered)


def _found(reviewed: Reviewed) -> tuple[Found, Found]:
    """Findings of all options by what was found. What is open about the product is settled by the product of the order."""
    answered: Found = {}
    unanswered: Found = {}
    for option, review in reviewed.file.options.items():
        for one in review.findings:
            if one.answer is None and (one.is_gate or one.contraindication not in reviewed.file.unanswered):
                continue
            among = unanswered if one.answer is None else answered
            among.setdefault(one.contraindication, []).append((option, one))
    return answered, unanswered


def _finding(reviewed: Reviewed, number: int, contraindication: str, found: list[tuple[str, Finding]]) -> None:
    strictest = max((one for _, one in found), key=lambda one: one.verdict)
    options = tuple(option for option, _ in found)
    draw.html(staff_view.finding_block(reviewed.consultation, number, strictest, options))
    signed_words.of_one(reviewed, [one for _, one in found])
    _after_the_exam(reviewed, contraindication)
    book = core_access.rulebook()
    can_be_said = list(Word)
    if not any(exam.can_be_lifted(one, book) for _, one in found):
        can_be_said = [] if strictest.is_gate else [Word.REFUSED]
        stays = "staff.review.stays_gate" if strictest.is_gate else "staff.review.stays"
        draw.html(tag("p", say(stays), cls="mc-small"))
    if can_be_said and reviewed.signer.licence is not None:
        words = book.questions[strictest.question].words.staff
        _word_form(reviewed, contraindication, [contraindication], words, options, can_be_said)


def _after_the_exam(reviewed: Reviewed, contraindication: str) -> None:
    """That no examiner had this on the agenda, and no word counts on it yet."""
    signed = reviewed.file.exam
    if signed is None:
        return
    unseen = {
        one.contraindication
        for option, told in reviewed.file.options.items()
        for one in exam.unseen(signed, option, told)
    }
    if contraindication in unseen:
        words = say("staff.review.not_at_the_exam", day=short_date(signed.examined_on))
        draw.note(words, kind="flag")


def _unanswered(reviewed: Reviewed, unanswered: Found) -> None:
    book = core_access.rulebook()
    names = "; ".join(book.questions[one].words.staff for one in unanswered)  # a name may have a comma of its own
    draw.html(tag("h3", say("staff.review.settled"), cls="mc-question"), tag("p", names, cls="mc-small"))
    signed_words.of_all(reviewed, {name: found[0][1] for name, found in unanswered.items()})
    if reviewed.signer.licence is not None:
        options = tuple(dict.fromkeys(option for found in unanswered.values() for option, _ in found))
        _word_form(reviewed, "unanswered", list(unanswered), say("staff.review.all_of_these"), options)


def _word_form(
    reviewed: Reviewed,
    name: str,
    named: Sequence[str],
    words: str,
    options: tuple[str, ...],
    can_be_said: Sequence[Word] = tuple(Word),
) -> None:
    book = core_access.rulebook()
    mine = reviewed.mine + form_keys.suffix(_form_of(reviewed, name))
    with st.form(f"word_{name}", border=False):
        label = say("staff.review.word_question", finding=words)
        told = {one: say(f"staff.review.word.{one}") for one in can_be_said}
        word = choice_field.as_pills(label, told, f"tap_word_{name}{mine}")
        chosen = list(options)
        if len(options) > 1:
            label, names = say("staff.review.options_question"), {one: book.options[one].name for one in options}
            several: dict[str, Any] = {"default": chosen, "selection_mode": "multi"}
            chosen = choice_field.as_pills(label, names, f"tap_options_{name}{mine}", **several)
        note = st.text_input(say("staff.review.note"), max_chars=2000, key=f"note_{name}{mine}")
        pressed = st.form_submit_button(say("staff.review.sign_word"), key=f"sign_word_{name}")
    if pressed:
        _sign_word(reviewed, name, named, word, note, chosen)


def _form_of(reviewed: Reviewed, name: str) -> str:
    return f"word_{reviewed.file.draft.id}_{name}"


def _sign_word(
    reviewed: Reviewed, name: str, named: Sequence[str], word: Word | None, note: str, options: Sequence[str]
) -> None:
    """Without a tap on a word there is nothing to sign; the form says what it lacks through the core's own refusal."""
    form = _form_of(reviewed, name)
    if word is None:
        notices.refuse(signing.PLACE, say("staff.review.word_missing"), {}, form)
        st.rerun()
    about: dict[str, Any] = {"options": options, "product_id": reviewed.product}
    signing.sign(reviewed.signer, form, exam.rule_on, reviewed.file.draft.id, named, word, note, **about)

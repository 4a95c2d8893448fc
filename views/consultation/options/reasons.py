"""Below the cards: why, what would change it, what was studied; and for staff the numbers behind all three."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from medspa_core.findings import Finding
from medspa_core.fit import NEEDLE_COMFORT
from medspa_core.wording.flips import FlipLine, flip_lines
from medspa_core.wording.headlines import headline
from medspa_core.wording.of_entries import studied_for
from medspa_core.wording.reasons import ReasonList, overall_reasons, pair_reasons
from medspa_core.wording.words import capital, listed, small
from views.charts.reason_bars import reason_bars, table_rows
from views.consultation.options.option_cards import link
from views.consultation.safety import staff_view
from views.context.words import entry, plain, say
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.redraw import screen_parts
from views.result import outcome
from views.result.outcome import Outcome
from views.session.open_consultation import Consultation


def panels(out: Outcome) -> None:
    """The three panels under the cards."""
    with st.container(key="bar_three"):
        draw.html(tag("section", *why(out), cls="rr-panel rr-panel-why"))
        lines = _lines(out)
        if lines or _flips_lead(out, lines):
            with st.container(key="card_flips"):
                what_would_change(out, lines)
        draw.html(tag("section", *studied(out), cls="rr-panel"))


# --- why ------------------------------------------------------------------------------------------------------------


def reasons_of(out: Outcome) -> ReasonList | None:
    """The pair's reasons; if one of the two is out, those of the leader over the next."""
    return pair_reasons(out.told) or overall_reasons(out.told)


def why(out: Outcome) -> list[draw.Element]:
    """Bars that add up, then what is equal and what was not used."""
    reasons = reasons_of(out)
    if reasons is None:
        one = len(out.told.open_ranked) == 1
        title = say("reasons.title_one", best=out.told.name(out.told.open_ranked[0])) if one else say("reasons.heading")
        nothing = "none_over" if out.consultation.finished else "none"
        key = "one_left" if one else "none_left" if out.result.why_none else nothing
        return [_heading(title), tag("p", say(f"reasons.{key}"), cls="rr-text")]
    names = _short_names(out, reasons)
    if reasons.lines:
        bars = draw.picture(reason_bars(reasons, names), cls="mc-picture-reasons")
    else:
        bars = tag("p", say("reasons.equal_all"), cls="rr-text")
    also = [tag("p", text, cls="rr-small") for text in _also(out, reasons)]
    table = [draw.as_table(table_rows(reasons, names), "reasons", _alike(reasons))] if reasons.lines else []
    return [_heading(_title(out, reasons)), bars, *also, *table]


def _title(out: Outcome, reasons: ReasonList) -> str:
    best, other = out.told.name(reasons.best), out.told.name(reasons.other)
    pair = out.result.pair
    standing = pair.standing if pair is not None and pair.best is not None else out.result.standing
    if standing == "close_call":
        return say("reasons.title_close", Best=capital(best), other=other)
    return say("reasons.title", best=best, other=other)


def _short_names(out: Outcome, reasons: ReasonList) -> tuple[str, str]:
    short = [out.book.options[option].short_name for option in (reasons.best, reasons.other)]
    best, other = (name if name.isupper() else name.lower() for name in short)
    return best, other


def _also(out: Outcome, reasons: ReasonList) -> list[str]:
    """What neither fits, what was not used, what is not met; and what is alike, where there is no table to stand in."""
    texts = _named(reasons, ("neither_fits", "not_used")) + ([] if reasons.lines else _alike(reasons))
    for key in ("unmet", "unmet_by_both"):
        if names := getattr(reasons, key):
            texts.append(say(f"notes.{key}", best=out.told.name(reasons.best), criteria=listed(names)))
    if not out.answers.get("importance"):
        texts.append(say("reasons.default"))
    return texts


def _alike(reasons: ReasonList) -> list[str]:
    """Equal for both, fitting both, not counting: it moves nothing either way."""
    return _named(reasons, ("same", "both_fit", "no_weight"))


def _named(reasons: ReasonList, keys: Sequence[str]) -> list[str]:
    return [say(f"reasons.{key}", list=", ".join(names)) for key in keys if (names := getattr(reasons, key))]


# --- what would change this -----------------------------------------------------------------------------------------


def _lines(out: Outcome) -> Sequence[FlipLine]:
    """While one is being tried the others stay what they are, changes of the client's own answers: so each keeps its promise."""
    return flip_lines(outcome.own(out.consultation).told if out.trying else out.told)


def what_would_change(out: Outcome, lines: Sequence[FlipLine]) -> None:
    """The nearest changes, each a tap that tries it; then the question most worth asking."""
    draw.html(
        _heading(say("flips.title")), *([tag("p", lead, cls="rr-small")] if (lead := _flips_lead(out, lines)) else [])
    )
    for number, line in enumerate(lines):
        _flip(out, line, number)
    if not out.trying and not out.consultation.finished:
        next_question(out)


def _flips_lead(out: Outcome, lines: Sequence[FlipLine]) -> str:
    if not lines:
        return "" if out.answers.get(NEEDLE_COMFORT) == "never" else say("flips.none")  # that answer is never flipped
    if out.consultation.finished or not any(line.answers for line in lines):
        return ""
    return say("flips.lead_trying" if out.trying else "flips.lead")


def _flip(out: Outcome, line: FlipLine, number: int) -> None:
    """One change; a tap tries it, and a second tap comes back."""
    if line.answers is None or out.consultation.finished:
        draw.html(tag("p", f"{line.change}: ", tag("b", line.outcome), cls="rr-text"))
        return
    is_tried = line.change == out.trying
    try_it = partial(outcome.try_out, out.consultation.id, line.answers, line.change)
    st.button(
        f"{plain(line.change)}: **{plain(line.outcome)}**",
        key=f"try_{number}",
        icon=":material/check:" if is_tried else ":material/sync_alt:",
        type="primary" if is_tried else "secondary",
        on_click=screen_parts.tap(out.consultation, outcome.come_back if is_tried else try_it),
        width="stretch",
    )


def next_question(out: Outcome) -> None:
    """The open question whose answer is most likely to change something."""
    worth = next((item for item in out.result.next_questions if item.share > 0), None)
    if worth is None:
        return
    question = out.book.questions[worth.question]
    draw.html(_heading(say("next.title")), tag("p", question.words.client, cls="rr-text"))
    with st.container(key="quiet_next", width="content"):
        if st.button(say("next.go"), key="answer_next", icon=":material/edit:"):
            shell.go(_asked_on(question.part, question.layer))


def _asked_on(part: str, layer: str) -> str:
    if part == "safety":
        return "safety"
    return "what_matters" if layer == "what_matters" else "you"


def trying(consultation: Consultation) -> None:
    """The strip that says: this is not your own answer."""
    out = outcome.of(consultation)
    if not out.trying:
        st.empty()  # keeps the place, so that what follows stays the same element
        return
    told, keep = headline(out.told), partial(outcome.keep_tried, consultation)
    come_back = screen_parts.tap(consultation, outcome.come_back)
    with st.container(key="sand_trying", horizontal=True, wrap=False, vertical_alignment="center"):
        draw.html(
            tag("p", say("flips.trying", change=small(out.trying)), cls="rr-h"),
            *(tag("p", text, cls="rr-text") for text in told.lines),
        )
        st.button(say("flips.keep"), key="keep_tried", on_click=screen_parts.tap(consultation, keep))
        st.button(say("flips.come_back"), key="come_back", icon=":material/undo:", on_click=come_back)


# --- studied side by side -------------------------------------------------------------------------------------------


def studied(out: Outcome) -> list[draw.Element]:
    """What has been compared, and what speaks for the plainest option."""
    pieces = [_compared(out)]
    alone = _alone(out)
    if alone:
        pieces.append(tag("p", draw.option_mark(alone[0]), tag("span", alone[1]), cls="rr-text"))
    return [*pieces, tag("a", say("under_cards.why"), cls="rr-source", **link(out, "studied"))]


def _compared(out: Outcome) -> draw.Element:
    """What was studied side by side for the client's concern; a rulebook that was kept may have no words for it."""
    concern = out.answers.get("concern")
    told_of = studied_for(out.book, concern or "")
    if concern and told_of:
        return draw.folded(say("studied.title"), [tag("p", told_of.text, cls="rr-text")], "studied")
    nothing = "none_here" if concern else "none_over" if out.consultation.finished else "none"
    return tag("div", _heading(say("studied.title_none")), tag("p", say(f"studied.{nothing}"), cls="rr-text"))


def _alone(out: Outcome) -> tuple[str, str] | None:
    """Where an option outside the pair leads: what speaks for it."""
    reasons = overall_reasons(out.told)
    if reasons is None or out.result.pair is None or out.result.best not in out.told.others:
        return None
    towards = [out.told.criterion(one.criterion).in_a_sentence for one in reasons.lines if one.towards == reasons.best][
        :3
    ]
    if not towards:
        return None
    told = listed(towards)
    name = out.told.name(reasons.best)
    return reasons.best, say("studied.alone_leads", option=name, reasons=told)


def _heading(text: str) -> draw.Element:
    return tag("h2", text, cls="rr-h")


# --- for staff ------------------------------------------------------------------------------------------------------


def staff_numbers(out: Outcome) -> None:
    """Points, robustness, findings, and each basis beside the others."""
    result = out.result
    line = say(
        "staff.numbers.weight_total",
        total=result.weight_total,
        standing=_in_words(result.standing),
        pair=_in_words(result.pair.standing) if result.pair else "-",
        revision=result.rulebook_revision,
    )
    with st.container(key="card_staff"):
        draw.html(_heading(say("staff.numbers.title")), tag("p", line, cls="rr-small"))
        draw.html(_heading(say("staff.numbers.bases")), draw.table(_bases_rows(out)))
        reasons = reasons_of(out)
        if reasons:
            draw.html(_heading(say("staff.numbers.reason_points")), draw.table(_reason_rows(out, reasons)))
        found = _finding_rows(out)
        draw.html(_heading(say("staff.numbers.findings")))
        draw.html(draw.table(found) if found else tag("p", say("staff.numbers.no_findings"), cls="rr-text"))


def _in_words(standing: str) -> str:
    return standing.replace("_", " ")


def _bases_rows(out: Outcome) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    pair = out.result.pair
    for basis, found in out.result.bases.items():
        row: dict[str, object] = {say("staff.numbers.basis"): basis, say("staff.numbers.best"): _short(out, found.best)}
        row[say("staff.numbers.pair_best")] = _short(out, pair.by_basis[basis] if pair else None)
        for option in out.book.ranked:
            name = out.book.options[option].short_name
            points, robust = found.points.get(option), found.robustness.get(option)
            row[name] = "-" if points is None else f"{points:,} · {robust:.0%}"
        rows.append(row)
    return rows


def _short(out: Outcome, option: str | None) -> str:
    return out.book.options[option].short_name if option else "-"


def _reason_rows(out: Outcome, reasons: ReasonList) -> list[dict[str, object]]:
    credence, said = out.result.credence, entry("staff.numbers")
    rows: list[dict[str, object]] = [
        {
            said["criterion"]: out.told.criterion(line.criterion).in_a_sentence,
            said["reason_column"]: f"{line.points:+,}",
            said["towards"]: _short(out, line.towards),
            said["weight"]: line.weight,
            said["credence"]: f"{credence[line.criterion]:g}",
        }
        for line in reasons.lines
    ]
    if rows:
        total = {said["criterion"]: said["sum"], said["reason_column"]: f"{reasons.total:+,}"}
        rows.append(dict.fromkeys(rows[0], "") | total)
    return rows


def _finding_rows(out: Outcome) -> list[dict[str, object]]:
    book, said = out.book, entry("staff.numbers")
    return [
        {
            said["option"]: book.options[option].short_name,
            said["verdict"]: say(f"staff.verdict.{finding.verdict.word}"),
            said["question"]: book.questions[finding.question].words.staff,
            said["answer"]: _answer(out, finding),
            said["source"]: finding.source,
        }
        for option in book.ranked
        for finding in out.result.options[option].findings
    ]


def _answer(out: Outcome, finding: Finding) -> str:
    if finding.answer is None:
        return say("staff.numbers.unanswered")
    return staff_view.quoted(out.consultation, finding.question, finding.answer)

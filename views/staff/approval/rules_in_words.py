"""The rulebook in words, for the director who signs it: parts with their rules, each a title and lines. No id of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from medspa_core.contraindication import NOT_SURE, judge_answer
from medspa_core.formats.as_read import money
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.book import GATE_KEYS
from medspa_core.rulebook.schema.entries import Span
from medspa_core.rulebook.schema.judged import Case, Contraindication, Gate
from medspa_core.rulebook.schema.offered import OptionFile, Step
from views.context.words import say
from views.staff.approval import claims_in_words, said_in_words
from views.staff.approval.rule_lines import Rule, listed, option_names, sources_line, yes_no

SHORTEST_BEGINNING, ENDING = 4, 4
"""Letters: "thinners" finds "thins", "anticoagulants" finds "anticoagulant"."""
LAYERS = ("hard_stop", "history", "staff_sees", "one_option", "last_days")


@dataclass(frozen=True)
class Part:
    """A part of the rulebook with its rules."""

    key: str
    title: str
    rules: tuple[Rule, ...]


@lru_cache(maxsize=4)
def parts(book: Rulebook) -> tuple[Part, ...]:
    """The whole rulebook, in the order in which a director reads it."""
    found = {
        **_safety(book),
        "gates": [_gate(book, gate) for gate in book.gates.values()],
        "exam": _exam(book),
        "course": _course(book),
        "prices": _prices(book),
        **claims_in_words.parts(book),
        "screens": list(said_in_words.rules(book)),
    }
    return tuple(Part(key, say(f"staff.rules.groups.{key}"), tuple(rules)) for key, rules in found.items() if rules)


def found_in(book: Rulebook, typed: str) -> list[tuple[Part, Rule]]:
    """The rules that hold every word that was typed, or the beginning of each: those with the very words come first."""
    wanted = typed.casefold().split()
    begun = [word[: max(SHORTEST_BEGINNING, len(word) - ENDING)] for word in wanted]
    every = [(part, rule, rule.text.casefold()) for part in parts(book) for rule in part.rules]
    near = [(part, rule, text) for part, rule, text in every if all(word in text for word in begun)]
    near.sort(key=lambda one: not all(word in one[2] for word in wanted))
    return [(part, rule) for part, rule, _ in near]


# --- safety ---------------------------------------------------------------------------------------------------------


def _safety(book: Rulebook) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {key: [] for key in (*(f"safety_{layer}" for layer in LAYERS), "safety")}
    for question, rule in book.contraindications.items():
        if rule.cases:
            key = f"safety_{book.questions[question].layer}"
            found[key if key in found else "safety"].append(_contraindication(book, question, rule))
    return found


def _contraindication(book: Rulebook, question: str, rule: Contraindication) -> Rule:
    words = book.questions[question].words
    lines = [say("staff.rules.safety.asked", words=" ".join(filter(None, (words.client, words.help))))]
    lines += [line for answer, case in rule.cases.items() for line in _case(book, question, answer, case)]
    lines += _not_known(book, question, rule)
    clearance = book.exam.clearances.get(question)
    if clearance is not None:
        lines.append(say("staff.rules.safety.clearance", days=clearance.days))
        if clearance.may_lift:
            lifted = listed(words.answers.get(one, one) for one in clearance.may_lift)
            lines.append(say("staff.rules.safety.lifts", answers=lifted))
    lines.append(say("staff.rules.safety.basis", basis=rule.basis))
    if rule.note:
        lines.append(say("staff.rules.safety.note", note=rule.note))
    return Rule(words.staff, (*lines, sources_line(book, rule.sources)))


def _case(book: Rulebook, question: str, answer: str, case: Case) -> Iterator[str]:
    told = {option: _verdict(word) for option, word in case.verdicts.items()}
    yield say("staff.rules.safety.case", answer=_answer(book, question, answer, case), verdicts=_verdicts(book, told))
    if case.days:
        what = say("staff.rules.safety.from_when", what=case.days_from) if case.days_from else ""
        yield say("staff.rules.safety.days", days=case.days, from_when=what)
        if book.questions[question].window_days is not None:
            yield say("staff.rules.safety.dated", days=case.dated_days)
    yield say("staff.rules.client_reads", words=case.client)
    yield say("staff.rules.staff_reads", words=case.staff)


def _answer(book: Rulebook, question: str, answer: str, case: Case) -> str:
    if case.below is not None:
        return say("staff.rules.safety.below", below=case.below)
    if case.start is not None:
        return say("staff.rules.safety.between", start=case.start, to=case.to)
    return book.questions[question].words.answers.get(answer, answer)


def _not_known(book: Rulebook, question: str, rule: Contraindication) -> Iterator[str]:
    """What not sure and no answer mean, as the core itself judges them."""
    answers = [answer for answer in (NOT_SURE, None) if answer is None or answer in book.questions[question].answers]
    told = {
        answer: {option: _verdict(judge_answer(rule, answer, option)[1].word) for option in book.ranked}
        for answer in answers
        if answer not in rule.cases
    }
    if len(told) == 2 and told[NOT_SURE] == told[None]:
        yield say("staff.rules.safety.not_known", verdicts=_verdicts(book, told[None]))
        return
    for answer, verdicts in told.items():
        name = "not_answered" if answer is None else "not_sure"
        yield say(f"staff.rules.safety.{name}", verdicts=_verdicts(book, verdicts))


def _verdict(word: str) -> str:
    return say(f"staff.rules.verdict.{word}")


def _verdicts(book: Rulebook, words: Mapping[str, str]) -> str:
    if len(set(words.values())) == 1 and set(words) >= set(book.ranked):
        return say("staff.rules.safety.all", verdict=next(iter(words.values())))
    names = {option: book.options[option].short_name for option in book.ranked if option in words}
    each = (say("staff.rules.safety.one", option=name, verdict=words[option]) for option, name in names.items())
    return "; ".join(each)


def _gate(book: Rulebook, gate: Gate) -> Rule:
    joint = say(f"staff.rules.gate.{gate.match}")
    conditions = joint.join(_condition(book, key, values) for key, values in gate.when.items())
    verdict, options = say(f"staff.rules.verdict.{gate.verdict}"), option_names(book, gate.options)
    lines = (
        say("staff.rules.gate.when", conditions=conditions, verdict=verdict, options=options),
        say("staff.rules.client_reads", words=gate.client),
        sources_line(book, gate.sources),
    )
    return Rule(gate.staff, lines)


def _condition(book: Rulebook, key: str, values: Iterable[str]) -> str:
    question, _, field = GATE_KEYS[key].partition(".")
    words = {**book.questions[question].words.answers, "not_recorded": say("staff.rules.gate.not_recorded")}
    told = listed((words.get(one, one) for one in values), say("staff.rules.gate.any"))
    what = say(f"staff.rules.gate.field.{field}") if field else book.questions[question].words.staff
    return say("staff.rules.gate.condition", what=what, values=told)


# --- exam, visits, prices -------------------------------------------------------------------------------------------


def _exam(book: Rulebook) -> list[Rule]:
    found = book.exam
    lines = (
        say("staff.rules.exam.exam_days", days=found.exam_days),
        say("staff.rules.exam.order_days", days=found.order_days),
        say("staff.rules.exam.most", sessions=found.most_sessions, depth=f"{found.deepest_tenths_mm / 10:.1f}"),
        say("staff.rules.safety.basis", basis=found.basis),
    )
    gates = [
        Rule(book.gates[key].staff, (say("staff.rules.safety.clearance", days=clearance.days),))
        for key, clearance in found.clearances.items()
        if key in book.gates
    ]
    return [Rule(say("staff.rules.exam.title"), lines), *gates]


def span_words(span: Span) -> str:
    """20, usually 30, at most 45."""
    return say("staff.rules.course.span", low=span.low, typical=span.typical, high=span.high)


def _course(book: Rulebook) -> list[Rule]:
    protocol = book.protocol
    steps = [_step(step) for step in protocol.steps.values()]
    interval = say("staff.rules.course.interval", days=protocol.interval.days)
    first = Rule(say("staff.rules.course.steps"), (*steps, interval))
    return [first, *(_option(book, file) for file in book.options.values() if file.rank)]


def _step(step: Step) -> str:
    told = say("staff.rules.course.step", step=step.meaning, span=span_words(step.minutes))
    if not step.licence:
        return told
    return f"{told} {say('staff.rules.course.needs', licence=say(f'staff.review.licence.{step.licence}'))}"


def _option(book: Rulebook, file: OptionFile) -> Rule:
    assert file.sessions is not None and file.visit is not None  # an option with a rank has a course
    plan = file.sessions.clinic
    own = say("staff.rules.course.plan", shares=_shares(plan.shares)) if plan else say("staff.rules.course.no_plan")
    concerns = book.questions["concern"].words.answers
    studies = (
        say("staff.rules.course.studies", concern=concerns.get(concern, concern), shares=_shares(found.shares))
        for concern, found in file.sessions.published.items()
    )
    spans = (
        say(f"staff.rules.course.{name}", span=span_words(found.days), counted=found.counted_from)
        for name in ("redness", "first_change", "peak")
        if (found := getattr(file, name)) is not None
    )
    upkeep = [say("staff.rules.course.upkeep", span=span_words(file.upkeep.months))] if file.upkeep else []
    ways = (
        say(f"staff.rules.course.{name}", steps=_plan(book, getattr(file.visit, name)))
        for name in ("one_after_another", "spin_during_numbing")
    )
    return Rule(file.name, (own, *studies, *ways, *spans, *upkeep))


def _shares(shares: Mapping[int, object]) -> str:
    return listed(
        say("staff.rules.course.share", sessions=sessions, percent=f"{float(str(share)) * 100:.0f}")
        for sessions, share in shares.items()
    )


def _plan(book: Rulebook, plan: Iterable[str | tuple[str, ...]]) -> str:
    names = {key: step.meaning for key, step in book.protocol.steps.items()}
    told = (
        names[part]
        if isinstance(part, str)
        else say("staff.rules.course.at_once", steps=listed(names[one] for one in part))
        for part in plan
    )
    return ", ".join(told)


def _prices(book: Rulebook) -> list[Rule]:
    clinic = book.clinic
    found = []
    for option, price in clinic.prices.items():
        amount = money(price.amount, clinic.currency_sign)
        line = say("staff.rules.prices.price", price=amount, meaning=price.meaning, evidence=price.evidence)
        found.append(Rule(book.options[option].name, (line, sources_line(book, price.sources))))
    place = book.questions["place"].words.answers.get(clinic.place, clinic.place)
    settings = (
        say("staff.rules.prices.place", place=place),
        say("staff.rules.prices.kit", yes=yes_no(clinic.prp_kit_cleared)),
        say("staff.rules.prices.spin", yes=yes_no(clinic.spin_during_numbing)),
        say("staff.rules.prices.needling", yes=yes_no(clinic.licence_covers_needling)),
        say("staff.rules.prices.draw", yes=yes_no(clinic.licence_covers_draw)),
    )
    return [*found, Rule(say("staff.rules.prices.settings"), settings)]

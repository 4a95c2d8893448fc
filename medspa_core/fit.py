"""How well each option suits what matters to the client, on each basis; whole numbers throughout, so that order, block
size and machine change nothing.

Attainments are thousandths, weights 0 to 3, draws whole numbers up to 500; every sum stays below 2**24, so a float32
matrix product is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from medspa_core.course import limits
from medspa_core.course.course_book import CourseBook
from medspa_core.course.course_tables import READY, UNKNOWN, CourseTables
from medspa_core.intake import IntakeTable, columns_of
from medspa_core.rulebook import BASES, CONSIDERED, OWN_BASES, Rulebook
from medspa_core.rulebook.schema.weighed import Criterion, Less
from medspa_core.safety import SafetyColumns

Attained = NDArray[np.int32]  # (options x criteria x rows), thousandths; UNKNOWN
Points = NDArray[np.int32]  # (options x rows)
Bools = NDArray[np.bool_]
Groups = Sequence[tuple[int, ...]]  # of options that stand against each other
NEEDLE_COMFORT = "needle_comfort"  # asked since version 2 of the model
ROWS_AT_ONCE = 1024  # of the robustness product: its sums stay in the cache


@dataclass(frozen=True)
class FitRules:
    """The rulebook's tables and weights, ready to be looked up."""

    criteria: tuple[str, ...]
    values: Mapping[str, tuple[NDArray[np.int32], ...]]  # criterion -> per own basis (answer code x options)
    weights: NDArray[np.int32]  # criterion, importance code (0: not stated)
    must_code: int
    credence: NDArray[np.int64]  # criterion, (numerator, denominator)
    draws: NDArray[np.float32]  # draw, criterion and one more for excluded options
    limits: tuple[int, ...]  # places of the criteria that are graded limits


@dataclass(frozen=True)
class Fit:
    """Attainments and weights of a block of clients."""

    attained: Mapping[str, Attained]  # basis -> (options x criteria x rows)
    weights: NDArray[np.int32]  # (criteria x rows), as the client said
    must: Bools  # (criteria x rows)
    limits: tuple[int, ...]  # places of the graded limits among the criteria
    chance_within: Attained  # (options x limits x rows): the considered chance of keeping each

    @cached_property
    def known(self) -> Mapping[str, Bools]:
        """Basis -> (criteria x rows): what is unknown for one option is dropped for all."""
        return {basis: np.minimum.reduce(attained) != UNKNOWN for basis, attained in self.attained.items()}

    @cached_property
    def counted_weights(self) -> Mapping[str, NDArray[np.int32]]:
        """Basis -> (criteria x rows): the weight of what is known, 0 for the rest."""
        return {basis: self.weights * known for basis, known in self.known.items()}

    def contributions(self, basis: str) -> Attained:
        """(options x criteria x rows): weight x attainment."""
        product: Attained = self.attained[basis] * self.counted_weights[basis][None]
        return product

    def points(self, basis: str) -> Points:
        """(options x rows): the sum of weight x attainment over known criteria."""
        points: Points = np.einsum("ocr,cr->or", self.attained[basis], self.counted_weights[basis])
        return points

    def below(self, number: int) -> Bools:
        """(options x criteria x rows): considered under so many thousandths; a limit by the chance of keeping it, and not by
        how little it is missed (MODEL section 3)."""
        low: Bools = self.attained[CONSIDERED] < number
        for place, limit in enumerate(self.limits):
            low[:, limit] = self.chance_within[:, place] < number
        return low

    def broken(self, rulebook: Rulebook) -> Bools:
        """(options x criteria x rows): the limits and the date that count for the client, if only a little, and that an option
        does not keep, as likely as not. Nobody says of it that it fits."""
        counts = self.counted_weights[CONSIDERED] > 0
        limited = np.array([bool(criterion.chance) for criterion in rulebook.criteria.values()])
        broken: Bools = self.below(rulebook.model.standing.must_at_least) & counts & limited[:, None]
        return broken


@lru_cache(maxsize=8)
def fit_rules(rulebook: Rulebook) -> FitRules:
    """Tables of the criteria, weights, credences and draws; made once for a rulebook."""
    importance = rulebook.questions["importance"].answers
    words = [(criterion.default_importance, *importance) for criterion in rulebook.criteria.values()]
    credence = [Fraction(rulebook.credences[criterion_id]) for criterion_id in rulebook.criteria]
    columns = [rulebook.draws[criterion_id] for criterion_id in rulebook.criteria]
    ones = (1,) * len(columns[0])
    return FitRules(
        criteria=tuple(rulebook.criteria),
        values={key: _values(one, rulebook) for key, one in rulebook.criteria.items() if not one.chance},
        weights=np.array([[rulebook.model.weights[word] for word in one] for one in words], dtype=np.int32),
        must_code=1 + importance.index("must"),
        credence=np.array([(share.numerator, share.denominator) for share in credence], dtype=np.int64),
        draws=np.ascontiguousarray(np.array([*columns, ones], dtype=np.float32).T),
        limits=tuple(index for index, key in enumerate(rulebook.criteria) if key in rulebook.limits),
    )


def _values(criterion: Criterion, rulebook: Rulebook) -> tuple[NDArray[np.int32], ...]:
    """Per own basis: what each answer gives each option; an unanswered question gives unknown."""
    found = []
    for basis in OWN_BASES:
        table = criterion.both or (criterion.clinic if basis == "clinic" else criterion.published)
        answers = rulebook.questions[criterion.looks_up].answers if criterion.looks_up else ("always",)
        rows = [[table[answer][option_id] for option_id in rulebook.ranked] for answer in answers]
        unknown = [[UNKNOWN] * len(rulebook.ranked)] if criterion.looks_up else []
        found.append(np.array(unknown + rows, dtype=np.int32))
    return tuple(found)


def assess_fit(table: IntakeTable, safety: SafetyColumns, book: CourseBook) -> Fit:
    """Attainments on the clinic's, the published and the considered basis, and the weights the client gave."""
    rulebook = book.rulebook
    rules = fit_rules(rulebook)
    options, tables = len(rulebook.ranked), limits.tables_for(table, book)
    attained = {basis: np.empty((options, len(rules.criteria), table.rows), dtype=np.int32) for basis in OWN_BASES}
    within = {basis: np.empty((options, len(rules.limits), table.rows), dtype=np.int32) for basis in OWN_BASES}
    for index, criterion in enumerate(rulebook.criteria.values()):
        same = bool(criterion.both) or criterion.chance in limits.SAME_ON_EVERY_BASIS
        for basis, name in enumerate(OWN_BASES):
            if not basis or not same:
                found, chances = _attained(index, basis, table, safety, tables, rulebook)
            for option, values in enumerate(found):
                attained[name][option, index] = values
            for option, values in enumerate(chances):
                within[name][option, rules.limits.index(index)] = values
    stated = np.stack([table[f"importance.{criterion_id}"] for criterion_id in rules.criteria])
    weights = np.stack([rules.weights[index].take(codes) for index, codes in enumerate(stated)])
    attained[CONSIDERED] = _considered(attained["clinic"], attained["published"], rules.credence)
    chance_within = _considered(within["clinic"], within["published"], rules.credence[list(rules.limits)])
    on_each = {basis: attained[basis] for basis in BASES}
    return Fit(on_each, weights, stated == rules.must_code, rules.limits, chance_within)


def _attained(
    index: int, basis: int, table: IntakeTable, safety: SafetyColumns, tables: CourseTables, rulebook: Rulebook
) -> tuple[Sequence[limits.Found], Sequence[limits.Found]]:
    """One criterion on one basis: for each option, a value for each row; one value where all rows have the same. Of a graded
    limit also the chances of keeping it, if that basis counts in the considered one."""
    rules = fit_rules(rulebook)
    chance = rulebook.criteria[rules.criteria[index]].chance
    if not chance:
        return _looked_up(rules.criteria[index], basis, table, rulebook), ()
    if chance == READY:
        return limits.ready_by_date(table, safety, tables, basis), ()
    places = limits.places_of(chance, table, tables, basis)
    if index not in rules.limits:
        return limits.chances_at(places, chance, tables), ()
    chances = limits.chances_at(places, chance, tables) if _counts(rules.credence[index], basis) else ()
    return limits.graded_at(places, chance, table, tables), chances


def _counts(credence: NDArray[np.int64], basis: int) -> bool:
    """Whether a basis has any part in the considered one."""
    part, whole = credence
    return bool(part != whole if basis else part)


def _looked_up(criterion_id: str, basis: int, table: IntakeTable, rulebook: Rulebook) -> Sequence[limits.Found]:
    """What the criterion's table gives for the client's answer."""
    criterion, values = rulebook.criteria[criterion_id], fit_rules(rulebook).values[criterion_id][basis].T
    if criterion.looks_up:
        codes = table[criterion.looks_up]
        found = [of_option.take(codes) for of_option in values]
    else:
        found = list(values)
    for less in criterion.less:
        if less.basis == OWN_BASES[basis]:
            _take_off(found, less, table, rulebook)
    return found


def _take_off(found: list[NDArray[np.int32]], less: Less, table: IntakeTable, rulebook: Rulebook) -> None:
    column, codes = columns_of(rulebook)[less.question], table[less.question]
    if less.at_least is not None:
        points = np.where(codes >= less.at_least, less.points, 0)
    else:
        listed = [answer in less.answers for answer in (None, *column.answers)]
        points = np.array(listed, dtype=np.int32).take(codes) * less.points
    for option_id in less.options:
        option = rulebook.ranked.index(option_id)
        found[option] = np.maximum(found[option] - points, 0)


def _considered(clinic: Attained, published: Attained, credences: NDArray[np.int64]) -> Attained:
    """floor(c x clinic + (1 - c) x published + 1/2), criterion by criterion; unknown where either is."""
    considered = np.empty_like(published)
    for index, (part, whole) in enumerate(credences):
        ours, theirs = clinic[:, index], published[:, index]
        if part in {0, whole}:
            considered[:, index] = ours if part else theirs
        else:
            mixed = (2 * (part * ours + (whole - part) * theirs) + whole) // (2 * whole)
            considered[:, index] = np.where((ours == UNKNOWN) | (theirs == UNKNOWN), UNKNOWN, mixed)
    return considered


def refused(table: IntakeTable, rulebook: Rulebook) -> Bools:
    """(options x rows): excluded by the client's own word: an objection, or an answer such as "never"."""
    return _objected(table, rulebook) | _said_never(table, rulebook)


def failed_musts(fit: Fit, rulebook: Rulebook) -> Bools:
    """(options x criteria x rows): a must that the option does not attain, or a limit it does not keep; an unknown never
    fails."""
    low = fit.below(rulebook.model.standing.must_at_least)
    failed: Bools = low & fit.known[CONSIDERED][None] & fit.must[None]
    return failed


def _said_never(table: IntakeTable, rulebook: Rulebook) -> Bools:
    out = np.zeros((len(rulebook.ranked), table.rows), dtype=bool)
    for criterion in rulebook.criteria.values():
        for answer, options in criterion.excludes.items():
            code = 1 + rulebook.questions[criterion.looks_up].answers.index(answer)
            for option_id in options:
                out[rulebook.ranked.index(option_id)] |= table[criterion.looks_up] == code
    if NEEDLE_COMFORT in rulebook.questions:
        never = says(table, rulebook, NEEDLE_COMFORT, "never")
        out |= np.outer([bool(rulebook.options[option_id].needles) for option_id in rulebook.ranked], never)
    return out


def says(table: IntakeTable, rulebook: Rulebook, question_id: str, answer: str) -> Bools:
    """(rows): whether a choice has this answer."""
    found: Bools = table[question_id] == 1 + rulebook.questions[question_id].answers.index(answer)
    return found


OBJECTION_TO_SOURCE = {"human": "human_donor", "animal": "animal", "plant": "plant"}


def _objected(table: IntakeTable, rulebook: Rulebook) -> Bools:
    """An option whose material the client objects to; a product that is not recorded cannot be objected to yet."""
    answers, column = rulebook.questions["objects_to"].answers, table["objects_to"]
    sources = rulebook.questions["exosome_product"].fields["source"]
    by_source = [0, *(1 << answers.index(OBJECTION_TO_SOURCE[source]) for source in sources)]
    out = np.zeros((len(rulebook.ranked), table.rows), dtype=bool)
    for index, option_id in enumerate(rulebook.ranked):
        material = rulebook.options[option_id].material
        if "own_blood" in material:
            out[index] |= (column >> answers.index("own_blood") & 1).astype(bool)
        if "exosome_product" in material:
            bits = np.array(by_source, dtype=np.int32).take(table["exosome_product.source"])
            out[index] |= (column & bits).astype(bool)
    return out


def wins(contributions: Attained, out: Bools, rules: FitRules, groups: Groups) -> list[Points]:
    """For each group of options that stand against each other, (options x rows): in how many draws each one's sum is the
    largest, ties by rank. Excluded ones never win; an option outside the group has 0."""
    options, criteria, rows = contributions.shape
    counted = [np.zeros((options, rows), dtype=np.int32) for _ in groups]
    scores = np.empty((criteria + 1, min(rows, ROWS_AT_ONCE)), dtype=np.float32)  # the last row: -1 if excluded
    for start in range(0, rows, ROWS_AT_ONCE):
        part = slice(start, min(start + ROWS_AT_ONCE, rows))
        size = part.stop - start
        sums = []
        for option in range(options):
            np.multiply(contributions[option, :, part], ~out[option, part], out=scores[:criteria, :size])
            np.negative(out[option, part], out=scores[criteria, :size], casting="unsafe", dtype=np.float32)
            sums.append(rules.draws @ scores[:, :size])
        for found, group in zip(counted, groups, strict=True):
            found[list(group), part] = _counted([sums[option] for option in group])
    return counted


def wins_of_few(contributions: Attained, out: Bools, rules: FitRules, groups: Groups) -> list[Points]:
    """The same, for the variants of one client: most of them differ in nothing that counts, so each kind is counted once."""
    options, criteria, rows = contributions.shape
    if rows == 1:
        return wins(contributions, out, rules, groups)
    flat = contributions.reshape(options * criteria, rows)
    keys = np.ascontiguousarray(np.concatenate([flat, out.astype(np.int32)]).T)
    _, first, which = np.unique(keys.view(f"V{keys.shape[1] * 4}").ravel(), return_index=True, return_inverse=True)
    counted = wins(contributions[:, :, first], out[:, first], rules, groups)
    return [found[:, which] for found in counted]


def _counted(sums: list[NDArray[np.float32]]) -> NDArray[np.int32]:
    """How often each option's sum is the largest over the draws; the first of equals wins."""
    counts, draws = [], sums[0].shape[0]
    for option, own in enumerate(sums[:-1]):
        ahead = np.greater_equal(own, sums[-1])
        for other, sum_ in enumerate(sums[:-1]):
            if other < option:
                ahead &= own > sum_
            elif other > option:
                ahead &= own >= sum_
        counts.append(np.add.reduce(ahead.view(np.uint8), axis=0, dtype=np.uint16).astype(np.int32))
    counts.append(draws - sum(counts) if counts else np.full(sums[0].shape[1], draws, dtype=np.int32))
    return np.array(counts, dtype=np.int32)

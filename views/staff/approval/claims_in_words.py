"""The rulebook in words, second half: what counts, claims, wording, what is tried, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.weighed import Criterion, Less
from medspa_core.wording.of_entries import as_read
from views.context.words import say
from views.staff.approval.rule_lines import Rule, listed, option_names, sources_line


def parts(book: Rulebook) -> dict[str, list[Rule]]:
    """These parts, in their order."""
    return {
        "criteria": [*_criteria(book), _weights(book)],
        "claims": list(_claims(book)),
        "questions": list(_questions(book)),
        "said": list(_said(book)),
        "rest": list(_rest(book)),
        "sources": [_source(book, key) for key in book.sources],
    }


def _criteria(book: Rulebook) -> Iterator[Rule]:
    for key, criterion in book.criteria.items():
        tables = (_values(book, name, criterion, getattr(criterion, name)) for name in ("clinic", "published", "both"))
        importance = _importance(book, criterion.default_importance)
        lines = (
            _credence(book, key, criterion),
            say("staff.rules.criteria.default", importance=importance),
            *chain.from_iterable(tables),
            *(_less(book, one) for one in criterion.less),
            *_excludes(book, criterion),
            sources_line(book, criterion.sources),
        )
        yield Rule(criterion_name(book, key), lines)


def criterion_name(book: Rulebook, key: str) -> str:
    """The name of a criterion as the screens have it; of one that this rulebook no longer has, its id in words."""
    return book.criteria[key].said.in_a_sentence if key in book.criteria else as_read(key)


def _importance(book: Rulebook, key: str) -> str:
    return book.questions["importance"].words.answers.get(key, key)


def _credence(book: Rulebook, key: str, criterion: Criterion) -> str:
    numbers = listed(str(book.claims[one].number) for one in criterion.claims)
    why = criterion.credence_because or say("staff.rules.criteria.credence_claims", claims=numbers)
    return say("staff.rules.criteria.credence", credence=book.credences[key], why=why)


def _values(book: Rulebook, name: str, criterion: Criterion, table: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    words = {"always": say("staff.rules.criteria.always"), **_answers(book, criterion)}
    for answer, values in table.items():
        told = listed(
            say("staff.rules.criteria.value", option=book.options[option].short_name, value=values[option])
            for option in book.ranked
            if option in values
        )
        yield say(f"staff.rules.criteria.{name}", answer=words.get(answer, answer), values=told)


def _answers(book: Rulebook, criterion: Criterion) -> Mapping[str, str]:
    """The words of the answers that its values are listed by."""
    return book.questions[criterion.looks_up].words.answers if criterion.looks_up else {}


def _less(book: Rulebook, one: Less) -> str:
    question = book.questions[one.question]
    answers = listed(question.words.answers.get(answer, answer) for answer in one.answers)
    when = answers if one.answers else say("staff.rules.criteria.at_least", number=one.at_least)
    return say(
        "staff.rules.criteria.less",
        points=one.points,
        options=option_names(book, one.options),
        basis=say(f"staff.changes.part.{one.basis}"),
        question=question.words.staff,
        when=when,
    )


def _excludes(book: Rulebook, criterion: Criterion) -> Iterator[str]:
    words = _answers(book, criterion)
    for answer, options in criterion.excludes.items():
        names = option_names(book, options)
        yield say("staff.rules.criteria.excludes", answer=words.get(answer, answer), options=names)


def _weights(book: Rulebook) -> Rule:
    model, standing = book.model, book.model.standing
    lines = (
        *(
            say("staff.rules.criteria.weight", importance=_importance(book, key), weight=weight)
            for key, weight in model.weights.items()
        ),
        *(
            say("staff.rules.criteria.verdict_credence", verdict=as_read(key), credence=credence)
            for key, credence in model.credence.items()
        ),
        say("staff.rules.criteria.must", number=standing.must_at_least),
        say("staff.rules.criteria.close", lead=standing.close_call_lead, share=standing.close_call_robustness),
        say("staff.rules.criteria.clear", share=standing.clear_robustness, unmet=standing.unmet_below),
        say("staff.rules.criteria.safe", chance=model.course.safe_start_chance),
    )
    return Rule(say("staff.rules.criteria.weights"), lines)


def _claims(book: Rulebook) -> Iterator[Rule]:
    for claim in book.claims.values():
        title = say("staff.rules.claims.title", number=claim.number, words=claim.practice_says)
        lines = (
            say("staff.rules.claims.verdict", verdict=claim.verdict_words),
            say("staff.rules.claims.tested", tested=claim.tested),
            say("staff.rules.claims.honest", honest=claim.honest),
            say("staff.rules.claims.detail", detail=claim.detail),
            sources_line(book, claim.sources),
        )
        yield Rule(title, lines)


def _questions(book: Rulebook) -> Iterator[Rule]:
    for question in book.questions.values():
        words, lines = question.words, []
        if words.client:
            lines.append(say("staff.rules.client_reads", words=words.client))
        if words.help:
            lines.append(say("staff.rules.questions.help", help=words.help))
        if words.note:
            lines.append(say("staff.rules.safety.note", note=words.note))
        if question.kind == "whole_number":
            unit = question.unit.replace("_", " ")
            lines.append(say("staff.rules.questions.limits", low=question.low, high=question.high, unit=unit))
        if words.answers:
            lines.append(say("staff.rules.questions.answers", answers="; ".join(words.answers.values())))
        yield Rule(words.staff, tuple(lines))
    for card in book.cards.values():
        taps = "; ".join(one.words for one in card.choices.values())
        answers = (say("staff.rules.questions.answers", answers=taps),) if taps else ()
        yield Rule(card.title, (say("staff.rules.client_reads", words=card.ask), *answers))


def _said(book: Rulebook) -> Iterator[Rule]:
    places = book.questions["place"].words.answers
    for option, status in book.status.items():
        told = (
            say("staff.rules.said.place", place=places.get(place, place), words=text.client)
            for place, text in status.places.items()
        )
        line = say("staff.rules.said.approval_line", line=status.approval_line)
        yield Rule(book.options[option].name, (line, *told))
    for never in book.never_say.values():
        instead = say("staff.rules.said.instead", words=never.say)
        yield Rule(say("staff.rules.said.never", words=never.never), (instead,))
    for key, term in book.glossary.items():
        yield Rule(say("staff.rules.said.term", words=key.replace("_", " ")), (term.client,))


def _rest(book: Rulebook) -> Iterator[Rule]:
    for question, grid in book.flips.answers.items():
        words = book.questions[question].words
        also = (words.answers.get(one, one) for one in grid.also)
        values = (*map(str, (*grid.values, *grid.days_after_as_of)), *also)
        yield Rule(words.staff, (say("staff.rules.rest.tried", values=listed(values)),))
    steps = book.flips.rulebook
    told = say(
        "staff.rules.rest.steps",
        shares=_numbers(steps.share_steps),
        prices=_numbers(steps.price_steps),
        minutes=_numbers(steps.minute_steps),
        show=steps.show,
    )
    yield Rule(say("staff.rules.criteria.weights"), (told,))


def _numbers(found: Iterable[object]) -> str:
    return listed(map(str, found))


def _source(book: Rulebook, key: str) -> Rule:
    source = book.sources[key]
    lines = (f"{source.publisher}, {source.year}", source.url, source.note)
    return Rule(source.title, tuple(line for line in lines if line))

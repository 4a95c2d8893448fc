"""Answers of older files and older consultations, as today's questions read them.

What was kept under an id that a question had before stays as it was given; it is read anew each time. So nothing has to be
rewritten, an undo still takes back what was tapped then, and a finished consultation reads as its own rulebook has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medspa_core.contraindication import stricter
from medspa_core.rulebook import Rulebook


def up_to_date(answers: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    """The same answers under the ids of this rulebook; where a question was answered under both, the stricter.

    An answer that the older question never had stays where it is, for `read_intake` to refuse.
    """
    found = dict(answers)
    for older in answers:
        now = rulebook.older_questions.get(older)
        if now is not None and is_older_answer(older, answers[older], rulebook):
            given = read_as(older, found.pop(older), rulebook)
            kept = stricter(rulebook.contraindications.get(now), found.get(now), given)
            if kept is not None:
                found[now] = kept
    return found


def is_older_answer(older: str, answer: Any, rulebook: Rulebook) -> bool:
    """Whether the question of an earlier id had this answer; unanswered it could be too."""
    return answer is None or (isinstance(answer, str) and answer in older_answers(older, rulebook))


def older_answers(older: str, rulebook: Rulebook) -> Mapping[str, str]:
    """Each answer to the question of an earlier id -> what it is read as; "" is unanswered."""
    return rulebook.questions[rulebook.older_questions[older]].older[older]


def read_as(older: str, answer: str | None, rulebook: Rulebook) -> str | None:
    """What an answer under an earlier id says today; None is unanswered."""
    return (older_answers(older, rulebook)[answer] or None) if answer is not None else None


def older_ids(question_id: str, rulebook: Rulebook) -> tuple[str, ...]:
    """The ids that a question had before."""
    question = rulebook.questions.get(question_id)
    return tuple(question.older) if question is not None else ()

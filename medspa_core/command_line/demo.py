"""Fills an empty store with the invented practice, through the same verbs as the screens."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from medspa_core import records
from medspa_core.practice.demo_history import PastConsultation, demo_history
from medspa_core.rulebook import Rulebook

DEMO = "history"  # what every consultation of the invented past says it is a demo of
NOON = time(12, tzinfo=UTC)


def create_demo(store: records.Store, rulebook: Rulebook, today: date) -> int:
    """Two years of invented, finished consultations before `today` go into an empty store; how many there are."""
    past = demo_history(rulebook, today)
    with store.together():
        for consultation in past:
            _keep(store, consultation, rulebook)
    return len(past)


def _keep(store: records.Store, past: PastConsultation, rulebook: Rulebook) -> None:
    moment = datetime.combine(past.on, NOON)
    draft = records.start_draft(store, past.code_name, moment, past.on, past.option_order, DEMO)
    records.save_answers(store, draft.id, past.answers, moment, records.INVENTED)
    records.record_choice(store, draft.id, past.choice, moment, past.facts, rulebook_revision=rulebook.revision)
    records.finish(store, draft.id, moment)

"""The invented clients of data/demo_clients.toml. Dates are kept as days from today, so they never go stale."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from views.context.environment import PROGRAM

IN_DAYS = {"event_in_days": "event_date", "start_in_days": "planned_start"}


@dataclass(frozen=True)
class DemoClient:
    """A client nobody has met: a code name, one line of story, and answers."""

    id: str
    name: str
    story: str
    given: Mapping[str, Any]

    def answers(self, today: date) -> dict[str, Any]:
        """The answers as the contract has them; dates counted from today."""
        answers = {question: answer for question, answer in self.given.items() if question not in IN_DAYS}
        for key, question in IN_DAYS.items():
            if key in self.given:
                answers[question] = (today + timedelta(days=self.given[key])).isoformat()
        return answers


@functools.lru_cache(maxsize=1)
def demo_clients() -> tuple[DemoClient, ...]:
    """All of them, in the order of the file."""
    found = tomllib.loads((PROGRAM / "data" / "demo_clients.toml").read_text("utf-8"))
    health = found.pop("healthy")
    return tuple(_client(key, entry, health) for key, entry in found.items())


def _client(key: str, entry: Mapping[str, Any], healthy: Mapping[str, Any]) -> DemoClient:
    safety = healthy if entry.get("otherwise_healthy") else {}
    return DemoClient(key, entry["name"], entry["story"], {**safety, **entry.get("answers", {})})

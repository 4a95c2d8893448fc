"""An option a clinic adds by one file: wherever another file does not name it, it is treated like the option it names."""

from __future__ import annotations

from typing import Any

Raw = dict[str, Any]


def fill_in_added_options(raw: Raw) -> list[str]:
    """Write every added option (one with `like`) into the raw tables, before they are checked.

    Says which options are like one that is not there; those are left out, so that nothing else is told of them.
    """
    problems = []
    for option_id, option in raw["options"].items():
        like = option.get("like")
        if isinstance(like, str) and like and like not in raw["options"]:
            problems.append(f"options/{option_id}.toml, like: option {like!r} is not known. Correct it, or add it")
        elif isinstance(like, str) and like:
            _into_contraindications(raw["contraindications.toml"], option_id, like)
            _into_gates(raw["gates.toml"], option_id, like)
            _into_criteria(raw["criteria.toml"], option_id, option)
            _into_itself(option, raw["options"][like])
            if isinstance(option.get("price"), dict):
                raw["clinic.toml"].setdefault("prices", {}).setdefault(option_id, option["price"])
    return problems


def _into_itself(option: Raw, like: Raw) -> None:
    """A file written before options said whether they have needles."""
    if "needles" in like:
        option.setdefault("needles", like["needles"])


def _into_contraindications(contraindications: Raw, option_id: str, like: str) -> None:
    for entry in contraindications.values():
        for case in entry.values():
            verdicts = case.get("verdicts") if isinstance(case, dict) else None
            if verdicts and like in verdicts:
                verdicts.setdefault(option_id, verdicts[like])


def _into_gates(gates: Raw, option_id: str, like: str) -> None:
    for gate in gates.values():
        options = gate.get("options", ())
        if like in options and option_id not in options:
            gate["options"] = (*options, option_id)


def _into_criteria(criteria: Raw, option_id: str, option: Raw) -> None:
    own = option.get("attainment", {})
    for criterion_id, criterion in criteria.items():
        for basis in ("both", "clinic", "published"):
            for answer, by_option in criterion.get(basis, {}).items():
                value = own.get(criterion_id, {}).get(basis, {}).get(answer, by_option.get(option["like"]))
                by_option.setdefault(option_id, value)
        for less in criterion.get("less", ()):
            if option["like"] in less.get("options", ()):
                less["options"] = (*less["options"], option_id)
        for answer, options in criterion.get("excludes", {}).items():
            if option["like"] in options:
                criterion["excludes"][answer] = (*options, option_id)

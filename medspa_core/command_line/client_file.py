"""One client's answers from a JSON file, read strictly: every problem one line, whatever the file holds."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from medspa_core.formats.shown import shown_key, whole_or_huge
from medspa_core.intake import IntakeProblem

LARGEST_FILE_BYTES = 1_000_000
FHIR_ANSWERS = "QuestionnaireResponse"


def read_client_file(path: Path) -> dict[str, Any]:
    """The object of answers in a JSON file. Raises IntakeProblem when the file holds none."""
    content = _content(path)
    twice: list[str] = []
    try:
        text, to_object = content.decode("utf-8-sig"), partial(_object, twice)
        found = json.loads(text, object_pairs_hook=to_object, parse_int=whole_or_huge)
    except UnicodeDecodeError as error:
        raise IntakeProblem([f"not UTF-8 text, at byte {error.start}"]) from None
    except json.JSONDecodeError as error:
        raise IntakeProblem([f"not JSON: {error.msg}, line {error.lineno}, column {error.colno}"]) from None
    except RecursionError:
        raise IntakeProblem(["nested too deeply for a client's answers"]) from None
    if not isinstance(found, dict):
        raise IntakeProblem([f"expected an object of answers, found {_kind(found)}"])
    if _is_fhir_questionnaire(found):
        raise IntakeProblem(["a FHIR QuestionnaireResponse. These will be read in a later version"])
    if twice:
        raise IntakeProblem([f"{shown_key(key)}: stands twice. Keep one" for key in twice])
    return found


def _is_fhir_questionnaire(found: dict[str, Any]) -> bool:
    """Whether another health system wrote the file: the answers to its own questionnaire, alone or in a bundle."""
    entries = found.get("entry") if found.get("resourceType") == "Bundle" else None
    listed = entries if isinstance(entries, list) else []
    inside = [entry.get("resource") for entry in listed if isinstance(entry, dict)]
    return any(isinstance(one, dict) and one.get("resourceType") == FHIR_ANSWERS for one in [found, *inside])


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:
        size = max(path.stat().st_size, len(content))
        raise IntakeProblem([f"expected at most {LARGEST_FILE_BYTES:,} bytes, found {size:,}"])
    return content


def _object(twice: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            twice.append(key)
        found[key] = value
    return found


def _kind(value: Any) -> str:
    kinds = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")

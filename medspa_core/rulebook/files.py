"""TOML files as the loader reads them: exact numbers, lists that stay as they are, one clear line for what can't be read."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

Raw = dict[str, Any]


def merged(shipped: Raw, own: Raw) -> Raw:
    """The clinic's own keys over the shipped ones; a table is merged key by key."""
    whole = dict(shipped)
    for key, value in own.items():
        both_tables = isinstance(value, dict) and isinstance(whole.get(key), dict)
        whole[key] = merged(whole[key], value) if both_tables else value
    return whole


def read_toml(path: Path, problems: list[str]) -> Raw:
    """The tables of one file; none, and one problem more, where it can't be read."""
    try:
        return _lists_as_tuples(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))  # type: ignore[no-any-return]
    except FileNotFoundError:
        problems.append(f"{path.name}: this file is missing. Put it back")
    except UnicodeDecodeError as error:
        problems.append(f"{path.name}: not UTF-8 text, at byte {error.start}. Save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path.name}: not TOML: {error}. Correct that line")
    except OSError as error:
        problems.append(f"{path.name}: cannot be read: {error.strerror}. Check the file's permissions")
    return {}


def _lists_as_tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_lists_as_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _lists_as_tuples(item) for key, item in value.items()}
    return value

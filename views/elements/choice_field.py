"""A choice among things with names: in a list that opens, or as pills that all stand there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

Name = TypeVar("Name")


def in_a_list(label: str, names: Mapping[Name, str], key: str, **given: Any) -> Name:
    """One of them; the first is there at once."""
    chosen: Name = st.selectbox(label, list(names), format_func=names.__getitem__, key=key, **given)
    return chosen


def as_pills(label: str, names: Mapping[Name, str], key: str, **given: Any) -> Any:
    """One of them or none yet; or as many as one likes, where it is `given` so. `names` may hold Markdown, as all labels do."""
    look: dict[str, Any] = {"format_func": names.__getitem__, "key": key, "width": "stretch"} | given
    return st.pills(label, list(names), **look)

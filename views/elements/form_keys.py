"""Forms that begin empty again once what they asked for is kept; what was refused stays in its fields."""

from __future__ import annotations

import streamlit as st


def suffix(form: str) -> str:
    """What the keys of a form's fields end on. It changes with each time the form was kept, so that the next one begins empty."""
    kept = st.session_state.get(f"kept_form_{form}", 0)
    return f"_{kept}" if kept else ""


def was_kept(form: str) -> None:
    """What the form asked for is kept."""
    st.session_state[f"kept_form_{form}"] = st.session_state.get(f"kept_form_{form}", 0) + 1

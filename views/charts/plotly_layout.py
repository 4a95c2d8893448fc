"""What every chart of Plotly shares: how it looks, and what a finger may do with it."""

from __future__ import annotations

from typing import Any

from views.elements import theme

CONFIG = {"displayModeBar": False, "scrollZoom": False}


def layout(height: int, **more: Any) -> dict[str, Any]:
    """What all of them share: direct labels, quiet grid, a swipe scrolls the page."""
    return {
        "template": "none",
        "height": height,
        "dragmode": False,
        "showlegend": False,
        "font": {"family": theme.FONT, "size": 13, "color": theme.MUTED},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 120, "t": 8, "b": 66},
        "bargap": 0.18,
        "barmode": "stack",
        "hovermode": False,
        **more,
    }

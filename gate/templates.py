"""The gate's plain pages: a template of gate/pages goes in, an answer comes out. Everything filled in is escaped."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from gate.security_headers import OF_OUR_PAGES
from medspa_core.access.secrets.passwords import SHORTEST

PAGES = Path(__file__).parent / "pages"


@functools.cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals["shortest_password"] = SHORTEST
    return made


def page(name: str, /, *, status: int = 200, message: str = "", **fields: object) -> HTMLResponse:
    """One page; `message` is the sentence on top, if there is something to say."""
    answer = HTMLResponse(_templates().get_template(name).render(message=message, **fields), status)
    answer.raw_headers.append(OF_OUR_PAGES)
    return answer

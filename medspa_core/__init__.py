"""MedSpa Consult's core: from a client's answers to a recommendation and its timeline. No screen, no clock, no environment."""

import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
__version__: str = _project["version"]
"""The program's version, which stands once, in `pyproject.toml`: results and exported records carry it."""

"""Lines of a bench, shown whether or not pytest captures output."""

import sys

import pytest


def show(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    """Lines on the terminal, with an empty one before them."""
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")

"""What the log keeps of an error: its kind and its places, never what it says."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from views.frame import error_page

NAME = "Marigold-Q-Unlikely"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    factory, hook, written = logging.getLogRecordFactory(), threading.excepthook, io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    error_page.keep_values_out_of_logs()
    yield written
    logging.getLogger().removeHandler(handler)
    logging.setLogRecordFactory(factory)
    threading.excepthook = hook


def fail() -> None:
    raise ValueError(f"no place for {NAME}")


def test_an_error_in_any_log_has_its_kind_and_places_and_not_its_words(log: io.StringIO) -> None:
    try:
        fail()
    except ValueError as problem:
        logging.getLogger("elsewhere").error("Uncaught app execution", exc_info=problem)
        logging.getLogger("anybody").exception("in %s", "ASGI")
        logging.getLogger("somebody").error("failed: %s", problem)
    told = log.getvalue()
    assert NAME not in told and "Traceback" not in told
    assert told.count("ValueError at test_error_page.py:") == 3
    assert "Uncaught app execution (" in told and "in ASGI (" in told


def test_an_error_that_ends_a_thread_is_logged_without_its_words(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "a thread ended: ValueError at" in log.getvalue()
    assert NAME not in log.getvalue() + "".join(capfd.readouterr())

"""SQL is put together once in a test process, not once a test.

Each test has a store of its own, and SQLAlchemy keeps what it has put together as long as an engine lives. What comes out
depends on the statement, the kind of engine and its driver, not on whose store it is.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine.default import DefaultDialect

from medspa_core.records.database import encrypted_file, postgres


def _kind(dialect: DefaultDialect) -> tuple[type, Any]:
    return type(dialect), dialect.dbapi


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    compiled: dict[Any, Any] = {}
    sharing = functools.partial(create_engine, execution_options={"compiled_cache": compiled})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encrypted_file, "create_engine", sharing)
        patch.setattr(postgres, "create_engine", sharing)
        patch.setattr(DefaultDialect, "__hash__", lambda self: hash(_kind(self)))
        patch.setattr(DefaultDialect, "__eq__", lambda self, other: self is other or _kind(self) == _kind(other))
        yield

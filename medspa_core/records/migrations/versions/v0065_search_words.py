"""What clients are found and compared by is made anew: names written together or apart, every apostrophe, scripts without spaces.

Made by the program's own `search_words`, not by a copy of it as it was: a later change to it has a step like this of its own.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from medspa_core.records.search_words import code_key, name_key, words_to_keep

revision = "0065"
down_revision = "0060"

AT_A_TIME = 1000

clients = sa.table(
    "clients", *(sa.column(name) for name in ("id", "code_name", "name", "location_id", "code_key", "name_key"))
)
client_words = sa.table("client_words", *(sa.column(name) for name in ("client_id", "word", "location_id")))


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.delete(client_words))
    last = ""
    while rows := _after(connection, last):
        last = rows[-1].id
        connection.execute(SET_KEYS, [_keys(row) for row in rows])
        if words := [one for row in rows for one in _words(row)]:
            connection.execute(sa.insert(client_words), words)


def _after(connection: sa.Connection, last: str) -> list[sa.Row[Any]]:
    found = sa.select(clients).where(clients.c.id > last).order_by(clients.c.id).limit(AT_A_TIME)
    return list(connection.execute(found))


SET_KEYS = (
    sa.update(clients)
    .where(clients.c.id == sa.bindparam("of"))
    .values(code_key=sa.bindparam("code"), name_key=sa.bindparam("by_name"))
)


def _keys(row: sa.Row[Any]) -> dict[str, str | None]:
    return {"of": row.id, "code": code_key(row.code_name), "by_name": name_key(row.name) if row.name else None}


def _words(row: sa.Row[Any]) -> list[dict[str, str | None]]:
    words = words_to_keep(row.code_name, row.name)
    return [{"client_id": row.id, "word": word, "location_id": row.location_id} for word in words]

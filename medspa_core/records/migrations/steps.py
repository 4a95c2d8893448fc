"""What migrations are made of: tables by their parts, and guards, in the words of the engine that is brought up to date.

What these make stands in every store there is: see table_parts.
"""

from __future__ import annotations

from itertools import chain

from alembic import op

from medspa_core.records.table_parts import Parts


def create_table(name: str, *parts: Parts) -> None:
    """A new table; a file holds it to the kinds of its columns, as a server does by itself."""
    op.create_table(name, *chain.from_iterable(parts), sqlite_strict=True)


def guard(table: str, what: str, says: str, when: str = "", name: str = "") -> None:
    """No row takes this change (update, delete or insert) where `when` is true, or ever; who tries is told `says`."""
    name = name or f"{table}_no_{what}"
    trigger = f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        only = f"WHEN {when} " if when else ""
        op.execute(f"{trigger} {only}BEGIN SELECT RAISE(ABORT, '{says}'); END")
        return
    refuse, row = f"RAISE EXCEPTION '{says}';", "OLD" if what == "delete" else "NEW"
    body = f"IF {when} THEN {refuse} END IF; RETURN {row};" if when else refuse
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION {name}()")

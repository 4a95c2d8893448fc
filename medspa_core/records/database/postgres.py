"""The PostgreSQL server of a chain: an address goes in, an engine comes out that waits through a restart."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from medspa_core.records.problems import BUSY, StoreBusy, StoreProblem, StoreUnreachable

WAIT_SECONDS = 8.0
TRY_AGAIN_SECONDS = 0.05
ONE_WRITER = 0x6D656473  # one number for all processes of one clinic
STARTING = ("57P03", "57P01", "57P02")


def is_postgres(url: str) -> bool:
    """An address of a PostgreSQL server, not a path."""
    return url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def read_url(url: str) -> URL:
    """The address with the driver we use. The message of a bad one does not repeat it: it may hold a password."""
    try:
        return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise StoreProblem("MEDSPA_DATABASE_URL: expected postgresql://user:password@host/database.") from None


def label(url: URL) -> str:
    """Where it is, without who and the password."""
    return f"postgresql://{url.host or 'localhost'}/{url.database or ''}"


def postgres_engine(url: URL, schema: str = "") -> Engine:
    """SQLAlchemy's engine on the server. A write waits its turn: one writer at a time, as on the file."""
    only = {"options": f"-c search_path={schema}"} if schema else {}
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=WAIT_SECONDS,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "application_name": "medspa", **only},
    )
    event.listen(engine, "do_connect", _connect_patiently)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes"):
        seconds = max(0.001, options.get("seconds", WAIT_SECONDS))  # nothing would mean for ever
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")


def _connect_patiently(
    dialect: Dialect, entry: ConnectionPoolEntry, arguments: tuple[Any, ...], options: dict[str, Any]
) -> psycopg.Connection[Any]:
    """While the server starts again the tablet waits, for a while; a wrong password is said at once."""
    for again in reversed(range(int(WAIT_SECONDS / TRY_AGAIN_SECONDS))):
        try:
            return psycopg.connect(*arguments, **options)
        except psycopg.OperationalError as problem:
            starting = problem.sqlstate in STARTING or (problem.sqlstate is None and _is_starting(str(problem)))
            if not starting or not again:
                raise StoreUnreachable(_why_unreachable(str(problem))) from None
            time.sleep(TRY_AGAIN_SECONDS)
    raise StoreBusy(BUSY)


def _is_starting(said: str) -> bool:
    return any(sign in said for sign in ("refused", "starting up", "shutting down", "recovery mode"))


WHY_UNREACHABLE = (
    (("password authentication", "no password supplied", 'role "', "pg_hba"), "it does not let this user in"),
    (('database "',), "it has no such database"),
    (("resolve", "translate host"), "there is no computer of this name"),
    (("refused", "timeout", "timed out", "no such file"), "it does not answer"),
)


def _why_unreachable(said: str) -> str:
    """In our own words: what the server says names users and addresses."""
    told = said.lower()
    why = next((why for signs, why in WHY_UNREACHABLE if any(sign in told for sign in signs)), "it refused to connect")
    return f"The database server can't be used: {why}. Nothing was changed."


# --- another schema in the place of the records ----------------------------------------------------------------------


def may_make_tables(connection: Connection) -> bool:
    """Whether this role may change the tables, as an update of the program does."""
    return bool(connection.exec_driver_sql("SELECT has_schema_privilege(current_schema(), 'CREATE')").scalar())


def owns_the_records(connection: Connection) -> bool:
    """Whether this role may put another schema in the place of the one that the records lie in."""
    query = """SELECT has_database_privilege(current_database(), 'CREATE') AND pg_has_role(nspowner, 'USAGE')
        FROM pg_namespace WHERE nspname = current_schema()"""
    return bool(connection.exec_driver_sql(query).scalar())


def make_schema(connection: Connection, name: str) -> None:
    """An empty schema; what a restore that was cut short left there goes."""
    drop_schema(connection, name)
    connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')


def drop_schema(connection: Connection, name: str) -> None:
    """The schema with all that is in it, if there is one."""
    connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')


GRANTS = """
SELECT format(
    'GRANT %s ON %I.%I TO %s',
    a.privilege_type, CAST(:beside AS text), c.relname, coalesce(quote_ident(r.rolname), 'PUBLIC')
)
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.grantee <> c.relowner
AND to_regclass(format('%I.%I', CAST(:beside AS text), c.relname)) IS NOT NULL
UNION ALL
SELECT format(
    'GRANT %s ON SCHEMA %I TO %s',
    a.privilege_type, CAST(:beside AS text), coalesce(quote_ident(r.rolname), 'PUBLIC')
)
FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname = current_schema() AND a.grantee <> n.nspowner
"""
"""What other roles may do with the records, as statements that give them the same rights on the schema beside."""


def exchange_schemas(connection: Connection, beside: str, kept: str) -> None:
    """The schema beside takes the name of the one that the records lie in, which is kept. One transaction, or nothing."""
    here = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    for grant in connection.execute(text(GRANTS), {"beside": beside}).scalars().all():
        connection.exec_driver_sql(grant)
    connection.exec_driver_sql(f'ALTER SCHEMA "{here}" RENAME TO "{kept}"')
    connection.exec_driver_sql(f'ALTER SCHEMA "{beside}" RENAME TO "{here}"')

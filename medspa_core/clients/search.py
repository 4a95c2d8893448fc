"""Finding clients: the beginnings of words or a birth date go in, at most fifty lines come out, in a tenth of a second.

An index of words is read in byte order, the rarest word first, and no further than needed; the rows found are asked for
the other words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select

from medspa_core.access import Person, Verb
from medspa_core.clients.client_access import in_the_hands_of, open_locations
from medspa_core.clients.register import LONGEST_NAME
from medspa_core.clients.search_words import Wanted, Words, meanings_of, written_together
from medspa_core.records import Store
from medspa_core.records.audit.log import SEARCH_OF_CLIENTS
from medspa_core.records.client_schema import client_words, clients
from medspa_core.records.consultations.reading import located
from medspa_core.records.merged_clients import root_of
from medspa_core.records.schema import drafts
from medspa_core.records.stored_forms import from_row

MOST_FOUND = 50
Places = frozenset[str | None] | None
"""Locations that are open to who asks. See `open_locations`."""
AFTER_ALL_LETTERS = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client in a list. `kept_as`: the client this one was merged into."""

    id: str
    code_name: str
    name: str
    birth_date: date | None
    location_id: str | None
    last_seen: date | None = None
    kept_as: str | None = None


def find_clients(store: Store, asker: Person, typed: str, limit: int = MOST_FOUND) -> list[ClientLine]:
    """Clients by beginnings of names or code, or by birth date, among those open to the asker; at most `limit`.

    Who was shown is in the audit log, once for each result; what was typed is not.
    """
    mine = in_the_hands_of(store, asker, Verb.READ_CLIENTS, SEARCH_OF_CLIENTS)
    if not meanings_of(typed[:LONGEST_NAME]):
        return []
    with mine.reading() as connection:
        ids = ids_found(connection, typed, open_locations(connection, asker, Verb.READ_CLIENTS), limit)
        found = lines_of(connection, ids)
    note_who_was_shown(mine, [line.id for line in found])
    return found


def recent_clients(store: Store, asker: Person, limit: int = 12) -> list[ClientLine]:
    """Those changed or made last, where nothing is searched for."""
    mine = in_the_hands_of(store, asker, Verb.READ_CLIENTS, SEARCH_OF_CLIENTS)
    with mine.reading() as connection:
        at = open_locations(connection, asker, Verb.READ_CLIENTS)
        query = select(clients.c.id).where(located(clients.c.location_id, at), clients.c.merged_into.is_(None))
        latest = query.order_by(clients.c.changed_at.desc(), clients.c.id.desc()).limit(limit)
        found = lines_of(connection, list(connection.execute(latest).scalars()))
    note_who_was_shown(mine, [line.id for line in found])
    return found


def ids_found(connection: Connection, typed: str, at: Places, limit: int) -> list[str]:
    """The clients whom this may mean, at these locations. None of it is noted here: who shows them does."""
    found = dict[str, None]()
    for wanted in meanings_of(typed[:LONGEST_NAME]):
        if len(found) < limit:
            found |= dict.fromkeys(_meant(connection, wanted, at, limit))
    return list(found)[:limit]


def _meant(connection: Connection, wanted: Wanted, at: Places, limit: int) -> list[str]:
    """Those of one meaning: the words as they are typed first, then with neighbours written together."""
    if wanted.days:
        return _born_on(connection, wanted, at, limit)
    found = dict[str, None]()
    for words in _kept_by_somebody(connection, wanted.words, at):
        found |= dict.fromkeys(_with_words(connection, words, at, limit))
        if len(found) >= limit:
            break
    return list(found)


def _born_on(connection: Connection, wanted: Wanted, at: Places, limit: int) -> list[str]:
    """Few were born on a day: from there on each is asked for the words."""
    found = select(clients.c.id).where(clients.c.birth_date.in_(wanted.days), located(clients.c.location_id, at))
    if wanted.words:
        ways = written_together(wanted.words)
        found = found.where(or_(*(and_(*(_has_word(clients.c.id, word) for word in words)) for words in ways)))
    return list(connection.execute(found.order_by(clients.c.id).limit(limit)).scalars())


def _kept_by_somebody(connection: Connection, words: Words, at: Places) -> Iterator[Words]:
    """The ways to write the words together of which somebody has every one; as they are typed first, and at once."""
    first, *others = written_together(words)
    yield first
    joined = sorted({word for way in others for word in way if word not in first})
    if not joined:
        return
    asked = connection.execute(select(*(_rows_of(word, at).exists() for word in joined))).one()
    there = {word for word, is_there in zip(joined, asked, strict=True) if is_there} | set(first)
    yield from (way for way in others if there.issuperset(way))


COUNTED_UP_TO = 1_000
ASKED_ONE_BY_ONE, AT_A_TIME = 1_000, 200


def _with_words(connection: Connection, words: Words, at: Places, limit: int) -> list[str]:
    """The first rows of the rarest word, in the order of the index, are asked one by one for the other words: quick where many
    have them. Where too few do, all rows of the words are matched at once, in the order of the ids: quick where few do."""
    rarest, *others = _rarest_first(connection, words)
    rows = _rows_of(rarest, at).order_by(*IN_THE_INDEX).limit(ASKED_ONE_BY_ONE)
    first = list(connection.execute(rows).scalars())
    asked = [str(one) for one in dict.fromkeys(first)]  # a client may be found by several of their own words
    everybody, found = len(first) < ASKED_ONE_BY_ONE, list[str]()
    for start in range(0, len(asked), AT_A_TIME):
        found += _those_with(connection, asked[start : start + AT_A_TIME], others)
        if len(found) >= limit or (not everybody and len(found) * ASKED_ONE_BY_ONE < limit * (start + AT_A_TIME)):
            break
    if everybody or len(found) >= limit:
        return found[:limit]
    matched = _rows_of(rarest, at).distinct().order_by(client_words.c.client_id).limit(limit)
    for word in others:  # an expression, since for the column itself SQLite would look up each client by itself
        matched = matched.where((client_words.c.client_id + "").in_(_rows_of(word, None)))
    return [str(one) for one in connection.execute(matched).scalars()]


IN_THE_INDEX = (client_words.c.word, client_words.c.location_id, client_words.c.client_id)


def _rarest_first(connection: Connection, words: Words) -> list[str]:
    """The words, counted no further than it matters. One that another begins with says nothing more."""
    telling = [word for word in words if not any(other != word and other.startswith(word) for other in words)]
    counts = (
        select(func.count()).select_from(_rows_of(word, None).limit(COUNTED_UP_TO).subquery()).scalar_subquery()
        for word in telling
    )
    counted = zip(connection.execute(select(*counts)).one(), telling, strict=True)
    return [word for _, word in sorted(counted, key=lambda one: (one[0], -len(one[1]), one[1]))]


def _those_with(connection: Connection, ids: list[str], words: list[str]) -> list[str]:
    """Those of the clients who have a word with each of these beginnings, in the same order."""
    for word in words:
        theirs = client_words.c.word + ""  # an expression: PostgreSQL would else read all rows of a frequent beginning
        having = select(client_words.c.client_id).where(client_words.c.client_id.in_(ids), _begins(theirs, word))
        those = set(connection.execute(having).scalars()) if ids else set()
        ids = [one for one in ids if one in those]
    return ids


def _rows_of(beginning: str, at: Places) -> Select[tuple[str]]:
    begins = _begins(client_words.c.word, beginning)
    return select(client_words.c.client_id).where(begins, located(client_words.c.location_id, at))


def _has_word(client_id: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    theirs = client_words.alias()
    return exists().where(theirs.c.client_id == client_id, _begins(theirs.c.word, beginning))


def _begins(word: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    return (word >= beginning) & (word < beginning + AFTER_ALL_LETTERS)


def lines_of(connection: Connection, ids: list[str]) -> list[ClientLine]:
    """These clients as a list shows them, by name."""
    if not ids:
        return []
    columns = (clients.c[name] for name in ("id", "code_name", "name", "birth_date", "location_id", "merged_into"))
    rows = {row.id: row for row in connection.execute(select(*columns).where(clients.c.id.in_(ids)))}
    seen = select(drafts.c.client_id, func.max(drafts.c.as_of)).where(drafts.c.client_id.in_(ids))
    last = {row[0]: row[1] for row in connection.execute(seen.group_by(drafts.c.client_id))}
    lines = [_line(rows[one], last.get(one), connection) for one in ids if one in rows]
    return sorted(lines, key=lambda line: ((line.name or line.code_name).casefold(), line.code_name, line.id))


def _line(row: Row[tuple[object, ...]], last: object, connection: Connection) -> ClientLine:
    return from_row(
        ClientLine,
        row,
        name=row.name or "",
        last_seen=date.fromisoformat(last) if isinstance(last, str) else last,
        kept_as=root_of(connection, row.id) if row.merged_into else None,
    )


def note_who_was_shown(mine: Store, ids: list[str]) -> None:
    """One row in the audit log for what a list showed; the same list again soon leaves no second one."""
    which = hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()
    with mine.opening(SEARCH_OF_CLIENTS, about=which, detail={"shown": sorted(ids)}):
        pass

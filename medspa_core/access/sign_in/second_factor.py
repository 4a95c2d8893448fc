"""The second factor: six digits from an app on a person's own phone (TOTP, RFC 6238), for sign-ins from anywhere.

A tablet that the owner has enrolled is a second factor itself. The secret is sealed with a key made from the pepper, so the
store alone makes no code. A code counts once: the store keeps the last step that was used.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select, update

from medspa_core.access import audit_trail
from medspa_core.access.rights import Person
from medspa_core.access.schema import access_settings, people, second_factors
from medspa_core.access.secrets.failed_attempts import count_try
from medspa_core.access.settings import SECOND_REQUIRED, put_setting, setting
from medspa_core.access.sign_in.authentication import Place, WrongSignIn, end_try, has_confirmed
from medspa_core.access.sign_in.sign_ins import SignIn
from medspa_core.records import Store

STEP_SECONDS, DIGITS, DRIFT = 30, 6, 1
SECRET_BYTES, NONCE_BYTES = 20, 12
ISSUER = "MedSpa Consult"


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a step of 30 seconds (RFC 4226 with SHA-1, which is what every app reads)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def begin_second_factor(store: Store, person: Person, pepper: bytes, now: datetime) -> str:
    """The address for the QR of a person who has none yet: the same until it is confirmed by a code."""
    with store.writing() as connection:
        row = connection.execute(select(second_factors).where(second_factors.c.person_id == person.id)).first()
        if row is not None and row.confirmed_at is not None:
            raise WrongSignIn
        if row is None:
            secret = secrets.token_bytes(SECRET_BYTES)
            sealed = _seal(secret, person.id, pepper)
            connection.execute(
                insert(second_factors).values(person_id=person.id, secret=sealed, last_step=0, made_at=now)
            )
        else:
            secret = _opened(row.secret, person.id, pepper)
    label = quote(f"{ISSUER}:{person.sign_in_name}")
    return f"otpauth://totp/{label}?{urlencode({'secret': base32(secret), 'issuer': ISSUER}, quote_via=quote)}"


def base32(secret: bytes) -> str:
    """A secret as an app takes it typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def give_second_factor(store: Store, sign_in: SignIn, code: str, place: Place, pepper: bytes, now: datetime) -> None:
    """Opens a sign-in that waits for its code, or confirms a new one. Raises TooManyTries or WrongSignIn.

    The password alone has forgiven nothing so far, so five tries are five, whatever is typed in between.
    """
    person = sign_in.person
    counters = place.counters(person.sign_in_name, pepper)
    with store.writing() as connection:
        count_try(connection, counters, now)

    def is_right(connection: Connection) -> bool:
        return _use(connection, person.id, code, pepper, now)

    end_try(store, sign_in, "second factor", is_right, counters, now, second_due_at=None, last_touch_at=now)


def end_second_factor(store: Store, person_id: str, now: datetime, by: str | None) -> None:
    """Takes it away, as for a lost phone; a new one can then be begun."""
    with audit_trail.changing(store, now, "second factor taken away", by, person_id) as connection:
        connection.execute(delete(second_factors).where(second_factors.c.person_id == person_id))


def has_second_factor(store: Store, person_id: str) -> bool:
    """Has the person confirmed one?"""
    with store.reading() as connection:
        return has_confirmed(connection, person_id)


def second_factor_required(store: Store) -> bool:
    """Must clinicians, directors and owners have one, away from an enrolled tablet?"""
    with store.reading() as connection:
        return setting(connection, SECOND_REQUIRED) is not None


def require_second_factor(store: Store, required: bool, now: datetime, by: str | None) -> None:
    """The owner's setting."""
    with store.writing() as connection:
        connection.execute(delete(access_settings).where(access_settings.c.name == SECOND_REQUIRED))
        if required:
            put_setting(connection, SECOND_REQUIRED, "yes")
        audit_trail.note(store, connection, now, "second factor required", actor=by, required=int(required))


def _use(connection: Connection, person_id: str, code: str, pepper: bytes, now: datetime) -> bool:
    """Right, and not used before: the step moves on in one statement, so that of two at once one wins."""
    row = connection.execute(select(second_factors).where(second_factors.c.person_id == person_id)).first()
    alive = connection.execute(select(people.c.id).where((people.c.id == person_id) & people.c.disabled_at.is_(None)))
    if row is None or alive.first() is None:
        return False
    step = _step_of(_opened(row.secret, person_id, pepper), code, int(now.timestamp()) // STEP_SECONDS)
    mine = (second_factors.c.person_id == person_id) & (second_factors.c.last_step < step)
    used = update(second_factors).where(mine).values(last_step=step, confirmed_at=row.confirmed_at or now)
    return step > 0 and bool(connection.execute(used).rowcount)


def _step_of(secret: bytes, code: str, now_step: int) -> int:
    """The step whose code this is, one before or after allowed; 0 for none. Every step is looked at."""
    typed = "".join(code.split()).encode("utf-8", "replace")
    near = range(now_step - DRIFT, now_step + DRIFT + 1)
    return max((step for step in near if hmac.compare_digest(code_at(secret, step).encode(), typed)), default=0)


def _seal(secret: bytes, person_id: str, pepper: bytes) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(pepper).encrypt(nonce, secret, person_id.encode())).decode()


def _opened(sealed: str, person_id: str, pepper: bytes) -> bytes:
    whole = base64.b64decode(sealed)
    try:
        return _cipher(pepper).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], person_id.encode())
    except InvalidTag:
        raise WrongSignIn from None


def _cipher(pepper: bytes) -> AESGCM:
    return AESGCM(hmac.digest(pepper, b"second factor", "sha256"))

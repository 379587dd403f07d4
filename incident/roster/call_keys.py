"""The keys of words that are about people and stand in the log: one for each call, destroyed with the person.

The words are sealed by AES-256-GCM under a random key of their own and stand in the entry of the call, where the chain
vouches for them. The key lies in the vault, wrapped by a key that the incident's is split into (HKDF-SHA256, RFC 5869).
Whoever destroys the key leaves an entry that nobody can read, and a chain that still holds.
"""

import os
from collections.abc import Collection
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, delete, insert, select

from incident.errors import CaseUnusable
from incident.roster.tables import calls

KEY, NONCE = 32, 12


def keep(connection: Connection, incident_key: bytes, incident: UUID, call: UUID, person: int | None) -> bytes:
    """Make the key of a call and keep it, wrapped."""
    key, nonce = os.urandom(KEY), os.urandom(NONCE)
    wrapped = nonce + _wrapping(incident_key).encrypt(nonce, key, _place(call))
    connection.execute(insert(calls).values(call=call, incident=incident, person=person, wrapped_key=wrapped))
    return key


def find(connection: Connection, incident_key: bytes, wanted: Collection[UUID]) -> dict[UUID, bytes]:
    """The keys of calls; those that were destroyed are not among them.

    Raises:
        CaseUnusable: one was altered, or belongs to another call or incident.
    """
    wrapping, found = _wrapping(incident_key), {}
    for call, wrapped in connection.execute(select(calls.c.call, calls.c.wrapped_key).where(calls.c.call.in_(wanted))):
        try:
            found[call] = wrapping.decrypt(wrapped[:NONCE], wrapped[NONCE:], _place(call))
        except (InvalidTag, ValueError):
            raise CaseUnusable(f"the key of call {call} does not open: it was altered") from None
    return found


def destroy(connection: Connection, call: UUID) -> None:
    """Destroy the key of one call."""
    connection.execute(delete(calls).where(calls.c.call == call))


def destroy_of(connection: Connection, people: Collection[int]) -> None:
    """Destroy the keys of all calls of people, who are erased."""
    connection.execute(delete(calls).where(calls.c.person.in_(people)))


def seal(key: bytes, text: str, bound_to: bytes) -> bytes:
    """Words under the key of their call, bound to their place in the log."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), bound_to)


def opened(key: bytes, sealed: bytes, bound_to: bytes) -> str:
    """The words.

    Raises:
        CaseUnusable: they were altered or moved.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to).decode()
    except (InvalidTag, ValueError):
        raise CaseUnusable("the words of a call were altered or moved; they cannot be read") from None


def _wrapping(incident_key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY, salt=None, info=b"breach/calls/1").derive(incident_key))


def _place(call: UUID) -> bytes:
    return b"breach/calls/1/key|" + call.bytes

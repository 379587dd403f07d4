"""Between an entry of the log and its sealed bytes.

The sealed bytes are `format (1) | schema (2) | epoch (4) | key commitment (32) | nonce (12) | ciphertext and tag`,
AES-256-GCM under a random 96-bit nonce, with `id|version|topic|schema|epoch` as associated data: a ciphertext put in
another place does not open. The schema number stands outside the ciphertext, so that even an entry whose key is gone
says what it was. The epoch says which log key it was sealed with: keys can be rotated, entries never change.

Each entry has a key of its own, derived from the log key and its place (HKDF-Expand, RFC 5869): one entry can be
disclosed to an examiner, who checks it against the stored bytes, while the others stay closed. AES-GCM alone would let
somebody who makes both keys prepare one ciphertext that opens to two different texts; the commitment, SHA-256 of the
key, is stored with the entry and leaves only one key to disclose. Format 2 was without the epoch, which is the first
there; format 1 without the commitment, too.

Moments are sealed as text, because MessagePack's own time stamps forget the offset.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from incident.access.secrets import SecretBytes
from incident.errors import CaseUnusable, InvalidInput
from incident.events import ALL_EVENTS, Entry, Event
from incident.log.upcasts import UPCASTS, Upcasts, upcast

_FORMAT = 3
_HEADER = struct.Struct(">BH")
_EPOCH = struct.Struct(">I")
_LAYOUT = {1: (0, 0), 2: (0, 32), _FORMAT: (_EPOCH.size, 32)}
"""Bytes of epoch and key commitment by format."""
_NONCE = 12


class LogKeys(Protocol):
    """The keys of the log, one for each epoch; `epoch` is the one to seal with."""

    @property
    def epoch(self) -> int:
        """The newest epoch, from 1."""
        ...

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        """The key of an epoch; the purpose is `"log"`. Raises CaseUnusable where it is not held."""
        ...


class _OneKey:
    """A log whose key was never rotated."""

    epoch = 1

    def __init__(self, key: bytes) -> None:
        self._key = SecretBytes(key)

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        if epoch != self.epoch:
            raise CaseUnusable(f"This needs epoch {epoch} of the {purpose} key, which you do not hold.")
        return self._key


class UnreadableEntryError(Exception):
    """A stored entry does not give its event; the message says why."""


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    occurred_at: str
    recorded_at: str
    by: str
    because: str | None
    event: msgspec.Raw


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """What lets somebody without our keys read one stored entry: its own key, and what is sealed, as JSON values."""

    key: bytes
    schema: int
    occurred_at: str
    recorded_at: str
    by: str
    because: str | None
    event: dict[str, Any]

    def __repr__(self) -> str:
        return f"Disclosure(<key>, {self.recorded_at})"


class SealedMapper(Mapper[UUID]):
    """Seals entries and opens them again. `key` is the one key of the log, or its keys by epoch."""

    def __init__(
        self, key: bytes | LogKeys, *, events: Iterable[type[Event]] = ALL_EVENTS, upcasts: Upcasts = UPCASTS
    ) -> None:
        # The library's transcoder is lossy (tuples become lists, enums strings) and takes no part here.
        super().__init__(transcoder=JSONTranscoder())
        self._keys: LogKeys = _OneKey(key) if isinstance(key, bytes) else key
        self._types = {event_type.TOPIC: event_type for event_type in events}
        self._macs: dict[int, hmac.HMAC] = {}
        self._upcasts = upcasts
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(_Sealed)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Seal an entry.

        Raises:
            InvalidInput: a text or a number in it cannot be stored.
            TypeError: it is not an `Entry` with an event of a known type.
            ValueError: a moment has no offset from UTC.
        """
        entry = domain_event
        if not isinstance(entry, Entry) or self._types.get(entry.event.TOPIC) is not type(entry.event):
            raise TypeError(f"the log records entries with known events, not {type(entry).__name__}")
        event = entry.event
        occurred_at, recorded_at = _text(entry.occurred_at, "occurred_at"), _text(entry.recorded_at, "recorded_at")
        try:
            fields = msgspec.Raw(self._encoder.encode(msgspec.to_builtins(event)))
            plain = self._encoder.encode(_Sealed(occurred_at, recorded_at, entry.by, entry.because, fields))
        except UnicodeEncodeError as error:
            raise InvalidInput(f"text: it has characters that cannot be stored ({error.reason})") from None
        except OverflowError:
            raise InvalidInput("number: it is too large to be stored") from None
        nonce = os.urandom(_NONCE)
        epoch = self._keys.epoch
        place = _place(entry.originator_id, entry.originator_version, event.TOPIC, event.SCHEMA, epoch)
        key = self._key_of(place, epoch)
        ciphertext = AESGCM(key).encrypt(nonce, plain, place)
        header = _HEADER.pack(_FORMAT, event.SCHEMA) + _EPOCH.pack(epoch)
        state = header + key_commitment(key) + nonce + ciphertext
        return StoredEvent(entry.originator_id, entry.originator_version, event.TOPIC, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        """Open a sealed entry.

        Raises:
            UnreadableEntryError: another key, altered or misplaced bytes, an unknown topic or schema.
        """
        topic, stream = stored_event.topic, stored_event.originator_id
        assert isinstance(stream, UUID)
        schema = stored_schema(stored_event.state)
        event_type = self._types.get(topic)
        if event_type is None:
            raise UnreadableEntryError(f"the topic {topic} is not known to this version of the program")
        if schema > event_type.SCHEMA:
            raise UnreadableEntryError(f"{topic} was recorded by a newer version of the program (schema {schema})")
        _, plain = self._open(stored_event, schema)
        try:
            sealed = self._decoder.decode(plain)
            return Entry(
                originator_id=stream,
                originator_version=stored_event.originator_version,
                event=self._event(event_type, schema, sealed.event),
                occurred_at=datetime.fromisoformat(sealed.occurred_at),
                recorded_at=datetime.fromisoformat(sealed.recorded_at),
                by=sealed.by,
                because=sealed.because,
            )
        except (msgspec.MsgspecError, ValueError, LookupError, TypeError) as error:
            raise UnreadableEntryError(
                f"{topic} of schema {schema} does not have its declared fields: {error}"
            ) from None

    def disclose(self, stored_event: StoredEvent) -> Disclosure:
        """What an examiner needs to read this entry and no other.

        Raises:
            UnreadableEntryError: another key, altered or misplaced bytes.
        """
        schema = stored_schema(stored_event.state)
        key, plain = self._open(stored_event, schema)
        sealed = self._decoder.decode(plain)
        return Disclosure(
            key=key,
            schema=schema,
            occurred_at=sealed.occurred_at,
            recorded_at=sealed.recorded_at,
            by=sealed.by,
            because=sealed.because,
            event=msgspec.msgpack.decode(sealed.event, type=dict[str, Any]),
        )

    def _key_of(self, place: bytes, epoch: int) -> SecretBytes:
        begun = self._macs.get(epoch)
        if begun is None:
            begun = self._macs[epoch] = hmac.new(self._keys.key("log", epoch), b"entry|", "sha256")
        mac = begun.copy()  # the key is taken in once, not for every entry
        mac.update(place + b"\x01")
        return SecretBytes(mac.digest())

    def _open(self, stored_event: StoredEvent, schema: int) -> tuple[SecretBytes, bytes]:
        """The key of a stored entry, and what was sealed with it."""
        stream, state = stored_event.originator_id, stored_event.state
        assert isinstance(stream, UUID)
        with_epoch, commitment = _LAYOUT[state[0]]
        committed = _HEADER.size + with_epoch
        nonce = committed + commitment
        body = nonce + _NONCE
        (epoch,) = _EPOCH.unpack_from(state, _HEADER.size) if with_epoch else (1,)
        place = _place(
            stream, stored_event.originator_version, stored_event.topic, schema, epoch if with_epoch else None
        )
        unreadable = UnreadableEntryError("it was altered or moved, or sealed with another key")
        try:
            key = self._key_of(place, epoch)
        except CaseUnusable as error:
            raise UnreadableEntryError(f"{unreadable}: {error}") from None
        if state[committed:nonce] not in (b"", key_commitment(key)):
            raise unreadable
        try:
            return key, AESGCM(key).decrypt(state[nonce:body], state[body:], place)
        except (InvalidTag, ValueError):
            raise unreadable from None

    def _event(self, event_type: type[Event], schema: int, raw: msgspec.Raw) -> Event:
        if schema == event_type.SCHEMA:
            return msgspec.msgpack.decode(raw, type=event_type)
        fields = upcast(
            event_type.TOPIC,
            msgspec.msgpack.decode(raw, type=dict[str, object]),
            stored=schema,
            wanted=event_type.SCHEMA,
            upcasts=self._upcasts,
        )
        return msgspec.convert(fields, type=event_type)


def stored_schema(state: bytes) -> int:
    """The schema number of a sealed entry; no key is needed.

    Raises:
        UnreadableEntryError: the bytes are not a sealed entry of a format this program knows.
    """
    if len(state) < _HEADER.size:
        raise UnreadableEntryError("it is cut short")
    layout, schema = _HEADER.unpack_from(state)
    if layout not in _LAYOUT:
        raise UnreadableEntryError(f"format {layout} of sealed entries is not known to this version of the program")
    if len(state) <= _HEADER.size + sum(_LAYOUT[layout]) + _NONCE:
        raise UnreadableEntryError("it is cut short")
    return int(schema)


def key_commitment(key: bytes) -> bytes:
    """What is stored with an entry so that no other key can later be shown for it."""
    return hashlib.sha256(b"breach entry key" + key).digest()


def _place(originator_id: UUID, version: int, topic: str, schema: int, epoch: int | None) -> bytes:
    """Where an entry stands; formats before the third had no epoch."""
    rotated = "" if epoch is None else f"|{epoch}"
    return f"{originator_id.hex}|{version}|{topic}|{schema}{rotated}".encode()


def _text(moment: datetime, name: str) -> str:
    if moment.utcoffset() is None:
        raise ValueError(f"{name}: a moment in the log needs its offset from UTC")
    return moment.isoformat()

"""Commands on calls: the words are sealed before they are recorded, and opened for whoever works on the case."""

import base64
from datetime import date, datetime
from uuid import UUID

import msgspec

from incident import calls
from incident.calls import Call, Words
from incident.commands.desk import Desk, Receipt, insistent
from incident.errors import CaseUnusable, InvalidInput, NotFound, OutOfOrder
from incident.events import CallErased, CallFollowedUp, CallLogged
from incident.roster.call_keys import opened, seal
from incident.roster.vault import Vault
from incident.views.calls import call_of, calls_of
from incident.views.queries import Queries

_GONE = "(erased)"
_RUN = 500
"""Keys that are asked for at once."""


class HeardCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call with its words; `words` is None where their key was destroyed."""

    call: Call
    words: Words | None
    follow_up_words: str = ""


class CallCommands:
    """What can be done with calls."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault

    @insistent
    def log(
        self,
        incident_id: UUID,
        words: Words,
        *,
        direction: str = "received",
        topic: str = "other",
        person: tuple[UUID, int] | None = None,
        follow_up: date | None = None,
        at: datetime | None = None,
    ) -> tuple[UUID, Receipt]:
        """Record a call. `person` is (list, row) where it is known who it was; `at` where it was not just now.

        Raises:
            InvalidInput: naming each field that cannot be used.
            NotFound: there is no such person.
        """
        self._desk.require(CallLogged.TOPIC)
        incident = self._desk.incident(incident_id)
        if incident.closed:
            raise OutOfOrder(f"incident {incident.reference} is closed")
        calls.check(direction, topic, words, follow_up, self._desk.today(incident))
        if person is not None:
            self._vault.person(*person)
        call_id = self._desk.ids.new()
        # Entries that cannot be made are refused before a key is kept for them.
        self._desk.entries(call_id, 0, [], occurred_at=at)
        key = self._vault.new_call_key(incident_id, call_id, person)
        event = CallLogged(
            incident_id=incident_id,
            direction=direction,
            topic=topic,
            roster=person[0] if person else None,
            row=person[1] if person else None,
            sealed=_sealed(key, msgspec.json.encode(words).decode(), call_id, 1),
            follow_up=follow_up,
        )
        try:
            return call_id, self._desk.append(self._desk.entries(call_id, 0, [event], occurred_at=at))
        except BaseException:
            if not self._desk.log.stream(call_id):
                self._vault.destroy_call_key(call_id)
            raise

    @insistent
    def follow_up(self, call_id: UUID, text: str) -> Receipt:
        """Record that what was promised was done, and how.

        Raises:
            OutOfOrder: nothing was promised, or it was done already.
        """
        self._desk.require(CallFollowedUp.TOPIC)
        if not text.strip():
            raise InvalidInput("done: say what was done")
        call = self._call(call_id)
        key = self._vault.call_keys(call.logged.incident_id, [call_id]).get(call_id)
        # Of a call whose words were erased nothing more is said.
        sealed = _sealed(key, text.strip(), call_id, call.version + 1) if key is not None else ""
        return self._desk.record(call_id, call.version, calls.decide_follow_up(call, sealed))

    @insistent
    def erase(self, call_id: UUID, because: str) -> Receipt:
        """Destroy the key of the words of a call; the log keeps that there was a call, and that it was erased.

        Given again it records nothing more.
        """
        if not because.strip():
            raise InvalidInput("because: an erasure is recorded with its ground")
        self._desk.require(CallErased.TOPIC)
        call = self._call(call_id)
        self._vault.destroy_call_key(call_id)
        return self._desk.record(call_id, call.version, [] if call.erased else [CallErased()], because=because)

    def heard(self, incident_id: UUID, text: str = "", queries: Queries | None = None) -> tuple[HeardCall, ...]:
        """The calls of an incident with their words, newest first; those in which all words of `text` occur.

        What is erased is found by what the log still says of it.
        """
        wanted = text.casefold().split()
        found = []
        known = calls_of(queries or self._desk.queries, incident_id)
        keys: dict[UUID, bytes] = {}
        for run in range(0, len(known), _RUN):
            keys |= self._vault.call_keys(incident_id, [call.id for call in known[run : run + _RUN]])
        for call in reversed(known):
            heard = self._heard(call, keys.get(call.id))
            told = _haystack(heard)
            if all(word in told for word in wanted):
                found.append(heard)
        return tuple(found)

    def _heard(self, call: Call, key: bytes | None) -> HeardCall:
        if key is None:
            return HeardCall(call=call, words=None)
        words = msgspec.json.decode(_opened(key, call.logged.sealed, call.id, 1), type=Words)
        done = ""
        if call.follow_up_words:
            version = next(
                entry.originator_version
                for entry in self._desk.log.stream(call.id)
                if isinstance(entry.event, CallFollowedUp)
            )
            done = _opened(key, call.follow_up_words, call.id, version)
        return HeardCall(call=call, words=words, follow_up_words=done)

    def _call(self, call_id: UUID) -> Call:
        entries = self._desk.log.stream(call_id)
        if not entries or not isinstance(entries[0].event, CallLogged):
            raise NotFound(f"no call {call_id}")
        return calls.replay(call_id, entries)


def call_named(queries: Queries, incident_id: UUID, text: str) -> Call:
    """The call of an incident by its event number, as 57 or #57."""
    number = text.removeprefix("#")
    if not number.isdecimal():
        raise InvalidInput(f"call: {text!r} is not an event number such as #57")
    return call_of(queries, incident_id, int(number))


def _haystack(heard: HeardCall) -> str:
    logged = heard.call.logged
    words = heard.words or Words(asked=_GONE)
    row = f"row {logged.row}" if logged.row is not None else "unknown"
    parts = (logged.topic, logged.direction, row, words.caller, words.asked, words.answered, heard.follow_up_words)
    return " ".join((*parts, heard.call.by, f"#{heard.call.position}")).casefold()


def _sealed(key: bytes, text: str, call: UUID, version: int) -> str:
    return base64.b64encode(seal(key, text, _bound_to(call, version))).decode()


def _opened(key: bytes, sealed: str, call: UUID, version: int) -> str:
    try:
        content = base64.b64decode(sealed, validate=True)
    except ValueError:
        raise CaseUnusable("the words of a call were altered; they cannot be read") from None
    return opened(key, content, _bound_to(call, version))


def _bound_to(call: UUID, version: int) -> bytes:
    return b"call|" + call.bytes + version.to_bytes(8, "big")

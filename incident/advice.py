"""Counsel's advice, by what a privilege log tells of it; the words are sealed and never here."""

from collections.abc import Iterable, Sequence
from typing import assert_never
from uuid import UUID

import msgspec

from incident.errors import InvalidInput
from incident.events import AdviceCorrected, AdviceGiven, Entry, Event

AdviceEvent = AdviceGiven | AdviceCorrected

BASES: dict[str, str] = {
    "attorney_client": "attorney-client privilege",
    "work_product": "work product prepared in anticipation of litigation (Fed. R. Civ. P. 26(b)(3))",
    "both": "attorney-client privilege; work product (Fed. R. Civ. P. 26(b)(3))",
}
"""Name -> the ground that a privilege log claims."""

DESCRIPTION = "Communication with counsel for the purpose of legal advice"
"""What a communication is where counsel describes it no further."""

NOT_A_PROMISE = "A label does not make a communication privileged; that is for a court to say."

_LONGEST = 200


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of advice after `version` entries. `sealed` are the words as sealed in that version, in Base64."""

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    subject: str = ""
    recipients: tuple[str, ...] = ()
    basis: str = ""
    description: str = ""
    sealed: str = ""


def evolve(state: Advice, entry: Entry) -> Advice:
    """The state after one more entry."""
    event: AdviceEvent = entry.event  # type: ignore[assignment]  # the stream holds only these
    first: dict[str, object] = {}
    match event:
        case AdviceGiven():
            first = {"incident_id": event.incident_id, "subject": event.subject}
        case AdviceCorrected():
            pass
        case _:
            assert_never(event)
    return msgspec.structs.replace(
        state,
        version=entry.originator_version,
        recipients=event.recipients,
        basis=event.basis,
        description=event.description,
        sealed=event.sealed,
        **first,
    )


def replay(advice_id: UUID, entries: Iterable[Entry]) -> Advice:
    """The state after all entries of the stream."""
    state = Advice(id=advice_id)
    for entry in entries:
        state = evolve(state, entry)
    return state


def bound_to(advice_id: UUID, version: int) -> bytes:
    """The place that the words of an entry are sealed to: they open nowhere else."""
    return f"{advice_id.hex}|{version}".encode()


def check(text: str, recipients: Sequence[str], basis: str, description: str) -> tuple[tuple[str, ...], str]:
    """See that advice can be recorded; return recipients and description, tidied.

    Raises:
        InvalidInput: it says nothing, goes to nobody, or is claimed on no ground.
    """
    to = tuple(dict.fromkeys(name.strip() for name in recipients if name.strip()))
    described = " ".join(description.split()) or DESCRIPTION
    faults = []
    if not text.strip():
        faults.append("text: the advice is empty")
    if not to:
        faults.append("recipients: say to whom it is given; the privilege log names them")
    if basis not in BASES:
        faults.append(f"basis: {basis!r} is not one of {', '.join(BASES)}")
    if len(described) > _LONGEST or not described.isprintable():
        faults.append(f"description: up to {_LONGEST} printable characters; it stands in the privilege log")
    faults += [
        f"recipients: {name[:20]!r} is not a name of up to {_LONGEST} printable characters"
        for name in to
        if len(name) > _LONGEST or not name.isprintable()
    ]
    if faults:
        raise InvalidInput(*faults)
    return to, described


def decide_give(  # noqa: PLR0917 - what the event holds, in its order
    incident_id: UUID, subject: str, recipients: tuple[str, ...], basis: str, description: str, sealed: str
) -> list[Event]:
    """Record advice whose words are sealed already."""
    return [
        AdviceGiven(
            incident_id=incident_id,
            subject=subject,
            recipients=recipients,
            basis=basis,
            description=description,
            sealed=sealed,
        )
    ]


def decide_correct(
    state: Advice, recipients: tuple[str, ...], basis: str, description: str, sealed: str
) -> list[Event]:
    """Put other words, recipients, basis or description in the place of the present ones."""
    return [
        AdviceCorrected(
            recipients=recipients, basis=basis, description=description, sealed=sealed, corrects=state.version
        )
    ]

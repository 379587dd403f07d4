"""What becomes of each entry of the log in an evidence pack: disclosed, withheld as privileged, or another matter's.

The entries of one incident are those of its own stream and of every stream whose opening entry names it (its notices,
filings, lists of people), and those of the case itself, which say whose record it is and who worked on it.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from uuid import UUID

import msgspec

from incident.errors import InvalidInput
from incident.events import CaseOpened, ChangesRequested, Entry, Event

ADVICE = "advice."
"""Topics of the stream of counsel's advice begin so."""


class Fate(StrEnum):
    """What becomes of an entry."""

    DISCLOSED = "disclosed"
    PRIVILEGED = "privileged"
    OTHER = "other"


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """One entry with its fate; `ground` says why it is withheld."""

    position: int
    entry: Entry
    fate: Fate
    ground: str = ""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One stream of the incident; `kind` is case, incident, notice, filing or roster."""

    id: UUID
    kind: str


class Selection(msgspec.Struct, frozen=True):
    """The fate of every entry, in the order of the log, and the streams of the incident."""

    entries: tuple[Selected, ...]
    streams: tuple[Stream, ...]

    def of(self, fate: Fate) -> tuple[Selected, ...]:
        """The entries of one fate."""
        return tuple(selected for selected in self.entries if selected.fate is fate)


def select_entries(
    entries: Iterable[tuple[int, Entry]],
    incident_id: UUID,
    *,
    withhold: Mapping[int, str],
    disclose: Collection[int],
) -> Selection:
    """Decide on every entry of the log.

    `withhold` gives a ground for entries to be withheld beyond those that always are; `disclose` names privileged ones
    that are shown all the same, which is for counsel to decide.

    Raises:
        InvalidInput: a number is not of an entry of this incident, or is in both.
    """
    kinds: dict[UUID, str] = {}
    selected = []
    for position, entry in entries:
        stream, event = entry.originator_id, entry.event
        if isinstance(event, CaseOpened) or stream == incident_id or _owner(event) == incident_id:
            kinds.setdefault(stream, event.TOPIC.partition(".")[0])
        if stream not in kinds:
            selected.append(Selected(position=position, entry=entry, fate=Fate.OTHER))
            continue
        ground = withhold.get(position) or ("" if position in disclose else privilege(event))
        fate = Fate.PRIVILEGED if ground else Fate.DISCLOSED
        selected.append(Selected(position=position, entry=entry, fate=fate, ground=ground))
    ours = {each.position for each in selected if each.fate is not Fate.OTHER}
    faults = [f"#{each}: not an entry of this incident" for each in sorted({*withhold, *disclose} - ours)]
    faults += [f"#{each}: both to be withheld and to be disclosed" for each in sorted(set(withhold) & set(disclose))]
    faults += [f"#{each}: say on what ground it is withheld" for each, ground in withhold.items() if not ground.strip()]
    if faults:
        raise InvalidInput(*faults)
    return Selection(tuple(selected), tuple(Stream(id=stream, kind=kind) for stream, kind in kinds.items()))


def privilege(event: Event) -> str:
    """Why an event is withheld unless counsel decides otherwise; empty for what is not privileged."""
    if event.TOPIC.startswith(ADVICE):
        return "attorney-client privilege: advice of counsel"
    if isinstance(event, ChangesRequested):
        return "attorney-client privilege: counsel's comment on a draft"
    return ""


def described(event: Event) -> str:
    """What a privileged event is, without what it says."""
    if isinstance(event, ChangesRequested):
        return "Comment of counsel on the draft of a notice"
    if event.TOPIC.startswith(ADVICE):
        return "Communication with counsel for the purpose of legal advice"
    return f"Entry of the kind {event.TOPIC.partition('.')[2].replace('_', ' ')}"


def _owner(event: Event) -> UUID | None:
    """The incident that an opening entry ties its stream to."""
    owner = getattr(event, "incident_id", None)
    return owner if isinstance(owner, UUID) else None

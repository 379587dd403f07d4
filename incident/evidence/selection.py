"""What becomes of each entry of the log in an evidence pack: disclosed, withheld as privileged, or another matter's.

The entries of one incident are those of its own stream and of every stream whose opening entry names it (its notices,
filings, lists of people, advice), and those of the case itself, which say whose record it is and who worked on it.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from uuid import UUID

import msgspec

from incident.errors import InvalidInput
from incident.events import AdviceCorrected, AdviceGiven, CaseOpened, Entry, Event
from incident.evidence.privilege import privilege


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
    """One stream of the incident; `kind` is case, incident, notice, filing, roster or advice."""

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
        InvalidInput: a number is not of an entry of this incident, is in both, or names advice to be disclosed.
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
    advice = {each.position for each in selected if isinstance(each.entry.event, AdviceGiven | AdviceCorrected)}
    ours = {each.position for each in selected if each.fate is not Fate.OTHER}
    faults = [f"#{each}: not an entry of this incident" for each in sorted({*withhold, *disclose} - ours)]
    faults += [f"#{each}: both to be withheld and to be disclosed" for each in sorted(set(withhold) & set(disclose))]
    faults += [f"#{each}: say on what ground it is withheld" for each, ground in withhold.items() if not ground.strip()]
    faults += [
        f"#{each}: the words of advice are sealed and go into no pack; hand over what counsel reads out of it"
        for each in sorted(advice & set(disclose))
    ]
    if faults:
        raise InvalidInput(*faults)
    return Selection(tuple(selected), tuple(Stream(id=stream, kind=kind) for stream, kind in kinds.items()))


def _owner(event: Event) -> UUID | None:
    """The incident that an opening entry ties its stream to."""
    owner = getattr(event, "incident_id", None)
    return owner if isinstance(owner, UUID) else None

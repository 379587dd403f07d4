"""Entries that are kept whole beside the tables: few of a kind, and folded by who asks for them.

Columns for each would say the same again. They follow the log like everything else here, so that a past moment shows
what was known of it then.
"""

from collections import defaultdict
from typing import NamedTuple, TypeVar
from uuid import UUID

from incident.events import (
    CallErased,
    CallFollowedUp,
    CallLogged,
    DisclosureDescribed,
    EntriesRead,
    Entry,
    Event,
    HandoverAcknowledged,
    HandoverGiven,
    LettersRemailed,
    NoticeDispatched,
    NoticeRendered,
    PostingBegun,
    PostingEnded,
    RemailPrinted,
    RowLinked,
    RowUnlinked,
)

_KINDS = (
    CallErased, CallFollowedUp, CallLogged, DisclosureDescribed, EntriesRead, HandoverAcknowledged, HandoverGiven,
    LettersRemailed, NoticeDispatched, NoticeRendered, PostingBegun, PostingEnded, RemailPrinted,
    RowLinked, RowUnlinked,
)  # fmt: skip

E = TypeVar("E", bound=Event)


class KeptEntry(NamedTuple):
    """An entry with its event number."""

    position: int
    entry: Entry


class Kept:
    """What is kept of each incident, in the order of the log."""

    def __init__(self) -> None:
        self._of: defaultdict[UUID, list[KeptEntry]] = defaultdict(list)

    def take(self, position: int, entry: Entry, incident: UUID | None) -> None:
        """Keep an entry where it is of a kind that is kept."""
        if incident is None or not isinstance(entry.event, _KINDS):
            return
        held = self._of[incident]
        if not held or held[-1].position < position:  # a catching up that broke off is begun again
            held.append(KeptEntry(position, entry))

    def of(self, incident_id: UUID, *kinds: type[Event]) -> tuple[KeptEntry, ...]:
        """The entries of these kinds."""
        return tuple(each for each in self._of.get(incident_id, ()) if isinstance(each.entry.event, kinds))

    def streams(self, incident_id: UUID, *kinds: type[Event]) -> dict[UUID, list[KeptEntry]]:
        """The entries of these kinds by stream, streams in the order in which they began."""
        found: dict[UUID, list[KeptEntry]] = {}
        for each in self.of(incident_id, *kinds):
            found.setdefault(each.entry.originator_id, []).append(each)
        return found

    def incidents(self) -> tuple[UUID, ...]:
        """The incidents of which something is kept."""
        return tuple(self._of)


def event_of(kept: KeptEntry, kind: type[E]) -> E:
    """The event of a kept entry that is known to be of a kind."""
    assert isinstance(kept.entry.event, kind)
    return kept.entry.event

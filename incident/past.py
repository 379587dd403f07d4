"""A case as it stood after an event number: what a document desk reads of a service, and nothing that records."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from incident import incident as incidents
from incident import notice as notices
from incident import own_templates
from incident.errors import NotFound
from incident.events import Entry
from incident.incident import Incident
from incident.notice import Notice
from incident.ports import BlobStore, EventLog
from incident.views.queries import Queries


class _Stopped:
    """A clock that stands at a past moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


class PastRecord:
    """The record of then: its queries, its moment as the clock, and its notices.

    It stands where a `Service` is read from, so that a document desk writes the notices of then.
    """

    def __init__(self, log: EventLog, queries: Queries, moment: datetime, blobs: BlobStore) -> None:
        self._log = log
        self._blobs = blobs
        self.queries = queries
        self.clock = _Stopped(moment)

    @property
    def desk(self) -> "PastRecord":
        """What a command would load a notice from."""
        return self

    @property
    def templates(self) -> "PastRecord":
        """Where the organization's own templates of then are read."""
        return self

    def contents(self) -> Mapping[str, bytes]:
        """The files of the templates that were in force then, by name."""
        return own_templates.contents(self.entries(self.queries.case().stream), self._blobs)

    def entries(self, stream: UUID) -> tuple[Entry, ...]:
        """The entries of a stream that stood in the log then."""
        return self._log.stream(stream)[: self.queries.version(stream)]

    def notice(self, notice_id: UUID) -> Notice:
        """A notice as it was then.

        Raises:
            NotFound: it did not exist yet.
        """
        entries = self.entries(notice_id)
        if not entries:
            raise NotFound(f"no notice {notice_id} as of #{self.queries.position}")
        return notices.replay(notice_id, entries)

    def incident(self, incident_id: UUID) -> Incident:
        """An incident as it was then."""
        return incidents.replay(incident_id, self.entries(incident_id))

    def changes_since(self, stream: UUID) -> tuple[Entry, ...]:
        """The entries that a stream has gained since."""
        return self._log.stream(stream)[self.queries.version(stream) :]

"""How far a rendering has come between its beginning and its entry in the log, and what one that broke off leaves."""

from uuid import UUID

import msgspec

from incident.commands.desk import Desk
from incident.errors import NotFound
from incident.events import NoticeRendered
from incident.events.documents import documents
from incident.unfinished import Unfinished, note_name, read_unfinished, write_unfinished


class RenderingCommands:
    """Notes of renderings under way. They are sealed beside the documents and are no part of the record."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def unfinished(self, notice_id: UUID) -> Unfinished | None:
        """The rendering of a notice that has not come to its end."""
        return read_unfinished(self._desk.blobs, notice_id)

    def begin(self, notice_id: UUID, engine: str) -> Unfinished:
        """Note that a rendering begins, or goes on: its finished parts are those of the one before."""
        self._desk.require(NoticeRendered.TOPIC)
        before = self.unfinished(notice_id)
        fresh = Unfinished(notice=notice_id, begun_at=self._desk.clock.now(), by=self._desk.user, engine=engine)
        if before is not None:
            fresh = msgspec.structs.replace(fresh, parts=before.parts, loose=before.loose)
        self.note(fresh)
        return fresh

    def note(self, unfinished: Unfinished) -> None:
        """Note how far it has come."""
        self._desk.require(NoticeRendered.TOPIC)
        write_unfinished(self._desk.blobs, unfinished)

    def drop(self, notice_id: UUID) -> int:
        """Forget an unfinished rendering and take away its files that no entry of the log speaks of; how many.

        Also what ends one that was recorded: then only what it did not use goes.

        Raises:
            NotAllowed: it is not for the person at work to render.
            NotFound: none is under way.
        """
        self._desk.require(NoticeRendered.TOPIC)
        unfinished = self.unfinished(notice_id)
        if unfinished is None:
            raise NotFound("no rendering of this notice was stopped")
        recorded = {sha256 for _, entry in self._desk.log.read() for sha256 in documents(entry.event)}
        left = set(unfinished.files(self._desk.blobs.get)) - recorded
        for sha256 in left:
            self._desk.blobs.discard(sha256)
        # Last, so that a loss of power in between leaves the note of what is left.
        self._desk.blobs.drop_note(note_name(notice_id))
        return len(left)

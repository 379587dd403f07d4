"""Which parts of a rendering are finished: read before printing, noted as it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from incident.errors import CaseUnusable, NotFound
from incident.unfinished import Part, Unfinished
from notices.manifest import Segment

if TYPE_CHECKING:
    from incident.ports import BlobStore


class Journal(Protocol):
    """Remembers the finished parts of one rendering."""

    def finished(self, key: str) -> Part | None:
        """The part that was made of exactly this, where an earlier run has finished it."""

    def begin(self, hashes: Sequence[str]) -> None:
        """Files with these SHA-256 are about to be kept."""

    def finish(self, part: Part) -> None:
        """They are kept, and listed."""


class NoJournal:
    """Remembers nothing."""

    def finished(self, key: str) -> Part | None:
        """See `Journal`."""
        del key
        return None

    def begin(self, hashes: Sequence[str]) -> None:
        """See `Journal`."""

    def finish(self, part: Part) -> None:
        """See `Journal`."""


class CaseJournal:
    """`Journal` in the case of an `Unfinished`; `note` writes it down durably.

    The names of files are noted before the files are kept: whatever moment a crash comes at, nothing lies about that
    nobody knows of.
    """

    def __init__(self, unfinished: Unfinished, blobs: BlobStore, note: Callable[[Unfinished], None]) -> None:
        self._unfinished = unfinished
        self._blobs = blobs
        self._note = note
        self._by_key = {part.key: part for part in unfinished.parts}

    def finished(self, key: str) -> Part | None:
        """See `Journal`. A part of which something is missing counts as not finished."""
        part = self._by_key.get(key)
        return part if part is not None and self._is_whole(part) else None

    def begin(self, hashes: Sequence[str]) -> None:
        """See `Journal`."""
        loose = dict.fromkeys((*self._unfinished.loose, *hashes))
        self._write(msgspec.structs.replace(self._unfinished, loose=tuple(loose)))

    def finish(self, part: Part) -> None:
        """See `Journal`."""
        listed = {part.sha256, *(file.sha256 for file in self._listed(part).files)}
        self._by_key[part.key] = part
        self._write(
            msgspec.structs.replace(
                self._unfinished,
                parts=tuple(self._by_key.values()),
                loose=tuple(each for each in self._unfinished.loose if each not in listed),
            )
        )

    def _write(self, unfinished: Unfinished) -> None:
        self._unfinished = unfinished
        self._note(unfinished)

    def _is_whole(self, part: Part) -> bool:
        try:
            return all(file.sha256 in self._blobs for file in self._listed(part).files)
        except (NotFound, CaseUnusable, msgspec.MsgspecError):
            return False

    def _listed(self, part: Part) -> Segment:
        return msgspec.json.decode(self._blobs.get(part.sha256), type=Segment)

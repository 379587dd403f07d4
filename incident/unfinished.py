"""A rendering that has not come to its end: what of it is finished already, noted beside the documents, sealed.

Whoever goes on from it does not make finished files again, and whoever drops it knows which files belong to nobody. It
is no event: until it has come to its end, a rendering is nothing that the record speaks of.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from incident.errors import CaseUnusable, NotFound
from incident.ports import BlobStore


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Files that are finished and kept, listed in a document of their own: its SHA-256 and size in bytes.

    `key` is a hash of everything that they were made of; `excluded` counts the rows among them without a letter.
    """

    key: str
    sha256: str
    size: int
    files: int
    letters: int
    pages: int
    excluded: dict[str, int]

    @property
    def rows(self) -> int:
        """Letters and exclusions."""
        return self.letters + sum(self.excluded.values())


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """How far a rendering has come. `loose` are SHA-256 of files that were being kept and are in no part yet."""

    notice: UUID
    begun_at: datetime
    by: str
    engine: str
    parts: tuple[Part, ...] = ()
    loose: tuple[str, ...] = ()

    @property
    def letters(self) -> int:
        """Letters that are finished."""
        return sum(part.letters for part in self.parts)

    def files(self, get: Callable[[str], bytes]) -> Iterator[str]:
        """The SHA-256 of everything that it has kept, as far as its lists can be read."""
        yield from self.loose
        for part in self.parts:
            yield part.sha256
            try:
                listed = msgspec.json.decode(get(part.sha256), type=_Listed)
            except (NotFound, CaseUnusable, msgspec.MsgspecError):
                continue
            yield from (file.sha256 for file in listed.files)


class _Named(msgspec.Struct):
    sha256: str


class _Listed(msgspec.Struct):
    """As much as matters here of the list of a part."""

    files: tuple[_Named, ...]


def note_name(notice: UUID) -> str:
    """What the note of a notice is kept under."""
    return f"rendering {notice}"


def read_unfinished(blobs: BlobStore, notice: UUID) -> Unfinished | None:
    """How far the rendering of a notice has come; None where none is under way. One that cannot be read is none."""
    try:
        noted = blobs.note(note_name(notice))
        return msgspec.json.decode(noted, type=Unfinished) if noted is not None else None
    except (CaseUnusable, msgspec.MsgspecError):
        return None


def write_unfinished(blobs: BlobStore, unfinished: Unfinished) -> None:
    """Note how far it has come."""
    blobs.write_note(note_name(unfinished.notice), msgspec.json.encode(unfinished))

"""The organization's own templates, as the log has them: which were in force, and what they hold. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from incident.events import Entry, OwnTemplatesRemoved, OwnTemplatesTakenIn
from incident.ports import BlobStore


class OwnTemplates(msgspec.Struct, frozen=True, kw_only=True):
    """Templates that were taken in, and by whom; `removed_at` and `removed_by` where they are in force no longer.

    `files` are names with the SHA-256 (hex) and the size in bytes of what is kept.
    """

    title: str
    files: tuple[tuple[str, str, int], ...]
    taken_in_by: str
    taken_in_at: datetime
    removed_by: str | None = None
    removed_at: datetime | None = None


def history(entries: Iterable[Entry]) -> tuple[OwnTemplates, ...]:
    """Every set that was taken in, the newest last; each ends when the next is taken in, or when it is removed."""
    found: list[OwnTemplates] = []
    for entry in entries:
        event = entry.event
        if not isinstance(event, OwnTemplatesTakenIn | OwnTemplatesRemoved):
            continue
        if found and found[-1].removed_at is None:
            found[-1] = msgspec.structs.replace(found[-1], removed_by=entry.by, removed_at=entry.recorded_at)
        if isinstance(event, OwnTemplatesTakenIn):
            found.append(
                OwnTemplates(
                    title=event.title,
                    files=tuple((file.name, file.sha256, file.size) for file in event.files),
                    taken_in_by=entry.by,
                    taken_in_at=entry.recorded_at,
                )
            )
    return tuple(found)


def in_force(entries: Iterable[Entry]) -> OwnTemplates | None:
    """The set that letters are written with after these entries; None where the shipped templates serve alone."""
    found = history(entries)
    return found[-1] if found and found[-1].removed_at is None else None


def contents(entries: Iterable[Entry], blobs: BlobStore) -> Mapping[str, bytes]:
    """The files of the set in force, by name; none where there is no set."""
    own = in_force(entries)
    return {name: blobs.get(sha256) for name, sha256, _ in own.files} if own is not None else {}

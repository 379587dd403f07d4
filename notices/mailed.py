"""Which letters one person has: the file, its page and its reference, or why there is none; and when it went out.

The log says that letters were rendered and sent, their manifests whose letter is where. Both are read here, for one
person or two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from incident.errors import CaseUnusable, NotFound
from incident.views.mailings import Rendering, Sending, renderings_of
from incident.views.queries import Queries
from notices.manifest import read_manifest, segments

_NOT_AMONG = "not among the people when these were printed: merged or set aside then, or not on the list yet"
_UNREADABLE = "the manifest of this rendering cannot be read any more"


class PersonLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What one rendering holds for one person; `position` is its event number.

    `why_none` is empty where there is a letter. `first_page` is counted from 1 in `file`. `sent` are the batches that
    the letter was in; `perhaps` those of which the record does not say which letters were in them.
    """

    row: int
    code: str
    notice: UUID
    position: int
    at: datetime
    again: bool
    why_none: str = ""
    file: str = ""
    first_page: int = 0
    pages: int = 0
    variant: str = ""
    sent: tuple[Sending, ...] = ()
    perhaps: tuple[Sending, ...] = ()

    @property
    def last_page(self) -> int:
        """The page of `file` on which the letter ends."""
        return self.first_page + self.pages - 1


def letters_of(
    queries: Queries, get: Callable[[str], bytes], roster_id: UUID, rows: Collection[int]
) -> tuple[PersonLetter, ...]:
    """What every rendering of letters since the import holds for these rows of a list, oldest rendering first.

    `get` reads content by its SHA-256 in hex.
    """
    roster = queries.roster(roster_id)
    reference = queries.incident(roster.incident).reference
    number = next(at for at, each in enumerate(queries.rosters(roster.incident), start=1) if each.id == roster_id)
    codes = {f"{reference}-{number}-{row:06}": row for row in rows}
    found: list[PersonLetter] = []
    for rendering in renderings_of(queries, roster.incident):
        if rendering.position > roster.opened_position:
            found += _in(rendering, get, codes)
    return tuple(found)


def _in(rendering: Rendering, get: Callable[[str], bytes], codes: dict[str, int]) -> Iterator[PersonLetter]:
    about = dict.fromkeys(codes, "")
    try:
        for code, told in _told(rendering, get, codes):
            about.pop(code, None)
            yield told
    except (NotFound, CaseUnusable, msgspec.MsgspecError):
        about = dict.fromkeys(about, _UNREADABLE)
    for code, why in about.items():
        if rendering.again and not why:
            continue  # nobody but those of a newer address is in it
        yield _letter(rendering, codes[code], code, why_none=why or _NOT_AMONG)


def _told(
    rendering: Rendering, get: Callable[[str], bytes], codes: dict[str, int]
) -> Iterator[tuple[str, PersonLetter]]:
    """What the manifest says of these people."""
    manifest = read_manifest(get, rendering.manifest_sha256)
    place = 0
    for segment in segments(manifest, get):
        for excluded in segment.excluded:
            if excluded.code in codes:
                yield excluded.code, _letter(rendering, codes[excluded.code], excluded.code, why_none=excluded.reason)
        for file in segment.files:
            for letter in file.letters:
                place += 1
                if letter.code in codes:
                    sent, perhaps = _sendings(rendering, place)
                    yield (
                        letter.code,
                        msgspec.structs.replace(
                            _letter(rendering, codes[letter.code], letter.code), file=file.name,
                            first_page=letter.first_page, pages=letter.pages, variant=letter.variant, sent=sent,
                            perhaps=perhaps,
                        ),
                    )  # fmt: skip


def _sendings(rendering: Rendering, place: int) -> tuple[tuple[Sending, ...], tuple[Sending, ...]]:
    """The batches that the letter at this place of the manifest was in, and those of which it is not known."""
    sendings = rendering.sendings
    known = tuple(each for each in sendings if any(first <= place <= last for first, last in each.letters))
    if known:
        return known, ()
    counted = tuple(each for each in sendings if not each.letters)
    whole = len(sendings) == 1 and bool(counted) and not counted[0].remaining
    return (counted, ()) if whole else ((), counted)


def _letter(rendering: Rendering, row: int, code: str, *, why_none: str = "") -> PersonLetter:
    return PersonLetter(
        row=row, code=code, notice=rendering.notice.id, position=rendering.position, at=rendering.at,
        again=rendering.again, why_none=why_none,
    )  # fmt: skip

"""Events of what went out besides the first letters: letters to newer addresses, and what stands posted."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from incident.events.base import Event
from incident.events.notice import RenderedFile


class RemailPrinted(Event, frozen=True, kw_only=True):
    """Letters of a notice that was sent were printed anew, for people of whom a newer address was found.

    `people` are (list, row) in the order of the letters; `engine` is name and version.
    """

    TOPIC: ClassVar[str] = "notice.remail_printed"
    engine: str
    people: tuple[tuple[UUID, int], ...]
    files: tuple[RenderedFile, ...]


class LettersRemailed(Event, frozen=True, kw_only=True):
    """The letters that were printed anew went out; what it makes of each person stands on the list."""

    TOPIC: ClassVar[str] = "notice.remailed"
    on: date
    method: str
    people: tuple[tuple[UUID, int], ...]
    carrier: str = ""
    certificate: str = ""
    proof_name: str = ""
    proof_sha256: str | None = None


class PostingBegun(Event, frozen=True, kw_only=True):
    """A substitute notice stands posted, or was published. Its stream holds this posting alone.

    `form` is one of `incident.posting.FORMS`, `place` an address or an outlet, `laws` names of `incident.posting.LAWS`
    that say how long. `phone` is the toll-free number, which answers since `phone_on`; empty and None where none does.
    """

    TOPIC: ClassVar[str] = "posting.begun"
    incident_id: UUID
    notice_id: UUID | None
    form: str
    place: str
    on: date
    laws: tuple[str, ...]
    phone: str = ""
    phone_on: date | None = None
    proof_name: str = ""
    proof_sha256: str | None = None


class PostingEnded(Event, frozen=True, kw_only=True):
    """The posting was taken down, or the number answers no longer; `what` is posting or phone, the reason `because`."""

    TOPIC: ClassVar[str] = "posting.ended"
    what: str
    on: date

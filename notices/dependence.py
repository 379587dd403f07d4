"""Which facts a notice rests on: it would read otherwise, or ask for other contents, or could not be written without.

An approval covers every recorded fact but those of what was done; this tells the reviewer which to look at first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from incident.errors import Refusal
from incident.views.supposing import QueriesWithout
from notices.desk import DocumentDesk

if TYPE_CHECKING:
    from incident.views.queries import Queries

_DONE: Final = "given."


class Use(StrEnum):
    """What a notice has of a fact."""

    TEXT = "text"
    NEEDED = "needed"
    COVERED = "covered"


WORDS: Final[Mapping[Use, str]] = {
    Use.TEXT: "in the text: without it the notice reads otherwise, or other contents are asked for",
    Use.NEEDED: "needed: without it the notice cannot be written",
    Use.COVERED: "covered by the approval; the text does not rest on it",
}


def facts_used(
    queries: Queries,
    incident_id: UUID,
    kind: str,
    fields: Mapping[str, str],
    desk_on: Callable[[Queries], DocumentDesk],
) -> dict[str, Use]:
    """Path -> what a notice of these words has of the fact. `desk_on` makes a desk that reads by other queries.

    Raises:
        NoticeError: the notice cannot be written on the facts as they are.
    """
    as_it_is = desk_on(queries).wording(incident_id, kind, fields)
    used = {}
    for path, row in queries.facts(incident_id).items():
        if path.startswith(_DONE):
            continue
        if row.value is None:
            used[path] = Use.COVERED
            continue
        try:
            without = desk_on(QueriesWithout(queries, path)).wording(incident_id, kind, fields)
        except Refusal:
            used[path] = Use.NEEDED
        else:
            used[path] = Use.TEXT if without != as_it_is else Use.COVERED
    return used

"""What an event of an older schema becomes under the next one.

An upcast is a pure function from the fields as they were stored to the fields of the next schema number. Stored
bytes never change; upcasts are applied, one after the other, whenever an old entry is read.
"""

from collections.abc import Callable, Mapping
from typing import Any

Fields = dict[str, Any]
Upcasts = Mapping[tuple[str, int], Callable[[Fields], Fields]]


def _as_it_is(fields: Fields) -> Fields:
    """What the next schema asks for besides stays unsaid."""
    return fields


UPCASTS: Upcasts = {
    ("filing.addendum_filed", 1): _as_it_is,
    ("filing.prepared", 1): _as_it_is,
    ("filing.submitted", 1): _as_it_is,
    ("notice.dispatched", 1): _as_it_is,
    ("notice.markup_decided", 1): _as_it_is,
    ("notice.rendered", 1): _as_it_is,
    ("roster.opened", 1): _as_it_is,
    ("roster.quarantine_resolved", 1): _as_it_is,
    ("roster.recipient_erased", 1): _as_it_is,
}
"""By topic and the schema number to come from."""


def upcast(topic: str, fields: Fields, *, stored: int, wanted: int, upcasts: Upcasts = UPCASTS) -> Fields:
    """The fields under schema `wanted`.

    Raises:
        LookupError: a step of the way is not known.
    """
    for schema in range(stored, wanted):
        try:
            step = upcasts[topic, schema]
        except KeyError:
            raise LookupError(f"no way is known from schema {schema} of {topic} to the next") from None
        fields = step(dict(fields))
    return fields

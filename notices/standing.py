"""How each person of an incident stands, by the reference on their letter and by nothing that says who they are.

It follows from the log alone: from the manifests whose hashes it holds, the batches that went out, what came back, and
what stands posted. What a batch of which only the count is known holds for a single person is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from incident.delivery import WANT_SUBSTITUTE
from incident.views.delivery import BatchRow, Delivery, NoticeDelivery
from notices.manifest import letters, read_manifest, segments

if TYPE_CHECKING:
    from incident.delivery import PersonOutcome

STATUSES: Final = MappingProxyType(
    {
        "sent": "sent, and nothing came back",
        "sent_or_not": "in a batch of which only the count is known, or not sent yet",
        "not_sent": "printed, not sent yet",
        "returned": "came back; no newer address, no substitute notice yet",
        "address_found": "came back; a newer address is known, nothing went to it yet",
        "mailed_again": "mailed again to a newer address",
        "called": "reached by telephone",
        "substitute": "cannot be reached in writing; substitute notice stands or was published",
        "excluded": "no letter, with the reason",
        "erased": "erased",
    }
)
"""Status -> what it says."""


class PersonStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `code` is the reference on the letter, `on` the day of what `words` tells, where there is one."""

    code: str
    status: str
    on: date | None = None
    words: str = ""


def standings(
    delivery: Delivery,
    outcomes: Mapping[tuple[int, int], PersonOutcome],
    get: Callable[[str], bytes],
    since: date | None,
) -> Iterator[PersonStanding]:
    """Everybody whom a rendering of letters counted, in the order of the lists.

    `get` gives content by hash; `since` is the day of the first substitute notice, None where there is none.
    """
    found: dict[tuple[int, int], PersonStanding] = {}
    for notice in delivery.notices:
        if notice.notice.kind == "individual_letter" and notice.manifest_sha256 is not None:
            for standing in _of_notice(notice, get):
                key = _key(standing.code)
                # Of several letters the one that went furthest counts.
                if key not in found or found[key].status in {"excluded", "not_sent"}:
                    found[key] = standing
    for key in sorted(found):
        yield _after(found[key], outcomes.get(key), since)


def tally(people: Iterable[PersonStanding]) -> dict[str, int]:
    """Status -> people, in the order of `STATUSES`; what nobody is in is left out."""
    counts = Counter(each.status for each in people)
    return {status: counts[status] for status in STATUSES if counts[status]}


def _of_notice(notice: NoticeDelivery, get: Callable[[str], bytes]) -> Iterator[PersonStanding]:
    assert notice.manifest_sha256 is not None
    manifest = read_manifest(get, notice.manifest_sha256)
    first = [batch for batch in notice.batches if not batch.again]
    for number, (_, letter) in enumerate(letters(manifest, get), start=1):
        yield _sent(letter.code, number, first, notice)
    for segment in segments(manifest, get):
        for row in segment.excluded:
            yield PersonStanding(code=row.code, status="excluded", words=row.reason)


def _sent(code: str, number: int, batches: list[BatchRow], notice: NoticeDelivery) -> PersonStanding:
    for batch in batches:
        if any(low <= number <= high for low, high in batch.letters):
            return PersonStanding(code=code, status="sent", on=batch.on, words=f"batch #{batch.position}")
    counted = [batch for batch in batches if not batch.letters]
    if counted and not notice.unsent:
        # All went out; of several batches that were only counted, which one is not known.
        one = counted[0] if len(counted) == 1 else None
        words = (
            f"batch #{one.position}"
            if one is not None
            else "batch " + " or ".join(f"#{batch.position}" for batch in counted)
        )
        return PersonStanding(code=code, status="sent", on=one.on if one is not None else None, words=words)
    return PersonStanding(code=code, status="sent_or_not" if counted else "not_sent")


def _after(letter: PersonStanding, outcome: PersonOutcome | None, since: date | None) -> PersonStanding:
    if outcome is not None and outcome.status:
        told = PersonStanding(code=letter.code, status=outcome.status, on=outcome.on, words=outcome.words)
        if outcome.status == "returned" and since is not None:
            return msgspec.structs.replace(
                told, status="substitute", on=since, words=f"{outcome.words}; substitute notice"
            )
        return told
    if letter.status == "excluded" and since is not None and letter.words in WANT_SUBSTITUTE:
        return PersonStanding(code=letter.code, status="substitute", on=since, words=letter.words)
    return letter


def _key(code: str) -> tuple[int, int]:
    _, number, row = code.rsplit("-", 2)
    return int(number), int(row)

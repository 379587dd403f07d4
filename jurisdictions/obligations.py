"""What comes out: obligations, the readings behind each date, and the difference between two assessments."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec


class Status(StrEnum):
    """Where an obligation stands."""

    DUE = "due"
    ASAP = "asap"
    WAITS = "waits"
    NOT_REQUIRED = "not_required"
    NEEDS_FACT = "needs_fact"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"


class On(msgspec.Struct, frozen=True, tag=True):
    """The last lawful civil date."""

    day: date


class NoNumber(msgspec.Struct, frozen=True, tag=True):
    """A duty to which the law sets no number of days. It is not a date and never becomes one."""


class Waits(msgspec.Struct, frozen=True, tag=True):
    """A period that starts with another duty; ``latest`` if that duty is done on its own last day."""

    on: str
    latest: date | None = None


class NotOwed(msgspec.Struct, frozen=True, tag=True):
    """Under this reading there is no duty."""


Deadline = On | NoNumber | Waits | NotOwed


class Reading(msgspec.Struct, frozen=True):
    """One defensible answer. ``due`` None: this reading gives no date, and ``outcome`` says what it gives."""

    id: str
    due: date | None
    reading: str
    citation: str
    outcome: str = "due"
    latest_possible: date | None = None


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """One duty under one rule, with everything a person needs to check it.

    ``due`` is the last lawful date under the adopted reading, ``safest`` the earliest under any defensible one.
    ``given`` is the recorded date of performance; a duty without a number of days stays ``asap`` and shows it there.
    ``likely`` marks a ``needs_fact`` whose estimate reaches across the threshold.
    """

    id: str
    recipient: str
    jurisdiction: str
    status: Status
    due: date | None
    safest: date | None
    latest_possible: date | None
    waits_on: str | None
    standard: str
    readings: tuple[Reading, ...]
    needs: tuple[str, ...]
    rule_version: date | None
    citations: tuple[str, ...]
    why: tuple[str, ...]
    caveats: tuple[str, ...] = ()
    given: date | None = None
    likely: bool = False
    information: tuple[str, ...] = ()


class NotModelled(msgspec.Struct, frozen=True):
    """Law that may apply and that this rulebook does not hold; ``why`` says so plainly."""

    id: str
    jurisdiction: str
    why: tuple[str, ...]


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Every obligation considered, ordered by ``safest`` and then id, undated ones last."""

    obligations: tuple[Obligation, ...]
    not_modelled: tuple[NotModelled, ...]
    as_of: datetime
    law_as_of: date | None
    rulebook_hash: str

    def get(self, obligation_id: str) -> Obligation | None:
        """The obligation with an id, or None if it was not considered."""
        return next((each for each in self.obligations if each.id == obligation_id), None)


def assessment_to_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as JSON values, in the shape of the contract."""
    result: dict[str, Any] = msgspec.to_builtins(assessment)
    return result


def diff_assessments(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """What changed, one readable line per change: ``us.hipaa.hhs: due 2027-01-19 (was needs a count)``."""
    old = {each.id: each for each in before.obligations}
    new = {each.id: each for each in after.obligations}
    lines = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        # A State that turns up, or goes, with a duty that does not arise changes nothing for anybody.
        if was is None and now is not None:
            if now.status is not Status.NOT_REQUIRED:
                lines.append(f"{name}: {in_words(now)} (new)")
        elif now is None and was is not None:
            if was.status is not Status.NOT_REQUIRED:
                lines.append(f"{name}: no longer considered (was {in_words(was)})")
        elif was is not None and now is not None:
            if in_words(was) != in_words(now):
                lines.append(f"{name}: {in_words(now)} (was {in_words(was)})")
            elif was.safest != now.safest:
                lines.append(f"{name}: plan by {now.safest or 'no date'} (was {was.safest or 'no date'})")
    return tuple(lines)


_PHRASES = {
    Status.ASAP: "as soon as possible",
    Status.NOT_REQUIRED: "not required",
    Status.MET: "met",
    Status.MET_LATE: "met late",
    Status.OVERDUE: "overdue",
    Status.DUE: "due",
}


def in_words(obligation: Obligation) -> str:
    """The state of one obligation in a few words."""
    match obligation.status:
        case Status.WAITS:
            latest = f", {obligation.latest_possible} at the latest" if obligation.latest_possible else ""
            return f"waits on {obligation.waits_on}{latest}"
        case Status.NEEDS_FACT:
            plan = f", plan by {obligation.safest}" if obligation.safest else ""
            return f"needs {' or '.join(obligation.needs[:2])}{plan}"
        case Status.ASAP | Status.NOT_REQUIRED:
            done = f", given {obligation.given}" if obligation.given else ""
            return _PHRASES[obligation.status] + done
        case Status.MET | Status.MET_LATE:
            return f"{_PHRASES[obligation.status]} on {obligation.given} (due {obligation.due})"
        case Status.DUE | Status.OVERDUE:
            return f"{_PHRASES[obligation.status]} {obligation.due}"

"""Conditions of law on incomplete facts: true, false, or not known and then which fact would settle it.

Comparisons go by name, because "more than 500" and "500 or more" must never look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """What one condition came to: ``truth`` None means unknown, and ``needs`` the facts that would settle it.

    ``likely`` marks an estimate that reaches across a threshold; ``caveats`` tell how well its law was checked.
    """

    truth: bool | None
    line: str
    needs: tuple[str, ...] = ()
    likely: bool = False
    caveats: tuple[str, ...] = ()


class Bounds(msgspec.Struct, frozen=True):
    """At least ``low`` and at most ``high`` people; ``high`` None: no upper bound known."""

    low: int
    high: int | None

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:,}"
        if self.high is None:
            return f"at least {self.low:,}" if self.low else "unknown"
        return f"{self.low:,} to {self.high:,}"


def more_than(limit: int, people: Bounds) -> bool | None:
    """Whether there are more than ``limit``: ``limit`` itself is not enough."""
    if people.low > limit:
        return True
    return False if people.high is not None and people.high <= limit else None


def at_least(limit: int, people: Bounds) -> bool | None:
    """Whether there are ``limit`` or more: ``limit`` itself is enough."""
    if people.low >= limit:
        return True
    return False if people.high is not None and people.high < limit else None


def fewer_than(limit: int, people: Bounds) -> bool | None:
    """Whether there are fewer than ``limit``."""
    return negated(at_least(limit, people))


def before(day: date, other: date) -> bool:
    """Whether ``day`` comes before ``other``."""
    return day < other


def on_or_after(day: date, other: date) -> bool:
    """Whether ``day`` is ``other`` or later."""
    return day >= other


def after(day: date, other: date) -> bool:
    """Whether ``day`` comes after ``other``."""
    return day > other


def earlier_of(*days: date) -> date:
    """The earliest of the days."""
    return min(days)


def later_of(*days: date) -> date:
    """The latest of the days."""
    return max(days)


def negated(truth: bool | None) -> bool | None:  # noqa: FBT001
    """Kleene's not."""
    return None if truth is None else not truth


def all_of(findings: Sequence[Finding]) -> bool | None:
    """Kleene's and: one false settles it, whatever is unknown."""
    if any(each.truth is False for each in findings):
        return False
    return None if any(each.truth is None for each in findings) else True


def any_of(findings: Sequence[Finding]) -> bool | None:
    """Kleene's or: one true settles it, whatever is unknown."""
    if any(each.truth is True for each in findings):
        return True
    return None if any(each.truth is None for each in findings) else False


def needed(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The paths that would settle what is unknown, in the order of the conditions, each once."""
    return tuple(dict.fromkeys(path for each in findings if each.truth is None for path in each.needs))

"""Dated reference data that letters print: where to reach the credit bureaus and the Federal Trade Commission."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from notices.context import Agency

DATA: Final = Path(__file__).parent / "data"

STALE_AFTER_DAYS: Final = 180
"""Contact details older than this are to be looked at again before a mailing."""


class Agencies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of `agencies.toml`."""

    bureau: tuple[Agency, ...]
    ftc: Agency


@cache
def agencies() -> Agencies:
    """The contact details as shipped."""
    return msgspec.convert(tomllib.loads((DATA / "agencies.toml").read_text("utf-8")), Agencies)


def stale_warnings(used: Iterable[Agency], on: date) -> tuple[str, ...]:
    """One sentence for each agency whose details were last checked more than 180 days before `on`."""
    return tuple(
        f"{agency.name}: contact details were last checked on {agency.checked_on.isoformat()}, "
        f"more than {STALE_AFTER_DAYS} days ago; check them against {agency.source} before mailing"
        for agency in used
        if (on - agency.checked_on).days > STALE_AFTER_DAYS
    )

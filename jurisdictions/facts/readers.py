"""Readers of single JSON values: each returns the typed value, or records a fault at its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jurisdictions.facts.model import CountRange, Fault
from jurisdictions.obligation_ids import is_obligation_pattern
from jurisdictions.vocabulary import DATA_ELEMENTS, ELEMENT_ALIASES, USPS

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2150, 12, 31)
MOST_PEOPLE: Final = 10_000_000_000
LONGEST_SHOWN: Final = 40
# Folders of leap-second and POSIX copies, and names for whatever the machine is set to, are no IANA names.
_ZONE: Final = re.compile(r"(?!posix|right|local)[A-Za-z][\w+-]*(/[A-Za-z0-9][\w+-]*)*", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class BadValueError(Exception):
    """The value does not fit its field."""


Reader = Callable[[Any, str, list[Fault]], Any]
"""Reads one JSON value at a path; returns the typed value, or records a fault and returns None."""


def reader(read: Callable[[Any], Any]) -> Reader:
    """A reader that lets null through as unknown and turns a bad value into a fault."""

    def run(value: Any, path: str, faults: list[Fault]) -> Any:  # noqa: ANN401
        if value is None:
            return None
        try:
            return read(value)
        except BadValueError as error:
            faults.append(Fault(path, str(error)))
            return None

    return run


def shown(value: Any) -> str:  # noqa: ANN401
    """The value as a person would recognise it, short and in letters of any terminal."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= MOST_PEOPLE:
        return "a number beyond all people"
    words = str(value).lower() if isinstance(value, bool) else "null" if value is None else ascii(value)
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 3] + "..."


def text(value: Any) -> str:  # noqa: ANN401
    """Text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise BadValueError(f"expected text, not {shown(value)}")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadValueError("contains half a character (an unpaired surrogate)")
    return value


def flag(value: Any) -> bool:  # noqa: ANN401
    """True or false; not 0, 1 or a word."""
    if not isinstance(value, bool):
        raise BadValueError(f"expected true or false, not {shown(value)}")
    return value


def choice(kind: type[StrEnum]) -> Callable[[Any], Any]:
    """One word of a closed vocabulary."""

    def read(value: Any) -> StrEnum:  # noqa: ANN401
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        raise BadValueError(f"expected one of {', '.join(kind)}, not {shown(value)}")

    return read


def civil_date(value: Any) -> date:  # noqa: ANN401
    """A civil date YYYY-MM-DD."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise BadValueError(f"expected a date YYYY-MM-DD, not {shown(value)}")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise BadValueError(f"there is no such day as {value}") from None
    if not EARLIEST <= day <= LATEST:
        raise BadValueError(f"{value} is outside {EARLIEST.year} to {LATEST.year}")
    return day


def instant(value: Any) -> datetime:  # noqa: ANN401
    """A moment with its offset."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise BadValueError(f"expected a time with its offset, YYYY-MM-DDTHH:MM±HH:MM, not {shown(value)}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadValueError(f"there is no such time as {value}") from None
    if not EARLIEST < moment.date() < LATEST:
        raise BadValueError(f"{value} is outside {EARLIEST.year} to {LATEST.year}")
    return moment


def zone(value: Any) -> str:  # noqa: ANN401
    """The name of an IANA time zone."""
    if isinstance(value, str) and _ZONE.fullmatch(value):
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise BadValueError(f"not an IANA time zone: {shown(value)}")


def state(value: Any) -> str:  # noqa: ANN401
    """The USPS code of a State or territory."""
    if not isinstance(value, str) or value not in USPS:
        raise BadValueError("not a US state or territory")
    return value


def whole(value: Any) -> int:  # noqa: ANN401
    """A number of people."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValueError(f"expected a whole number, not {shown(value)}")
    if not 0 <= value < MOST_PEOPLE:
        raise BadValueError(f"expected a number of people from 0 to {MOST_PEOPLE - 1:,}")
    return value


def count(value: Any, path: str, faults: list[Fault]) -> int | CountRange | None:  # noqa: ANN401
    """A number of people, a range of them, or null; a range of one number is that number."""
    if not isinstance(value, dict):
        return reader(whole_or_range)(value, path, faults)  # type: ignore[no-any-return]
    refuse_unknown(value, ("min", "max"), path, faults)
    ends: list[int] = []
    for end in ("min", "max"):
        if value.get(end) is None:
            faults.append(Fault(f"{path}.{end}", "a range needs both min and max"))
            continue
        read = reader(whole)(value[end], f"{path}.{end}", faults)
        if read is not None:
            ends.append(read)
    if len(ends) < 2:
        return None
    low, high = ends
    if low > high:
        faults.append(Fault(path, f"min {low:,} is more than max {high:,}"))
        return None
    return low if low == high else CountRange(low, high)


def whole_or_range(value: Any) -> int:  # noqa: ANN401
    """A number of people where a range could have stood too."""
    if isinstance(value, str | list | float):
        raise BadValueError(f'expected a whole number, {{"min": n, "max": m}} or null, not {shown(value)}')
    return whole(value)


def list_of(read: Callable[[Any], Any], what: str) -> Reader:
    """A list of values, each once, in the order given."""

    def run(value: Any, path: str, faults: list[Fault]) -> tuple[Any, ...] | None:  # noqa: ANN401
        if value is None:
            return None
        if not isinstance(value, list):
            faults.append(Fault(path, f"expected a list of {what}, not {shown(value)}"))
            return None
        found: list[Any] = []
        for index, item in enumerate(value):
            if item is None:
                faults.append(Fault(f"{path}.{index}", f"expected {what}, not null"))
                continue
            got = reader(read)(item, f"{path}.{index}", faults)
            if got is not None and got not in found:
                found.append(got)
        return tuple(found)

    return run


def element(value: Any) -> str:  # noqa: ANN401
    """A data element by its canonical word."""
    word = ELEMENT_ALIASES.get(value, value) if isinstance(value, str) else value
    if not isinstance(word, str) or word not in DATA_ELEMENTS:
        raise BadValueError(f"not a data element: {shown(value)}")
    return word


def pattern(value: Any) -> str:  # noqa: ANN401
    """An obligation id, or the beginning of one with ``*``."""
    if not isinstance(value, str) or not is_obligation_pattern(value):
        raise BadValueError(f"not an obligation id: {shown(value)}")
    return value


def printable(key: str) -> str:
    """A key as it can stand in a message: short, and in letters of any terminal."""
    words = ascii(key)[1:-1]
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 3] + "..."


def refuse_unknown(value: Mapping[str, Any], known: tuple[str, ...], path: str, faults: list[Fault]) -> None:
    """A fault for every key that is not a field: a typing mistake must not hide a fact."""
    for key in value:
        if key not in known:
            where = f"{path}.{printable(key)}" if path else printable(key)
            faults.append(Fault(where, f"unknown key; expected one of {', '.join(known)}"))

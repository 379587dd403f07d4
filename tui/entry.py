"""How quick typing is read: moments, counts of people, kinds of data. Pure; nothing is guessed.

What cannot be read raises `InvalidInput` with a sentence that says what would do.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput
from jurisdictions.vocabulary import DATA_ELEMENTS, USPS

# --- Moments

_MOMENT_FORMS = "16:40, today 9:15, -2d 16:10, -3h or 2026-11-20 16:10"
_AGO = re.compile(r"-(\d{1,4})\s*([dhm])(?:\s+(.+))?")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]+(.+))?")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap]m?)?\s*([+-]\d\d:\d\d|Z)?", re.IGNORECASE)


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A past moment as it is typed, aware, in `zone`.

    Takes `16:40` (today), `today 9:15`, `yesterday 9:15`, `-2d 16:10`, `-3h`, `-45m`, `now`, `2026-11-20 16:10`, each
    with am/pm or an offset where wanted.

    Raises:
        InvalidInput: it cannot be read, has no time of day, lies in the future, or is a local time that the change of
            the clocks skips or repeats.
    """
    words = " ".join(text.lower().split())
    today = now.astimezone(zone).date()
    if words == "now":
        return now.astimezone(zone).replace(microsecond=0)
    if ago := _AGO.fullmatch(words):
        number, unit, clock = int(ago[1]), ago[2], ago[3]
        if unit == "d":
            found = _at(today - timedelta(days=number), clock, zone)
        elif clock is None:
            found = (now - timedelta(**{"h": {"hours": number}, "m": {"minutes": number}}[unit])).astimezone(zone)
            found = found.replace(second=0, microsecond=0)
        else:
            raise InvalidInput(f"-{number}{unit} stands alone; with a time of day write days, such as -1d {clock}")
    elif words.startswith("yesterday"):
        found = _at(today - timedelta(days=1), words.removeprefix("yesterday").strip() or None, zone)
    elif words.startswith("today"):
        found = _at(today, words.removeprefix("today").strip() or None, zone)
    elif dated := _DATED.fullmatch(words.upper()):
        found = _at(read_day(dated[1]), dated[2], zone)
    elif _CLOCK.fullmatch(words):
        found = _at(today, words, zone)
    else:
        raise InvalidInput(f"cannot be read as a time; write {_MOMENT_FORMS}")
    if found > now:
        raise InvalidInput(f"{found:%a %Y-%m-%d %H:%M %Z} lies in the future")
    return found


def read_day(text: str) -> date:
    """`2026-11-20`, and no other way to write a day.

    Raises:
        InvalidInput: it is none, or there is no such day.
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip()):
        raise InvalidInput(f"{text.strip()!r} is not a day; write 2026-11-20")
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"there is no day {text.strip()}") from None


def _at(day: date, clock: str | None, zone: ZoneInfo) -> datetime:
    if clock is None:
        raise InvalidInput(f"give the time of day too, such as {day} 16:10")
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        raise InvalidInput(f"{clock!r} is not a time of day; write 16:10 or 4:10pm")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if half := (match[4] or "").lower()[:1]:
        if not 1 <= hour <= 12:
            raise InvalidInput(f"{clock!r} is not a time of day")
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        wall = datetime.combine(day, time(hour, minute, second))
    except ValueError:
        raise InvalidInput(f"{clock!r} is not a time of day") from None
    if match[5]:
        try:
            return datetime.fromisoformat(f"{wall.isoformat()}{match[5].upper()}").astimezone(zone)
        except (ValueError, OverflowError):
            raise InvalidInput(f"{match[5]!r} is not an offset from UTC") from None
    return _placed(wall, zone)


def _placed(wall: datetime, zone: ZoneInfo) -> datetime:
    """The one moment at which a wall clock in the zone shows this."""
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    shown = f"{wall:%Y-%m-%d %H:%M}"
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise InvalidInput(f"{shown} does not exist in {zone.key}: the clocks went forward over it")
    offsets = " or ".join(f"{shown}{_offset(each)}" for each in (first, second))
    raise InvalidInput(f"{shown} happened twice in {zone.key}; write {offsets}")


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:]}"


# --- Counts

_COUNT = re.compile(r"~?\d[\d,]*(?:(?:-|\.\.)\d[\d,]*)?|\?")


class Count(msgspec.Struct, frozen=True):
    """A count as the facts contract holds it, and how it was typed where it is an estimate."""

    value: Any
    estimate: str | None = None


def read_count(text: str) -> Count:
    """`1231`, `1,231`, `1000-1300`, `~60` (an estimate: 20 % either way, rounded outward), `?` (unknown).

    Raises:
        InvalidInput: it is none of these.
    """
    typed = text.strip()
    if not _COUNT.fullmatch(typed):
        raise InvalidInput(f"{typed!r} is not a number of people; write 1231, 1000-1300, ~60 or ?")
    if typed == "?":
        return Count(None)
    ends = [int(part.replace(",", "")) for part in re.split(r"-|\.\.", typed.removeprefix("~"))]
    if typed.startswith("~"):
        if len(ends) == 2:
            raise InvalidInput(f"{typed!r}: a range needs no ~")
        number = ends[0]
        # The estimate must not hide that a threshold may be crossed: both ends are rounded away from it.
        low, high = number * 8 // 10, -(-number * 12 // 10)
        return Count({"min": max(low, min(number, 1)), "max": high}, f"~{number:,}")
    if len(ends) == 1:
        return Count(ends[0])
    if ends[0] > ends[1]:
        raise InvalidInput(f"{typed!r}: {ends[0]:,} is more than {ends[1]:,}")
    return Count(ends[0] if ends[0] == ends[1] else {"min": ends[0], "max": ends[1]})


class Affected(msgspec.Struct, frozen=True):
    """Facts by contract path, and the source of those that are estimates."""

    values: dict[str, Any]
    estimates: dict[str, str]


def read_affected(text: str) -> Affected:
    """`il 1000-1300 ca ~60 in ?`, `all 1231`, or a lone number for everybody.

    A place without a number after it, or a number without a place, is refused rather than paired by guess.

    Raises:
        InvalidInput: naming the part that cannot be read.
    """
    tokens = [token.rstrip(",;") for token in re.sub(r"[=:]", " ", text).split()]
    tokens = [token for token in tokens if token]
    if len(tokens) == 1 and _COUNT.fullmatch(tokens[0]):
        tokens.insert(0, "all")
    values: dict[str, Any] = {}
    estimates: dict[str, str] = {}
    for place, typed in zip(tokens[::2], [*tokens[1::2], None], strict=False):
        path = _place(place)
        if typed is None:
            raise InvalidInput(f"{place}: how many? Write a number, a range such as 1000-1300, ~60, or ?")
        if path in values:
            raise InvalidInput(f"{place} is named twice")
        count = read_count(typed)
        values[path] = count.value
        if count.estimate:
            estimates[path] = count.estimate
    return Affected(values, estimates)


def _place(word: str) -> str:
    code = word.upper()
    if code in {"ALL", "TOTAL"}:
        return "affected.total"
    if code not in USPS:
        raise InvalidInput(f"{word}: not a US state or territory (two letters), nor 'all'")
    return f"affected.by_state.{code}"


def affected_words(affected: Affected) -> str:
    """How the counts were read: IL 1,000 to 1,300 · CA ~60 (48 to 72) · IN unknown."""
    parts = []
    for path, value in affected.values.items():
        place = "all" if path == "affected.total" else path.rpartition(".")[2]
        parts.append(f"{place} {count_words(value, affected.estimates.get(path))}")
    return " · ".join(parts)


def count_words(value: Any, estimate: str | None = None) -> str:  # noqa: ANN401 - a JSON value of the contract
    """1,231; 1,000 to 1,300; ~60 (48 to 72); unknown."""
    match value:
        case None:
            return "unknown"
        case {"min": low, "max": high}:
            span = f"{low:,} to {high:,}"
            return f"{estimate} ({span})" if estimate else span
        case _:
            return f"{value:,}"


# --- Kinds of data

ELEMENT_KEYS: Mapping[str, str] = {
    "n": "name",
    "d": "date_of_birth",
    "a": "address",
    "e": "email",
    "p": "phone",
    "m": "medical_information",
    "i": "health_insurance",
    "h": "photos",
    "b": "biometric",
    "g": "genetic",
    "s": "ssn",
    "l": "drivers_license",
    "v": "state_id",
    "r": "passport",
    "t": "tax_id",
    "z": "military_id",
    "q": "other_government_id",
    "f": "financial_account",
    "w": "financial_account_with_code",
    "c": "payment_card",
    "k": "payment_card_with_code",
    "o": "online_credentials",
    "u": "email_credentials_issued_by_us",
    "P": "password",
    "y": "mothers_maiden_name",
    "D": "digital_signature",
    "j": "employment",
    "G": "precise_location",
    "L": "license_plate_reader",
    "x": "other",
}
"""The key of each kind of data; upper case for the rare ones."""

ELEMENT_WORDS: Mapping[str, str] = {
    "name": "name",
    "date_of_birth": "birth date",
    "address": "address",
    "email": "e-mail",
    "phone": "phone",
    "medical_information": "medical",
    "health_insurance": "insurance",
    "photos": "photos",
    "biometric": "biometric",
    "genetic": "genetic",
    "ssn": "SSN",
    "drivers_license": "driver license",
    "state_id": "state ID",
    "passport": "passport",
    "tax_id": "tax ID",
    "military_id": "military ID",
    "other_government_id": "other gov't ID",
    "financial_account": "bank account",
    "financial_account_with_code": "account + code",
    "payment_card": "card number",
    "payment_card_with_code": "card + code",
    "online_credentials": "login + secret",
    "email_credentials_issued_by_us": "our mailbox",
    "password": "password alone",
    "mothers_maiden_name": "maiden name",
    "digital_signature": "e-signature",
    "employment": "employment",
    "precise_location": "location",
    "license_plate_reader": "plate reader",
    "other": "other",
}
"""A short word for each, for chips and lists; the full words are in the vocabulary of the law."""

assert set(ELEMENT_KEYS.values()) == set(ELEMENT_WORDS) == set(DATA_ELEMENTS)


def elements_words(elements: list[str] | None) -> str:
    """The short words, as in "name · birth date · medical"; unknown where nothing was said."""
    if elements is None:
        return "unknown"
    return " · ".join(ELEMENT_WORDS.get(element, element) for element in elements) or "none"

"""A scenario pack: a past incident as it came to the people who lived it, and, hidden, what they did and when.

The file is TOML. `injects` reach the players when the virtual clock comes to them; `record` is what really happened,
shown only after the exercise.
"""

import hashlib
import tomllib
from datetime import date, datetime

import msgspec

from incident.errors import InvalidInput
from incident.events import JsonValue


class Inject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something the players are told at a moment. `facts` (contract paths) are what it lets them record."""

    at: datetime
    title: str
    text: str
    facts: dict[str, JsonValue] = {}


class RecordedAct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was really done about a duty, and on which civil date."""

    obligation_id: str
    on: date
    text: str


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scenario, ordered by time. `speed` is virtual seconds to one real second; `sources` say where it comes from."""

    name: str
    title: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    speed: int
    organization: str
    organization_facts: dict[str, JsonValue]
    contact: dict[str, str]
    injects: tuple[Inject, ...]
    record: tuple[RecordedAct, ...]
    sources: tuple[str, ...] = ()
    sha256: str = ""


def parse_scenario(text: str) -> Scenario:
    """Read a scenario pack.

    Raises:
        InvalidInput: not TOML, an unknown or missing key, a time without offset, or an inject outside the exercise.
    """
    try:
        scenario = msgspec.convert(tomllib.loads(text), Scenario)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"scenario: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise InvalidInput(f"scenario: {error}") from None
    faults = [f"{name}: a time needs its offset" for name, moment in _moments(scenario) if moment.tzinfo is None]
    if not faults:
        faults = [
            f"injects.{number}.at: {inject.at.isoformat()} lies outside the exercise"
            for number, inject in enumerate(scenario.injects, start=1)
            if not scenario.starts_at <= inject.at <= scenario.ends_at
        ]
    if not scenario.injects:
        faults.append("injects: a scenario without injects plays nothing")
    if scenario.speed < 1:
        faults.append(f"speed: {scenario.speed} virtual seconds to a real one; at least 1")
    if faults:
        raise InvalidInput(*faults)
    return msgspec.structs.replace(
        scenario,
        injects=tuple(sorted(scenario.injects, key=lambda inject: inject.at)),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _moments(scenario: Scenario) -> list[tuple[str, datetime]]:
    return [
        ("starts_at", scenario.starts_at),
        ("ends_at", scenario.ends_at),
        *((f"injects.{number}.at", inject.at) for number, inject in enumerate(scenario.injects, start=1)),
    ]

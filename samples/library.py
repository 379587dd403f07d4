"""The samples that ship with the project: fictional organizations, incidents and people.

Dates are written relative to the day a sample is taken up, so that its clocks are running when somebody opens it:
`@D-2` is two days before that day, `@D-2T16:10` ten past four on it, in the organization's time zone. `@D+18W` is the
eighteenth day after, or the Monday behind it where that is a weekend: offices mail and file on working days.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

FOLDER = Path(__file__).parent / "data"
_FRIDAY = 4
_RELATIVE = re.compile(r"@D([+-]\d+)(W?)(?:T(\d{2}:\d{2}))?")


class SampleError(Exception):
    """A sample is missing or its file is faulty; the message names both."""


class SampleUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who works on the sample case. The passphrase is public: it protects nothing real."""

    user: str
    name: str
    role: str
    passphrase: str


class SampleAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the log; `at` is when it happened."""

    at: datetime
    text: str


class SampleFactor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the four factors of the risk assessment, in statutory order."""

    factor: str
    rating: int
    reason: str


class SampleNotice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The drafter's words for one kind of notice. `sent_on` and `method` where the demo sends it.

    Reports to a regulator have `obligation`, `recipient`, `channel` and, where one is given, `tracking`. In the file a
    notice may be `like` an earlier kind: it starts with that one's words, as a sample letter repeats the letter sent.
    """

    kind: str
    fields: dict[str, str]
    sent_on: date
    method: str = ""
    obligation: str = ""
    recipient: str = ""
    channel: str = ""
    tracking: str | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One organization with one incident. `facts` are contract paths, `organization_facts` its standing ones."""

    name: str
    organization: str
    organization_facts: dict[str, Any]
    contact: dict[str, str]
    users: tuple[SampleUser, ...]
    title: str
    facts: dict[str, Any]
    actions: tuple[SampleAction, ...]
    factors: tuple[SampleFactor, ...]
    outcome: str
    decision_reason: str
    notices: tuple[SampleNotice, ...]
    roster: str

    @property
    def roster_path(self) -> Path:
        """The list of its affected people."""
        return FOLDER / self.roster


def sample_names() -> tuple[str, ...]:
    """The samples that can be opened, by name."""
    return tuple(sorted(path.stem.removeprefix("sample_") for path in FOLDER.glob("sample_*.toml")))


def scenario_paths() -> tuple[Path, ...]:
    """The scenario packs for exercises (`incident.exercise.scenario`)."""
    return tuple(sorted(FOLDER.glob("replay_*.toml")))


def load_sample(name: str, today: date) -> Sample:
    """A sample as if it were taken up on `today`.

    Raises:
        SampleError: there is no such sample, or its file is faulty.
    """
    path = FOLDER / f"sample_{name}.toml"
    if name not in sample_names():
        raise SampleError(f"no sample {name!r}; there are {', '.join(sample_names())}")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        zone = ZoneInfo(raw["organization_facts"]["organization.time_zone"])
        _repeat_words(raw["notices"])
        return msgspec.convert(_resolved(raw, today, zone), Sample)
    except KeyError as error:
        raise SampleError(f"{path.name}: {error} is missing") from None
    except msgspec.ValidationError as error:
        raise SampleError(f"{path.name}: {error}") from None


def _repeat_words(notices: list[dict[str, Any]]) -> None:
    words: dict[str, dict[str, str]] = {}
    for notice in notices:
        model = words[notice.pop("like")] if "like" in notice else {}
        words[notice["kind"]] = notice["fields"] = model | notice["fields"]


def _resolved(value: Any, today: date, zone: ZoneInfo) -> Any:  # noqa: ANN401 - whatever TOML holds
    match value:
        case Mapping():
            return {key: _resolved(item, today, zone) for key, item in value.items()}
        case list():
            return [_resolved(item, today, zone) for item in value]
        case str() if (found := _RELATIVE.fullmatch(value)) is not None:
            day = today + timedelta(days=int(found[1]))
            if found[2] and day.weekday() > _FRIDAY:
                day += timedelta(days=7 - day.weekday())
            if found[3] is None:
                return day.isoformat()
            return datetime.combine(day, time.fromisoformat(found[3]), zone).isoformat()
        case _:
            return value

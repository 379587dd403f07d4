"""The sample cases on this machine. Those that are there already are listed without loading what works on a case."""

from pathlib import Path

import msgspec

from incident.errors import CaseUnusable
from incident.ports import Clock
from incident.system import SystemClock
from samples.library import SampleError, load_sample, sample_names
from tui.logins import Person


class SampleCase(msgspec.Struct, frozen=True, kw_only=True):
    """A sample case on disk: who may open it, and the list of people that its incident is about."""

    name: str
    path: Path
    people: tuple[Person, ...]
    roster: Path


def sample_cases(folder: Path, *, clock: Clock | None = None) -> tuple[SampleCase, ...]:
    """The sample cases below a folder; those that are missing are made, their incident taken up and nothing more.

    Raises:
        CaseUnusable: a sample is faulty, or the folder cannot be written.
    """
    clock = clock or SystemClock()
    found = []
    try:
        for name in sample_names():
            sample = load_sample(name, clock.now().date())
            people = tuple(
                Person(user=each.user, name=each.name, role=each.role, passphrase=each.passphrase)
                for each in sorted(sample.users, key=lambda each: each.role != "incident_lead")
            )
            case = SampleCase(name=sample.organization, path=folder / name, people=people, roster=sample.roster_path)
            if not (case.path / "case.json").exists():
                from tui.compose import make_sample  # noqa: PLC0415 - what is made already is listed at once

                make_sample(case, sample, clock)
            found.append(case)
    except SampleError as error:
        raise CaseUnusable(f"The samples cannot be made: {error}.") from None
    return tuple(found)

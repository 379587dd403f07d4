"""A case in a folder of its own, and a driver that waits on conditions and never on time."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from incident.system import FixedClock
from tui.app import BreachApp
from tui.compose import Person, Workspace, create_workspace, open_workspace

NOW = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
"""Sunday 2026-11-22, 16:24:07 in Chicago."""

DANA = Person(user="dana", name="Dana Ruiz", role="incident_lead", passphrase="correct horse battery staple")
KIM = Person(user="kim", name="Kim Osei", role="counsel", passphrase="lighthouse marble violin ocean")

FACTS = {
    "organization.name": "Lakeshore Aesthetics",
    "organization.state": "IL",
    "organization.time_zone": "America/Chicago",
    "organization.hipaa_role": "covered_entity",
    "organization.entity_type": "healthcare_provider",
}
DISCOVERED = {
    "incident.discovered_at": "2026-11-20T16:10:00-06:00",
    "discovery.workforce_knew_at": "2026-11-20T16:10:00-06:00",
    "incident.data_elements": ["name", "date_of_birth", "medical_information", "health_insurance"],
    "incident.medium": "electronic",
    "incident.encrypted": False,
    "affected.by_state.IL": {"min": 1000, "max": 1300},
    "affected.by_state.CA": {"min": 48, "max": 72},
    "affected.by_state.IN": None,
}


@pytest.fixture(autouse=True)
def _no_animations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("BREACH_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def case_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a lead and counsel; made once, because a passphrase is slow on purpose."""
    path = tmp_path_factory.mktemp("template") / "lakeshore"
    create_workspace(
        path,
        name="Lakeshore Aesthetics",
        facts=FACTS,
        contact={"state": "IL", "city": "Chicago"},
        people=[DANA, KIM],
        clock=FixedClock(NOW),
    ).close()
    return path


@pytest.fixture
def case_path(case_template: Path, tmp_path: Path) -> Path:
    """A fresh copy of the case."""
    return Path(shutil.copytree(case_template, tmp_path / "lakeshore"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def workspace(case_path: Path, clock: FixedClock) -> Iterator[Workspace]:
    """The case, open as the incident lead."""
    opened = open_workspace(case_path, DANA.user, DANA.passphrase, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def incident_id(workspace: Workspace) -> UUID:
    """An incident with the facts of the first hour."""
    return workspace.service.incidents.open("Phished billing mailbox", DISCOVERED)[0]


class Driver:
    """Presses keys and waits until what was asked for is true."""

    def __init__(self, app: BreachApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot
        self.keys = 0

    @property
    def screen(self) -> Screen[Any]:
        return self.app.screen

    @property
    def text(self) -> str:
        """The screen as a person reads it."""
        width, height = self.app.size
        console = Console(width=width, height=height, file=StringIO(), force_terminal=True, record=True)
        console.print(self.screen._compositor.render_update(full=True))
        return console.export_text()

    @property
    def words(self) -> str:
        """The text of the screen in one line, without the frames of dialogs."""
        return " ".join(self.text.replace("│", " ").split())

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; each is taken in before the next."""
        for key in keys:
            self.keys += 1
            await self.pilot.press(key)

    async def type(self, text: str) -> None:
        """Type a line; handed over at once, because a key takes a test 60 ms."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def wait(self, condition: Callable[[], object], what: str) -> None:
        for _ in range(400):
            await self.pilot.pause()
            if condition():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never happened: {what}\n{self.text}")

    async def reads(self, words: str) -> None:
        """Wait until the screen says something, however its lines are broken."""
        await self.wait(lambda: words in self.words, f"the screen reads {words!r}")

    async def on(self, screen: str) -> None:
        """Wait until a screen of this class is in front."""
        await self.wait(lambda: type(self.screen).__name__ == screen, f"{screen} is in front")


@asynccontextmanager
async def running(app: BreachApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        yield driver
        await app.workers.wait_for_complete()


@pytest.fixture
def run() -> Any:
    """`async with run(app) as driver`."""
    return running

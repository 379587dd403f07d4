"""The screen of users and keys, and the second factor wherever a case is opened or unlocked."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from incident.access.totp import code_at
from incident.system import FixedClock
from tests.tui.conftest import DANA, KIM
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace
from tui.dialogs import second_factor

SECRET = b"12345678901234567890"


def code(clock: FixedClock) -> str:
    return code_at(SECRET, clock.now())


async def test_users_are_shown_with_their_keys_removed_and_the_keys_rotated(workspace: Workspace, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.press("a")
        await driver.on("AccessScreen")
        await driver.reads("incident lead")
        await driver.reads("Signs checkpoints and packs.")
        await driver.press("down", "x")
        await driver.reads("Remove Kim")
        await driver.press("y")
        await driver.reads("Rotate the keys now, too?")
        await driver.press("y")
        await driver.reads("recorded")
        assert [row.user for row in workspace.service.queries.users()] == ["dana"]
        assert workspace.case.keyring.epoch == 2
        assert not workspace.case.can_open("kim")


async def test_a_second_factor_is_set_up_and_asked_for_by_the_lock_and_the_next_opening(
    workspace: Workspace, case_path: Path, clock: FixedClock, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_factor, "new_secret", lambda: SECRET)
    workspace.case.clock = clock
    async with run(BreachApp(workspace)) as driver:
        await driver.press("a")
        await driver.on("AccessScreen")
        await driver.press("t")
        await driver.on("SecondFactorDialog")
        await driver.reads("GEZD GNBV GY3T QOJQ")
        await driver.reads("▄▄▄▄▄▄▄")
        await driver.type("12")
        await driver.press("enter")
        await driver.reads("does not fit")
        await driver.type(code(clock))
        await driver.press("enter")
        await driver.on("AccessScreen")
        await driver.reads("a code of an authenticator")
        await driver.press("ctrl+l")
        await driver.on("LockDialog")
        await driver.type(DANA.passphrase)
        await driver.press("enter")
        assert driver.screen.query_one("#code", Input).has_focus
        await driver.type("12")
        await driver.press("enter")
        await driver.reads("code is wrong")
        await driver.type(DANA.passphrase)
        await driver.press("enter")
        await driver.type(code(clock))
        await driver.press("enter")
        await driver.on("AccessScreen")
        await driver.press("escape")
        await driver.on("HomeScreen")
        await driver.press("U")
        await driver.on("FormDialog")
        await driver.type("dana")
        await driver.press("enter")
        await driver.type(DANA.passphrase)
        await driver.press("enter")
        await driver.reads("Which code does your authenticator show?")
        clock.advance(timedelta(seconds=30))
        await driver.type(code(clock))
        await driver.press("enter")
        await driver.reads("Now at work")
        told = [row.text for row in workspace.service.queries.timeline()]
        assert "Access refused: 1 attempt to open the case as dana" in told


async def test_counsel_shares_advice_and_the_lead_cannot(
    workspace: Workspace, case_path: Path, clock: FixedClock, run: Any
) -> None:
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as kims:
        async with run(BreachApp(kims)) as driver:
            await driver.press("a")
            await driver.on("AccessScreen")
            await driver.reads("sealed for this user")
            await driver.press("s")
            await driver.reads("read counsel's advice?")
            await driver.press("y")
            await driver.reads("Holds the key of counsel's advice.")
            assert workspace.case.advice.can_read
    workspace.service.refresh()
    async with run(BreachApp(workspace)) as driver:
        await driver.press("a")
        await driver.on("AccessScreen")
        await driver.press("down", "s")
        await driver.reads("only counsel may share counsel's advice")


async def test_home_says_who_tried_to_get_in(case_path: Path, clock: FixedClock, run: Any) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="wrong"):
            open_workspace(case_path, DANA.user, "wrong wrong wrong", clock=clock)
    with open_workspace(case_path, DANA.user, DANA.passphrase, clock=clock) as workspace:
        assert workspace.refused[0].first_at == clock.now()
        async with run(BreachApp(workspace)) as driver:
            await driver.reads("2 attempts to open this case failed, as dana")

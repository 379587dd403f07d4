"""Every key is in the help and in the palette, none is one that terminals take, and typed-ahead keys land in order."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from textual import events
from textual.command import DiscoveryHit
from textual.screen import Screen
from textual.widgets import Input

from incident.errors import CaseUnusable, RecordedMeanwhile
from incident.service import Receipt, Service
from tests.tui.conftest import DANA
from tui.app import BreachApp
from tui.commands import KeyCommands, key_help
from tui.compose import Workspace, open_workspace
from tui.dialogs.help import HelpDialog
from tui.screens import SECTION_NAMES, SECTIONS
from tui.screens.base import CaseScreen
from tui.screens.board import BoardScreen
from tui.screens.facts import FactsScreen
from tui.screens.gaps import GapsScreen
from tui.screens.home import HomeScreen
from tui.screens.new_incident import NewIncidentScreen
from tui.screens.what_if import WhatIfScreen
from tui.screens.why import WhyScreen
from tui.work import perform

TAKEN_BY_TERMINALS = {"ctrl+s", "ctrl+q", "ctrl+z", "ctrl+c", "ctrl+w"}


def own_bindings(screen: Screen[Any]) -> set[str]:
    """The actions that the screen's classes and the program bind: not focus movement, nor keys that are being typed."""
    typing = isinstance(screen.focused, Input)
    return {
        binding.action
        for owner in (screen, screen.app)
        for key, bindings in owner._bindings.key_to_bindings.items()
        for binding in bindings
        if not (typing and (len(key) == 1 or key in {"colon", "question_mark", "at"}))
        if binding.description and not binding.system and not binding.action.startswith(("app.focus", "screen.copy"))
    }


@pytest.mark.parametrize("name", ["home", "board", "log", "assess", "why", "gaps", "facts", "what_if", "new_incident"])
async def test_every_key_of_a_screen_is_in_its_help_and_in_the_palette(
    name: str, workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        if name in SECTIONS:
            driver.app.open_section(name, incident_id)
        elif name != "home":
            screens = {
                "why": lambda: WhyScreen(incident_id, "us.hipaa.hhs"),
                "gaps": lambda: GapsScreen(incident_id),
                "facts": lambda: FactsScreen(incident_id),
                "what_if": lambda: WhatIfScreen(incident_id),
                "new_incident": NewIncidentScreen,
            }
            driver.app.push_screen(screens[name]())
        await driver.wait(lambda: name == "home" or not isinstance(driver.screen, HomeScreen), "the screen is shown")
        screen = driver.screen
        listed = {each.action for each in key_help(screen)}
        assert listed == own_bindings(screen)

        provider = KeyCommands(screen)
        hits = [hit async for hit in provider.discover()]
        assert all(isinstance(hit, DiscoveryHit) for hit in hits)
        assert {hit.text for hit in hits} == {each.words for each in key_help(screen)}

        await driver.press("f1")
        await driver.on("HelpDialog")
        assert isinstance(driver.screen, HelpDialog)
        assert {each.action for each in driver.screen.keys} == listed


def every_screen() -> list[type[CaseScreen]]:
    found: list[type[CaseScreen]] = []
    waiting = [CaseScreen]
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting.extend(each.__subclasses__())
    return found


def test_no_key_is_one_that_terminals_take() -> None:
    bound = {
        key.strip()
        for owner in (BreachApp, *every_screen())
        for binding in owner.__dict__.get("BINDINGS", [])
        for key in binding.key.split(",")
    }
    assert len(bound) > 30
    assert not bound & TAKEN_BY_TERMINALS


async def test_digits_open_the_sections_and_a_missing_one_says_so(
    workspace: Workspace, incident_id: UUID, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(SECTIONS, "exercise", raising=False)
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter")
        await driver.on("BoardScreen")
        await driver.press("2")
        await driver.on("LogScreen")
        await driver.press("8")
        await driver.reads("Exercise is not available here yet")
        await driver.press("f")
        await driver.on("FactsScreen")
        await driver.press("1")
        await driver.on("BoardScreen")
        assert [type(screen).__name__ for screen in driver.app.screen_stack[1:]] == ["HomeScreen", "BoardScreen"]
    assert SECTION_NAMES[7] == "exercise"


async def test_keys_that_arrive_in_one_packet_are_taken_one_after_the_other(workspace: Workspace, run: Any) -> None:
    """Over a slow line the whole first minute may come at once; each answer must land in its own field."""
    burst = [
        *("n", *"Lost laptop", "enter", *"-1d 9:00", "enter", "y", "enter", "enter", *"ns", "enter", "n"),
        *(*"il 40", "enter"),
    ]
    names = {" ": "space", ":": "colon", "-": "minus"}
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("No incident yet")
        for key in burst:
            driver.app.post_message(events.Key(names.get(key, key), key if len(key) == 1 else None))
        await driver.on("BoardScreen")
        (row,) = workspace.service.queries.incidents()
        facts = workspace.service.queries.facts(row.id)
        assert row.title == "Lost laptop"
        assert facts["incident.data_elements"].value == ["name", "ssn"]
        assert facts["incident.encrypted"].value is False
        assert facts["affected.by_state.IL"].value == 40


async def test_esc_and_a_letter_in_one_packet_are_two_keys(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter", "g")
        await driver.on("GapsScreen")
        driver.app.post_message(events.Key("alt+f", None))
        await driver.on("FactsScreen")
        assert [type(screen).__name__ for screen in driver.app.screen_stack[1:]] == [
            "HomeScreen",
            "BoardScreen",
            "FactsScreen",
        ]


async def test_the_palette_finds_an_action_by_its_words_and_does_it(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter")
        await driver.on("BoardScreen")
        await driver.press("colon")
        await driver.on("CommandPalette")
        await driver.press(*"gaps")
        await driver.reads("the questions that could move")
        await driver.press("enter")
        await driver.on("GapsScreen")


async def test_a_receipt_is_not_lost_when_its_screen_was_left(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter")
        await driver.on("BoardScreen")
        board = driver.screen
        slow = asyncio.Event()
        loop = asyncio.get_running_loop()

        def command(service: Service) -> Receipt:
            asyncio.run_coroutine_threadsafe(slow.wait(), loop).result()
            return service.incidents.log_action(incident_id, "recorded late")

        perform(board, "late", command)
        await driver.press("escape")
        await driver.on("HomeScreen")
        await driver.wait(lambda: not board.is_attached, "the board is gone")
        slow.set()
        notes = driver.app._notifications
        await driver.wait(lambda: any("recorded 16:24:07" in each.message for each in notes), "the receipt is shown")


async def test_what_was_recorded_meanwhile_is_said_and_shown(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter", "2")
        await driver.on("LogScreen")
        workspace.service.incidents.log_action(incident_id, "written by counsel")

        def command(service: Service) -> Receipt:
            raise RecordedMeanwhile(7, "counsel", "Tokens revoked")

        perform(driver.screen, "add", command)
        await driver.reads("counsel recorded #7 (Tokens revoked) meanwhile")
        await driver.reads("written by counsel")


def test_screens_are_registered_by_their_section() -> None:
    assert SECTIONS["board"] == f"{BoardScreen.__module__}:{BoardScreen.__name__}"


async def test_what_others_record_comes_to_a_screen_that_stays_open(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter", "2")
        await driver.on("LogScreen")
        with open_workspace(workspace.place, DANA.user, DANA.passphrase, clock=workspace.service.clock) as other:
            number = other.service.incidents.log_action(incident_id, "Vendor called back").position
        await driver.reads(f"recorded #{number} (Vendor called back)")
        await driver.reads("Vendor called back")


async def test_a_store_that_cannot_be_reached_is_said_once_and_its_return_too(
    workspace: Workspace, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise CaseUnusable("The database server cannot be reached.")

    async with run(BreachApp(workspace)) as driver:
        await driver.reads("No incident yet")
        with monkeypatch.context() as patch:
            patch.setattr(workspace.service, "refresh", gone)
            await driver.reads("cannot be reached")
        await driver.reads("can be reached again")

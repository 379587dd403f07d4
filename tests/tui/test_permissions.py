"""What a role forbids is shown as unavailable, with the reason, before anybody fills in a form in vain."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from textual.widgets import Footer

import tui.screens
from incident.access.roles import MAY_RECORD, Role, Standing, refusal
from incident.system import FixedClock
from tests.tui.conftest import KIM
from tui.app import BreachApp
from tui.commands import KeyCommands, key_help
from tui.compose import Person, Workspace, open_workspace
from tui.dialogs.help import HelpDialog
from tui.permissions import RECORDS, forbidden
from tui.screens.base import CaseScreen
from tui.screens.board import BoardScreen
from tui.screens.facts import FactsScreen
from tui.screens.notice import NoticeScreen

EVE = Person(user="eve", name="Eve Lund", role="examiner", passphrase="harbour piano velvet moon")


def screens() -> dict[str, type[CaseScreen]]:
    found: dict[str, type[CaseScreen]] = {}
    for module in pkgutil.iter_modules(tui.screens.__path__):
        for name, cls in vars(importlib.import_module(f"tui.screens.{module.name}")).items():
            if isinstance(cls, type) and issubclass(cls, CaseScreen):
                found[name] = cls
    return found


def test_each_line_names_a_topic_and_an_action_of_a_screen() -> None:
    known = screens()
    for name, records in RECORDS.items():
        screen, _, action = name.partition(".")
        assert records.topic in MAY_RECORD, name
        assert screen in known, name
        bound = {binding.action.partition("(")[0] for binding in known[screen].__dict__.get("BINDINGS", ())}
        assert action in bound, name


READS = {
    "AdviceScreen": "read log export",
    "BoardScreen": "why gaps what_if facts brief calendar fold",
    "CallsScreen": "search",
    "CaseScreen": "back",
    "DeliveryScreen": "people",
    "DuplicatesScreen": "skip",
    "ExerciseBody": "open begin pause faster slower reveal",
    "FilingsScreen": "open history ledger entities yearly",
    "HandoverScreen": "scroll",
    "HomeScreen": "open access yearly verify exercise look_back change_user quit",
    "ImportScreen": "mapping encoding separator sheet profile",
    "IncidentScreen": "section look_back advice handover calls",
    "LogScreen": "facts page open",
    "NewIncidentScreen": "small_case",
    "NoticeFormScreen": "edit preview",
    "MarkupScreen": "accept reject accept_all undo comments",
    "NoticeScreen": "rerender record sample preflight review",
    "NoticesScreen": "open delivery templates",
    "PeopleScreen": "open quarantine duplicates",
    "PreflightScreen": "open again",
    "PersonScreen": "scroll turn accounting",
    "QueueScreen": "open advice home quit",
    "ReadingScreen": "jump variant beside lint problems",
    "RecordedNoticeScreen": "facts demands",
    "RedlineScreen": "jump variant against event",
    "RevealScreen": "sources",
    "ReviewFactsScreen": "source",
    "ReviewNoticeScreen": "redline word take_in",
    "ReviewScreen": "open",
    "RosterScreen": "person search filter state go_to",
    "SafekeepingScreen": "copy checkpoint verify export burden backup restore",
    "SampleScreen": "turn about",
    "TemplatesScreen": "check",
    "VariantsScreen": "jump turn swap",
    "WhatIfScreen": "suppose clear",
    "WhyScreen": "scroll",
    "WorksheetScreen": "copy turn open export",
    "YearlyScreen": "turn open read_entry export",
}
"""What each screen only reads or moves about by, whoever is at work."""


@pytest.mark.parametrize("name", sorted(screens()))
def test_each_action_of_a_screen_is_known_to_record_or_to_read(name: str) -> None:
    bound = {binding.action.partition("(")[0] for binding in screens()[name].__dict__.get("BINDINGS", ())}
    known = {line.partition(".")[2] for line in RECORDS if line.startswith(f"{name}.")} | {*READS.get(name, "").split()}
    assert {action for action in bound if "." not in action} <= known, "say in tui.permissions what it records"


def standing(role: Role) -> Standing:
    return Standing(user="sam", role=role, exercise=True)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_a_screen_says_of_an_action_what_the_desk_would(name: str) -> None:
    screen, _, action = name.partition(".")
    records = RECORDS[name]
    for role in Role:
        expected = refusal(standing(role), records.topic, path=records.path)
        assert forbidden(screens()[screen], action, standing(role)) == expected
    own_way_in = name in {"AccessScreen.passphrase", "AccessScreen.recovery_code", "AccessScreen.second_factor"}
    assert bool(forbidden(screens()[screen], action, standing(Role.EXAMINER))) != own_way_in


def test_counsel_records_holds_and_answers_no_other_question() -> None:
    counsel = standing(Role.COUNSEL)
    assert forbidden(FactsScreen, "hold", counsel) is None
    assert "only the incident lead may record a fact" in (forbidden(FactsScreen, "answer", counsel) or "")
    assert forbidden(BoardScreen, "why", counsel) is None
    assert forbidden(NoticeScreen, "approve", counsel) is None
    assert "only counsel may approve" in (forbidden(NoticeScreen, "approve", standing(Role.INCIDENT_LEAD)) or "")


@pytest.fixture
def as_eve(workspace: Workspace, case_path: Path, incident_id: UUID, clock: FixedClock) -> Iterator[Workspace]:
    workspace.service.case.enroll(EVE.user, EVE.name, EVE.role)
    workspace.case.add_user(EVE.user, EVE.passphrase)
    with open_workspace(case_path, EVE.user, EVE.passphrase, clock=clock) as opened:
        yield opened


async def test_an_examiner_sees_what_is_not_theirs_and_why(as_eve: Workspace, run: Any) -> None:
    position = as_eve.service.queries.position
    async with run(BreachApp(as_eve)) as driver:
        await driver.reads("Phished billing mailbox")
        assert "eve, examiner" in driver.text, "the top line says as what somebody works"
        await driver.press("n")
        await driver.reads("only the incident lead may take up an incident")
        await driver.on("HomeScreen")
        await driver.press("enter")
        await driver.on("BoardScreen")
        listed = {each.action: each.why_not for each in key_help(driver.screen)}
        assert "only the incident lead may record a fact" in listed["done"]
        assert listed["why"] == ""
        dimmed = [
            key.action for key in driver.screen.query_one(Footer).query("FooterKey") if "-disabled" in key.classes
        ]
        assert "done" in dimmed or "screen.done" in dimmed
        await driver.press("d")
        await driver.reads("only the incident lead may record a fact")
        await driver.on("BoardScreen")
        await driver.press("question_mark")
        await driver.wait(lambda: isinstance(driver.screen, HelpDialog), "help")
        await driver.reads("unavailable")
        await driver.press("escape")
        hits = [hit async for hit in KeyCommands(driver.screen).discover()]
        assert "Gaps: the questions that could move a date [g]" in {str(hit.display) for hit in hits}
        assert [hit for hit in hits if "[d] (unavailable)" in str(hit.display)]
    assert as_eve.service.queries.position == position


async def test_what_a_role_may_do_is_not_marked(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        assert [each.action for each in key_help(driver.screen) if each.why_not] == []
        await driver.press("enter")
        await driver.on("BoardScreen")
        assert [each.action for each in key_help(driver.screen) if each.why_not] == []


async def test_the_screen_follows_who_goes_on_at_it(
    workspace: Workspace, case_path: Path, incident_id: UUID, clock: FixedClock, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter")
        await driver.on("BoardScreen")
        assert driver.screen.forbidden("done") is None
        driver.app._work_as(open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock))
        await driver.reads("kim, counsel")
        assert "works here as counsel" in driver.screen.forbidden("done")

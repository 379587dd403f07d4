"""A misdirected fax to one person: from `n` to memo, letter or reasoned decision, and the yearly log, in 60 keys."""

from typing import Any

import pytest

from incident.views.small_breaches import Place, yearly_log
from tests.tui.conftest import FACTS, _no_animations, case_path, case_template, clock, run, workspace
from tests.tui.test_cli_documents import CONTACT
from tui.app import BreachApp
from tui.compose import Workspace

__all__ = ["_no_animations", "case_path", "case_template", "clock", "run", "workspace"]

NO_NOTICE: tuple[tuple[str, ...], ...] = (
    ("n", "f2"),
    ("f",),
    ("enter",),  # discovered now
    ("y",),
    (*"-1d", "enter"),
    (*"Ann Lee", "enter"),
    (*"il", "enter"),
    ("enter",),  # the date of birth is not known
    (*"Oak Dental", "enter"),
    (*"nm", "enter"),
    ("p",),
    tuple("1111"),
    ("enter",),  # the outcome that the four answers suggest
    ("enter",),  # the reason in the words that were chosen
)
LETTER: tuple[tuple[str, ...], ...] = (
    ("n", "f2"),
    ("f",),
    ("enter",),
    ("y",),
    ("enter",),
    (*"Ann Lee", "enter"),
    (*"12 Oak St, Chicago IL 60601", "enter"),
    ("enter",),
    ("enter",),
    (*"nm", "enter"),
    ("p",),
    tuple("3433"),
    ("enter",),
    ("enter",),
)


@pytest.fixture
def written(workspace: Workspace) -> Workspace:
    """The case of an organization that can be written to."""
    workspace.service.case.describe(FACTS, CONTACT)
    return workspace


async def typed(driver: Any, answers: tuple[tuple[str, ...], ...]) -> int:
    """Press the keys; answers with how many."""
    await driver.reads("No incident yet")
    for answer in answers:
        await driver.press(*answer)
    await driver.reads("are in the log")
    return sum(len(answer) for answer in answers)


async def test_a_reasoned_decision_not_to_notify_within_sixty_keys(written: Workspace, run: Any) -> None:
    workspace = written
    async with run(BreachApp(workspace)) as driver:
        assert await typed(driver, NO_NOTICE) <= 60
    queries = workspace.service.queries
    (row,) = queries.incidents()
    assert (row.title, row.decision) == ("Misdirected fax", "do_not_notify")
    facts = {path: fact.value for path, fact in queries.facts(row.id).items()}
    assert facts["affected.by_state.IL"] == 1
    assert facts["incident.occurred_from"] == "2026-11-21"
    assert facts["incident.risk_assessment"] == "low_probability"
    assert facts["incident.encrypted"] is False
    assert {notice.kind for notice in queries.notices(row.id)} == {"risk_assessment_memo", "no_notice_memo"}
    state = workspace.service.desk.incident(row.id)
    assert state.risk is not None
    assert [(each.rating, bool(each.reason)) for each in state.risk.factors] == [(1, True)] * 4
    # The name is in the vault, and nowhere in the log.
    (roster,) = queries.rosters(row.id)
    held = workspace.vault.person(roster.id, 1)
    assert held.person is not None
    assert held.person.name == "Ann Lee"
    assert not [entry for entry in queries.timeline() if "Ann" in entry.text]
    assert in_the_log(workspace) == Place.NOT_A_BREACH


async def test_a_letter_within_sixty_keys(written: Workspace, run: Any) -> None:
    workspace = written
    async with run(BreachApp(workspace)) as driver:
        assert await typed(driver, LETTER) <= 60
        await driver.press("escape")
        await driver.on("BoardScreen")
        await driver.reads("All individuals")
    queries = workspace.service.queries
    (row,) = queries.incidents()
    assert row.decision == "notify"
    assert {notice.kind for notice in queries.notices(row.id)} == {"risk_assessment_memo", "individual_letter"}
    (letter,) = [notice for notice in queries.notices(row.id) if notice.kind == "individual_letter"]
    assert letter.status == "draft"
    assert "us.hipaa.individuals" in letter.obligations
    (addressed,) = workspace.service.rosters.letters(
        row.id, workspace.service.desk.today(workspace.service.desk.incident(row.id))
    )
    assert addressed.address_lines == ("12 Oak St", "Chicago, IL 60601")
    assert in_the_log(workspace) == Place.SMALL


def in_the_log(workspace: Workspace) -> Place:
    """Where the incident stands in the log of small breaches of its year."""
    log = yearly_log(workspace.service.queries, 2026, workspace.service.clock.now())
    (entry,) = [each for each in log.entries if each.obligation_id == "us.hipaa.hhs"]
    return entry.place


@pytest.mark.parametrize("address", ["12 Oak St", "zz", "Chicago IL 60601"])
async def test_what_cannot_be_read_stays_and_says_why(workspace: Workspace, run: Any, address: str) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("No incident yet")
        await driver.press("n", "f2", "f", "enter", "y", "enter")
        await driver.type("Ann Lee")
        await driver.press("enter")
        await driver.type(address)
        await driver.press("enter")
        await driver.reads("12 Oak St, Chicago IL 60601; or the State alone")
        assert workspace.service.queries.incidents() == ()


async def test_what_cannot_be_drafted_is_told_and_everything_else_stands(workspace: Workspace, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await typed(driver, NO_NOTICE)
        await driver.reads("not drafted: risk assessment memo: organization.contact.street: needed")
    (row,) = workspace.service.queries.incidents()
    assert row.decision == "do_not_notify"
    assert workspace.service.queries.notices(row.id) == ()

"""As of when: each reading command takes --as-of, the screens the same words behind @; the past takes nothing."""

import inspect
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result

from incident.errors import InvalidInput
from incident.events import Counted, Entry, Event, RowMerged, RowUnmerged
from incident.roster.past import PastRows
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status
from incident.system import FixedClock
from tui.app import BreachApp
from tui.as_of import read_as_of
from tui.cli import main
from tui.compose import Workspace, create_workspace, open_workspace
from tui.session import Session

from .conftest import DANA, DISCOVERED, FACTS, KIM

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ROWS = (
    "MRN,First Name,Last Name,DOB,Street,City,State,Zip\n"
    "1,Ana,Díaz,1980-02-28,12 Main St,Chicago,IL,60614\n"
    "4,Bob,Smith,1970-01-01,1 Oak St,Gary,,\n"
)

# --- Every command

OF_NOW = {
    "verify": "whether the log is whole is asked of all of it; --checkpoint compares it with what it was",
    "checkpoint": "a checkpoint is of the log as it ends now",
    "case checkpoint": "a checkpoint is of the log as it ends now",
    "backup": "a copy of everything; `restore` and --as-of show any part of it",
    "evidence export": "a pack proves the log as it ends now, and records that it was made",
    "export-evidence": "a pack proves the log as it ends now, and records that it was made",
    "migrate": "moves everything",
    "roster profiles": "ways of reading a list: settings without a history",
    "roster pairs": "what waits in the vault for a decision; the log has its number only, which `log --as-of` shows",
    "notice word": "a file in which counsel changes the words of now; `notice preview --as-of` shows those of then",
    "notice drop": "takes away what a rendering that did not come to its end has left; it is no part of the record",
    "notice preflight": "what printing would make of the people and the words of now",
    "law diff": "what a change of the law means for the incidents that are open now",
}
"""Commands that open a case and neither record nor look back: of the whole case, or of what waits now; and why."""

RECORDS = re.compile(r"\b(print_receipt|_print_notice|_print_filing)\(|\.(jump|log_action)\(")


def commands(group: click.Group = main, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


def opens_a_case(command: click.Command) -> bool:
    return "passphrase_file" in {parameter.name for parameter in command.params}


@pytest.mark.parametrize(
    ("name", "command"),
    [each for each in commands() if opens_a_case(each[1])],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_command_on_a_case_looks_back_or_records_or_is_of_now(name: str, command: click.Command) -> None:
    options = [option for parameter in command.params for option in parameter.opts]
    if name in OF_NOW:
        assert "--as-of" not in options
        return
    if "--as-of" in options:
        return
    assert command.callback is not None
    makes_a_case = name in {"case new", "exercise start"}
    assert makes_a_case or RECORDS.search(inspect.getsource(inspect.unwrap(command.callback))), (
        f"breach {name} reads a case and takes no --as-of"
    )


def test_the_list_of_commands_of_now_has_no_stray() -> None:
    assert set(OF_NOW) <= {name for name, _ in commands()}


# --- What can be asked


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("57", 57),
        (" #57 ", 57),
        ("2026-11-20T16:10-06:00", datetime(2026, 11, 20, 22, 10, tzinfo=UTC)),
        ("2026-11-20T22:10Z", datetime(2026, 11, 20, 22, 10, tzinfo=UTC)),
        ("-2d 16:10", datetime(2026, 11, 20, 22, 10, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 21, 5, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 2, 5, 59, 59, 999_999, tzinfo=UTC)),  # the clocks were set back that day
        ("2026-11-22", datetime(2026, 11, 22, 22, 24, tzinfo=UTC)),  # today: as far as it has come
    ],
)
def test_an_event_a_day_and_a_moment_can_be_asked_for(asked: str, found: int | datetime) -> None:
    assert read_as_of(asked, datetime(2026, 11, 22, 22, 24, tzinfo=UTC), CHICAGO) == found


@pytest.mark.parametrize(
    "asked", ["2026-11-23", "2026-11-22T23:00Z", "2026-02-30", "soon", "", "-1", "2026-11-20T16:10-99:00"]
)
def test_what_is_no_past_moment_is_refused(asked: str) -> None:
    with pytest.raises(InvalidInput):
        read_as_of(asked, datetime(2026, 11, 22, 22, 24, tzinfo=UTC), CHICAGO)


# --- On a case


class Past:
    """A case whose incident was taken up on Monday, given a list of people on Wednesday, and worked on on Friday."""

    def __init__(self, path: Path) -> None:
        self.path = path
        clock = FixedClock(MONDAY)
        with create_workspace(
            path, name="Lakeshore Aesthetics", facts=FACTS, contact={"state": "IL"}, people=[DANA, KIM], clock=clock
        ) as workspace:
            service = workspace.service
            facts = {**DISCOVERED, "incident.discovered_at": "2026-11-15T16:10:00-06:00"}
            facts["discovery.workforce_knew_at"] = facts["incident.discovered_at"]
            self.incident, self.monday = self._opened(service, facts)
            clock.set(WEDNESDAY)
            people = path.parent / "people.csv"
            people.write_text(ROWS, encoding="utf-8")
            service.rosters.import_file(self.incident, people)
            self.wednesday = service.queries.position
            clock.set(FRIDAY)
            (roster,) = service.queries.rosters(self.incident)
            (waiting,) = workspace.vault.quarantine(roster.id)
            service.rosters.resolve_quarantine(roster.id, waiting.row, accept=False, because="not ours")
            service.incidents.log_action(self.incident, "called the carrier")
            service.incidents.record_facts(
                self.incident, {"affected.by_state.IN": 7}, source="billing", because="counted"
            )
            self.reference = service.queries.incident(self.incident).reference
            self.row = waiting.row
        self.passphrase = path.parent / "passphrase"
        self.passphrase.write_text(DANA.passphrase, encoding="utf-8")

    @staticmethod
    def _opened(service: Any, facts: dict[str, Any]) -> tuple[UUID, int]:
        incident_id, receipt = service.incidents.open("Phished mailbox", facts)
        return incident_id, receipt.position

    def breach(self, *words: str) -> Result:
        environment = {"BREACH_CASE": str(self.path), "BREACH_USER": DANA.user}
        arguments = [*words, "--passphrase-file", str(self.passphrase)]
        return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)

    def told(self, *words: str) -> Any:
        result = self.breach(*words, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    return Past(tmp_path_factory.mktemp("past") / "lakeshore")


def test_a_day_is_its_end_in_the_zone_of_the_organization_and_the_event_is_said(past: Past) -> None:
    result = past.breach("board", past.reference, "--as-of", "2026-11-16", "--json")
    assert json.loads(result.stdout)["as_of_event"] == past.monday
    assert f"PAST: as of #{past.monday}, Mon 2026-11-16 23:59 CST" in result.stderr
    assert past.told("log", past.reference, "--as-of", "2026-11-19")["as_of_event"] == past.wednesday


def test_a_moment_and_a_number_give_the_same_record(past: Past) -> None:
    by_moment = past.told("log", past.reference, "--as-of", "2026-11-18T09:00:00-06:00")
    assert by_moment == past.told("log", past.reference, "--as-of", str(past.wednesday))
    assert not any(entry["text"] == "called the carrier" for entry in by_moment["entries"])
    assert past.told("log", past.reference, "--as-of", "2026-11-18T08:59:59-06:00")["as_of_event"] == past.monday


def test_what_is_left_counts_from_the_moment_asked_for(past: Past) -> None:
    then = past.told("board", past.reference, "--as-of", "2026-11-17T12:00-06:00")
    assert then["as_of"].startswith("2026-11-17T")


def test_nothing_was_recorded_before_the_first_event_nor_after_the_last(past: Past) -> None:
    for asked in ("2026-11-15", "9999", "0"):
        result = past.breach("board", past.reference, "--as-of", asked)
        assert result.exit_code == 2, asked
        assert "Traceback" not in result.stderr


def test_facts_and_lists_are_those_of_then(past: Past) -> None:
    known = past.told("incident", "facts", past.reference, "--as-of", str(past.wednesday))
    assert known["affected"]["by_state"]["IN"] == {"min": 0, "max": 1}
    assert "as_of_event" not in known, "the contract of facts has no such key"
    assert past.told("roster", "stats", past.reference, "--as-of", str(past.monday))["rosters"] == []
    shown = past.told("incident", "show", past.reference, "--as-of", "2026-11-16")
    assert shown["as_of_event"] == past.monday
    assert past.told("case", "show", "--as-of", "1")["people"] == []
    assert past.told("incident", "list", "--as-of", "2")["incidents"] == []


def test_a_row_decided_since_waits_in_the_quarantine_of_then(past: Past) -> None:
    assert past.told("roster", "quarantine", past.reference)["rows"] == []
    (row,) = past.told("roster", "quarantine", past.reference, "--as-of", "2026-11-18")["rows"]
    assert (row["row"], row["status"]) == (past.row, "quarantined")
    found = past.told("roster", "find", past.reference, "--as-of", "2026-11-18")["people"]
    assert [each["status"] for each in found] == ["accepted", "quarantined"]
    assert past.told("roster", "find", past.reference, "--status", "excluded", "--as-of", "2026-11-18")["people"] == []
    assert (
        past.told("roster", "show", past.reference, str(past.row), "--as-of", "2026-11-18")["status"] == "quarantined"
    )
    assert past.told("roster", "show", past.reference, str(past.row))["status"] == "excluded"


def test_rows_merged_or_parted_since_stand_as_they_stood() -> None:
    def row(number: int, status: Status, into: int | None) -> Row:
        return Row(
            row=number, status=status, state="IL", flags=Flag(0), audience=None, elements=(), merged_into=into,
            person=None, findings=(), original={},
        )  # fmt: skip

    def entry(version: int, event: Event) -> Entry:
        return Entry(
            originator_id=UUID(int=1), originator_version=version, event=event, occurred_at=FRIDAY, recorded_at=FRIDAY,
            by="dana",
        )  # fmt: skip

    one = Counted(state="IL")
    past = PastRows(
        [
            entry(9, RowMerged(row=3, into=2, was="accepted", counted=one, before=one, after=one)),
            entry(10, RowUnmerged(row=3, out_of=2, becomes="accepted", counted=one, before=one, after=one)),
            entry(11, RowUnmerged(row=5, out_of=4, becomes="accepted", counted=one, before=one, after=one)),
        ]
    )
    assert past.changed == {3, 5}
    assert past.then(row(3, Status.ACCEPTED, None)).status is Status.ACCEPTED
    stood = past.then(row(5, Status.ACCEPTED, None))
    assert (stood.status, stood.merged_into) == (Status.MERGED, 4)
    assert past.then(row(5, Status.ERASED, None)).status is Status.ERASED
    assert past.then(row(6, Status.EXCLUDED, None)).status is Status.EXCLUDED


def test_the_burden_of_proof_file_of_then_stops_there(past: Past) -> None:
    then = past.told("evidence", "burden", past.reference, "--as-of", "2026-11-18")
    assert then["position"] == past.wednesday
    assert then["last_event"] == "2026-11-18"


def test_the_past_takes_no_entries(past: Past) -> None:
    for words in (
        ("incident", "facts", past.reference, "--set", "incident.encrypted=y", "--because", "x"),
        ("incident", "log", past.reference, "--add", "too late"),
        ("incident", "assess", past.reference, "--outcome", "exception_workforce", "--because", "x"),
    ):
        result = past.breach(*words, "--as-of", str(past.monday))
        assert result.exit_code == 1, words
        assert "the past takes no entries" in result.stderr
    assert "too late" not in past.breach("log", past.reference).stdout


async def test_the_screens_take_a_day_behind_the_at_sign_and_say_past(past: Past, tmp_path: Path, run: Any) -> None:
    copy = shutil.copytree(past.path, tmp_path / "copy")
    with open_workspace(copy, DANA.user, DANA.passphrase, clock=FixedClock(FRIDAY)) as workspace:
        async with run(BreachApp(workspace)) as driver:
            await driver.reads("Phished mailbox")
            await driver.press("enter", "2")
            await driver.reads("called the carrier")
            await driver.press("at")
            await driver.type("2026-11-18")
            await driver.press("enter")
            await driver.reads(f"PAST · AS OF #{past.wednesday} · Wed 2026-11-18 23:59 CST")
            await driver.wait(lambda: "called the carrier" not in driver.text, "the later entry is gone")
            for section in "134567":
                await driver.press(section)
                await driver.reads(f"PAST · AS OF #{past.wednesday}")
            await driver.press("2", "a")
            await driver.reads("Read-only")


def test_notices_and_filings_are_those_of_then(workspace: Workspace, incident_id: UUID) -> None:
    """The desk of a past moment writes from its facts, and knows no notice that was begun later."""
    before = workspace.service.queries.position
    contact = {"street": "1 Lake St", "city": "Chicago", "state": "IL", "zip": "60601", "phone": "312-555-0142"}
    workspace.service.case.describe(FACTS, contact)
    desk = workspace.documents
    notice_id, receipt = desk.draft(incident_id, "hhs_report", desk.defaults(incident_id, "hhs_report"))
    session = Session(workspace)
    session.viewpoint = session.look_back(str(receipt.position))
    assert session.documents.preview(notice_id).content_sha256 == desk.preview(notice_id).content_sha256
    desk.revise(notice_id, {**desk.preview(notice_id).fields, "description": "A mailbox was opened."})
    assert session.documents.preview(notice_id).fields.get("description") != "A mailbox was opened."
    assert session.documents.preview(notice_id).content_sha256 != desk.preview(notice_id).content_sha256
    session.viewpoint = session.look_back(str(before))
    with pytest.raises(Exception, match="no notice"):
        session.documents.preview(notice_id)

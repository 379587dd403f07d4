"""Rows in words: what a person reads is computed without a screen."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from incident.service import Receipt
from incident.views.queries import FactRow, IncidentRow, TimelineRow, UserRow
from tui.home import HomeIncident, HomeState, home_cells, home_summary
from tui.presenters import age, corner, idle_words, left, receipt_words, start_panel, watermark
from tui.record import element_legend, entry_cells, entry_panel, fact_cells
from tui.session import Viewpoint

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, ""),
        (date(2026, 12, 20), "28d"),
        (date(2026, 11, 24), "2d"),
        (date(2026, 11, 23), "1d 07h"),
        (date(2026, 11, 22), "07h 35m"),
        (date(2026, 11, 21), "1d late"),
        (date(2026, 10, 22), "31d late"),
    ],
)
def test_time_left_runs_to_the_end_of_the_civil_date(due: date | None, words: str) -> None:
    assert left(due, NOW, CHICAGO) == words


def test_the_last_day_has_25_hours_when_the_clocks_go_back() -> None:
    morning = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 00:00 CDT
    assert left(date(2026, 11, 1), morning, CHICAGO) == "1d 01h"


def test_a_date_is_counted_where_the_organization_is_not_in_utc() -> None:
    late_evening = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 22:30 on the 22nd in Chicago
    assert left(date(2026, 11, 22), late_evening, CHICAGO) == "01h 30m"
    assert left(date(2026, 11, 22), late_evening, ZoneInfo("UTC")) == "1d late"


def test_a_receipt_names_its_event_and_what_it_changed() -> None:
    receipt = Receipt(position=42, recorded_at=NOW, events=1, changes=("us.hipaa.hhs: due 2027-01-19 (new)",))
    assert receipt_words(receipt, CHICAGO) == "#42 recorded 16:24:07 · 1 change on the board"
    nothing = Receipt(position=42, recorded_at=NOW, events=0)
    assert receipt_words(nothing, CHICAGO) == "Nothing changed; nothing was recorded."


def test_the_watermark_says_what_is_not_real_and_what_is_not_now() -> None:
    then = Viewpoint(41, NOW, None)  # type: ignore[arg-type]
    assert watermark(None, None, CHICAGO) == ""
    assert "EXERCISE" in watermark("Presence 2013", None, CHICAGO)
    assert "AS OF #41 · Sun 2026-11-22 16:24 CST" in watermark(None, then, CHICAGO)
    both = watermark("Presence 2013", then, CHICAGO)
    assert "EXERCISE" in both
    assert "AS OF #41" in both


def test_the_corner_says_who_and_when() -> None:
    dana = UserRow(
        user="dana",
        name="Dana Ruiz",
        role="incident_lead",
        removed=False,
        second_factor=False,
        recovery_code_at=None,
        changed_at=NOW,
    )
    assert corner(dana, NOW, CHICAGO) == "dana, lead · Sun 2026-11-22 16:24:07 CST"


def test_ages_and_idle_times_read_as_words() -> None:
    assert [age(date(2026, 11, day), date(2026, 11, 22)) for day in (22, 21, 10)] == [
        "today",
        "1 day ago",
        "12 days ago",
    ]
    assert (idle_words(600), idle_words(30)) == ("10 minutes", "30 seconds")


def test_the_home_summary_shouts_where_the_log_is_not_intact() -> None:
    state = HomeState((), date(2026, 11, 10), 1)
    today = date(2026, 11, 22)
    assert home_summary(state, (True, "verified OK"), today) == (
        "Log verified OK · law checked 12 days ago · 1 notice waits for counsel"
    )
    assert home_summary(state, (False, "#7: altered"), today).startswith("LOG NOT INTACT: #7: altered")
    assert home_summary(state, None, today).startswith("Log: verifying")


def row(**changes: object) -> IncidentRow:
    values = {
        "id": UUID(int=1),
        "reference": "2026-001",
        "title": "Phished mailbox",
        "opened_at": NOW,
        "closed": False,
        "decision": None,
        "last_position": 3,
    } | changes
    return IncidentRow(**values)  # type: ignore[arg-type]


def test_an_incident_without_a_board_says_what_is_missing() -> None:
    line = HomeIncident(row(), None, 0, ("incident.discovered_at: needed before any date can be counted",), CHICAGO)
    cells = [cell.plain for cell in home_cells(line, NOW)]
    assert cells[2] == "no board yet"
    assert "incident.discovered_at" in cells[4]
    closed = HomeIncident(row(closed=True), None, 0, (), CHICAGO)
    assert home_cells(closed, NOW)[2].plain == "closed"


def entry(**changes: object) -> TimelineRow:
    values = {
        "position": 7,
        "stream": UUID(int=1),
        "version": 4,
        "incident": UUID(int=1),
        "topic": "incident.action_logged",
        "occurred_at": NOW,
        "recorded_at": NOW,
        "by": "dana",
        "because": None,
        "text": "tokens [bold]revoked[/]",
        "corrects": None,
        "corrected_at_position": None,
    } | changes
    return TimelineRow(**values)  # type: ignore[arg-type]


def test_happened_and_recorded_stand_apart_only_where_they_differ() -> None:
    same = [cell.plain for cell in entry_cells(entry(), CHICAGO)]
    assert same == ["#7", "2026-11-22 16:24", "=", "dana", "tokens [bold]revoked[/]"]
    later = entry(occurred_at=datetime(2026, 11, 20, 15, 40, tzinfo=UTC))
    assert [cell.plain for cell in entry_cells(later, CHICAGO)][1:3] == ["2026-11-20 09:40", "11-22 16:24"]


def test_a_corrected_entry_is_struck_through_and_names_its_correction() -> None:
    corrected = entry_cells(entry(corrected_at_position=9), CHICAGO)[4]
    assert corrected.plain == "(corrected by #9) tokens [bold]revoked[/]"
    assert any("strike" in str(span.style) for span in corrected.spans)
    words = [str(line) for line in entry_panel(entry(corrects=4, because="wrong mailbox"), CHICAGO)]
    assert "because: wrong mailbox" in words
    assert "corrects entry 4 of this incident" in words


def test_a_fact_shows_its_value_its_event_and_its_estimate() -> None:
    fact = FactRow(
        incident=UUID(int=1),
        version=3,
        position=12,
        path="affected.by_state.CA",
        value={"min": 48, "max": 72},
        occurred_at=NOW,
        recorded_at=NOW,
        by="dana",
        source="estimate ~60",
    )
    assert [cell.plain for cell in fact_cells("affected.by_state.CA", fact, CHICAGO)] == [
        "affected.by_state.CA",
        "~60 (48 to 72)",
        "#12",
        "estimate ~60",
    ]
    assert fact_cells("incident.encrypted", None, CHICAGO)[1].plain == "unknown"


def test_the_legend_of_data_kinds_fits_a_small_terminal() -> None:
    for width in (80, 160):
        lines = element_legend(width)
        assert all(line.cell_len <= width for line in lines)
        assert "m medical" in " ".join(line.plain for line in lines)
    assert len(element_legend(80)) <= 8


def test_an_empty_machine_is_told_what_to_do() -> None:
    words = " ".join(str(line) for line in start_panel(None))
    assert "n makes a case file" in words

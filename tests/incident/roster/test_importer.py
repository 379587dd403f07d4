"""Importing: the tally always adds up, nothing is kept of what failed, and what broke off goes on."""

import csv
import io
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident.errors import CaseUnusable, InvalidInput, NotFound, OutOfOrder
from incident.events import RosterClosed, RosterOpened, SegmentSealed
from incident.roster.importer import check_roster, import_roster, preview
from incident.roster.reasons import Flag
from incident.roster.record import Status
from incident.roster.report import Progress
from incident.roster.sealing import Sealer
from incident.roster.sorting import ImportCancelled
from incident.roster.vault import Vault
from tests.incident.roster.conftest import (
    ALICE,
    BRUNO,
    CHLOE,
    HEADINGS,
    INCIDENT,
    ON,
    ROSTER,
    Keys,
    Write,
    imported,
    shared,
)  # fmt: skip

UNKNOWN = "P4,,,1980-01-01,1 Rookery Ct,,Gary,IN,46402,,N"
DEAD = "P5,Dora,Quimby,1930-01-01,5 Rookery Ct,,Boston,MA,2108,,Y"
LOST = "P6,Emil,Tanner,1970-01-01,,,Chicago,IL,60614,,N"
AGAIN = ALICE.replace("P1", "P9").replace("Marlowe", "MARLOWE")
ALL = [ALICE, BRUNO, CHLOE, UNKNOWN, DEAD, LOST, AGAIN]


def test_a_check_tells_everything_and_needs_no_vault(write: Write) -> None:
    report = check_roster(write(ALL), on=ON, rows=True)
    told = msgspec.to_builtins(report)
    assert {name: told[name] for name in ("in", "accepted", "quarantined", "merged", "review", "by_state")} == {
        "in": 7, "accepted": 5, "quarantined": 1, "merged": 1, "review": 0, "by_state": {"IL": 3, "MA": 1, "TX": 1},
    }  # fmt: skip
    assert (told["minors"], told["deceased"]) == (1, 1)
    assert (told["insufficient_contact"], told["next_of_kin_insufficient_contact"]) == (1, 1)
    assert (told["encoding"], told["delimiter"], told["mapping"]["zip"]) == ("utf-8", ",", "Zip")
    rows = {row["row"]: row for row in told["rows"]}
    assert sorted(rows) == [2, 3, 4, 5, 6, 7, 8]
    assert rows[4] == {
        "row": 4, "status": "accepted", "merged_into": None, "state": "IL", "flags": ["minor"],
        "reasons": ["date_of_birth: under 18: the letter goes to a parent or guardian"],
    }  # fmt: skip
    assert (rows[5]["status"], rows[5]["reasons"]) == ("quarantined", ["name: no name"])
    assert "zip: leading zero restored" in rows[6]["reasons"]
    assert (rows[8]["status"], rows[8]["merged_into"]) == ("merged", 2)
    assert list(told["pairs"]) == [{"rows": (2, 8), "score": 1.0, "action": "merged"}]


def test_an_import_says_what_a_check_says_and_vouches_for_it(write: Write, vault: Vault) -> None:
    path = write(ALL)
    result = imported(path, vault, segment_rows=3)
    checked = check_roster(path, on=ON)
    assert result.report == checked
    opened, *segments, closed = result.events
    assert isinstance(opened, RosterOpened)
    assert (opened.incident_id, opened.source_name, opened.size) == (INCIDENT, "list.csv", path.stat().st_size)
    assert [(s.number, s.count) for s in segments if isinstance(s, SegmentSealed)] == [(1, 3), (2, 3), (3, 1)]
    assert isinstance(closed, RosterClosed)
    assert closed.rows_in == closed.accepted + closed.quarantined + closed.merged == sum(s.count for s in segments)  # type: ignore[union-attr]
    assert (closed.by_state, closed.minors, closed.deceased) == ({"IL": 3, "MA": 1, "TX": 1}, 1, 1)
    assert vault.by_state(ROSTER) == closed.by_state
    roots = {s.number: s.merkle_root for s in segments if isinstance(s, SegmentSealed)}
    assert vault.check(ROSTER, roots) == ()


def test_what_a_merged_row_adds_of_exposed_data_is_kept_with_the_person(write: Write, vault: Vault) -> None:
    path = write(
        "Name,DOB,Address,State,Zip,Data Exposed\n"
        "Ana Sol,1980-01-01,1 Rookery Ct,IL,60614,name; photos\n"
        "ANA SOL,1980-01-01,1 Rookery Ct.,IL,60614,ssn\n"
        "Bo Tate,1980-01-01,1 Rookery Ct,IL,60614,email\n"
    )
    imported(path, vault)
    assert [row.elements for row in vault.people(ROSTER)] == [("name", "ssn", "photos"), ("ssn",), ("email",)]


def test_rows_that_disagree_on_death_are_both_kept_and_shown(write: Write, vault: Vault) -> None:
    path = write([ALICE, ALICE[:-1] + "Y"])
    report = imported(path, vault).report
    assert (report.accepted, report.merged, report.review) == (2, 0, 1)
    assert [row.row for row in vault.people(ROSTER, flag=Flag.POSSIBLE_DUPLICATE)] == [2, 3]


def spelt(number: int) -> str:
    """A number as a word, unlike that of the next number."""
    return "".join(
        "bcdfghjklmnprstvwz"[number // 18**place % 18] + "aeiou"[number // 5**place % 5] for place in range(4)
    )


def test_helper_processes_change_nothing_but_the_time(write: Write, vault: Vault) -> None:
    path = write(
        [
            *ALL,
            *(
                f"Q{n},{spelt(n * 7919)},{spelt(n)},{1940 + n % 60}-0{1 + n % 9}-1{n % 9},{n} A St,,Gary,IN,46402,,"
                for n in range(2500)
            ),
            ALICE,
        ]
    )
    alone = check_roster(path, on=ON, rows=True, workers=0)
    assert check_roster(path, on=ON, rows=True, workers=2) == alone
    result = import_roster(
        path, mapping=None, vault=vault, incident_id=INCIDENT, roster_id=ROSTER, on=ON, workers=2, segment_rows=2000
    )
    assert result.report == msgspec.structs.replace(alone, rows=None, pairs=None)
    assert vault.check(ROSTER, {s.number: s.merkle_root for s in result.events if isinstance(s, SegmentSealed)}) == ()
    assert vault.person(ROSTER, 2).person is not None


# --- every record goes one of three ways ---

cell = st.one_of(
    st.sampled_from(
        ["", "IL", "ZZ", "60614", "2139", "Ana", "Doe", "1980-01-01", "13/13/1980", "Y", "N", "12 A St", "\x1b[2J\x07"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
)
rows_of_cells = st.lists(st.lists(cell, min_size=1, max_size=13), min_size=1, max_size=25)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=rows_of_cells, repeat=st.booleans())
def test_in_is_accepted_plus_quarantined_plus_merged(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], repeat: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS.split(","))
    writer.writerow(ALICE.split(","))  # one row that is not empty
    writer.writerows([*rows, *rows] if repeat else rows)
    path = folder / "list.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    vault = Vault(folder / "vault.db", Keys())
    result = imported(path, vault, segment_rows=4)
    report = result.report
    records = [row for row in rows * (2 if repeat else 1) if any(each.strip(" \t\r\n\u00a0\x1a") for each in row)]
    assert report.rows_in == 1 + len(records)
    assert report.rows_in == report.accepted + report.quarantined + report.merged
    assert sum(report.by_state.values()) == report.accepted
    for status, count in (
        ("accepted", report.accepted),
        ("quarantined", report.quarantined),
        ("merged", report.merged),
    ):
        assert vault.count(ROSTER, status=Status(status)) == count
    assert check_roster(path, on=ON) == report
    vault.close()


# --- files that cannot be used ---


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        (HEADINGS + "\n", "no row below the headings"),
        ("First,City,State\nAna,Gary,IN\n", "no column holds the name"),
        (HEADINGS + ",State\n" + ALICE + ",IL\n", r"state: which column is it, 'State \(column \d\)' or 'State"),
        ("\x00\x01\x02" * 999, "binary"),
        (f'{HEADINGS}\n{ALICE}\nP2,"Ana,Doe\nP3,Bo,Tate\n', "row 3: a quotation mark"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing(write: Write, vault: Vault, content: str, words: str) -> None:
    path = write(content)
    with pytest.raises(InvalidInput, match=words) as refusal:
        imported(path, vault)
    assert refusal.value.faults[0].startswith("list.csv: ")
    with pytest.raises(InvalidInput, match=words):
        check_roster(path, on=ON)
    with pytest.raises(NotFound):
        vault.people(ROSTER)


def test_a_wrong_mapping_is_refused_by_its_path(write: Write) -> None:
    with pytest.raises(InvalidInput, match=r"mapping\.zip: the file has no column 'Zap'"):
        check_roster(write(ALL), {"zip": "Zap"}, on=ON)


def test_of_a_heading_that_stands_twice_the_column_is_chosen_by_its_number(write: Write, vault: Vault) -> None:
    """Nobody but a person knows which of two addresses is newer; a column that no field takes needs no answer."""
    path = write(
        "First Name,Last Name,Address,City,State,Zip,Address,Note,note\n"
        "Ana,Sol,1 Rookery Ct,Chicago,IL,60614,22 Larch Rd,a,b\n"
    )
    look = preview(path, on=ON)
    assert look.undecided == {"address1": ("Address (column 3)", "Address (column 7)")}
    assert "address1" not in look.mapping
    for chosen, street in (("3", "1 Rookery Ct"), ("address (column 7)", "22 Larch Rd"), ("7", "22 Larch Rd")):
        look = preview(path, {"address1": chosen}, on=ON)
        assert (look.undecided, look.rows[0].values["address1"]) == ({}, street)
    assert check_roster(path, {"address1": ""}, on=ON).ignored == (
        "Address (column 3)", "Address (column 7)", "Note (column 8)", "note (column 9)",
    )  # fmt: skip
    imported(path, vault, mapping={"address1": "7"})
    (row,) = vault.people(ROSTER)
    assert row.person is not None
    assert row.person.address.lines == ("22 Larch Rd",)
    with pytest.raises(InvalidInput, match=r"mapping\.address1: the file has no column '10'"):
        check_roster(path, {"address1": "10"}, on=ON)


def test_a_better_heading_than_one_that_stands_twice_is_taken_without_asking(write: Write) -> None:
    path = write("Name,Address,Mailing Address,Address,Zip\nAna Sol,1 Rookery Ct,9 Elm St,2 Oak St,60614\n")
    look = preview(path, on=ON)
    assert (look.undecided, look.mapping["address1"]) == ({}, "Mailing Address")


def test_headings_that_differ_in_spaces_alone_are_asked_for(write: Write) -> None:
    look = preview(write("Name,Zip Code,ZipCode\nAna Sol,60614,60615\n"), on=ON)
    assert look.undecided == {"zip": ("Zip Code (column 2)", "ZipCode (column 3)")}


def test_a_mapping_is_used(write: Write) -> None:
    path = write("A,B,C,D\nAna Sol,1 Rookery Ct,60614,1980-01-01\n")
    with pytest.raises(InvalidInput, match="no column holds the name"):
        check_roster(path, on=ON)
    report = check_roster(path, {"full_name": "A", "address1": "B", "zip": "C"}, on=ON)
    assert (report.accepted, report.by_state, report.ignored) == (1, {"IL": 1}, ("D",))


# --- stopping and going on ---


def test_cancelling_leaves_nothing_half_done(write: Write, vault: Vault) -> None:
    path = write([f"P{n},Name,Family{n},1980-01-01,{n} Rookery Ct,,Gary,IN,46402,," for n in range(5000)])
    seen: list[Progress] = []
    with pytest.raises(ImportCancelled):
        imported(path, vault, segment_rows=500, progress=seen.append, cancelled=lambda: len(seen) > 3)
    with pytest.raises(NotFound):
        vault.count(ROSTER)
    assert seen[-1].rows_in > 1000


def test_progress_adds_up_at_every_moment(write: Write, vault: Vault) -> None:
    path = write(
        [row for n in range(1500) for row in (f"P{n},Name,Family{n},1980-01-01,{n} A St,,Gary,IN,46402,,", UNKNOWN)]
    )
    seen: list[Progress] = []
    imported(path, vault, progress=seen.append)
    assert all(p.rows_in == p.accepted + p.quarantined + p.merged for p in seen)
    assert [p.rows_in for p in seen] == sorted(p.rows_in for p in seen)
    assert (seen[-1].rows_in, seen[-1].bytes_read, seen[-1].bytes_total) == (
        3000,
        path.stat().st_size,
        path.stat().st_size,
    )


def test_an_import_that_was_killed_goes_on_behind_its_last_segment(
    write: Write, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write([f"P{n},Name,Family{n % 40},1980-01-01,{n % 40} Rookery Ct,,Gary,IN,46402,," for n in range(100)])
    written: list[int] = []
    real = Vault.write_segment

    def dies(self: Vault, roster: UUID, number: int, rows: list[object]) -> object:
        if number == 3 and not written.count(3):
            written.append(3)
            monkeypatch.setattr(Vault, "discard", lambda _self, _roster: None)  # a killed process cleans nothing up
            raise RuntimeError("killed")
        written.append(number)
        return real(self, roster, number, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(Vault, "write_segment", dies)
    with pytest.raises(RuntimeError):
        imported(path, vault, segment_rows=10)
    assert len(vault.segments(ROSTER)) == 2
    with pytest.raises(OutOfOrder, match="in another way"):
        imported(path, vault, segment_rows=20)
    result = imported(path, vault, segment_rows=10)
    assert written == [1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10]
    roots = {s.number: s.merkle_root for s in result.events if isinstance(s, SegmentSealed)}
    assert vault.check(ROSTER, roots) == ()
    assert (result.report.accepted, result.report.merged) == (40, 60)
    assert vault.count(ROSTER, status=Status.MERGED) == 60


def test_an_import_that_was_killed_is_found_again_by_its_file_and_seals_no_row_twice(
    write: Write, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write([f"P{n},Name,Family{n},1980-01-01,{n} Rookery Ct,,Gary,IN,46402,," for n in range(450)])
    real = Vault.write_segment

    def dies(self: Vault, roster: UUID, number: int, rows: list[object]) -> object:
        if number == 4:
            raise RuntimeError("killed")
        return real(self, roster, number, rows)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "write_segment", dies)
        patched.setattr(Vault, "discard", lambda _self, _roster: None)  # a killed process cleans nothing up
        with pytest.raises(RuntimeError):
            imported(path, vault, segment_rows=100)
    sealed: list[int] = []
    seal_run = Sealer.seal_run
    monkeypatch.setattr(Sealer, "seal_run", lambda self, *args: sealed.extend(args[1]) or seal_run(self, *args))  # type: ignore[func-returns-value]
    other = UUID(int=77)
    result = imported(path, vault, other, segment_rows=100, unfinished=lambda key: vault.begun(INCIDENT, key, but=[]))
    assert result.roster_id == ROSTER, "it goes on with what it had begun"
    assert any("continued behind the first 300 rows" in problem for problem in result.report.problems)
    assert min(sealed) == 302, "the rows on lines 2 to 301 were in the vault"
    roots = {s.number: s.merkle_root for s in result.events if isinstance(s, SegmentSealed)}
    assert vault.check(ROSTER, roots) == ()
    assert (result.report.accepted, vault.count(ROSTER)) == (450, 450)
    assert all(row.person is not None for row in vault.iterate(ROSTER))
    # A list that the log has is none to go on with.
    again = imported(
        path, vault, other, segment_rows=100, unfinished=lambda key: vault.begun(INCIDENT, key, but=[ROSTER])
    )
    assert again.roster_id == other


def test_rows_of_an_import_the_log_never_heard_of_are_collected(write: Write, vault: Vault) -> None:
    imported(write(ALL), vault)
    imported(write([BRUNO], "other.csv"), vault, UUID(int=9))
    assert vault.keep_only([UUID(int=9)]) == 1
    with pytest.raises(NotFound):
        vault.people(ROSTER)
    assert vault.count(UUID(int=9)) == 1
    assert vault.keep_only([UUID(int=9)]) == 0


def test_a_full_disk_is_one_clear_message_and_leaves_nothing(
    write: Write, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(tmp_path / "small.db", keys)
    with vault._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    from sqlalchemy import event  # noqa: PLC0415

    event.listen(vault._engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages + 30}"))
    path = write([f"P{n},Name,Family{n},1980-01-01,{n} Rookery Ct,,Gary,IN,46402,," for n in range(2000)])
    with pytest.raises(CaseUnusable, match="disk is full"):
        imported(path, vault, segment_rows=100)
    with pytest.raises(NotFound):
        vault.people(ROSTER)


# --- preview ---


def test_a_preview_shows_the_first_rows_with_their_remarks(write: Write) -> None:
    shown = preview(write(ALL), rows=4, on=ON)
    assert (shown.encoding, shown.delimiter, shown.problems, shown.ignored) == ("utf-8", ",", (), ())
    assert [row.row for row in shown.rows] == [2, 3, 4, 5]
    assert shown.rows[0].values["family_name"] == "Marlowe"
    assert (shown.rows[3].status, shown.rows[3].findings) == ("quarantined", ("name: no name",))


def test_a_preview_of_a_list_without_names_says_so_and_lets_it_be_mapped(write: Write) -> None:
    path = write("A,Zip\nAna Sol,60614\n")
    assert "no column holds the name" in preview(path, on=ON).problems[0]
    assert preview(path, {"full_name": "A"}, on=ON).problems == ()


def test_a_preview_of_headings_alone_says_so(write: Write) -> None:
    assert preview(write(HEADINGS + "\n"), on=ON).problems == ("list.csv: no row below the headings",)


def test_dates_with_the_day_first_put_the_whole_column_in_doubt(write: Write) -> None:
    report = check_roster(write([ALICE.replace("1984-03-02", "28/2/1984"), BRUNO]), on=ON)
    assert "day first" in report.problems[0]


# --- real data ---


def test_synthea_patients_are_counted_as_they_are() -> None:
    report = check_roster(shared("synthea_patients.csv"), on=date(2026, 11, 22))
    assert (report.rows_in, report.accepted, report.by_state) == (1171, 1171, {"MA": 1171})
    assert report.deceased == report.next_of_kin_insufficient_contact == 171
    assert report.findings["zip: missing"] == 543
    assert report.findings["name: digits in the name"] == 1171


def test_febrl_people_are_australians_and_set_aside_where_no_us_state_fits() -> None:
    report = check_roster(shared("febrl_dataset1.csv"), on=ON)
    assert report.rows_in == 1000 == report.accepted + report.quarantined + report.merged
    assert set(report.by_state) <= {"WA", "AS"}


@pytest.mark.parametrize("column", HEADINGS.split(","))
def test_addresses_and_names_that_defeat_parsers_are_counted_in_every_column(write: Write, column: str) -> None:
    hostile = [
        *shared("usaddress_unparseable.csv").read_text("utf-8").splitlines()[:300],
        *msgspec.json.decode(shared("nameparser_names.json").read_bytes(), type=list[str]),
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS.split(","))
    writer.writeheader()
    usual = dict(zip(HEADINGS.split(","), ALICE.split(","), strict=True))
    writer.writerows(usual | {column: text} for text in hostile)
    report = check_roster(write(out.getvalue()), on=ON)
    assert report.rows_in == len(hostile) == report.accepted + report.quarantined + report.merged


NAUGHTY = [
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1-1", "'; DROP TABLE people; --", "<script>alert(1)</script>", "[bold red]x[/]",
    "\x1b[2J\x1b]0;owned\x07", "../../etc/passwd", "${jndi:ldap://x}", "{{7*7}}", "%s%n", "\u202etxt.exe", "Ｔｅｓｔ",
    "ﬁnd",     "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞A̴̵̜̰͔ͫ͗͢L",
    "👩‍👩‍👧‍👦", "﷽", "\u0000".replace("\0", ""), "\ufeff", "NaN", "Infinity", "1e309", "-0", "0x10",
    "null", "undefined", "True", "نجلاء", "田中さん", "Ω≈ç√∫", "a" * 10_000, "\u2028", "\u00ad", "ОБЪЕДИНЕНИЕ",
]  # fmt: skip


@pytest.mark.parametrize("column", HEADINGS.split(","))
def test_naughty_strings_are_counted_in_every_column_and_shown_as_text(write: Write, vault: Vault, column: str) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS.split(","))
    writer.writeheader()
    usual = dict(zip(HEADINGS.split(","), ALICE.split(","), strict=True))
    writer.writerows(usual | {column: text} for text in NAUGHTY)
    report = imported(write(out.getvalue()), vault).report
    assert report.rows_in == len(NAUGHTY) == report.accepted + report.quarantined + report.merged
    for row in vault.iterate(ROSTER, status=None):
        if row.person is not None:
            assert "\x1b" not in row.person.name
            assert "\u202e" not in "".join(row.person.address.lines)

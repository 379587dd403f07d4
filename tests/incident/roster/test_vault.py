"""The vault: nothing readable on disk, every person under a key of their own, and nobody changed unseen."""

import sqlite3
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from incident.errors import CaseUnusable, InvalidInput, NotFound, OutOfOrder
from incident.events import SegmentSealed
from incident.roster.commitments import verify
from incident.roster.person import Address, Person
from incident.roster.reasons import Flag
from incident.roster.record import Status
from incident.roster.sealing import Sealer
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
)  # fmt: skip

BAD = "P4,,,1980-01-01,77 Secretstreet Ct,,Gary,IN,46402,planted@example.org,N"
PLANTED = (b"Marlowe", b"Alice", "Zúñiga".encode(), b"Heronbrook", b"Secretstreet", b"alice@example.org", b"planted@",
           b"1984-03-02", b"1980-01-01")  # fmt: skip


@pytest.fixture
def filled(write: Write, vault: Vault) -> Vault:
    imported(write([ALICE, BRUNO, CHLOE, BAD, ALICE.replace("P1", "P8")]), vault, segment_rows=2)
    return vault


def roots(vault: Vault) -> dict[int, str]:
    return {segment.number: segment.merkle_root for segment in vault.segments(ROSTER)}


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("vault.db*")))


# --- secrecy ---


def test_nothing_of_a_person_is_readable_on_disk(filled: Vault, tmp_path: Path) -> None:
    before = on_disk(tmp_path)
    filled.close()
    for content in (before, on_disk(tmp_path)):
        assert len(content) > 10_000
        for planted in PLANTED:
            assert planted not in content
            assert planted.lower() not in content.lower()
            assert planted.decode().encode("utf-16-le") not in content


def test_the_search_is_for_something_that_would_be_found(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "vault.db")
    database.execute("CREATE TABLE plain (name TEXT)")
    database.execute("INSERT INTO plain VALUES ('Alice Marlowe')")
    database.commit()
    assert b"Marlowe" in on_disk(tmp_path)


def test_equal_people_look_different_in_every_column_that_is_sealed(filled: Vault, tmp_path: Path) -> None:
    filled.close()
    rows = sqlite3.connect(tmp_path / "vault.db").execute("SELECT envelope, wrapped_key FROM sealed").fetchall()
    assert len({envelope for envelope, _ in rows}) == len({wrapped for _, wrapped in rows}) == 5


def test_what_is_sealed_is_read_back(filled: Vault) -> None:
    row = filled.person(ROSTER, 3)
    assert row.person == Person(
        given_name="Bruno", family_name="Zúñiga", state="TX", date_of_birth=date(1990, 7, 9), deceased=False,
        address=Address(("400 W Larkmoor St", "Apt 3"), "Houston", "TX", "77002"), patient_id="P2",
    )  # fmt: skip
    bad = filled.person(ROSTER, 5)
    assert (bad.status, bad.findings) == (Status.QUARANTINED, ("name_missing",))
    assert bad.original["Address"] == "77 Secretstreet Ct"
    merged = filled.person(ROSTER, 6)
    assert (merged.status, merged.merged_into, merged.findings) == (Status.MERGED, 2, ("duplicate",))


def test_another_key_ring_reads_nothing(filled: Vault, tmp_path: Path) -> None:
    stranger = Vault(tmp_path / "vault.db", Keys())
    with pytest.raises(CaseUnusable, match="row 2 of the roster does not open"):
        stranger.person(ROSTER, 2)
    assert stranger.search(ROSTER, "marlowe") == ()


def test_with_the_incident_key_destroyed_nobody_can_be_read_but_the_commitments_stand(
    filled: Vault, keys: Keys
) -> None:
    held = roots(filled)
    keys.destroy_incident_key(INCIDENT)
    for read in (
        lambda: filled.person(ROSTER, 2),
        lambda: filled.search(ROSTER, "alice"),
        lambda: filled.check(ROSTER, held),
    ):
        with pytest.raises(NotFound, match="destroyed"):
            read()


# --- tampering ---


def tamper(tmp_path: Path, statement: str) -> None:
    database = sqlite3.connect(tmp_path / "vault.db")
    assert database.execute(statement).rowcount
    database.commit()
    database.close()


FIRST = "(SELECT min(id) FROM sealed)"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE sealed SET envelope = (SELECT envelope FROM sealed WHERE id = {FIRST} + 1) WHERE id = {FIRST}",
        f"UPDATE sealed SET wrapped_key = (SELECT wrapped_key FROM sealed WHERE id = {FIRST} + 1) WHERE id = {FIRST}",
        f"UPDATE sealed SET (envelope, wrapped_key) = (SELECT envelope, wrapped_key FROM sealed WHERE id = {FIRST} + 1)"
        f" WHERE id = {FIRST}",
        f"UPDATE sealed SET envelope = substr(envelope, 1, length(envelope) - 1) WHERE id = {FIRST}",
        f"UPDATE sealed SET envelope = x'' WHERE id = {FIRST}",
    ],
)
def test_a_moved_or_altered_envelope_or_key_does_not_open(filled: Vault, tmp_path: Path, statement: str) -> None:
    tamper(tmp_path, statement)
    with pytest.raises(CaseUnusable, match="row 2 of the roster does not open"):
        filled.person(ROSTER, 2)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            f"UPDATE sealed SET envelope = x'00' WHERE id = {FIRST}",
            "row 2: the envelope is not the one that was sealed",
        ),
        (f"DELETE FROM sealed WHERE id = {FIRST}", "row 2: the envelope is not the one that was sealed"),
        (f"DELETE FROM people WHERE id = {FIRST}", "segment 1: 1 rows where 2 were sealed"),
        (
            "UPDATE segments SET leaves = zeroblob(64) WHERE number = 1",
            "segment 1: the commitment does not match the log",
        ),
        ("DELETE FROM segments WHERE number = 2", "segment 2: in the log only"),
    ],
)
def test_the_commitments_show_what_was_changed(filled: Vault, tmp_path: Path, statement: str, fault: str) -> None:
    held = roots(filled)
    assert filled.check(ROSTER, held) == ()
    tamper(tmp_path, statement)
    assert filled.check(ROSTER, held) == (fault,)


def test_a_segment_the_log_does_not_know_is_a_fault(filled: Vault) -> None:
    assert filled.check(ROSTER, {1: roots(filled)[1]}) == (
        "segment 2: in the vault only",
        "segment 3: in the vault only",
    )


def test_every_row_has_a_proof_against_the_root_in_the_log(filled: Vault) -> None:
    held = roots(filled)
    for row in (2, 3, 4, 5, 6):
        number, proof = filled.prove(ROSTER, row)
        assert verify(proof, bytes.fromhex(held[number]))
    with pytest.raises(NotFound, match="row 7"):
        filled.prove(ROSTER, 7)


# --- reading ---


def test_pages_follow_one_another_in_file_order(filled: Vault) -> None:
    assert [row.row for row in filled.people(ROSTER, limit=2)] == [2, 3]
    assert [row.row for row in filled.people(ROSTER, after_row=3, limit=9)] == [4, 5, 6]
    assert [row.row for row in filled.iterate(ROSTER)] == [2, 3, 4]
    assert [row.row for row in filled.iterate(ROSTER, status=None)] == [2, 3, 4, 5, 6]


def test_rows_are_filtered_by_state_status_and_flag(filled: Vault) -> None:
    def rows(**by: object) -> list[int]:
        found = [row.row for row in filled.people(ROSTER, **by)]  # type: ignore[arg-type]
        assert filled.count(ROSTER, **by) == len(found)  # type: ignore[arg-type]
        return found

    assert rows(state="IL") == [2, 4, 6]
    assert rows(state="IL", status=Status.ACCEPTED) == [2, 4]
    assert rows(flag=Flag.MINOR) == [4]
    assert rows(flag=Flag.MINOR, state="TX") == []
    assert rows(status=Status.MERGED) == [6]
    assert [row.row for row in filled.quarantine(ROSTER)] == [5]
    assert filled.by_state(ROSTER) == {"IL": 2, "TX": 1}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("marlowe", [2, 4, 6]), ("ALICE MARLOWE", [2, 6]), ("zuniga", [3]), ("Zúñiga, Bruno", [3]),
        ("alice@example.org", [2, 6]), ("ALICE@EXAMPLE.ORG", [2, 6]), ("12 heronbrook", [2, 4, 6]),
        ("400 W. Larkmoor", [3]),        ("chloe 12 heronbrook", [4]),
        ("marl", []), ("nobody", []), ("", []), ("@", []), ("77 Secretstreet", [5]),
    ],
)  # fmt: skip
def test_people_are_found_by_whole_words(filled: Vault, text: str, rows: list[int]) -> None:
    assert [row.row for row in filled.search(ROSTER, text)] == rows


def test_a_search_has_pages_too(filled: Vault) -> None:
    assert [row.row for row in filled.search(ROSTER, "marlowe", limit=2)] == [2, 4]
    assert [row.row for row in filled.search(ROSTER, "marlowe", after_row=2, limit=2)] == [4, 6]


def test_what_is_not_there_is_named(filled: Vault) -> None:
    with pytest.raises(NotFound, match="row 99"):
        filled.person(ROSTER, 99)
    with pytest.raises(NotFound, match="no roster"):
        filled.person(UUID(int=77), 2)


def test_two_rosters_do_not_mix(filled: Vault, write: Write) -> None:
    other = UUID(int=3)
    imported(write([CHLOE], "other.csv"), filled, other)
    assert [row.row for row in filled.people(other)] == [2]
    assert [row.row for row in filled.search(other, "marlowe")] == [2]
    assert filled.count(ROSTER) == 5
    filled.discard(other)
    assert filled.count(ROSTER) == 5
    filled.discard(other)


def test_a_vault_in_memory_serves_exercises(keys: Keys, write: Write) -> None:
    vault = Vault("sqlite://", keys)
    imported(write([ALICE]), vault)
    assert vault.count(ROSTER) == 1


# --- quarantine ---


def test_a_row_that_was_put_right_joins_the_roster_under_a_new_key(filled: Vault, tmp_path: Path) -> None:
    held = roots(filled)
    before = (
        sqlite3.connect(tmp_path / "vault.db")
        .execute("SELECT envelope, wrapped_key FROM sealed ORDER BY id")
        .fetchall()
    )
    person = filled.person(ROSTER, 5).person
    assert person is not None
    fixed = msgspec.structs.replace(person, given_name="Pia", family_name="Planted", date_of_birth=date(2015, 1, 1))
    row = filled.resolve_quarantine(ROSTER, 5, accept=True, person=fixed, on=ON)
    assert (row.status, row.person, row.state) == (Status.ACCEPTED, fixed, "IN")
    assert row.flags == Flag.MINOR
    assert row.original["Address"] == "77 Secretstreet Ct"
    assert [found.row for found in filled.people(ROSTER, flag=Flag.MINOR)] == [4, 5]
    assert [found.row for found in filled.search(ROSTER, "pia planted")] == [5]
    after = (
        sqlite3.connect(tmp_path / "vault.db")
        .execute("SELECT envelope, wrapped_key FROM sealed ORDER BY id")
        .fetchall()
    )
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, True, True, False, True]
    assert before[3][1] != after[3][1]
    assert filled.check(ROSTER, held) == ()
    with pytest.raises(OutOfOrder, match="row 5: not in quarantine but accepted"):
        filled.resolve_quarantine(ROSTER, 5, accept=False)


def test_a_row_is_excluded_for_good(filled: Vault) -> None:
    assert filled.resolve_quarantine(ROSTER, 5, accept=False).status is Status.EXCLUDED
    assert filled.quarantine(ROSTER) == ()


def test_nobody_is_accepted_without_a_name(filled: Vault) -> None:
    with pytest.raises(InvalidInput, match="row 5: name"):
        filled.resolve_quarantine(ROSTER, 5, accept=True, on=ON)
    with pytest.raises(InvalidInput, match="give the person and the date"):
        filled.resolve_quarantine(ROSTER, 5, accept=True, person=Person(full_name="Ana Sol"))
    assert filled.person(ROSTER, 5).status is Status.QUARANTINED


def test_a_row_without_a_person_is_accepted_only_with_one(write: Write, vault: Vault) -> None:
    imported(write(f"{HEADINGS}\n{ALICE},extra\n"), vault)
    with pytest.raises(InvalidInput, match="row 2"):
        vault.resolve_quarantine(ROSTER, 2, accept=True, on=ON)
    row = vault.resolve_quarantine(ROSTER, 2, accept=True, person=Person(full_name="Alice Marlowe", state="IL"), on=ON)
    assert (row.status, row.state, row.audience) == (Status.ACCEPTED, "IL", None)


def test_a_correction_moves_the_person_in_every_index(filled: Vault) -> None:
    person = filled.person(ROSTER, 2).person
    assert person is not None
    moved = msgspec.structs.replace(
        person,
        family_name="Harlow",
        state="CA",
        address=Address(("9 Rookery Ct",), "Los Angeles", "CA", "90012"),
        deceased=True,
    )
    row = filled.correct(ROSTER, 2, moved, on=ON)
    assert (row.person, row.state, Flag.DECEASED in row.flags) == (moved, "CA", True)
    assert [found.row for found in filled.search(ROSTER, "alice marlowe")] == [6]
    assert [found.row for found in filled.search(ROSTER, "harlow 9 rookery")] == [2]
    assert [found.row for found in filled.people(ROSTER, flag=Flag.DECEASED)] == [2]
    with pytest.raises(OutOfOrder, match="row 5: not accepted but quarantined"):
        filled.correct(ROSTER, 5, moved, on=ON)


# --- erasure ---


def test_an_erased_person_is_gone_from_the_disk_with_the_rows_merged_into_it(
    filled: Vault, tmp_path: Path, keys: Keys
) -> None:
    sealer = Sealer(keys.incident_key(INCIDENT))
    held = roots(filled)
    database = sqlite3.connect(tmp_path / "vault.db")
    doomed = database.execute(f"SELECT envelope, wrapped_key FROM sealed WHERE id IN ({FIRST}, {FIRST} + 4)").fetchall()
    database.close()
    content = on_disk(tmp_path)
    assert all(part in content for pair in doomed for part in pair)
    entries = [
        sealer.token(word) + row.to_bytes(5, "big") for word in ("n:alice", "e:alice@example.org") for row in (2, 6)
    ]
    assert all(entry in content for entry in entries)
    assert filled.erase(ROSTER, 2) == (2, 6)
    content = on_disk(tmp_path)
    assert not any(part in content for pair in doomed for part in pair)
    assert not any(entry in content for entry in entries)
    row = filled.person(ROSTER, 2)
    assert (row.status, row.person, row.original, row.flags, row.elements) == (Status.ERASED, None, {}, Flag(0), ())
    assert filled.search(ROSTER, "alice") == ()
    assert [found.row for found in filled.search(ROSTER, "marlowe")] == [4]
    # The commitments stand, and still prove that somebody was there.
    assert filled.check(ROSTER, held) == ()
    number, proof = filled.prove(ROSTER, 2)
    assert verify(proof, bytes.fromhex(held[number]))


def test_erasing_one_of_two_merged_rows_erases_the_person(filled: Vault) -> None:
    assert filled.erase(ROSTER, 6) == (2, 6)


def test_erasing_again_is_harmless(filled: Vault) -> None:
    assert filled.erase(ROSTER, 4) == (4,)
    assert filled.erase(ROSTER, 4) == (4,)
    with pytest.raises(OutOfOrder):
        filled.correct(ROSTER, 4, Person(full_name="Ana Sol"), on=ON)


def test_a_reader_that_holds_an_older_state_is_told_of(filled: Vault, tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "vault.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sealed").fetchall()
    with pytest.raises(CaseUnusable, match="repeat this"):
        filled.erase(ROSTER, 2)
    reader.execute("COMMIT")
    assert filled.erase(ROSTER, 2)[0] == 2


def test_the_events_of_an_import_name_nobody(write: Write, vault: Vault) -> None:
    result = imported(write([ALICE, BRUNO, BAD]), vault)
    written = b"".join(msgspec.json.encode(event) for event in result.events) + msgspec.json.encode(result.report)
    assert not any(planted in written for planted in PLANTED)
    assert sum(isinstance(event, SegmentSealed) for event in result.events) == 1

"""Importing people: read, checked, compared, sealed and indexed, against plain csv into plain SQLite.

    python -m benchmarks.roster [ROWS]

The peer stores the same cells in the same number of rows, readable by everybody: what remains is the price of knowing
what the list says and of nobody else reading it. Target: 100,000 people in 5 s, 1,000,000 in 60 s and 1 GiB.
"""

import csv
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID

from incident.roster.importer import check_roster, import_roster
from incident.roster.reasons import Flag
from incident.roster.record import Status
from incident.roster.vault import Vault

T = TypeVar("T")
HEADINGS = (
    "Patient ID,First Name,MI,Last Name,DOB,Address 1,Address 2,City,State,Zip,Email,OK to Email,Deceased,Guardian,"
    "Language"
)
_TOWNS = (
    *(("Chicago", "IL", "60614"),) * 6, ("Gary", "IN", "46402"), ("Houston", "TX", "77002"), ("Boston", "MA", "2108"),
    ("Los Angeles", "CA", "90012"),
)  # fmt: skip
_STARTS = "An Bel Car Dor El Fran Gil Hel Ir Jo Kat Lor Mar Nor Ol Pet Ros Sal Tam Ver"
_ENDS = "a ia na bert vin mir la ra ton dy lie sa ven ric elle"
_STEMS = "Ash Birch Cald Dray Elm Fair Gold Hart Ing Jar Kend Lock Mer Nor Oak Pem Quim Rad Stan Thack Under Wake"
_TAILS = "ford ley man son ton well wood worth by combe dale field gate ham hurst low mere more ridge stead"


class Keys:
    """Keys that live as long as the measurement."""

    epoch = 1

    def __init__(self) -> None:
        self._key = os.urandom(32)

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        return self._key

    def incident_key(self, incident_id: UUID) -> bytes:
        return self._key

    def destroy_incident_key(self, incident_id: UUID) -> None:
        raise NotImplementedError


def write_list(path: Path, rows: int) -> None:
    """A list with one exact duplicate, one bad row and five lost zeros in a hundred."""
    random = Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        starts, ends, stems, tails = (words.split() for words in (_STARTS, _ENDS, _STEMS, _TAILS))
        writer.writerow(HEADINGS.split(","))
        before: list[str] = []
        for number in range(rows):
            if before and number % 100 == 7:
                writer.writerow(before)
                continue
            given = random.choice(starts) + random.choice(ends)
            family = random.choice(stems) + random.choice(tails)
            city, state, zip_code = random.choice(_TOWNS)
            born = f"{random.randrange(1940, 2018)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
            before = [
                f"P{number:07}", given, random.choice("ABCDE"), "" if number % 100 == 50 else family, born,
                f"{random.randrange(1, 9999)} {random.choice('NSEW')} {random.choice(stems)}{random.choice(tails)} St",
                f"Apt {random.randrange(99)}" if random.random() < 0.3 else "", city, state, zip_code,
                f"{given}.{family}{number}@example.org".lower(), "Y" if random.random() < 0.3 else "", "N", "", "",
            ]  # fmt: skip
            if number % 100 == 50:
                before[1] = ""
            writer.writerow(before)


def peer(path: Path, database: Path) -> int:
    """The same cells into one plain table."""
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as store,
        path.open(newline="", encoding="utf-8") as file,
    ):
        store.execute("PRAGMA journal_mode=WAL")
        rows = csv.reader(file)
        width = len(next(rows))
        store.execute(f"CREATE TABLE people (id INTEGER PRIMARY KEY, {', '.join(f'c{n} TEXT' for n in range(width))})")
        store.execute("BEGIN")
        store.executemany(f"INSERT INTO people VALUES (NULL{', ?' * width})", rows)
        store.execute("COMMIT")
        return int(store.execute("SELECT count(*) FROM people").fetchone()[0])


def timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _cpu() -> tuple[float, float]:
    """Seconds of processor time used so far, by this process and by helpers that have ended."""
    own, helpers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime, helpers.ru_utime + helpers.ru_stime


def main(rows: int = 100_000) -> None:
    with tempfile.TemporaryDirectory(prefix="roster-benchmark-") as folder:
        source = Path(folder) / "list.csv"
        write_list(source, rows)
        on, incident, roster = date(2026, 11, 22), UUID(int=1), UUID(int=2)
        plain, stored = timed(lambda: peer(source, Path(folder) / "peer.db"))
        assert stored == rows
        dry, _ = timed(lambda: check_roster(source, on=on))
        vault = Vault(Path(folder) / "vault.db", Keys())
        before = _cpu()
        took, result = timed(
            lambda: import_roster(source, mapping=None, vault=vault, incident_id=incident, roster_id=roster, on=on)
        )
        own_cpu, helper_cpu = (after - start for after, start in zip(_cpu(), before, strict=True))
        report = result.report
        assert report.rows_in == rows == report.accepted + report.quarantined + report.merged
        assert report.quarantined
        assert report.merged
        page, _ = timed(lambda: vault.people(roster, after_row=rows // 2, limit=50))
        rare, found = timed(lambda: vault.people(roster, status=Status.QUARANTINED, after_row=rows // 2, limit=50))
        flagged, _ = timed(lambda: vault.people(roster, flag=Flag.MINOR, state="IL", after_row=rows // 2, limit=50))
        searched, _ = timed(lambda: vault.search(roster, "annie ashford", limit=50))
        assert found
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        helpers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in Path(folder).glob("vault.db*")) / 2**20
        print(
            f"{rows:,} rows, {source.stat().st_size / 2**20:.0f} MiB of CSV, {os.cpu_count()} cores, "
            f"load {os.getloadavg()[0]:.1f}"
        )
        print(f"peer, csv into plain SQLite  {plain:8.2f} s  {rows / plain:10,.0f} rows/s")
        print(f"check (dry run)              {dry:8.2f} s  {rows / dry:10,.0f} rows/s  {dry / plain:5.1f} x peer")
        print(f"import                       {took:8.2f} s  {rows / took:10,.0f} rows/s  {took / plain:5.1f} x peer")
        print(f"  of processor time          {own_cpu:8.2f} s here, {helper_cpu:.2f} s in helper processes")
        print(f"memory at most {own:.0f} MiB, a helper process {helpers:.0f} MiB; vault {size:.0f} MiB")
        print(
            f"a page of 50: {page * 1000:.1f} ms; quarantined {rare * 1000:.1f} ms; "
            f"minors in Illinois {flagged * 1000:.1f} ms; search {searched * 1000:.1f} ms"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

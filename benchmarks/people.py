"""Looking at people: the table of a long list, against Textual's own DataTable with the same cells.

    python -m benchmarks.people [ROWS]

Target: first paint of 1,000,000 rows in 200 ms, a key in 50 ms. The DataTable gets as many rows as it can be given in
reasonable time, already read and open: it is spared the reading, the decrypting and most of the rows.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from uuid import UUID

from textual import events, on
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from benchmarks.roster import Keys
from incident.roster.dates import DAY_0_OF_1900
from incident.roster.preparing import Job, Preparer
from incident.roster.reasons import Flag
from incident.roster.record import Record, Row, Status
from incident.roster.vault import Vault
from tui import persons
from tui.widgets.people_table import PAGE, PeopleTable
from tui.widgets.record_table import Column

ROSTER, INCIDENT = UUID(int=1), UUID(int=2)
COLUMNS = (
    Column("ROW", 10), Column("NAME", 18, 2), Column("PLACE", 12, 1), Column("ST", 4), Column("BORN", 11),
    Column("NOTES", 16, 3),
)  # fmt: skip
PEER_ROWS = 20_000
SEGMENT = 10_000


def fill(vault: Vault, rows: int) -> None:
    """A list of so many people, sealed; every hundredth has no address, every thirtieth waits in quarantine."""
    headings = ("First", "Last", "DOB", "Street", "City", "State", "Zip")
    mapping = dict(
        zip(("given_name", "family_name", "date_of_birth", "address1", "city", "state", "zip"), headings, strict=True)
    )
    key = vault.incident_key(INCIDENT)
    job = Job(headings, mapping, date(2026, 11, 22), bytes(32), DAY_0_OF_1900, roster=ROSTER, incident_key=key)
    preparer, random = Preparer(job), Random(7)
    places = (("Chicago", "IL", "60614"), ("Los Angeles", "CA", "90012"), ("Gary", "IN", "46402"))
    vault.begin(ROSTER, INCIDENT, "0" * 64)
    for number in range(0, rows, SEGMENT):
        records = []
        for row in range(number + 2, min(number + SEGMENT, rows) + 2):
            place = random.choice(places)
            street = "" if row % 100 == 0 else f"{row % 9999} Elm St"
            name = ["", ""] if row % 30 == 0 else [f"Ann{row % 977}", f"Marsh{row % 7919}"]
            records.append(Record(row, [*name, "1980-02-03", street, *place]))
        vault.write_segment(ROSTER, number // SEGMENT + 1, list(preparer.prepare(records)))


class Window(App[None]):
    """The table alone, fed by a thread as the screen does it."""

    def __init__(self, vault: Vault) -> None:
        super().__init__()
        self._vault = vault
        self.flag: Flag | None = None

    def compose(self) -> ComposeResult:
        """The table."""
        yield PeopleTable(COLUMNS, persons.person_cells, id="people")

    @on(PeopleTable.Wanted)
    def read(self, message: PeopleTable.Wanted) -> None:
        """Read what is in sight."""
        table = self.query_one(PeopleTable)
        before = {page: table.last_row_before(page) for page in message.pages}

        def job() -> None:
            pages: dict[int, tuple[Row, ...]] = {}
            for page in message.pages:
                after = before[page] or (pages[page - 1][-1].row if pages.get(page - 1) else None)
                if after is None and page:
                    after = self._vault.row_at(ROSTER, page * PAGE - 1, flag=self.flag)
                pages[page] = self._vault.people(ROSTER, after_row=after or 0, limit=PAGE, flag=self.flag)
            self.call_from_thread(table.put, message.generation, pages)

        self.run_worker(job, thread=True)


class Peer(App[None]):
    """The library's own table."""

    def compose(self) -> ComposeResult:
        """The table."""
        yield DataTable(id="people", cursor_type="row")


class Watch:
    """Milliseconds since it was made: by the clock on the wall, and of processor time, which load does not stretch."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @property
    def read(self) -> tuple[float, float]:
        """Both, in milliseconds."""
        return (time.perf_counter() - self._wall) * 1000, (time.process_time() - self._cpu) * 1000


async def until(app: App[None], done: Callable[[], bool], watch: Watch) -> tuple[float, float]:
    """The watch once a condition holds and everything it asked for is drawn."""
    while not done():
        await asyncio.sleep(0.001)
    drawn = asyncio.Event()
    app.screen.call_after_refresh(drawn.set)
    await drawn.wait()
    return watch.read


async def ours(vault: Vault, rows: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of each step."""
    found: dict[str, tuple[float, float]] = {}
    app = Window(vault)
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.query_one(PeopleTable)
        table.focus()
        await pilot.pause()
        watch = Watch()
        table.open(rows)
        found["first paint"] = await until(app, lambda: table.current is not None, watch)
        for what, key, place in (
            ("key: down", "down", 1),
            ("key: page down", "pagedown", None),
            ("key: to the last row", "end", rows - 1),
            ("key: page up there", "pageup", None),
            ("key: to the first row", "home", 0),
        ):
            times = []
            for _ in range(5 if place is None or place == 1 else 1):
                before, watch = table.cursor, Watch()
                app.post_message(events.Key(key, None))
                moved = lambda: table.cursor != before and table.current is not None  # noqa: B023, E731
                times.append(await until(app, moved, watch))
            found[what] = sorted(times)[len(times) // 2]
        watch = Watch()
        app.flag = Flag.INSUFFICIENT_ADDRESS
        count = vault.count(ROSTER, flag=app.flag)
        table.open(count)
        found["filter by a flag, first paint"] = await until(app, lambda: table.current is not None, watch)
        watch = Watch()
        vault.count(ROSTER, state="CA", status=Status.ACCEPTED)
        found["count by State and status"] = watch.read
        watch = Watch()
        assert vault.search(ROSTER, "ann5 marsh5")
        found["search by name"] = watch.read
    return found


async def theirs(rows: list[Row]) -> dict[str, tuple[float, float]]:
    """The same for a DataTable that is given rows which are read and open already."""
    found: dict[str, tuple[float, float]] = {}
    app = Peer()
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.query_one(DataTable)
        table.focus()
        table.add_columns(*(column.title for column in COLUMNS))
        await pilot.pause()
        watch = Watch()
        table.add_rows([persons.person_cells(row) for row in rows])
        found["first paint"] = await until(app, lambda: table.row_count == len(rows), watch)
        await pilot.pause()
        watch = Watch()
        app.post_message(events.Key("pagedown", None))
        found["key: page down"] = await until(app, lambda: table.cursor_row > 0, watch)
    return found


def main(arguments: list[str] | None = None) -> None:
    """Print the figures."""
    rows = int((arguments or ["1000000"])[0])
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder) / "vault.db", Keys())
        began = time.perf_counter()
        fill(vault, rows)
        print(f"{rows:,} people sealed in {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f}")
        measured = asyncio.run(ours(vault, rows))
        print(f"  {'milliseconds; load ' + format(os.getloadavg()[0], '.1f'):<32}{'wall':>8}{'cpu':>8}")
        for what, (wall, cpu) in measured.items():
            print(f"  {what:<32}{wall:8.0f}{cpu:8.0f}")
        few = []
        for row in vault.iterate(ROSTER, status=None):
            few.append(row)
            if len(few) == min(PEER_ROWS, rows):
                break
        peer = asyncio.run(theirs(few))
        for what, (wall, cpu) in peer.items():
            ratio = cpu / max(measured[what][1], 1)
            print(f"  {f'DataTable, {len(few):,} rows, {what}':<48}{wall:8.0f}{cpu:8.0f}, {ratio:.0f} times our cpu")
        vault.close()


if __name__ == "__main__":
    main(sys.argv[1:])

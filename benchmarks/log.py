"""The log: durable appends, the chain check, opening and reading, beside the library's own SQLite recorder with AES.

The peer keeps no chain, binds no ciphertext to its place, and reads its events as JSON. Both sync every commit to the
disk. Each figure is the best of several runs, taken in turns, since the machine may have other work to do.
"""

import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, DomainEvent

from incident.access.ways import STRONG, Kdf
from incident.casefile import create_case, open_case
from incident.events import Entry, FactRecorded
from incident.log.application import CaseLog
from incident.log.database import sqlite_url
from incident.log.verify import check_chain, verify
from incident.views.projector import Projection

MOMENT = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
SINGLES, BULK, CHAIN, OPEN, RUNS = 500, 10_000, 100_000, 10_000, 5
KEY = bytes(range(32))


class Fact(DomainEvent):
    """What the peer stores: the same words as `FactRecorded` in its entry."""

    path: str
    value: dict[str, int]
    source: str
    occurred_at: datetime
    by: str


class Peer(Application[UUID]):
    """The library as it comes: SQLite recorder, JSON, AES-GCM by `cryptography`."""


def entries(count: int) -> list[Entry]:
    stream = uuid4()
    event = FactRecorded(path="affected.total", value={"min": 1000, "max": 1300}, source="IT, by phone")
    common = {"originator_id": stream, "event": event, "occurred_at": MOMENT, "recorded_at": MOMENT, "by": "dana"}
    return [Entry(originator_version=version, **common) for version in range(1, count + 1)]


def facts(count: int) -> list[Fact]:
    stream = uuid4()
    return [
        Fact(
            originator_id=stream,
            originator_version=version,
            timestamp=MOMENT,
            path="affected.total",
            value={"min": 1000, "max": 1300},
            source="IT, by phone",
            occurred_at=MOMENT,
            by="dana",
        )
        for version in range(Aggregate.INITIAL_VERSION, count + Aggregate.INITIAL_VERSION)
    ]


def ours(folder: Path) -> CaseLog:
    return CaseLog(sqlite_url(str(folder / f"{uuid4()}.db")), key=KEY, case_id=UUID(int=1), create=True)


def peer(file: Path) -> Peer:
    return Peer(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(file),
            "CIPHER_TOPIC": "eventsourcing.cryptography:AESCipher",
            "CIPHER_KEY": b64encode(KEY).decode(),
        }
    )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(*works: Callable[[], float]) -> list[float]:
    """The least time of each, taken in turns so that a busy moment hits all alike."""
    times = [[work() for work in works] for _ in range(RUNS)]
    return [min(column) for column in zip(*times, strict=True)]


def show(what: str, mine: float, theirs: float | None, unit: str, target: str) -> None:
    line = f"{what:<44}{mine:>9,.0f} {unit}   target {target:<11}"
    if theirs is not None:
        faster = mine / theirs if unit == "/s" else theirs / mine
        line += f"   peer {theirs:>9,.0f} {unit}: {faster:.2f} times as fast"
    print(line, flush=True)


def appends(folder: Path) -> None:
    def one_by_one() -> float:
        with ours(folder) as log:
            return seconds(lambda: [log.append([entry]) for entry in entries(SINGLES)])

    def peer_one_by_one() -> float:
        with peer(folder / f"{uuid4()}.db") as app:
            return seconds(lambda: [app.events.put([fact]) for fact in facts(SINGLES)])

    def in_bulk() -> float:
        with ours(folder) as log:
            made = entries(BULK)
            return seconds(lambda: log.append(made))

    def peer_in_bulk() -> float:
        with peer(folder / f"{uuid4()}.db") as app:
            made = facts(BULK)
            return seconds(lambda: app.events.put(made))

    mine, theirs = best(one_by_one, peer_one_by_one)
    show("durable append, one entry at a time", SINGLES / mine, SINGLES / theirs, "/s", ">= 1,000")
    mine, theirs = best(in_bulk, peer_in_bulk)
    show(f"append of {BULK:,} in one transaction", BULK / mine, BULK / theirs, "/s", "-")


def chain_check(folder: Path) -> None:
    with ours(folder) as log:
        for start in range(0, CHAIN, BULK):
            log.append(entries(min(BULK, CHAIN - start)))

        def check() -> float:
            return seconds(lambda: check_chain(log.recorder))

        def check_all() -> float:
            return seconds(lambda: verify(log.recorder, mapper=log.mapper, blobs=NoBlobs()))

        assert check_chain(log.recorder).count == CHAIN
        chain, whole = best(check, check_all)
    show("check of the chain", CHAIN / chain, None, "/s", ">= 200,000")
    show("check of everything, entries opened", CHAIN / whole, None, "/s", "-")


class NoBlobs:
    """No entry of this benchmark speaks of a document."""

    def put(self, content: bytes) -> str:
        raise NotImplementedError

    def get(self, sha256: str) -> bytes:
        raise NotImplementedError

    def __contains__(self, sha256: str) -> bool:
        return False


def opening(folder: Path) -> None:
    cheap = Kdf(iterations=1, lanes=1, memory=64)
    passphrase = "copper otter ladder moon"
    path = folder / "case"
    create_case(path, user="dana", passphrase=passphrase, kdf=cheap, opening=entries(OPEN)).close()
    with peer(folder / "peer.db") as app:
        app.events.put(facts(OPEN))

    def mine() -> float:
        def work() -> None:
            with open_case(path, "dana", passphrase) as case:
                assert sum(1 for _ in case.log.read()) == OPEN

        return seconds(work)

    def theirs() -> float:
        def work() -> None:
            with peer(folder / "peer.db") as app:
                found = app.recorder.select_notifications(1, OPEN)
                assert sum(1 for _ in map(app.mapper.to_domain_event, found)) == OPEN

        return seconds(work)

    def views() -> float:
        with open_case(path, "dana", passphrase) as case:
            return seconds(lambda: Projection().catch_up(case.log))

    def strong() -> float:
        other = folder / str(uuid4())
        create_case(other, user="dana", passphrase=passphrase, kdf=STRONG).close()
        return seconds(lambda: open_case(other, "dana", passphrase).close())

    own, peers, passphrase_cost, projected = best(mine, theirs, strong, views)
    show(f"open a case and read {OPEN:,} entries", own * 1000, peers * 1000, "ms", "<= 300")
    show("  the same, read into the views", projected * 1000, None, "ms", "-")
    show("  of opening: the passphrase at full cost", passphrase_cost * 1000, None, "ms", "-")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for part in (appends, chain_check, opening):
            part(Path(name))


if __name__ == "__main__":
    main()

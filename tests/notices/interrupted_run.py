"""A rendering in a process of its own, to be killed: `python interrupted_run.py FOLDER PEOPLE WORKERS [WRITES]`.

The context of the letters comes on standard input. It kills itself before the write to the store after so many WRITES,
where that is given.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from incident.blobs import SealedBlobStore
from incident.stores.folder import FolderShelf
from incident.unfinished import Unfinished, read_unfinished, write_unfinished
from incident.views.queries import LetterRow
from notices import production
from notices.context import LetterContext
from notices.engines import engine
from notices.journal import CaseJournal
from notices.manifest import Manifest, encoded
from notices.production import produce_letters

NOTICE = UUID(int=7)
CONTENT = "c" * 64
NAMES = ("Ana Díaz", "Nguyễn Thị Hồng", "Łukasz Żółć", "Юлия Ёлкина", "Ελένη Παπαδοπούλου", "James O'Neil")


class Keys:
    epoch = 1

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        return purpose.encode().ljust(32, b".")[:32]


def blobs_in(folder: Path) -> SealedBlobStore:
    return SealedBlobStore(FolderShelf(folder), Keys())


def people(count: int, moved: int = 0):
    """So many people of two lists; the one of row `moved` lives elsewhere."""
    for number in range(1, count + 1):
        roster, row = (1, number) if number <= count // 2 else (2, number - count // 2)
        name = NAMES[number % len(NAMES)]
        street = f"{number} West Oak Street" if number != moved else "1 Elsewhere"
        yield LetterRow(
            roster=UUID(int=roster),
            row=row,
            code=f"2026-001-{roster}-{row:06}",
            state="IL",
            language="en",
            name_lines=(name,),
            address_lines=(street, "Chicago, IL 60614"),
            salutation=name,
            audience="adult",
            excluded="no sufficient address is known" if number % 17 == 0 else None,
        )


def begun(blobs: SealedBlobStore) -> Unfinished:
    before = read_unfinished(blobs, NOTICE)
    fresh = Unfinished(notice=NOTICE, begun_at=datetime(2026, 11, 22, tzinfo=UTC), by="dana", engine="plutoprint")
    return before or fresh


def produce(blobs: SealedBlobStore, context: LetterContext, rows, **options) -> Manifest:
    """A rendering in small units that notes how far it comes."""
    production.UNIT_FILES, production.BATCH = 2, 5
    journal = CaseJournal(begun(blobs), blobs, lambda unfinished: write_unfinished(blobs, unfinished))
    return produce_letters(context, CONTENT, rows, engine(), blobs.put, journal=journal, **options)


class Mortal(FolderShelf):
    """A shelf that its program does not outlive."""

    left = int(sys.argv[4]) if __name__ == "__main__" and len(sys.argv) > 4 else -1

    def put(self, name: str, sealed: bytes) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        super().put(name, sealed)


if __name__ == "__main__":
    folder, count, workers = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    store = SealedBlobStore(Mortal(folder), Keys())
    context = msgspec.json.decode(sys.stdin.buffer.read(), type=LetterContext)
    print("ready", flush=True)
    made = produce(
        store, context, people(count), workers=workers, progress=lambda reached: print(reached.rows, flush=True)
    )
    store.put(encoded(made))
    print("done", flush=True)

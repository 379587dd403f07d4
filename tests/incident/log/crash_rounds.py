"""Kill writers of a case at random moments and look at what they leave.

    python tests/incident/log/crash_rounds.py FOLDER ROUNDS SEED [URL]

With URL the cases are kept on that server, each under the name of what would be its folder.

Each round forks a child that makes, or writes to, a case and reports each answer it got through a pipe; at a random
moment it gets SIGKILL. Then the case must open (or never have come to be), hold everything that was answered, and
verify; what broke off between the people and the log is named, and whole once it is given again.

Prints one JSON object.
"""

import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from incident.access.ways import Kdf
from incident.backup import back_up, restore
from incident.casefile import create_case, open_case
from incident.errors import CaseUnusable, WrongPassphrase
from incident.events import ActionLogged, Entry, EvidenceAttached, QuarantineResolved, RecipientErased, RosterOpened
from incident.roster.contact import counted
from incident.roster.importer import import_roster
from incident.roster.person import Person
from incident.roster.record import Status
from incident.roster.vault import Vault
from incident.stores.places import store_at
from incident.verification import verify_case

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
KINDS = ("create", "one by one", "in batches", "documents", "users", "keys", "people", "decisions", "backups")
FRESH = 5 * len(KINDS)
INCIDENT, LIST = UUID(int=1 << 100), UUID(int=1 << 101)
HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip\n"
BROKE_OFF = (
    "give the command again",
    "erase it again",
    "not as many as the log counts",
    "people by State",
    "and the log counts",
)
"""What is said of people whose change had not come into the log yet."""
SERVER = sys.argv[4] if len(sys.argv) > 4 else ""


def at(path: Path) -> Path | str:
    """Where the case is that would be at a path."""
    return f"{SERVER}&case={path.name}" if SERVER else path


def exists(path: Path) -> bool:
    store = store_at(at(path))
    try:
        return store.read("case.json") is not None
    except CaseUnusable:
        return False
    finally:
        store.close()


def entry(stream, version, event):
    fields = {"occurred_at": MOMENT, "recorded_at": MOMENT, "by": "dana"}
    return Entry(originator_id=stream, originator_version=version, event=event, **fields)


def write(path: Path, kind: str, number: int, report) -> None:
    """The child: writes until it is killed."""
    stream = UUID(int=number + 1)
    if kind == "create":
        for count in range(1000):
            place = path.with_name(f"new{count}")
            report(["creating", place.name])
            opening = [entry(stream, 1, ActionLogged(text="opening"))]
            create_case(at(place), user="dana", passphrase=PASSPHRASE, kdf=CHEAP, opening=opening).close()
            report(["created", place.name])
    with open_case(at(path), "dana", PASSPHRASE) as case, closing(Vault(case.store.vault(), case.keyring)) as vault:
        version = 0
        while True:
            match kind:
                case "one by one":
                    version += 1
                    position = case.log.append([entry(stream, version, ActionLogged(text="x" * (version * 37 % 900)))])
                    report(["position", position])
                case "in batches":
                    events = [ActionLogged(text="y" * 500) for _ in range(80)]
                    batch = [entry(stream, version + i, event) for i, event in enumerate(events, start=1)]
                    version += len(batch)
                    report(["position", case.log.append(batch)])
                case "documents":
                    version += 1
                    sha256 = case.blobs.put(os.urandom(50_000))
                    report(["document", sha256])
                    attached = EvidenceAttached(name="a", size=50_000, sha256=sha256)
                    report(["position", case.log.append([entry(stream, version, attached)])])
                case "users":
                    version += 1
                    user = f"user{number}.{version}"
                    case.add_user(user, PASSPHRASE, kdf=CHEAP)
                    report(["user", user])
                    if version % 3 == 0:
                        report(["removing", user])
                        case.remove_user(user)
                        report(["removed", user])
                case "people":
                    version += 1
                    roster = UUID(int=(number << 32) + version)
                    vault.keep_only({each.originator_id for _, each in case.log.read() if opens(each)})
                    result = import_roster(
                        path.with_name("list.csv"), mapping=None, vault=vault, incident_id=INCIDENT, roster_id=roster,
                        on=MOMENT.date(), segment_rows=5,
                    )  # fmt: skip
                    case.log.append([entry(roster, n, event) for n, event in enumerate(result.events, start=1)])
                    report(["roster", str(roster)])
                case "decisions":
                    recorded = len(case.log.stream(LIST))
                    if waiting := vault.quarantine(LIST, limit=1):
                        row = waiting[0].row
                        person = Person(given_name="Elke", family_name=f"Voss{row}", state="IL")
                        held = vault.resolve_quarantine(LIST, row, accept=True, person=person, on=MOMENT.date())
                        events = [resolved(held)]
                    else:
                        held = vault.people(LIST, status=Status.ACCEPTED, limit=1)[0]
                        (row,) = vault.erase(LIST, held.row)
                        events = [erased(row, held)]
                    case.log.append([entry(LIST, recorded + n, event) for n, event in enumerate(events, start=1)])
                    report(["decided", row, type(events[0]).__name__])
                case "backups":
                    version += 1
                    file = path.with_name(f"backup{version}")
                    report(["backing up", file.name])
                    back_up(case, file, MOMENT)
                    report(["backed up", file.name])
                case "keys":
                    version += 1
                    incident = UUID(int=(number << 32) + version)
                    report(["key", str(incident), case.keyring.incident_key(incident).hex()])


def killed(path: Path, kind: str, number: int, delay: float) -> list[list]:
    """What the child reported before it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(path, kind, number, lambda answer: os.write(writing, json.dumps(answer).encode() + b"\n"))
        except BaseException as error:  # the parent must hear of it whatever it is
            os.write(writing, json.dumps(["error", repr(error)]).encode() + b"\n")
        os._exit(1)
    os.close(writing)
    # Writing begins with the first answer; the moment is random from there on.
    select.select([reading], [], [], 30)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().splitlines(keepends=True)
    os.waitpid(child, 0)
    return [json.loads(line) for line in lines if line.endswith(b"\n")]


def check(path: Path, kind: str, answers: list[list], highest: int) -> int:
    """See that what was answered is there; return the position of the log."""
    told: dict[str, list[list]] = {}
    for word, *rest in answers:
        told.setdefault(word, []).append(rest)
    assert "error" not in told, told["error"]
    if kind == "create":
        created = {name for (name,) in told.get("created", [])}
        for (name,) in told["creating"]:
            place = path.with_name(name)
            assert exists(place) or name not in created, f"{name} was answered and is gone"
            if exists(place):
                with open_case(at(place), "dana", PASSPHRASE) as case:
                    assert case.log.position() == 1
                    assert verify_case(case).ok
                store_at(at(place)).remove()
        return highest
    with open_case(at(path), "dana", PASSPHRASE) as case, closing(Vault(case.store.vault(), case.keyring)) as vault:
        if kind == "decisions":
            give_again(case, vault)
        found = verify_case(case)
        assert found.ok, found.problems
        for (roster,) in told.get("roster", []):
            assert vault.count(UUID(roster)) == 12
        decided = {(each.event.row, type(each.event).__name__) for each in case.log.stream(LIST)[2:]
                   if isinstance(each.event, QuarantineResolved | RecipientErased)}  # fmt: skip
        assert {(row, name) for row, name in told.get("decided", [])} <= decided
        check_backups(path, told, case.log.position())
        last = max([highest, *(position for (position,) in told.get("position", []))])
        assert case.log.position() >= last, f"#{last} was answered, the log ends at #{case.log.position()}"
        assert sum(1 for _ in case.log.read()) == found.count
        for (sha256,) in told.get("document", []):
            assert len(case.blobs.get(sha256)) == 50_000
        for incident, key in told.get("key", []):
            assert case.keyring.incident_key(UUID(incident)).hex() == key
    gone = [user for (user,) in told.get("removing", [])]
    for (user,) in told.get("user", []):
        if user not in gone:
            open_case(at(path), user, PASSPHRASE).close()
    for (user,) in told.get("removed", []):
        with suppress(WrongPassphrase):
            open_case(at(path), user, PASSPHRASE).close()
            raise AssertionError(f"{user} was removed and can still open the case")
    return found.count


def opens(each: Entry) -> bool:
    return isinstance(each.event, RosterOpened)


def resolved(held) -> QuarantineResolved:
    return QuarantineResolved(row=held.row, outcome="accepted", state=held.state, counted=counted(held))


def erased(row, before) -> RecipientErased:
    return RecipientErased(row=row, was=str(before.status), counted=counted(before))


def give_again(case, vault: Vault) -> None:
    """Only what had not come into the log may be wrong; recorded now, nothing is."""
    problems = verify_case(case).problems
    assert all(any(words in problem for words in BROKE_OFF) for problem in problems), problems
    stream = case.log.stream(LIST)
    told = {each.event.row for each in stream if isinstance(each.event, QuarantineResolved)}
    gone = {each.event.row for each in stream if isinstance(each.event, RecipientErased)}
    events, before = [], vault.unrecorded_rows(LIST)
    for held in vault.iterate(LIST, status=None):
        if held.status is Status.ERASED and held.row not in gone:
            events.append(erased(held.row, before[held.row]))
        elif held.person is not None and held.person.family_name == f"Voss{held.row}" and held.row not in told:
            events.append(resolved(held))
    case.log.append([entry(LIST, len(stream) + n, event) for n, event in enumerate(events, start=1)])


def check_backups(path: Path, told: dict[str, list[list]], position: int) -> None:
    done = {name for (name,) in told.get("backed up", [])}
    for (name,) in told.get("backing up", []):
        file, folder = path.with_name(name), path.with_name("restored")
        assert file.exists() or name not in done, f"{name} was answered and is gone"
        if file.exists():
            made, problems = restore(file, folder)
            assert problems == ()
            assert made.count <= position
            with open_case(folder, "dana", PASSPHRASE) as again:
                assert verify_case(again).ok
            shutil.rmtree(folder)
            file.unlink()
    for left in path.parent.glob(".*.partial"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def people(path: Path) -> None:
    """A list to decide on, and one to import."""
    rows = [f"Ana{n},Kowalczyk{n},1980-02-03,{n} Elm St,Chicago,IL,60614\n" for n in range(12)]
    path.with_name("list.csv").write_text(HEADINGS + "".join(rows))
    rows = [f",,1980-02-03,{n} Elm St,Chicago,IL,60614\n" for n in range(250)]
    path.with_name("decide.csv").write_text(HEADINGS + "".join(rows))
    with open_case(at(path), "dana", PASSPHRASE) as case, closing(Vault(case.store.vault(), case.keyring)) as vault:
        result = import_roster(
            path.with_name("decide.csv"), mapping=None, vault=vault, incident_id=INCIDENT, roster_id=LIST,
            on=MOMENT.date(), segment_rows=300,
        )  # fmt: skip
        case.log.append([entry(LIST, n, event) for n, event in enumerate(result.events, start=1)])


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    highest, answered = 0, Counter()
    for number in range(rounds):
        if number % FRESH == 0:  # a log that grows for ever would take ever longer to check
            path, highest = folder / f"case{number}", 0
            create_case(at(path), user="dana", passphrase=PASSPHRASE, kdf=CHEAP).close()
            people(path)
        kind = KINDS[number % len(KINDS)]
        answers = killed(path, kind, number, chance.uniform(0, 0.06))
        answered.update({kind: len(answers)})
        try:
            highest = check(path, kind, answers, highest)
        except BaseException:
            print(f"round {number}: {kind}, after {answers[-3:]}", file=sys.stderr)
            raise
    print(json.dumps({"rounds": rounds, "entries": highest, "answered": answered}))


if __name__ == "__main__":
    main()

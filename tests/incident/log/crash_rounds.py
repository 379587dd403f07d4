"""Kill writers of a case at random moments and look at what they leave.

    python tests/incident/log/crash_rounds.py FOLDER ROUNDS SEED

Each round forks a child that makes, or writes to, a case and reports each answer it got through a pipe; at a random
moment it gets SIGKILL. Then the case must open (or never have come to be), hold everything that was answered, and
verify. Prints one JSON object.
"""

import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from incident.access.slots import Kdf
from incident.casefile import create_case, open_case
from incident.errors import WrongPassphrase
from incident.events import ActionLogged, Entry, EvidenceAttached
from incident.verification import verify_case

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
KINDS = ("create", "one by one", "in batches", "documents", "users", "keys")


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
            create_case(place, user="dana", passphrase=PASSPHRASE, kdf=CHEAP, opening=opening).close()
            report(["created", place.name])
    with open_case(path, "dana", PASSPHRASE) as case:
        version = 0
        while True:
            match kind:
                case "one by one":
                    version += 1
                    position = case.log.append([entry(stream, version, ActionLogged(text="x" * (version * 37 % 900)))])
                    report(["position", position])
                case "in batches":
                    events = [ActionLogged(text="y" * 500) for _ in range(200)]
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
            assert place.exists() or name not in created, f"{name} was answered and is gone"
            if place.exists():
                with open_case(place, "dana", PASSPHRASE) as case:
                    assert case.log.position() == 1
                    assert verify_case(case).ok
                for file in sorted(place.rglob("*"), reverse=True):
                    file.rmdir() if file.is_dir() else file.unlink()
                place.rmdir()
        return highest
    with open_case(path, "dana", PASSPHRASE) as case:
        found = verify_case(case)
        assert found.ok, found.problems
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
            open_case(path, user, PASSPHRASE).close()
    for (user,) in told.get("removed", []):
        with suppress(WrongPassphrase):
            open_case(path, user, PASSPHRASE).close()
            raise AssertionError(f"{user} was removed and can still open the case")
    return found.count


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    path = folder / "case"
    create_case(path, user="dana", passphrase=PASSPHRASE, kdf=CHEAP).close()
    highest, answered = 0, Counter()
    for number in range(rounds):
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

"""Every way to tamper with a pack is found and named, by an outsider and by somebody who can sign it again."""

import base64
import json
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incident.log.checkpoints import sign_note, verifier_key
from verifier.verify_evidence import CannotCheckError, examine

Lines = list[dict[str, Any]]


def lines(pack: Path, name: str) -> Lines:
    return [json.loads(line) for line in (pack / name).read_text().splitlines()]


def write(pack: Path, name: str, content: Lines) -> None:
    (pack / name).write_text("".join(json.dumps(line) + "\n" for line in content))


def flipped(text: str) -> str:
    """Hex or base64 with a bit of its 20th byte flipped."""
    if set(text) <= set("0123456789abcdef"):
        raw = bytearray.fromhex(text)
        raw[min(20, len(raw) - 1)] ^= 1
        return raw.hex()
    raw = bytearray(base64.b64decode(text))
    raw[20] ^= 1
    return base64.b64encode(raw).decode()


def at(name: str, field: str, change: Callable[[Any], Any], which: int = 6) -> Callable[[Path], None]:
    """Change a field of a line."""

    def mutate(pack: Path) -> None:
        content = lines(pack, name)
        content[which][field] = change(content[which][field])
        write(pack, name, content)

    return mutate


def rows(name: str, change: Callable[[Lines], Lines]) -> Callable[[Path], None]:
    """Change the lines of a file."""
    return lambda pack: write(pack, name, change(lines(pack, name)))


def of_fate(fate: str, to: str) -> Callable[[Path], None]:
    """Say something else of the first entry of a fate."""

    def change(content: Lines) -> Lines:
        line = next(line for line in content if line["fate"] == fate)
        line["fate"] = to
        return content

    return rows("positions.jsonl", change)


def manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def mutate(pack: Path) -> None:
        content = json.loads((pack / "manifest.json").read_text())
        change(content)
        (pack / "manifest.json").write_text(json.dumps(content))

    return mutate


def swap(content: Lines, one: int, two: int, *fields: str) -> Lines:
    for field in fields or tuple(content[0]):
        content[one][field], content[two][field] = content[two][field], content[one][field]
    return content


def renumber(content: Lines) -> Lines:
    """Close the gap that a deletion leaves."""
    del content[4]
    for number, line in enumerate(content, start=1):
        line["position"] = number
    return content


def drop_a_stream(pack: Path) -> None:
    """Say that the report, its filing and all of it never were of this incident."""
    content = json.loads((pack / "manifest.json").read_text())
    (filing,) = (each for each in content["streams"] if each["kind"] == "filing")
    notices = [each["stream"] for each in content["streams"] if each["kind"] == "notice"]
    content["streams"] = [each for each in content["streams"] if each["stream"] != notices[-1]]
    positions = lines(pack, "positions.jsonl")
    for line in positions:
        if line["stream"] == notices[-1]:
            line["fate"] = "other"
            content["entries"]["disclosed"] -= 1
            content["entries"]["other"] += 1
    gone = {line["position"] for line in positions if line["stream"] == notices[-1]}
    write(pack, "positions.jsonl", positions)
    write(pack, "events.jsonl", [line for line in lines(pack, "events.jsonl") if line["position"] not in gone])
    write(pack, "documents.jsonl", [line for line in lines(pack, "documents.jsonl") if line["position"] not in gone])
    (pack / "manifest.json").write_text(json.dumps(content))
    assert filing


def hide_a_version(pack: Path) -> None:
    """Pass one entry of the incident off as another matter's, consistently."""
    events = lines(pack, "events.jsonl")
    hidden = next(line for line in events if line["topic"] == "incident.risk_assessed")
    write(pack, "events.jsonl", [line for line in events if line is not hidden])
    positions = lines(pack, "positions.jsonl")
    positions[hidden["position"] - 1]["fate"] = "other"
    write(pack, "positions.jsonl", positions)
    content = json.loads((pack / "manifest.json").read_text())
    content["entries"]["disclosed"] -= 1
    content["entries"]["other"] += 1
    (pack / "manifest.json").write_text(json.dumps(content))


def hide_advice(pack: Path) -> None:
    """Pass the correction of advice off as another matter's, consistently, as if the first words had stood."""
    told = lines(pack, PRIVILEGE)
    hidden = next(line for line in told if line["description"].endswith("corrects version 1"))
    write(pack, PRIVILEGE, [line for line in told if line is not hidden])
    positions = lines(pack, "positions.jsonl")
    positions[hidden["position"] - 1]["fate"] = "other"
    write(pack, "positions.jsonl", positions)
    content = json.loads((pack / "manifest.json").read_text())
    content["entries"]["privileged"] -= 1
    content["entries"]["other"] += 1
    (pack / "manifest.json").write_text(json.dumps(content))


def swap_advice(pack: Path) -> None:
    """Give one piece of privileged matter the place of another."""
    told = lines(pack, PRIVILEGE)
    write(pack, PRIVILEGE, swap(told, 0, 1, "stream", "version"))


def another_document(pack: Path) -> None:
    line = next(line for line in lines(pack, "documents.jsonl") if line["file"])
    (pack / line["file"]).write_bytes(b"something else")


POSITIONS, EVENTS, PRIVILEGE, DOCUMENTS = (
    "positions.jsonl", "events.jsonl", "privilege-log.jsonl", "documents.jsonl",
)  # fmt: skip
HEAD_LOST = "the chain does not end in the head of the checkpoint: it was rewritten or cut"
MUTATIONS: dict[str, tuple[Callable[[Path], None], str]] = {
    "positions: position": (at(POSITIONS, "position", lambda n: n + 100), "#107 stands where #7 belongs"),
    "positions: stream": (at(POSITIONS, "stream", flipped), "#7: the chain is broken here"),
    "positions: version": (at(POSITIONS, "version", lambda n: n + 1), "#7: the chain is broken here"),
    "positions: content": (at(POSITIONS, "content", flipped), "#7: the chain is broken here"),
    "positions: link": (at(POSITIONS, "link", flipped), "#7: the chain is broken here"),
    "positions: not a fate": (at(POSITIONS, "fate", str.upper), "positions.jsonl, line 7: its fate is none"),
    "positions: disclosed as other": (of_fate("disclosed", "other"), "does not list it as disclosed"),
    "positions: disclosed as privileged": (of_fate("disclosed", "privileged"), "privilege-log.jsonl does not say why"),
    "positions: privileged as other": (of_fate("privileged", "other"), "it is of this incident, and"),
    "positions: privileged as disclosed": (of_fate("privileged", "disclosed"), "events.jsonl does not have it"),
    "positions: other as disclosed": (of_fate("other", "disclosed"), "its stream is not one of this incident"),
    "positions: other as privileged": (of_fate("other", "privileged"), "its stream is not one of this incident"),
    "positions: head deleted": (rows(POSITIONS, lambda c: c[1:]), "#2 stands where #1 belongs"),
    "positions: middle deleted": (rows(POSITIONS, lambda c: c[:9] + c[12:]), "#13 stands where #10 belongs"),
    "positions: tail deleted": (rows(POSITIONS, lambda c: c[:-2]), HEAD_LOST),
    "positions: all deleted": (rows(POSITIONS, lambda _: []), "it has 0 entries, and the checkpoint was taken at #"),
    "positions: two lines swapped": (rows(POSITIONS, lambda c: swap(c, 4, 8)), "#9 stands where #5 belongs"),
    "positions: two contents swapped": (
        rows(POSITIONS, lambda c: swap(c, 4, 8, "content")), "#5: the chain is broken here",
    ),
    "positions: a line twice": (rows(POSITIONS, lambda c: c[:5] + c[4:]), "#5 stands where #6 belongs"),
    "positions: a line inserted": (
        rows(POSITIONS, lambda c: [*c, {**c[-1], "position": len(c) + 1}]), "the chain is broken here",
    ),
    "positions: renumbered": (rows(POSITIONS, renumber), "#5: the chain is broken here"),
    "positions: a field gone": (
        rows(POSITIONS, lambda c: [{k: v for k, v in line.items() if k != "link"} for line in c]), "it has no 'link'",
    ),
    "events: position": (at(EVENTS, "position", lambda n: n + 500), "does not list it as disclosed"),
    "events: stream": (at(EVENTS, "stream", flipped), "stored bytes, topic or place are not those in the chain"),
    "events: version": (at(EVENTS, "version", lambda n: n + 1), "its stored bytes, topic or place are not those"),
    "events: topic": (at(EVENTS, "topic", lambda _: "incident.closed"), "topic or place are not those"),
    "events: schema": (at(EVENTS, "schema", lambda n: n + 1), "not a sealed entry of this schema"),
    "events: occurred_at": (
        at(EVENTS, "occurred_at", lambda _: "2020-01-01T00:00+00:00"), "occurred_at is not what the sealed bytes say",
    ),
    "events: recorded_at": (
        at(EVENTS, "recorded_at", lambda _: "2020-01-01T00:00+00:00"), "recorded_at is not what the sealed bytes say",
    ),
    "events: by": (at(EVENTS, "by", lambda _: "somebody else"), "by is not what the sealed bytes say"),
    "events: because": (at(EVENTS, "because", lambda _: "no reason"), "because is not what the sealed bytes say"),
    "events: event": (at(EVENTS, "event", lambda e: {**e, "path": "x"}), "event is not what the sealed bytes say"),
    "events: a field of the event gone": (at(EVENTS, "event", lambda _: {}), "event is not what the sealed bytes say"),
    "events: stored": (at(EVENTS, "stored", flipped), "its stored bytes, topic or place are not those in the chain"),
    "events: key": (at(EVENTS, "key", flipped), "the key that is shown is not the one it was sealed with"),
    "events: proof": (at(EVENTS, "proof", lambda p: [flipped(p[0]), *p[1:]]), "its proof does not lead to the Merkle"),
    "events: proof cut": (at(EVENTS, "proof", lambda p: p[:-1]), "its proof does not lead to the Merkle root"),
    "events: head deleted": (rows(EVENTS, lambda c: c[1:]), "#1: positions.jsonl lists it as disclosed"),
    "events: middle deleted": (rows(EVENTS, lambda c: c[:9] + c[10:]), "and events.jsonl does not have it"),
    "events: tail deleted": (rows(EVENTS, lambda c: c[:-1]), "and events.jsonl does not have it"),
    "events: all deleted": (rows(EVENTS, lambda _: []), "and events.jsonl does not have it"),
    "events: a line twice": (rows(EVENTS, lambda c: c[:5] + c[4:]), "#5: in events.jsonl it stands twice"),
    "events: reordered": (rows(EVENTS, lambda c: [c[1], c[0], *c[2:]]), "#1: in events.jsonl it stands twice, or out"),
    "events: two ciphertexts swapped": (
        rows(EVENTS, lambda c: swap(c, 4, 5, "stored", "key")), "its stored bytes, topic or place are not those",
    ),
    "events: two events swapped": (rows(EVENTS, lambda c: swap(c, 4, 5, "event")), "event is not what the sealed"),
    "privilege log: advice hidden": (hide_advice, "it is of this incident, and"),
    "privilege log: advice swapped": (swap_advice, "names another stream or version"),
    "privilege log: deleted": (rows(PRIVILEGE, lambda _: []), "privilege-log.jsonl does not say why"),
    "privilege log: twice": (rows(PRIVILEGE, lambda c: c * 2), "it stands twice in privilege-log.jsonl"),
    "privilege log: position": (at(PRIVILEGE, "position", lambda _: 1, 0), "does not list it as privileged"),
    "privilege log: version": (at(PRIVILEGE, "version", lambda n: n + 1, 0), "names another stream or version"),
    "privilege log: stream": (at(PRIVILEGE, "stream", flipped, 0), "names another stream or version"),
    "privilege log: ground": (at(PRIVILEGE, "ground", lambda _: "", 0), "does not give ground, date, author"),
    "documents: one deleted": (rows(DOCUMENTS, lambda c: c[1:]), "stands 0 times in documents.jsonl instead of once"),
    "documents: all deleted": (rows(DOCUMENTS, lambda _: []), "stands 0 times in documents.jsonl"),
    "documents: one twice": (rows(DOCUMENTS, lambda c: [c[0], *c]), "stands 2 times in documents.jsonl"),
    "documents: position": (at(DOCUMENTS, "position", lambda n: n + 1, 0), "no disclosed entry speaks of this"),
    "documents: hash": (at(DOCUMENTS, "sha256", flipped, 0), "no disclosed entry speaks of this document"),
    "documents: another file": (
        rows(DOCUMENTS, lambda c: swap(c, 0, 1, "file")), "it is not the document that #",
    ),
    "documents: no reason": (
        rows(DOCUMENTS, lambda c: [{**line, "reason": ""} for line in c]), "is withheld without a reason",
    ),
    "documents: quietly withheld": (at(DOCUMENTS, "file", lambda _: None, 0), "is withheld without a reason"),
    "documents: stamped copy": (at(DOCUMENTS, "stamped", lambda _: "x.pdf", 1), "its stamped copy is not in the"),
    "a document altered": (another_document, "it is not the document that #"),
    "manifest: a stream dropped": (drop_a_stream, "it speaks of a notice that is not in the pack"),
    "manifest: an entry hidden": (hide_a_version, "it is of this incident, and positions.jsonl lists it as another"),
    "manifest: the incident's stream dropped": (
        manifest(lambda m: m["streams"].remove(next(s for s in m["streams"] if s["kind"] == "incident"))),
        "the stream of the incident itself is not in the pack",
    ),
    "manifest: a stream of nothing": (
        manifest(lambda m: m["streams"].append({"stream": "0" * 32, "kind": "notice"})), "and no entry is of it",
    ),
    "manifest: another incident": (manifest(lambda m: m["incident"].update(id="0" * 32)), "it is of another incident"),
    "manifest: title": (manifest(lambda m: m["incident"].update(title="Nothing")), "reference or title are not those"),
    "manifest: counts": (manifest(lambda m: m["entries"].update(other=0)), "manifest.json: it counts"),
    "manifest: a file dropped": (
        manifest(lambda m: m["files"].pop()), "it is in the pack and not in the manifest",
    ),
    "manifest: a file too many": (
        manifest(lambda m: m["files"].append({"path": "x", "sha256": "0" * 64, "size": 0})),
        "x: it is in the manifest and not in the pack",
    ),
    "manifest: a file outside": (
        manifest(lambda m: m["files"].append({"path": "../x", "sha256": "0" * 64, "size": 0})),
        "names a file outside of the pack",
    ),
    "manifest: page numbers": (manifest(lambda m: m["bates"]["ranges"].pop(1)), "do not follow on"),
    "a file removed": (lambda pack: (pack / "chronology.txt").unlink(), "it is in the manifest and not in the pack"),
    "a file added": (lambda pack: (pack / "added.txt").write_text("x"), "added.txt: it is in the pack and not in"),
}  # fmt: skip


def named(pack: Path, words: str, **given: str) -> None:
    problems = examine(pack, **given).problems
    assert any(words in problem for problem in problems), problems


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_an_insider_changes_and_signs_again_is_found_and_named(name: str, pack: Path, sign_again):
    mutate, words = MUTATIONS[name]
    mutate(pack)
    sign_again(pack)
    named(pack, words)


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_an_outsider_changes_shows_in_the_hashes_or_in_the_signature(name: str, pack: Path):
    MUTATIONS[name][0](pack)
    problems = examine(pack).problems
    assert any(
        words in problem
        for problem in problems
        for words in ("its SHA-256 is not the one", "it is not the one that was signed", "and not in the")
    ), problems


def test_files_that_are_only_read_are_under_the_manifest(pack: Path):
    for name in ("chronology.txt", "burden-of-proof.json", "README.txt", "verify_evidence.py", "chronology.pdf"):
        content = bytearray((pack / name).read_bytes())
        content[len(content) // 2] ^= 1
        (pack / name).write_bytes(content)
        named(pack, f"{name}: its SHA-256 is not the one in the manifest")


def test_a_manifest_without_its_signature_is_named(pack: Path):
    note = (pack / "manifest.txt").read_text()
    (pack / "manifest.txt").write_text(note.rpartition("\n\n")[0])
    named(pack, "manifest.txt: it")


def test_a_pack_signed_by_somebody_else_shows_against_the_key_that_was_given(pack: Path, sign_again):
    """Everything made anew with another key agrees with itself: only a key from outside tells."""
    theirs = json.loads((pack / "manifest.json").read_text())["key"]
    mine, name = Ed25519PrivateKey.generate(), theirs.split("+")[0]
    checkpoint = (pack / "checkpoint.txt").read_text().rpartition("\n\n")[0] + "\n"
    (pack / "checkpoint.txt").write_text(sign_note(checkpoint, name, mine))
    manifest(lambda m: m.update(key=verifier_key(name, mine.public_key().public_bytes_raw())))(pack)
    sign_again(pack)
    named(pack, "manifest.txt: its signature is not of the key in the manifest")
    digest = (pack / "manifest.txt").read_text().rpartition("\n\n")[0] + "\n"
    (pack / "manifest.txt").write_text(sign_note(digest, name, mine))
    assert examine(pack).problems == []
    named(pack, "the pack was signed with another key than the one you trust", key=theirs)


def test_a_checkpoint_with_a_changed_line_is_named(pack: Path, sign_again):
    text = (pack / "checkpoint.txt").read_text()
    head = text.partition("\nhead ")[2][:64]
    for old, new in (("time 20", "time 19"), (head, flipped(head))):
        (pack / "checkpoint.txt").write_text(text.replace(old, new))
        sign_again(pack)
        named(pack, "checkpoint.txt: its signature is not of the key in the manifest")


def test_the_checkpoint_of_another_length_is_named(pack: Path, sign_again, case_key):
    text = (pack / "checkpoint.txt").read_text().rpartition("\n\n")[0] + "\n"
    lines_of = text.splitlines()
    lines_of[1] = str(int(lines_of[1]) - 1)
    (pack / "checkpoint.txt").write_text(sign_note("\n".join(lines_of) + "\n", lines_of[0], case_key))
    sign_again(pack)
    named(pack, f"and the checkpoint was taken at #{lines_of[1]}")


def test_bytes_changed_at_random_never_pass_and_never_end_in_a_traceback(pack: Path):
    chance = random.Random(20261122)
    files = sorted(path for path in pack.rglob("*") if path.is_file())
    for _ in range(80):
        file = chance.choice(files)
        whole = file.read_bytes()
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
        with suppress(CannotCheckError):
            assert examine(pack).problems, file
        file.write_bytes(whole)
    assert examine(pack).problems == []


def test_text_changed_at_random_and_signed_again_never_ends_in_a_traceback(pack: Path, sign_again):
    chance = random.Random(20261123)
    names = ("positions.jsonl", "events.jsonl", "privilege-log.jsonl", "documents.jsonl", "checkpoint.txt")
    values: list[Any] = [None, True, 0, -1, 2**70, 1.5, "", "x", "é", [], [[]], {}, {"a": []}]
    for _ in range(40):
        name = chance.choice(names)
        whole = (pack / name).read_text()
        if name.endswith(".jsonl"):
            content = lines(pack, name)
            line = chance.choice(content)
            line[chance.choice(list(line))] = chance.choice(values)
            write(pack, name, content)
        else:
            place = chance.randrange(len(whole))
            (pack / name).write_text(whole[:place] + chance.choice("\n x+=\u2014") + whole[place + 1 :])
        sign_again(pack)
        with suppress(CannotCheckError):
            examine(pack)
        (pack / name).write_text(whole)


def test_a_manifest_of_odd_values_never_ends_in_a_traceback(pack: Path):
    whole = json.loads((pack / "manifest.json").read_text())
    for name in whole:
        for value in (None, 1, "x", [], {}, [1], [{}], {"id": 1}):
            (pack / "manifest.json").write_text(json.dumps({**whole, name: value}))
            with suppress(CannotCheckError):
                assert examine(pack).problems

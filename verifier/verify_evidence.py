#!/usr/bin/env python3
"""Check an evidence pack without the program that made it.

    python3 verify_evidence.py [PACK] [--checkpoint FILE|CODE|COUNT:HEAD] [--key KEY] [--json]

PACK is the folder of the pack (default: the folder of this file). Exit codes: 0 everything holds; 1 something does not,
and each fault is named; 2 the pack could not be checked.

It needs Python 3.9 or newer and, to check signatures and open sealed entries, the package `cryptography`. It reads the
pack and writes nothing. Take this file from a source you trust, not from the pack you want to check.

What a pack says, and how it is checked
---------------------------------------
positions.jsonl    one line for each entry of the whole log up to the checkpoint, disclosed or not: its place (position,
                   stream, version), the hash of what is stored of it, its link, and what became of it here
events.jsonl       the disclosed entries in clear text, with the stored bytes, the key of that one entry, and a proof
checkpoint.txt     count, head of the chain, root of the Merkle tree, time; signed
privilege-log.jsonl, documents.jsonl    what was withheld and why; every document an entry speaks of
manifest.json      what and whose, SHA-256 of every file; manifest.txt signs it

content  = SHA-256(04 | length of topic (4 bytes) | topic | stored bytes)
link     = SHA-256(02 | previous link | position (8) | stream (16) | version (8) | content); the first follows
           SHA-256(03 | "breach case log 2" | case id)
tree     = Merkle tree of RFC 6962 whose leaves are the links
stored   = 03 | schema (2) | epoch (4) | SHA-256("breach entry key" | key) | nonce (12) | AES-256-GCM(MessagePack array)
           with "stream|version|topic|schema|epoch" as associated data; or 02 without the epoch
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature, InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    CRYPTOGRAPHY = True
except ImportError:  # hashes and proofs can still be checked
    CRYPTOGRAPHY = False

PACK_FORMAT = "breach evidence 1"
MANIFEST, MANIFEST_NOTE, CHECKPOINT = "manifest.json", "manifest.txt", "checkpoint.txt"
POSITIONS, EVENTS = "positions.jsonl", "events.jsonl"
PRIVILEGE_LOG, DOCUMENTS = "privilege-log.jsonl", "documents.jsonl"
NEEDED = (MANIFEST, MANIFEST_NOTE, CHECKPOINT, POSITIONS, EVENTS, PRIVILEGE_LOG, DOCUMENTS)
DISCLOSED, PRIVILEGED, OTHER = "disclosed", "privileged", "other"
SEALED = ("occurred_at", "recorded_at", "by", "because", "event")
"""What is sealed of an entry, in this order."""
NO_DOCUMENTS = {
    "content_sha256", "facts_sha256", "file_sha256", "manifest_sha256", "scenario_sha256", "source_sha256",
    "templates_sha256",
}  # fmt: skip
"""Hashes in events that are not of a document in the case, or of one that another entry brought with it (a manifest);
every other field that ends in sha256 is."""


class CannotCheckError(Exception):
    """The pack could not be checked at all."""


class MalformedError(ValueError):
    """A line or a field is not what it has to be."""


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


# --- The chain and the tree ---


def chain_start(case_id: str) -> bytes:
    """The link before the first entry."""
    return sha256(b"\x03breach case log 2", bytes.fromhex(case_id.replace("-", "")))


def content_hash(topic: bytes, stored: bytes) -> bytes:
    """The hash of what is stored of an entry, apart from its place."""
    return sha256(b"\x04", struct.pack(">I", len(topic)), topic, stored)


def chain_link(previous: bytes, position: int, stream: bytes, version: int, content: bytes) -> bytes:
    """The link of an entry, after the link before it."""
    return sha256(b"\x02", previous, struct.pack(">q16sq", position, stream, version), content)


def tree_root(links: list[bytes]) -> bytes:
    """The root of RFC 6962 over the links; the hash of nothing for none."""
    if not links:
        return sha256()
    level = [sha256(b"\x00", link) for link in links]
    while len(level) > 1:
        paired = [sha256(b"\x01", level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def proves(link: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from a link at `index` of a tree of `size` to the root (RFC 9162, 2.1.3.2)."""
    place, last, node = index, size - 1, sha256(b"\x00", link)
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = sha256(b"\x01", sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = sha256(b"\x01", node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and node == root


# --- Signed notes and checkpoints ---


class Note:
    """A text and the signatures under it: name, key id, signature.

    Raises:
        MalformedError: it is not a signed note.
    """

    def __init__(self, content: str) -> None:
        text, gap, lines = (content.replace("\r\n", "\n").strip() + "\n").rpartition("\n\n")
        self.text = text + "\n"
        self.signatures: list[tuple[str, bytes, bytes]] = []
        for line in lines.splitlines():
            match = re.fullmatch("\u2014 (\\S+) ([A-Za-z0-9+/]{90}==|[A-Za-z0-9+/]{91}=|[A-Za-z0-9+/]{92})", line)
            if match is None:
                raise MalformedError("it has a line that is no signature")
            raw = from_base64(match[2])
            self.signatures.append((match[1], raw[:4], raw[4:]))
        if not gap or not self.signatures:
            raise MalformedError("it is not signed")

    def is_signed_by(self, name: str, key: bytes) -> bool:
        """Whether one of the signatures is of this key."""
        key_id = sha256(name.encode(), b"\n\x01", key)[:4]
        for other, other_id, signature in self.signatures:
            if (other, other_id) == (name, key_id):
                try:
                    Ed25519PublicKey.from_public_bytes(key).verify(signature, self.text.encode())
                except (InvalidSignature, ValueError):
                    return False
                return True
        return False


def read_key(text: str) -> tuple[str, bytes]:
    """Name and 32 bytes of a public key in the form NAME+ID+BASE64; its id is checked."""
    parts = text.strip().split("+", 2)
    raw = from_base64(parts[2]) if len(parts) == 3 else b""
    if len(raw) != 33 or raw[:1] != b"\x01" or sha256(parts[0].encode(), b"\n", raw)[:4].hex() != parts[1]:
        raise MalformedError("it is not a public key in the form NAME+ID+BASE64")
    return parts[0], raw[1:]


class Checkpoint:
    """How long the log was, its head, and the root of its tree, as far as what was kept says it.

    `case_id` and `note` are None where only a count and a head were kept; a code holds the first 100 bits of the head.
    """

    def __init__(self, count: int, head: int, bits: int = 256) -> None:
        self.count = count
        self.head = head
        self.bits = bits
        self.root: bytes | None = None
        self.case_id: str | None = None
        self.note: Note | None = None

    def has_head(self, head: bytes) -> bool:
        """Whether this is the head of the checkpoint."""
        return int.from_bytes(head, "big") >> (256 - self.bits) == self.head


def signed_checkpoint(content: str) -> Checkpoint:
    """A checkpoint from its signed note. Raises MalformedError."""
    note = Note(content)
    form = r"breach-case/([0-9a-f-]{36})\n(0|[1-9]\d{0,17})\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})\ntime \S+\n"
    match = re.fullmatch(form, note.text)
    if match is None:
        raise MalformedError("its lines are not those of a checkpoint")
    found = Checkpoint(int(match[2]), int(match[4], 16))
    found.case_id, found.root, found.note = match[1], from_base64(match[3]), note
    return found


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def kept_checkpoint(given: str) -> Checkpoint:
    """What somebody kept outside: the path or the content of a checkpoint, `count:head`, or a code read aloud."""
    try:
        content = Path(given).read_text(encoding="utf-8") if "\n" not in given and Path(given).is_file() else given
        if "\n" in content.strip():
            return signed_checkpoint(content)
    except (OSError, UnicodeDecodeError, MalformedError) as error:
        raise CannotCheckError(f"--checkpoint: {given}: {error}") from None
    plain = "".join(content.split())
    match = re.fullmatch(r"(\d{1,18}):([0-9a-fA-F]{64})", plain)
    if match is not None:
        return Checkpoint(int(match[1]), int(match[2], 16))
    symbols = plain.replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    if len(symbols) != 28 or not set(symbols) <= set(ALPHABET):
        raise CannotCheckError("--checkpoint: neither a file, nor count:head, nor a code of 28 letters and digits")
    number = 0
    for symbol in symbols:
        number = number << 5 | ALPHABET.index(symbol)
    body, check = number >> 10, number & 1023
    if check != int.from_bytes(sha256(b"checkpoint", body.to_bytes(17, "big"))[:2], "big") >> 6:
        raise CannotCheckError("--checkpoint: a character of the code is wrong; have it read out again")
    return Checkpoint(body & (1 << 30) - 1, body >> 30, bits=100)


# --- Reading ---


def from_base64(text: str) -> bytes:
    """The bytes; MalformedError where it is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise MalformedError("it is not base64") from None


def from_hex(text: Any, size: int) -> bytes:  # noqa: ANN401 - any JSON value may stand there
    """So many bytes in lower-case hex; MalformedError where it is anything else."""
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text):
        raise MalformedError(f"it is not {size} bytes in hex")
    return bytes.fromhex(text)


def whole_number(value: Any) -> int:  # noqa: ANN401 - any JSON value may stand there
    """A whole number from 1; MalformedError where it is anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 1 << 62:
        raise MalformedError("it is not a whole number")
    return value


def text_of(value: Any) -> str:  # noqa: ANN401 - any JSON value may stand there
    """A text; MalformedError where it is anything else."""
    if not isinstance(value, str):
        raise MalformedError("it is not a text")
    return value


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value may stand there
    """A value written in one way only, to compare: 1 is not true and not 1.0."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


_COUNTED = {
    0xD9: (1, "str"), 0xDA: (2, "str"), 0xDB: (4, "str"), 0xDC: (2, "array"), 0xDD: (4, "array"),
    0xDE: (2, "map"), 0xDF: (4, "map"),
}  # fmt: skip
_NUMBERS = {
    0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q", 0xCA: ">f",
    0xCB: ">d",
}  # fmt: skip
_PLAIN = {0xC0: None, 0xC2: False, 0xC3: True}


def unpack(data: bytes) -> Any:  # noqa: ANN401 - any value may be packed
    """The value in MessagePack, as far as sealed entries use it; MalformedError where the bytes are anything else."""
    try:
        value, end = _unpack(data, 0)
    except (IndexError, struct.error, UnicodeDecodeError, TypeError, RecursionError):
        raise MalformedError("it is cut short or malformed") from None
    if end != len(data):
        raise MalformedError("bytes are left over")
    return value


def _unpack(data: bytes, at: int) -> tuple[Any, int]:
    first, at = data[at], at + 1
    if first in _PLAIN:
        return _PLAIN[first], at
    if first <= 0x7F or first >= 0xE0:
        return (first if first <= 0x7F else first - 0x100), at
    if first in _NUMBERS:
        kind = _NUMBERS[first]
        return struct.unpack_from(kind, data, at)[0], at + struct.calcsize(kind)
    count, kind, at = _count(data, first, at)
    if kind == "str":
        text = data[at : at + count]
        if len(text) != count:
            raise MalformedError("it is cut short")
        return text.decode(), at + count
    items = []
    for _ in range(count * (2 if kind == "map" else 1)):
        item, at = _unpack(data, at)
        items.append(item)
    return (items if kind == "array" else dict(zip(items[::2], items[1::2]))), at  # noqa: B905 - Python 3.9 has no strict


def _count(data: bytes, first: int, at: int) -> tuple[int, str, int]:
    if first in _COUNTED:
        size, kind = _COUNTED[first]
        return int.from_bytes(data[at : at + size], "big"), kind, at + size
    if first <= 0x8F:
        return first & 0x0F, "map", at
    if first <= 0x9F:
        return first & 0x0F, "array", at
    if first <= 0xBF:
        return first & 0x1F, "str", at
    raise MalformedError(f"a byte {first:#x} has no place here")


def spoken_of(event: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value may stand there
    """The SHA-256 of the documents that an event speaks of."""
    if isinstance(event, list):
        for item in event:
            yield from spoken_of(item)
    elif isinstance(event, dict):
        if set(event) == {"pairs", "sha256"}:
            return  # the hash is over pairs of rows of a list
        for name, value in event.items():
            if name.endswith("sha256") and name not in NO_DOCUMENTS and isinstance(value, str):
                yield value
            elif isinstance(value, (dict, list)) and name in {"files", "documents"}:
                yield from spoken_of(value)


# --- The pack ---


class Position:
    """One line of positions.jsonl."""

    def __init__(self, line: dict[str, Any]) -> None:
        try:
            self.number = whole_number(line["position"])
            self.version = whole_number(line["version"])
            self.stream = from_hex(line["stream"], 16)
            self.content = from_hex(line["content"], 32)
            self.link = from_hex(line["link"], 32)
            self.fate = text_of(line["fate"])
        except KeyError as error:
            raise MalformedError(f"it has no {error}") from None
        if self.fate not in {DISCLOSED, PRIVILEGED, OTHER}:
            raise MalformedError("its fate is none")


class Event:
    """One line of events.jsonl."""

    def __init__(self, line: dict[str, Any]) -> None:
        try:
            self.number = whole_number(line["position"])
            self.stream = from_hex(line["stream"], 16)
            self.version = whole_number(line["version"])
            self.topic = text_of(line["topic"])
            self.schema = whole_number(line["schema"])
            self.stored = from_base64(text_of(line["stored"]))
            self.key = from_hex(line["key"], 32)
            self.proof = [from_hex(node, 32) for node in list(line["proof"])]
            self.shown = {name: line[name] for name in SEALED}
        except (KeyError, TypeError) as error:
            raise MalformedError(f"it has no {error}") from None
        self.event: dict[str, Any] = self.shown["event"] if isinstance(self.shown["event"], dict) else {}

    def fault(self) -> str | None:
        """Why the readable fields are not what the stored bytes say; None where they are."""
        place = f"{self.stream.hex()}|{self.version}|{self.topic}|{self.schema}"
        stored = self.stored
        if stored[:1] not in (b"\x02", b"\x03") or int.from_bytes(stored[1:3], "big") != self.schema:
            return "its stored bytes are not a sealed entry of this schema"
        rest = stored[3:]
        if stored[:1] == b"\x03":  # keys that were rotated have an epoch
            place, rest = f"{place}|{int.from_bytes(rest[:4], 'big')}", rest[4:]
        if sha256(b"breach entry key", self.key) != rest[:32]:
            return "the key that is shown is not the one it was sealed with"
        try:
            plain = unpack(AESGCM(self.key).decrypt(rest[32:44], rest[44:], place.encode()))
        except (InvalidTag, ValueError):
            return "its stored bytes do not open with its key"
        if not isinstance(plain, list) or len(plain) != len(SEALED):
            return "its sealed bytes are not an entry"
        for name, was_sealed in zip(SEALED, plain):  # noqa: B905 - Python 3.9 has no strict
            if canonical(was_sealed) != canonical(self.shown[name]):
                return f"{name} is not what the sealed bytes say"
        return None


class Pack:
    """One pack under examination.

    `problems` are faults, `notes` limits of what was shown, `checked` what was looked at.

    Raises:
        CannotCheckError: it is not a pack that can be checked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.checked: list[str] = []
        for name in NEEDED:
            if not (folder / name).is_file():
                raise CannotCheckError(f"{folder} is not a whole evidence pack: it has no {name}")
        try:
            self._read_manifest()
            self.checkpoint = signed_checkpoint(self._text(CHECKPOINT))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise CannotCheckError(f"the pack cannot be read: {type(error).__name__}: {error}") from None
        self.positions: dict[int, Position] = {}
        self.links: list[bytes] = []
        self.root = b""
        self.events: dict[int, Event] = {}

    def _read_manifest(self) -> None:
        manifest = json.loads(self._text(MANIFEST))
        if manifest["format"] != PACK_FORMAT:
            raise CannotCheckError(f"{MANIFEST}: this verifier knows the format {PACK_FORMAT!r} only")
        self.case_id = text_of(manifest["case_id"])
        self.start = chain_start(self.case_id)
        self.key_text = text_of(manifest["key"])
        self.key_name, self.key = read_key(self.key_text)
        self.titles = {name: text_of(manifest["incident"][name]) for name in ("reference", "title")}
        self.incident = from_hex(text_of(manifest["incident"]["id"]).replace("-", ""), 16)
        self.streams = {from_hex(each["stream"], 16): text_of(each["kind"]) for each in manifest["streams"]}
        self.files = {text_of(each["path"]): (each["size"], text_of(each["sha256"])) for each in manifest["files"]}
        self.pages = [
            (text_of(each["file"]), whole_number(each["first"]), whole_number(each["last"]))
            for each in manifest["bates"]["ranges"]
        ]
        self.counts = {fate: int(manifest["entries"][fate]) for fate in (DISCLOSED, PRIVILEGED, OTHER)}

    def _text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def problem(self, sentence: str) -> None:
        """Name a fault."""
        self.problems.append(sentence)

    def lines(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each object of a JSON Lines file and where it stands; a line that is none is a problem."""
        try:
            content = self._text(name)
        except UnicodeDecodeError:
            self.problem(f"{name}: it is not text")
            return
        for number, line in enumerate(content.split("\n")[:-1], start=1):
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, dict):
                yield f"{name}, line {number}", found
            else:
                self.problem(f"{name}, line {number}: it is not a JSON object")
        if content and not content.endswith("\n"):
            self.problem(f"{name}: its last line is cut short")

    # Files and signatures

    def check_files(self) -> None:
        """Every file is in the manifest, and as the manifest says."""
        for path, (size, digest) in sorted(self.files.items()):
            file = self.folder / path
            if ".." in Path(path).parts or Path(path).is_absolute():
                self.problem(f"{path}: the manifest names a file outside of the pack")
            elif not file.is_file():
                self.problem(f"{path}: it is in the manifest and not in the pack")
            else:
                content = file.read_bytes()
                if (len(content), sha256(content).hex()) != (size, digest):
                    self.problem(f"{path}: its SHA-256 is not the one in the manifest; it was changed")
        there = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if not path.is_dir()}
        for path in sorted(there - set(self.files) - {MANIFEST, MANIFEST_NOTE}):
            self.problem(f"{path}: it is in the pack and not in the manifest")
        for path in sorted(set(NEEDED) - set(self.files) - {MANIFEST, MANIFEST_NOTE}):
            self.problem(f"{path}: it is not in the manifest")
        self.checked.append(f"{len(self.files)} files")

    def check_signatures(self, trusted: tuple[str, bytes] | None) -> None:
        """Manifest and checkpoint are of this case and signed with its key."""
        digest = sha256((self.folder / MANIFEST).read_bytes()).hex()
        if self.checkpoint.case_id != self.case_id or self.key_name != f"breach-case/{self.case_id}":
            self.problem(f"{CHECKPOINT}: it is of another case than the manifest")
        if trusted is not None and trusted != (self.key_name, self.key):
            self.problem(f"{MANIFEST}: the pack was signed with another key than the one you trust")
        notes = {CHECKPOINT: self.checkpoint.note}
        try:
            notes[MANIFEST_NOTE] = Note(self._text(MANIFEST_NOTE))
        except (MalformedError, UnicodeDecodeError) as error:
            self.problem(f"{MANIFEST_NOTE}: {error}")
        signed = notes.get(MANIFEST_NOTE)
        if signed is not None and signed.text != f"{PACK_FORMAT} manifest\n{digest}  {MANIFEST}\n":
            self.problem(f"{MANIFEST}: it is not the one that was signed")
        if CRYPTOGRAPHY:
            for name, note in notes.items():
                if note is not None and not note.is_signed_by(self.key_name, self.key):
                    self.problem(f"{name}: its signature is not of the key in the manifest; it was changed or forged")
            self.checked.append("the signatures of manifest and checkpoint")

    # The log

    def check_positions(self) -> None:
        """Every entry from the first to the checkpoint has its line, and the lines make the chain that was signed."""
        link, due = self.start, 1
        for where, line in self.lines(POSITIONS):
            try:
                entry = Position(line)
            except MalformedError as error:
                self.problem(f"{where}: {error}")
                continue
            if entry.number != due:
                self.problem(
                    f"{POSITIONS}: #{entry.number} stands where #{due} belongs: something was left out or moved"
                )
            due = entry.number + 1
            link = chain_link(link, entry.number, entry.stream, entry.version, entry.content)
            if link != entry.link:
                self.problem(f"#{entry.number}: the chain is broken here: its line in {POSITIONS} was changed")
                link = entry.link  # so that a further break shows as one of its own
            self.positions[entry.number] = entry
            self.links.append(link)
        self.root = tree_root(self.links)
        count, kept = len(self.links), self.checkpoint
        if count != kept.count:
            self.problem(f"{POSITIONS}: it has {count} entries, and the checkpoint was taken at #{kept.count}")
        if not kept.has_head(self.links[-1] if self.links else self.start):
            self.problem(f"{POSITIONS}: the chain does not end in the head of the checkpoint: it was rewritten or cut")
        if self.root != kept.root:
            self.problem(f"{POSITIONS}: the entries do not make the Merkle root of the checkpoint")
        self.checked.append(f"the chain and the tree of {count} entries")

    def check_events(self) -> None:
        """Each disclosed entry is what its stored bytes say, and the stored bytes are in the chain."""
        last = 0
        for where, line in self.lines(EVENTS):
            try:
                event = Event(line)
            except MalformedError as error:
                self.problem(f"{where}: {error}")
                continue
            number = event.number
            if number <= last:
                self.problem(f"#{number}: in {EVENTS} it stands twice, or out of order")
            last = max(last, number)
            entry = self.positions.get(number)
            if entry is None or entry.fate != DISCLOSED:
                self.problem(f"#{number}: {EVENTS} has it, and {POSITIONS} does not list it as disclosed")
                continue
            self.events[number] = event
            shown = (event.stream, event.version, content_hash(event.topic.encode(), event.stored))
            if shown != (entry.stream, entry.version, entry.content):
                self.problem(f"#{number}: its stored bytes, topic or place are not those in the chain")
            if not proves(entry.link, number - 1, len(self.links), event.proof, self.root):
                self.problem(f"#{number}: its proof does not lead to the Merkle root")
            fault = event.fault() if CRYPTOGRAPHY else None
            if fault is not None:
                self.problem(f"#{number}: {fault}")
        for number, entry in sorted(self.positions.items()):
            if entry.fate == DISCLOSED and number not in self.events:
                self.problem(f"#{number}: {POSITIONS} lists it as disclosed, and {EVENTS} does not have it")
        self.checked.append(f"{len(self.events)} disclosed entries" + (", opened" if CRYPTOGRAPHY else ""))

    def check_streams(self) -> None:
        """Nothing of the incident is missing: its streams are whole, each entry of them disclosed or privileged."""
        versions: dict[bytes, int] = {}
        for number, entry in sorted(self.positions.items()):
            if entry.stream not in self.streams:
                if entry.fate != OTHER:
                    self.problem(f"#{number}: it is shown or withheld, and its stream is not one of this incident")
                continue
            if entry.fate == OTHER:
                self.problem(f"#{number}: it is of this incident, and {POSITIONS} lists it as another matter")
            due = versions.get(entry.stream, 0) + 1
            if entry.version != due:
                self.problem(f"#{number}: version {entry.version} stands where version {due} of its stream belongs")
            versions[entry.stream] = entry.version
        for stream, kind in sorted(self.streams.items()):
            if stream not in versions:
                self.problem(f"stream {stream.hex()} ({kind}): the manifest names it, and no entry is of it")
        for number, event in sorted(self.events.items()):
            self._check_owner(number, event)
        opening = next((event for event in self.events.values() if event.topic == "incident.opened"), None)
        if opening is not None and self.titles != {name: opening.event.get(name) for name in self.titles}:
            self.problem(f"{MANIFEST}: reference or title are not those of the incident, #{opening.number}")
        if self.streams.get(self.incident) != "incident":
            self.problem(f"{MANIFEST}: the stream of the incident itself is not in the pack")
        found = {fate: sum(entry.fate == fate for entry in self.positions.values()) for fate in self.counts}
        if found != self.counts:
            self.problem(f"{MANIFEST}: it counts {self.counts}, and {POSITIONS} has {found}")
        self.checked.append(f"{len(self.streams)} streams of the incident, without a gap")

    def _check_owner(self, number: int, event: Event) -> None:
        owner = str(event.event.get("incident_id") or "").replace("-", "")
        if event.version == 1 and self.streams.get(event.stream) not in {"case", "incident"} and not owner:
            self.problem(f"#{number}: it opens a stream and does not say of which incident")
        if owner and owner != self.incident.hex():
            self.problem(f"#{number}: it is of another incident")
        notice = str(event.event.get("notice_id") or "").replace("-", "")
        if notice and notice not in {stream.hex() for stream in self.streams}:
            self.problem(f"#{number}: it speaks of a notice that is not in the pack")

    def check_privilege_log(self) -> None:
        """Every entry that is withheld as privileged is accounted for, once."""
        told = set()
        for where, line in self.lines(PRIVILEGE_LOG):
            try:
                number = whole_number(line.get("position"))
                place = (from_hex(line.get("stream"), 16), whole_number(line.get("version")))
            except MalformedError as error:
                self.problem(f"{where}: {error}")
                continue
            if not all(line.get(name) for name in ("ground", "date", "author", "description")):
                self.problem(f"{where}: it does not give ground, date, author and description")
            if number in told:
                self.problem(f"#{number}: it stands twice in {PRIVILEGE_LOG}")
            told.add(number)
            entry = self.positions.get(number)
            if entry is None or entry.fate != PRIVILEGED:
                self.problem(f"#{number}: {PRIVILEGE_LOG} has it, and {POSITIONS} does not list it as privileged")
            elif place != (entry.stream, entry.version):
                self.problem(f"#{number}: {PRIVILEGE_LOG} names another stream or version than the chain")
        for number, entry in sorted(self.positions.items()):
            if entry.fate == PRIVILEGED and number not in told:
                self.problem(f"#{number}: it is withheld, and {PRIVILEGE_LOG} does not say why")
        self.checked.append(f"{len(told)} privileged entries accounted for")

    # Documents

    def check_documents(self) -> None:
        """Every document that a disclosed entry speaks of is in the pack, whole, or withheld with a reason."""
        wanted = {(number, digest): 0 for number, event in self.events.items() for digest in spoken_of(event.event)}
        withheld = 0
        for where, line in self.lines(DOCUMENTS):
            number, digest, path = line.get("position"), line.get("sha256"), line.get("file")
            if not isinstance(number, int) or not isinstance(digest, str) or (number, digest) not in wanted:
                self.problem(f"{where}: no disclosed entry speaks of this document")
                continue
            wanted[number, digest] += 1
            if path is None:
                withheld += 1
                if not line.get("reason"):
                    self.problem(f"{where}: the document is withheld without a reason")
            elif not isinstance(path, str) or path not in self.files:
                self.problem(f"{where}: its file is not in the manifest")
            elif self.files[path][1] != digest:
                self.problem(f"{path}: it is not the document that #{number} speaks of")
            if line.get("stamped") is not None and line["stamped"] not in list(self.files):
                self.problem(f"{where}: its stamped copy is not in the manifest")
        for (number, digest), times in sorted(wanted.items()):
            if times != 1:
                self.problem(
                    f"#{number}: its document with SHA-256 {digest} stands {times} times in {DOCUMENTS} instead of once"
                )
        due = 1
        for path, first, last in self.pages:
            if first != due or last < first or path not in self.files:
                self.problem(f"{path}: its page numbers {first} to {last} do not follow on")
            due = last + 1
        self.checked.append(f"{len(wanted)} documents, {withheld} of them withheld with a reason")

    # What somebody kept outside

    def check_kept(self, kept: Checkpoint) -> None:
        """The log in the pack is, up to the count of a checkpoint kept outside, the one that it was taken of."""
        if kept.note is not None:
            if kept.case_id != self.case_id:
                self.problem("the checkpoint you kept is of another case")
                return
            if CRYPTOGRAPHY and not kept.note.is_signed_by(self.key_name, self.key):
                self.problem("the checkpoint you kept was not signed with the key of this pack, or was changed")
                return
        if kept.count > len(self.links):
            self.problem(
                f"the checkpoint you kept was taken at #{kept.count}, and the pack ends at #{len(self.links)}: "
                "its end was cut off, or it was made from an older copy"
            )
            return
        same = kept.has_head(self.links[kept.count - 1] if kept.count else self.start)
        if not same or (kept.root is not None and tree_root(self.links[: kept.count]) != kept.root):
            self.problem(
                f"the log in the pack is not the one your checkpoint was taken of: something up to #{kept.count} was "
                "rewritten and chained anew, or it is another log"
            )
            return
        self.checked.append(f"the checkpoint you kept: up to #{kept.count} this is the same log")


def examine(folder: Path, checkpoint: str | None = None, key: str | None = None) -> Pack:
    """Check a pack.

    Raises:
        CannotCheckError: it is not a pack, or what was kept outside cannot be read.
    """
    try:
        trusted = read_key(key) if key is not None else None
    except MalformedError as error:
        raise CannotCheckError(f"--key: {error}") from None
    kept = kept_checkpoint(checkpoint) if checkpoint is not None else None
    pack = Pack(folder)
    pack.check_files()
    pack.check_signatures(trusted)
    pack.check_positions()
    pack.check_events()
    pack.check_streams()
    pack.check_privilege_log()
    pack.check_documents()
    if kept is not None:
        pack.check_kept(kept)
    else:
        pack.notes.append(
            "nothing that you kept was compared (--checkpoint): whoever made the pack could have rewritten the whole "
            "log before"
        )
    if trusted is None:
        pack.notes.append(
            f"the key was taken from the pack itself; compare it with one you were given: {pack.key_text}"
        )
    if pack.counts[OTHER]:
        pack.notes.append(
            f"{pack.counts[OTHER]} entries are of other matters: their place and hash are proved; that they are of "
            "other matters is the word of whoever made the pack"
        )
    if not CRYPTOGRAPHY:
        pack.notes.append(
            "NOT CHECKED: signatures, and whether the sealed bytes say what is shown; install the package cryptography"
        )
    return pack


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Check an evidence pack. Exit codes: 0 holds, 1 does not, 2 unclear.")
    parser.add_argument(
        "pack", nargs="?", type=Path, default=Path(__file__).resolve().parent, help="folder of the pack"
    )
    parser.add_argument("--checkpoint", metavar="FILE|CODE|COUNT:HEAD", help="a checkpoint that you kept outside")
    parser.add_argument("--key", metavar="NAME+ID+BASE64", help="the public key that you trust")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    try:
        pack = examine(given.pack, given.checkpoint, given.key)
    except (CannotCheckError, OSError) as error:
        print(json.dumps({"ok": None, "error": str(error)}) if given.json else f"CANNOT CHECK: {error}")
        return 2
    verdict = False if pack.problems else (True if CRYPTOGRAPHY else None)
    if given.json:
        found = {"ok": verdict, "problems": pack.problems, "notes": pack.notes, "checked": pack.checked}
        print(json.dumps(found, indent=2))
    else:
        words = {True: "OK: the pack holds", False: f"NOT OK: {len(pack.problems)} faults", None: "NOT FULLY CHECKED"}
        print(words[verdict])
        for title, lines in (("", pack.problems), ("checked: ", pack.checked), ("note: ", pack.notes)):
            for line in lines:
                print(f"  {title}{line}".encode("ascii", "backslashreplace").decode())
    return {True: 0, False: 1, None: 2}[verdict]


if __name__ == "__main__":
    sys.exit(main())

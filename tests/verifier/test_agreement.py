"""The verifier has its own code for everything; here it is held to ours, and to the standards."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.events import ALL_EVENTS, EvidenceAttached, FilingSubmitted, NoticeRendered
from incident.events.documents import documents
from incident.log import chain
from incident.log.merkle import Frontier, Tree
from verifier import verify_evidence as verifier
from verifier.verify_evidence import CannotCheckError, MalformedError, canonical, kept_checkpoint, spoken_of, unpack

FIXTURES = Path(__file__).parents[1] / "fixtures" / "stored_events"
hashes = st.binary(min_size=32, max_size=32)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.uuids(), st.integers(1, 2**61), st.integers(1, 2**61), hashes, hashes, st.binary(max_size=30), st.binary())
def test_the_chain_is_the_same(case_id: UUID, position: int, version: int, previous, content, topic, state):
    assert verifier.chain_start(str(case_id)) == chain.start(case_id)
    assert verifier.content_hash(topic, state) == chain.content_hash(topic, state)
    ours = chain.link(previous, position, stream=case_id.bytes, version=version, content=content)
    assert verifier.chain_link(previous, position, case_id.bytes, version, content) == ours


@given(st.lists(hashes, min_size=1, max_size=40), st.data())
def test_the_tree_and_its_proofs_are_the_same(links: list[bytes], data):
    tree, root = Tree(links), Frontier(links).root
    assert verifier.tree_root(links) == root
    index = data.draw(st.integers(0, len(links) - 1))
    path = list(tree.path(index))
    assert verifier.proves(links[index], index, len(links), path, root)
    other = data.draw(st.integers(0, len(links) - 1))
    if links[other] != links[index]:
        assert not verifier.proves(links[other], index, len(links), path, root)
    if path:
        assert not verifier.proves(links[index], index, len(links), path[:-1], root)
    assert not verifier.proves(links[index], index, len(links), [*path, bytes(32)], root)


@given(st.integers(0, 2**30 - 1), hashes)
def test_a_code_is_read_the_same(count: int, head: bytes):
    kept = kept_checkpoint(chain.Checkpoint(count, head).code)
    assert kept.count == count
    assert kept.has_head(head)
    assert not kept.has_head(bytes([head[0] ^ 1]) + head[1:])


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=28, max_size=28))
def test_a_code_that_we_refuse_the_verifier_refuses(code: str):
    try:
        ours: object = chain.read_checkpoint(code).count
    except chain.InvalidInput:
        ours = None
    try:
        theirs: object = kept_checkpoint(code).count
    except CannotCheckError:
        theirs = None
    assert ours == theirs


@given(json_values)
def test_whatever_we_pack_is_unpacked(value):
    assert canonical(unpack(msgspec.msgpack.encode(value))) == canonical(value)


@settings(max_examples=300)
@given(st.binary(max_size=40))
def test_whatever_is_no_message_is_refused_and_not_stumbled_over(data: bytes):
    with suppress(MalformedError):
        unpack(data)


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*.*.*.json")), ids=lambda file: file.stem)
def test_the_verifier_knows_every_document_that_an_event_speaks_of(file: Path):
    """A new event with a document, or with a hash that is none, has to be taught to one of the two."""
    content = json.loads(file.read_text())
    kinds = {event_type.TOPIC: event_type for event_type in ALL_EVENTS}
    if content["schema"] != kinds[content["topic"]].SCHEMA:
        pytest.skip("an older shape")
    event = msgspec.convert(content["entry"]["event"], kinds[content["topic"]])
    assert set(spoken_of(json.loads(msgspec.json.encode(event)))) == set(documents(event))


def test_there_are_events_with_documents():
    with_documents = {EvidenceAttached, NoticeRendered, FilingSubmitted}
    assert with_documents <= set(ALL_EVENTS)


def test_without_cryptography_it_says_what_it_did_not_check(made: Path):
    code = (
        f"import sys; sys.modules['cryptography'] = None; sys.argv = ['v', {str(made)!r}]; "
        f"sys.path.insert(0, {str(Path(verifier.__file__).parent)!r}); import verify_evidence as v; sys.exit(v.main())"
    )
    done = subprocess.run([sys.executable, "-B", "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("NOT FULLY CHECKED")
    assert "NOT CHECKED: signatures" in done.stdout


def test_a_fault_is_a_fault_even_without_cryptography(pack: Path):
    (pack / "events.jsonl").write_text("")
    code = (
        f"import sys; sys.modules['cryptography'] = None; sys.argv = ['v', {str(pack)!r}]; "
        f"sys.path.insert(0, {str(Path(verifier.__file__).parent)!r}); import verify_evidence as v; sys.exit(v.main())"
    )
    done = subprocess.run([sys.executable, "-B", "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize("missing", ["manifest.json", "positions.jsonl", "checkpoint.txt", "documents.jsonl"])
def test_what_is_no_whole_pack_cannot_be_checked(pack: Path, missing: str, capsys):
    (pack / missing).unlink()
    assert verifier.main([str(pack)]) == 2
    assert f"it has no {missing}" in capsys.readouterr().out


def test_the_answer_is_for_people_or_for_programs(pack: Path, capsys):
    assert verifier.main([str(pack)]) == 0
    assert capsys.readouterr().out.startswith("OK: the pack holds\n")
    (pack / "README.txt").write_text("x")
    assert verifier.main([str(pack)]) == 1
    assert "NOT OK: 1 faults\n  README.txt: its SHA-256" in capsys.readouterr().out
    assert verifier.main([str(pack), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert verifier.main([str(pack / "nowhere"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["ok"] is None

import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident import files
from incident.blobs import SealedBlobStore
from incident.errors import CaseUnusable, NotFound
from incident.stores.folder import FolderShelf


class Ring:
    """Two fixed keys."""

    epoch = 1

    def __init__(self, salt: bytes = b"") -> None:
        self._salt = salt

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        return hashlib.sha256(self._salt + purpose.encode()).digest()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "blobs"
    folder.mkdir()
    return folder


@pytest.fixture
def blobs(folder):
    return SealedBlobStore(FolderShelf(folder), Ring())


def only_file(folder):
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    return file


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    return SealedBlobStore(FolderShelf(tmp_path_factory.mktemp("blobs")), Ring())


@given(content=st.binary(max_size=2000))
def test_what_was_put_is_got(shared, content):
    sha256 = shared.put(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert sha256 in shared
    assert shared.get(sha256) == shared.get(sha256.upper()) == content


def test_putting_the_same_again_changes_nothing(blobs, folder):
    blobs.put(b"evidence")
    before = only_file(folder).read_bytes()
    blobs.put(b"evidence")
    assert only_file(folder).read_bytes() == before


@pytest.mark.parametrize("sha256", ["0" * 64, "", "0" * 63, "../../case.json", "x" * 64])
def test_what_is_not_there_is_not_found(blobs, sha256):
    assert sha256 not in blobs
    with pytest.raises(NotFound):
        blobs.get(sha256)


def test_neither_content_nor_its_hash_is_readable_on_the_disk(blobs, folder):
    content = b"Quillfeather, Ambrosine" * 50
    sha256 = blobs.put(content)
    file = only_file(folder)
    assert b"Quillfeather" not in file.read_bytes()
    for name in (sha256, hashlib.sha256(bytes.fromhex(sha256)).hexdigest()):
        assert name not in str(file)
        assert bytes.fromhex(name) not in file.read_bytes()
    other = SealedBlobStore(FolderShelf(folder), Ring(b"another case"))
    assert sha256 not in other


def test_no_byte_can_be_changed_added_or_cut_off(blobs, folder):
    sha256 = blobs.put(b"evidence")
    file = only_file(folder)
    sealed = file.read_bytes()
    variants = [sealed[:size] for size in range(len(sealed))] + [sealed + b"\0"]
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        variants.append(bytes(altered))
    for variant in variants:
        file.write_bytes(variant)
        with pytest.raises(CaseUnusable, match="altered"):
            blobs.get(sha256)


def test_one_document_cannot_stand_for_another(blobs, folder):
    one, two = blobs.put(b"one"), blobs.put(b"two")
    first, second = sorted(path for path in folder.rglob("*") if path.is_file())
    content = first.read_bytes(), second.read_bytes()
    first.write_bytes(content[1])
    second.write_bytes(content[0])
    for sha256 in (one, two):
        with pytest.raises(CaseUnusable, match="altered"):
            blobs.get(sha256)


def test_putting_an_altered_document_again_repairs_it(blobs, folder):
    sha256 = blobs.put(b"evidence")
    only_file(folder).write_bytes(b"junk")
    assert blobs.put(b"evidence") == sha256
    assert blobs.get(sha256) == b"evidence"


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_failure_at_any_step_is_named_and_leaves_nothing_behind(blobs, folder, monkeypatch, step):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if step == "replace":
            patch.setattr(files.Path, "replace", fail)
        else:
            patch.setattr(files.os, step, fail)
        with pytest.raises(CaseUnusable, match="No space left on device"):
            blobs.put(b"evidence")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert blobs.get(blobs.put(b"evidence")) == b"evidence"


def test_a_document_is_on_the_disk_before_it_has_its_name(blobs, monkeypatch):
    steps: list[str] = []
    fsync, replace = os.fsync, files.Path.replace
    monkeypatch.setattr(files.os, "fsync", lambda descriptor: (steps.append("sync"), fsync(descriptor))[1])
    monkeypatch.setattr(files.Path, "replace", lambda *paths: (steps.append("name"), replace(*paths))[1])
    blobs.put(b"evidence")
    assert steps == ["sync", "sync", "name", "sync"]  # new folder's name, content, name, the name's durability


# --- Notes, and taking away


def test_a_note_is_sealed_replaced_and_dropped(blobs, folder):
    assert blobs.note("rendering 1") is None
    blobs.write_note("rendering 1", b"Quillfeather, page 1")
    blobs.write_note("rendering 1", b"Quillfeather, page 2")
    assert blobs.note("rendering 1") == b"Quillfeather, page 2"
    assert blobs.note("rendering 2") is None
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    assert b"Quillfeather" not in path.read_bytes()
    assert "rendering" not in path.name
    blobs.drop_note("rendering 1")
    blobs.drop_note("rendering 1")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_note_that_was_altered_or_moved_is_told(blobs, folder):
    blobs.write_note("one", b"first")
    (first,) = [path for path in folder.rglob("*") if path.is_file()]
    blobs.write_note("two", b"second")
    (second,) = [path for path in folder.rglob("*") if path.is_file() and path != first]
    second.write_bytes(first.read_bytes())
    with pytest.raises(CaseUnusable, match="altered"):
        blobs.note("two")
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    with pytest.raises(CaseUnusable, match="altered"):
        blobs.note("one")


def test_notes_are_no_strays_and_what_is_discarded_is_gone(blobs):
    kept, other = blobs.put(b"kept"), blobs.put(b"other")
    blobs.write_note("one", b"note")
    assert blobs.strays([kept, other]) == 1
    assert blobs.strays([kept, other], ["one"]) == 0
    blobs.discard(other)
    blobs.discard(other)
    blobs.discard("no hash")
    assert (kept in blobs, other in blobs) == (True, False)
    assert blobs.strays([kept], ["one"]) == 0

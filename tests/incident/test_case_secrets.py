"""No name and no key of a case is readable: not in the bytes of its folder, and not in a traceback."""

import shutil
import traceback
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from rich.traceback import Traceback

from incident import casefile
from incident.access import admission, document, register, users, ways
from incident.access.totp import code_at, new_secret
from incident.casefile import create_case
from incident.errors import WrongPassphrase
from incident.events import (
    CaseOpened,
    EvidenceAttached,
    IncidentOpened,
    NoticeDrafted,
    UserEnrolled,
)
from incident.system import FixedClock
from tests.incident.cases import CHEAP, MOMENT, PASSPHRASE, STREAM, entry, opened


@pytest.fixture
def path(tmp_path):
    """A case with one user and one entry."""
    path = tmp_path / "case"
    opening = [entry(1, CaseOpened(name="Lakeshore Aesthetics"))]
    create_case(path, user="Dana Reyes", passphrase=PASSPHRASE, kdf=CHEAP, opening=opening).close()
    return path


PLANTED = ("Quillfeather", "Thistlewood", "Ambrosine", "Zebulon", "Marmaduke", "Lakeshore", PASSPHRASE)


def test_no_planted_name_is_readable_in_any_byte_of_the_folder(tmp_path):
    path = tmp_path / "case"
    with create_case(path, user="Zebulon", passphrase=PASSPHRASE, kdf=CHEAP) as case:
        case.add_user("Marmaduke", "another long passphrase", kdf=CHEAP)
        sha256 = case.blobs.put(b"Dear Ambrosine Quillfeather, " * 3000)
        incident, notice = UUID(int=8), UUID(int=9)
        case.log.append(
            [
                entry(1, CaseOpened(name="Lakeshore Aesthetics")),
                entry(2, UserEnrolled(user="Zebulon", name="Zebulon Thistlewood", role="counsel")),
                entry(1, IncidentOpened(reference="2026-014", title="Quillfeather's mailbox"), incident),
                entry(2, EvidenceAttached(name="Ambrosine.log", size=1, sha256=sha256), incident),
            ]
        )
        fields = {"what_happened": "Thistlewood " * 5000}
        drafted = NoticeDrafted(
            incident_id=incident, kind="individual", obligations=(), fields=fields, content_sha256="0" * 64
        )
        case.log.append([entry(1, drafted, notice)])
        case.keyring.incident_key(incident)
        _nothing_readable(path)  # with the journals of open stores
    _nothing_readable(path)


def _nothing_readable(path: Path) -> None:
    files = [file for file in path.rglob("*") if file.is_file()]
    assert len(files) >= 4
    for file in files:
        content = (file.read_bytes() + str(file.relative_to(path)).encode()).lower()
        for name in PLANTED:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert name.lower().encode(encoding) not in content, (name, file)


BROKEN = {
    casefile: ("begin", "admit", "admit_by_recovery", "entered", "OpenCase", "write_document", "CaseKeyRing"),
    admission: ("unlock", "unlock_by_recovery", "granted", "check_seal", "matching_step", "_read", "write_attempts"),
    document: ("_seal", "subkey"),
    register: ("by_passphrase", "with_passphrase", "by_recovery", "with_recovery", "new_code", "_identity",
               "_with_private", "_granted_too", "_grant_info", "_private_info"),
    users: ("check_seal", "held_by", "write_document", "matching_step", "public_half"),
    ways: ("_stretched", "_expanded", "_wrap", "_unwrap", "_bound_to", "read_code", "check_passphrase"),
}  # fmt: skip
"""What is made to fail, on the way to and from every secret."""


def test_keys_and_passphrases_are_not_in_tracebacks_even_with_their_locals(path, monkeypatch):
    clock = FixedClock(MOMENT)
    with opened(path, clock=clock) as case:
        secrets = {bytes(case.keyring.key(purpose)) for purpose in ("log", "blobs", "blob names", "case file")}
        secrets |= {bytes(case.keyring.incident_key(STREAM)), bytes(case._who.own_key), bytes(case._who.private_key)}
        secrets |= {bytes(key) for epochs in case._held.all.values() for key in epochs.values()}
        case.make_advice_key()
        recovery = str(case.new_recovery_code())
        totp = new_secret()
        case.turn_totp_on(totp, code_at(totp, MOMENT))
    secrets.add(bytes(totp))
    whole = {name: (path / name).read_bytes() for name in ("case.json", "keys.db")}
    texts = ("not the right passphrase", PASSPHRASE, "a wholly different one", recovery, recovery.replace("-", ""))

    def fail(*_args, **_kwargs):
        raise RuntimeError("a bug")

    hidden, seen, refused = 0, set(), set()
    for module, names in BROKEN.items():
        for broken in names:
            for number, use in enumerate((_open_with, _enter_with, _create_with, _recover_with, _change_with)):
                clock.advance(timedelta(minutes=10))
                with monkeypatch.context() as patch:
                    if use is not _change_with:
                        patch.setattr(module, broken, fail)
                    try:
                        use(path, clock, totp, recovery, partial(patch.setattr, module, broken, fail))
                    except RuntimeError as error:
                        shown = _shown(error)
                    except WrongPassphrase as error:
                        if number in refused:
                            continue  # how a refusal looks was seen
                        refused.add(number)
                        shown = _shown(error)
                    else:
                        continue
                    finally:
                        shutil.rmtree(path.with_name("new"), ignore_errors=True)
                        for journal in path.glob("keys.db-*"):
                            journal.unlink()
                        for name, content in whole.items():
                            (path / name).write_bytes(content)
                assert "a bug" in shown or "wrong" in shown
                hidden += "<passphrase>" in shown
                seen |= {(module, broken)} if "a bug" in shown else set()
                for text in texts:
                    assert text not in shown, (broken, number)
                for secret in secrets:
                    assert repr(secret)[2:20] not in shown, (broken, number)
                    assert secret.hex()[:16] not in shown
    assert seen == {(module, broken) for module, names in BROKEN.items() for broken in names}
    assert hidden > 20  # it was there to be seen


def _open_with(path, clock, _totp, _recovery, _break):
    casefile.open_case(path, "Dana Reyes", "not the right passphrase", clock=clock)


def _enter_with(path, clock, totp, _recovery, _break):
    casefile.open_case(path, "Dana Reyes", PASSPHRASE, code=code_at(totp, clock.now()), clock=clock).close()


def _create_with(path, _clock, _totp, _recovery, _break):
    casefile.create_case(path.with_name("new"), user="d", passphrase="a wholly different one", kdf=CHEAP).close()


def _recover_with(path, clock, _totp, recovery, _break):
    casefile.recover_case(path, "Dana Reyes", recovery, "a wholly different one", clock=clock, kdf=CHEAP)[0].close()


def _change_with(path, clock, totp, _recovery, break_it):
    with casefile.open_case(path, "Dana Reyes", PASSPHRASE, code=code_at(totp, clock.now()), clock=clock) as case:
        break_it()
        errors = []
        for act in (
            lambda: case.change_passphrase(PASSPHRASE, "a wholly different one", kdf=CHEAP),
            lambda: case.add_user("lee", "a wholly different one", recovery=True, kdf=CHEAP),
            case.new_recovery_code,
            lambda: case.turn_totp_on(totp, code_at(totp, clock.now())),
            case.turn_totp_off,
            case.rotate_keys,
        ):
            try:
                act()
            except RuntimeError as error:
                errors.append(error)
    if errors:
        raise errors[0]


def _shown(error: BaseException) -> str:
    """What Python and rich show of our own frames, locals included; this test's frames know the passphrases."""
    at = error.__traceback__
    while at is not None and at.tb_frame.f_code.co_filename == __file__:
        at = at.tb_next
    error.__context__ = None
    plain = traceback.TracebackException(type(error), error, at, capture_locals=True)
    shown = Traceback.extract(type(error), error, at, show_locals=True)
    # What rich prints of each frame, without the source lines, which take it long to colour.
    frames = [frame for stack in shown.stacks for frame in stack.frames if frame.filename != __file__]
    rich = [f"{name} = {node}" for frame in frames for name, node in (frame.locals or {}).items()]
    return "".join(plain.format()) + "\n".join(rich)

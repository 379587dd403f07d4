"""Packs to tamper with, and the keys to sign them again as somebody inside could."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incident.log.checkpoints import sign_note
from tests.incident.evidence.conftest import lived, made  # noqa: F401 - fixtures
from tests.incident.evidence.life import opened


@pytest.fixture
def pack(made: Path, tmp_path: Path) -> Path:  # noqa: F811
    return Path(shutil.copytree(made, tmp_path / "pack"))


@pytest.fixture(scope="session")
def case_key(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Ed25519PrivateKey:  # noqa: F811
    """The signing key of the case: what an insider has."""
    with opened(Path(shutil.copytree(lived, tmp_path_factory.mktemp("key") / "case"))) as life:
        return life.case.keyring.signing_key()


@pytest.fixture
def sign_again(case_key: Ed25519PrivateKey) -> Callable[[Path], None]:
    """Bring the manifest up to date with the files and sign it: the strongest forgery there is without a rewrite."""

    def sign(pack: Path) -> None:
        manifest = json.loads((pack / "manifest.json").read_text())
        for entry in manifest["files"]:
            file = pack / entry["path"]
            if file.exists():
                content = file.read_bytes()
                entry["sha256"], entry["size"] = hashlib.sha256(content).hexdigest(), len(content)
        content = json.dumps(manifest).encode()
        (pack / "manifest.json").write_bytes(content)
        text = f"breach evidence 1 manifest\n{hashlib.sha256(content).hexdigest()}  manifest.json\n"
        (pack / "manifest.txt").write_text(sign_note(text, f"breach-case/{manifest['case_id']}", case_key))

    return sign

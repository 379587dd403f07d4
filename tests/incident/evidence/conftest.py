import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.incident.evidence import life as lives
from tests.incident.evidence.life import Life


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case folder; not to be changed."""
    path = tmp_path_factory.mktemp("life") / "case"
    lives.make(path)
    return path


@pytest.fixture
def path(lived: Path, tmp_path: Path) -> Path:
    """A copy of the folder."""
    return Path(shutil.copytree(lived, tmp_path / "case"))


@pytest.fixture
def life(path: Path) -> Iterator[Life]:
    """A copy of the case, open as the incident lead, two months later."""
    with lives.opened(path) as life:
        yield life


@pytest.fixture(scope="session")
def made(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evidence pack of the first incident; not to be changed."""
    folder = tmp_path_factory.mktemp("packs") / "pack"
    with lives.opened(Path(shutil.copytree(lived, folder.with_name("case")))) as life:
        lives.export(life, folder)
    return folder


@pytest.fixture
def pack(made: Path, tmp_path: Path) -> Path:
    """A copy of the pack."""
    return Path(shutil.copytree(made, tmp_path / "pack"))

"""Golden files: what a document says must not change unseen. UPDATE_GOLDEN=1 writes them; then look at them."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def check_golden(name: str, text: str) -> None:
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.read_text(encoding="utf-8") == text, f"{name} differs; see what changed, then UPDATE_GOLDEN=1"

"""What the architecture promises, proved: layers by import-linter, purity at run time, house rules by syntax tree."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for package in ("incident", "jurisdictions", "notices", "tui")
    for path in sorted((ROOT / package).rglob("*.py"))
]


def test_the_import_contracts_hold() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "must_not_load"),
    [
        (
            "jurisdictions.assess",
            {"sqlalchemy", "eventsourcing", "jinja2", "textual", "pdfkit", "cryptography", "click"},
        ),
        ("incident.incident", {"sqlalchemy", "eventsourcing", "jinja2", "textual", "pdfkit", "cryptography"}),
        ("incident.service", {"textual", "jinja2", "pdfkit", "plutoprint", "eventsourcing"}),
        ("incident.log.application", {"textual", "jinja2", "pdfkit", "plutoprint"}),
        ("tui.cli", {"textual", "sqlalchemy", "eventsourcing", "jinja2", "plutoprint"}),
    ],
)
def test_a_module_loads_nothing_from_above_it(module: str, must_not_load: set[str]) -> None:
    code = f"import sys, {module}; print('\\n'.join({{name.partition('.')[0] for name in sys.modules}}))"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=environment
    )
    assert not must_not_load & set(result.stdout.split())


def _calls(tree: ast.AST) -> list[tuple[int, str]]:
    return [
        (node.lineno, f"{node.func.value.id}.{node.func.attr}")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    ]


def test_time_and_chance_come_through_the_ports() -> None:
    """Replays and tests are only deterministic if nothing else reads the clock or draws an identifier."""
    forbidden = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "uuid.uuid4"}
    allowed = {ROOT / "incident" / "system.py"}
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in SOURCES
        if path not in allowed
        for line, name in _calls(ast.parse(path.read_text()))
        if name in forbidden
    ]
    assert found == []


def test_nothing_guesses_dates() -> None:
    """`dateutil.parser` fills in today's year for "May 5"; dates are read by explicit formats only."""
    guessing = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and node.module == "dateutil.parser")
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "dateutil"
            and any(a.name == "parser" for a in node.names)
        )
        or (isinstance(node, ast.Import) and any(alias.name == "dateutil.parser" for alias in node.names))
    ]
    assert guessing == []


def test_the_law_uses_no_floats() -> None:
    floats = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "jurisdictions").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert floats == []


def test_packages_of_the_architecture_have_no_code_in_their_init() -> None:
    """Importing one module of a package must not load its neighbours."""
    for package in ("incident", "jurisdictions", "notices", "tui"):
        tree = ast.parse((ROOT / package / "__init__.py").read_text())
        assert all(isinstance(node, ast.Expr) for node in tree.body), package

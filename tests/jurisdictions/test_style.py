"""House rules of the law, read from its source."""

import ast
import subprocess
import sys
from pathlib import Path

import jurisdictions

ROOT = Path(jurisdictions.__file__).parent
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def trees(folder: Path) -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(folder.rglob("*.py"))]


def bare_comparisons(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(operator, ORDERED) for operator in node.ops)
    ]


def test_rules_compare_by_name_only() -> None:
    found = [f"{path.name}:{line}" for path, tree in trees(ROOT / "rules") for line in bare_comparisons(tree)]
    assert found == []


def test_a_bare_comparison_would_be_found() -> None:
    assert bare_comparisons(ast.parse("x = total >= 500")) == [1]


def numbers(tree: ast.Module) -> list[str]:
    """Numbers of the law in code: integers of two digits or more that stand outside text."""
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and not isinstance(node.value, bool)
        and abs(node.value) >= 2
    ]


def test_rules_hold_no_number_of_the_law() -> None:
    found = [f"{path.name}:{line}" for path, tree in trees(ROOT / "rules") for line in numbers(tree)]
    assert found == []


def test_the_law_has_no_clock_no_float_and_no_date_parser() -> None:
    for path, tree in trees(ROOT):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                assert not isinstance(node.value, float), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("now", "today", "utcnow", "uuid4"), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.ImportFrom):
                assert node.module != "dateutil.parser", path.name
                assert node.module != "time", path.name


def test_rules_do_not_import_each_other() -> None:
    for path, tree in trees(ROOT / "rules"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("jurisdictions.rules"), path.name


def test_the_law_is_a_library_of_its_own() -> None:
    script = (
        "import sys, jurisdictions.assess, jurisdictions.content, jurisdictions.law;"
        "bad = [m for m in sys.modules if m.split('.')[0] in "
        "('click', 'textual', 'sqlalchemy', 'eventsourcing', 'jinja2', 'incident', 'notices', 'tui', 'cryptography')];"
        "sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_modules_keep_to_one_idea() -> None:
    long = {path.name: n for path in ROOT.rglob("*.py") if (n := len(path.read_text().splitlines())) > 400}
    assert long == {}

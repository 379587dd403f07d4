"""`breach notice variants NOTICE`: its texts with what each has to say and how many get it, and what two differ in."""

from __future__ import annotations

import click

from incident.errors import InvalidInput, NotFound
from notices.context import LetterContext
from notices.desk import Checked, Preview
from notices.side_by_side import side_by_side
from tui import comparing, margin
from tui.cli.common import json_option, print_json, reads
from tui.cli.documents import _notice
from tui.session import Session


@click.command()
@click.argument("notice")
@click.option("--diff", nargs=2, metavar="A B", help="What the texts of these two names differ in.")
@click.option("--count", is_flag=True, help="Say how many people get each text; reads the lists of people.")
@json_option
@reads
def variants(session: Session, *, notice: str, diff: tuple[str, str] | None, count: bool, as_json: bool) -> None:
    """The texts of NOTICE, for each audience, State and language; with --diff, two of them compared line by line."""
    notice_id = _notice(session, notice)
    look = session.documents.preview(notice_id)
    if diff is not None:
        _compare(look, diff, as_json=as_json)
        return
    people: dict[str, int] | None = None
    if count and session.viewpoint is not None:
        raise InvalidInput("--count: the lists of people are read as they are now, not as they were")
    if count and isinstance(look.context, LetterContext):
        people = session.documents.preflight(notice_id).variants
    if as_json:
        print_json([_told(each, people) for each in look.documents])
        return
    for number, each in enumerate(look.documents, start=1):
        click.echo(margin.variant_words(each, number, len(look.documents)).plain + _people(each, people))


def _compare(look: Preview, names: tuple[str, str], *, as_json: bool) -> None:
    texts = {each.document.name: each.document.text for each in look.documents}
    missing = next((name for name in names if name not in texts), None)
    if missing is not None:
        raise NotFound(f"--diff: no text {missing!r}; there are {', '.join(texts)}")
    pairs = side_by_side(*(texts[name] for name in names))
    if as_json:
        print_json({"left": names[0], "right": names[1], "lines": [
            {"same": pair.same, "left": pair.left, "right": pair.right} for pair in pairs
        ]})  # fmt: skip
        return
    click.echo(comparing.comparison_words(*names, pairs).plain)
    for line in comparing.plain_lines(pairs):
        click.echo(line)


def _people(each: Checked, people: dict[str, int] | None) -> str:
    if people is None:
        return ""
    normal, large = people.get(each.document.name, 0), people.get(f"{each.document.name}.large", 0)
    return f" · {normal + large:,} people" + (f", {large:,} of them in large print" if large else "")


def _told(each: Checked, people: dict[str, int] | None) -> dict[str, object]:
    report, name = each.report, each.document.name
    required = [element for element in report.elements if element.required] if report is not None else []
    found: dict[str, object] = {
        "name": name,
        "title": each.document.title,
        "language": each.document.language,
        "required": len(required),
        "found": sum(element.found for element in required),
        "problems": each.problems,
    }
    if people is not None:
        found |= {"people": people.get(name, 0), "large_print": people.get(f"{name}.large", 0)}
    return found

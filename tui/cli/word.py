"""`breach notice word` and `breach notice take-in`: a notice out for review as a Word file, and back."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from incident.errors import InvalidInput
from notices.word.desk import WordDesk
from notices.word.intake import Change, Markup
from notices.word.package import LARGEST_FILE
from tui.briefing import write_new
from tui.cli.common import case_options, json_option, print_json, print_receipt
from tui.cli.documents import named_row
from tui.compose import Workspace


@click.command()
@click.argument("notice")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new .docx file.")
@click.option("--redline", is_flag=True, help="To be read: marked against the words last approved, or else drafted.")
@click.option("--since", type=int, metavar="N", help="With --redline: against the words as they stood at event N.")
@json_option
@case_options
def word(workspace: Workspace, *, notice: str, out: Path, redline: bool, since: int | None, as_json: bool) -> None:
    """Write NOTICE as a Word file for review. Changes are tracked; merge fields and fixed wording are locked.

    Exit codes: 0 done; 1 refused; 2 bad input.
    """
    if since is not None and not redline:
        raise InvalidInput("--since: goes with --redline")
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    desk = WordDesk(workspace.service, workspace.documents)
    content = desk.redline(row.id, since) if redline else desk.for_review(row.id)
    written = write_new(out, content)
    if as_json:
        print_json({"notice": str(row.id), "file": str(written), "redline": redline})
    else:
        click.echo(f"{written}: {'a redline, to be read' if redline else 'for review, with changes tracked'}")


@click.command("take-in")
@click.argument("notice")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--accept", metavar="all|none|1,3,…", help="Which changes to take; without it they are only shown.")
@json_option
@case_options
def take_in(workspace: Workspace, *, notice: str, file: Path, accept: str | None, as_json: bool) -> None:
    """Show the tracked changes of a Word FILE of NOTICE that came back; with --accept, decide on every one of them.

    The file is kept in the case, and so is what became of each change.

    Exit codes: 0 done; 1 refused; 2 bad input.
    """
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    desk = WordDesk(workspace.service, workspace.documents)
    data = _limited(file)
    if accept is None:
        markup = desk.read(row.id, data, file.name)
        if as_json:
            print_json({"changes": msgspec.to_builtins(markup.changes), "refused": markup.refused})
        else:
            click.echo("\n".join(markup_lines(markup)))
        return
    count = len(desk.read(row.id, data, file.name).changes)
    markup, receipt = desk.decide(row.id, data, file.name, _chosen(accept, count))
    if not as_json:
        click.echo("\n".join(f"Not taken: {each}" for each in markup.refused) or f"{count} changes decided")
    print_receipt(workspace, receipt, id=str(row.id), refused=list(markup.refused))


def markup_lines(markup: Markup) -> list[str]:
    """The changes with their numbers, and what cannot be taken."""
    lines = [f"{number:>3}  {change_words(change)}" for number, change in enumerate(markup.changes, start=1)]
    lines += [f"Not taken: {each}" for each in markup.refused]
    return lines or ["No changes."]


def change_words(change: Change) -> str:
    """field: …before [+come+] after…, by whom and when."""
    marks = ("[+", "+]") if change.act.value == "inserted" else ("[-", "-]")
    said = change.text.replace("\n", "¶")
    who = "tracking was off" if change.untracked else f"{change.author}, {change.at or 'no time given'}"
    around = f"…{change.before}{marks[0]}{said}{marks[1]}{change.after}…".replace("\n", "¶")
    return f"{change.field}: {around} ({who})"


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _chosen(text: str, count: int) -> list[bool]:
    if text in ("all", "none"):
        return [text == "all"] * count
    try:
        numbers = {int(each) for each in text.split(",")}
    except ValueError:
        raise InvalidInput(f"--accept: {text!r}; write all, none, or numbers such as 1,3") from None
    unknown = sorted(number for number in numbers if not 1 <= number <= count)
    if unknown:
        raise InvalidInput(f"--accept: there is no change {unknown[0]}; the file has {count}")
    return [number in numbers for number in range(1, count + 1)]

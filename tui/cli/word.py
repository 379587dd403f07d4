"""`breach notice word` and `breach notice take-in`: a notice out for review as a Word file, and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from incident.errors import InvalidInput
from notices.word.desk import WordDesk
from notices.word.intake import Markup
from notices.word.package import LARGEST_FILE
from tui.briefing import write_new
from tui.cli.common import case_options, json_option, print_json, print_receipt
from tui.cli.documents import named_row
from tui.compose import Workspace
from tui.markup import markup_lines, not_taken


@click.command()
@click.argument("notice")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new .docx file.")
@click.option("--redline", is_flag=True, help="To be read: marked against the words last approved, or else drafted.")
@click.option("--since", type=int, metavar="N", help="With --redline: against the words as they stood at event N.")
@click.option("--only", multiple=True, metavar="FIELD", help="Only this field of the notice; may be repeated.")
@json_option
@case_options
def word(
    workspace: Workspace,
    *,
    notice: str,
    out: Path,
    redline: bool,
    since: int | None,
    only: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write NOTICE as a Word file for review. Changes are tracked; merge fields and fixed wording are locked.

    Exit codes: 0 done; 1 refused; 2 bad input.
    """
    if since is not None and not redline:
        raise InvalidInput("--since: goes with --redline")
    if only and redline:
        raise InvalidInput("--only: goes with a file for review, not with --redline")
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    desk = WordDesk(workspace.service, workspace.documents)
    content = desk.redline(row.id, since) if redline else desk.for_review(row.id, only)
    written = write_new(out, content)
    if as_json:
        print_json({"notice": str(row.id), "file": str(written), "redline": redline})
    else:
        click.echo(f"{written}: {'a redline, to be read' if redline else 'for review, with changes tracked'}")


@click.command("take-in")
@click.argument("notice")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--accept", metavar="all|none|1,3,…", help="Which changes to take; without it they are only shown.")
@click.option(
    "--reason",
    "reasons",
    multiple=True,
    metavar="[N=]WHY",
    help="Why change N, or each one that is rejected, is not taken.",
)
@json_option
@case_options
def take_in(
    workspace: Workspace, *, notice: str, file: Path, accept: str | None, reasons: tuple[str, ...], as_json: bool
) -> None:
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
            print_json(_told(markup))
        else:
            click.echo("\n".join(markup_lines(markup)))
        return
    accepted = chosen(accept, len(desk.read(row.id, data, file.name).changes))
    markup, receipt = desk.decide(row.id, data, file.name, accepted, _why(reasons, accepted))
    if not as_json:
        click.echo(f"{sum(accepted)} of {len(accepted)} changes accepted")
        click.echo("".join(f"{line}\n" for line in not_taken(markup)), nl=False)
    print_receipt(workspace, receipt, **({"id": str(row.id), "accepted": accepted} | _told(markup)))


def _told(markup: Markup) -> dict[str, object]:
    return {
        "changes": msgspec.to_builtins(markup.changes),
        "blocked": msgspec.to_builtins(markup.blocked),
        "refused": list(markup.refused),
        "comments": msgspec.to_builtins(markup.comments),
    }


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def chosen(text: str, count: int) -> list[bool]:
    """Which of so many changes to accept: all, none, or numbers.

    Raises:
        InvalidInput: it cannot be read, or there is no such change.
    """
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


def _why(reasons: Sequence[str], accepted: Sequence[bool]) -> dict[int, str]:
    """Place of a rejected change, from 0 -> why: "3=Not so" is for the third, "Not so" for each that has none."""
    found: dict[int, str] = {}
    for_all = ""
    for each in reasons:
        number, equals, words = each.partition("=")
        if not (equals and number.strip().isdigit()):
            for_all = each
        elif not 1 <= int(number) <= len(accepted) or accepted[int(number) - 1]:
            raise InvalidInput(f"--reason: {each!r}: there is no change {number} that is rejected")
        else:
            found[int(number) - 1] = words
    return {place: found.get(place, for_all) for place, yes in enumerate(accepted) if not yes}

"""`breach small-case`: something that went to one wrong recipient, from fact to decision in one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incident.errors import InvalidInput
from incident.incident import suggested_outcome
from jurisdictions.vocabulary import DATA_ELEMENTS
from tui import small_case as cases
from tui.cli.common import case_options, json_option, print_receipt
from tui.entry import ELEMENT_KEYS, read_day, read_moment
from tui.session import Session

if TYPE_CHECKING:
    from tui.compose import Workspace

_KINDS = {"fax": "f", "letter": "m", "email": "e", "papers": "p", "workforce": "w"}
_MEDIA = ("paper", "electronic", "oral")


@click.command("small-case")
@click.option("--kind", required=True, type=click.Choice(list(_KINDS)))
@click.option("--discovered", required=True, metavar="MOMENT", help="now, -1d 9:00, 2026-11-20 16:10 …")
@click.option("--first-known-then", is_flag=True, help="It was first known to anyone there at that moment.")
@click.option("--happened-on", metavar="YYYY-MM-DD", help="Without it the day is not known.")
@click.option("--person", required=True, help="The name as it goes on a letter. It goes to the vault, not to the log.")
@click.option("--address", default="", help='"12 Oak St, Chicago IL 60601", or the State alone.')
@click.option("--born", default="", metavar="YYYY-MM-DD")
@click.option("--recipient", default="", help="Who received it; it goes into the log.")
@click.option("--elements", required=True, metavar="KEYS|NAMES", help="nm, or name,medical_information.")
@click.option("--medium", type=click.Choice(_MEDIA), help="Electronic: it could be read.")
@click.option(
    "--factors",
    required=True,
    metavar="1,1,1,1",
    help="Each 1 (low) to 4; `small-case-sentences` tells what each says.",
)
@click.option(
    "--outcome", type=click.Choice(["low_probability", "breach"]), help="Without it what the factors suggest."
)
@click.option("--because", help="The reason of the decision; without it, the sentences of the factors.")
@json_option
@case_options
def small_case(
    workspace: Workspace,
    *,
    kind: str,
    discovered: str,
    first_known_then: bool,
    happened_on: str | None,
    person: str,
    address: str,
    born: str,
    recipient: str,
    elements: str,
    medium: str | None,
    factors: str,
    outcome: str | None,
    because: str | None,
    as_json: bool,
) -> None:
    """Record the incident, its person, the four factors with their sentences and the decision; draft the documents.

    The sentences of the factors are recorded as they stand in `breach small-case-sentences`.
    """
    session = Session(workspace)
    ratings = _ratings(factors)
    chosen = outcome or suggested_outcome(cases.findings(ratings))
    case = cases.SmallCase(
        kind=_KINDS[kind],
        discovered=read_moment(discovered, session.now(), session.zone()),
        known_then=first_known_then,
        happened_on=read_day(happened_on) if happened_on else None,
        person=cases.read_person(person, address, born),
        elements=_elements(elements),
        medium=medium,
        encrypted=False if medium is not None else None,
        ratings=ratings,
        outcome=chosen,
        reason=because or cases.default_reason(chosen, ratings),
        recipient=recipient,
    )
    made, receipt = cases.record(workspace, case)
    if not as_json:
        for line in cases.recorded_lines(made):
            click.echo(line)
    documents = {kind: str(notice) for kind, notice in made.documents.items()}
    print_receipt(
        workspace, receipt, reference=made.reference, id=str(made.incident), documents=documents, problems=made.problems
    )


@click.command("small-case-sentences")
def sentences() -> None:
    """What each rating of each factor says, word for word as it is recorded."""
    for factor, words in cases.FINDINGS.items():
        click.echo(factor.replace("_", " "))
        for rating, sentence in enumerate(words, start=1):
            click.echo(f"  {rating}  {sentence}")


def _ratings(text: str) -> tuple[int, int, int, int]:
    parts = [part.strip() for part in text.split(",")] if "," in text else list(text.strip())
    if len(parts) != 4 or any(part not in {"1", "2", "3", "4"} for part in parts):
        raise InvalidInput(f"--factors: {text!r} is not four ratings of 1 to 4, such as 1,1,1,1")
    one, two, three, four = (int(part) for part in parts)
    return one, two, three, four


def _elements(text: str) -> tuple[str, ...]:
    names = [word.strip() for word in text.split(",")]
    if all(name in DATA_ELEMENTS for name in names):
        return tuple(names)
    letters = text.strip()
    if len(names) == 1 and len(set(letters)) == len(letters) and all(letter in ELEMENT_KEYS for letter in letters):
        return tuple(ELEMENT_KEYS[letter] for letter in text.strip())
    unknown = next((name for name in names if name not in DATA_ELEMENTS), text)
    raise InvalidInput(f"--elements: {unknown!r} is no kind of data, nor are its letters")

"""`breach case …`: make a case file, describe its organization, let people open it, take a checkpoint."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from incident.commands.case import ROLES
from incident.errors import InvalidInput
from incident.stores.naming import Place
from tui.cli.access import show_recovery_code
from tui.cli.common import case_options, json_option, print_json, print_receipt, read_passphrase, reads, refusals
from tui.cli.facts import read_assignments
from tui.cli.place import PLACE
from tui.compose import Workspace, create_workspace
from tui.dialogs.organization import CONTACT
from tui.logins import Person
from tui.questions import shown
from tui.session import Session


@click.group()
def case() -> None:
    """Make a case file and look after it: organization, people, checkpoint."""


@case.command()
@click.argument("place", type=PLACE, required=False)
@click.option("--store", type=PLACE, help="Keep it on a server: postgresql+psycopg://user@host/database?case=name.")
@click.option("--name", required=True, help="The organization.")
@click.option("--state", required=True, metavar="XX", help="Where it is established.")
@click.option("--time-zone", required=True, metavar="ZONE", help="America/Chicago: its dates are kept there.")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="organization.hipaa_role=c and others.")
@click.option(
    "--contact", "contacts", multiple=True, metavar="NAME=TEXT", help="What notices print: street, city, zip …"
)
@click.option("--user", required=True, help="Your user name.")
@click.option("--person", required=True, help="Your name.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="Its first line; else it is asked for.")
@click.option("--no-recovery-code", is_flag=True, help="A lost passphrase is then lost for good.")
@json_option
@refusals
def new(
    *,
    place: Place | None,
    store: Place | None,
    name: str,
    state: str,
    time_zone: str,
    assignments: tuple[str, ...],
    contacts: tuple[str, ...],
    user: str,
    person: str,
    passphrase_file: Path | None,
    no_recovery_code: bool,
    as_json: bool,
) -> None:
    """Make a case for an organization, in the folder PLACE or on a server; you are its incident lead."""
    where = store or place
    if where is None or (store and place):
        raise InvalidInput("PLACE: give a new folder, or a server with --store")
    facts = {
        "organization.name": name,
        "organization.state": state.upper(),
        "organization.time_zone": time_zone,
        **_standing(assignments),
    }
    lead = Person(
        user=user, name=person, role="incident_lead", passphrase=read_passphrase(passphrase_file, "New passphrase")
    )
    contact = {"state": state.upper(), **_contact(contacts)}
    with create_workspace(
        where, name=name, facts=facts, contact=contact, people=[lead], recovery=not no_recovery_code
    ) as workspace:
        code = workspace.case.log.checkpoint().code
        for who, recovery_code in workspace.recovery_codes.items():
            show_recovery_code(who, recovery_code)
    if as_json:
        print_json({"case": str(where), "code": code})
    else:
        click.echo(f"{where}: made for {name}.")
        if no_recovery_code:
            click.echo("Without a recovery code nobody can replace the passphrase: write it down safely.")


@case.command()
@json_option
@reads
def show(session: Session, *, as_json: bool) -> None:
    """The organization and the people who may open the case."""
    queries = session.queries
    row = queries.case()
    if as_json:
        print_json(msgspec.to_builtins(row) | {"people": msgspec.to_builtins(queries.users())})
        return
    click.echo(row.name + (f" (EXERCISE on {row.exercise_of})" if row.exercise_of else ""))
    for path, value in sorted(row.facts.items()):
        click.echo(f"  {path} = {shown(path, value, session.zone())}")
    for name, text in sorted(row.contact.items()):
        click.echo(f"  contact {name}: {text}")
    for person in queries.users():
        click.echo(f"  {person.user}: {person.name}, {person.role.replace('_', ' ')}")


@case.command()
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="A standing fact, organization.….")
@click.option("--contact", "contacts", multiple=True, metavar="NAME=TEXT", help="What notices print.")
@json_option
@case_options
def describe(
    workspace: Workspace,
    *,
    assignments: tuple[str, ...],
    contacts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Change what is known of the organization; incidents taken up before keep their facts."""
    row = workspace.service.queries.case()
    facts = {**row.facts, **_standing(assignments)}
    contact = {**row.contact, **_contact(contacts)}
    if (facts, contact) == (row.facts, row.contact):
        raise InvalidInput("--set, --contact: nothing would change")
    print_receipt(workspace, workspace.service.case.describe(facts, contact))


@case.command()
@click.argument("new_user")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--new-passphrase-file", type=click.Path(path_type=Path), help="Their passphrase; else it is asked for.")
@click.option("--no-recovery-code", is_flag=True, help="Only somebody else can then let them in again.")
@json_option
@case_options
def enroll(
    workspace: Workspace,
    *,
    new_user: str,
    name: str,
    role: str,
    new_passphrase_file: Path | None,
    no_recovery_code: bool,
    as_json: bool,
) -> None:
    """Let NEW_USER open the case with a passphrase of their own."""
    if any(row.user.casefold() == new_user.casefold() for row in workspace.service.queries.users()):
        raise InvalidInput(f"{new_user} may open the case already")
    passphrase = read_passphrase(new_passphrase_file, f"Passphrase of {new_user}")
    code, receipt = workspace.service.access.enroll(new_user, name, role, passphrase, recovery=not no_recovery_code)
    if code is not None:
        show_recovery_code(new_user, code)
    print_receipt(workspace, receipt)


@case.command()
@json_option
@case_options
def checkpoint(workspace: Workspace, *, as_json: bool) -> None:
    """The head code of the log, to read aloud or mail to counsel; `breach verify --checkpoint` compares it later."""
    head = workspace.case.log.checkpoint()
    if as_json:
        print_json({"code": head.code, "events": head.count, "head": head.head.hex()})
    else:
        click.echo(f"{head.code}  ({head.count} events, head {head.head.hex()})")


def _standing(assignments: tuple[str, ...]) -> dict[str, object]:
    # None of them is a time, so that neither clock nor zone matters.
    values = read_assignments(assignments, datetime.min.replace(tzinfo=UTC), ZoneInfo("UTC")).values
    if odd := [path for path in values if not path.startswith("organization.")]:
        raise InvalidInput(*(f"{path}: not a fact of the organization" for path in odd))
    return dict(values)


def _contact(contacts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for each in contacts:
        name, equals, text = (part.strip() for part in each.partition("="))
        if not equals or name not in CONTACT:
            raise InvalidInput(f"--contact: {each!r}; write NAME=TEXT with one of {', '.join(CONTACT)}")
        found[name] = text
    return found

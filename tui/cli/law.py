"""`breach law`: the rules this program holds, with citations and dates; `breach law diff`: what changed."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tui.cli.place import PLACE

if TYPE_CHECKING:
    from datetime import date

    from incident.stores.naming import Place
    from jurisdictions.facts import BreachFacts
    from jurisdictions.law import Change
    from jurisdictions.rulebook import Rulebook

BAD_INPUT = 2
WIDTH = 80
MARKS = {
    "verified": "read in a copy of the text",
    "secondary": "read in a summary, not in the enacted text: ask counsel",
    "knowledge": "not verified against primary text: ask counsel",
    "unverified": "doubtful: ask counsel",
}


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--only", default="", metavar="ID", help="Only instruments and calendars whose id begins so: il, us.hipaa."
)
@click.option("--on", "on", metavar="YYYY-MM-DD", help="Only the values in force on this day.")
@click.pass_context
def law(context: click.Context, as_json: bool, only: str, on: str | None) -> None:  # noqa: FBT001
    """The rulebook: instrument, provision, values by date, citation, quote, how well verified."""
    if context.invoked_subcommand is not None:
        return
    from jurisdictions.law import law_to_json  # noqa: PLC0415
    from jurisdictions.rulebook import load_rulebook  # noqa: PLC0415

    day = _day(on, "--on") if on is not None else None
    tree = law_to_json(load_rulebook(), only=only)
    if not tree["instruments"] and not tree["calendars"]:
        _refuse(f"--only: no instrument or calendar begins with {only!a}")
    if day is not None:
        _keep(tree, day)
    click.echo(json.dumps(tree, indent=2) if as_json else "\n".join(_listing(tree)))


@law.command()
@click.option("--from", "start", required=True, metavar="YYYY-MM-DD", help="The earlier day.")
@click.option("--to", "end", required=True, metavar="YYYY-MM-DD", help="The later day.")
@click.option(
    "--facts", "facts_files", multiple=True, type=click.Path(path_type=Path), help="Show what it does to this breach."
)
@click.option(
    "--case",
    "--store",
    "case",
    type=PLACE,
    envvar="BREACH_CASE",
    help="Show which open incidents it touches.",
)
@click.option("--user", envvar="BREACH_USER", help="Your user name in the case.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Passphrase of the case, first line.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def diff(  # noqa: PLR0917 - click passes each option
    start: str,
    end: str,
    facts_files: tuple[Path, ...],
    case: Place | None,
    user: str | None,
    passphrase_file: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """What changed in the law after --from and up to --to, and which breaches it touches."""
    from jurisdictions.law import changes  # noqa: PLC0415
    from jurisdictions.rulebook import load_rulebook  # noqa: PLC0415

    first, last = _day(start, "--from"), _day(end, "--to")
    if last < first:
        _refuse(f"--to: {last} is before --from {first}")
    rulebook = load_rulebook()
    found = changes(rulebook, first, last)
    breaches: dict[str, BreachFacts | str] = {str(path): _facts(path) for path in facts_files}
    if case is not None:
        breaches |= _open_incidents(case, user, passphrase_file)
    effects = {name: _effects(facts, rulebook, first, last) for name, facts in breaches.items()}
    if as_json:
        import msgspec  # noqa: PLC0415

        tree = {"from": start, "to": end, "changes": msgspec.to_builtins(found), "touches": effects}
        click.echo(json.dumps(tree, indent=2))
        return
    click.echo("\n".join([*_changes(found, first, last), *_touched(effects)]))


# ---- reading


def _day(text: str, option: str) -> date:
    from jurisdictions.facts import FactsError, parse_date  # noqa: PLC0415

    try:
        return parse_date(text, option)
    except FactsError as error:
        _refuse(str(error.faults[0]))


def _facts(path: Path) -> BreachFacts:
    from jurisdictions.facts import FactsError, decode_facts  # noqa: PLC0415

    try:
        return decode_facts(path.read_bytes())
    except FactsError as error:
        _refuse("\n".join(f"{path}: {fault}" for fault in error.faults))
    except OSError as error:
        _refuse(f"{path}: {error.strerror or error}")


def _refuse(message: str) -> NoReturn:
    click.echo(message.encode("ascii", "backslashreplace").decode(), err=True)
    sys.exit(BAD_INPUT)


def _open_incidents(case: Place, user: str | None, passphrase_file: Path | None) -> dict[str, BreachFacts | str]:
    """The open incidents of a case; the reason in place of the facts where they cannot be judged yet."""
    from incident.errors import InvalidInput  # noqa: PLC0415
    from tui.cli.common import opened, refusals  # noqa: PLC0415

    @refusals
    def read() -> dict[str, BreachFacts | str]:
        found: dict[str, BreachFacts | str] = {}
        workspace = opened(case, user, passphrase_file)
        try:
            queries = workspace.service.queries
            for row in queries.incidents():
                if row.closed:
                    continue
                name = f"{row.reference} {row.title}"
                try:
                    found[name] = queries.breach_facts(row.id)
                except InvalidInput as missing:
                    found[name] = f"cannot be judged yet: {'; '.join(map(str, missing.faults))}"
        finally:
            workspace.close()
        return found

    return read()


def _effects(facts: BreachFacts | str, rulebook: Rulebook, first: date, last: date) -> tuple[str, ...]:
    from jurisdictions.law import touched  # noqa: PLC0415

    if isinstance(facts, str):
        return (facts,)
    return touched(facts, rulebook, as_of=facts.incident.discovered_at, start=first, end=last)


# ---- showing


def _keep(tree: dict[str, Any], day: date) -> None:
    """Leave only what is in force on a day."""
    text = day.isoformat()

    def lives(entry: dict[str, Any]) -> bool:
        since, until = entry.get("from"), entry.get("until")
        return (since is None or since <= text) and (until is None or text < until)

    for instrument in tree["instruments"]:
        for kind in ("provision", "element"):
            for entry in instrument[kind]:
                entry["version"] = [each for each in entry["version"] if lives(each)]
            instrument[kind] = [entry for entry in instrument[kind] if entry["version"]]
        instrument["information"] = [each for each in instrument["information"] if lives(each)]
    for calendar in tree["calendars"]:
        calendar["holidays"] = [each for each in calendar["holidays"] if lives(each)]


def _listing(tree: dict[str, Any]) -> Iterator[str]:
    yield f"Rulebook {tree['rulebook_hash'][:8]}, checked on {tree['checked_on']}. Not legal advice."
    for file in tree["instruments"]:
        head = file["instrument"]
        yield ""
        yield from _wrap(f"{head['title'].upper()}, {head['citation']} [{head['id']}]", 0, 2)
        for entry in file["provision"]:
            yield from _wrap(f"{entry['summary']} [{entry['id']}]", 1, 3)
            for version in entry["version"]:
                yield from _version(version)
        if file["element"]:
            yield " What the notices must say, or must not:"
        for entry in file["element"]:
            kind = "forbidden" if entry["forbidden"] else "required" if entry["required"] else "optional"
            since = entry["version"][0]
            words = f', word for word "{entry["verbatim"]}"' if entry["verbatim"] else ""
            yield from _wrap(
                f"{entry['id']} ({kind} from {since['from']}, {since['citation']}): {entry['summary']}{words}", 3, 5
            )
        if file["information"]:
            yield " Method, penalties, burden of proof (information, not advice):"
        for info in file["information"]:
            span = _span(info)
            yield from _wrap(f"{info['kind']}{f', {span}' if span else ''}: {info['text']} ({info['citation']})", 3, 5)
    for entry in tree["calendars"]:
        head = entry["calendar"]
        yield ""
        yield from _wrap(f"BUSINESS DAYS: {head['title']}, {head['citation']} [{head['id']}]", 0, 2)
        yield from _wrap(f"{head['first_year']} to {head['last_year']}. {head['observance']}", 1, 3)
        for holiday in entry["holidays"]:
            span = _span(holiday)
            yield from _wrap(f"{holiday['name']}{f' ({span})' if span else ''}", 3, 5)


def _version(version: dict[str, Any]) -> Iterator[str]:
    until = f" until {version['until']}" if version["until"] else ""
    law = f", {version['law']}" if version["law"] else ""
    yield from _wrap(f"from {version['from']}{until}: {version['value']} ({version['citation']}{law})", 3, 5)
    if version["quote"]:
        yield from _wrap(f'"{version["quote"]}"', 5, 6)
    read = f" [{', '.join(version['sources'])}]" if version["sources"] else ""
    yield from _wrap(f"{MARKS[version['mark']]}{read}", 5, 7)
    if version["caveat"]:
        yield from _wrap(version["caveat"], 5, 7)


def _span(entry: dict[str, Any]) -> str:
    since, until = entry.get("from"), entry.get("until")
    return " ".join(filter(None, (f"from {since}" if since else "", f"until {until}" if until else "")))


def _changes(found: tuple[Change, ...], first: date, last: date) -> Iterator[str]:
    yield f"Changes of law after {first} up to {last}: {len(found)}"
    for each in found:
        yield ""
        law = f", {each.law}" if each.law else ""
        yield from _wrap(f"{each.on}  {each.summary} [{each.id}] ({each.citation}{law})", 0, 12)
        yield from _wrap(f"was: {each.before or 'not law'}", 12, 14)
        yield from _wrap(f"now: {each.after or 'not law'}", 12, 14)


def _touched(effects: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for name, lines in effects.items():
        yield ""
        yield name if lines else f"{name}: not touched"
        for line in lines:
            yield from _wrap(line, 3, 5)


def _wrap(text: str, first: int, rest: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * rest,
        break_long_words=False,
        break_on_hyphens=False,
    )

"""`breach deadlines FACTS.json`: the obligations that a facts file comes to. No case, no passphrase, no network."""

from __future__ import annotations

import json
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from jurisdictions.facts import BreachFacts
    from jurisdictions.obligations import Assessment, Obligation

BAD_INPUT = 2
LARGEST_FILE = 16 * 1024 * 1024
WIDTH = 80
INDENT = 24


@click.command()
@click.argument("facts_file", metavar="FACTS.json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--law-as-of", metavar="YYYY-MM-DD", help="Judge by the law of this day, whatever each rule's own date.")
@click.option("--as-of", metavar="YYYY-MM-DDTHH:MM±HH:MM", help='What "now" is. Default: the present.')
@click.option("--why", "why", metavar="ID", help="Explain one obligation, so that its date can be recomputed by hand.")
def deadlines(facts_file: str, as_json: bool, law_as_of: str | None, as_of: str | None, why: str | None) -> None:  # noqa: FBT001
    """Every notification duty of the breach in FACTS.json (- for standard input), with its date.

    Exit codes: 0 done; 2 bad input, with one line per fault.
    """
    from jurisdictions.facts import FactsError, decode_facts, parse_date, parse_instant  # noqa: PLC0415

    try:
        facts = decode_facts(_read(facts_file))
        law_day = parse_date(law_as_of, "--law-as-of") if law_as_of is not None else None
        moment = parse_instant(as_of, "--as-of") if as_of is not None else None
        assessment = _assess(facts, law_day, moment)
        if why is not None:
            _require(assessment, why)
    except FactsError as error:
        for fault in error.faults:
            click.echo(_printable(str(fault)), err=True)
        sys.exit(BAD_INPUT)
    except OSError as error:
        click.echo(_printable(f"{facts_file}: {error.strerror or error}"), err=True)
        sys.exit(BAD_INPUT)
    if as_json:
        click.echo(_as_json(assessment, why))
    else:
        today = assessment.as_of.astimezone(ZoneInfo(facts.organization.time_zone)).date()
        lines = _explanation(assessment, why) if why is not None else table(assessment, today)
        click.echo("\n".join(map(_printable, lines)))


def _read(name: str) -> bytes:
    if name == "-":
        return _limited(sys.stdin.buffer)
    with Path(name).open("rb") as stream:
        return _limited(stream)


def _limited(stream: BinaryIO) -> bytes:
    data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise OSError(0, f"is larger than {LARGEST_FILE // 1024 // 1024} MiB, which no facts file is")
    return data


def _assess(facts: BreachFacts, law_as_of: date | None, as_of: datetime | None) -> Assessment:
    from incident.system import SystemClock  # noqa: PLC0415
    from jurisdictions.assess import assess  # noqa: PLC0415
    from jurisdictions.rulebook import load_rulebook  # noqa: PLC0415

    moment = as_of or SystemClock().now().astimezone(ZoneInfo(facts.organization.time_zone)).replace(microsecond=0)
    return assess(facts, load_rulebook(), as_of=moment, law_as_of=law_as_of)


def _require(assessment: Assessment, name: str) -> None:
    from jurisdictions.facts import FactsError, Fault  # noqa: PLC0415

    if assessment.get(name) is None:
        known = ", ".join(each.id for each in assessment.obligations)
        raise FactsError((Fault("--why", f"no obligation {name!a} on these facts; there are {known}"),))


def _as_json(assessment: Assessment, why: str | None) -> str:
    from jurisdictions.obligations import assessment_to_json  # noqa: PLC0415

    tree = assessment_to_json(assessment)
    if why is not None:
        tree["obligations"] = [each for each in tree["obligations"] if each["id"] == why]
    return json.dumps(tree, indent=2)


def _printable(line: str) -> str:
    """The line without control characters, in letters that the terminal's encoding has."""
    encoding = sys.stdout.encoding or "utf-8"
    safe = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
    return safe.encode(encoding, "backslashreplace").decode(encoding)


# ---- the table, 80 columns


def table(assessment: Assessment, today: date) -> Iterator[str]:
    """The assessment as lines of at most 80 columns: what is dated first, what is not required last.

    ``today`` is the civil date where the organization keeps its dates.
    """
    law = f"law of {assessment.law_as_of}" if assessment.law_as_of else "each rule's own law"
    yield f"As of {assessment.as_of:%a %Y-%m-%d %H:%M %z}; {law}; rulebook {assessment.rulebook_hash[:8]}."
    groups: dict[str, list[Obligation]] = {}
    for each in assessment.obligations:
        groups.setdefault(_GROUPS[each.status.value], []).append(each)
    if dated := groups.get("dated"):
        yield ""
        yield f" {'DUE':<14} {'LEFT':>6}  {'TO WHOM':<46} STATE"
        for each in dated:
            yield from _dated(each, today)
    for key, title in _TITLES.items():
        if found := groups.get(key):
            yield ""
            yield title
            for each in found:
                yield from _undated(each)
    yield from _questions(groups.get("needs", []))
    yield from _not_required(groups.get("not required", []))
    if assessment.not_modelled:
        yield ""
        yield "NOT MODELLED HERE"
        for gap in assessment.not_modelled:
            yield from _wrapped(f"{gap.id}: {' '.join(gap.why)}", 1, 3)
    yield ""
    yield "breach deadlines FACTS.json --why ID explains one row. Not legal advice."


_GROUPS = {
    "due": "dated",
    "overdue": "dated",
    "met": "dated",
    "met_late": "dated",
    "needs_fact": "needs",
    "asap": "asap",
    "waits": "waits",
    "not_required": "not required",
}
_TITLES = {
    "needs": "NEEDS A FACT (plan by the earliest date it could be)",
    "waits": "WAITS ON ANOTHER DUTY",
    "asap": "AS SOON AS POSSIBLE (the law sets no number of days)",
}


def _dated(each: Obligation, today: date) -> Iterator[str]:
    assert each.due is not None
    left = "" if each.given else f"{(each.due - today).days}d"
    state = {"met_late": "met late"}.get(each.status.value, each.status.value)
    first, *rest = textwrap.wrap(each.recipient, 46)
    yield f" {each.due:%a %Y-%m-%d} {left:>6}  {first:<46} {state}".rstrip()
    for line in rest:
        yield " " * INDENT + line
    yield " " * INDENT + each.id
    yield from _wrapped(f"{each.standard} ({each.citations[0]})", INDENT, INDENT)
    if each.given is not None:
        yield " " * INDENT + f"done on {each.given:%a %Y-%m-%d}"
    elif each.safest is not None and each.safest != each.due:
        yield " " * INDENT + f"plan by {each.safest:%a %Y-%m-%d}, the earliest reading"
    others = [each.due.isoformat() if each.due else each.outcome.replace("_", " ") for each in each.readings[1:]]
    if others:
        yield from _wrapped(f"other readings: {', '.join(others)}", INDENT, INDENT)


def _undated(each: Obligation) -> Iterator[str]:
    match each.status.value:
        case "needs_fact":
            when = f"{each.safest:%a %Y-%m-%d}" if each.safest else "no date yet"
            likely = " (likely)" if each.likely else ""
            yield from _wrapped(f"{when:<14} {'':>6}  {each.recipient}{likely}", 1, INDENT)
            yield from _wrapped(f"{each.id} needs {', '.join(each.needs)}", INDENT, INDENT + 2)
        case "waits":
            latest = f"; {each.latest_possible:%a %Y-%m-%d} at the latest" if each.latest_possible else ""
            yield from _wrapped(f"{each.recipient}, {each.id}: {each.standard}; waits on {each.waits_on}{latest}", 1, 3)
        case _:
            plan = f"; plan by {each.safest:%a %Y-%m-%d}" if each.safest else ""
            done = f"; done on {each.given:%a %Y-%m-%d}" if each.given else ""
            yield from _wrapped(f"{each.recipient}, {each.id}: {each.standard}{plan}{done}", 1, 3)


def _questions(rows: list[Obligation]) -> Iterator[str]:
    """Every missing fact once, the one that the most rows wait for first."""
    from jurisdictions.facts import question_for  # noqa: PLC0415

    wanted = Counter(path for each in rows for path in each.needs)
    if wanted:
        yield ""
        yield "QUESTIONS, the one that settles most first"
        for path, rows_waiting in wanted.most_common():
            yield from _wrapped(f"{question_for(path)} [{path}, {rows_waiting}]", 1, 3)


def _not_required(rows: list[Obligation]) -> Iterator[str]:
    """What was considered and does not arise, duties with one reason together."""
    reasons: dict[str, list[str]] = {}
    for each in rows:
        reasons.setdefault(each.why[0] if each.why else each.standard, []).append(each.id)
    if reasons:
        yield ""
        yield "NOT REQUIRED"
        for reason, names in reasons.items():
            yield from _wrapped(f"{', '.join(names)}: {reason}", 1, 3)


def _wrapped(text: str, first: int, rest: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


# ---- one obligation


def _explanation(assessment: Assessment, name: str) -> Iterator[str]:
    each = assessment.get(name)
    assert each is not None
    yield f"{each.id}: {each.recipient} ({each.jurisdiction})"
    yield f"Status: {each.status.value.replace('_', ' ')}" + (f", due {each.due:%A %Y-%m-%d}" if each.due else "")
    if each.safest:
        yield f"Plan by: {each.safest:%A %Y-%m-%d}"
    if each.latest_possible:
        yield f"Latest possible: {each.latest_possible:%A %Y-%m-%d}"
    yield from _wrapped(f"Standard: {each.standard}", 0, 2)
    yield f"Rule: {', '.join(each.citations)}; version in force from {each.rule_version or 'no date'}"
    for title, lines in (
        ("Why", tuple(line for line in each.why if line not in each.caveats)),
        ("Needs", each.needs),
        ("Readings", tuple(_reading(reading) for reading in each.readings)),
        ("Caution", each.caveats),
        ("Information, not advice", each.information),
    ):
        if lines:
            yield ""
            yield title
            for number, line in enumerate(lines, 1):
                yield from _wrapped(f"{number}. {line}", 1, 4)


def _reading(reading: object) -> str:
    from jurisdictions.obligations import Reading  # noqa: PLC0415

    assert isinstance(reading, Reading)
    answer = f"{reading.due:%a %Y-%m-%d}" if reading.due else reading.outcome.replace("_", " ")
    if reading.latest_possible:
        answer += f", {reading.latest_possible:%a %Y-%m-%d} at the latest"
    return f"{answer}: {reading.reading} ({reading.citation}) [{reading.id}]"

"""`breach notice`: what can be done with notices from the command line."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from tui.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from jurisdictions.content import ContentRequirement
    from jurisdictions.facts import BreachFacts
    from notices.elements import ElementReport

INCOMPLETE = 1
BAD_INPUT = 2
WIDTH = 80


_IN_A_CASE = {
    "lint": ("tui.cli.lint:lint", "How hard a text is to read, and what makes it so."),
    "list": ("tui.cli.documents:list_notices", "The notices of an incident."),
    "form": ("tui.cli.documents:form", "The fields of a kind of notice, with the words they start with."),
    "draft": ("tui.cli.documents:draft", "Draft a notice."),
    "revise": ("tui.cli.documents:revise", "Change the words of a notice."),
    "preview": ("tui.cli.documents:preview", "A notice as it would leave now, with its elements."),
    "variants": ("tui.cli.variants:variants", "The texts of a notice, and what two of them differ in."),
    "submit": ("tui.cli.documents:submit", "Submit a notice to counsel."),
    "approve": ("tui.cli.documents:approve", "Approve exactly one text, as counsel."),
    "request-changes": ("tui.cli.documents:request_changes", "Send a notice back, as counsel."),
    "word": ("tui.cli.word:word", "Write a notice as a Word file, for review or as a redline."),
    "take-in": ("tui.cli.word:take_in", "Take a reviewed Word file back: its changes, one by one."),
    "preflight": ("tui.cli.preflight:preflight_notice", "What printing would make: exclusions, and what stands out."),
    "render": ("tui.cli.rendering:render", "Render an approved notice as PDF."),
    "drop": ("tui.cli.rendering:drop_rendering", "Forget a rendering that was stopped, and take its files away."),
    "sample": ("tui.cli.sample:show_sample", "The letters drawn by chance, to be read before any leaves."),
    "sign-sample": ("tui.cli.sample:sign_sample", "Sign that the letters of the sample are right."),
    "refuse-sample": ("tui.cli.sample:refuse_sample", "Say what is wrong with letters of the sample."),
    "rerender": ("tui.cli.rerender:rerender_notice", "Make the PDFs of then again; are they the same bytes?"),
    "export": ("tui.cli.documents:export", "Write the PDFs to a folder."),
    "send": ("tui.cli.documents:send", "Record that a notice was sent."),
    "withdraw": ("tui.cli.documents:withdraw", "Withdraw a notice that was not sent."),
    "queue": ("tui.cli.documents:queue", "What waits for counsel."),
}


@click.group(cls=LazyGroup, elsewhere=_IN_A_CASE)
def notice() -> None:
    """Notices: what they must say, and whether a text says it."""


@notice.command()
@click.argument("text_file", metavar="TEXTFILE")
@click.option("--facts", "facts_file", metavar="FACTS.json", required=True, help="The facts (- for standard input).")
@click.option("--for", "for_ids", metavar="ID,ID", help="Obligations whose notice it is. Default: to an individual.")
@click.option(
    "--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of the words of the text."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(text_file: str, facts_file: str, for_ids: str | None, language: str, as_json: bool) -> None:  # noqa: FBT001
    """Find in TEXTFILE (.txt, .html, .docx, .pdf) what the law on these facts wants a notice to say.

    Exit codes: 0 complete; 1 something is missing or forbidden; 2 bad input, with one line per fault.
    """
    from jurisdictions.facts import FactsError  # noqa: PLC0415
    from notices.elements import check_text  # noqa: PLC0415
    from notices.errors import NoticeError  # noqa: PLC0415
    from notices.reading import read_notice  # noqa: PLC0415

    try:
        facts = _facts(facts_file)
        requirements = _requirements(facts, for_ids)
        text = read_notice(Path(text_file))
    except FactsError as error:
        _refuse(*map(str, error.faults))
    except NoticeError as error:
        _refuse(*error.faults)
    except OSError as error:
        _refuse(f"{error.filename or facts_file}: {error.strerror or error}")
    report = check_text(text, requirements, facts, language)
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=2))
    else:
        _show(report, text)
    sys.exit(0 if report.complete else INCOMPLETE)


def _refuse(*faults: str) -> NoReturn:
    for fault in faults:
        click.echo("".join(char if char.isprintable() else " " for char in fault), err=True)
    sys.exit(BAD_INPUT)


def _facts(name: str) -> BreachFacts:
    from jurisdictions.facts import decode_facts  # noqa: PLC0415

    return decode_facts(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())


def _requirements(facts: BreachFacts, for_ids: str | None) -> tuple[ContentRequirement, ...]:
    from jurisdictions.content import content_requirements  # noqa: PLC0415
    from jurisdictions.rulebook import load_rulebook  # noqa: PLC0415
    from notices.errors import NoticeError  # noqa: PLC0415

    rulebook = load_rulebook()
    if for_ids is None:
        return content_requirements(facts, rulebook)
    wanted = [each.strip() for each in for_ids.split(",") if each.strip()]
    known = sorted({element.obligation for element in rulebook.elements})
    unknown = [each for each in wanted if each not in known]
    if unknown or not wanted:
        raise NoticeError(f"--for: {', '.join(unknown) or 'nothing'}: contents are known for {', '.join(known)}")
    return content_requirements(facts, rulebook, for_ids=wanted)


def _show(report: ElementReport, text: str) -> None:
    if not report.elements and not report.forbidden:
        click.echo("No rule that applies on these facts, and whose contents are known here, asks for a notice.")
    for each in report.elements:
        state = "found" if each.found else "MISSING" if each.required else "not there"
        if each.found and each.contradicts:
            state = "WRONG"
        need = "" if each.required else ", not required"
        click.echo(f"{state:<10} {each.id} ({each.citation}{need})")
        if each.where is not None:
            _wrap(f'"{_excerpt(text, each.where)}"')
        if each.why and (each.required or each.contradicts or not each.found):
            _wrap(each.why)
    for barred in report.forbidden:
        click.echo(f"FORBIDDEN  {barred.id} ({barred.citation})")
        _wrap(f'"{_excerpt(text, barred.where)}"')
    measured = report.readability
    grade = "no prose to measure" if measured.grade is None else f"grade {measured.grade} (Flesch-Kincaid)"
    click.echo(f"Readability: {grade}; sentences over 25 words: {measured.sentences_over_25_words}.")
    click.echo("Complete." if report.complete else f"NOT COMPLETE: {len(report.problems)} to mend.")


def _excerpt(text: str, where: tuple[int, int]) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text[slice(*where)])
    return textwrap.shorten(shown, 150, placeholder=" ...")


def _wrap(words: str) -> None:
    for line in textwrap.wrap(words, WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 11):
        click.echo(line)

"""`breach notice lint`: how hard a text is to read, and what makes it so."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from notices.errors import NoticeError
from notices.lint import lint_text
from notices.reading import read_notice
from tui import plain_language
from tui.cli.common import json_option, print_json

NOT_PLAIN = 1
BAD_INPUT = 2


@click.command()
@click.argument("text_file", metavar="TEXTFILE")
@click.option(
    "--language",
    type=click.Choice(["en", "es"]),
    default="en",
    show_default=True,
    help="Of the text. Grades and words are looked at in English only.",
)
@json_option
def lint(text_file: str, language: str, *, as_json: bool) -> None:
    """How TEXTFILE (.txt, .html, .docx, .pdf) reads: grades, hedges, legalese, passive voice, long sentences, time.

    Exit codes: 0 it reads at grade 8 or lower without a sentence over 25 words; 1 it does not; 2 bad input.
    """
    try:
        text = read_notice(Path(text_file))
    except NoticeError as error:
        for fault in error.faults:
            click.echo("".join(char if char.isprintable() else " " for char in fault), err=True)
        sys.exit(BAD_INPUT)
    report = lint_text(text, language)
    if as_json:
        print_json(report.to_json())
    else:
        for line in plain_language.lint_lines(report):
            click.echo(str(line))
    sys.exit(0 if report.plain else NOT_PLAIN)

"""A plain document in two forms: text to read anywhere, and HTML for a PDF engine. Nothing in it is markup."""

import re
import textwrap
from html import escape

import msgspec

WIDTH = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STYLE = (
    "@page { size: letter; margin: 0.8in 0.8in 0.8in 0.8in; "
    '@bottom-center { content: counter(page) " / " counter(pages); font: 8pt "Noto Sans"; } } '
    'body { font: 9pt/1.35 "Noto Sans"; } h1 { font-size: 14pt; margin: 0 0 4pt; } '
    "h2 { font-size: 11pt; margin: 12pt 0 3pt; } p { margin: 0 0 3pt; } "
    "table { border-collapse: collapse; width: 100%; } "
    "td.day { white-space: nowrap; } "
    "td, th { text-align: left; vertical-align: top; padding: 2pt 6pt 2pt 0; border-bottom: 0.5pt solid #999; } "
    ".unbroken { white-space: nowrap; }"
)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading, lines, and a table (each row as many cells as there are headings).

    The first `unbroken` columns are as wide as their longest cell, on paper.
    """

    heading: str = ""
    lines: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    unbroken: int = 0


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A titled document."""

    title: str
    sections: tuple[Section, ...]


def to_text(paper: Paper) -> str:
    """The document in lines; a row of a table is its first cells in one line, the last one indented below."""
    lines = [paper.title, "=" * min(len(paper.title), WIDTH), ""]
    for section in paper.sections:
        if section.heading:
            lines += [section.heading, "-" * min(len(section.heading), WIDTH)]
        for line in section.lines:
            lines += textwrap.wrap(line, WIDTH, subsequent_indent="  ") or [""]
        for row in section.rows:
            lines += [""] if section.lines and row is section.rows[0] else []
            lines.append("  ".join(cell for cell in row[:-1] if cell))
            lines += textwrap.wrap(row[-1], WIDTH, initial_indent="    ", subsequent_indent="    ")
        lines.append("")
    return "\n".join(lines)


def to_html(paper: Paper) -> str:
    """The document as HTML without anything to fetch."""
    body = [f"<h1>{escape(paper.title)}</h1>"]
    for section in paper.sections:
        if section.heading:
            body.append(f"<h2>{escape(section.heading)}</h2>")
        body += [f"<p>{escape(line)}</p>" for line in section.lines]
        if section.rows:
            head = "".join(f"<th>{escape(heading)}</th>" for heading in section.headings)
            rows = "".join(f"<tr>{_cells(row, section.unbroken)}</tr>" for row in section.rows)
            body.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(paper.title)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def _cells(row: tuple[str, ...], unbroken: int) -> str:
    return "".join(
        f'<td class="unbroken">{escape(cell)}</td>' if column < unbroken else f"<td>{escape(cell)}</td>"
        for column, cell in enumerate(row)
    )


def _cell(text: str) -> str:
    """A cell of a table; a day is not broken at its hyphens."""
    kind = ' class="day"' if _DAY.fullmatch(text) else ""
    return f"<td{kind}>{escape(text)}</td>"

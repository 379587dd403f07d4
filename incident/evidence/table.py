"""A table for a spreadsheet, in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_SAFE = "A cell that a spreadsheet would take for a formula begins with an apostrophe."
_FORMULA = tuple("=+-@\t\r\n|%")


def csv_table(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    """Headings and rows as CSV in UTF-8 with a byte order mark, by which Excel knows it."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(headings)
    writer.writerows([_plain_cell(cell) for cell in row] for row in rows)
    return table.getvalue().encode("utf-8-sig")


def _plain_cell(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text

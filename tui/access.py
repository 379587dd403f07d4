"""How users, keys and second factors are shown, on the screen and on the command line alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incident.access.held import ADVICE, SIGNING
from tui.presenters import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incident.events import AccessRefused
    from tui.session import Session

HEADINGS = ("USER", "NAME", "ROLE", "SECOND FACTOR", "RECOVERY CODE", "ADVICE", "SIGNS", "LAST CHANGE")


def access_rows(session: Session) -> tuple[Sequence[str], list[list[str]]]:
    """Headings and a row for each user who may open the case."""
    case, zone, rows = session.workspace.case, session.zone(), []
    for row in session.queries.users():
        rows.append(
            [
                row.user,
                row.name,
                row.role.replace("_", " "),
                "on" if row.second_factor else "off",
                f"{row.recovery_code_at.astimezone(zone):%Y-%m-%d}" if row.recovery_code_at is not None else "none",
                "reads" if case.holds(row.user, ADVICE) else "sealed",
                "yes" if case.holds(row.user, SIGNING) else "no",
                moment(row.changed_at, zone),
            ]
        )
    return HEADINGS, rows


def refused_words(refused: Sequence[AccessRefused], session: Session) -> str:
    """The attempts that failed since the case was open before, in one line; empty where there were none."""
    if not refused:
        return ""
    total, last = sum(each.attempts for each in refused), max(each.last_at for each in refused)
    names = ", ".join(sorted({each.user or "somebody who is no user" for each in refused}))
    times = "1 attempt" if total == 1 else f"{total:,} attempts"
    return f"{times} to open this case failed, as {names}; the last on {moment(last, session.zone())}."


def qr_lines(address: str) -> list[str]:
    """A QR code in half blocks, dark on light, two rows of it to a line."""
    import segno  # noqa: PLC0415 - loaded only where a second factor is set up

    matrix = [
        [bool(module) for module in row]
        for row in segno.make(str(address), error="l", micro=False).matrix_iter(border=2)
    ]
    if len(matrix) % 2:
        matrix.append([False] * len(matrix[0]))
    blocks = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return [
        "".join(blocks[pair] for pair in zip(above, below, strict=True))
        for above, below in zip(matrix[::2], matrix[1::2], strict=True)
    ]

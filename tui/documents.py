"""Notices in words: the list, what an approval covers, what a rendering made. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from rich.text import Text

from incident.delivery import proves
from incident.errors import InvalidInput
from incident.events import SampleSigned
from incident.notice import METHODS, Notice
from incident.service import Receipt
from incident.views.queries import NoticeRow
from notices.catalog import KINDS
from notices.desk import Preview
from notices.manifest import Manifest
from notices.production import ProductionProgress
from tui import board
from tui.board import short_recipient


def kind_title(kind: str) -> str:
    """The title of a kind; its name where this version no longer knows it."""
    return KINDS[kind].title if kind in KINDS else kind


def serves(obligations: Iterable[str]) -> str:
    """The duties a notice fulfils, in few words; the same recipient once."""
    return ", ".join(dict.fromkeys(short_recipient(each) for each in obligations)) or "no duty of this incident"


def short(sha256: str) -> str:
    """The beginning of a hash, enough to read aloud."""
    return sha256[:12]


# --- The list


def notice_cells(row: NoticeRow, *, void: bool = False) -> Sequence[Text]:
    """NOTICE, STATUS, SERVES, APPROVED, DOCS, SENT; `void` where its approval no longer covers it."""
    status = Text(row.status, style="bold" if row.status in {"in review", "changes requested"} else "")
    if void:
        status = Text(f"VOID, {row.status}", style="bold red")
    return (
        Text(kind_title(row.kind)),
        status,
        Text(serves(row.obligations)),
        Text(row.approved_by or ""),
        Text("" if row.documents is None else f"{row.documents:,}", justify="right"),
        Text(row.sent_on.isoformat() if row.sent_on is not None else ""),
    )


def notice_panel(row: NoticeRow) -> tuple[str | Text, ...]:
    """One notice, and what comes next for it."""
    following = {
        "draft": "s submits it to counsel, e revises it.",
        "in review": "Counsel approves it (A) or asks for changes (c).",
        "changes requested": "e revises it; the comment is in the log.",
        "rejected": "Rejected: it is not to be used. e drafts anew with its words; the comment is in the log.",
        "approved": "r renders it.",
        "rendered": "Letters: S reads and signs their sample. x exports the files for mailing, d records them as sent.",
        "partly sent": "d records the next batch; the last one fulfils the duty.",
        "dispatched": "Sent.",
        "withdrawn": "Withdrawn; it is not used.",
    }
    return (
        Text(kind_title(row.kind), style="bold"),
        f"{row.status.capitalize()} · drafted by {row.drafted_by}"
        + (f" · approved by {row.approved_by}" if row.approved_by else ""),
        f"Serves: {serves(row.obligations)}",
        following.get(row.status, ""),
    )


# --- One notice


def record_lines(state: Notice, look: Preview | None) -> tuple[str | Text, ...]:
    """Everything the record says about a notice."""
    lines: list[str | Text] = [
        Text(kind_title(state.kind), style="bold"),
        f"Status: {state.status}",
        f"Serves: {', '.join(state.obligations) or 'no duty of this incident'}",
        f"Drafted by: {', '.join(sorted(state.drafters))}",
        f"Text as recorded: {state.content_sha256}",
    ]
    if look is not None and look.content_sha256 != state.content_sha256:
        lines.append(f"Text as it would leave now: {look.content_sha256} (the facts it prints have changed)")
    if state.approval is not None:
        lines += [
            "",
            Text(f"{'REPORTED approval of' if state.reported_by else 'Approved by'} {state.approved_by}", style="bold"),
            *([f"Reported by {state.reported_by}; counsel has not recorded it"] if state.reported_by else []),
            f"Text {state.approval.content_sha256}",
            f"Facts {state.approval.facts_sha256}",
            f"Rulebook {state.approval.rulebook_hash}",
        ]
    if state.rendered is not None:
        rendered = state.rendered
        left_out = sum(row.count for row in rendered.excluded)
        lines += [
            "",
            Text(f"Rendered with {rendered.engine}", style="bold"),
            f"{rendered.rows:,} rows = {rendered.documents:,} documents + {left_out:,} excluded",
            *(f"  {row.count:,} {row.reason}" for row in rendered.excluded),
            *(f"  {file.name} · {file.size:,} bytes · {file.sha256}" for file in rendered.files),
        ]
    if state.sample is not None:
        read = f"{len(state.sample.codes):,} of {state.sample.letters:,} letters read"
        right = isinstance(state.sample, SampleSigned)
        lines += ["", Text(f"Sample {'signed' if right else 'refused'}: {read}", style="bold"), *state.sample.codes]
    for sent in state.dispatched:
        lines += ["", Text(f"Sent on {sent.on}", style="bold"), f"{sent.count:,} by {method_words(sent.method)}"]
        lines += [f"{sent.certificate}: {proves(sent.certificate)}"] if sent.certificate else []
    return tuple(lines)


def initials(name: str) -> str:
    """KO for Kim Osei: what a person types to sign."""
    return "".join(word[0] for word in name.split() if word[0].isalpha()).upper()


def method_words(method: str) -> str:
    """A way of sending, in words."""
    return dict(METHODS).get(method, method)


# --- Rendering


def rendering_progress(progress: ProductionProgress, total: int, seconds: float) -> tuple[float, tuple[str, ...]]:
    """How far a rendering has come; `total` are the accepted people, 0 for a report.

    Rate and time left go by what this run has made, not by what an earlier one had finished.
    """
    part = progress.rows / total if total else 0.0
    made = progress.rows - progress.resumed
    # The first few tell nothing: they wait for the text to be laid out.
    rate = f" · {made / seconds:,.0f} a second" if seconds > 1 and made > 10 else ""
    left = f" · {_span(seconds * (total - progress.rows) / made)} left" if rate and total else ""
    resumed = (f"{progress.resumed:,} rows were finished before and are not made again",) if progress.resumed else ()
    return part, (
        f"{progress.documents:,} letters{rate}{left}",
        f"{progress.rows:,} rows = {progress.documents:,} letters + {progress.excluded:,} excluded",
        *resumed,
    )


def _span(seconds: float) -> str:
    """A time to wait: 8 s, 2 min 05 s, 1 h 10 min."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def manifest_lines(manifest: Manifest) -> tuple[str | Text, ...]:
    """What a rendering made."""
    left_out = manifest.left_out or {}
    files = len(manifest.files) + sum(segment.files for segment in manifest.segments)
    what = {"individual_letter": "letters", "email_notice": "emails"}.get(manifest.kind, "documents")
    return (
        Text(
            f"{manifest.rows:,} rows = {manifest.documents:,} {what} + {sum(left_out.values()):,} excluded",
            style="bold",
        ),
        *(f"{count:>7,}  {reason}" for reason, count in sorted(left_out.items(), key=lambda each: -each[1])),
        f"{files:,} file{'' if files == 1 else 's'}, {manifest.pages or 0:,} pages, made with {manifest.engine}.",
        "Each letter was read back from its PDF and compared with its row." if what == "letters" else "",
        "Each email was read back and compared with its row. None was sent." if what == "emails" else "",
        "Next: S reads and signs a random sample; before that no letter may leave." if what == "letters" else "",
        "The files are encrypted in the case; their hashes are in the log. x writes them to a folder for mailing.",
    )


def change_lines(receipt: Receipt) -> tuple[Text, ...]:
    """What a receipt changed on the board; says so where it changed nothing."""
    return board.change_lines(receipt.changes) or (Text("Nothing changed on the board."),)


def past_day(text: str, today: date) -> date:
    """A day that has come, as YYYY-MM-DD.

    Raises:
        InvalidInput: it cannot be read, or lies in the future.
    """
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput("a day as YYYY-MM-DD") from None
    if found > today:
        raise InvalidInput(f"that lies in the future; today is {today}. Record it when it has happened")
    return found

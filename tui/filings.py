"""Reports to regulators in words: duties with their filings, the worksheet screen by screen. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from rich.text import Text

from incident.views.queries import FactRow, FilingRow, NoticeRow
from jurisdictions.obligations import Assessment, Obligation, Status
from jurisdictions.vocabulary import USPS
from notices.context import CaliforniaAgContext, HhsWorksheetContext
from notices.desk import Checked, Preview
from notices.worksheet import Entry, Mark, Screen, california_worksheet, hhs_worksheet
from tui.board import short_recipient, state_words
from tui.presenters import day, left

Facts = Mapping[str, FactRow]

APPROVED = frozenset({"approved", "rendered", "dispatched"})
"""States of a notice from which a report may be filed."""


def to_regulator(obligation_id: str) -> bool:
    """Whether a duty is owed to a public authority, which takes a report."""
    stem, _, tail = obligation_id.partition(":")
    return stem.rpartition(".")[2] in {"hhs", "ftc", "cdph", "attorney_general", "hipaa_attorney_general"} or (
        stem.endswith(".regulator") and bool(tail)
    )


class Report(msgspec.Struct, frozen=True):
    """A duty to report, with the latest filing made for it; either may be missing."""

    obligation_id: str
    duty: Obligation | None
    filing: FilingRow | None
    known: int | None
    """How many people the report is about, as known now; None where that is not one number."""

    @property
    def addendum_due(self) -> bool:
        """Whether the regulator was told another number than is known now."""
        filing = self.filing
        return (
            filing is not None
            and filing.filed_on is not None
            and filing.count is not None
            and self.known is not None
            and filing.count != self.known
        )


def reports(assessment: Assessment | None, filings: Sequence[FilingRow], facts: Facts) -> tuple[Report, ...]:
    """Every duty to report that is owed or was acted on, in the order of the board; what does not arise stays there."""
    latest = {row.obligation_id: row for row in filings}
    duties = {duty.id: duty for duty in assessment.obligations} if assessment is not None else {}
    shown = [
        name
        for name, duty in duties.items()
        if to_regulator(name) and (duty.status is not Status.NOT_REQUIRED or name in latest)
    ]
    shown += [name for name in latest if name not in duties]
    return tuple(Report(name, duties.get(name), latest.get(name), known_count(name, facts)) for name in shown)


def known_count(obligation_id: str, facts: Facts) -> int | None:
    """How many people a report is about, as known now: the State's residents, or everybody."""
    place = obligation_id.partition(".")[0].upper()
    path = f"affected.by_state.{place}" if place in USPS and not obligation_id.startswith("us.") else "affected.total"
    value = facts[path].value if path in facts else None
    return value if isinstance(value, int) else None


def report_cells(report: Report, now: datetime, zone: ZoneInfo) -> Sequence[Text]:
    """DUE, LEFT, TO WHOM, STATE, FILED, NUMBER."""
    duty, filing = report.duty, report.filing
    due = remaining = state = ""
    if duty is not None:
        state = state_words(duty)
        if duty.status is Status.WAITS:
            due = f"waits on {short_recipient(duty.waits_on or '')}"
        elif duty.safest is not None:
            due = day(duty.safest)
            if duty.status not in {Status.MET, Status.MET_LATE}:
                remaining = left(duty.safest, now, zone)
    if filing is None:
        filed = ""
    elif filing.filed_on is None:
        filed = "prepared"
    else:
        filed = f"{filing.filed_on}"
    if report.addendum_due:
        state = "ADDENDUM DUE"
    recipient = short_recipient(report.obligation_id, filing.recipient if filing is not None else "")
    return (
        Text(due),
        Text(remaining, style="bold" if remaining.endswith(("late", "m", "h")) else ""),
        Text(recipient),
        Text(state, style="bold" if report.addendum_due else ""),
        Text(filed),
        Text(filing.tracking or "" if filing is not None else ""),
    )


def report_panel(report: Report) -> tuple[str | Text, ...]:
    """One report in full, and what comes next."""
    lines: list[str | Text] = [Text(short_recipient(report.obligation_id), style="bold")]
    if report.duty is not None:
        lines.append(f"{report.duty.recipient} · {report.duty.standard} ({'; '.join(report.duty.citations)})")
    filing = report.filing
    if filing is None:
        lines.append("n prepares the report from an approved notice.")
    elif filing.filed_on is None:
        lines.append("Prepared. Enter opens the worksheet, f records it as filed.")
    else:
        told = f", {filing.count:,} people" if filing.count is not None else ", no number of people"
        number = f", number {filing.tracking}" if filing.tracking else ", no tracking number yet"
        lines.append(f"Filed on {filing.filed_on} by {filing.channel}{told}{number}.")
    if report.addendum_due:
        assert filing is not None
        lines.append(
            Text(
                f"Told {filing.count:,}, known now {report.known:,}: file an addendum, then a records it.", style="bold"
            )
        )
    return tuple(lines)


def sources(notices: Sequence[NoticeRow], obligation_id: str) -> tuple[NoticeRow, ...]:
    """The notices from which this report may be made: they serve the duty and are approved."""
    return tuple(row for row in notices if obligation_id in row.obligations and row.status in APPROVED)


def no_source(notices: Sequence[NoticeRow], obligation_id: str) -> str:
    """Why there is none, and what to do."""
    whom = short_recipient(obligation_id)
    waiting = [row for row in notices if obligation_id in row.obligations and row.status not in {"withdrawn"}]
    if waiting:
        return f"The notice for {whom} is {waiting[-1].status}; it has to be approved first."
    return f"No notice serves {whom} yet: 5, then n drafts it."


# --- The worksheet


def worksheet_screens(look: Preview) -> tuple[Screen, ...]:
    """The form in the regulator's own order; a document that is sent as it is stands in one piece."""
    match look.context:
        case HhsWorksheetContext():
            return hhs_worksheet(look.context).screens
        case CaliforniaAgContext():
            return california_worksheet(look.context).screens
        case _:
            return (Screen(title="The notice itself", entries=tuple(_whole(each) for each in look.documents)),)


def _whole(checked: Checked) -> Entry:
    return Entry(
        name=checked.document.name,
        label=checked.document.title,
        compulsory=True,
        mark=Mark.VERIFIED,
        note=None,
        values=(checked.document.text,),
        options=(),
        missing=False,
        length=None,
    )


def entry_text(entry: Entry) -> str:
    """What is typed or pasted into the field."""
    return "\n".join(entry.values)


def entry_cells(entry: Entry, *, copied: bool) -> Sequence[Text]:
    """FIELD, VALUE, and whether it was copied."""
    value = Text("MISSING", style="bold") if entry.missing else Text(" · ".join(entry.values).replace("\n", " "))
    return Text(entry.label + (" *" if entry.compulsory else "")), value, Text("copied" if copied else "", style="dim")


_MARKS = {
    Mark.TWIN: "Wording read on the 42 CFR Part 2 twin form.",
    Mark.UNVERIFIED: "Wording not verified: compare it with the live form.",
}


def entry_panel(entry: Entry) -> tuple[str | Text, ...]:
    """A field in full: its options as the form lists them, or its text."""
    lines: list[str | Text] = [Text(entry.label, style="bold")]
    lines += [f"{'[X]' if option.chosen else '[ ]'} {option.text}" for option in entry.options]
    if not entry.options:
        lines += entry_text(entry).splitlines()
    lines += [words for words in (entry.length, entry.note, _MARKS.get(Mark(entry.mark))) if words]
    return tuple(lines)


def screen_words(screens: Sequence[Screen], place: int) -> Text:
    """2. Contact · screen 2 of 6 · 1 compulsory field empty."""
    screen = screens[place]
    empty = sum(entry.missing for entry in screen.entries)
    words = Text.assemble((screen.title, "bold"), f" · screen {place + 1} of {len(screens)}")
    if empty:
        words.append(f" · {empty} compulsory field{'' if empty == 1 else 's'} empty", style="bold")
    return words

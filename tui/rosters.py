"""Lists of affected people in words: files, counts, rows, findings. Pure; names and cells are Text, never markup."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from incident.roster.counts import BY_STATE, MUST_NOTIFY
from incident.roster.mapping import FIELDS
from incident.roster.record import Status
from incident.roster.report import Preview, PreviewRow, Progress, RosterReport
from incident.service import Receipt
from incident.views.queries import FactRow, RosterRow
from incident.views.wording import value_words
from tui import board

FIELD_WORDS: Mapping[str, str] = {
    "patient_id": "Account number",
    "full_name": "Full name",
    "honorific": "Honorific",
    "given_name": "Given name",
    "middle_name": "Middle name",
    "family_name": "Family name",
    "suffix": "Suffix",
    "street_number": "House number",
    "address1": "Street",
    "address2": "Street, line 2",
    "zip": "ZIP",
    "date_of_birth": "Date of birth",
    "date_of_death": "Date of death",
    "guardian_name": "Guardian",
    "email": "E-mail",
    "email_consent": "E-mail consent",
    "data_elements": "Data elements",
    "residence": "Resides in (State)",
}


def field_words(field: str) -> str:
    """A field of a roster in words: Date of birth; Next of kin city."""
    return FIELD_WORDS.get(field) or field.replace("address1", "street").replace("_", " ").capitalize()


def visible(cell: str) -> str:
    """A cell as read from a file, in one line and without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(cell.split("\n")))


def pair_lines(values: Mapping[str, str]) -> Text:
    """Every filled value after its name, in one paragraph."""
    shown = [Text.assemble((f"{name} ", "dim"), visible(text)) for name, text in values.items() if text]
    return Text("   ").join(shown)


# --- The lists of an incident


def equation(rows_in: int, accepted: int, quarantined: int, merged: int) -> str:
    """1,264 in = 1,231 accepted + 9 quarantined + 24 merged."""
    return f"{rows_in:,} in = {accepted:,} accepted + {quarantined:,} quarantined + {merged:,} merged"


def by_state_words(by_state: Mapping[str, int]) -> str:
    """IL 1,143 · CA 61 · IN 27 · not known 3: the largest first, those not known last."""
    known = sorted(((code, count) for code, count in by_state.items() if code and count), key=lambda each: -each[1])
    words = [f"{code} {count:,}" for code, count in known]
    if unknown := by_state.get("", 0):
        words.append(f"not known {unknown:,}")
    return " · ".join(words) or "nobody"


def roster_cells(row: RosterRow) -> Sequence[Text]:
    """FILE, IN, ACCEPTED, QUARANTINE, MERGED, MINORS, DECEASED, NO ADDRESS."""
    open_rows = row.quarantined - row.excluded
    return (
        Text(row.source_name),
        *(Text(f"{count:,}", justify="right") for count in (row.rows_in, row.accepted)),
        Text(f"{open_rows:,}", justify="right", style="bold" if open_rows else ""),
        *(
            Text(f"{count:,}", justify="right")
            for count in (row.merged, row.minors, row.deceased, row.insufficient_contact)
        ),
    )


def roster_panel(row: RosterRow) -> tuple[str | Text, ...]:
    """One list in full."""
    open_rows = row.quarantined - row.excluded
    lines: list[str | Text] = [
        Text(row.source_name, style="bold"),
        equation(row.rows_in, row.accepted, row.quarantined, row.merged),
        f"State of residence: {by_state_words(row.by_state)}",
        f"Minors {row.minors:,} · deceased {row.deceased:,} · cannot be reached in writing "
        f"{row.insufficient_contact:,}{f' (open: {row.contact_open:,})' if row.contact_open else ''}"
        f" · deceased without a reachable next of kin {row.next_of_kin_insufficient_contact:,}",
    ]
    if row.quarantined:
        lines.append(
            f"Quarantine: {open_rows:,} to decide, {row.excluded:,} excluded for good."
            + (" q opens them." if open_rows else "")
        )
    lines.append(f"Imported at #{row.opened_position}. Enter shows the people.")
    return tuple(lines)


def pairs_words(waiting: int, shown: str = "d opens them.") -> tuple[str, ...]:
    """How many pairs wait; until they are decided the counts of the law are ranges."""
    if not waiting:
        return ()
    many = f"{waiting:,} pairs of rows" if waiting != 1 else "1 pair of rows"
    return (f"{many} may be one person: until they are decided, counts are ranges. {shown}",)


def across_words(waiting: int, shown: str = "d opens them.") -> tuple[str, ...]:
    """How many people may stand on two lists; until that is decided the counts of the law are ranges."""
    if not waiting:
        return ()
    many = f"{waiting:,} pairs of rows of two lists" if waiting != 1 else "1 pair of rows of two lists"
    return (f"{many} may be one person: until they are decided, counts are ranges. {shown}",)


def by_status(row: RosterRow) -> dict[str, dict[str, int]]:
    """Rows of a list by what became of them; those excluded stand apart from those that wait."""
    waiting = row.quarantined - row.excluded
    return {
        "by_status": {
            "accepted": row.accepted, "quarantined": waiting, "merged": row.merged, "excluded": row.excluded,
        }
    }  # fmt: skip


def law_lines(facts: Mapping[str, FactRow]) -> list[str | Text]:
    """What the lists come to for the law: who cannot be reached, and whom a State's own definition covers, and why."""
    lines: list[str | Text] = []
    unreachable = facts.get("affected.insufficient_contact")
    if unreachable is not None:
        lines.append(
            f"Cannot be reached in writing: {value_words(unreachable.value)}; fewer than 10, or 10 or more, decides "
            "the form of substitute notice (45 CFR 164.404(d)(2))."
        )
    kin = facts.get("affected.next_of_kin_insufficient_contact")
    if kin is not None and kin.value != 0:
        lines.append(
            f"Next of kin without an address: {value_words(kin.value)}; no substitute notice is owed for them "
            "(164.404(d)(1)(ii), (d)(2))."
        )
    for path, fact in sorted(facts.items()):
        if path.startswith(MUST_NOTIFY):
            state = path.removeprefix(MUST_NOTIFY)
            affected = facts.get(f"{BY_STATE}{state}")
            of = f" of {value_words(affected.value)} affected" if affected is not None else ""
            lines.append(f"{state}: {value_words(fact.value)}{of} must be told; {fact.source or 'recorded by hand'}")
    return lines


def total_words(rosters: Sequence[RosterRow]) -> str:
    """All lists of the incident in one line."""
    if not rosters:
        return "No list of people yet."
    sums = equation(
        sum(row.rows_in for row in rosters),
        sum(row.accepted for row in rosters),
        sum(row.quarantined for row in rosters),
        sum(row.merged for row in rosters),
    )
    return sums if len(rosters) == 1 else f"{len(rosters)} lists: {sums}"


# --- Before and during an import


def preview_summary(preview: Preview) -> str:
    """utf-8 · comma · 12 of 14 columns read · not read: Notes, VIP; of a workbook its sheet comes first."""
    separator = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}.get(preview.delimiter, preview.delimiter)
    certain = "" if preview.encoding_certain else " (a guess)"
    used = len(set(preview.mapping.values()))
    form = f"{preview.encoding}{certain} · {separator}"
    if preview.sheet:
        place = (
            f" ({preview.sheets.index(preview.sheet) + 1} of {len(preview.sheets)})" if len(preview.sheets) > 1 else ""
        )
        form = f"Excel · sheet {visible(preview.sheet)}{place}"
    words = f"{form} · {used} of {len(preview.headings)} columns read"
    if aside := sum(row.status == Status.QUARANTINED for row in preview.rows):
        words += f" · ✗ {aside} of the first {len(preview.rows)} rows would be set aside"
    return words + (f" · not read: {', '.join(preview.ignored)}" if preview.ignored else "")


def preview_cells(row: PreviewRow) -> Sequence[Text]:
    """ROW, whether it would be set aside, NAME, ADDRESS, ST, ZIP, BORN, FINDINGS, as read from the file."""
    value = {field: " ".join(visible(text).split()) for field, text in row.values.items()}.get
    name = value("full_name") or " ".join(filter(None, (value("given_name"), value("family_name"))))
    street = " ".join(filter(None, (value("street_number"), value("address1"), value("address2"))))
    return (
        Text(f"{row.row:>4}"),
        Text("✗" if row.status == Status.QUARANTINED else "", style="bold"),
        Text(name),
        Text(", ".join(filter(None, (street, value("city"))))),
        Text(value("state", "")),
        Text(value("zip", "")),
        Text(value("date_of_birth", "")),
        Text("; ".join(row.findings)),
    )


def preview_panel(row: PreviewRow) -> tuple[str | Text, ...]:
    """One row as it is read: every field, and every finding."""
    values = pair_lines({field_words(field): text for field, text in row.values.items()})
    findings = [Text(f"· {finding}") for finding in row.findings]
    return (Text(f"Row {row.row}: {row.status}", style="bold"), values, *findings)


def mapping_cells(field: str, heading: str | None, samples: Sequence[str], asked: Sequence[str]) -> Sequence[Text]:
    """FIELD, COLUMN, FIRST VALUES. `asked` are the columns of which one has to be chosen."""
    column = heading or (f"? {' or '.join(asked)}" if asked else "-")
    return (
        Text(field_words(field), style="bold" if heading or asked else "dim"),
        Text(column, style="bold" if asked else "" if heading else "dim"),
        Text(" · ".join(samples), style="dim"),
    )


def mapping_rows(preview: Preview) -> dict[str, Sequence[Text]]:
    """Every field with the column that is read into it: those to be chosen first, then those that have one."""
    fields = sorted(FIELDS, key=lambda field: (field not in preview.undecided, field not in preview.mapping))
    return {
        field: mapping_cells(
            field,
            preview.mapping.get(field),
            [visible(row.values[field]).strip() for row in preview.rows if row.values.get(field, "").strip()][:4],
            preview.undecided.get(field, ()),
        )
        for field in fields
    }


def progress_words(progress: Progress, seconds: float) -> str:
    """12,000 rows · 24,100 a second · 2 s left."""
    words = f"{progress.rows_in:,} rows"
    if seconds > 0.5 and progress.rows_in:
        words += f" · {progress.rows_in / seconds:,.0f} a second"
        if progress.bytes_read >= progress.bytes_total:
            return f"{words} · comparing them with each other"
        if progress.bytes_read:
            rest = seconds * (progress.bytes_total - progress.bytes_read) / progress.bytes_read
            words += f" · {rest:,.0f} s left"
    return words


def progress_counts(progress: Progress) -> str:
    """How the rows so far were sorted."""
    return equation(progress.rows_in, progress.accepted, progress.quarantined, progress.merged)


def outcome_lines(report: RosterReport, receipt: Receipt) -> tuple[str | Text, ...]:
    """What an import came to: the counts, what was noticed, and what it changed on the board."""
    lines: list[str | Text] = [
        Text(equation(report.rows_in, report.accepted, report.quarantined, report.merged), style="bold"),
        f"State of residence: {by_state_words(report.by_state)}",
        f"Minors {report.minors:,} · deceased {report.deceased:,} · no sufficient address "
        f"{report.insufficient_contact:,} · birth date unknown {report.birth_date_unknown:,}",
    ]
    if report.review:
        lines.append(f"{report.review:,} pairs of rows may be one person: d shows them side by side.")
    if report.across:
        lines.append(f"{report.across:,} pairs of rows of two lists may be one person: d shows them too.")
    lines.extend(report.problems)
    lines.append("")
    if receipt.changes:
        lines.append(Text("Changed on the board", style="bold"))
    lines.extend(board.change_lines(receipt.changes) or [Text("Nothing changed on the board.", style="bold")])
    if report.findings:
        lines.append("")
        lines.append(Text("What the checks noticed", style="bold"))
        lines.extend(f"{count:>7,}  {words}" for words, count in sorted(report.findings.items(), key=lambda e: -e[1]))
    return tuple(lines)

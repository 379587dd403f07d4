"""People affected in words: rows, findings, what became of letters. Pure; names and cells are Text, never markup."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.roster.export import Manifest
from incident.roster.person import Address, Addressee, Contact, NoLetter, Person, addressee, age_on
from incident.roster.reasons import Flag, Severity, line, reason
from incident.roster.record import Row, Status
from incident.roster.returned import ReturnedReport
from incident.views.mailings import Sending
from incident.views.queries import TimelineRow
from jurisdictions.vocabulary import USPS
from notices.mailed import PersonLetter
from tui.presenters import moment
from tui.rosters import pair_lines, visible

FLAG_WORDS: Mapping[Flag, str] = {
    Flag.MINOR: "minor",
    Flag.DECEASED: "deceased",
    Flag.INSUFFICIENT_ADDRESS: "no address",
    Flag.OUT_OF_DATE: "came back",
    Flag.NEXT_OF_KIN_INSUFFICIENT: "no next of kin",
    Flag.CONFIDENTIAL_ADDRESS: "confidential address",
    Flag.REPRESENTATIVE: "representative",
    Flag.POSSIBLE_DUPLICATE: "possible duplicate",
    Flag.WARNING: "warning",
    Flag.REPAIRED: "repaired",
    Flag.ZIP_MISMATCH: "ZIP of another State",
    Flag.BIRTH_DATE_UNKNOWN: "birth date unknown",
    Flag.AGE_OF_MAJORITY: "majority above 18?",
    Flag.ELECTRONIC_CONSENT: "e-mail consent",
    Flag.OTHER_LANGUAGE: "other language",
    Flag.LARGE_PRINT: "large print",
    Flag.FOREIGN: "abroad",
    Flag.MILITARY: "military",
    Flag.PO_BOX: "PO box",
    Flag.COMPANY_NAME: "organization?",
    Flag.ONE_NAME: "one name",
}
"""Every flag, the ones that decide about a letter first."""


def flag_words(flags: Flag) -> str:
    """Minor · no address: the ones that decide about a letter first."""
    return " · ".join(words for flag, words in FLAG_WORDS.items() if flags & flag)


def person_cells(row: Row) -> Sequence[Text]:
    """ROW, NAME, PLACE, ST, BORN, NOTES; what is not plainly accepted says so in the notes."""
    person = row.person
    if person is None:
        name = "(erased)" if row.status is Status.ERASED else "(no person could be read)"
    else:
        name = person.name or "(no name)"
    place = person.address.city or person.address.country if person is not None else ""
    born = person.date_of_birth if person is not None else None
    notes = Text(flag_words(row.flags))
    if row.status is not Status.ACCEPTED:
        status = f"{row.status} into row {row.merged_into:,}" if row.merged_into is not None else str(row.status)
        if row.status is Status.MERGED and row.merged_into is None:
            status = "merged into a person of another list"
        notes = Text(" · ").join([Text(status, style="bold"), notes] if notes else [Text(status, style="bold")])
    return (
        Text(f"{row.row:,}", justify="right"),
        Text(name, style="dim" if person is None else ""),
        Text(place),
        Text(row.state),
        Text(born.isoformat() if born else ""),
        notes,
    )


def person_lines(row: Row, on: date) -> tuple[str | Text, ...]:
    """One row in full: who it is, who gets the letter and why, what was found, and the cells as they were read."""
    lines: list[str | Text] = [
        Text(f"Row {row.row:,}: {row.status}" + (f" into row {row.merged_into:,}" if row.merged_into else "")),
    ]
    if row.person is not None:
        lines.extend(_who(row.person, on))
        if row.status is Status.ACCEPTED:
            lines.extend(_letter(row.person, on))
            if Flag.OUT_OF_DATE in row.flags:
                lines.append(Text("! What was sent came back: the history says what. o records what is found.", "bold"))
    if row.elements:
        lines.append(f"Data: {', '.join(row.elements)}")
    if row.findings:
        lines.append("")
    lines.extend(_findings(row.findings))
    lines.extend(_cells(row.original))
    return tuple(lines)


def _who(person: Person, on: date) -> list[str | Text]:
    lines: list[str | Text] = [Text(person.name or "(no name)", style="bold")]
    lines.extend(person.address.block)
    residence = USPS.get(person.state, "not known")
    born = "not known"
    if person.date_of_birth is not None:
        born = f"{person.date_of_birth} ({age_on(person.date_of_birth, on)})"
    lines.append(f"Residence {residence} · born {born}" + (f" · {person.phone}" if person.phone else ""))
    if person.date_of_death is not None or person.deceased:
        lines.append(f"Deceased{f' {person.date_of_death}' if person.date_of_death else ''}")
    if person.email:
        consent = {True: "agreed to e-mail notice", False: "no e-mail notice", None: "no consent on file"}
        lines.append(f"{person.email} ({consent[person.email_consent]})")
    for label, words in (
        ("Guardian", person.guardian_name),
        ("Next of kin", _contact(person.next_of_kin)),
        ("Representative", _contact(person.representative)),
        ("Confidential address", _address(person.confidential_address)),
        ("Language", person.language),
        ("Asked for", person.format),
        ("Account", person.patient_id),
    ):
        if words:
            lines.append(Text.assemble((f"{label}: ", "dim"), words))
    return lines


def _letter(person: Person, on: date) -> list[str | Text]:
    match addressee(person, on):
        case Addressee() as to:
            return ["", Text(f"Letter ({to.audience.replace('_', ' ')}, {to.basis})", style="bold"), *to.lines]
        case NoLetter(reason=why):
            return ["", Text("No letter", style="bold"), why]


def _contact(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.name, _address(contact.address))))


def _address(address: Address) -> str:
    return ", ".join(address.block)


_GRAVITY = (Severity.QUARANTINE, Severity.WARNING, Severity.REPAIR, Severity.NOTE)


def _findings(codes: Sequence[str]) -> list[str | Text]:
    lines: list[str | Text] = []
    for code in sorted(codes, key=lambda code: _GRAVITY.index(reason(code).severity)):
        why = reason(code)
        mark = {Severity.QUARANTINE: "✗", Severity.WARNING: "!", Severity.REPAIR: "~"}.get(why.severity, "·")
        lines.append(Text(f"{mark} {line(code)}", style="bold" if why.severity is Severity.QUARANTINE else ""))
        if why.fix and why.severity in {Severity.QUARANTINE, Severity.WARNING}:
            lines.append(Text(f"    {why.fix}", style="dim"))
    return lines


def _cells(original: Mapping[str, str]) -> list[str | Text]:
    if not original:
        return []
    return ["", Text("As it was read", style="bold"), pair_lines(original)]


# --- Quarantine


def quarantine_reasons(row: Row) -> tuple[str, ...]:
    """What set the row aside, one line each."""
    return tuple(line(code) for code in row.findings if reason(code).severity is Severity.QUARANTINE)


def quarantine_cells(row: Row) -> Sequence[Text]:
    """ROW, WHO, WHY."""
    name = row.person.name if row.person is not None else ""
    read = name or visible(" ".join(filter(None, row.original.values())))
    why = "; ".join(quarantine_reasons(row))
    return Text(f"{row.row:>6,}"), Text(read, style="" if name else "dim"), Text(why)


def held_lines(row: Row) -> tuple[str | Text, ...]:
    """A row in quarantine: why it is there and what could be done, then the cells as they were read."""
    return (Text(f"Row {row.row:,}", style="bold"), *_findings(row.findings), *_cells(row.original))


# --- What comes back, and what is destroyed


def returned_words(done: ReturnedReport) -> list[str | Text]:
    """12 in = 9 matched + 1 ambiguous + 1 unknown + 1 already, then every line that a person should look at."""
    lines: list[str | Text] = [
        Text(
            f"{done.lines_in:,} in = {done.matched:,} matched + {done.ambiguous:,} ambiguous "
            f"+ {done.unknown:,} unknown + {done.already:,} already",
            style="bold",
        )
    ]
    if done.forwarded:
        lines.append(f"Forwarding addresses taken: {done.forwarded:,}. Mail the letter there again.")
    for way in done.lines:
        if way.way != "matched" or way.why:
            rows = ", ".join(f"{row:,}" if number == 1 else f"{row:,} of list {number}" for number, row in way.rows)
            about = f" (row {rows})" if rows else ""
            lines.append(Text(f"line {way.line:,}: {way.way}{about}{f': {way.why}' if way.why else ''}"))
    return lines


def erasure_lines(row: Row) -> list[str | Text]:
    """What an erasure destroys, and what it does not."""
    name = row.person.name if row.person is not None else "a row without a person"
    return [
        Text.assemble("Row ", (f"{row.row:,}", "bold"), ": ", (visible(name), "bold")),
        "Destroyed for good: name, addresses, dates, contact, findings and the cells as they were read, with their "
        "key, their words in the search index, and the rows that were merged into this one. There is no undo.",
        "Kept: that a person stood on this row; the State, and what was counted (the person was affected); who erased "
        "it, when and on what ground; every other entry of the log, which names nobody.",
        "Not reached: backups and exports made before, letters already printed, the file that was imported.",
    ]


def history_lines(entries: Sequence[TimelineRow], zone: ZoneInfo) -> list[str | Text]:
    """What the log has of a person, oldest first."""
    lines: list[str | Text] = ["", Text("History", style="bold")]
    for each in entries:
        words = Text.assemble(
            (f"#{each.position} ", "bold"), f"{moment(each.recorded_at, zone)} · {each.by} · {each.text}"
        )
        if each.because:
            words.append(f" ({visible(each.because)})", style="dim")
        lines.append(words)
    return lines


def letter_lines(letters: Sequence[PersonLetter], zone: ZoneInfo) -> list[str | Text]:
    """Which letters were printed for a person, where each is, and when it went out; or why there is none."""
    lines: list[str | Text] = ["", Text("Letters printed", style="bold")] if letters else []
    for each in letters:
        at = moment(each.at, zone)
        if each.why_none:
            lines.append(Text.assemble((f"#{each.position} ", "bold"), f"{at} · none: {each.why_none}"))
            continue
        anew = "printed anew for the newer address, " if each.again else ""
        pages = f"page {each.first_page}" if each.pages == 1 else f"pages {each.first_page}-{each.last_page}"
        lines.append(Text.assemble((f"#{each.position} ", "bold"), f"{at} · {anew}{each.file}, {pages} · {each.code}"))
        lines += [f"    {_went_out(sending)} (#{sending.position})" for sending in each.sent]
        lines += [
            f"    {_went_out(sending)} with {sending.count:,} letters; the record does not say which "
            f"(#{sending.position})"
            for sending in each.perhaps
        ]
        if not each.sent and not each.perhaps:
            lines.append("    not recorded as sent")
    return lines


def _went_out(sending: Sending) -> str:
    return f"sent {sending.on}, {sending.method.replace('_', ' ')}"


def export_lines(manifest: Manifest) -> list[str | Text]:
    """What left the vault, and what did not."""
    left_out = sum(manifest.left_out.values())
    return [
        Text(f"{manifest.people:,} people = {manifest.exported:,} lines + {left_out:,} left out", style="bold"),
        *(f"{count:>7,}  {why}" for why, count in manifest.left_out.items()),
        Text(f"{manifest.file}, SHA-256 {manifest.sha256}"),
        "",
        manifest.warning,
    ]

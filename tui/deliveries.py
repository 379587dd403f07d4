"""Delivery in words: batches, what they prove, what stands posted, how each person stands. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from rich.text import Text

from incident.delivery import CERTIFICATES, Batch, missing_runs, proves, read_runs, runs_words
from incident.errors import InvalidInput
from incident.posting import FORMS, LAWS, Posting, Watch
from incident.views.delivery import BatchRow, Delivery, NoticeDelivery
from notices.standing import STATUSES, PersonStanding, tally
from tui.documents import kind_title
from tui.presenters import day


def sum_words(each: NoticeDelivery) -> str:
    """1,228 letters = 600 sent in 2 batches + 628 not yet sent."""
    batches = [batch for batch in each.batches if not batch.again]
    what = "letters" if each.notice.kind == "individual_letter" else "documents"
    count = f"{len(batches)} batch{'' if len(batches) == 1 else 'es'}"
    return f"{each.rendered:,} {what} = {each.sent:,} sent in {count} + {each.unsent:,} not yet sent"


def batch_words(batch: BatchRow) -> str:
    """#57 Mon 2026-11-23: 600 by first class mail (1-600), carrier USPS."""
    again = " again" if batch.again else ""
    which = f" ({runs_words(batch.letters)})" if batch.letters else ""
    carrier = f", {batch.carrier}" if batch.carrier else ""
    return (
        f"#{batch.position} {day(batch.on)}: {batch.count:,}{again} by {batch.method.replace('_', ' ')}{which}{carrier}"
    )


def proof_words(batch: BatchRow) -> str:
    """What shows that it went out."""
    if not batch.certificate:
        return f"no certificate: {proves('')}"
    found = CERTIFICATES[batch.certificate]
    scan = f"; scan {batch.proof_name}, SHA-256 {batch.proof_sha256[:12]}…" if batch.proof_sha256 else "; no scan"
    return f"{found.words} proves {proves(batch.certificate)}{scan}"


# --- The screen: a row for each notice, batch and watch


def delivery_rows(found: Delivery, today: date) -> dict[str, Sequence[Text]]:
    """Key -> WHAT, WHEN, HOW MANY, STATE."""
    rows: dict[str, Sequence[Text]] = {}
    for each in found.notices:
        key = f"notice {each.notice.id}"
        state = Text("all sent") if not each.unsent else Text(f"{each.unsent:,} NOT YET SENT", style="bold")
        rows[key] = (
            Text(kind_title(each.notice.kind), style="bold"), Text(""),
            Text(f"{each.sent:,} of {each.rendered:,}"), state,
        )  # fmt: skip
        for batch in each.batches:
            what = "  mailed again" if batch.again else "  batch"
            rows[f"batch {batch.position}"] = (
                Text(f"{what} #{batch.position}"), Text(batch.on.isoformat()),
                Text(f"{batch.count:,}"),
                Text(CERTIFICATES[batch.certificate].words if batch.certificate else "no certificate"),
            )  # fmt: skip
        if each.remail_waiting:
            rows[f"again {each.notice.id}"] = (
                Text("  printed anew"), Text(""), Text(f"{each.remail_waiting:,}"),
                Text("NOT YET MAILED", style="bold"),
            )  # fmt: skip
    for posting in found.postings:
        rows |= _posting_rows(posting, [each for each in found.watches if each.posting == posting.id], today)
    return rows


def _posting_rows(posting: Posting, watches: Sequence[Watch], today: date) -> dict[str, Sequence[Text]]:
    begun = posting.begun
    assert begun is not None
    state = "" if begun.form == "web" else "ran"
    rows: dict[str, Sequence[Text]] = {
        f"posting {posting.id}": (
            Text(f"{FORMS[begun.form]}: {begun.place}"), Text(begun.on.isoformat()), Text(""), Text(state)
        )
    }  # fmt: skip
    for watch in watches:
        bold = "bold" if watch.early or watch.ended is None else ""
        if watch.what == "posting":
            rows[f"posting {posting.id}"] = (*rows[f"posting {posting.id}"][:3], Text(watch.state(today), style=bold))
        else:
            rows[f"phone {posting.id}"] = (
                Text(f"  toll-free {watch.place}"), Text(watch.since.isoformat()), Text(""),
                Text(watch.state(today), style=bold),
            )  # fmt: skip
    return rows


def row_lines(found: Delivery, key: str, today: date) -> tuple[str | Text, ...]:
    """What the row under the cursor says in full."""
    kind, _, name = key.partition(" ")
    for each in found.notices:
        if kind in {"notice", "again"} and name == str(each.notice.id):
            return (Text(kind_title(each.notice.kind), style="bold"), *notice_lines(each))
        for batch in each.batches:
            if kind == "batch" and name == str(batch.position):
                return (Text(batch_words(batch), style="bold"), proof_words(batch))
    for posting in found.postings:
        if name == str(posting.id):
            return tuple(posting_lines(posting, [w for w in found.watches if w.posting == posting.id], today))
    return ()


def notice_lines(each: NoticeDelivery) -> list[str]:
    """The sum, what is missing by number, and what follows."""
    lines = [sum_words(each)]
    runs = [run for batch in each.batches if not batch.again for run in batch.letters]
    if each.unsent and runs and sum(last - first + 1 for first, last in runs) == each.sent:
        lines.append(f"Not yet sent: letters {runs_words(missing_runs(each.rendered, runs))} of the manifest")
    if each.partly:
        lines.append(
            "A part does not fulfil the duty: notice is owed to each individual (45 CFR 164.404(a)(1)), and the day of "
            "the last batch counts."
        )
    if each.remail_waiting:
        lines.append(f"{each.remail_waiting:,} printed anew for newer addresses wait to be mailed.")
    return lines


def posting_lines(posting: Posting, watches: Sequence[Watch], today: date) -> list[str | Text]:
    """A posting with its laws and what they ask for."""
    begun = posting.begun
    assert begun is not None
    lines: list[str | Text] = [Text(f"{FORMS[begun.form]}: {begun.place}", style="bold"), f"Since {day(begun.on)}"]
    for law in (LAWS[name] for name in begun.laws):
        number = f", a toll-free number for at least {law.phone_days}" if law.phone_days else ""
        lines.append(f"{law.citation}: at least {law.days} days{number}; the day it began is day 0")
    lines += [f"{'Number' if each.what == 'phone' else 'Posting'}: {each.state(today)}" for each in watches]
    if begun.proof_sha256:
        lines.append(f"Proof {begun.proof_name}, SHA-256 {begun.proof_sha256}")
    return lines


# --- People


def standing_lines(people: Iterable[PersonStanding]) -> tuple[str, ...]:
    """How many stand how."""
    counts = tally(people)
    return tuple(f"{count:>7,}  {STATUSES[status]}" for status, count in counts.items())


# --- What is typed


_COUNT = re.compile(r"\d+|\d{1,3}(?:,\d{3})+", re.ASCII)
"""A number, with commas between thousands or none; `1,3` names letters."""


def read_batch(values: Mapping[str, str]) -> Batch:
    """A batch from a form: `which` is a number, runs of letters, or empty for all that is left.

    Raises:
        InvalidInput: it cannot be read.
    """
    which = values.get("which", "").strip()
    count: int | None = None
    letters: tuple[tuple[int, int], ...] = ()
    if _COUNT.fullmatch(which):
        count = int(which.replace(",", ""))
    elif which:
        letters = read_runs(which)
    return Batch(count=count, letters=letters, carrier=values.get("carrier", ""), certificate=read_certificate(values))


def read_certificate(values: Mapping[str, str]) -> str:
    """The name of a certificate as it is typed, such as 3606 or ps3606; empty for none."""
    typed = values.get("certificate", "").strip().lower().replace(" ", "_")
    for name in (typed, f"ps{typed}"):
        if name in CERTIFICATES:
            return name
    if typed:
        raise InvalidInput(f"certificate: {typed!r} is none of {', '.join(CERTIFICATES)}")
    return ""


def certificate_echo(text: str) -> str:
    """What a certificate proves, while it is typed."""
    name = read_certificate({"certificate": text})
    return f"{CERTIFICATES[name].words}: {proves(name)}"


def scan_of(text: str) -> tuple[str, bytes] | None:
    """The name and content of a scan; None where none is given."""
    if not text.strip():
        return None
    path = Path(text.strip()).expanduser()
    return path.name, path.read_bytes()


def read_laws(text: str) -> tuple[str, ...]:
    """`hipaa california` as names of laws.

    Raises:
        InvalidInput: one is none.
    """
    found = []
    for word in text.replace(",", " ").lower().split():
        names = [name for name in LAWS if name.startswith(word)]
        if len(names) != 1:
            raise InvalidInput(f"laws: {word!r} is none of {', '.join(LAWS)}")
        found.append(names[0])
    return tuple(found)

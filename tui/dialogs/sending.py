"""The form for a batch that went out: how many or which, on what day, and what proves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from incident.delivery import Batch
from tui import deliveries, documents
from tui.dialogs.form import Field, Values
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.presenters import day

if TYPE_CHECKING:
    from tui.session import Command

Send = Callable[[date, Batch, tuple[str, bytes] | None], "Command"]
"""Takes the day, the batch and the scan of its proof, and answers with the command that records it."""


def batch_form(method: str, today: date, unsent: int, send: Send, *, again: bool = False) -> PathFormDialog:
    """Ask for a batch of what has not gone out (`unsent`); `again` for letters printed anew, which all go at once."""

    def check(text: str) -> str:
        return day(documents.past_day(text, today))

    def which(text: str) -> str:
        batch = deliveries.read_batch({"which": text})
        return f"{batch.count:,} of {unsent:,} not yet sent" if batch.count is not None else "letters by number"

    def command(values: Values) -> Command:
        batch = deliveries.read_batch(values)
        return send(documents.past_day(values["on"], today), batch, deliveries.scan_of(values["scan"]))

    fields = [Field("on", "Sent on", today.isoformat(), required=True, hint="YYYY-MM-DD", check=check)]
    if not again:
        hint = f"all {unsent:,} not yet sent; or 600, or letters 1-500,507"
        fields.append(Field("which", "Which", hint=hint, check=which))
    fields += [
        Field("carrier", "Carrier", hint="USPS, a mail house"),
        Field(
            "certificate", "Certificate", hint="3817 3665 3606 3877 certified mail_house …",
            check=deliveries.certificate_echo,
        ),
        Field("scan", "Scan of it", hint="~/3606.pdf", check=existing_file),
    ]  # fmt: skip
    note = f"{documents.method_words(method)}. " + (
        "The people on the list follow by themselves." if again else "The last batch fulfils the duty, on its day."
    )
    return PathFormDialog(
        "Record as mailed again" if again else "Record as sent", fields, paths=["scan"], note=note, command=command
    )

"""The named refusals. Each carries one sentence for the person at the keyboard."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a malfunction
    """A command was understood and is refused; nothing was recorded."""


class InvalidInput(Refusal):
    """A value cannot be used. `faults` holds one `path: message` line per fault."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class NotFound(Refusal):
    """The incident, notice, filing, roster or entry that was named does not exist."""


class NotAllowed(Refusal):
    """The person's role or part in the matter forbids the act (separation of duties)."""


class OutOfOrder(Refusal):
    """The act does not fit the present state: for example, rendering before approval."""


class ApprovalVoid(Refusal):
    """The approval no longer covers what it was given for; the message says what changed."""


class RecordedMeanwhile(Refusal):
    """Somebody else recorded in the same stream first; look at it and try again.

    `number`, `by` and `what` tell the newest of what came between, as far as that is known.
    """

    def __init__(self, number: int | None = None, by: str | None = None, what: str | None = None) -> None:
        entry = f"#{number}" if number is not None else "something"
        told = f" ({what})" if what else ""
        super().__init__(f"{by or 'Somebody else'} recorded {entry}{told} meanwhile; look at it and try again.")
        self.number = number
        self.by = by
        self.what = what


class WrongPassphrase(Refusal):
    """Passphrase, code or recovery code do not open the case."""


class CodeNeeded(WrongPassphrase):
    """The passphrase was right; the code of the second factor is needed as well."""


class TooManyAttempts(Refusal):
    """Too many attempts failed; the next one has to wait. Nothing was tried."""


class CaseUnusable(Refusal):
    """The case folder cannot be opened or written: missing, busy, full, read-only or damaged."""

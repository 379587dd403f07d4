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
    """Somebody else recorded in the same stream first; look at it and try again."""


class WrongPassphrase(Refusal):
    """No key slot opens with what was typed."""


class CaseUnusable(Refusal):
    """The case folder cannot be opened or written: missing, busy, full, read-only or damaged."""

"""What a notice can be refused for, in sentences for the person at the keyboard."""

from incident.errors import Refusal


class NoticeError(Refusal):
    """Input for a notice cannot be used. `faults` holds one `field: message` line per fault."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults

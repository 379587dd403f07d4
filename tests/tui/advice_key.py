"""The advice key of counsel on a case of these tests."""

from pathlib import Path

from incident.casefile import open_case
from tests.tui.conftest import KIM


def counsel_holds_the_key(case: Path) -> None:
    """Make it, as the first opening by counsel does."""
    with open_case(case, KIM.user, KIM.passphrase) as opened:
        opened.make_advice_key()

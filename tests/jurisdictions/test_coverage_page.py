"""The coverage page says what the tests cover, today. ``UPDATE_GOLDEN=1`` writes it anew."""

import os

from jurisdictions.rulebook import load_rulebook
from tests.jurisdictions.coverage_page import PAGE, RULES, asserted, consulted, page


def test_the_page_is_up_to_date() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "run: UPDATE_GOLDEN=1 pytest tests/jurisdictions"


def test_every_rule_of_the_contract_has_worked_cases() -> None:
    assert [rule for rule in RULES if not asserted().get(rule)] == []


def test_every_version_of_every_provision_judged_some_case() -> None:
    unused = [
        (provision.id, str(version.since))
        for provision in load_rulebook().provisions.values()
        for version in provision.version
        if not consulted().get((provision.id, version.since))
    ]
    assert unused == []

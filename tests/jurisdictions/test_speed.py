"""One assessment with every rule takes at most 5 ms of the processor; the board must follow the typing."""

import time

from jurisdictions.assess import assess
from jurisdictions.facts import parse_facts
from jurisdictions.rulebook import load_rulebook
from tests.jurisdictions.worked_cases import NOW, all_cases

LIMIT = 0.005
ROUNDS = 10


def test_an_assessment_takes_at_most_five_milliseconds() -> None:
    rulebook = load_rulebook()
    facts = [parse_facts(case.facts) for case in all_cases()[::20]]
    for each in facts:
        assess(each, rulebook, as_of=NOW)
    worst = 0.0
    for each in facts:
        start = time.process_time()
        for _ in range(ROUNDS):
            assess(each, rulebook, as_of=NOW)
        worst = max(worst, (time.process_time() - start) / ROUNDS)
    assert worst <= LIMIT

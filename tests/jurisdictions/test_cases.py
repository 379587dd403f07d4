"""Every worked case, one test each."""

from collections import Counter

import pytest

from tests.jurisdictions.worked_cases import Case, all_cases, complaints


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.file.removesuffix('.json')}-{case.id}")
def test_case(case: Case) -> None:
    assert not complaints(case), f"{case.id} {case.title}\n" + "\n".join(complaints(case))


def test_ids_of_cases_are_unique() -> None:
    repeated = [name for name, times in Counter(case.id for case in all_cases()).items() if times > 1]
    assert repeated == []


def test_the_worked_cases_and_the_statutory_cases_are_there() -> None:
    assert sum(case.file.startswith("worked/") for case in all_cases()) == 45
    assert sum(not case.file.startswith("worked/") for case in all_cases()) >= 700


def test_a_wrong_expectation_is_noticed() -> None:
    right = next(case for case in all_cases() if case.id == "A05")
    wrong = [
        {"id": "us.hipaa.individuals", "due": "2026-06-12"},
        {"id": "us.hipaa.media:WI", "status": "due"},
        {"id": "us.hipaa.hhs", "due": "2026-06-13", "safest": "2026-06-12"},
        {"id": "us.hipaa.hhs", "due": "2026-06-13", "other_readings": [{"reading": "", "due": "2026-06-14"}]},
        {"id": "us.hipaa.hhs", "due": "2026-06-13", "other_readings": [{"reading": "", "due": "asap"}]},
        {"id": "us.hipaa.nothing", "status": "not_required"},
    ]
    for each in wrong:
        assert complaints(Case(right.id, right.title, right.tags, right.facts, (each,))), each

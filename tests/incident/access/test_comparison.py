"""Verification names a key that nobody was given, and an enrollment that has none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from incident.casefile import OpenCase, create_case
from incident.events import AdviceShared, UserRemoved
from incident.roster.vault import Vault
from incident.service import Service
from incident.system import FixedClock, SystemIds
from incident.verification import verify_case
from jurisdictions.rulebook import load_rulebook
from tests.incident.evidence.life import CHEAP, CHICAGO, NOW, PASSPHRASE


@pytest.fixture
def case(tmp_path: Path) -> Iterator[OpenCase]:
    with create_case(tmp_path / "case", user="dana", passphrase=PASSPHRASE, kdf=CHEAP) as opened:
        dana = service(opened)
        dana.case.open(SystemIds().new(), "Lakeshore Aesthetics", CHICAGO, {})
        dana.case.enroll("dana", "Dana Reyes", "incident_lead")
        yield opened


def service(case: OpenCase) -> Service:
    return Service(
        log=case.log, blobs=case.blobs, vault=Vault(case.store.vault(), case.keyring), clock=FixedClock(NOW),
        ids=SystemIds(), rulebook=load_rulebook(), user=case.user, advice=case.advice,
    )  # fmt: skip


def enrolled(case: OpenCase, user: str, role: str, *, key: bool = True) -> None:
    service(case).case.enroll(user, user.title(), role)
    if key:
        case.add_user(user, PASSPHRASE, role=role, kdf=CHEAP)


def test_users_with_their_keys_are_whole(case: OpenCase):
    enrolled(case, "Priya", "counsel")
    found = verify_case(case)
    assert (found.problems, found.notes) == ((), ())
    assert "2 users, with those who can open the case" in found.checked


def test_an_enrollment_without_a_key_is_noted_by_name_and_number(case: OpenCase):
    enrolled(case, "priya", "counsel", key=False)
    found = verify_case(case)
    assert found.problems == ()
    assert found.notes == (
        f"case.json: priya is enrolled (#{case.log.position()}) and has no key: enrolling broke off, or the key was "
        "taken away outside of the record",
    )


def test_a_key_without_an_enrollment_is_a_problem(case: OpenCase):
    case.add_user("mallory", PASSPHRASE, kdf=CHEAP)
    (problem,) = verify_case(case).problems
    assert problem.startswith("case.json: somebody can open the case whom the log does not know (user ")
    assert "mallory" not in problem, "the document does not name its users, and neither can we"


def test_somebody_removed_who_kept_their_key_is_a_problem(case: OpenCase):
    enrolled(case, "priya", "counsel")
    dana = service(case)
    stream = dana.queries.case().stream
    number = dana.desk.record(stream, dana.desk.version(stream), [UserRemoved(user="priya")]).position
    assert verify_case(case).problems == (f"case.json: priya was removed (#{number}) and can still open the case",)
    case.remove_user("priya")
    assert verify_case(case).problems == ()


def test_the_key_of_advice_in_other_hands_than_the_log_says_is_a_problem(case: OpenCase):
    case.make_advice_key()  # dana is the lead
    (problem,) = verify_case(case).problems
    assert problem == "case.json: dana holds the key of counsel's advice, and the log does not say who shared it"
    enrolled(case, "priya", "counsel")
    stream = service(case).queries.case().stream
    priya = service(case)
    priya.desk.user = "priya"
    priya.desk.record(stream, priya.desk.version(stream), [AdviceShared(user="dana", epoch=1)])
    assert verify_case(case).problems == ()

"""The submission to the California Attorney General is published: nobody of the lists stands in any of its PDFs."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from notices.errors import NoticeError
from tests.tui.conftest import FACTS, KIM
from tui.compose import Workspace, open_workspace

CONTACT = {
    "street": "100 N Lake Shore Dr",
    "city": "Chicago",
    "state": "IL",
    "zip": "60611",
    "privacy_officer": "Dana Ruiz",
}
HEADINGS = "First Name,Last Name,Address,City,State,Zip,Email,Phone"
PEOPLE = (
    "Marisol,Quiñones-Vega,4417 Ferncastle Way,Fresno,CA,93711,marisol.q@mail.example,559-555-0177",
    "Dana,Ruiz,100 N Lake Shore Dr,Chicago,IL,60611,,",
)
WORDS = {
    "breach_type": "Unauthorized access to an email account",
    "what_happened": "On November 18, 2026, someone signed in to an email account of our billing office. "
    "We found out on November 20, 2026.",
    "what_we_are_doing": "We closed the account and changed all passwords.",
}


@pytest.fixture
def incident(workspace: Workspace, incident_id: UUID, tmp_path: Path) -> UUID:
    """An incident with two people: a patient, and the privacy officer who is a patient too."""
    workspace.service.case.describe(FACTS, CONTACT | {"toll_free": "800-555-0142"})
    known = {
        "incident.occurred_from": "2026-11-18",
        "incident.occurred_to": "2026-11-18",
        "organization.data_owner": True,
    }
    workspace.service.incidents.record_facts(incident_id, known)
    list_of_people = tmp_path / "people.csv"
    list_of_people.write_text("\n".join([HEADINGS, *PEOPLE]), encoding="utf-8")
    workspace.service.rosters.import_file(incident_id, list_of_people)
    workspace.service.incidents.record_facts(incident_id, {"affected.by_state.CA": 501})
    return incident_id


def rendered(workspace: Workspace, incident: UUID, case_path: Path, clock: Any, **words: str) -> Any:
    desk, service = workspace.documents, workspace.service
    kind = "ca_ag_submission"
    notice, _ = desk.draft(incident, kind, desk.defaults(incident, kind) | WORDS | words)
    look = desk.preview(notice)
    service.notices.submit(notice)
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        counsel.service.notices.approve(notice, look.content_sha256, [])
    service.refresh()
    return desk.render(notice)[0]


def test_a_sample_without_anybody_is_kept(workspace: Workspace, incident: UUID, case_path: Path, clock: Any) -> None:
    manifest = rendered(workspace, incident, case_path, clock, contact_name="Dana Ruiz")
    assert manifest.files[0].name == "worksheet.pdf"
    assert any(file.name.startswith("sample.") for file in manifest.files)


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("Marisol Quiñones-Vega told us.", "row 2 (name)"),
        ("It was found at 4417 Ferncastle Way.", "row 2 (street)"),
        ("Her address is marisol.q@mail.example.", "row 2 (email)"),
        ("The reference is 2026-001-1-000002.", "row 2 (reference)"),
    ],
)
def test_whoever_is_planted_in_it_is_found_and_nothing_is_kept(
    workspace: Workspace, incident: UUID, case_path: Path, clock: Any, planted: str, what: str
) -> None:
    with pytest.raises(NoticeError) as refusal:
        rendered(workspace, incident, case_path, clock, what_happened=f"{WORDS['what_happened']} {planted}")
    assert what in str(refusal.value)
    assert "Marisol" not in str(refusal.value), "the refusal itself tells nobody"
    assert workspace.service.queries.notices(incident)[-1].status == "approved", "nothing was rendered"

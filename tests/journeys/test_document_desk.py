"""From the record to a notice that may leave: what the desk refuses, and what it keeps."""

import hashlib
import io
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import docx
import pytest
from docx.oxml.ns import qn

from incident.errors import InvalidInput, OutOfOrder, Refusal
from incident.events import FactorFinding
from incident.incident import FACTORS
from incident.system import FixedClock
from notices.errors import NoticeError
from notices.word.desk import WordDesk
from samples.library import Sample, load_sample
from tests.notices.test_word import box, edited, replace_words
from tui.compose import Person, Workspace, create_workspace, open_workspace

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
ROSTER = (
    "Pt First,Pt Last,DOB,Addr 1,City,State,Zip\n"
    "Ana,Kowalczyk,1980-02-03,12 Elm St,Chicago,IL,60614\n"
    "Bùi,Thị Hằng,1975-07-09,9 Oak Ave,Evanston,IL,60201\n"
    "Cleo,Marsh,1999-01-01,,Chicago,IL,\n"
)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return load_sample("chicago", TODAY)


@pytest.fixture(scope="module")
def template(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with the sample incident and no people; made once, because a passphrase is slow on purpose."""
    path = tmp_path_factory.mktemp("template") / "case"
    people = [Person(user=u.user, name=u.name, role=u.role, passphrase=u.passphrase) for u in sample.users]
    with create_workspace(
        path,
        name=sample.organization,
        facts=sample.organization_facts,
        contact=sample.contact,
        people=people,
        clock=FixedClock(NOW),
    ) as workspace:
        workspace.service.incidents.open(sample.title, sample.facts)
    return path


@pytest.fixture
def case(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "case"))


@pytest.fixture
def lead(case: Path, sample: Sample) -> Iterator[Workspace]:
    with _open(case, sample, "lead") as workspace:
        yield workspace


@pytest.fixture
def counsel(case: Path, sample: Sample) -> Iterator[Workspace]:
    with _open(case, sample, "counsel") as workspace:
        yield workspace


def _open(case: Path, sample: Sample, user: str) -> Workspace:
    passphrase = next(each.passphrase for each in sample.users if each.user == user)
    return open_workspace(case, user, passphrase, clock=FixedClock(NOW))


@pytest.fixture
def incident_id(lead: Workspace) -> UUID:
    return lead.service.queries.incidents()[0].id


@pytest.fixture
def words(lead: Workspace, sample: Sample, incident_id: UUID) -> dict[str, str]:
    notice = next(each for each in sample.notices if each.kind == "individual_letter")
    return {**lead.documents.defaults(incident_id, notice.kind), **notice.fields}


def approved(lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]) -> UUID:
    notice_id, _ = lead.documents.draft(incident_id, "individual_letter", words)
    lead.service.notices.submit(notice_id)
    counsel.service.refresh()
    counsel.documents.approve(notice_id)
    lead.service.refresh()
    return notice_id


@pytest.fixture
def people(lead: Workspace, incident_id: UUID, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(ROSTER, encoding="utf-8")
    lead.service.rosters.import_file(incident_id, path)


def test_duties_of_the_incident_come_first_among_the_kinds(lead: Workspace, incident_id: UUID) -> None:
    suggestions = lead.documents.suggestions(incident_id)
    wanted = {each.kind.name for each in suggestions if each.obligations}
    assert {"individual_letter", "hhs_report", "il_ag_notice"} <= wanted
    assert [bool(each.obligations) for each in suggestions] == sorted(
        (bool(each.obligations) for each in suggestions), reverse=True
    )


def test_a_missing_word_is_named_by_its_field(lead: Workspace, incident_id: UUID, words: dict[str, str]) -> None:
    with pytest.raises(NoticeError, match="what_happened"):
        lead.documents.draft(incident_id, "individual_letter", {**words, "what_happened": " "})
    assert lead.service.queries.notices(incident_id) == ()


def test_the_number_of_illinois_residents_bars_approval(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    told = {**words, "what_happened": words["what_happened"] + " This concerns 998 Illinois residents."}
    lead.service.incidents.record_facts(incident_id, {"affected.by_state.IL": 998})
    notice_id, _ = lead.documents.draft(incident_id, "individual_letter", told)
    lead.service.notices.submit(notice_id)
    counsel.service.refresh()
    with pytest.raises(OutOfOrder, match="998 Illinois residents"):
        counsel.documents.approve(notice_id)


def test_without_a_list_there_is_nobody_to_write_to(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    notice_id = approved(lead, counsel, incident_id, words)
    with pytest.raises(NoticeError, match="no roster"):
        lead.documents.render(notice_id)


@pytest.mark.usefixtures("people")
def test_letters_are_made_of_rows_and_exclusions_and_kept_encrypted(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str], case: Path, tmp_path: Path
) -> None:
    notice_id = approved(lead, counsel, incident_id, words)
    manifest, _ = lead.documents.render(notice_id)
    assert (manifest.rows, manifest.documents, len(manifest.excluded)) == (3, 2, 1)
    on_disk = b"".join(path.read_bytes() for path in case.rglob("*") if path.is_file())
    for name in ("Kowalczyk", "Hằng", "Elm St"):
        assert name.encode() not in on_disk
    with pytest.raises(NoticeError, match="sample of the letters has to be read and signed"):
        lead.documents.export(notice_id, tmp_path / "out")
    lead.documents.sign_sample(notice_id, lead.documents.sample(notice_id).manifest_sha256)
    written = lead.documents.export(notice_id, tmp_path / "out")
    assert {path.name for path in written} == {"1-letters-0000002-0000003.pdf", "manifest.json"}
    assert lead.documents.export(notice_id, tmp_path / "out") == written
    (tmp_path / "out" / "manifest.json").write_bytes(b"another")
    with pytest.raises(NoticeError, match=r"manifest\.json"):
        lead.documents.export(notice_id, tmp_path / "out")


@pytest.mark.usefixtures("people")
def test_what_changes_after_approval_stops_the_letters(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    notice_id = approved(lead, counsel, incident_id, words)
    lead.service.incidents.record_facts(incident_id, {"incident.occurred_from": "2026-11-01"})
    with pytest.raises(NoticeError, match="text changed after approval; the facts"):
        lead.documents.render(notice_id)


@pytest.mark.usefixtures("people")
def test_a_rendering_that_is_stopped_leaves_the_notice_approved(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    notice_id = approved(lead, counsel, incident_id, words)
    before = lead.service.queries.position
    with pytest.raises(NoticeError, match="stopped"):
        lead.documents.render(notice_id, cancelled=lambda: True)
    assert lead.service.queries.position == before
    assert lead.service.queries.notice(notice_id).status == "approved"


@pytest.mark.usefixtures("people")
def test_the_mailing_date_is_a_merge_field_and_other_words_are_not(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    notice_id = approved(lead, counsel, incident_id, {**words, "notice_date": "2026-12-01"})
    same = lead.documents.look(incident_id, "individual_letter", {**words, "notice_date": "2026-12-04"})
    other = lead.documents.look(incident_id, "individual_letter", {**words, "what_we_are_doing": "Nothing."})
    recorded = lead.documents.preview(notice_id)
    assert same.content_sha256 == recorded.content_sha256 != other.content_sha256


def test_a_letter_without_a_typed_date_bears_the_day(lead: Workspace, incident_id: UUID, words: dict[str, str]) -> None:
    undated = {name: value for name, value in words.items() if name != "notice_date"}
    look = lead.documents.look(incident_id, "individual_letter", undated)
    assert all("November 22, 2026" in checked.document.text for checked in look.documents)
    assert look.problems == ()


def test_a_report_without_its_compulsory_fields_is_not_approved(
    lead: Workspace, counsel: Workspace, incident_id: UUID
) -> None:
    notice_id, _ = lead.documents.draft(incident_id, "hhs_report", lead.documents.defaults(incident_id, "hhs_report"))
    lead.service.notices.submit(notice_id)
    counsel.service.refresh()
    with pytest.raises(Refusal, match="not filled in"):
        counsel.documents.approve(notice_id)


def test_a_substitute_notice_starts_with_the_words_of_the_letter_and_leaves_as_a_page_too(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str], tmp_path: Path
) -> None:
    lead.documents.draft(incident_id, "individual_letter", words)
    start = lead.documents.defaults(incident_id, "substitute_notice")
    assert start["what_happened"] == words["what_happened"]
    notice_id, _ = lead.documents.draft(
        incident_id,
        "substitute_notice",
        {**start, "toll_free_line": "1-800-555-0199", "notice_date": "2026-11-25"},
    )
    assert lead.service.desk.notice(notice_id).obligations == ("us.hipaa.substitute",)
    lead.service.notices.submit(notice_id)
    counsel.service.refresh()
    counsel.documents.approve(notice_id)
    lead.service.refresh()
    manifest, _ = lead.documents.render(notice_id)
    assert (manifest.rows, manifest.documents) == (5, 5)
    written = {path.name: path for path in lead.documents.export(notice_id, tmp_path / "out")}
    assert {"web_posting.pdf", "web_posting.html", "web_posting.txt", "toll_free_script.pdf"} <= set(written)
    assert "1-800-555-0199" in written["web_posting.html"].read_text("utf-8")


def test_a_gap_bars_approval_and_says_what_is_missing(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    kept = {name: words[name] for name in ("what_happened", "data_types", "what_we_are_doing", "what_you_can_do")}
    given = {**kept, "states": "IL", "toll_free_line": "1-800-555-0199"}
    notice_id, _ = lead.documents.draft(incident_id, "media_notice", given)
    lead.service.notices.submit(notice_id)
    counsel.service.refresh()
    with pytest.raises(OutOfOrder, match="Date of release is not filled in"):
        counsel.documents.approve(notice_id)


def test_the_risk_memo_starts_from_the_assessment_that_is_recorded(lead: Workspace, incident_id: UUID) -> None:
    found = [FactorFinding(factor=name, rating=2, reason=f"Because of {name}.") for name, _ in FACTORS]
    lead.service.incidents.assess_risk(incident_id, found, "breach")
    start = lead.documents.defaults(incident_id, "risk_assessment_memo")
    assert start["nature_and_extent_rating"] == "2"
    assert start["mitigated_reason"] == "Because of mitigated."


def test_a_word_file_comes_back_and_what_became_of_each_change_is_kept(
    lead: Workspace, counsel: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    notice_id = approved(lead, counsel, incident_id, words)
    desk = WordDesk(lead.service, lead.documents)
    sent = desk.for_review(notice_id)
    assert desk.read(notice_id, sent, "review.docx").changes == ()
    first = words["what_we_are_doing"].split()[0]
    back = edited(lambda document: replace_words(document, "what_we_are_doing", first, "Yesterday"), sent)
    markup = desk.read(notice_id, back, "review.docx")
    assert [change.author for change in markup.changes] == ["Carla Ng", "Carla Ng"]
    _, receipt = desk.decide(notice_id, back, "review.docx", [True, True])
    state = lead.service.desk.notice(notice_id)
    assert state.fields["what_we_are_doing"].startswith("Yesterday")
    assert state.status == "draft"
    assert lead.documents.approval_problems(notice_id)
    row = next(row for row in lead.service.queries.timeline() if row.topic == "notice.markup_decided")
    assert row.text == "Review file review.docx (Carla Ng): 2 changes accepted, 0 rejected"
    assert receipt.position == row.position + 1
    assert lead.verify() == ()
    # The redline shows the words that counsel had approved against those of now.
    words_of = box(docx.Document(io.BytesIO(desk.redline(notice_id))), "what_we_are_doing")
    assert [each.text for each in words_of.iter(qn("w:delText"))] == [first]
    with pytest.raises(InvalidInput, match="holds no change"):
        desk.decide(notice_id, desk.for_review(notice_id), "same.docx", [])


def test_a_review_file_that_is_refused_leaves_nothing_behind(
    lead: Workspace, incident_id: UUID, words: dict[str, str]
) -> None:
    notice_id, _ = lead.documents.draft(incident_id, "individual_letter", words)
    desk = WordDesk(lead.service, lead.documents)
    first = words["what_we_are_doing"].split()[0]
    back = edited(
        lambda document: replace_words(document, "what_we_are_doing", first, "[TODO]"), desk.for_review(notice_id)
    )
    before = lead.service.queries.position
    with pytest.raises(NoticeError, match="what_we_are_doing: still holds the placeholder"):
        desk.decide(notice_id, back, "review.docx", [True, True])
    assert lead.service.queries.position == before
    assert hashlib.sha256(back).hexdigest() not in lead.service.blobs

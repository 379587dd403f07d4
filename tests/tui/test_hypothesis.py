"""Suppositions and gaps: the law is asked with other facts, and nothing is recorded."""

from uuid import UUID

import pytest

from incident.errors import InvalidInput
from jurisdictions.obligations import Status
from tui.compose import Workspace
from tui.hypothesis import gaps, suppose


def test_a_supposition_moves_the_board_and_leaves_the_record_alone(workspace: Workspace, incident_id: UUID) -> None:
    queries, now = workspace.service.queries, workspace.service.clock.now()
    before = queries.position
    supposed = suppose(queries, incident_id, {"affected.by_state.CA": 600}, now)
    media = supposed.get("us.hipaa.media:CA")
    assert media is not None
    assert media.status is Status.DUE
    assert queries.position == before
    assert queries.facts(incident_id)["affected.by_state.CA"].value == {"min": 48, "max": 72}


def test_a_supposition_that_contradicts_the_facts_is_refused(workspace: Workspace, incident_id: UUID) -> None:
    with pytest.raises(InvalidInput, match="occurred_from"):
        suppose(
            workspace.service.queries,
            incident_id,
            {"incident.occurred_from": "2026-11-30"},
            workspace.service.clock.now(),
        )


def test_the_question_that_moves_most_comes_first_with_what_each_answer_does(
    workspace: Workspace, incident_id: UUID
) -> None:
    found = gaps(workspace.service.queries, incident_id, workspace.service.clock.now())
    assert found[0].path == "organization.licenses"
    effects = dict(found[0].effects)
    assert any("ca.hsc1280_15.cdph: due 2026-12-1" in change for change in effects["a licensed clinic"])
    assert any("ca.hsc1280_15.cdph: not required" in change for change in effects["none"])
    indiana = next(gap for gap in found if gap.path == "affected.by_state.IN")
    assert [words for words, _ in indiana.effects] == ["1 to 500", "501 or more"]


def test_answering_every_gap_leaves_none(workspace: Workspace, incident_id: UUID) -> None:
    service = workspace.service
    answers = {
        "organization.licenses": [],
        "organization.data_owner": True,
        "organization.part2_program": False,
        "organization.phr_vendor": False,
        "affected.by_state.IN": 3,
        "affected.insufficient_contact": 0,
        "affected.next_of_kin_insufficient_contact": 0,
    }
    service.incidents.record_facts(incident_id, answers)
    left = gaps(service.queries, incident_id, service.clock.now())
    assert {gap.path for gap in left}.isdisjoint(answers)


def test_without_an_anchor_there_is_no_board_and_no_gap_list(workspace: Workspace) -> None:
    incident_id, _ = workspace.service.incidents.open("Lost laptop", {})
    assert gaps(workspace.service.queries, incident_id, workspace.service.clock.now()) == ()

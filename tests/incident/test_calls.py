"""Calls: quick to record, found again by their words, and silent once the person is erased."""

import json
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from incident.calls import Words, counts
from incident.commands.calls import call_named
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound, OutOfOrder
from incident.events import CallErased, CallLogged
from incident.roster.call_keys import opened, seal
from incident.service import Service
from incident.views.calls import calls_of
from tests.incident.test_contact import incident_id, roster

__all__ = ["incident_id", "roster"]

TODAY = date(2026, 11, 22)
SECRET = "Ada Marsh asked about the Elmhurst scan"


def heard(lead: Service, incident_id: UUID, text: str = "") -> list[str]:
    return [each.words.asked if each.words else "-" for each in lead.calls.heard(incident_id, text)]


def log(lead: Service, incident_id: UUID, asked: str = SECRET, **more: object) -> UUID:
    words = Words(caller=str(more.pop("caller", "")), asked=asked, answered=str(more.pop("answered", "")))
    return lead.calls.log(incident_id, words, **more)[0]  # type: ignore[arg-type]


def test_the_words_are_in_no_entry_and_no_view(lead: Service, world, incident_id: UUID) -> None:
    call = log(lead, incident_id, caller="Ada Marsh", answered="told her to call again")
    assert heard(lead, incident_id) == [SECRET]
    stored = msgspec.json.encode(list(world.log.entries)).decode()
    shown = json.dumps([row.text for row in lead.queries.timeline(incident_id)])
    for words in ("Ada Marsh", "Elmhurst", "call again"):
        assert words not in stored
        assert words not in shown
    assert isinstance(lead.desk.log.stream(call)[0].event, CallLogged)


def test_calls_are_found_by_any_of_their_words(lead: Service, incident_id: UUID) -> None:
    log(lead, incident_id, caller="Ada Marsh", topic="letter")
    log(lead, incident_id, "the number of the credit bureau", topic="protection", direction="made")
    assert heard(lead, incident_id) == ["the number of the credit bureau", SECRET]
    assert heard(lead, incident_id, "ADA elmhurst") == [SECRET]
    assert heard(lead, incident_id, "made") == ["the number of the credit bureau"]
    assert heard(lead, incident_id, "ada bureau") == []


def test_erasing_a_person_silences_their_calls_and_no_others(lead: Service, incident_id: UUID, roster: UUID) -> None:
    log(lead, incident_id, person=(roster, 2))
    log(lead, incident_id, "somebody else", person=(roster, 3))
    log(lead, incident_id, "nobody known")
    lead.people.erase(roster, 2, "asked for")
    assert heard(lead, incident_id) == ["nobody known", "somebody else", "-"]
    # The entry stays: that there was a call, when and about what.
    assert len(calls_of(lead.queries, incident_id)) == 3
    assert heard(lead, incident_id, "elmhurst") == []


def test_a_call_of_somebody_unknown_is_erased_by_itself(lead: Service, world, incident_id: UUID) -> None:
    call = log(lead, incident_id)
    with pytest.raises(InvalidInput, match="ground"):
        lead.calls.erase(call, " ")
    counsel = world.as_user("counsel")
    with pytest.raises(NotAllowed):
        counsel.calls.erase(call, "asked for")
    assert heard(lead, incident_id) == [SECRET]
    lead.calls.erase(call, "asked for")
    assert heard(lead, incident_id) == ["-"]
    assert isinstance(lead.desk.log.stream(call)[-1].event, CallErased)
    assert lead.calls.erase(call, "again").events == 0


def test_what_was_promised_stays_open_until_it_is_done(lead: Service, incident_id: UUID) -> None:
    call = log(lead, incident_id, follow_up=TODAY + timedelta(days=1))
    plain = log(lead, incident_id)
    zone = ZoneInfo("America/Chicago")
    told = counts(calls_of(lead.queries, incident_id), zone, TODAY)
    assert (told.follow_ups_open, told.follow_ups_late) == (1, 0)
    assert counts(calls_of(lead.queries, incident_id), zone, TODAY + timedelta(days=2)).follow_ups_late == 1
    with pytest.raises(OutOfOrder, match="nothing was promised"):
        lead.calls.follow_up(plain, "done")
    lead.calls.follow_up(call, "sent the letter again")
    with pytest.raises(OutOfOrder, match="already"):
        lead.calls.follow_up(call, "twice")
    assert counts(calls_of(lead.queries, incident_id), zone, TODAY).follow_ups_open == 0
    assert lead.calls.heard(incident_id)[1].follow_up_words == "sent the letter again"


def test_calls_are_counted_by_day_of_the_place_and_by_topic(lead: Service, incident_id: UUID) -> None:
    at = lead.clock.now() - timedelta(hours=20)  # 20:24 of the day before in Chicago
    log(lead, incident_id, topic="affected", at=at)
    log(lead, incident_id, topic="affected")
    log(lead, incident_id, topic="press", direction="made")
    told = counts(calls_of(lead.queries, incident_id), ZoneInfo("America/Chicago"), TODAY)
    assert (told.total, told.received) == (3, 2)
    assert told.by_topic == {"affected": 2, "press": 1}
    assert told.by_day == {"2026-11-21": 1, "2026-11-22": 2}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"asked": " "}, "asked"),
        ({"topic": "weather"}, "topic"),
        ({"direction": "in"}, "direction"),
        ({"follow_up": TODAY - timedelta(days=1)}, "follow_up"),
    ],
)
def test_a_faulty_call_leaves_no_key_behind(lead: Service, incident_id: UUID, wrong: dict, field: str) -> None:
    before = lead.queries.position
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        log(lead, incident_id, **wrong)
    assert lead.queries.position == before
    with pytest.raises(InvalidInput, match="future"):
        log(lead, incident_id, at=lead.clock.now() + timedelta(days=1))


def test_a_call_of_nobody_on_the_list_is_refused(lead: Service, incident_id: UUID, roster: UUID) -> None:
    with pytest.raises(NotFound):
        log(lead, incident_id, person=(roster, 9999))


def test_calls_are_named_by_their_event_number(lead: Service, incident_id: UUID) -> None:
    call = log(lead, incident_id)
    number = lead.queries.position
    assert call_named(lead.queries, incident_id, f"#{number}").id == call
    with pytest.raises(NotFound):
        call_named(lead.queries, incident_id, "1")
    with pytest.raises(InvalidInput, match="event number"):
        call_named(lead.queries, incident_id, "abc")


def test_sealed_words_open_only_at_their_place(lead: Service, incident_id: UUID) -> None:
    key = bytes(range(32))
    sealed = seal(key, "words", b"here")
    assert opened(key, sealed, b"here") == "words"
    for wrong in (lambda: opened(key, sealed, b"there"), lambda: opened(bytes(32), sealed, b"here")):
        with pytest.raises(CaseUnusable, match="altered or moved"):
            wrong()
    with pytest.raises(CaseUnusable):
        opened(key, sealed[:-1], b"here")


def test_calls_are_logged_before_there_is_any_list(lead: Service) -> None:
    incident_id, _ = lead.incidents.open("Lost paper", {})
    assert lead.queries.rosters(incident_id) == ()
    log(lead, incident_id)
    assert len(lead.calls.heard(incident_id)) == 1

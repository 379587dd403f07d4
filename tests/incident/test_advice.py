"""Advice of counsel: words under a key of their own, in no view, no answer and no letter; the rest in the clear."""

import ast
import base64
import json
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select

from incident import advice as advices
from incident.access.advice import AdviceSeal
from incident.casefile import create_case, open_case
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound, RecordedMeanwhile
from incident.events import AdviceGiven
from incident.evidence.privilege import privilege_log
from incident.roster.vault import Vault
from incident.service import Service
from incident.system import FixedClock, SystemIds
from incident.verification import verify_case
from incident.views import schema
from incident.views.queries import Queries
from jurisdictions.rulebook import load_rulebook
from notices import context as contexts
from tests.incident.conftest import World
from tests.incident.evidence.life import CHEAP, CHICAGO, FACTS, NOW, PASSPHRASE

WORDS = "Zanzibar: the indemnity lapses if the vendor hears of it."
PLANTED = (b"Zanzibar", b"indemnity", b"vendor hears")
KEY = b"k" * 32


# --- Given, corrected, read


@pytest.fixture
def counsel(world: World, lead: Service) -> Service:
    service = world.as_user("counsel")
    return _with_key(service, KEY)


def _with_key(service: Service, key: bytes | None) -> Service:
    service.advice._seal = AdviceSeal(key)
    return service


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished mailbox", FACTS)[0]


def give(counsel: Service, incident_id: UUID, **more) -> UUID:
    return counsel.advice.give(incident_id, WORDS, recipients=["Dana Reyes"], **more)[0]


def test_advice_is_a_stream_of_its_own_and_the_timeline_says_that_it_is_there(counsel: Service, incident_id: UUID):
    advice_id = give(counsel, incident_id)
    (row,) = counsel.queries.advice(incident_id)
    assert (row.id, row.version, row.by, row.recipients) == (advice_id, 1, "counsel", ("Dana Reyes",))
    assert row.description == "Communication with counsel for the purpose of legal advice"
    (line,) = [each for each in counsel.queries.timeline(incident_id) if each.stream == advice_id]
    assert (line.position, line.text) == (row.position, "Advice of counsel recorded (sealed)")
    assert counsel.advice.read(advice_id) == WORDS


def test_a_correction_points_at_what_it_corrects_and_the_earlier_words_stay(counsel: Service, incident_id: UUID):
    advice_id = give(counsel, incident_id)
    counsel.advice.correct(advice_id, "Better.", basis="work_product")
    (row,) = counsel.queries.advice(incident_id)
    assert (row.version, row.basis, row.recipients) == (2, "work_product", ("Dana Reyes",))
    assert counsel.advice.read(advice_id) == "Better."
    assert counsel.advice.read(advice_id, 1) == WORDS
    first, second = [each for each in counsel.queries.timeline(incident_id) if each.stream == advice_id]
    assert (second.corrects, first.corrected_at_position) == (1, second.position)


def test_what_another_counsel_corrected_first_is_not_overwritten_unseen(
    world: World, counsel: Service, incident_id: UUID
):
    advice_id = give(counsel, incident_id)
    lead = world.as_user("lead")
    lead.case.enroll("kim", "Kim Osei", "counsel")
    kim = _with_key(world.as_user("kim"), KEY)
    counsel.refresh()
    counsel.advice.correct(advice_id, "First.")
    with pytest.raises(RecordedMeanwhile):
        kim.advice.correct(advice_id, "Second, without having seen the first.")
    assert counsel.advice.read(advice_id) == "First."


def test_reads_as_of_then_show_what_stood_then(counsel: Service, incident_id: UUID):
    advice_id = give(counsel, incident_id)
    given = counsel.desk.log.position()
    counsel.advice.correct(advice_id, "Better.")
    assert counsel.as_of(given - 1).advice(incident_id) == ()
    (row,) = counsel.as_of(given).advice(incident_id)
    assert counsel.advice.read(row.id, row.version) == WORDS


def test_who_holds_no_key_neither_reads_nor_gives(world: World, lead: Service, counsel: Service, incident_id: UUID):
    advice_id = give(counsel, incident_id)
    before = list(world.log.entries)
    lead.refresh()
    assert not lead.advice.can_read
    with pytest.raises(NotAllowed, match="sealed for counsel"):
        lead.advice.read(advice_id)
    with pytest.raises(NotAllowed, match="only counsel may give advice"):
        give(_with_key(world.as_user("lead"), KEY), incident_id)
    with pytest.raises(NotAllowed, match="you do not hold"):
        give(world.as_user("counsel"), incident_id)
    assert world.log.entries == before
    assert _with_key(world.as_user("lead"), KEY).advice.read(advice_id) == WORDS, "the key was shared"


def test_words_open_only_in_their_own_place(world: World, counsel: Service, incident_id: UUID):
    one, other = give(counsel, incident_id), give(counsel, incident_id)
    by_stream = {entry.originator_id: (number, entry) for number, entry in enumerate(world.log.entries)}
    (at, entry), (_, theirs) = by_stream[one], by_stream[other]
    assert isinstance(entry.event, AdviceGiven)
    assert isinstance(theirs.event, AdviceGiven)
    swapped = msgspec.structs.replace(entry.event, sealed=theirs.event.sealed)
    world.log.entries[at] = msgspec.structs.replace(entry, event=swapped)
    with pytest.raises(CaseUnusable, match="altered or moved"):
        counsel.advice.read(one)
    world.log.entries[at] = msgspec.structs.replace(entry, event=msgspec.structs.replace(entry.event, sealed="é no"))
    with pytest.raises(CaseUnusable, match="altered"):
        counsel.advice.read(one)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"recipients": []}, "recipients: say to whom"),
        ({"recipients": ["  "]}, "recipients: say to whom"),
        ({"recipients": ["Dana\x1b[2J"]}, "recipients: .* is not a name"),
        ({"basis": "clergy"}, "basis: 'clergy' is not one of"),
        ({"description": "x" * 201}, "description: up to 200"),
        ({"subject": "entry:99"}, "subject: there is no entry 99"),
        ({"subject": f"notice:{uuid4()}"}, "subject: there is no notice"),
        ({"subject": "duty:us.nowhere"}, "subject: there is no duty us.nowhere"),
        ({"subject": "person:1"}, "subject: 'person:1' is not"),
    ],
)
def test_what_cannot_be_recorded_is_named_without_the_words(
    world: World, counsel: Service, incident_id: UUID, more, said
):
    before = world.log.position()
    with pytest.raises(InvalidInput, match=said) as refused:
        counsel.advice.give(incident_id, WORDS, **{"recipients": ["Dana"], **more})
    assert "Zanzibar" not in str(refused.value)
    assert world.log.position() == before


def test_empty_words_and_what_is_no_advice_are_refused(counsel: Service, incident_id: UUID):
    with pytest.raises(InvalidInput, match="text: the advice is empty"):
        counsel.advice.give(incident_id, " \n", recipients=["Dana"])
    with pytest.raises(NotFound):
        counsel.advice.read(incident_id)
    with pytest.raises(NotFound):
        counsel.advice.correct(uuid4(), "x")
    with pytest.raises(NotFound):
        counsel.advice.give(uuid4(), WORDS, recipients=["Dana"])


@pytest.mark.parametrize("subject", ["entry:5", "duty:us.hipaa.hhs"])
def test_advice_may_be_about_an_entry_or_a_duty(counsel: Service, lead: Service, incident_id: UUID, subject: str):
    give(counsel, incident_id, subject=subject)
    assert counsel.queries.advice(incident_id)[0].subject == subject


def test_a_closed_incident_takes_advice_still(world: World, counsel: Service, lead: Service):
    incident_id, _ = lead.incidents.open("A fax", FACTS | {"incident.risk_assessment": "low_probability"})
    lead.incidents.decide(incident_id, "do_not_notify", "low probability of compromise")
    state = lead.desk.incident(incident_id)
    assert state.decision == "do_not_notify"
    assert give(counsel, incident_id)


def test_the_words_are_in_no_view_and_no_answer(counsel: Service, lead: Service, incident_id: UUID):
    advice_id = give(counsel, incident_id, subject="duty:us.hipaa.hhs")
    counsel.advice.correct(advice_id, WORDS + " Again.")
    for service in (counsel, lead):
        service.refresh()
        queries = service.queries
        for table in schema.metadata.sorted_tables:
            rows = service.desk.projection.rows(select(table))
            assert not [row for row in rows if "Zanzibar" in repr(row)], table.name
        asked = set[str]()
        for name, method in vars(Queries).items():
            if name.startswith("_") or isinstance(method, property):
                continue
            for arguments in ((), (incident_id,), (incident_id, NOW), (str(incident_id),)):
                try:
                    answer = getattr(queries, name)(*arguments)
                except Exception:  # it does not take these
                    continue
                asked.add(name)
                assert "Zanzibar" not in repr(answer), name
        assert {"advice", "timeline", "board", "facts", "users"} <= asked
        rows = privilege_log(queries, service.desk.log.read(), incident_id, NOW.tzinfo)
        assert "Zanzibar" not in json.dumps(msgspec.to_builtins(rows))
        assert [row.position for row in rows] == [row.position for row in queries.timeline(incident_id)][-2:]


# --- On disk, with the keys of a case


def _service(case, user: str | None = None) -> Service:
    return Service(
        log=case.log, blobs=case.blobs, vault=Vault(case.store.vault(), case.keyring), clock=FixedClock(NOW),
        ids=SystemIds(), rulebook=load_rulebook(), user=user or case.user, advice=case.advice,
    )  # fmt: skip


def test_the_words_stand_nowhere_in_the_folder_and_the_keys_of_the_lead_do_not_open_them(tmp_path: Path):
    folder = tmp_path / "case"
    with create_case(folder, user="dana", passphrase=PASSPHRASE, kdf=CHEAP) as case:
        dana = _service(case)
        dana.case.open(SystemIds().new(), "Lakeshore Aesthetics", CHICAGO, {})
        dana.case.enroll("dana", "Dana Reyes", "incident_lead")
        dana.case.enroll("priya", "Priya Natarajan", "counsel")
        case.add_user("priya", PASSPHRASE, role="counsel", kdf=CHEAP)
        incident, _ = dana.incidents.open("Phished mailbox", FACTS)
    with open_case(folder, "priya", PASSPHRASE) as case:
        case.make_advice_key()
        priya = _service(case)
        advice_id = give(priya, incident)
        priya.advice.correct(advice_id, WORDS + " Twice.")
        assert priya.advice.read(advice_id) == WORDS + " Twice."
    with open_case(folder, "dana", PASSPHRASE) as case:
        dana = _service(case)
        with pytest.raises(NotAllowed, match="sealed for counsel"):
            dana.advice.read(advice_id)
        # Everything that the lead's own keys open: each entry as it is sealed in the log.
        opened = b"".join(msgspec.json.encode(entry) for entry in case.log.stream(advice_id))
        shown = b"".join(
            msgspec.json.encode(case.log.disclose(each).event) for each in case.log.stored(case.log.position())
        )
        assert b"Dana Reyes" in opened, "that it was given, and to whom, the lead can see"
        assert not [words for words in PLANTED if words in opened + shown]
        sealed = base64.b64decode(dana.desk.log.stream(advice_id)[0].event.sealed)
        for purpose in ("log", "blobs", "case file", "incident keys", "signing"):
            with pytest.raises(CaseUnusable):
                AdviceSeal(case.keyring.key(purpose)).open(sealed, bound_to=advices.bound_to(advice_id, 1))
        assert verify_case(case).problems == ()
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for words in PLANTED:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert words.decode().encode(encoding) not in whole
    with open_case(folder, "priya", PASSPHRASE) as case:
        case.share_advice("dana")
    with open_case(folder, "dana", PASSPHRASE) as case:
        assert _service(case).advice.read(advice_id) == WORDS + " Twice."
        assert _service(case).advice.read(advice_id, 1) == WORDS


# --- Never in a notice


def _reachable(hint: object, seen: set[object]) -> Iterator[type]:
    """Every type that a value of this type can hold, all the way down."""
    for argument in typing.get_args(hint):
        yield from _reachable(argument, seen)
    if not isinstance(hint, type) or isinstance(hint, types.GenericAlias) or hint in seen:
        return
    seen.add(hint)
    yield hint
    if issubclass(hint, msgspec.Struct):
        for each in typing.get_type_hints(hint).values():
            yield from _reachable(each, seen)


def test_no_context_of_a_notice_can_reach_advice():
    seen: set[object] = set()
    roots = [each for each in vars(contexts).values() if isinstance(each, type) and issubclass(each, contexts.Context)]
    found = {each for root in (*roots, contexts.DocumentContext) for each in _reachable(root, seen)}
    assert len(found) > 10, "it does walk"
    named = {f"{each.__module__}.{each.__qualname__}" for each in found}
    assert not {name for name in named if "advice" in name.lower() or "privilege" in name.lower()}


def test_no_module_of_the_notices_asks_for_advice():
    """The one door to the record is `Queries`, and what it answers about advice no notice asks for."""
    files = list(Path(contexts.__file__).parent.rglob("*.py"))
    assert len(files) > 10
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        imported = {
            name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for name in node.names
        }
        assert not {"advice", "AdviceRow", "AdviceSeal"} & (asked | imported), file

"""The composition root: from the place of a case and a passphrase to everything the program works with."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from incident.access.admission import Admission
from incident.access.secrets import SecretText
from incident.casefile import OpenCase, begin, create_case, entered, recover_case
from incident.commands.case import opening_entries
from incident.errors import CaseUnusable, NotFound, Refusal
from incident.events import AccessRefused, ExerciseStarted, UserEnrolled
from incident.exercise.replay import Replay
from incident.exercise.scenario import Scenario, parse_scenario
from incident.migration import MOVED, moved_from
from incident.ports import Clock
from incident.roster.vault import Vault
from incident.service import Service
from incident.stores.naming import Place, ServerUrl
from incident.system import SystemClock, SystemIds, VirtualClock
from incident.verification import verify_case
from jurisdictions.rulebook import load_rulebook
from tui.logins import Person
from tui.recent import state_folder

if TYPE_CHECKING:
    from notices.desk import DocumentDesk
    from samples.library import Sample
    from tui.sample_cases import SampleCase


class Workspace:
    """One open case with the services that work on it. A context manager that closes it.

    `replay` is the exercise that runs on it, on a virtual clock; None in a real case. `refused` are the attempts to
    open the case that failed since it was open before, `recovery_codes` those that were just made, by user.
    """

    refused: tuple[AccessRefused, ...] = ()

    def __init__(self, case: OpenCase, service: Service, vault: Vault, replay: Replay | None = None) -> None:
        self.case = case
        self.service = service
        self.vault = vault
        self.replay = replay
        self.recovery_codes: dict[str, SecretText] = {}

    @property
    def place(self) -> Place:
        """Where the case is kept."""
        return self.case.store.place

    @cached_property
    def documents(self) -> "DocumentDesk":
        """The desk for notices; those of an exercise say so on every page."""
        from notices.desk import DocumentDesk  # noqa: PLC0415 - templates and checks load when they are first needed

        return DocumentDesk(self.service, exercise=self.service.queries.case().exercise_of is not None)

    @property
    def clock(self) -> VirtualClock | None:
        """The clock of an exercise, to be paused and sped up; None in a real case."""
        clock = self.service.clock
        return clock if isinstance(clock, VirtualClock) else None

    def verify(self) -> tuple[str, ...]:
        """The faults of the case: chain, entries, documents, keys, people as sealed; empty where it is whole."""
        return verify_case(self.case, people=False).problems

    def unlocks(self, passphrase: str, code: str | None = None) -> None:
        """See that the person at work is back, after the program locked itself.

        Raises:
            WrongPassphrase: passphrase or code are wrong; CodeNeeded: a code is needed.
            TooManyAttempts: it is not time yet for another attempt.
        """
        self.case.unlocks(passphrase, code)
        self.refused += self.service.access.record_refusals()

    def close(self) -> None:
        """Close the stores; the workspace cannot be used afterwards."""
        self.vault.close()
        self.case.close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def open_workspace(
    place: Place, user: str, passphrase: str, *, code: str | None = None, clock: Clock | None = None
) -> Workspace:
    """Open a case as one of its users. An exercise goes on, paused, where it was left.

    Raises:
        WrongPassphrase: user, passphrase and code do not open it; CodeNeeded: a code is needed.
        TooManyAttempts: it is not time yet for another attempt.
        CaseUnusable: missing, damaged or never finished.
    """
    return enter_workspace(begin_workspace(place, user, passphrase, clock=clock), code, clock=clock)


def begin_workspace(place: Place, user: str, passphrase: str, *, clock: Clock | None = None) -> Admission:
    """The first half of `open_workspace`; the answer says whether a code is needed.

    Raises:
        WrongPassphrase, TooManyAttempts, CaseUnusable: as `open_workspace`.
    """
    return begin(place, user, passphrase, clock=_real(clock))


def enter_workspace(admission: Admission, code: str | None = None, *, clock: Clock | None = None) -> Workspace:
    """The second half of `open_workspace`; after a wrong code it can be called again.

    Raises:
        WrongPassphrase, TooManyAttempts, CaseUnusable: as `open_workspace`.
    """
    return _entered(entered(admission, code), clock)


def recover_workspace(
    place: Place, user: str, recovery_code: str, passphrase: str, *, clock: Clock | None = None
) -> tuple[Workspace, SecretText]:
    """Open a case by a recovery code and set a new passphrase; answers also with the next recovery code.

    Raises:
        InvalidInput: the code was mistyped, or the passphrase will not do.
        WrongPassphrase, TooManyAttempts, CaseUnusable: as `open_workspace`.
    """
    case, code = recover_case(place, user, recovery_code, passphrase, clock=_real(clock))
    workspace = _entered(case, clock)
    workspace.service.access.record_recovery()
    return workspace, code


def _entered(case: OpenCase, clock: Clock | None) -> Workspace:
    try:
        _refuse_moved(case)
        workspace = _compose(case, clock)
        workspace.service.queries.case()
        workspace.service.queries.user(case.user)
    except NotFound:
        case.close()
        raise CaseUnusable(
            f"{case.store.where} was never finished: it holds keys, and no record. Make the case anew."
        ) from None
    except BaseException:
        case.close()
        raise
    with suppress(Refusal):  # a case that can only be read is read all the same
        workspace.service.access.make_advice_key()
        workspace.refused = workspace.service.access.record_refusals()
    return workspace


def _refuse_moved(case: OpenCase) -> None:
    """Two copies that both go on could never be made one again."""
    moved = moved_from(case.store)
    if moved is not None:
        raise CaseUnusable(
            f"This case was moved to {moved.to} on {moved.at:%Y-%m-%d} after #{moved.count}; open it there. "
            f"What is here stayed as it was then. If that copy is lost, take {MOVED} away to go on here."
        )


def _real(clock: Clock | None) -> Clock | None:
    """Waits and codes go by the real world, also in an exercise."""
    return None if isinstance(clock, VirtualClock) else clock


def create_workspace(
    place: Place,
    *,
    name: str,
    facts: Mapping[str, Any],
    contact: Mapping[str, str],
    people: Sequence[Person],
    clock: Clock | None = None,
    exercise_of: str | None = None,
    recovery: bool = False,
) -> Workspace:
    """Make a case for an organization; it is open as the first of `people`.

    `facts` are contract paths under `organization.`, `contact` what notices print. With `recovery` each of the people
    gets a recovery code; the workspace holds them, to be shown this once.

    Raises:
        InvalidInput: a fact, a user name or a passphrase cannot be used.
        CaseUnusable: something is at `place` already, or it cannot be written.
    """
    lead, *others = people
    opening = opening_entries(
        case=SystemIds().new(),
        at=(clock or SystemClock()).now(),
        name=name,
        facts=facts,
        contact=contact,
        lead=UserEnrolled(user=lead.user, name=lead.name, role=lead.role),
        exercise_of=exercise_of,
    )
    case = create_case(place, user=lead.user, passphrase=lead.passphrase, opening=opening, clock=_real(clock))
    try:
        workspace = _compose(case, clock)
        access, codes = workspace.service.access, workspace.recovery_codes
        if recovery:
            codes[lead.user], _ = access.new_recovery_code()
        for person in others:
            code, _ = access.enroll(person.user, person.name, person.role, person.passphrase, recovery=recovery)
            if code is not None:
                codes[person.user] = code
    except BaseException:
        case.close()
        case.store.remove()
        raise
    return workspace


def make_sample(case: "SampleCase", sample: "Sample", clock: Clock) -> None:
    """Make a sample case, its incident taken up and nothing more."""
    with create_workspace(
        case.path,
        name=sample.organization,
        facts=sample.organization_facts,
        contact=sample.contact,
        people=case.people,
        clock=clock,
    ) as workspace:
        incidents = workspace.service.incidents
        incident_id, _ = incidents.open(sample.title, sample.facts)
        for action in sorted(sample.actions, key=lambda each: each.at):
            incidents.log_action(incident_id, action.text, occurred_at=min(action.at, clock.now()))


def start_exercise(place: Place, pack: str, people: Sequence[Person], *, clock: Clock | None = None) -> Workspace:
    """Begin an exercise from the text of a scenario pack, on a watermarked case of its own, as the first of `people`.

    The pack goes into the case, encrypted: whoever opens the folder later needs nothing else, and nobody reads ahead.

    Raises:
        InvalidInput: the pack is faulty, or a user name or passphrase cannot be used.
        CaseUnusable: something is at `place` already, or it cannot be written.
    """
    scenario = parse_scenario(pack)
    lead = people[0]
    case = create_case(place, user=lead.user, passphrase=lead.passphrase)
    try:
        case.blobs.put(pack.encode())
        workspace = _compose(case, virtual_clock(scenario, clock))
        workspace.replay = Replay(workspace.service.desk, scenario)
        workspace.replay.start(SystemIds().new())
        for person in people:
            if person is not lead:
                case.add_user(person.user, person.passphrase, role=person.role)
            workspace.service.case.enroll(person.user, person.name, person.role)
    except BaseException:
        case.close()
        case.store.remove()
        raise
    return workspace


def exercise_folder(case: Place) -> Path:
    """Where the exercises of a case are kept: beside its folder, never in it; of one on a server, on this machine."""
    if isinstance(case, ServerUrl):
        return state_folder() / "exercises"
    return case.absolute().parent / "exercises"


def exercises_beside(case: Place) -> tuple[Path, ...]:
    """The exercises that were begun from a case, by name."""
    return tuple(sorted(file.parent for file in exercise_folder(case).glob("*/case.json")))


def scenario_packs() -> tuple[Path, ...]:
    """The scenario packs that ship with the program."""
    from samples.library import scenario_paths  # noqa: PLC0415 - only where samples are wanted

    return scenario_paths()


def virtual_clock(scenario: Scenario, base: Clock | None = None) -> VirtualClock:
    """The clock of a scenario, paused at its beginning."""
    return VirtualClock(scenario.starts_at, base=base or SystemClock(), speed=scenario.speed)


def _compose(case: OpenCase, clock: Clock | None) -> Workspace:
    """Everything that works on a case is put together here, and only here."""
    pack = _scenario_of(case)
    if pack is not None and not isinstance(clock, VirtualClock):
        clock = virtual_clock(pack, clock)
    vault = Vault(case.store.vault(), case.keyring)
    service = Service(
        log=case.log,
        blobs=case.blobs,
        vault=vault,
        clock=clock or SystemClock(),
        ids=SystemIds(),
        rulebook=load_rulebook(),
        user=case.user,
        users=case,
        advice=case.advice,
    )
    if pack is None:
        return Workspace(case, service, vault)
    replay = Replay(service.desk, pack)
    assert isinstance(clock, VirtualClock)
    left_at = replay.resume_at()
    # Whoever takes over the clock of somebody at work finds it further on already.
    if left_at > clock.now():
        clock.jump(left_at)
    return Workspace(case, service, vault, replay)


def _scenario_of(case: OpenCase) -> Scenario | None:
    """The scenario that an exercise plays; it is among the first entries, and its pack in the case itself."""
    for _, entry in islice(case.log.read(), 3):
        if isinstance(entry.event, ExerciseStarted):
            return parse_scenario(case.blobs.get(entry.event.scenario_sha256).decode())
    return None

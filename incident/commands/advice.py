"""Commands on counsel's advice: sealed before it is recorded, opened one by one for whoever holds the key."""

import base64
from collections.abc import Sequence
from uuid import UUID

from incident import advice as advices
from incident.access.advice import AdviceSeal
from incident.advice import Advice
from incident.commands.desk import Desk, Receipt, insistent
from incident.errors import CaseUnusable, InvalidInput, NotFound
from incident.events import AdviceCorrected, AdviceGiven


class AdviceCommands:
    """What can be done with advice. The words are in no view, no receipt and no refusal."""

    def __init__(self, desk: Desk, seal: AdviceSeal) -> None:
        self._desk = desk
        self._seal = seal

    @property
    def can_read(self) -> bool:
        """Whether the person at work holds a key to the words."""
        return self._seal.can_read

    @insistent
    def give(
        self,
        incident_id: UUID,
        text: str,
        *,
        recipients: Sequence[str],
        basis: str = "attorney_client",
        subject: str = "",
        description: str = "",
    ) -> tuple[UUID, Receipt]:
        """Record advice. `subject` is `notice:ID`, `duty:ID` or `entry:N`; empty for the incident as a whole.

        Raises:
            NotAllowed: only counsel gives advice, and only with the advice key.
            InvalidInput: it is empty, goes to nobody, or its subject is not of this incident.
        """
        self._desk.require(AdviceGiven.TOPIC)
        self._desk.incident(incident_id)
        to, described = advices.check(text, recipients, basis, description)
        self._check_subject(incident_id, subject)
        advice_id = self._desk.ids.new()
        sealed = self._sealed(text, advice_id, 1)
        events = advices.decide_give(incident_id, subject, to, basis, described, sealed)
        return advice_id, self._desk.record(advice_id, 0, events)

    def correct(
        self,
        advice_id: UUID,
        text: str,
        *,
        recipients: Sequence[str] | None = None,
        basis: str | None = None,
        description: str | None = None,
    ) -> Receipt:
        """Put these words in the place of the present ones; the earlier ones stay, sealed as they are.

        Raises:
            NotAllowed: only counsel corrects advice, and only with the advice key.
            InvalidInput: it is empty, or would go to nobody.
        """
        self._desk.require(AdviceCorrected.TOPIC)
        state = self._state(advice_id)
        basis = state.basis if basis is None else basis
        to, described = advices.check(
            text,
            state.recipients if recipients is None else recipients,
            basis,
            state.description if description is None else description,
        )
        sealed = self._sealed(text, advice_id, state.version + 1)
        events = advices.decide_correct(state, to, basis, described, sealed)
        return self._desk.record(advice_id, state.version, events)

    def read(self, advice_id: UUID, version: int | None = None) -> str:
        """The words of advice, of a version or of the newest.

        Raises:
            NotAllowed: they are sealed for counsel, and nobody shared the key.
            CaseUnusable: they were altered or moved.
        """
        state = self._state(advice_id, version)
        try:
            sealed = base64.b64decode(state.sealed, validate=True)
        except ValueError:
            raise CaseUnusable("This advice was altered; it cannot be read.") from None
        return self._seal.open(sealed, bound_to=advices.bound_to(advice_id, state.version))

    def _sealed(self, text: str, advice_id: UUID, version: int) -> str:
        return base64.b64encode(self._seal.seal(text, bound_to=advices.bound_to(advice_id, version))).decode()

    def _state(self, advice_id: UUID, until: int | None = None) -> Advice:
        entries = [
            entry for entry in self._desk.log.stream(advice_id) if until is None or entry.originator_version <= until
        ]
        if not entries or not isinstance(entries[0].event, AdviceGiven):
            raise NotFound(f"no advice {advice_id}")
        return advices.replay(advice_id, entries)

    def _check_subject(self, incident_id: UUID, subject: str) -> None:
        kind, _, name = subject.partition(":")
        queries = self._desk.queries
        match kind:
            case "":
                known = not name
            case "notice":
                known = name in {str(row.id) for row in queries.notices(incident_id)}
            case "entry":
                known = name in {str(row.position) for row in queries.timeline(incident_id)}
            case "duty":
                assessment = self._desk.assessment(self._desk.incident(incident_id))
                known = assessment is not None and name in {duty.id for duty in assessment.obligations}
            case _:
                raise InvalidInput(f"subject: {subject!r} is not notice:ID, duty:ID or entry:N")
        if not known:
            raise InvalidInput(f"subject: there is no {kind} {name} in this incident")

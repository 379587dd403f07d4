"""Commands on what went out and stands: letters mailed again, substitute notices, and how each person stands."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

import msgspec

from incident import posting as postings
from incident import remail
from incident.commands.approvals import Approvals
from incident.commands.desk import Desk, Receipt, insistent
from incident.commands.documents import with_proof
from incident.commands.headcount import Headcount
from incident.commands.people import PeopleCommands
from incident.delivery import NOTHING, Batch, PersonOutcome, outcome_after
from incident.errors import InvalidInput, NotFound
from incident.events import ContactOutcome, LettersRemailed, PostingBegun, PostingEnded, RemailPrinted, RenderedFile
from incident.roster.contact import Kind
from incident.roster.outcomes import decide_outcome
from incident.roster.told import IMPORTED, RowTold
from incident.roster.vault import Vault
from incident.views.delivery import postings_of
from incident.views.queries import Queries


class DeliveryCommands:
    """What can be done about delivery, besides sending the first letters (`NoticeCommands.record_dispatch`)."""

    def __init__(self, desk: Desk, vault: Vault, people: PeopleCommands) -> None:
        self._desk = desk
        self._people = people
        self._headcount = Headcount(desk, vault)
        self._approvals = Approvals(desk)

    # --- Mailing again

    def to_remail(self, incident_id: UUID) -> dict[UUID, tuple[int, ...]]:
        """The people of whom a newer address was found since something came back, and to whom nothing went since."""
        found = {}
        for roster in self._desk.queries.rosters(incident_id):
            told = self._people.told(roster.id)
            rows = [row for row, each in told.items() if each.status == "accepted" and each.reach.post == "found"]
            if rows:
                found[roster.id] = tuple(sorted(rows))
        return found

    def remail_problems(self, notice_id: UUID, content_sha256: str) -> tuple[str, ...]:
        """Why letters of a notice may not be printed anew; empty where its approval covers them still."""
        state = self._desk.notice(notice_id)
        return (
            self._approvals.problems_of_more(state, content_sha256)
            if state.approval is not None
            else ("counsel has not approved it",)
        )

    def record_remail_printing(
        self,
        notice_id: UUID,
        content_sha256: str,
        *,
        people: Sequence[tuple[UUID, int]],
        engine: str,
        files: Sequence[tuple[str, str, int]],
    ) -> Receipt:
        """Record letters printed anew; `files` are (name, SHA-256, size), in the blob store already."""
        self._desk.require(RemailPrinted.TOPIC)
        state = self._desk.notice(notice_id)
        for name, sha256, _ in files:
            if sha256 not in self._desk.blobs:
                raise NotFound(f"{name}: not in the blob store")
        events = remail.decide_print(
            state,
            people=people,
            engine=engine,
            files=[RenderedFile(name=name, sha256=sha256, size=size) for name, sha256, size in files],
            problems=self.remail_problems(notice_id, content_sha256),
        )
        return self._desk.record(notice_id, state.version, events)

    def record_remail(
        self,
        notice_id: UUID,
        content_sha256: str,
        on: date,
        method: str,
        *,
        batch: Batch | None = None,
        proof: tuple[str, bytes] | None = None,
    ) -> Receipt:
        """Record that the letters printed anew went out, and on each list that its people were mailed again.

        Who was mailed again by hand meanwhile stays as that was recorded.
        """
        self._desk.require(LettersRemailed.TOPIC, ContactOutcome.TOPIC)
        state = self._desk.notice(notice_id)
        assert state.incident_id is not None
        incident = self._headcount.open_incident(state.incident_id)
        decide = partial(
            remail.decide_send, state, on=on, today=self._desk.today(incident), method=method,
            problems=self.remail_problems(notice_id, content_sha256),
        )  # fmt: skip
        decide(batch=batch)
        assert state.to_remail is not None
        outcomes, after = self._outcomes(state.to_remail.people, on, self._desk.today(incident))
        events = decide(batch=with_proof(self._desk.blobs, batch, proof))
        receipt = self._headcount.record(
            incident,
            {
                roster: self._desk.entries(roster, self._desk.version(roster), found, because=f"notice {notice_id}")
                for roster, found in outcomes.items()
            },
            f"mailed again on {on}",
            beside=self._desk.entries(notice_id, state.version, events),
        )
        for roster, told in after.items():
            self._people.done(roster, told)
        return receipt

    def _outcomes(
        self, people: Sequence[tuple[UUID, int]], on: date, today: date
    ) -> tuple[dict[UUID, list[ContactOutcome]], dict[UUID, dict[int, RowTold]]]:
        outcomes: dict[UUID, list[ContactOutcome]] = defaultdict(list)
        after: dict[UUID, dict[int, RowTold]] = defaultdict(dict)
        rows: dict[UUID, list[int]] = defaultdict(list)
        for roster, row in people:
            rows[roster].append(row)
        for roster, wanted in rows.items():
            told, held = self._people.told(roster), self._people.vault.some(roster, wanted)
            for row in wanted:
                known = told.get(row, IMPORTED)
                if known.reach.post == "found" and row in held:
                    self._people.require_settled(roster, row, known)
                    event, after[roster][row] = decide_outcome(held[row], known, Kind.MAILED_AGAIN, on, today)
                    outcomes[roster].append(event)
        return outcomes, after

    # --- Substitute notice

    @insistent
    def begin_posting(
        self,
        incident_id: UUID,
        *,
        form: str,
        place: str,
        on: date,
        laws: Sequence[str],
        phone: str = "",
        phone_on: date | None = None,
        notice_id: UUID | None = None,
        proof: tuple[str, bytes] | None = None,
    ) -> tuple[UUID, Receipt]:
        """Record that a substitute notice stands posted or was published, and a toll-free number that answers.

        Raises:
            InvalidInput: naming each field that cannot be used.
            NotFound: the notice is not one of this incident.
        """
        self._desk.require(PostingBegun.TOPIC)
        incident = self._desk.incident(incident_id)
        if notice_id is not None and self._desk.queries.notice(notice_id).incident != incident_id:
            raise NotFound(f"notice: {notice_id} is not a notice of this incident")
        event = PostingBegun(
            incident_id=incident_id, notice_id=notice_id, form=form, place=place.strip(), on=on, laws=tuple(laws),
            phone=phone.strip(), phone_on=phone_on,
        )  # fmt: skip
        events = postings.decide_begin(event, self._desk.today(incident))
        if proof is not None:
            name, content = proof
            sha256 = self._desk.blobs.put(content)
            events = [msgspec.structs.replace(event, proof_name=name, proof_sha256=sha256)]
        posting_id = self._desk.ids.new()
        return posting_id, self._desk.record(posting_id, 0, events)

    def end_posting(self, posting_id: UUID, what: str, on: date, because: str) -> Receipt:
        """Record that a posting was taken down, or its number answers no longer, with the reason."""
        self._desk.require(PostingEnded.TOPIC)
        entries = self._desk.log.stream(posting_id)
        if not entries or not isinstance(entries[0].event, PostingBegun):
            raise NotFound(f"no posting {posting_id}")
        state = postings.replay(posting_id, entries)
        today = self._desk.today(self._desk.incident(entries[0].event.incident_id))
        return self._desk.record(
            posting_id, state.version, postings.decide_end(state, what, on, today, because), because=because
        )

    # --- How each person stands

    def outcomes(self, incident_id: UUID, queries: Queries | None = None) -> dict[tuple[int, int], PersonOutcome]:
        """What the log has of each person since their letter: (number of the list, row) -> the newest of it."""
        found: dict[tuple[int, int], PersonOutcome] = {}
        queries = queries or self._desk.queries
        for number, roster in enumerate(queries.rosters(incident_id), start=1):
            for entry in self._desk.log.stream(roster.id)[: queries.version(roster.id)]:
                row = getattr(entry.event, "row", None)
                if isinstance(row, int):
                    before = found.get((number, row), NOTHING)
                    found[number, row] = outcome_after(before, entry)
        return {key: each for key, each in found.items() if each.status}


def posting_id_of(queries: Queries, incident_id: UUID, begun: str) -> UUID:
    """The posting whose id begins so.

    Raises:
        NotFound, InvalidInput: there is none, or more than one.
    """
    found = [each.id for each in postings_of(queries, incident_id) if str(each.id).startswith(begun.lower())]
    if len(found) > 1:
        raise InvalidInput(f"posting: {len(found)} begin with {begun!r}; write more of it")
    if not found:
        raise NotFound(f"no posting {begun!r} in this incident")
    return found[0]

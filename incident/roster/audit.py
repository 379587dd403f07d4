"""Whether the vault holds what the log says of it: every row, its envelope, and everything kept beside it.

The log commits to every envelope as it was imported and names every row that changed since. What stands beside the
envelopes in clear text (status, State, flags, kinds of data, audience, the word index) could be altered by whoever can
write to the file; it is compared with what the envelopes say. Nothing is written, and no key is made.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Integer, func, literal, select

from incident.errors import CaseUnusable
from incident.events import Counted, SegmentSealed
from incident.log.database import file_faults
from incident.log.problems import Problems
from incident.roster.across import digest as digest_across
from incident.roster.checks import judge
from incident.roster.commitments import HASH_SIZE, leaf_hash, merkle_root
from incident.roster.contact import counted, out_of_date
from incident.roster.counts import Tally, moved
from incident.roster.duplicates import digest
from incident.roster.elements import bits_of, elements_of
from incident.roster.names import fold
from incident.roster.person import Audience, Person
from incident.roster.preparing import Envelope
from incident.roster.reasons import Flag, bits_of_flags, flags_of
from incident.roster.record import Row, Status
from incident.roster.sealing import INDEX_ENTRY, Sealer, index_entry
from incident.roster.tables import (
    ROW_BITS,
    Place,
    flags,
    index,
    pairs,
    pairs_across,
    people,
    rosters,
    sealed,
    segments,
    set_aside,
)
from incident.roster.told import IMPORTED, RowTold, Told
from incident.roster.vault import Vault
from incident.roster.words import words_of

_decode = msgspec.msgpack.Decoder(Envelope).decode
_NOT_OF_FINDINGS = Flag.POSSIBLE_DUPLICATE | Flag.WARNING | Flag.OUT_OF_DATE
"""Flags that comparing a row with others, or what came back, may add to those of its own findings."""
_NUMBERS = {
    "minors": "minors",
    "deceased": "deceased people",
    "insufficient_contact": "people who cannot be reached in writing",
    "contact_open": "people of whom it is open whether they can be reached",
    "next_of_kin_insufficient_contact": "deceased people whose next of kin cannot be reached",
    "next_of_kin_open": "deceased people of whose next of kin that is open",
}


def audit(vault: Vault, log: Mapping[UUID, Told], *, keyless: Iterable[UUID] = (), opened: bool = True) -> list[str]:
    """Every fault of the vault, one sentence each.

    `keyless` are incidents whose key is gone: their envelopes are compared and not opened. `opened=False` reads no
    envelope at all: it compares the roots of the segments and the counts, and is quick.

    Raises:
        CaseUnusable: the vault cannot be read.
    """
    with vault._reading() as connection:  # this module is the vault's own auditor
        faults = [f"vault.db is damaged: {finding}" for finding in (file_faults(connection) if opened else [])]
        faults += _strangers(connection)
        for roster_id, told in log.items():
            found = connection.execute(select(rosters).where(rosters.c.roster == roster_id)).one_or_none()
            if found is None:
                faults.append(f"{_name(told)}: the list is not in it")
                continue
            if found.incident != told.opened.incident_id:
                faults.append(f"{_name(told)}: it is filed under another incident")
                continue
            can_open = opened and told.opened.incident_id not in set(keyless)
            key = vault.incident_key(told.opened.incident_id) if can_open else bytes(32)
            place = Place(found.number, roster_id, Sealer(key))
            roster = _Roster(connection, place, told, envelopes=opened, opened=can_open)
            faults += [f"{_name(told)}: {fault}" for fault in roster.faults()]
    return faults


def leftovers(vault: Vault, log: Mapping[UUID, Told]) -> int:
    """How many lists the vault holds that the log does not know: imports that broke off before it did.

    Raises:
        CaseUnusable: the vault cannot be read.
    """
    with vault._reading() as connection:
        return len(set(connection.execute(select(rosters.c.roster)).scalars()) - log.keys())


def _name(told: Told) -> str:
    return f"vault.db, {told.opened.source_name}"


def _strangers(connection: Connection) -> list[str]:
    """Rows of any table that belong to no list."""
    numbers = set(connection.execute(select(rosters.c.number)).scalars())
    faults = []
    for name, table in (("people", people), ("envelopes", sealed), ("flags", flags), ("addresses", set_aside)):
        number = table.c.id.bitwise_rshift(literal(ROW_BITS, Integer))
        strange = set(connection.execute(select(number).distinct()).scalars()) - numbers
        if strange:
            faults.append(f"vault.db: it holds {name} of no list")
    for name, table in (("segments", segments), ("words of the index", index)):
        if set(connection.execute(select(table.c.roster).distinct()).scalars()) - numbers:
            faults.append(f"vault.db: it holds {name} of no list")
    return faults


class _Roster:
    """The audit of one list, segment by segment."""

    def __init__(self, connection: Connection, place: Place, told: Told, *, envelopes: bool, opened: bool) -> None:
        self._connection = connection
        self._place = place
        self._told = told
        self._envelopes = envelopes
        self._opened = opened
        self._problems = Problems("row ")
        self._tally: Counter[str] = Counter()
        self._held: Counter[Counted] = Counter()
        self._by_state: Counter[str] = Counter()
        self._erased: dict[int, str] = {}
        self._merged_elements = self._elements_of_merged() if opened else {}

    def faults(self) -> tuple[str, ...]:
        kept = {
            found.number: found
            for found in self._connection.execute(
                select(segments).where(segments.c.roster == self._place.number).order_by(segments.c.number)
            )
        }
        sealed_in_log = self._told.sealed
        for number in sorted(kept.keys() | sealed_in_log.keys()):
            if number not in kept or number not in sealed_in_log:
                self._problems.add(f"segment {number} is in the {'log' if number in sealed_in_log else 'vault'} only")
                continue
            self._segment(kept[number], sealed_in_log[number])
        self._outside(kept.values())
        self._pairs()
        self._pairs_across()
        if not self._envelopes:
            self._count()
        self._totals()
        return self._problems.all()

    def _segment(self, kept: Any, told: SegmentSealed) -> None:  # noqa: ANN401 - a row of the table
        leaves = [kept.leaves[at : at + HASH_SIZE] for at in range(0, len(kept.leaves), HASH_SIZE)]
        root = merkle_root(leaves).hex()
        if (root, kept.root.hex(), kept.count) != (told.merkle_root, told.merkle_root, told.count):
            self._problems.add(f"segment {told.number} is not the one that the log commits to")
            return
        if not self._envelopes:
            span = people.c.id.between(kept.first, kept.last)
            count = self._connection.execute(select(func.count()).select_from(people).where(span)).scalar_one()
            if count != told.count:
                self._problems.add(f"segment {told.number} holds {count:,} people where {told.count:,} were sealed")
            return
        rows = self._connection.execute(
            select(people, sealed.c.envelope, sealed.c.wrapped_key)
            .select_from(people.outerjoin(sealed, sealed.c.id == people.c.id))
            .where(people.c.id.between(kept.first, kept.last))
            .order_by(people.c.id)
        ).all()
        if len(rows) != told.count:
            self._problems.add(f"segment {told.number} holds {len(rows):,} people where {told.count:,} were sealed")
            return
        words: list[bytes] = []
        raised: set[tuple[int, int]] = set()
        for leaf, row in zip(leaves, rows, strict=True):
            for fault in self._row(row, leaf, words):
                self._problems.at(self._place.row(row.id), fault)
            raised |= {(bit, row.id) for bit in bits_of_flags(row.flags)}
        if self._opened:
            self._beside(told.number, (kept.first, kept.last), words, raised)

    def _row(self, row: Any, leaf: bytes, words: list[bytes]) -> list[str]:  # noqa: ANN401, PLR0912 - a check a line
        number = self._place.row(row.id)
        self._tally[row.status] += 1
        if row.status == Status.ACCEPTED:
            self._by_state[row.state] += 1
        if row.status == Status.ERASED:
            self._erased[number] = row.state
            left = row.envelope is not None or row.flags or row.elements or row.audience or row.merged_into is not None
            return ["it is marked as erased, and something of the person is there"] if left else []
        if row.envelope is None:
            return ["its envelope is missing"]
        faults = []
        told = self._told.rows.get(number, IMPORTED)
        on = told.on or self._told.on
        if not row.revision and leaf_hash(row.envelope) != leaf:
            return ["its envelope is not the one that was sealed"]
        if row.revision != (row.revision if told.revision is None else told.revision):
            faults.append("it was sealed anew, and the log does not say so; give the command again if it broke off")
        elif row.revision and told.commitment and leaf_hash(row.envelope).hex() != told.commitment:
            return ["its envelope is not the one that the log has of its last change"]
        expected = {told.status} if told.status else {Status.ACCEPTED, Status.QUARANTINED, Status.MERGED}
        if row.status not in expected:
            faults.append(
                f"its status is {row.status}, which is not what the log says; give the command again if it broke off"
            )
        if row.status == Status.ACCEPTED:
            faults += self._counts(row, told)
        if (row.merged_into is not None or told.elsewhere is not None) != (row.status == Status.MERGED):
            faults.append("it is merged into another row and its status says otherwise")
        if told.into is not None and row.merged_into != told.into:
            faults.append(f"it is not merged into row {told.into}, as the log says")
        if self._opened:
            try:
                plain = self._place.sealer.open(self._place.roster, number, row.envelope, row.wrapped_key)
                content = _decode(plain)
            except (CaseUnusable, msgspec.MsgspecError):
                return [*faults, "it does not open: its key or its envelope was altered"]
            faults += self._against_envelope(row, content, on)
            if content.person is not None:
                words += [index_entry(self._place.sealer.token(word), number) for word in words_of(content.person)]
        return faults

    def _counts(self, row: Any, told: RowTold) -> list[str]:  # noqa: ANN401
        """What a person counts as by what stands beside the envelope, compared with the log."""
        audience = Audience(row.audience) if row.audience in {*Audience} else None
        held = Row(
            row=self._place.row(row.id), status=Status(row.status), state=row.state, flags=Flag(row.flags),
            audience=audience, elements=elements_of(row.elements),
            merged_into=row.merged_into, person=None, findings=(), original={},
        )  # fmt: skip
        counts = counted(held, told.reach)
        if counts is None:
            return []
        self._held[counts] += 1
        faults = []
        if told.counted is not None and told.said and counts != told.counted:
            faults.append("it counts as something else than the log says")
        if (Flag.OUT_OF_DATE in held.flags) != out_of_date(told.reach):
            faults.append("whether it can be reached is not what the log says; give the command again if it broke off")
        return faults

    def _against_envelope(self, row: Any, content: Envelope, on: date) -> list[str]:  # noqa: ANN401
        """What stands beside an envelope, compared with what is in it."""
        person, faults = content.person, []
        if row.state != (person.state if person is not None else ""):
            faults.append("its State is not the one in its envelope")
        if (row.flags ^ int(flags_of(content.findings))) & ~int(_NOT_OF_FINDINGS):
            faults.append("its flags are not those of its findings")
        own = bits_of(person.data_elements) if person is not None else 0
        merged = self._merged_elements.get(self._place.row(row.id), 0)
        if own & ~row.elements or (not row.revision and row.elements != own | merged):
            faults.append("its kinds of data are not those in its envelope")
        judged = person if row.status == Status.ACCEPTED else None
        if row.audience not in self._audiences(judged, on):
            faults.append("who reads its letter is not what its envelope says")
        by_hand = self._told.rows.get(self._place.row(row.id), IMPORTED).into is not None
        at_import = row.merged_into is not None and not by_hand
        if person is not None and at_import and not self._same(person, row.merged_into):
            faults.append("the row it is merged into is not of the same person")
        return faults

    @staticmethod
    def _audiences(person: Person | None, on: date) -> set[str | None]:
        """Who reads the letter, judged on the day of the recording: a civil day, which in UTC may be one of two."""
        if person is None:
            return {None}
        found = (judge(person, on + timedelta(days=shift))[1] for shift in (0, -1, 1))
        return {audience.value if audience is not None else None for audience in found}

    def _same(self, person: Person, root: int) -> bool:
        """Whether a merged person is the one it was merged into, as far as that row was not sealed anew."""
        row = self._connection.execute(
            select(people.c.status, people.c.revision, sealed.c.envelope, sealed.c.wrapped_key)
            .select_from(people.outerjoin(sealed, sealed.c.id == people.c.id))
            .where(people.c.id == self._place.id(root))
        ).one_or_none()
        if row is None or row.envelope is None:
            return False
        if row.revision:
            return True
        with suppress(CaseUnusable, msgspec.MsgspecError):
            other = _decode(self._place.sealer.open(self._place.roster, root, row.envelope, row.wrapped_key)).person
            return other is not None and (fold(other.name), other.date_of_birth) == (
                fold(person.name),
                person.date_of_birth,
            )
        return True  # that row has its own fault

    def _beside(self, number: int, span: tuple[int, int], words: list[bytes], raised: set[tuple[int, int]]) -> None:
        """The tables that only serve searching."""
        held = self._connection.execute(select(flags.c.flag, flags.c.id).where(flags.c.id.between(*span)))
        if {(flag, person_id) for flag, person_id in held} != raised:
            self._problems.add(f"segment {number}: the list of flags is not that of its people")
        kept = self._connection.execute(
            select(index.c.bucket, index.c.entries).where(
                index.c.roster == self._place.number, index.c.segment == number
            )
        )
        found: set[tuple[int, bytes]] = set()
        for bucket, entries in kept:
            found |= {(bucket, entries[at : at + INDEX_ENTRY]) for at in range(0, len(entries), INDEX_ENTRY)}
        if found != {(word[0], word) for word in words}:  # a bucket is found by the first byte of its words
            self._problems.add(f"segment {number}: the word index is not that of its people: a search would miss some")

    def _pairs(self) -> None:
        """The pairs of rows that may be one person, and those that were found to be two people each."""
        found = self._connection.execute(
            select(pairs.c.low, pairs.c.high, pairs.c.apart).where(pairs.c.roster == self._place.number)
        ).all()
        told = self._told.pairs
        if len(found) != told.count or (told.sha256 and digest((low, high) for low, high, _ in found) != told.sha256):
            self._problems.add("its pairs of rows that may be one person are not those that the log commits to")
        apart = {(low, high) for low, high, apart in found if apart}
        for low, high in sorted(apart ^ told.apart):
            says = "the log does not say so" if (low, high) in apart else "the log says so and the vault does not"
            self._problems.add(f"rows {low} and {high} are two people: {says}; give the command again if it broke off")

    def _pairs_across(self) -> None:
        """The pairs with rows of older lists, and those that were found to be two people each."""
        numbers = {each.number: each.roster for each in self._connection.execute(select(rosters))}
        mask = (1 << ROW_BITS) - 1
        found = {
            (
                self._place.row(each.high),
                numbers.get(each.low >> ROW_BITS, self._place.roster),
                each.low & mask,
            ): each.apart
            for each in self._connection.execute(select(pairs_across).where(self._place.holds(pairs_across.c.high)))
        }
        told = self._told.pairs
        kept = digest_across(((other, there), (self._place.roster, here)) for here, other, there in found)
        if len(found) != told.across or (told.across_digest and kept != told.across_digest):
            self._problems.add("its pairs of rows across lists are not those that the log commits to")
        for here, _, there in sorted({key for key, apart in found.items() if apart} ^ told.across_apart):
            self._problems.add(
                f"whether row {here} and row {there} of another list are two people is not what the log says; give the "
                "command again if it broke off"
            )

    def _outside(self, kept: Iterable[Any]) -> None:
        """People, envelopes, flags and words that are in no segment."""
        spans = [(segment.first, segment.last) for segment in kept]
        for name, table in (("people", people), ("envelopes", sealed), ("flags", flags)):
            count = select(func.count()).select_from(table)
            inside = sum(
                self._connection.execute(count.where(table.c.id.between(*span))).scalar_one() for span in spans
            )
            if inside != self._connection.execute(count.where(self._place.holds(table.c.id))).scalar_one():
                self._problems.add(f"it holds {name} that are in no segment")
        owned = select(people.c.id).where(self._place.holds(people.c.id))
        for name, table in (("envelopes", sealed), ("flags", flags)):
            query = select(func.count()).select_from(table).where(self._place.holds(table.c.id))
            if self._connection.execute(query.where(table.c.id.not_in(owned))).scalar_one():
                self._problems.add(f"it holds {name} of nobody")
        numbers = select(index.c.segment).where(index.c.roster == self._place.number).distinct()
        if set(self._connection.execute(numbers).scalars()) - set(self._told.sealed):
            self._problems.add("the word index speaks of segments that there are not")

    def _count(self) -> None:
        """The tally without looking at each row."""
        query = select(people.c.status, people.c.state, func.count()).where(self._place.holds(people.c.id))
        for status, state, count in self._connection.execute(query.group_by(people.c.status, people.c.state)):
            self._tally[status] += count
            if status == Status.ACCEPTED:
                self._by_state[state] += count
        erased = select(people.c.id, people.c.state).where(self._place.holds(people.c.id))
        for person_id, state in self._connection.execute(erased.where(people.c.status == Status.ERASED.value)):
            self._erased[self._place.row(person_id)] = state
        held = select(func.count()).select_from(sealed).where(self._place.holds(sealed.c.id))
        envelopes = self._connection.execute(held).scalar_one()
        if envelopes != self._tally.total() - len(self._erased):
            self._problems.add(
                f"it holds {envelopes:,} envelopes of {self._tally.total() - len(self._erased):,} people"
            )

    def _totals(self) -> None:
        """How many of each kind there are, against the counts of the log; who was erased is counted nowhere else."""
        told, tally = self._told, self._told.tally
        gone = {row: each for row, each in told.rows.items() if each.status == Status.ERASED}
        for row in sorted(self._erased.keys() - gone.keys()):
            self._problems.at(row, "it is erased, and the log does not say so; erase it again to record it")
        for row in sorted(gone.keys() - self._erased.keys()):
            self._problems.at(row, "the log says that it is erased, and it is not")
        if not told.closed:
            self._problems.add("the log does not say how its import ended")
            return
        was = Counter(gone[row].was if row in gone else "" for row in self._erased)
        expected = {
            Status.ACCEPTED: tally.accepted,
            Status.QUARANTINED: tally.quarantined - tally.excluded,
            Status.MERGED: tally.merged,
            Status.EXCLUDED: tally.excluded,
        }
        # An erasure recorded by an earlier version does not say what the row was: it may have been any of them.
        missing = {status: count - self._tally[status] - was[status] for status, count in expected.items()}
        if min(missing.values()) < 0 or sum(missing.values()) != was[""]:
            counts = ", ".join(f"{self._tally[status]:,} {status} of {count:,}" for status, count in expected.items())
            self._problems.add(f"its rows are not as many as the log counts: {counts}, {len(self._erased):,} erased")
        unsaid = Counter(state for row, state in self._erased.items() if row not in gone or not gone[row].was)
        said = Counter(state for row, state in self._erased.items() if row in gone and gone[row].was == Status.ACCEPTED)
        states = Counter(tally.by_state)
        fewer = {state: states[state] - self._by_state[state] - said[state] for state in states | self._by_state | said}
        if sum(fewer.values()) != missing[Status.ACCEPTED] or any(
            not 0 <= fewer[each] <= unsaid[each] for each in fewer
        ):
            self._problems.add("its people by State are not those that the log counts")
        if self._envelopes and not was[""]:
            self._numbers([each.counted for each in gone.values() if each.counted is not None])

    def _numbers(self, erased: list[Counted]) -> None:
        """Minors, deceased, unreachable people and kinds of data, as the vault has them and as the log counts them."""
        held, tally = Tally(), self._told.tally
        for counts, people_ in (self._held + Counter(erased)).items():
            held = moved(held, None, counts, people_)
        for name, words in _NUMBERS.items():
            if getattr(held, name) != getattr(tally, name):
                self._problems.add(
                    f"its {words} are {getattr(held, name):,}, and the log counts {getattr(tally, name):,}"
                )
        if any(of for kinds in tally.kinds.values() for of in kinds) and held.kinds != tally.kinds:
            self._problems.add("the kinds of data exposed of its people are not those that the log counts")

    def _elements_of_merged(self) -> dict[int, int]:
        """The kinds of data of the rows that were merged into each row."""
        found: dict[int, int] = defaultdict(int)
        query = select(people.c.merged_into, people.c.elements).where(
            self._place.holds(people.c.id), people.c.merged_into.is_not(None)
        )
        for root, elements in self._connection.execute(query):
            found[root] |= elements
        return found

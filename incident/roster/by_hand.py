"""One person typed by hand instead of a list: checked, sealed and counted as a row of a file would be.

A person who is not to be accepted is refused on the spot, with the reason: whoever types can put it right at once.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from uuid import UUID

from incident.errors import InvalidInput
from incident.events import Event, RosterClosed, RosterOpened, SegmentSealed
from incident.roster.checks import Checker
from incident.roster.dates import DAY_0_OF_1900
from incident.roster.preparing import Job, Preparer
from incident.roster.reasons import Flag, line
from incident.roster.record import Record, Status
from incident.roster.sealing import Sealer
from incident.roster.vault import Vault

SOURCE = "typed by hand"
ROW = 1


def check_typed(values: Mapping[str, str], on: date) -> None:
    """See that a person can be taken in. `values` are fields of a list by name, such as full_name and address1.

    Raises:
        InvalidInput: why not.
    """
    (row,) = Checker(tuple(values), {name: name for name in values}, on).check_run([Record(ROW, [*values.values()])])
    if row.status is not Status.ACCEPTED:
        raise InvalidInput(*(f"person: {line(finding)}" for finding in row.findings))


def seal_typed(
    values: Mapping[str, str], *, vault: Vault, incident_id: UUID, roster_id: UUID, on: date
) -> tuple[Event, ...]:
    """Seal a person into the vault as a list of one; the events are to be appended to the log.

    Raises:
        InvalidInput: the person cannot be taken in.
    """
    check_typed(values, on)
    # No hash over what somebody is called: whoever guesses the name could confirm it.
    mark = sha256(b"typed by hand|" + roster_id.bytes).hexdigest()
    key, mapping = vault.incident_key(incident_id), {name: name for name in values}
    job = Job(tuple(values), mapping, on, Sealer(key).digest_key(), DAY_0_OF_1900, roster=roster_id, incident_key=key)
    (row,) = Preparer(job).prepare([Record(ROW, [*values.values()])])
    vault.begin(roster_id, incident_id, mark)
    segment = vault.write_segment(roster_id, 1, [row])
    flags = Flag(row.flags)
    return (
        RosterOpened(
            incident_id=incident_id, source_name=SOURCE, source_sha256=mark, size=0, encoding="", delimiter="",
            mapping=mapping,
        ),
        SegmentSealed(number=segment.number, count=segment.count, merkle_root=segment.merkle_root),
        RosterClosed(
            rows_in=1, accepted=1, quarantined=0, merged=0, by_state={row.state: 1}, minors=int(Flag.MINOR in flags),
            deceased=int(Flag.DECEASED in flags), insufficient_contact=int(Flag.INSUFFICIENT_ADDRESS in flags),
            next_of_kin_insufficient_contact=int(Flag.NEXT_OF_KIN_INSUFFICIENT in flags),
        ),
    )  # fmt: skip

"""Whether a case is whole: log, documents, keys, people, and the checkpoint that somebody kept of it."""

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from uuid import UUID

from incident.access.comparison import LogOfUsers
from incident.casefile import OpenCase
from incident.errors import CaseUnusable
from incident.events import Entry, NoticeDrafted
from incident.events.documents import documents
from incident.log.chain import Anchor, read_checkpoint
from incident.log.checkpoints import is_signed, origin, read_signed_checkpoint
from incident.log.verify import Verification, verify
from incident.roster.audit import audit, leftovers
from incident.roster.told import LogOfRosters
from incident.roster.vault import Vault
from incident.unfinished import note_name, read_unfinished

_LOOKS = 3


def verify_case(
    case: OpenCase,
    checkpoint: str | None = None,
    *,
    people: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Verify everything in an open case, and that it is the one that a checkpoint was taken of.

    `checkpoint` is a code, `count:hex`, or the content of a signed checkpoint. `people=False` compares counts and roots
    of the people affected with the log and reads no envelope, which is quick. `progress` hears each position of the
    log; an exception of it stops.

    Others may be at work meanwhile: what they have stored and not recorded yet, or recorded since the log was read,
    looks like a fault. So a fault is reported only if it is still there when everything was looked at again.

    Raises:
        InvalidInput: the checkpoint cannot be read, or was mistyped.
        CaseUnusable: the log cannot be read at all.
    """
    found = _look(case, checkpoint, people=people, progress=progress)
    for _ in range(_LOOKS):
        if found.ok or not _in_use(case, found.count):
            break
        before, found = found, _look(case, checkpoint, people=people, progress=progress)
        if (found.count, found.problems) == (before.count, before.problems):
            break
    return found


def _in_use(case: OpenCase, count: int) -> bool:
    """Whether somebody recorded something since, or has changed people and not recorded it yet."""
    with suppress(CaseUnusable):
        if case.log.position() != count:
            return True
        if case.store.holds_people():
            with closing(Vault(case.store.vault(), case.keyring)) as vault:
                return vault.is_unsettled()
    return False


def _look(
    case: OpenCase, checkpoint: str | None, *, people: bool, progress: Callable[[int], None] | None
) -> Verification:
    anchor, problems, former = _anchor(case, checkpoint)
    rosters, users, spoken_of, drafted = LogOfRosters(), LogOfUsers(), set[str](), set[UUID]()

    def observe(position: int, entry: Entry) -> None:
        rosters.observe(position, entry)
        users.observe(position, entry)
        spoken_of.update(documents(entry.event))
        if isinstance(entry.event, NoticeDrafted):
            drafted.add(entry.originator_id)
        if progress is not None:
            progress(position)

    found = verify(case.log.recorder, mapper=case.log.mapper, blobs=case.blobs, checkpoint=anchor, observe=observe)
    problems = [*found.problems, *problems]
    checked, notes = [*found.checked], [*found.notes, *former]
    try:
        case.check_file()
        faults, told = users.compare(case)
        problems += faults
        notes += told
        checked.append(f"{len(users):,} users, with those who can open the case")
    except CaseUnusable as error:
        problems.append(str(error) if "case.json" in str(error) else f"case.json: {error}")
    incidents = {told.opened.incident_id for told in rosters.told.values()}
    unusable = incidents
    try:
        faults = case.keyring.faults(incidents)
        unusable = {incident for incident in incidents if any(incident.hex in fault for fault in faults)}
        problems += faults
        checked.append(f"the keys of {len(incidents):,} incidents with people")
    except CaseUnusable as error:
        problems.append(f"keys.db: {error}")
    try:
        faults, lists = _people(case, rosters, unusable, opened=people)
        problems += faults
        if lists:
            notes.append(
                f"vault.db: {lists:,} lists that are not in the log: an import broke off; the next one removes them"
            )
        counted = sum(told.tally.rows_in for told in rosters.told.values())
        checked.append(f"{counted:,} people in {len(rosters.told):,} lists" + ("" if people else ", unopened"))
        unfinished = [each for notice in drafted if (each := read_unfinished(case.blobs, notice)) is not None]
        held = {sha256 for each in unfinished for sha256 in each.files(case.blobs.get)} - spoken_of
        strays = case.blobs.strays(spoken_of | held, [note_name(each.notice) for each in unfinished])
        notes += [
            f"blobs: notice {str(each.notice)[:8]} has a rendering that was not finished "
            f"({each.letters:,} letter{'' if each.letters == 1 else 's'} done): render it to go on, or drop it"
            for each in unfinished
        ]
        if strays:
            notes.append(
                f"blobs: {strays:,} files that no entry speaks of: a command broke off, or somebody put them there"
            )
    except CaseUnusable as error:
        problems.append(str(error))
    return replace(found, problems=tuple(problems), notes=tuple(notes), checked=tuple(checked))


def _anchor(case: OpenCase, checkpoint: str | None) -> tuple[Anchor | None, list[str], list[str]]:
    """The checkpoint, what is wrong with it, and what is worth knowing of it."""
    if checkpoint is None:
        return None, [], []
    if not is_signed(checkpoint):
        return read_checkpoint(checkpoint), [], []
    tree, note = read_signed_checkpoint(checkpoint)
    if tree.case_id != case.case_id:
        return None, [f"the checkpoint is of another case ({tree.case_id}); this one is {case.case_id}"], []
    *former, newest = case.public_keys
    if note.is_signed_by(origin(case.case_id), newest):
        return tree.anchor, [], []
    if any(note.is_signed_by(origin(case.case_id), key) for key in former):
        return tree.anchor, [], ["the checkpoint was signed with a key of this case from before a rotation"]
    return None, ["the checkpoint was not signed by this case, or was changed after it was signed"], []


def _people(case: OpenCase, rosters: LogOfRosters, unusable: set[UUID], *, opened: bool) -> tuple[list[str], int]:
    """The faults of the vault, and how many lists in it the log does not know."""
    if not case.store.holds_people():
        return (["vault.db: missing; the log speaks of people in it"] if rosters.told else []), 0
    vault = Vault(case.store.vault(), case.keyring)
    try:
        return audit(vault, rosters.told, keyless=unusable, opened=opened), leftovers(vault, rosters.told)
    finally:
        vault.close()

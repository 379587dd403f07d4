"""Mailing again: letters of a notice that was sent, printed anew for people of whom a newer address was found. Pure."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from incident.delivery import Batch, certificate_faults
from incident.errors import ApprovalVoid, InvalidInput, OutOfOrder
from incident.events import Event, LettersRemailed, RemailPrinted, RenderedFile
from incident.notice import Notice, sending_faults


def decide_print(
    state: Notice,
    *,
    people: Sequence[tuple[UUID, int]],
    engine: str,
    files: Sequence[RenderedFile],
    problems: Sequence[str],
) -> list[Event]:
    """Record letters that were printed anew; printed again, the newer take the place of those that did not go out.

    Raises:
        OutOfOrder: the notice was not sent.
        ApprovalVoid: its approval no longer covers the words.
        InvalidInput: there is nobody to write to.
    """
    if state.status not in {"dispatched", "partly sent"}:
        raise OutOfOrder(f"cannot print anew: the notice is {state.status}, it would have to be sent")
    if problems:
        raise ApprovalVoid("nothing may be printed anew: " + "; ".join(problems))
    if not people:
        raise InvalidInput("people: of nobody was a newer address found since a letter came back")
    return [RemailPrinted(engine=engine, people=tuple(people), files=tuple(files))]


def decide_send(
    state: Notice, *, on: date, today: date, method: str, problems: Sequence[str], batch: Batch | None = None
) -> list[Event]:
    """Record that the letters which were printed anew went out, all of them.

    Raises:
        OutOfOrder: none were printed anew.
        ApprovalVoid, InvalidInput: as for a first sending.
    """
    if state.to_remail is None:
        raise OutOfOrder("no letters were printed anew that have not gone out yet")
    if problems:
        raise ApprovalVoid("nothing may leave: " + "; ".join(problems))
    batch = batch or Batch()
    people = state.to_remail.people
    faults = [*sending_faults(on, today, method), *certificate_faults(batch.certificate, method, len(people))]
    if faults:
        raise InvalidInput(*faults)
    return [
        LettersRemailed(
            on=on, method=method, people=people, carrier=batch.carrier.strip(), certificate=batch.certificate,
            proof_name=batch.proof_name, proof_sha256=batch.proof_sha256,
        )
    ]  # fmt: skip

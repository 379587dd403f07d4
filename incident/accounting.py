"""Accounting of disclosures (45 CFR 164.528): what an incident adds to what each person may ask for. Pure.

The text of 164.528 was read in reproductions and not against its present version, and what HHS says of it was not read:
everything here is told as not verified. From its words:

* (a)(1): an individual may ask a covered entity for the disclosures of the six years before the request. A disclosure
  that the Privacy Rule does not permit is on none of the lists of what need not be accounted for, so it is accounted
  for, also where no notice is owed because a low probability of compromise was shown.
* A disclosure is what leaves the entity that holds the information (160.103). What somebody of its own workforce looked
  at is a use. Whether it left is asked; it is not guessed.
* (b)(2): the date, who received it, their address if known, what was disclosed, and for what purpose or on what basis.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from incident.errors import InvalidInput
from incident.events import DisclosureDescribed, Event, JsonValue

CITATION = "45 CFR 164.528"
NOT_VERIFIED = f"{CITATION}: not verified against its present text; ask counsel before it is handed out"
YEARS = 6
_UNKNOWN = "not known"
_BASIS = "not permitted by the Privacy Rule; it was not made for a purpose of the organization"


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What an accounting needs to know of an incident. `facts` are values by contract path."""

    reference: str
    title: str
    facts: Mapping[str, JsonValue]
    described: DisclosureDescribed | None


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident adds to an accounting. `included` is None while `needs` has to be answered first.

    `why` says why it is included or is not. `day_from` and `day_to` are None where they are not known.
    """

    reference: str
    included: bool | None
    why: str
    needs: tuple[str, ...] = ()
    day_from: date | None = None
    day_to: date | None = None
    recipient: str = _UNKNOWN
    address: str = _UNKNOWN
    described: str = _UNKNOWN
    purpose: str = _BASIS


class AccountingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one incident, by the reference on their letter."""

    code: str
    disclosure: Disclosure


def since(requested_on: date) -> date:
    """The first day of the six years before a request."""
    try:
        return requested_on.replace(year=requested_on.year - YEARS)
    except ValueError:  # 29 February
        return date(requested_on.year - YEARS, 3, 1)


def disclosure_of(incident: Incident, requested_on: date) -> Disclosure:
    """What an incident adds to an accounting that is asked for on a day."""
    facts, told = incident.facts, incident.described
    first, last = _day(facts.get("incident.occurred_from")), _day(facts.get("incident.occurred_to"))
    made = Disclosure(
        reference=incident.reference,
        included=None,
        why="",
        day_from=first or last,
        day_to=last or first,
        recipient=(told.recipient if told is not None else "") or _UNKNOWN,
        address=(told.address if told is not None else "") or _UNKNOWN,
        described=(told.described if told is not None else "") or _elements(facts.get("incident.data_elements")),
        purpose=(told.purpose if told is not None else "") or _BASIS,
    )
    included, why, needs = _whether(incident, made, requested_on)
    return msgspec.structs.replace(made, included=included, why=why, needs=needs)


def _whether(incident: Incident, made: Disclosure, requested_on: date) -> tuple[bool | None, str, tuple[str, ...]]:
    role = incident.facts.get("organization.hipaa_role")
    outside = incident.described.outside if incident.described is not None else None
    if role == "none":
        return False, f"{CITATION} binds covered entities; the organization is none under HIPAA", ()
    ended = _day(incident.facts.get("incident.occurred_to"))
    # Where only the beginning is known, it may have gone on into the six years.
    if ended is not None and ended < since(requested_on):
        return False, f"before {since(requested_on)}, the first day of the six years (164.528(a)(1))", ()
    if outside is False:
        return False, "it did not leave the organization: a use, not a disclosure (160.103)", ()
    needs = []
    if role is None:
        needs.append("organization.hipaa_role: covered entity, business associate, or none?")
    if outside is None:
        needs.append("outside: did the information leave the organization?")
    if needs:
        return None, "not settled", tuple(needs)
    why = "a disclosure that the Privacy Rule does not permit (164.528(a)(1) excepts none such)"
    if role == "business_associate":
        why += "; give it to the covered entity, which accounts for it (164.504(e)(2)(ii)(G), 164.528(b)(1))"
    if incident.facts.get("incident.encrypted") is True and incident.facts.get("incident.key_compromised") is not True:
        why += "; it was encrypted: whether that is a disclosure, counsel says"
    if made.day_to is None:
        why += "; the day is not known, so that it may lie before the six years"
    return True, why, ()


def decide_describe(event: DisclosureDescribed, before: DisclosureDescribed | None) -> list[Event]:
    """Say who received the information; the same again records nothing."""
    if event == before:
        return []
    if event.outside is None and not any((event.recipient, event.address, event.described, event.purpose)):
        raise InvalidInput("outside: say whether it left the organization, or who received it")
    if event.outside is False and (event.recipient or event.address):
        raise InvalidInput("recipient: what did not leave the organization has no recipient outside")
    return [event]


def for_person(disclosure: Disclosure, elements: tuple[str, ...]) -> Disclosure:
    """The disclosure with a person's own share of the data, where the list has it and nobody described it otherwise."""
    return msgspec.structs.replace(disclosure, described=_elements(list(elements))) if elements else disclosure


def _elements(value: JsonValue) -> str:
    return ", ".join(each.replace("_", " ") for each in value) if value else _UNKNOWN


def _day(value: JsonValue) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else None

"""What a report to a regulator takes from the filings of an incident: covered entities, words of an earlier report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from incident.entities import count_of
from incident.views.queries import FilingRow, Queries
from jurisdictions.vocabulary import EntityType
from notices.context import HhsWorksheetContext, Partner, PostalAddress
from notices.hhs import HHS_REPORT, PART2_REPORT, portal_type
from notices.papers.partners import OWNER
from notices.worksheet import HHS_FORM, form

if TYPE_CHECKING:
    from incident.service import Service
    from notices.context import DocumentContext
    from notices.kind import Kind

_DUTY: Final = {HHS_REPORT.name: "us.hipaa.hhs", PART2_REPORT.name: "us.part2.hhs"}
_ONCE: Final = frozenset({"attested_on"})
"""Words that are given anew each time."""


def covered_entities(queries: Queries, incident_id: UUID) -> tuple[Partner, ...]:
    """The covered entities of an incident, as a report prints them."""
    found = []
    for row in queries.covered_entities(incident_id):
        details = row.details
        known = [details.get(part) for part in ("street1", "city", "state", "zip")]
        street1, city, state, code = known
        address = None
        if street1 and city and state and code:
            address = PostalAddress(street1=street1, street2=details.get("street2"), city=city, state=state, zip=code)
        found.append(
            Partner(
                name=row.name,
                number=row.number,
                entity_type=portal_type(EntityType(details["type"])) if details.get("type") else None,
                individuals=count_of(row.individuals),
                address=address,
                contact_name=details.get("contact_name"),
                contact_email=details.get("contact_email"),
                contact_phone=details.get("contact_phone"),
            )
        )
    return tuple(found)


def delegated_duties(queries: Queries, incident_id: UUID, kind: Kind) -> tuple[str, ...]:
    """The duties of covered entities that a business associate fulfils for them with a report of this kind."""
    duty = _DUTY.get(kind.name)
    delegated = any(row.delegated for row in queries.covered_entities(incident_id))
    if duty is None or not delegated:
        return ()
    if kind.name == PART2_REPORT.name and queries.breach_facts(incident_id).organization.part2_program is not True:
        return ()
    return (duty,)


def filed_for(context: DocumentContext) -> tuple[int, ...]:
    """The numbers of the covered entities that a report is made for; none where it is the organization's own."""
    if not isinstance(context, HhsWorksheetContext):
        return ()
    return tuple(each.number for each in context.entities if each.number is not None)


def words_of_filings(service: Service, incident_id: UUID, kind: str) -> dict[str, str]:
    """The words that a form starts with because of what was filed before: an addendum repeats its report.

    A report on behalf of covered entities starts with those that have us file and were not filed for yet.
    """
    queries = service.queries
    filings = queries.filings(incident_id)
    if kind == "il_ag_notice":
        told = [row.tracking for row in filings if row.obligation_id == "us.hipaa.hhs" and row.tracking]
        return {"hhs_tracking": told[-1]} if told else {}
    if kind == OWNER.kind.name:
        return _to_owner(queries, incident_id)
    duty = _DUTY.get(kind)
    if duty is None:
        return {}
    filed = [row for row in filings if row.obligation_id == duty and row.filed_on is not None]
    done = {number for row in filed for number in row.entities}
    rows = queries.covered_entities(incident_id)
    open_ones = [f"{row.number}" for row in rows if row.delegated and row.number not in done]
    if open_ones or not filed:
        return {"covered_entities": "\n".join(open_ones)} if open_ones else {}
    return _addendum(service, filed[-1])


def _to_owner(queries: Queries, incident_id: UUID) -> dict[str, str]:
    """The first covered entity that was not told yet: one letter for each."""
    waiting = [each for each in queries.covered_entities(incident_id) if each.told_on is None]
    if not waiting:
        return {}
    partner = next(each for each in covered_entities(queries, incident_id) if each.number == waiting[0].number)
    return {
        "owner_name": partner.name,
        "owner_address": "\n".join(partner.address.lines) if partner.address is not None else "",
    }


def _addendum(service: Service, row: FilingRow) -> dict[str, str]:
    words = service.desk.notice(row.notice).fields
    blank = form(HHS_FORM)
    yes, no = blank.options("tracking_known")
    return {name: value for name, value in words.items() if name not in _ONCE} | {
        "report_type": blank.options("report_type")[1],
        "tracking_known": yes if row.tracking else no,
        "previous_tracking_number": row.tracking or "",
    }

"""What a regulator publishes holds nobody's data: each PDF is read back and compared with every row of the lists.

The California Attorney General puts the sample of the notice online (Civ. Code 1798.82(f): "excluding any personally
identifiable information").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from uuid import UUID

from notices.errors import NoticeError
from notices.proof import page_texts

if TYPE_CHECKING:
    from incident.service import Service
    from notices.context import Organization

_SHOWN: Final = 5


def without_people(
    keep: Callable[[bytes], str], service: Service, incident_id: UUID, organization: Organization
) -> Callable[[bytes], str]:
    """`keep`, but for PDFs that hold a value of somebody on a list of the incident.

    The organization's own name, address and contacts are no such value, even where the same person is on a list.

    Raises (the function that is returned):
        NoticeError: naming the rows and what of them stands in the text, without the values.
    """
    address = organization.address
    ours = [organization.name, *address.lines, organization.privacy_officer, organization.signatory_name]
    ours += [organization.phone, organization.toll_free, organization.email, organization.website]
    own_words = [each for each in ours if each]

    def kept(content: bytes) -> str:
        text = "\n".join(f"{page.content}\n{page.footer}" for page in page_texts(content))
        found = service.rosters.occurrences(incident_id, text, own_words)
        if found:
            told = ", ".join(f"row {each.row} ({each.what})" for each in found[:_SHOWN])
            more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
            raise NoticeError(
                f"personal data: the document is published, and it holds what the list of people has in {told}{more}; "
                "nothing was kept"
            )
        return keep(content)

    return kept

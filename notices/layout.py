"""The order in which a letter to an individual says what it has to say.

Each section file holds one required content element and is named by its id. Where two laws ask for the same words
(what happened, which data), one section says both: the other ids stand beside it in its slot.

The title and headings are those of Cal. Civ. Code 1798.82(d)(1), used in every letter: no other law forbids them
and a letter that reaches a Californian by forwarding is then right as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec


class Slot(msgspec.Struct, frozen=True):
    """A place in the letter. `section` names the file; `also` the ids said by the same words.

    A `core` slot is in every letter; the others only where one of their ids is required.
    """

    section: str
    also: tuple[str, ...] = ()
    core: bool = False

    @property
    def says(self) -> tuple[str, ...]:
        """Every element id that this section satisfies."""
        return (self.section, *self.also)


class Part(msgspec.Struct, frozen=True):
    """A heading, by its element id, with the slots under it."""

    heading: str
    slots: tuple[Slot, ...]


_SERVICES: Final = "ca.identity_services"

OPENING: Final = Slot("ca.title", core=True)
DATE_LINE: Final = Slot("ca.notice_date", core=True)

LETTER: Final[tuple[Part, ...]] = (
    Part(
        "ca.heading.what_happened",
        (
            Slot("hipaa.description", ("ca.description", "ftc.description"), core=True),
            Slot("ftc.third_parties"),
            Slot("hipaa.date_of_breach", ("ca.breach_date", "ftc.date_of_breach"), core=True),
            Slot("hipaa.date_of_discovery", ("ftc.date_of_discovery",), core=True),
            Slot("ca.law_enforcement_delay"),
        ),
    ),
    Part("ca.heading.what_information", (Slot("hipaa.phi_types", ("ca.pi_types", "ftc.types"), core=True),)),
    Part(
        "ca.heading.what_we_are_doing",
        (Slot("hipaa.entity_actions", ("ftc.actions",), core=True), Slot(_SERVICES)),
    ),
    Part(
        "ca.heading.what_you_can_do",
        (
            Slot("hipaa.protective_steps", ("ftc.steps",), core=True),
            Slot("il.credentials_direction"),
            Slot("il.fraud_alert_statement"),
            Slot("il.cra_contacts", ("ca.cra_contacts",)),
            Slot("il.ftc_contact"),
        ),
    ),
    Part("ca.heading.more_information", (Slot("hipaa.contact", ("ca.entity_contact", "ftc.contact"), core=True),)),
)

ELEMENT_IDS: Final[frozenset[str]] = frozenset(
    [
        *OPENING.says,
        *DATE_LINE.says,
        *(part.heading for part in LETTER),
        *(element for part in LETTER for slot in part.slots for element in slot.says),
    ]
)
"""Every element that a letter of ours can say."""


def letter_layout(elements: Iterable[str], *, with_services: bool = False) -> tuple[Part, ...]:
    """The parts of a letter that has to say `elements`.

    An offer of services is printed where there is one, whether or not a law asks for it, and never where there is
    none: then the check on the finished text reports it as missing.
    """
    needed = set(elements) - {_SERVICES} | ({_SERVICES} if with_services else set())
    return tuple(
        Part(part.heading, tuple(slot for slot in part.slots if slot.core or needed.intersection(slot.says)))
        for part in LETTER
    )


def said_by(parts: Iterable[Part]) -> frozenset[str]:
    """The element ids that a letter of these parts says."""
    parts = tuple(parts)
    return frozenset(
        [
            *OPENING.says,
            *DATE_LINE.says,
            *(part.heading for part in parts),
            *(element for part in parts for slot in part.slots for element in slot.says),
        ]
    )

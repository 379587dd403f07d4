"""Whether a last day that is closed in California moves: two statutory routes with different lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from jurisdictions.case import Case
from jurisdictions.counting import rolled_forward
from jurisdictions.duties import Option
from jurisdictions.obligations import On


def rolls(case: Case, day: date, option: Option) -> Iterator[Option]:
    """The outer readings of a last day that is closed under CCP 12a or Civil Code 7 to 11. Never the safe date."""
    courts = case.calendar("ca.ccp_135")
    statutory = case.calendar("ca.gov_6700")

    def civil_code(each: date) -> str | None:
        return "Sunday" if f"{each:%A}" == "Sunday" else statutory.holiday(each)

    for key, closed, reading, citation, calendar in (
        (
            "roll.ccp_12a",
            courts.not_business,
            "CCP 12a(a)-(b) roll: the last day is a Saturday, a Sunday or a judicial holiday of CCP 135",
            "CCP 12a, 135",
            courts,
        ),
        (
            "roll.civil_code",
            civil_code,
            "Civil Code 7, 10, 11 roll: the last day is a Sunday or a holiday of Gov. Code 6700",
            "Civ. Code 7, 10, 11",
            statutory,
        ),
    ):
        rolled = rolled_forward(day, closed)
        if rolled.day == day:
            continue
        doubt = "Whether a limit in calendar days leaves room for a roll is not decided: plan by the unrolled date."
        yield replace(
            option,
            id=key,
            deadline=On(rolled.day),
            reading=reading,
            citation=citation,
            why=(*option.why, *rolled.lines),
            caveats=(*option.caveats, *calendar.caveats(day, rolled.day), doubt),
        )

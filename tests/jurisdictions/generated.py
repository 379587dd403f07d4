"""Facts made by hypothesis: any mixture of known and unknown, over all years that the law covers."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from jurisdictions.vocabulary import (
    DATA_ELEMENTS,
    EntityType,
    HarmAssessment,
    HipaaRole,
    License,
    Medium,
    RiskAssessment,
)

ZONES = ["America/Chicago", "America/Los_Angeles", "America/New_York", "Pacific/Honolulu", "America/Puerto_Rico"]
STATES = ["IL", "CA", "TX", "WI", "PR"]
DUTIES = [
    "us.hipaa.individuals",
    "us.hipaa.hhs",
    "us.hipaa.media:IL",
    "us.hipaa.covered_entity",
    "us.part2.hhs",
    "us.ftc_hbnr.individuals",
    "us.ftc_hbnr.ftc",
    "il.pipa.individuals",
    "il.pipa.attorney_general",
    "il.pipa.hipaa_attorney_general",
    "il.pipa.data_owner",
    "ca.civ1798_82.individuals",
    "ca.civ1798_82.attorney_general",
    "ca.civ1798_82.data_owner",
    "ca.hsc1280_15.cdph",
    "ca.hsc1280_15.patients",
]

flags = st.sampled_from([None, True, False])
exact = st.integers(0, 1200)
ranges = st.tuples(exact, exact).map(lambda pair: {"min": min(pair), "max": max(pair)})
counts = st.one_of(st.none(), exact, ranges, st.sampled_from([0, 1, 9, 10, 499, 500, 501]))


def words(kind: Any) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *map(str, kind)])


@st.composite
def facts(draw: st.DrawFn, since: date = date(2003, 1, 1), until: date = date(2027, 12, 31)) -> dict[str, Any]:
    """A facts object; every optional field may be missing."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.dates(since, until))
    moment = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), 30, tzinfo=ZoneInfo(zone))

    def nearby(low: int, high: int) -> str:
        return (day + timedelta(days=draw(st.integers(low, high)))).isoformat()

    def instant(low: int, high: int) -> str:
        return (moment + timedelta(days=draw(st.integers(low, high)))).isoformat()

    def maybe(make: Any) -> Any:
        return make() if draw(st.booleans()) else None

    began = maybe(lambda: draw(st.integers(0, 400)))
    holds = [
        {
            "agency": "police",
            "kind": draw(st.sampled_from(["oral", "written"])),
            "stated_on": (stated := nearby(0, 90)),
            "until": maybe(
                lambda s=stated: (date.fromisoformat(s) + timedelta(days=draw(st.integers(0, 150)))).isoformat()
            ),
            "scope": maybe(lambda: draw(st.lists(st.sampled_from(["us.hipaa.*", *DUTIES]), max_size=2))),
        }
        for _ in range(draw(st.integers(0, 2)))
    ]
    given_duties = draw(st.lists(st.sampled_from(DUTIES), max_size=3, unique=True))
    return {
        "organization": {
            "time_zone": zone,
            "state": draw(st.sampled_from([None, *STATES])),
            "hipaa_role": draw(words(HipaaRole)),
            "entity_type": draw(words(EntityType)),
            "licenses": draw(
                st.one_of(st.none(), st.lists(st.sampled_from(list(map(str, License))), max_size=2, unique=True))
            ),
            "data_owner": draw(flags),
            "phr_vendor": draw(flags),
            "part2_program": draw(flags),
            "state_agency": draw(flags),
        },
        "incident": {
            "discovered_at": moment.isoformat(),
            "occurred_from": None if began is None else (day - timedelta(days=began)).isoformat(),
            "occurred_to": None
            if began is None
            else maybe((day - timedelta(days=draw(st.integers(0, began)))).isoformat),
            "medium": draw(words(Medium)),
            "data_elements": draw(
                st.one_of(st.none(), st.lists(st.sampled_from(list(DATA_ELEMENTS)), max_size=5, unique=True))
            ),
            "encrypted": draw(flags),
            "key_compromised": draw(flags),
            "risk_assessment": draw(words(RiskAssessment)),
            "harm_assessment": draw(words(HarmAssessment)),
            "misuse_likely": draw(flags),
        },
        "discovery": {
            "workforce_knew_at": maybe(lambda: instant(-60, 10)),
            "should_have_known_at": maybe(lambda: instant(-90, 10)),
            "determined_at": maybe(lambda: instant(0, 30)),
            "business_associate": maybe(
                lambda: {
                    "is_agent": draw(flags),
                    "discovered_at": maybe(lambda: instant(-60, 5)),
                    "notified_us_at": maybe(lambda: instant(-10, 5)),
                }
            ),
        },
        "affected": {
            "total": draw(counts),
            "by_state": draw(st.one_of(st.none(), st.dictionaries(st.sampled_from(STATES), counts, max_size=4))),
            "must_notify_by_state": draw(
                st.one_of(st.none(), st.dictionaries(st.sampled_from(STATES), counts, max_size=2))
            ),
            "insufficient_contact": draw(counts),
            "next_of_kin_insufficient_contact": draw(counts),
        },
        "law_enforcement_holds": holds,
        "given": {name: nearby(0, 200) for name in given_duties},
        "scope_determination_ongoing": draw(flags),
    }

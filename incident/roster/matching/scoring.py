"""What two rows share and how they differ, weighed and in words."""

from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from incident.roster.matching.nicknames import forms_of_one
from incident.roster.matching.profile import Texts
from incident.roster.matching.weights import (
    AWAY,
    BIRTH,
    CLOSE,
    CONTACT,
    FAMILY,
    GIVEN,
    HOUSEHOLD,
    MIDDLE,
    NEARLY,
    PLACE,
    SUFFIX,
)


class Rarity(NamedTuple):
    """How rare what they agree on is in the list, in bits."""

    given: float
    family: float
    born: float
    phone: float
    email: float
    account: float


def compare(a: Texts, b: Texts, rare: Rarity, prior: float) -> tuple[float, tuple[str, ...]]:
    """The weight of two rows in bits, and the reasons in the order in which they matter."""
    born, why_born = _birth(a.born, b.born, rare.born)
    given, family, why_names = _names(a, b, rare)
    place, why_place = _place(a, b)
    reasons = [*why_born, *why_names, *why_place]
    home = place
    for name, one, other, rarity in (("phone", a.phone, b.phone, rare.phone), ("email", a.email, b.email, rare.email)):
        if one and one == other:
            home += min(rarity, CONTACT[name])
            reasons.append(f"same_{name}")
    away = 0.0 if place >= PLACE.close / 2 else AWAY - 1
    given, family, born = (part + away * min(part, 0.0) for part in (given, family, born))
    weight = min(prior + family + home, HOUSEHOLD) + given + born
    if a.middle and b.middle:
        if a.middle == b.middle:
            weight += MIDDLE.same
        elif a.middle[0] == b.middle[0] and 1 in {len(a.middle), len(b.middle)}:
            weight += MIDDLE.close
        elif JaroWinkler.similarity(a.middle, b.middle) < NEARLY:
            weight += MIDDLE.other
            reasons.append("middle_names_differ")
    if a.suffix and b.suffix:
        weight += SUFFIX.same if a.suffix == b.suffix else SUFFIX.other
    if a.suffix != b.suffix:
        reasons.append("suffixes_differ")
    if a.account and a.account == b.account:
        weight += min(rare.account, CONTACT["account"])
        reasons.append("same_account")
    return weight, tuple(reasons)


def _names(a: Texts, b: Texts, rare: Rarity) -> tuple[float, float, list[str]]:
    given, why_given = _given(a.given, b.given, rare.given)
    family, why_family = _family(a.family, b.family, rare.family)
    if given + family < GIVEN.close + FAMILY.close and a.given != b.given and a.family != b.family:
        across = JaroWinkler.similarity(a.given, b.family), JaroWinkler.similarity(a.family, b.given)
        names = (a.given and b.family, a.family and b.given)
        # Exchanged outright, or the one name there is stands in the other column.
        if all(alike >= CLOSE or not there for alike, there in zip(across, names, strict=True)) and any(names):
            return GIVEN.close, FAMILY.close, ["names_exchanged"]
        if max(across) >= CLOSE:
            return 0.0, FAMILY.close / 2, ["name_exchanged"]
    return given, family, [*why_given, *why_family]


def _given(one: str, other: str, rarity: float) -> tuple[float, list[str]]:  # noqa: PLR0911 - a level a line
    if not one or not other:
        return 0.0, []
    if one == other:
        return min(rarity, GIVEN.same), ["same_given_name"]
    if forms_of_one(one, other):
        return GIVEN.close, ["given_name_form"]
    if one[0] == other[0] and 1 in {len(one), len(other)}:
        return GIVEN.close / 3, ["given_initial"]
    alike = JaroWinkler.similarity(one, other)
    slips = 1 if len(one) < 5 or len(other) < 5 else 2
    if alike >= CLOSE or DamerauLevenshtein.distance(one, other, score_cutoff=slips) <= slips:
        return GIVEN.close, ["close_given_name"]
    if one.startswith(f"{other} ") or other.startswith(f"{one} "):
        return GIVEN.close, ["close_given_name"]
    return (0.0, ["close_given_name"]) if alike >= NEARLY else (GIVEN.other, ["given_names_differ"])


def _family(one: str, other: str, rarity: float) -> tuple[float, list[str]]:
    if not one or not other:
        return 0.0, []
    if one == other:
        return min(rarity, FAMILY.same), ["same_family_name"]
    alike = JaroWinkler.similarity(one, other)
    if alike >= CLOSE or DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1:
        return FAMILY.close, ["close_family_name"]
    mine, theirs = set(one.split()), set(other.split())
    if mine < theirs or theirs < mine:
        return FAMILY.close, ["part_family_name"]
    return (0.0, ["close_family_name"]) if alike >= NEARLY else (FAMILY.other, ["family_names_differ"])


_PLACEHOLDERS = frozenset({"19000101", "19010101"})


def _birth(one: str, other: str, rarity: float) -> tuple[float, list[str]]:
    if not one or not other:
        return 0.0, ["birth_date_unknown"]
    if one == other:
        weight = min(rarity, BIRTH.same)
        return (weight / 3 if one in _PLACEHOLDERS else weight), ["same_birth_date"]
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return BIRTH.close, ["birth_date_exchanged"]
    if DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1:
        # A father and a son born on one day of the year differ in a digit of the decade.
        return (BIRTH.close / 3 if one[2] != other[2] else BIRTH.close), ["close_birth_date"]
    return BIRTH.other, ["birth_dates_differ"]


def _streets_alike(one: str, other: str) -> bool:
    """Whether two names of streets differ by slips: 'banner' and 'bannerst', 'langdon' and 'langdone ave'."""
    return fuzz.ratio(one, other) >= 84 or (
        min(len(one), len(other)) > 3 and JaroWinkler.similarity(one, other) >= 0.88
    )


def _place(a: Texts, b: Texts) -> tuple[float, list[str]]:  # noqa: PLR0911 - a level a line
    if not a.address or not b.address:
        same = bool(a.place) and a.place == b.place
        return (PLACE.close / 2, ["same_place"]) if same else (0.0, [])
    same_number = bool(a.number) and a.number == b.number
    same_place = bool(a.place) and a.place == b.place
    if same_number and (a.street == b.street or _streets_alike(a.street, b.street)):
        if a.unit and b.unit and a.unit != b.unit:
            return PLACE.close, ["same_house_other_unit"]
        # One street in two towns is two houses.
        if a.street == b.street and (same_place or not a.place or not b.place):
            return PLACE.same, ["same_address"]
        return PLACE.close + 1, ["close_address"]
    elsewhere = bool(a.number and b.number) and not same_number and a.place != b.place
    if (same_number and fuzz.token_set_ratio(a.address, b.address) >= 85) or (
        not elsewhere and fuzz.token_sort_ratio(f"{a.number} {a.address}", f"{b.number} {b.address}") >= 80
    ):
        return PLACE.close, ["close_address"]
    if a.street and a.street == b.street and (same_place or not a.number or not b.number):
        return (PLACE.close if not a.number or not b.number else PLACE.close / 2), ["same_street"]
    if same_place:
        return 0.0, ["same_place"]
    return PLACE.other, ["addresses_differ"]

"""Rows about which there is nothing to find, checked many at a time.

Most rows of most lists are of that kind: a plain name, somebody of whom nothing special is said, one address in the
United States. Going through them column by column takes half the time that going row by row takes. Whatever raises the
least doubt is left to `checks`, which alone knows what to find; of an ordinary row it finds the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat

from incident.roster.excel import is_date, is_scientific
from incident.roster.names import fold, is_email, plain_name
from incident.roster.person import (
    AGE_OF_MAJORITY,
    MAJORITY_NOT_MODELLED,
    NOBODY,
    NOWHERE,
    Address,
    Audience,
    Person,
    age_on,
)
from incident.roster.places import is_united_states
from incident.roster.postal import locate, may_be_military_office
from incident.roster.reasons import flags_of, is_repaired
from incident.roster.record import Checked, Record, Status
from incident.roster.words import Folded, folded_town

SURELY_GROWN = 22
"""Born before the year so many years ago, a person is of age wherever that begins."""

_READ = frozenset(
    {"patient_id", "given_name", "middle_name", "family_name", "full_name", "address1", "address2", "city", "state"}
    | {"zip", "country", "date_of_birth", "deceased", "language", "email", "email_consent", "phone"}
)
"""Fields that an ordinary row may fill; `full_name` is not looked at beside given and family name."""

_OF_PLACE = frozenset({"zip_leading_zero", "zip_plus_four", "zip_number", "state_named", "state_from_zip"})
"""What may be found of the place of an ordinary row: it does not touch who gets the letter."""
_FINDINGS: Mapping[tuple[bool, bool], tuple[str, ...]] = {
    (False, False): (),
    (False, True): ("email_consent",),
    (True, False): ("minor",),
    (True, True): ("minor", "email_consent"),
}
"""What else is told of one: of a minor, and of somebody who agreed to electronic notice."""

_Found = tuple[Person, tuple[str, ...], Folded]
Life = Callable[[str, str], tuple[date | None, date | None, tuple[str, ...]]]
Answer = Callable[[str], tuple[bool | None, bool]]


def is_clean(cells: Sequence[str]) -> bool:
    """Whether no cell holds anything to be taken out: hidden characters, needless spaces, a spreadsheet's errors."""
    whole = "|".join(cells)
    return (
        whole.isascii()
        and whole.isprintable()
        and "#" not in whole
        and "  " not in whole
        and " |" not in whole
        and "| " not in whole
        and whole[0] != " " != whole[-1]
    )


class Ordinary:
    """Checks the ordinary records of one file.

    `columns` is field -> index of its cell; `life` reads dates of birth and death, `answer` a cell that says yes or no
    (with whether it was understood), `is_english` a language, and `original` gives the cells as they were read.
    """

    def __init__(
        self,
        columns: Mapping[str, int],
        on: date,
        *,
        life: Life,
        answer: Answer,
        is_english: Callable[[str], bool],
        original: Callable[[Record], dict[str, str]],
    ) -> None:
        self._columns = columns
        self._rare = tuple(index for field, index in columns.items() if field not in _READ)
        self._on = on
        self._born_before = date(on.year - SURELY_GROWN, 1, 1)
        self._life = life
        self._answer = answer
        self._original = original
        self._is_english = lru_cache(maxsize=1 << 10)(is_english)
        self._is_home = lru_cache(maxsize=1 << 10)(is_united_states)

    def check(self, records: Sequence[Record]) -> list[Checked | None]:
        """The ordinary rows as people, None for each of the others."""
        if not {"given_name", "family_name", "address1", "city", "date_of_birth"} <= self._columns.keys():
            return [None] * len(records)
        clean = [not record.fault and is_clean(record.cells) for record in records]
        cells = [record.cells for record, good in zip(records, clean, strict=True) if good]
        if not cells:
            return [None] * len(records)
        people = iter(self._people(cells))
        return [
            self._checked(record, *found) if good and (found := next(people)) else None
            for record, good in zip(records, clean, strict=True)
        ]

    def _people(self, cells: Sequence[Sequence[str]]) -> Iterable[_Found | None]:
        columns = list(zip(*cells, strict=False))
        empty = ("",) * len(cells)

        def column(field: str) -> Sequence[str]:
            index = self._columns.get(field)
            return columns[index] if index is not None else empty

        given, middle, family = column("given_name"), column("middle_name"), column("family_name")
        state, zip_code, country = column("state"), column("zip"), column("country")
        rare = map("".join, zip(*(columns[index] for index in self._rare), strict=True)) if self._rare else empty
        born_before, is_english, is_home = self._born_before, self._is_english, self._is_home
        for (
            given_, middle_, family_, given_folded, family_folded, (born, _, of_life), place, home, first, second, city,
            email, (dead, dead_said), (consent, consent_said), language, phone, account, more,
        ) in zip(
            given, middle, family, map(plain_name, given), map(plain_name, family),
            map(self._life, column("date_of_birth"), repeat("")), map(locate, state, zip_code, country),
            map(is_home, country), column("address1"), column("address2"), column("city"), column("email"),
            map(self._answer, column("deceased")), map(self._answer, column("email_consent")), column("language"),
            column("phone"), column("patient_id"), rare, strict=False,
        ):  # fmt: skip
            if (
                more
                or not given_folded
                or not family_folded
                or of_life
                or born is None
                or (born >= born_before and place.residence in MAJORITY_NOT_MODELLED)
                or not _OF_PLACE.issuperset(place.findings)
                or not home
                or not city
                or may_be_military_office(city)
                or not first[:1].isdigit()
                or not first.strip("0")
                or is_date(first)
                or is_date(second)
                or dead
                or not dead_said
                or not consent_said
                or (consent and not email)
                or (email and not is_email(email))
                or (language and not is_english(language))
                or is_scientific(phone)
                or is_scientific(account)
            ):
                yield None
                continue
            name = f"{given_folded} {family_folded}"
            if middle_:
                middle_folded = middle_.lower() if len(middle_) == 1 and middle_.isalpha() else plain_name(middle_)
                if not middle_folded or " " in middle_folded:
                    yield None
                    continue
                name = f"{given_folded} {middle_folded} {family_folded}"
            address = Address((first, second) if second else (first,), city, place.state, place.zip)
            person = Person(
                given_, middle_, family_, "", "", "", address, place.residence, born, dead, None, "", NOBODY, NOBODY,
                NOWHERE, language, email, consent, phone, (), account,
            )  # fmt: skip
            lines = (fold(first), fold(second)) if second else (fold(first),)
            yield person, place.findings, (name, lines, folded_town(city, place.state, place.zip[:5], ""))

    def _checked(self, record: Record, person: Person, of_place: tuple[str, ...], folded: Folded) -> Checked:
        born = person.date_of_birth
        minor = born is not None and born >= self._born_before and age_on(born, self._on) < AGE_OF_MAJORITY
        findings = of_place + _FINDINGS[minor, bool(person.email_consent)]
        original = self._original(record) if of_place and is_repaired(findings) else {}
        audience = Audience.PARENT_OF_MINOR if minor else Audience.ADULT
        return Checked(record.row, Status.ACCEPTED, person, findings, flags_of(findings), audience, original, folded)

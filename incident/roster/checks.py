"""From one record to one person: every check of a row, with a finding for whatever was noticed, repaired or doubted.

A row is set aside (quarantined) only where the person cannot be addressed or counted safely. Nothing is repaired
silently: each repair is a finding, and the cells as they were read are kept with the row.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter

from incident.roster.dates import DAY_0_OF_1900, read_date
from incident.roster.elements import read_elements
from incident.roster.excel import ERRORS, is_date, is_scientific
from incident.roster.formats import LARGE_PRINT, read_format
from incident.roster.names import fold_answer, is_email
from incident.roster.naming import check_name, read_name
from incident.roster.ordinary import Ordinary, is_clean
from incident.roster.person import (
    AGE_OF_MAJORITY,
    BY_EMAIL,
    MAJORITY_NOT_MODELLED,
    NOBODY,
    NOWHERE,
    Address,
    Audience,
    Contact,
    Person,
    Route,
    age_on,
    is_deceased,
    route,
)
from incident.roster.postal import read_address
from incident.roster.reasons import REASONS, Severity, flags_of, is_repaired, sets_aside
from incident.roster.record import Checked, Record, Status
from incident.roster.words import Folded, folded_address

_SHAPELESS = frozenset({"bad_quotes", "columns_more"})
"""Faults of a record of which nobody knows what stands under which heading."""
_PARTS = ("next_of_kin", "representative", "confidential")
OLDEST_AGE = 120

_YES = frozenset(
    {"y", "yes", "true", "t", "1", "x", "deceased", "dead", "d", "expired", "agreed", "consented", "opt in"}
)
_NO = frozenset({"n", "no", "false", "f", "0", "alive", "living", "active", "declined", "opt out", "l", "a"})
_UNSAID = frozenset({"", "unknown", "unk", "u", "n a", "na", "null", "none"})
_ENGLISH = frozenset({"", "english", "en", "eng", "e", "en us", "american english", "unknown", "n a", "none"})
_NEVER_EMPTIED = frozenset({"deceased", "date_of_death"})
"""Fields in which an error must not pass for silence: the person would be taken for living."""
_NEWLINES = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")
_HIDDEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# A whole terminal control sequence goes, not only its first byte.
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])?|\x9b[0-9;?]*[@-~]")


def judge(person: Person, on: date) -> tuple[list[str], Audience | None]:
    """What a person's own data mean for the letter on that date: findings, and who reads it (None: no letter)."""
    confidential = person.confidential_address.given
    dead = is_deceased(person)
    findings = ["deceased"] if dead else _by_age(person, on, confidential=confidential)
    if person.email_consent:
        findings.append("email_consent" if person.email else "email_consent_alone")
    if person.language and not _is_english(person.language):
        findings.append("other_language")
    if person.format:
        findings.append("large_print" if person.format == LARGE_PRINT else "format_other")
    if confidential and not dead:
        findings.append("confidential_address" if person.confidential_address.sufficient else "confidential_incomplete")
    way = route(person, on)
    if isinstance(way, Route):
        if way.audience is Audience.PERSONAL_REPRESENTATIVE:
            findings.append("representative")
        return findings, way.audience
    if dead:
        findings.append("no_next_of_kin_address")
    elif way is not BY_EMAIL:
        findings.append("no_letter_address")
    return findings, None


def _by_age(person: Person, on: date, *, confidential: bool) -> list[str]:
    """What the age of a living person means for the letter."""
    if person.date_of_birth is None:
        return ["guardian_age_unknown"] if person.guardian_name else []
    age = age_on(person.date_of_birth, on)
    if age < AGE_OF_MAJORITY:
        return ["minor", "minor_confidential"] if confidential else ["minor"]
    findings = []
    if person.state in MAJORITY_NOT_MODELLED and age < MAJORITY_NOT_MODELLED[person.state]:
        findings.append("age_of_majority")
    if person.guardian_name:
        findings.append("guardian_of_adult")
    return findings


class Checker:
    """Checks the records of one file.

    `mapping` is field -> heading, `on` the date that decides who is a minor, `day_0` where plain numbers that stand for
    days are counted from.
    """

    def __init__(
        self, headings: Sequence[str], mapping: Mapping[str, str], on: date, day_0: date = DAY_0_OF_1900
    ) -> None:
        self._headings = headings
        place = {heading: index for index, heading in enumerate(headings)}
        self._columns = tuple((field, place[heading]) for field, heading in mapping.items())
        self._fields = tuple(mapping)
        # With one index, itemgetter gives no tuple.
        self._pick = itemgetter(*(index for _, index in self._columns), 0)
        self._parts = {part for part in _PARTS if any(field.startswith(f"{part}_") for field in mapping)}
        self._on = on
        self._day_0 = day_0
        self._life = lru_cache(maxsize=1 << 16)(self._life_of)  # few different dates recur
        self._ordinary = Ordinary(
            dict(self._columns),
            on,
            life=self._life,
            answer=_answer,
            is_english=_is_english,
            original=self._original,
        )

    def check(self, record: Record) -> Checked:
        """The row as a person or as a quarantined row, with everything that was found."""
        return self.check_run([record])[0]

    def check_run(self, records: Sequence[Record]) -> list[Checked]:
        """The same for a run of rows, which is quicker."""
        ordinary = self._ordinary.check(records)
        others = iter(self._check([record for record, done in zip(records, ordinary, strict=True) if done is None]))
        return [next(others) if done is None else done for done in ordinary]

    def _check(self, records: Sequence[Record]) -> list[Checked]:
        """A run of rows, one step after the other."""
        found = [[record.fault] if record.fault else [] for record in records]
        shapeless = [record.fault in _SHAPELESS for record in records]
        rows = [
            {} if without else self._values(record.cells, findings)
            for record, findings, without in zip(records, found, shapeless, strict=True)
        ]
        people = [
            None if without else self._person(values, findings)
            for values, findings, without in zip(rows, found, shapeless, strict=True)
        ]
        return [
            self._checked(record, findings, person)
            for record, findings, person in zip(records, found, people, strict=True)
        ]

    def _checked(self, record: Record, findings: list[str], named: tuple[Person, str] | None) -> Checked:
        if named is None:
            return self._set_aside(record, findings)
        person, folded_name = named
        folded = (folded_name, *folded_address(person.address))
        if sets_aside(tuple(findings)):
            return self._set_aside(record, findings, person, folded)
        own, audience = judge(person, self._on)
        all_findings = (*findings, *own)
        original = self._original(record) if is_repaired(all_findings) else {}
        return Checked(
            record.row, Status.ACCEPTED, person, all_findings, flags_of(all_findings), audience, original, folded
        )

    def _values(self, cells: list[str], findings: list[str]) -> dict[str, str]:
        """The cells by field, without hidden characters and needless spaces."""
        if is_clean(cells):
            return dict(zip(self._fields, self._pick(cells), strict=False))
        values: dict[str, str] = {}
        for field, index in self._columns:
            if cells[index]:
                text, hidden = _clean(cells[index], lines=field.endswith(("address1", "address2")))
                if hidden and "hidden_characters" not in findings:
                    findings.append("hidden_characters")
                if text in ERRORS and field not in _NEVER_EMPTIED:
                    findings.append("spreadsheet_error")
                elif text:
                    values[field] = text
        return values

    def _set_aside(
        self, record: Record, findings: list[str], person: Person | None = None, folded: Folded = ("", (), "")
    ) -> Checked:
        codes = tuple(findings)
        original = self._original(record)
        return Checked(record.row, Status.QUARANTINED, person, codes, flags_of(codes), None, original, folded)

    def _original(self, record: Record) -> dict[str, str]:
        if record.fault == "columns_more":
            # Nobody knows which cell belongs under which heading, so all are kept.
            extra = (f"column {place + 1}" for place in range(len(self._headings), len(record.cells)))
            return dict(zip((*self._headings, *extra), record.cells, strict=True))
        if not record.cells:
            return {}
        return {self._headings[index]: record.cells[index] for _, index in self._columns if record.cells[index]}

    def _person(self, values: dict[str, str], findings: list[str]) -> tuple[Person, str]:
        """The person, and the name folded for comparing."""
        get = values.get
        name = read_name(values, findings)
        folded = check_name(name, findings)
        country = get("country", "")
        lines = _address_lines(values, "")
        if any(map(is_date, lines)):
            findings.append("address_date")
        address, place, found = read_address(lines, get("city", ""), get("state", ""), get("zip", ""), country)
        findings += found
        born, died, found_of_life = self._life(get("date_of_birth", ""), get("date_of_death", ""))
        findings += found_of_life
        email = get("email", "")
        if email and not is_email(email):
            findings.append("email_unreadable")
            email = ""
        consent = _yes_or_no("email_consent", values, findings)
        elements: tuple[str, ...] = ()
        if listed := get("data_elements"):
            elements, understood = read_elements(listed)
            if not understood:
                findings.append("elements_unknown")
        account, phone = get("patient_id", ""), get("phone", "")
        if is_scientific(account):
            findings.append("account_scientific")
            account = ""
        if is_scientific(phone):
            findings.append("phone_scientific")
            phone = ""
        deceased = _yes_or_no("deceased", values, findings)
        if deceased and "name_deceased" in findings:
            findings.remove("name_deceased")  # the name says no more than the list does
        if deceased is False and died is not None:
            findings.append("deceased_contradiction")
        # By position, in the order of the fields: by name it takes seven times as long, for every row of a list.
        person = Person(
            name.given, name.middle, name.family, name.suffix, name.full, name.honorific,
            address, place.residence, born, deceased, died, get("guardian_name", ""),
            self._contact(values, "next_of_kin", findings),
            self._contact(values, "representative", findings),
            self._other_address(values, "confidential", findings),
            get("language", ""), email, consent, phone, elements, account, read_format(get("format", "")),
        )  # fmt: skip
        return person, folded

    def _contact(self, values: dict[str, str], part: str, findings: list[str]) -> Contact:
        if part not in self._parts:
            return NOBODY
        name = values.get(f"{part}_name", "")
        address = self._other_address(values, part, findings)
        return Contact(name, address) if name or address.given else NOBODY

    def _other_address(self, values: dict[str, str], part: str, findings: list[str]) -> Address:
        """Another address than the home one; what is found about it is told with its name in front."""
        if part not in self._parts:
            return NOWHERE
        lines = _address_lines(values, f"{part}_")
        city, state, zip_code = (values.get(f"{part}_{field}", "") for field in ("city", "state", "zip"))
        if not (lines or city or state or zip_code):
            return NOWHERE
        address, _, found = read_address(lines, city, state, zip_code, "")
        where = "confidential_address" if part == "confidential" else part
        # That this address does not tell a State of residence is no reason to set the row aside.
        findings += [f"{where}/{finding}" for finding in found if REASONS[finding].severity is not Severity.QUARANTINE]
        return address

    def _life_of(self, birth: str, death: str) -> tuple[date | None, date | None, tuple[str, ...]]:
        """Dates of birth and death, and what was found about them."""
        born = died = None
        findings: list[str] = []
        if not birth:
            findings.append("dob_missing")
        else:
            born, how = read_date(birth, self._day_0)
            if how:
                findings.append(f"dob_{how}")
            if born is not None:
                if born > self._on:
                    findings.append("dob_future")
                elif self._on.year - born.year > OLDEST_AGE:
                    findings.append("dob_long_ago")
        if death and (death in ERRORS or fold_answer(death) not in _UNSAID):
            died, how = read_date(death, self._day_0)
            if died is None:
                findings.append("death_unreadable")
            else:
                if how:
                    findings.append("death_excel_serial")
                if died > self._on or (born is not None and died < born):
                    findings.append("death_impossible")
        return born, died, tuple(findings)


def _clean(cell: str, *, lines: bool) -> tuple[str, bool]:
    """The cell without control characters, in composed form; and whether anything hidden was taken out."""
    text = unicodedata.normalize("NFC", cell)
    bare = _HIDDEN.sub("", _ESCAPE.sub("", text))
    hidden = bare != text
    if lines:
        return "\n".join(" ".join(part.split()) for part in _NEWLINES.split(bare) if part.strip()), hidden
    return " ".join(bare.split()), hidden


def _address_lines(values: dict[str, str], part: str) -> list[str]:
    first, second = values.get(f"{part}address1", ""), values.get(f"{part}address2", "")
    number = values.get("street_number", "") if not part else ""
    if number and first:
        first = f"{number} {first}"
    if "\n" in first or "\n" in second:
        return [line for line in f"{first}\n{second}".split("\n") if line]
    return [line for line in (first, second) if line]


def _yes_or_no(field: str, values: dict[str, str], findings: list[str]) -> bool | None:
    said, understood = _answer(values.get(field, ""))
    if not understood:
        findings.append(f"{field}_unreadable")
    return said


@lru_cache(maxsize=1 << 10)
def _answer(text: str) -> tuple[bool | None, bool]:
    """What a cell says, yes, no or nothing; and whether it was understood."""
    answer = fold_answer(text)
    if answer in _YES:
        return True, True
    if answer in _NO:
        return False, True
    return None, answer in _UNSAID and text not in ERRORS


def _is_english(language: str) -> bool:
    return fold_answer(language) in _ENGLISH

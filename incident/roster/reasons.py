"""What a check can find in a row: each finding with its field, its words, a suggested fix, and what it does to the row.

A finding never quotes the cell: the text is safe to print, log or put on a screen. The cell as it was read is kept
beside it, sealed.
"""

import functools
import operator
from enum import IntFlag, StrEnum
from functools import lru_cache

import msgspec


class Severity(StrEnum):
    """What a finding does: nothing but tell; a value was repaired; doubt remains; the row is set aside."""

    NOTE = "note"
    REPAIR = "repair"
    WARNING = "warning"
    QUARANTINE = "quarantine"


class Flag(IntFlag):
    """What a row is filtered and counted by. None of it names anybody; the bit values are stored, so only append."""

    MINOR = 1
    DECEASED = 1 << 1
    INSUFFICIENT_ADDRESS = 1 << 2
    NEXT_OF_KIN_INSUFFICIENT = 1 << 3
    CONFIDENTIAL_ADDRESS = 1 << 4
    REPAIRED = 1 << 5
    WARNING = 1 << 6
    FOREIGN = 1 << 7
    MILITARY = 1 << 8
    PO_BOX = 1 << 9
    COMPANY_NAME = 1 << 10
    ONE_NAME = 1 << 11
    BIRTH_DATE_UNKNOWN = 1 << 12
    ELECTRONIC_CONSENT = 1 << 13
    OTHER_LANGUAGE = 1 << 14
    POSSIBLE_DUPLICATE = 1 << 15
    REPRESENTATIVE = 1 << 16
    AGE_OF_MAJORITY = 1 << 17
    ZIP_MISMATCH = 1 << 18
    OUT_OF_DATE = 1 << 19
    LARGE_PRINT = 1 << 20

    @property
    def words(self) -> list[str]:
        """The names of the flags that are set, in lower case, in bit order."""
        return [str(flag.name).lower() for flag in self]


class Reason(msgspec.Struct, frozen=True):
    """One kind of finding. `code` is stored, so it never changes; `fix` is what a person could do about it."""

    code: str
    field: str
    text: str
    severity: Severity
    fix: str = ""
    flag: Flag = Flag(0)

    @property
    def line(self) -> str:
        """The finding as one line: `zip: leading zero restored`."""
        return f"{self.field}: {self.text}"


NOTE, REPAIR, WARNING, QUARANTINE = Severity.NOTE, Severity.REPAIR, Severity.WARNING, Severity.QUARANTINE

_CATALOG = (
    # --- the record itself ---
    Reason("columns_more", "row", "more cells than headings", QUARANTINE,
           "a separator inside a cell has shifted the columns: put the right values under their headings"),
    Reason("columns_fewer", "row", "fewer cells than headings; the missing ones are read as empty", NOTE),
    Reason("bad_quotes", "row", "quotation marks do not pair up", QUARANTINE,
           "double each quotation mark inside a quoted cell, or type the values in"),
    Reason("hidden_characters", "row", "control or direction-changing characters removed", REPAIR,
           "compare with the source record"),
    Reason("spreadsheet_error", "row", "a cell that the spreadsheet could not compute is read as empty", REPAIR,
           "look the value up in the source record", Flag.WARNING),
    Reason("mangled_letters", "row", "letters look mangled by a wrong encoding", WARNING,
           "read the file with another encoding, or type the name as the person writes it", Flag.WARNING),
    # --- name ---
    Reason("name_missing", "name", "no name", QUARANTINE, "look the person up by their account number"),
    Reason("name_no_letters", "name", "no letter in the name", QUARANTINE, "enter the person's name"),
    Reason("name_placeholder", "name", "stands for an unknown or test person", QUARANTINE,
           "enter the person's name, or exclude the row if it is a test record"),
    Reason("name_inverted", "name", "'Family, Given' read as Given Family", NOTE),
    Reason("name_suffix", "name", "suffix set apart", NOTE),
    Reason("name_deceased", "name", "says that the person has died, and nothing else in the row does", QUARANTINE,
           "find out whether the person is alive; if not, enter who is next of kin or personal representative"),
    Reason("name_honorific", "name", "honorific set apart", NOTE),
    Reason("name_digits", "name", "digits in the name", WARNING, "compare with the source record", Flag.WARNING),
    Reason("name_company", "name", "looks like an organization", WARNING,
           "notice goes to individuals: exclude it, or enter the person", Flag.COMPANY_NAME | Flag.WARNING),
    Reason("name_single", "name", "one name only", NOTE, "check whether a name is missing", Flag.ONE_NAME),
    Reason("name_email", "name", "an e-mail address stands in the name", WARNING, "enter the person's name",
           Flag.WARNING),
    Reason("name_long", "name", "longer than 120 characters", QUARANTINE, "cells have run together: type the name in"),
    # --- address ---
    Reason("address_missing", "address", "no street or box", WARNING, "look for a newer address",
           Flag.WARNING),
    Reason("address_placeholder", "address", "marked as unknown or returned", WARNING, "look for a newer address",
           Flag.WARNING),
    Reason("address_date", "address", "a line is a date: a spreadsheet may have changed a number", WARNING,
           "compare with the source record", Flag.WARNING),
    Reason("address_po_box", "address", "post-office box", NOTE, flag=Flag.PO_BOX),
    Reason("city_missing", "city", "missing", NOTE, "the ZIP code tells the post office"),
    Reason("state_named", "state", "written as its USPS code", NOTE),
    Reason("state_from_zip", "state", "read from the ZIP code", REPAIR, "check the State of residence"),
    Reason("state_unknown_from_zip", "state", "not a US State; read from the ZIP code instead", REPAIR,
           "check the State of residence"),
    Reason("residence_missing", "state", "neither State nor ZIP code tells the State of residence", QUARANTINE,
           "enter the State of residence, or accept the row with the State unknown"),
    Reason("military", "state", "military address: it does not tell the State of residence", WARNING,
           "ask in which State the person resides", Flag.MILITARY),
    Reason("military_unsaid", "state", "a military post office (APO, FPO, DPO) without AA, AE or AP: the State "
           "given is not that of residence", WARNING, "ask in which State the person resides", Flag.MILITARY),
    Reason("military_from_zip", "state", "read from a military ZIP code: the stated one does not match", REPAIR,
           "check the address", Flag.MILITARY),
    Reason("freely_associated", "country", "a country of its own, though served by US mail", NOTE, flag=Flag.FOREIGN),
    Reason("foreign", "country", "outside the United States", NOTE, "check which law of that country applies",
           Flag.FOREIGN),
    Reason("foreign_from_postal_code", "country", "read as Canada from the postal code", REPAIR,
           "enter the country", Flag.FOREIGN),
    Reason("zip_leading_zero", "zip", "leading zero restored", REPAIR, "check the ZIP code against the State"),
    Reason("zip_plus_four", "zip", "written as ZIP+4", NOTE),
    Reason("zip_number", "zip", "decimal point left by a spreadsheet removed", REPAIR, "check the ZIP code"),
    Reason("zip_missing", "zip", "missing", NOTE, "look the ZIP code up"),
    Reason("zip_unusable", "zip", "not a ZIP code; left out of the address", WARNING, "look the ZIP code up",
           Flag.WARNING),
    Reason("zip_not_in_use", "zip", "its first three digits are not in use", WARNING, "look the ZIP code up",
           Flag.WARNING),
    Reason("zip_mismatch", "zip", "belongs to another State", WARNING, "check the State and the ZIP code",
           Flag.ZIP_MISMATCH | Flag.WARNING),
    # --- birth and death ---
    Reason("dob_missing", "date_of_birth", "missing: whether the person is a minor is unknown", NOTE,
           "look the date of birth up", Flag.BIRTH_DATE_UNKNOWN),
    Reason("dob_unreadable", "date_of_birth", "not a date in a form that is read (1990-02-28, 2/28/1990)", WARNING,
           "enter the date as year-month-day", Flag.BIRTH_DATE_UNKNOWN | Flag.WARNING),
    Reason("dob_two_digit_year", "date_of_birth", "two-digit year: the century is not guessed", WARNING,
           "enter the year with four digits", Flag.BIRTH_DATE_UNKNOWN | Flag.WARNING),
    Reason("dob_excel_serial", "date_of_birth", "read from a spreadsheet day number", REPAIR,
           "check the date of birth"),
    Reason("dob_future", "date_of_birth", "in the future", QUARANTINE, "enter the right date of birth"),
    Reason("dob_long_ago", "date_of_birth", "more than 120 years ago", WARNING,
           "a placeholder? Check whether the person is alive", Flag.WARNING),
    Reason("age_of_majority", "date_of_birth",
           "this State sets majority above 18 (not modelled: treated as an adult; ask counsel)", WARNING,
           "ask counsel whether the letter goes to a parent", Flag.AGE_OF_MAJORITY),
    Reason("deceased_unreadable", "deceased", "neither yes nor no", QUARANTINE,
           "enter yes or no: a letter must not reach a living person as dead, or a dead person as living"),
    Reason("deceased_contradiction", "deceased", "a date of death, yet marked as living", QUARANTINE,
           "find out whether the person is alive"),
    Reason("death_unreadable", "date_of_death", "not a date in a form that is read", QUARANTINE,
           "enter the date as year-month-day, or clear it if the person is alive"),
    Reason("death_excel_serial", "date_of_death", "read from a spreadsheet day number", REPAIR,
           "check the date of death"),
    Reason("death_impossible", "date_of_death", "before birth or in the future", QUARANTINE,
           "find out whether the person is alive"),
    Reason("minor", "date_of_birth", "under 18: the letter goes to a parent or guardian", NOTE, flag=Flag.MINOR),
    Reason("deceased", "deceased", "deceased: the letter goes to next of kin or a personal representative", NOTE,
           flag=Flag.DECEASED),
    Reason("guardian_age_unknown", "guardian", "a guardian is named and the age is unknown: the letter goes to the "
           "guardian", WARNING, "look the date of birth up", Flag.WARNING),
    Reason("guardian_of_adult", "guardian", "a guardian is named for an adult: the letter goes to the person", WARNING,
           "if a court appointed the guardian, enter them as personal representative (45 CFR 164.502(g)(2))",
           Flag.WARNING),
    # --- contact ---
    Reason("confidential_address", "confidential_address", "the person's own choice of address is used", NOTE,
           flag=Flag.CONFIDENTIAL_ADDRESS),
    Reason("confidential_incomplete", "confidential_address", "asked for, but incomplete: no letter goes to the "
           "ordinary address", WARNING, "ask the person how to reach them", Flag.CONFIDENTIAL_ADDRESS | Flag.WARNING),
    Reason("minor_confidential", "confidential_address", "a minor's confidential address: who is told is for counsel",
           WARNING, "45 CFR 164.502(g)(3): did the minor consent to the care alone?", Flag.WARNING),
    Reason("no_letter_address", "address", "no address to which a letter can go", WARNING, "look for a newer address",
           Flag.INSUFFICIENT_ADDRESS),
    Reason("no_next_of_kin_address", "next_of_kin", "deceased, no address of next of kin or representative is known",
           WARNING, "ask the emergency contact or the estate", Flag.NEXT_OF_KIN_INSUFFICIENT),
    Reason("representative", "representative", "the letter goes to the personal representative", NOTE,
           flag=Flag.REPRESENTATIVE),
    Reason("email_unreadable", "email", "not an e-mail address", WARNING, "ask for the address", Flag.WARNING),
    Reason("email_consent", "email_consent", "agreed to electronic notice", NOTE, flag=Flag.ELECTRONIC_CONSENT),
    Reason("email_consent_alone", "email_consent", "agreed to electronic notice, but no e-mail address is known", NOTE,
           "ask for the address"),
    Reason("account_scientific", "patient_id", "written as 1.2E+11 by a spreadsheet: digits are lost; left out", REPAIR,
           "take the number from the source record", Flag.WARNING),
    Reason("phone_scientific", "phone", "written as 1.2E+11 by a spreadsheet: digits are lost; left out", REPAIR,
           "take the number from the source record", Flag.WARNING),
    Reason("email_consent_unreadable", "email_consent", "neither yes nor no: no consent is assumed", WARNING,
           "look the consent up", Flag.WARNING),
    Reason("other_language", "language", "prefers a language other than English", NOTE, flag=Flag.OTHER_LANGUAGE),
    Reason("large_print", "format", "asked for large print", NOTE, flag=Flag.LARGE_PRINT),
    Reason("format_other", "format", "asked for a form that is not printed here", WARNING,
           "prepare this person's notice by hand: Braille, audio, a call", Flag.WARNING),
    Reason("elements_unknown", "data_elements", "a kind of data this toolkit does not know", WARNING,
           "use the names of the facts contract", Flag.WARNING),
    # --- duplicates: compared across rows, so they are told by status and flag and never sealed with the row ---
    Reason("duplicate", "row", "same name, date of birth and address as an earlier row", NOTE),
    Reason("duplicate_possible", "row", "same name as an earlier row, with too little else to tell them apart", WARNING,
           "compare the two: one person, or keep them apart", Flag.POSSIBLE_DUPLICATE | Flag.WARNING),
    Reason("duplicate_differs", "row", "same person as an earlier row, but the rows differ on who gets the letter",
           WARNING, "compare the two: one person, or keep them apart", Flag.POSSIBLE_DUPLICATE | Flag.WARNING),
)  # fmt: skip

REASONS: dict[str, Reason] = {
    reason.code: msgspec.structs.replace(reason, flag=reason.flag | Flag.REPAIRED)
    if reason.severity is REPAIR
    else reason
    for reason in _CATALOG
}
"""Every finding by its code."""


def reason(finding: str) -> Reason:
    """The reason behind a finding: a code, behind `part/` where it is about another address than the home one."""
    return REASONS[finding.rpartition("/")[2]]


def line(finding: str) -> str:
    """A finding in words: `zip: leading zero restored`, `next_of_kin.zip: leading zero restored`."""
    part, _, code = finding.rpartition("/")
    words = REASONS[code].line
    return f"{part}.{words}" if part else words


@lru_cache(maxsize=1 << 12)
def flags_of(findings: tuple[str, ...]) -> Flag:
    """Every flag that the findings raise."""
    return functools.reduce(operator.or_, (reason(finding).flag for finding in findings), Flag(0))


@lru_cache(maxsize=1 << 12)
def is_repaired(findings: tuple[str, ...]) -> bool:
    """Whether one of the findings is a repair, so that the cells as they were read are kept."""
    return Flag.REPAIRED in flags_of(findings)


@lru_cache(maxsize=1 << 12)
def sets_aside(findings: tuple[str, ...]) -> bool:
    """Whether one of the findings keeps the row out of the roster for now."""
    return any(reason(finding).severity is QUARANTINE for finding in findings)


@lru_cache(maxsize=1 << 12)
def bits_of_flags(flags: int) -> tuple[int, ...]:
    """The bits that are set, each on its own."""
    return tuple(int(flag) for flag in Flag(flags))

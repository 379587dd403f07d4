"""The name of a row: taken from its cells, and what is found about it."""

from collections.abc import Mapping

import msgspec

from incident.roster.names import (
    fold,
    fold_answer,
    has_digit,
    is_company,
    is_email,
    is_mangled,
    is_placeholder,
    says_deceased,
    split_full,
    with_suffix_apart,
    without_honorific,
    without_title,
)

NAME_LIMIT = 120


class Name(msgspec.Struct, frozen=True):
    """The parts of a name; `full` where the list gives it as one, then without given and family name."""

    given: str
    middle: str
    family: str
    suffix: str
    full: str
    honorific: str

    @property
    def whole(self) -> str:
        """Everything but the honorific, in one line."""
        return " ".join(filter(None, (self.full, self.given, self.middle, self.family, self.suffix)))


def read_name(values: Mapping[str, str], findings: list[str]) -> Name:
    """The name in the cells. What is set apart or turned round is told in `findings`; nothing is spelled otherwise."""
    get = values.get
    given, middle, family = get("given_name", ""), get("middle_name", ""), get("family_name", "")
    suffix, honorific, full = get("suffix", ""), get("honorific", ""), ""
    if not given and not middle and "," in family:
        full, family = family, ""
    elif not given and not family:
        full = get("full_name", "")
    title = ""
    if full:
        full, title = without_honorific(full)
        full, found, inverted = split_full(full)
        suffix = suffix or found
        if inverted:
            findings.append("name_inverted")
            full, second = without_honorific(full)
            title = title or second
    else:
        if " " in given:
            given, title = without_title(given)
        if " " in family and not suffix:
            family, suffix = with_suffix_apart(family)
            if suffix:
                findings.append("name_suffix")
    if title:
        findings.append("name_honorific")
        honorific = honorific or title
    return Name(given, middle, family, suffix, full, honorific)


def check_name(name: Name, findings: list[str]) -> str:
    """Tell in `findings` what is doubtful about a name; the name folded for comparing is returned."""
    whole = name.whole
    folded = fold(whole)
    if not whole:
        findings.append("name_missing")
        return folded
    # An initial makes no name of "12345" or "Test Patient".
    core = f" {folded} ".replace(f" {fold_answer(name.middle)} ", " ", 1).strip() if name.middle else folded
    if len(whole) > NAME_LIMIT:
        findings.append("name_long")
    letters = core.replace(" ", "")
    plain = letters.isalpha()
    if not plain and not any(map(str.isalpha, letters)):
        findings.append("name_no_letters")
        return folded
    if is_placeholder(core):
        findings.append("name_placeholder")
        return folded
    if says_deceased(core):
        findings.append("name_deceased")
    if "@" in whole and is_email(whole):
        findings.append("name_email")
    elif " " not in whole:
        findings.append("name_single")
    if not plain and has_digit(whole):
        findings.append("name_digits")
    if is_company(core):
        findings.append("name_company")
    if is_mangled(whole):
        findings.append("mangled_letters")
    return folded

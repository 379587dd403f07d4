"""Which data a State's own definition of personal information covers, version by version."""

from __future__ import annotations

from datetime import date

from jurisdictions.case import Case
from jurisdictions.conditions import Finding
from jurisdictions.schema import caveats_of
from jurisdictions.vocabulary import DATA_ELEMENTS, Medium

PHOTOS = "Before-and-after photographs of patients are taken as medical information; whether they are is not settled."


def effective(elements: tuple[str, ...]) -> tuple[str, ...]:
    """The elements with what they make together: an e-mail address and a password are online credentials."""
    found = list(elements)
    if "email" in found and "password" in found and "online_credentials" not in found:
        found.append("online_credentials")
    if "email_credentials_issued_by_us" in found and "online_credentials" not in found:
        found.append("online_credentials")
    return tuple(found)


def personal_information(case: Case, law: str, basis: date) -> Finding:
    """Whether the data is personal information: a name with a listed element, or credentials (``law``.elements)."""
    elements = case.facts.incident.data_elements
    version = case.law(f"{law}.elements", basis)
    if version is None:
        return Finding(truth=False, line="The statute was not yet law.")
    if elements is None:
        line = "Not recorded which data was involved."
        return Finding(truth=None, line=line, needs=("incident.data_elements",))
    named, alone = covered(case, law, basis)
    if named:
        what = ", ".join(DATA_ELEMENTS[each] for each in named)
        line = f"Personal information as defined from {version.since} ({version.citation}): names with {what}."
        photos = (PHOTOS,) if named == ("photos",) else ()
        return Finding(truth=True, line=line, caveats=(*caveats_of(version), *photos))
    if alone:
        what = ", ".join(DATA_ELEMENTS[each] for each in alone)
        credentials = case.law(f"{law}.credentials", basis)
        line = f"Personal information by itself: {what} ({version.citation})."
        return Finding(truth=True, line=line, caveats=caveats_of(credentials))
    listed = ", ".join(elements) or "none"
    reasons = [f"Not personal information as defined from {version.since} ({version.citation}); recorded: {listed}."]
    if "name" not in elements and set(version.elements or ()) & set(effective(elements)):
        reasons.append("The listed elements count only together with a name.")
    for later in case.rulebook.later_versions(f"{law}.elements", version.since):
        added = set(effective(elements)) & (set(later.elements or ()) - set(version.elements or ()))
        if added and case.law_as_of is None:
            reasons.append(f"{', '.join(sorted(added))}: added on {later.since} ({later.law or later.citation}).")
            break
    if case.law(f"{law}.credentials", basis) is None and "online_credentials" in effective(elements):
        first = case.rulebook.provisions[f"{law}.credentials"].version[0]
        reasons.append(f"online credentials: added on {first.since} ({first.law or first.citation}).")
    return Finding(truth=False, line=" ".join(reasons), caveats=caveats_of(version))


def covered(case: Case, law: str, basis: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The elements that count with a name, and those that count alone, under the version of a day."""
    elements = effective(case.facts.incident.data_elements or ())
    version = case.law(f"{law}.elements", basis)
    listed = version.elements if version is not None and version.elements is not None else ()
    if "medical_information" in listed:
        listed = (*listed, "photos")
    named = tuple(each for each in elements if each in listed) if "name" in elements else ()
    credentials = case.law(f"{law}.credentials", basis)
    alone = tuple(each for each in elements if credentials is not None and each == "online_credentials")
    return named, alone


def computerized(case: Case, citation: str) -> Finding:
    """Computerized data: a breach on paper or by word of mouth is outside."""
    match case.facts.incident.medium:
        case Medium.ELECTRONIC:
            return Finding(truth=True, line=f"Computerized data ({citation}).")
        case None:
            line = "Not recorded whether the data was computerized."
            return Finding(truth=None, line=line, needs=("incident.medium",))
        case medium:
            return Finding(truth=False, line=f"The data was {medium}, not computerized ({citation}).")


def unencrypted(case: Case, law: str, basis: date, citation: str) -> Finding:
    """Unencrypted, or encrypted with the key taken, where the version of the day reaches the latter."""
    incident = case.facts.incident
    if incident.encrypted is False:
        return Finding(truth=True, line=f"The data was not encrypted ({citation}).")
    key = case.law(f"{law}.key", basis)
    if incident.encrypted is None:
        return Finding(truth=None, line="Not recorded whether the data was encrypted.", needs=("incident.encrypted",))
    if key is None:
        first = case.rulebook.provisions[f"{law}.key"].version[0]
        line = f"The data was encrypted; taking the key with it counts only from {first.since} ({first.citation})."
        return Finding(truth=False, line=line, caveats=caveats_of(case.rulebook.provisions[f"{law}.key"].version[0]))
    if incident.key_compromised is None:
        line = "Encrypted, but not recorded whether the key was taken too."
        return Finding(truth=None, line=line, needs=("incident.key_compromised",))
    if incident.key_compromised:
        line = f"The data was encrypted, but the key was taken with it ({key.citation})."
        return Finding(truth=True, line=line, caveats=caveats_of(key))
    return Finding(truth=False, line=f"The data was encrypted and the key was not taken ({citation}).")

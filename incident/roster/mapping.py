"""Which column holds which field: guessed from the headings practice-management systems write, and correctable."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from incident.errors import InvalidInput

# Field -> headings that mean it, best first, written without case, spaces and punctuation. A column is taken by the
# field that lists it best; words such as "patient" in front of a heading are dropped before looking.
_HEADINGS: dict[str, str] = {
    "patient_id": "patientid id mrn medicalrecordnumber chartnumber chartno chart accountnumber accountno account acct "
    "acctno clientid customerid memberid employeeid recid recordid record personid",
    "full_name": "fullname name patientname patient nameonfile clientname client customer member employee guest "
    "namelastfirst lastfirst namefirstlast firstlast lastnamefirstname lastfirstmi lastnamefirst person",
    "honorific": "honorific salutation title prefix nameprefix",
    "given_name": "firstname first givenname given fname forename namefirst firstnm preferredfirstname",
    "middle_name": "middlename middle mi middleinitial mname middlenameorinitial middleinit namemiddle",
    "family_name": "lastname last familyname family surname lname namelast lastnm",
    "suffix": "suffix namesuffix sfx generation",
    "street_number": "streetnumber streetno housenumber houseno",
    "address1": "mailingaddress1 mailingaddressline1 mailingaddress mailingstreet address1 addressline1 address "
    "street streetaddress street1 streetaddress1 addr addr1 addrline1 line1 homeaddress homeaddress1 homeaddressline1 "
    "residentialaddress add1",
    "address2": "mailingaddress2 mailingaddressline2 address2 addressline2 street2 streetaddress2 addr2 addrline2 "
    "line2 apt unit suite aptunit aptsuite apartment homeaddress2 homeaddressline2 add2 aptno",
    "city": "mailingcity city town addresscity homecity cityname municipality suburb locality",
    "state": "mailingstate state st addressstate homestate stateprovince stateregion province statecode "
    "stateofresidence residencestate region",
    "zip": "mailingzip mailingzipcode zip zipcode postalcode zippostalcode postcode zip5 zipplus4 addresszip homezip "
    "homezipcode ziporpostalcode postal pcode",
    "country": "mailingcountry country countryname countrycode addresscountry nation homecountry",
    "date_of_birth": "dateofbirth dob birthdate birthday bdate birth born dateofbirthdob ptdob",
    "deceased": "deceased isdeceased deceasedflag deceasedindicator dead vitalstatus deceasedyn",
    "date_of_death": "dateofdeath deathdate dod deceaseddate datedeceased died",
    "guardian_name": "guardianname guardian parentname parent parentguardian parentguardianname "
    "parentorguardian legalguardian",
    "next_of_kin_name": "nextofkinname nextofkin nok nokname kinname",
    "next_of_kin_address1": "nextofkinaddress1 nextofkinaddress nextofkinstreet nokaddress nokaddress1 nokstreet",
    "next_of_kin_address2": "nextofkinaddress2 nokaddress2",
    "next_of_kin_city": "nextofkincity nokcity",
    "next_of_kin_state": "nextofkinstate nokstate",
    "next_of_kin_zip": "nextofkinzip nextofkinzipcode nokzip nokzipcode",
    "representative_name": "personalrepresentativename personalrepresentative representativename representative "
    "executor executorname legalrepresentative poa powerofattorney healthcareproxy",
    "representative_address1": "personalrepresentativeaddress1 personalrepresentativeaddress representativeaddress "
    "representativeaddress1 representativestreet executoraddress",
    "representative_address2": "personalrepresentativeaddress2 representativeaddress2",
    "representative_city": "personalrepresentativecity representativecity executorcity",
    "representative_state": "personalrepresentativestate representativestate executorstate",
    "representative_zip": "personalrepresentativezip representativezip executorzip",
    "confidential_address1": "confidentialaddress1 confidentialaddress confidentialstreet alternateaddress "
    "alternateaddress1 altaddress altaddress1 confidentialcommunicationaddress confidentialmailingaddress",
    "confidential_address2": "confidentialaddress2 alternateaddress2 altaddress2",
    "confidential_city": "confidentialcity alternatecity altcity",
    "confidential_state": "confidentialstate alternatestate altstate",
    "confidential_zip": "confidentialzip confidentialzipcode alternatezip altzip",
    "language": "preferredlanguage language lang primarylanguage languagepreference spokenlanguage",
    "format": "largeprint letterformat noticeformat accessibleformat preferredformat alternateformat printsize "
    "largeprintletter formatneeded format",
    "email": "email emailaddress emailid homeemail personalemail email1 primaryemail",
    "email_consent": "emailconsent consenttoemail emailoptin electronicnotice electronicconsent "
    "consentelectronicnotice okemail emailok oktoemail econsent electroniccommunication",
    "phone": "phone phonenumber homephone cellphone mobile mobilephone cell telephone phone1 primaryphone mobilenumber "
    "tel",
    "data_elements": "dataelements exposeddata exposedelements dataexposed elements datatypes affecteddata "
    "compromiseddata informationinvolved",
}

FIELDS: tuple[str, ...] = tuple(_HEADINGS)
"""Every field a column can be mapped to."""

_RANKS: dict[str, tuple[int, str]] = {
    heading: (rank, field) for field, headings in _HEADINGS.items() for rank, heading in enumerate(headings.split())
}
_NUMBERED = re.compile(r"(?P<heading>.*) \(column (?P<column>\d+)\)\Z")
_OWNERS = re.compile(
    r"^(?:patients?|pts?|clients?|customers?|guests?|members?|employees?|persons?|individuals?|contacts?)(?=.)"
)


def key_of(heading: str) -> str:
    """A heading without case, spaces and punctuation, by which headings are compared."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def _alike(heading: str) -> str:
    """By what headings are told apart; one that has no Latin letter by itself."""
    return key_of(heading) or heading.casefold()


def _meaning(heading: str) -> tuple[int, str] | None:
    key = key_of(heading)
    found = _RANKS.get(key)
    if found is None:
        # One owner word in front: "Patient Last Name", "Pt. DOB".
        found = _RANKS.get(_OWNERS.sub("", key))
    return found


def names_a_person(mapping: Mapping[str, str]) -> bool:
    """Whether the mapped columns hold a name."""
    return "full_name" in mapping or "family_name" in mapping


def guess_mapping(headings: Sequence[str]) -> dict[str, str]:
    """Field -> heading, for every heading whose meaning is known; of several columns for a field the best one."""
    best: dict[str, tuple[int, str]] = {}
    for heading in headings:
        meaning = _meaning(heading)
        if meaning is not None:
            rank, field = meaning
            if field not in best or rank < best[field][0]:
                best[field] = (rank, heading)
    return {field: best[field][1] for field in FIELDS if field in best}


def distinct(headings: Sequence[str]) -> tuple[str, ...]:
    """The headings, with the number of its column behind each that stands more than once: `Address (column 4)`."""
    times = Counter(map(_alike, headings))
    told: list[str] = []
    for number, heading in enumerate(headings, start=1):
        again = bool(heading) and (times[_alike(heading)] > 1 or heading in told)
        told.append(f"{heading} (column {number})" if again else heading)
    return tuple(told)


def undecided(
    headings: Sequence[str], mapping: Mapping[str, str], corrections: Mapping[str, str | None] | None
) -> dict[str, tuple[str, ...]]:
    """Field -> the columns that could be it: a heading that means it stands more than once, and nobody chose.

    `headings` are `distinct`. A field that another heading means better is read from that one, as any guess is.
    """
    columns: dict[str, list[str]] = {}
    means: dict[str, tuple[int, str]] = {}
    for number, heading in enumerate(headings, start=1):
        found = _NUMBERED.match(heading)
        meaning = _meaning(found["heading"]) if found is not None and int(found["column"]) == number else None
        if found is not None and meaning is not None:
            columns.setdefault(_alike(found["heading"]), []).append(heading)
            means[_alike(found["heading"])] = meaning
    asked: dict[str, tuple[str, ...]] = {}
    for heading, (rank, field) in means.items():
        guessed = _meaning(mapping[field]) if field in mapping else None
        better = guessed is not None and guessed[1] == field and guessed[0] < rank
        if len(columns[heading]) > 1 and field not in (corrections or {}) and not better:
            asked[field] = (*asked.get(field, ()), *columns[heading])
    return {field: asked[field] for field in FIELDS if field in asked}


def unmapped(headings: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The headings that no field takes: what stands under them is not read in."""
    used = set(mapping.values())
    return tuple(heading for heading in headings if heading and heading not in used)


def apply_corrections(
    guess: Mapping[str, str], corrections: Mapping[str, str | None] | None, headings: Sequence[str]
) -> dict[str, str]:
    """The guess with a person's corrections on top: field -> heading, or an empty one to leave the field out.

    A heading may be given by the number of its column, counted from 1, where none is called so.

    Raises:
        InvalidInput: a field or a heading that does not exist.
    """
    known = {_alike(heading): heading for heading in reversed(headings)}
    mapping = dict(guess)
    faults = []
    for field, heading in (corrections or {}).items():
        if field not in _HEADINGS:
            faults.append(f"mapping.{field}: not a field of a roster; the fields are {', '.join(FIELDS)}")
            continue
        if not heading:
            mapping.pop(field, None)
            continue
        actual = heading if heading in headings else known.get(_alike(heading)) or _column(headings, heading)
        if not actual:
            without = " with a heading" if actual == "" else ""
            faults.append(f"mapping.{field}: the file has no column {heading!r}{without}")
            continue
        # A column means one thing: the correction takes it from the field that was guessed.
        mapping = {other: column for other, column in mapping.items() if column != actual or other == field}
        mapping[field] = actual
    if faults:
        raise InvalidInput(*faults)
    return {field: mapping[field] for field in FIELDS if field in mapping}


def _column(headings: Sequence[str], number: str) -> str | None:
    """The heading of a column by its number; empty where it has none, None where there is no such column."""
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= len(headings)):
        return None
    return headings[int(number) - 1]

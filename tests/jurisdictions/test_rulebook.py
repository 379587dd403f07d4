"""The data files: read strictly, checked, hashed."""

from datetime import date, timedelta

import pytest

from jurisdictions.dated import in_force
from jurisdictions.obligation_ids import FIXED, PER_STATE
from jurisdictions.rulebook import Rulebook, RulebookError, load_rulebook

GOOD = """
[instrument]
id = "xx.law"
title = "A law"
citation = "1 X 1"
jurisdiction = "US"
checked_on = 2026-11-22
[[provision]]
id = "xx.law.limit"
summary = "A limit"
[[provision.version]]
from = 2010-01-01
days = 10
citation = "1 X 2"
mark = "verified"
sources = ["S1"]
[[provision.version]]
from = 2020-01-01
days = 5
citation = "1 X 2"
mark = "knowledge"
"""
SOURCES = '[[source]]\nid = "S1"\naddress = "example.org"\n'
CALENDAR = """
[calendar]
id = "xx.days"
title = "Days"
citation = "1 X 9"
jurisdiction = "US"
first_year = 2003
last_year = 2040
checked_on = 2026-11-22
observance = "none"
[[holiday]]
name = "Day"
fixed = "05-01"
sources = ["S1"]
"""


def read(law: str = GOOD, calendar: str = CALENDAR) -> Rulebook:
    return Rulebook({"law.toml": law.encode(), "cal.toml": calendar.encode(), "sources.toml": SOURCES.encode()})


def test_a_good_file_is_read() -> None:
    rulebook = read()
    assert rulebook.version("xx.law.limit", date(2009, 12, 31)) is None
    assert rulebook.version("xx.law.limit", date(2019, 12, 31)).days == 10
    assert rulebook.version("xx.law.limit", date(2020, 1, 1)).days == 5
    assert rulebook.checked_on == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("days = 5", "dayz = 5", "unknown field `dayz`"),
        ("days = 5\n", "", "exactly one of"),
        ("days = 5", "days = 5\nmore_than = 500", "exactly one of"),
        ("days = 5", 'days = "five"', "Expected `int"),
        ("from = 2020-01-01", "from = 2010-01-01", "does not come after"),
        ("from = 2020-01-01", "from = 2009-01-01", "does not come after"),
        ("days = 10", "days = 10\nuntil = 2021-01-01", "overlaps"),
        ("days = 10", "days = 10\nuntil = 2019-01-01", "gap that is not declared"),
        ("days = 10", "days = 10\nuntil = 2009-01-01\ngap = 'x'", "does not come after"),
        ('mark = "knowledge"', 'mark = "rumour"', "Invalid enum value 'rumour'"),
        ('mark = "knowledge"', 'mark = "verified"', "names no source"),
        ('sources = ["S1"]', 'sources = ["S2"]', "no such source: S2"),
        ("days = 5", 'elements = ["shoe_size"]', "not data elements: shoe_size"),
        ('summary = "A limit"', 'summary = "A limit"\nbasis = "guess"', "Invalid enum value 'guess'"),
        ("[instrument]", "[instrument", "Expected ']'"),
        ('citation = "1 X 2"\nmark = "knowledge"', 'mark = "knowledge"', "missing required field `citation`"),
    ],
)
def test_a_faulty_file_is_refused(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(RulebookError) as caught:
        read(law=GOOD.replace(old, new))
    assert "law.toml" in str(caught.value)
    assert message in str(caught.value)


def test_a_declared_gap_is_no_law() -> None:
    rulebook = read(law=GOOD.replace("days = 10", 'days = 10\nuntil = 2019-01-01\ngap = "repealed"'))
    assert rulebook.version("xx.law.limit", date(2018, 12, 31)).days == 10
    assert rulebook.version("xx.law.limit", date(2019, 6, 1)) is None
    assert rulebook.version("xx.law.limit", date(2020, 1, 1)).days == 5


def test_a_provision_is_defined_once() -> None:
    with pytest.raises(RulebookError, match=r"xx\.law\.limit: defined twice"):
        read(law=GOOD + GOOD[GOOD.index("[[provision]]") :])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('fixed = "05-01"', 'fixed = "02-30"', "no such day: 02-30"),
        ('fixed = "05-01"', 'fixed = "05-01"\neaster = -2', "exactly one of"),
        ('fixed = "05-01"', 'weekday = "monday"', "go together"),
        ('fixed = "05-01"', 'fixed = "05-01"\nfrom = 2020-01-01\nuntil = 2019-01-01', "does not come after"),
        ('sources = ["S1"]', 'sources = ["S9"]', "no such source: S9"),
        ('fixed = "05-01"', 'fixed = "05-01"\nsunday = "tuesday"', "Invalid enum value 'tuesday'"),
    ],
)
def test_a_faulty_calendar_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(RulebookError, match=message):
        read(calendar=CALENDAR.replace(old, new))


def test_the_hash_is_of_the_content() -> None:
    assert read().hash == read().hash
    assert read().hash != read(law=GOOD.replace("days = 5", "days = 6")).hash
    assert len(load_rulebook().hash) == 64


def test_what_ships_is_whole() -> None:
    rulebook = load_rulebook()
    known = FIXED | set(PER_STATE)
    for entry in [*rulebook.provisions.values(), *rulebook.elements, *rulebook.information]:
        if entry.obligation is not None:
            assert entry.obligation in known, entry.id
    ids = [each.id for each in (*rulebook.elements, *rulebook.information)]
    assert len(ids) == len(set(ids))
    assert not {each.id for each in rulebook.elements if each.required and each.forbidden}
    used = {
        source for f in rulebook.files for p in (*f.provision, *f.element) for v in p.version for source in v.sources
    }
    assert used <= set(rulebook.sources)


def test_every_verified_limit_and_threshold_quotes_its_words_or_is_history() -> None:
    for provision in load_rulebook().provisions.values():
        current = provision.version[-1]
        counts = current.days or current.business_days or current.more_than or current.at_least
        if counts and current.mark == "verified" and not current.quote:
            assert provision.id.startswith("ca.hsc1280_15."), f"{provision.id} quotes nothing"


VERSIONS = [
    (provision.id, version) for provision in load_rulebook().provisions.values() for version in provision.version
]


@pytest.mark.parametrize(("name", "version"), VERSIONS, ids=lambda value: getattr(value, "citation", value))
def test_each_version_begins_on_its_day_and_not_before(name: str, version: object) -> None:
    rulebook = load_rulebook()
    since = version.since  # type: ignore[attr-defined]
    assert rulebook.version(name, since) == version
    assert rulebook.version(name, since - timedelta(days=1)) != version
    until = version.until  # type: ignore[attr-defined]
    if until is not None:
        assert rulebook.version(name, until - timedelta(days=1)) == version
        assert rulebook.version(name, until) != version


def test_the_last_version_is_in_force_until_further_notice() -> None:
    open_ended = [p.id for p in load_rulebook().provisions.values() if p.version[-1].until is not None]
    assert open_ended == ["us.hipaa.harm_standard"]
    assert in_force((), date(2026, 1, 1)) is None

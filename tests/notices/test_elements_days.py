"""A date is a date of discovery only if the text gives it as the day of discovery."""

from datetime import date

import pytest

from notices.elements.days import breach_mentions, discovery_mentions
from notices.elements.prose import Prose
from tests.notices.elements_case import element, facts, says

DISCOVERY = [
    "On October 3, 2026, we discovered that someone had opened our files.",
    "We discovered the breach on October 3, 2026.",
    "We first learned of this on Saturday, October 3, 2026.",
    "On or about October 3, 2026, Lakeshore Aesthetics became aware of suspicious activity.",
    "The incident was discovered by our billing staff on October 3, 2026.",
    "This came to our attention on October 3, 2026.",
    "On October 3, 2026, it came to our attention that a laptop was missing.",
    "Date of discovery: October 3, 2026",
    "Date discovered: 10/03/2026",
    "The date of discovery was October 3, 2026.",
    "On October 3, 2026, our email provider notified us of a strange sign-in.",
    "We were notified of the incident by our vendor on 3 October 2026.",
    "The theft happened on September 30, 2026, and we discovered it on October 3, 2026.",
    "We did not discover the breach until October 3, 2026.",
    "The loss was not discovered until October 3, 2026.",
    "It was on October 3, 2026 that we discovered the intrusion.",
    "October 3, 2026 is the date on which we discovered the breach.",
    "On October 3, 2026, while we were moving offices, we noticed that a box of charts was gone.",
    "We are writing because on October 3, 2026 our staff detected an unauthorized sign-in.",
    "An unauthorized person accessed our network on September 30, 2026, which we discovered on October 3, 2026.",
    "On 2026-10-03 we identified unusual activity in one mailbox.",
    "On Oct. 3, 2026, we received a report of a stolen bag.",
]

NOT_DISCOVERY = [
    "On October 3, 2026, an unauthorized person accessed our files. We discovered this later.",
    "We discovered that someone accessed our network on October 3, 2026.",
    "On October 3, 2026, a thief stole a laptop. It was quickly discovered.",
    "We discovered the breach. It took place on October 3, 2026.",
    "We recently discovered a breach. We mailed this letter on October 3, 2026.",
    "On October 3, 2026, our investigation determined that your information was involved.",
    "On October 3, 2026, we confirmed that an unauthorized person had gained access.",
    "On October 3, 2026, the investigation identified the files that were taken.",
    "You were notified on October 3, 2026.",
    "Law enforcement was notified on October 3, 2026.",
    "On October 3, 2026, the hacker discovered a weakness in our website.",
    "As of October 3, 2026 we had not discovered any misuse.",
    "If you discover a problem, call us by October 3, 2026.",
    "On October 3, 2026 we notified our patients of what we had discovered.",
    "We discovered the breach in October 2026.",
    "We discovered the breach last month.",
    "Discovery of the facts took time. October 3, 2026 was a Saturday.",
]


@pytest.mark.parametrize("text", DISCOVERY)
def test_a_date_given_as_the_day_of_discovery_is_found(text):
    mentions = [mention for mention, _ in discovery_mentions(Prose(text))]
    assert any(mention.may_be(date(2026, 10, 3)) and mention.day == 3 for mention in mentions)
    assert says(text, "hipaa.date_of_discovery")


@pytest.mark.parametrize("text", NOT_DISCOVERY)
def test_a_date_near_the_word_discovered_is_not_a_date_of_discovery(text):
    assert not says(text, "hipaa.date_of_discovery")


def test_another_day_than_the_facts_give_is_found_and_contradicts_them():
    found = element("We discovered the breach on October 5, 2026.", "hipaa.date_of_discovery")
    assert found.found
    assert found.contradicts
    assert "2026-10-03" in found.why


def test_discovery_is_the_local_day_of_the_recorded_moment():
    late = facts(incident__discovered_at="2026-10-04T03:30:00+00:00")
    assert not element("We discovered the breach on October 3, 2026.", "hipaa.date_of_discovery", late).contradicts
    assert element("We discovered the breach on October 4, 2026.", "hipaa.date_of_discovery", late).contradicts


BREACH = [
    "The breach took place on September 30, 2026.",
    "The breach took place between September 30, 2026 and October 2, 2026.",
    "On September 30, 2026, a laptop was stolen from our office.",
    "We discovered that someone accessed our network on September 30, 2026.",
    "Date of breach: September 30, 2026",
    "From September 30 through October 2, 2026, an intruder had access to one mailbox.",
    "It appears that an unauthorized person viewed records as early as September 30, 2026.",
    "On September 30, 2026, a letter with your test results was mailed to the wrong patient.",
]
NOT_BREACH = [
    "We discovered the breach on September 30, 2026.",
    "On September 30, 2026, we began an investigation of the breach.",
    "We mailed notices to you on September 30, 2026.",
    "The breach was serious. Our call center opened. You can enroll until September 30, 2026.",
]


@pytest.mark.parametrize("text", BREACH)
def test_a_day_of_the_breach_is_found(text):
    assert says(text, "hipaa.date_of_breach")
    assert says(text, "ca.breach_date")


@pytest.mark.parametrize("text", NOT_BREACH)
def test_other_days_are_not_days_of_the_breach(text):
    assert not list(breach_mentions(Prose(text)))


def test_date_of_breach_is_not_asked_where_it_is_not_known():
    unknown = facts(incident__occurred_from=None, incident__occurred_to=None)
    found = element("Nothing.", "hipaa.date_of_breach", unknown)
    assert not found.required


@pytest.mark.parametrize("text", ["February 30, 2026", "13/45/2026", "2026-13-01", "May", "1-800-555-0142"])
def test_what_is_no_date_is_not_read_as_one(text):
    assert Prose(text).dates == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "On October 3, 2026, L.A.  Harbor Spa learned that cards went to the wrong members.",
            "hipaa.date_of_discovery",
        ),
        ("Upon notification of this incident, on October 3, 2026, we disabled the access.", "hipaa.date_of_discovery"),
        ("On October 3, 2026, the Police Department first notified us of it.", "hipaa.date_of_discovery"),
        ("We determined the access occurred between August and October of 2026.", "hipaa.date_of_breach"),
        ("On October, 2, 2026 the provider sent a file to the wrong company.", "hipaa.date_of_breach"),
        ("On Friday, October 2, 2026, Harbor was subjected to an attack.", "hipaa.date_of_breach"),
        ("On or about the 30th of September 2026, we believe that a laptop was stolen.", "hipaa.date_of_breach"),
        ("During the window of September 30, 2026 to October 2, 2026, a thief had access.", "hipaa.date_of_breach"),
        (
            "Your data may have been exposed in September 2026 by an incident now under investigation.",
            "hipaa.date_of_breach",
        ),
    ],
)
def test_forms_of_dates_in_real_notices(text, name):
    assert says(text, name)
    assert not element(text, name).contradicts


@pytest.mark.parametrize(
    ("text", "fits", "misses"),
    [
        ("Your account was stolen from our systems in late 2014.", date(2014, 11, 3), date(2014, 2, 1)),
        ("In early March 2026, someone got into our network.", date(2026, 3, 4), date(2026, 4, 4)),
        ("During the early part of 2017, an unauthorized person gained access.", date(2017, 2, 1), date(2017, 11, 1)),
        ("The intrusion took place during the first quarter of 2011.", date(2011, 3, 31), date(2011, 4, 1)),
        ("The breach occurred in 2015.", date(2015, 6, 1), date(2016, 6, 1)),
        ("The breach occurred between 2012 and 2013.", date(2013, 1, 5), date(2014, 1, 5)),
        ("The files were accessed from about 2016 through June 21, 2019.", date(2019, 6, 21), date(2018, 5, 5)),
        ("Files were visible between 2019-04-26 and 2020-11-22.", date(2020, 11, 22), date(2021, 1, 1)),
        ("The theft happened at the end of 2012.", date(2012, 12, 24), date(2012, 3, 1)),
    ],
)
def test_a_time_that_is_not_exact_is_a_time_of_the_breach(text, fits, misses):
    mentions = [mention for mention, _ in breach_mentions(Prose(text))]
    assert any(mention.may_be(fits) for mention in mentions), mentions
    assert not any(mention.may_be(misses) for mention in mentions), mentions


@pytest.mark.parametrize(
    "text",
    [
        "The kitchen, acquired by another company in 2017, learned of it.",
        "An intruder obtained records of patients treated between 2011 and 2015.",
        "An attacker gained access to account credentials from 2007.",
        "The forms were for the 2007 and 2008 tax years.",
        "It ran Windows Server 2012.",
        "We updated our website in late 2019.",
    ],
)
def test_a_year_of_something_else_is_none_of_the_breach(text):
    assert not list(breach_mentions(Prose(text)))


def test_a_year_is_never_the_day_of_discovery():
    assert not list(discovery_mentions(Prose("We discovered the breach in 2015. We learned of it in late 2015.")))


def test_a_vague_time_that_contradicts_the_facts_is_told():
    found = element("The breach took place in early 2026.", "hipaa.date_of_breach")
    assert (found.found, found.contradicts) == (True, True)
    assert not element("The breach took place in late 2026.", "hipaa.date_of_breach").contradicts

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

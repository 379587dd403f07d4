"""Each element is found where the text says it, and not where its keywords merely occur."""

import time

import pytest

from tests.notices.elements_case import check, element, facts, says

SAID = {
    "hipaa.description": [
        "Someone who was not allowed to do so signed in to the email account of our billing office.",
        "A laptop was stolen from an employee's car.",
        "By mistake, your test results were mailed to the wrong person.",
        "Ransomware was placed on our server.",
        "A former employee looked at patient charts without permission.",
    ],
    "hipaa.protective_steps": [
        "Review your account statements and report any charge that is not yours.",
        "We recommend that you place a fraud alert on your credit file.",
        "You should look at each explanation of benefits that your health plan sends you.",
        "Please remain vigilant for suspicious activity.",
        "Change your password.",
    ],
    "hipaa.entity_actions": [
        "We hired experts to investigate and changed all passwords.",
        "We are training our staff and have added a second step at sign-in.",
        "Our IT team immediately disabled the account and secured the system.",
    ],
    "hipaa.contact": [
        "If you have questions, call us toll-free at 1-800-555-0142.",
        "Please write to Privacy Officer, 1420 North Clybourn Avenue, Chicago, IL 60610.",
        "Questions? Email privacy@lakeshore.example.",
        "For more information, visit www.lakeshore.example.",
        "Contact us at (888) 555-0100.",
    ],
    "il.fraud_alert_statement": [
        "You can obtain information about fraud alerts and security freezes from these agencies.",
        "Contact the Federal Trade Commission or the credit reporting agencies to learn about fraud alerts. "
        "They also explain security freezes.",
    ],
    "il.credentials_direction": [
        "Change your user name, password and security question right away. Do the same for all other accounts "
        "where you use the same password.",
    ],
    "ca.law_enforcement_delay": [
        "This notice was delayed at the request of law enforcement.",
        "The FBI asked us to wait with this letter because of its investigation.",
    ],
    "ca.identity_services": [
        "We offer 12 months of credit monitoring at no cost to you. To enroll, go to www.guard.example with code A1.",
        "You may enroll in identity theft protection for two years, free of charge, by calling 1-800-555-0199.",
    ],
    "ca.notice_date": [
        "Date: November 20, 2026\n\nDear Ana:",
        "Lakeshore\nNovember 20, 2026\n\nDear Ana:",
        "Dated: 11/20/2026",
    ],
}
NOT_SAID = {
    "hipaa.description": [
        "We are writing to tell you about a data breach.",
        "There is no evidence of unauthorized access.",
        "If someone stole your card, call your bank.",
        "Report a stolen card to your bank.",
    ],
    "hipaa.protective_steps": [
        "We take your privacy seriously.",
        "If you have questions, please call us.",
        "Statements are mailed each month.",
        "You should know that we value your trust.",
    ],
    "hipaa.entity_actions": [
        "We take the security of your information very seriously.",
        "We regret any concern that this may cause you.",
        "An unauthorized person changed a password.",
        "You should investigate any charge.",
    ],
    "hipaa.contact": [
        "If you have questions, call us at 312-555-0142.",
        "If you have questions, call your doctor.",
        "Contact the Federal Trade Commission at 1-877-438-4338 or www.ftc.gov.",
        "Order a credit report at www.annualcreditreport.com or 1-877-322-8228.",
        "Equifax: P.O. Box 105788, Atlanta, GA 30348. Call 1-888-298-0045.",
    ],
    "il.fraud_alert_statement": [
        "A fraud alert is free.",
        "You may place a security freeze.",
        "We put a fraud alert and a security freeze on our own accounts.",
    ],
    "il.credentials_direction": ["Change your password.", "We changed all passwords and security questions."],
    "ca.law_enforcement_delay": [
        "We notified law enforcement.",
        "This notice was not delayed by law enforcement.",
        "We apologize for the delay.",
    ],
    "ca.identity_services": [
        "We offer six months of free credit monitoring. To enroll, call 1-800-555-0199.",
        "We offer credit monitoring for 12 months. To enroll, call 1-800-555-0199.",
        "We offer 24 months of credit monitoring at no cost.",
        "Protect yourself from identity theft.",
    ],
    "ca.notice_date": ["On November 20, 2026 we wrote to you.", "November 2026", "Dear Ana:"],
}


def _cases(table):
    return [pytest.param(name, text, id=f"{name}: {text[:50]}") for name, texts in table.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), _cases(SAID))
def test_the_text_says_it(name, text):
    held = facts(law_enforcement_holds=[{"kind": "written", "stated_on": "2026-10-05", "until": "2026-10-20"}])
    found = element(text, name, held)
    assert found.found
    assert not found.contradicts
    assert text[slice(*found.where)].strip()


@pytest.mark.parametrize(("name", "text"), _cases(NOT_SAID))
def test_the_text_does_not_say_it(name, text):
    found = element(text, name)
    assert not found.found or found.contradicts
    assert found.why


HEADINGS = {
    "ca.title": "Notice of Data Breach",
    "ca.heading.what_happened": "What Happened",
    "ca.heading.what_information": "What Information Was Involved",
    "ca.heading.what_we_are_doing": "What We Are Doing",
    "ca.heading.what_you_can_do": "What You Can Do",
    "ca.heading.more_information": "For More Information",
}


@pytest.mark.parametrize(("name", "words"), HEADINGS.items())
def test_headings_are_found_alone_on_a_line_as_the_statute_or_its_form_prints_them(name, words):
    for form in (words, words.upper(), words + "?", words + ".", f"{words}?  On the third we saw it.", f"* {words}"):
        assert says(f"Dear Ana:\n\n{form}\n\nText follows.", name), form


@pytest.mark.parametrize(("name", "words"), HEADINGS.items())
def test_headings_are_not_found_in_running_text_or_in_other_words(name, words):
    for form in (f"We tell you {words} here.", words.lower(), f"{words} To You Last Week", words[:-2]):
        assert not says(f"Dear Ana:\n\n{form}\n\nText follows.", name), form


def test_more_information_without_for_is_not_the_heading():
    assert not says("More Information\n\nCall us.", "ca.heading.more_information")


def test_a_heading_broken_over_two_lines_of_a_table_is_found():
    assert says("What Information Was\nInvolved?\n\nYour name.", "ca.heading.what_information")


TYPES = "What Information Was Involved\n\n{}\n\nWhat We Are Doing\n\nWe closed the account."


@pytest.mark.parametrize(
    "words",
    [
        "Your name, date of birth, and medical information.",
        "The files contained names, birth dates, and details of treatments.",
        "* name\n* date of birth\n* medical records, such as test results",
    ],
)
def test_the_kinds_of_information_are_found_by_their_usual_names(words):
    assert says(TYPES.format(words), "hipaa.phi_types")
    assert says(TYPES.format(words), "ca.pi_types")


def test_each_known_kind_of_information_must_be_named():
    found = element(TYPES.format("Your name and date of birth."), "hipaa.phi_types")
    assert not found.found
    assert "medical_information" in found.why


def test_a_kind_that_was_not_involved_does_not_count():
    text = TYPES.format("Your name and date of birth. Your medical information was not involved.")
    assert not says(text, "hipaa.phi_types")


def test_a_kind_named_in_advice_does_not_count():
    text = "The files held your name and date of birth.\n\nPlease check your medical records and tell your doctor."
    assert not says(text, "hipaa.phi_types")


def test_kinds_are_found_without_the_california_heading():
    text = "The mailbox contained your name, your date of birth, and notes on your treatment."
    assert says(text, "hipaa.phi_types")


BUREAUS = """\
Equifax, P.O. Box 105788, Atlanta, GA 30348, 1-888-298-0045
Experian, P.O. Box 9554, Allen, TX 75013, 1-888-397-3742
TransUnion, P.O. Box 2000, Chester, PA 19016, 1-800-916-8800
"""
FTC = "Federal Trade Commission, 600 Pennsylvania Avenue NW, Washington, DC 20580, 1-877-438-4338, www.ftc.gov"


def test_bureaus_are_found_with_their_numbers_and_addresses():
    assert says(BUREAUS, "il.cra_contacts")
    assert says(BUREAUS + FTC, "il.cra_contacts")


def test_bureaus_are_found_in_columns_as_a_pdf_gives_them():
    columns = (
        "Equifax Experian TransUnion\nP.O. Box 105788 P.O. Box 9554 P.O. Box 2000\n"
        "Atlanta, GA 30348 Allen, TX 75013 Chester, PA 19016\n1-888-298-0045 1-888-397-3742 1-800-916-8800"
    )
    assert says(columns, "il.cra_contacts")


@pytest.mark.parametrize(
    "text",
    [
        BUREAUS.replace("TransUnion, P.O. Box 2000, Chester, PA 19016, 1-800-916-8800\n", ""),
        BUREAUS.replace(", 1-888-397-3742", ""),
        BUREAUS.replace(", P.O. Box 9554, Allen, TX 75013", ""),
        BUREAUS.replace("1-888-397-3742", "972-555-0100"),
        BUREAUS.replace("1-800-916-8800", "") + FTC,
        "Contact Equifax, Experian and TransUnion.",
    ],
    ids=["two bureaus", "no number", "no address", "number not toll-free", "the FTC's number", "names only"],
)
def test_bureaus_without_a_number_or_an_address_are_not_enough(text):
    assert not says(text, "il.cra_contacts")


def test_the_ftc_is_found_with_number_address_and_site():
    assert says(FTC, "il.ftc_contact")


@pytest.mark.parametrize(
    "part", ["600 Pennsylvania Avenue NW, Washington, DC 20580, ", ", 1-877-438-4338", ", www.ftc.gov"]
)
def test_the_ftc_without_one_of_them_is_not_enough(part):
    assert not says(FTC.replace(part, ""), "il.ftc_contact")


def test_details_of_a_bureau_do_not_count_for_the_ftc():
    assert not says("Contact the Federal Trade Commission.\n" + BUREAUS, "il.ftc_contact")


def test_the_organization_must_be_named_with_a_contact():
    assert says("Lakeshore Aesthetics, 1-800-555-0142", "ca.entity_contact")
    assert not says("Your clinic, 1-800-555-0142", "ca.entity_contact")
    assert not says("Lakeshore Aesthetics is sorry.", "ca.entity_contact")


COUNTED = [
    "The breach affected 1,143 Illinois residents.",
    "In all, 1143 residents of Illinois were affected.",
    "One thousand one hundred forty-three Illinois residents were affected.",
    "Eleven hundred and forty-three Illinois residents were affected.",
    "We have told 900 people who live in Illinois.",
    "Illinois residents affected: 1,143",
    "The number of Illinois residents affected is 1,143.",
    "Some 1,100 affected individuals in Illinois are being told.",
    "Twelve Illinois patients were affected.",
    "1,143 Illinoisans were affected.",
    "We are notifying 1,143 patients.",
    "one thousand one hundred and forty-three people",
    "Illinois: 1,143",
]
NOT_COUNTED = [
    "Illinois residents may call 1-800-555-0142.",
    "Illinois residents have rights under 815 ILCS 530/10.",
    "In 2026 Illinois residents got new rights.",
    "Lakeshore Aesthetics, Suite 300, Chicago, Illinois 60610",
    "As of November 20, 2026, Illinois residents can call.",
    "Illinois residents can enroll within 90 days.",
    "We have 12 locations in Illinois.",
    "We told 61 residents of California.",
    "The services last 12 months.",
]


@pytest.mark.parametrize("text", COUNTED)
def test_the_number_of_illinois_residents_is_forbidden_in_figures_and_words(text):
    report = check(text)
    assert [each.id for each in report.forbidden] == ["il.resident_count"]
    assert report.forbidden[0].text
    assert not report.complete


@pytest.mark.parametrize("text", NOT_COUNTED)
def test_other_numbers_near_illinois_are_not_forbidden(text):
    assert check(text).forbidden == ()


@pytest.mark.parametrize(
    "piece", ["Equifax ", "On October 3, 2026 we discovered ", "one ", "one-", "\n", "you can ", "www.a.b.", "1 "]
)
def test_no_text_makes_the_check_slow(piece):
    """Repetition makes a careless pattern try every way to match; ten pages of it may take seconds, not minutes."""
    started = time.process_time()
    check(piece * (10_000 // len(piece)))
    assert time.process_time() - started < 10


# ---- forms that real notices use


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The network was shut down and a forensic investigation started immediately.", "hipaa.entity_actions"),
        ("We are closely coordinating with law enforcement on this matter.", "hipaa.entity_actions"),
        ("Lakeshore immediately launched an investigation with the help of experts.", "hipaa.entity_actions"),
        ("On May 1, 2026, 30 fraudulent tax returns were filed in the names of clients.", "hipaa.description"),
        ("We were told that an employee had removed certain documents from our office.", "hipaa.description"),
        ("A person outside our clinic got into one billing mailbox.", "hipaa.description"),
        ("Data thieves breached the database of several companies.", "hipaa.description"),
        ("Your account may have been compromised, and there is no evidence that it was used.", "hipaa.description"),
    ],
)
def test_words_of_real_notices_that_say_it(text, name):
    assert says(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I am writing to inform you of an investigation of the county prosecutor.", "hipaa.entity_actions"),
        ("The police were called and arrived at the office, investigating the matter.", "hipaa.entity_actions"),
        ("We have no evidence that data was accessed or stolen.", "hipaa.description"),
        ("The breach may have exposed these kinds of your information:", "hipaa.description"),
        ("This data breach affected your name.", "hipaa.description"),
        ("If somebody gained access to your account, call us.", "hipaa.description"),
    ],
)
def test_words_of_real_notices_that_do_not_say_it(text, name):
    assert not says(text, name)


@pytest.mark.parametrize(
    "text",
    [
        "Two password protected laptops were stolen.",
        "Somebody had access to several employee email accounts.",
        "Phishing emails were sent to our staff, and files were accessed.",
        "We changed the password of the account that was accessed.",
        "Files of Harbor Genetics were accessed.",
        "Some letters were sent to the wrong addresses.",
    ],
)
def test_what_is_named_for_another_reason_is_no_kind_of_information_involved(text):
    assert not says(text, "hipaa.phi_types", facts(incident__data_elements=None))


@pytest.mark.parametrize(
    "words", ["email address", "email addresses", "e-mail address", "name, email, and phone number"]
)
def test_an_email_address_is_named(words):
    assert says(f"The files contained your {words}.", "hipaa.phi_types", facts(incident__data_elements=["email"]))

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import pytest

from incident.access.totp import code_at, matching_step, new_secret, typed, uri

RFC = b"12345678901234567890"
"""The secret of RFC 6238, appendix B."""


def at(seconds):
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
     (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_the_codes_are_those_of_rfc_6238(seconds, digits):
    assert code_at(RFC, at(seconds)) == digits[-6:]
    assert matching_step(RFC, digits[-6:], at(seconds)) == seconds // 30


def test_a_code_is_taken_one_step_early_or_late_and_no_more():
    secret, now = new_secret(), datetime(2026, 11, 22, 14, 0, 10, tzinfo=UTC)
    present = int(now.timestamp()) // 30
    for steps in (-2, -1, 0, 1, 2):
        code = code_at(secret, now + timedelta(seconds=30 * steps))
        assert matching_step(secret, code, now) == (present + steps if abs(steps) <= 1 else None)


def test_a_used_code_is_not_taken_again_nor_an_earlier_one():
    secret, now = new_secret(), datetime(2026, 11, 22, 14, 0, 10, tzinfo=UTC)
    step = matching_step(secret, code_at(secret, now), now)
    assert matching_step(secret, code_at(secret, now), now, used=step) is None
    assert matching_step(secret, code_at(secret, now - timedelta(seconds=30)), now, used=step) is None
    later = now + timedelta(seconds=30)
    assert matching_step(secret, code_at(secret, later), later, used=step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "12 34 5x"])
def test_what_is_no_code_is_refused(code):
    assert matching_step(RFC, code, at(59)) is None


def test_a_code_may_be_typed_with_a_space():
    assert matching_step(RFC, "287 082", at(59)) == 1


def test_the_address_says_whose_it_is_and_the_secret_can_be_typed():
    secret = new_secret()
    address = urlparse(str(uri(secret, "dana")))
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/breach:dana")
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert query["secret"] == str(typed(secret)).replace(" ", "")
    assert str(uri(secret, "a&b/c d")).startswith("otpauth://totp/breach:a%26b%2Fc%20d?secret=")
    assert repr(uri(secret, "dana")) == repr(typed(secret)) == "<passphrase>"

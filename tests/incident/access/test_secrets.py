import pytest

from incident.access.secrets import SecretBytes, SecretText


@pytest.mark.parametrize("shown", ["{!r}", "{!s}", "{}"])
def test_a_key_does_not_show_itself(shown):
    assert shown.format(SecretBytes(b"0123456789")) == "<key>"
    assert "0123" not in shown.format({"key": [SecretBytes(b"0123456789")]})


def test_a_passphrase_does_not_show_itself_in_what_tracebacks_print():
    assert repr(SecretText("copper otter")) == "<passphrase>"
    assert repr({"typed": SecretText("copper otter")}) == "{'typed': <passphrase>}"


def test_a_secret_that_is_copied_stays_what_it_was():
    assert SecretBytes(SecretBytes(b"0123")) == bytes(SecretBytes(b"0123")) == b"0123"
    assert SecretText(SecretText("copper otter")) == str(SecretText("copper otter")) == "copper otter"
    assert SecretText("copper otter").encode() == b"copper otter"

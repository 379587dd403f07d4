"""The second factor: codes of six digits from an authenticator (RFC 6238: SHA-1, steps of 30 seconds)."""

import base64
import os
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from incident.access.secrets import SecretBytes, SecretText

ISSUER = "breach"
_SECRET, _DIGITS, _STEP = 20, 6, 30


def new_secret() -> SecretBytes:
    """160 random bits, as RFC 4226 recommends."""
    return SecretBytes(os.urandom(_SECRET))


def uri(secret: bytes, user: str) -> SecretText:
    """The `otpauth:` address that an authenticator reads from a QR code.

    What every authenticator takes for granted (SHA-1, six digits, 30 seconds) is left out: the code must fit a screen.
    """
    base32 = base64.b32encode(secret).decode()
    return SecretText(f"otpauth://totp/{ISSUER}:{quote(user, safe='')}?secret={base32}")


def typed(secret: bytes) -> SecretText:
    """The secret in Base32 groups of four, to be typed where no camera is at hand."""
    text = SecretText(base64.b32encode(secret).decode())
    return SecretText(" ".join(text[start : start + 4] for start in range(0, len(text), 4)))


def code_at(secret: bytes, moment: datetime) -> str:
    """The code that an authenticator shows at a moment."""
    return _totp(secret).generate(int(moment.timestamp())).decode()


def matching_step(secret: bytes, code: str, moment: datetime, *, used: int = 0) -> int | None:
    """The time step whose code this is: the present one or one beside it, and later than `used`; None where it is none.

    The step is what the next call takes as `used`, so that no code opens twice.
    """
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    present = int(moment.timestamp()) // _STEP
    totp = _totp(secret)
    for step in (present, present - 1, present + 1):
        try:
            totp.verify(digits.encode(), step * _STEP)
        except InvalidToken:
            continue
        if step > used:
            return step
    return None


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what authenticators understand; as an HMAC it is not affected by its collisions (RFC 6238, section B).
    return TOTP(bytes(secret), _DIGITS, SHA1(), _STEP)  # noqa: S303

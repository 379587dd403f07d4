"""Recovery codes: printed once, kept on paper, typed in on a bad day.

A code is 160 random bits and 15 check bits as seven groups of five letters and digits (Crockford's alphabet: no I, L, O
or U; O, I and L are read as 0, 1 and 1). The check bits tell a slip of the pen from a code that is no longer valid.
"""

import hashlib
import os

from incident.access.secrets import SecretBytes, SecretText
from incident.errors import InvalidInput

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans("OIL", "011")
_SECRET = 20
_SYMBOLS, _GROUP, _CHECK_BITS = 35, 5, 15


def new_code() -> SecretText:
    """A fresh code, such as `7Q2KM-…`."""
    secret = SecretBytes(os.urandom(_SECRET))
    number = int.from_bytes(secret) << _CHECK_BITS | _check_bits(secret)
    symbols = "".join(_ALPHABET[number >> shift & 31] for shift in range((_SYMBOLS - 1) * 5, -1, -5))
    return SecretText("-".join(symbols[start : start + _GROUP] for start in range(0, _SYMBOLS, _GROUP)))


def read_code(text: str) -> SecretBytes:
    """The 20 secret bytes of a code as it was typed; spaces, hyphens and small letters do not matter.

    Raises:
        InvalidInput: it is not a code, or a character is wrong.
    """
    text = SecretText(text)
    symbols = SecretText("".join(text.split()).replace("-", "").upper().translate(_HEARD_AS))
    if len(symbols) != _SYMBOLS or not set(symbols) <= set(_ALPHABET):
        raise InvalidInput(f"recovery code: it has {_SYMBOLS} letters and digits, without U; this one has not")
    secret, check = _parts(symbols)
    if check != _check_bits(secret):
        raise InvalidInput("recovery code: a character is wrong; compare it with the paper, group by group")
    return secret


def _parts(symbols: str) -> tuple[SecretBytes, int]:
    """Nothing fails in here, so that no traceback shows the number."""
    number = 0
    for symbol in symbols:
        number = number << 5 | _ALPHABET.index(symbol)
    return SecretBytes((number >> _CHECK_BITS).to_bytes(_SECRET)), number & (1 << _CHECK_BITS) - 1


def _check_bits(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"breach recovery code" + secret).digest()[:2]) >> 16 - _CHECK_BITS

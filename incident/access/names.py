"""Names of users, and how the case document speaks of them without naming them."""

import hashlib
import hmac
import unicodedata
from uuid import UUID

from incident.errors import InvalidInput

MAX_USER = 64


def check_user(user: str) -> str:
    """The user's name, tidied.

    Raises:
        InvalidInput: it is empty, too long, or has control characters.
    """
    tidy = unicodedata.normalize("NFC", user).strip()
    if not tidy or len(tidy) > MAX_USER or not tidy.isprintable():
        raise InvalidInput(f"user: a user name has 1 to {MAX_USER} printable characters")
    return tidy


def label(case_id: UUID, user: str) -> str:
    """What stands for a user: a salted hash, to be guessed at but not read. Upper and lower case are the same."""
    same = unicodedata.normalize("NFKC", user).strip().casefold()
    return hmac.new(case_id.bytes, same.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]

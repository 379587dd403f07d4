"""Time stamps on checkpoints (RFC 3161): somebody else's word that a checkpoint is no younger than it says.

A request holds the SHA-512 of the checkpoint and a random number, and nothing else of the case. The answer is checked
against the root certificate of the server before it is kept. The library is optional: install `rfc3161-client`.
"""

import urllib.error
import urllib.request
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING

from incident.errors import InvalidInput

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_TIMEOUT = 20
_LARGEST = 1 << 20


def time_stamp(note: bytes, url: str, roots: bytes) -> tuple[bytes, datetime]:
    """Ask a server to stamp a checkpoint; return its answer (DER) and the time it gives.

    `roots` are the certificates to trust, in PEM.

    Raises:
        InvalidInput: the server cannot be reached, refuses, or its answer does not hold.
    """
    if not url.startswith(("http://", "https://")):
        raise InvalidInput("--tsa: the address of a time stamp server begins with http:// or https://")
    client = _client()
    request = client.TimestampRequestBuilder().data(note).build()
    headers = {"Content-Type": "application/timestamp-query"}
    question = urllib.request.Request(url, data=request.as_bytes(), headers=headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(question, timeout=_TIMEOUT) as reply:  # noqa: S310 - checked above
            answer = bytes(reply.read(_LARGEST))
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise InvalidInput(f"--tsa: {url} does not answer: {getattr(error, 'reason', error)}") from None
    return answer, _checked(note, answer, roots, nonce=request.nonce)


def stamped_at(note: bytes, answer: bytes, roots: bytes) -> datetime:
    """When a checkpoint was stamped, by an answer that was kept.

    Raises:
        InvalidInput: the answer is not of this checkpoint, or not of a server under these roots.
    """
    return _checked(note, answer, roots, nonce=None)


def _checked(note: bytes, answer: bytes, roots: bytes, *, nonce: int | None) -> datetime:
    client = _client()
    try:
        response = client.decode_timestamp_response(answer)
        builder = client.VerifierBuilder(roots=_certificates(roots), nonce=nonce)
        builder.build().verify_message(response, note)
        moment: datetime = response.tst_info.gen_time
    except (client.VerificationError, ValueError) as error:
        raise InvalidInput(f"time stamp: it does not hold: {error}") from None
    return moment


def _certificates(pem: bytes) -> list["Certificate"]:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - only where a server is used

    try:
        return load_pem_x509_certificates(pem)
    except ValueError:
        raise InvalidInput("--tsa-root: it holds no certificate in PEM") from None


def _client() -> ModuleType:
    try:
        import rfc3161_client  # noqa: PLC0415 - an optional dependency
    except ImportError:
        raise InvalidInput("--tsa: install the Python package rfc3161-client to use a time stamp server") from None
    return rfc3161_client

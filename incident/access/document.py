"""The case document, `case.json`: format, users, public keys. It tells neither who nor what the case is about."""

import hashlib
import hmac
from uuid import UUID

import msgspec

from incident.access.held import CASE, HeldKeys, subkey
from incident.access.register import Register
from incident.errors import CaseUnusable
from incident.stores.base import CaseStore

FORMAT = 3
NAME = "case.json"


class CaseDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`public_keys` check what the case signs (Ed25519, 32 bytes), one for each epoch of the signing key.

    `seal` is a hash over the rest, keyed with the newest case key: a change from outside is noticed.
    """

    format: int = FORMAT
    case_id: UUID
    register: Register
    public_keys: tuple[bytes, ...]
    seal: str = ""


def read_document(store: CaseStore) -> CaseDocument:
    """The document as it is kept; nothing vouches for it before its seal was checked.

    Raises:
        CaseUnusable: there is none, it is damaged, or it was made by another version of the program.
    """
    content = store.read(NAME)
    if content is None:
        raise CaseUnusable(f"{store.where} is not a case: it has no {NAME}.")
    try:
        found = msgspec.json.decode(content, type=dict[str, object]).get("format")
        if isinstance(found, int) and found > FORMAT:
            raise CaseUnusable(
                f"{store.where} was made by a newer version of this program (format {found}); update it."
            )
        if isinstance(found, int) and found < FORMAT:
            raise CaseUnusable(f"{store.where} was made before the first release (format {found}); make the case anew.")
        return msgspec.json.decode(content, type=CaseDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CaseUnusable(f"{NAME} is damaged in {store.where}: {error}.") from error


def write_document(store: CaseStore, document: CaseDocument, held: HeldKeys) -> CaseDocument:
    """Seal the document and put it in place; answers with what was written.

    Raises:
        CaseUnusable: the store cannot be written.
    """
    sealed = msgspec.structs.replace(document, seal=_seal(document, held))
    store.write(NAME, msgspec.json.format(msgspec.json.encode(sealed), indent=2))
    return sealed


def check_seal(document: CaseDocument, held: HeldKeys) -> None:
    """See that a document is as this program wrote it.

    Raises:
        CaseUnusable: it is not, or the case key is not among the keys that are held.
    """
    if not held.newest(CASE):
        raise CaseUnusable(f"{NAME}: a user is without the key of the case; the file is damaged.")
    if not hmac.compare_digest(document.seal.encode(), _seal(document, held).encode()):
        raise CaseUnusable(f"{NAME} was changed outside this program; restore it from a backup.")


def _seal(document: CaseDocument, held: HeldKeys) -> str:
    content = msgspec.json.encode(msgspec.structs.replace(document, seal=""), order="deterministic")
    key = subkey(held.key(CASE, held.newest(CASE)), document.case_id, "case file")
    return hmac.new(key, content, hashlib.sha256).hexdigest()

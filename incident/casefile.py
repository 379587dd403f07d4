"""A case: everything in it encrypted at rest, opened by a user's passphrase, kept in a store (`incident.stores`).

Its document `case.json` holds the format, the case id, the public key and the key slots of users: nothing that tells
who or what. Several processes may have a case open at once.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import msgspec

from incident.access.secrets import SecretBytes, SecretText
from incident.access.slots import STRONG, Kdf, Slot, Unlocked, check_passphrase, check_user, label, unwrap, wrap
from incident.blobs import SealedBlobStore
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound
from incident.events import Entry
from incident.keyring import CaseKeyRing
from incident.log.application import CaseLog
from incident.log.database import BUSY_TIMEOUT
from incident.ports import IdSource
from incident.stores.base import CaseStore
from incident.stores.places import Place, new_store, store_at
from incident.system import SystemIds

FORMAT = 2
_CASE_KEY = "case"
_JSON = "case.json"


class _CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """case.json. `public_key` checks what the case signs (Ed25519, 32 bytes).

    `seal` is a keyed hash over the rest: a change from outside is noticed.
    """

    format: int
    case_id: UUID
    store_url: str | None = None  # always null in this format; under the seal
    slots: list[Slot]
    public_key: bytes = b""
    seal: str = ""


class OpenCase:
    """A case that was opened; a context manager that closes it.

    `user` is the user's name as enrolled, `store` what keeps the case.
    """

    def __init__(self, store: CaseStore, file: _CaseFile, unlocked: Unlocked, *, create: bool) -> None:
        self.store = store
        self.case_id = file.case_id
        self.user = unlocked.user
        self._keys = unlocked.keys
        self.keyring = CaseKeyRing(unlocked.keys[_CASE_KEY], file.case_id, store.keys)
        self.blobs = SealedBlobStore(store.shelf, self.keyring)
        try:
            self.log = CaseLog(store.log(), key=self.keyring.key("log"), case_id=file.case_id, create=create)
        except CaseUnusable:
            store.close()
            raise

    def __repr__(self) -> str:
        return f"OpenCase({self.store.where!r}, {self.user!r})"

    @property
    def public_key(self) -> bytes:
        """What checks the signatures of this case, 32 bytes (Ed25519)."""
        return self.keyring.signing_key().public_key().public_bytes_raw()

    def check_file(self) -> None:
        """See that case.json is as this program wrote it.

        Raises:
            CaseUnusable: it is missing, damaged, or was changed from outside.
        """
        _check_seal(_read(self.store), self.keyring)

    def add_user(self, user: str, passphrase: str, *, kdf: Kdf = STRONG) -> None:
        """Give a user a key slot.

        Raises:
            InvalidInput: the user has one already, or name or passphrase will not do.
            CaseUnusable: the case file cannot be written.
        """
        passphrase = SecretText(passphrase)
        slot = wrap(self.case_id, user, passphrase, self._keys, kdf=kdf)

        def add(slots: list[Slot]) -> list[Slot]:
            if any(other.label == slot.label for other in slots):
                raise InvalidInput(f"user: {check_user(user)} can open this case already")
            return [*slots, slot]

        self._change_slots(add)

    def remove_user(self, user: str) -> None:
        """Take away a user's key slot; nothing needs to be encrypted anew.

        Raises:
            NotFound: the user has none.
            NotAllowed: it is the last one; nobody could open the case.
            CaseUnusable: the case file cannot be written.
        """
        gone = label(self.case_id, user)

        def remove(slots: list[Slot]) -> list[Slot]:
            rest = [slot for slot in slots if slot.label != gone]
            if len(rest) == len(slots):
                raise NotFound(f"{user} has no key slot in this case.")
            if not rest:
                raise NotAllowed(f"{user} is the last one who can open this case; add another user first.")
            return rest

        self._change_slots(remove)

    def change_passphrase(self, old: str, new: str, *, kdf: Kdf = STRONG) -> None:
        """Change the passphrase of the user who opened the case.

        Raises:
            WrongPassphrase: `old` is not the present one.
            InvalidInput: `new` will not do.
            CaseUnusable: the case file cannot be written.
        """
        old, new = SecretText(old), SecretText(new)
        check_passphrase(new)

        def change(slots: list[Slot]) -> list[Slot]:
            unlocked = unwrap(self.case_id, self.user, old, slots)
            slot = wrap(self.case_id, unlocked.user, new, unlocked.keys, kdf=kdf)
            return [slot if other.label == slot.label else other for other in slots]

        self._change_slots(change)

    def close(self) -> None:
        """Close the stores. The case can be opened again."""
        self.log.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _change_slots(self, change: Callable[[list[Slot]], list[Slot]]) -> None:
        with self.store.exclusive():  # two processes must not overwrite each other's change
            file = _read(self.store)
            _check_seal(file, self.keyring)
            _write(self.store, msgspec.structs.replace(file, slots=change(file.slots)), self.keyring)


def create_case(
    place: Place,
    *,
    user: str,
    passphrase: str,
    opening: Sequence[Entry] = (),
    ids: IdSource | None = None,
    kdf: Kdf = STRONG,
    busy_timeout: float = BUSY_TIMEOUT,
) -> OpenCase:
    """Make a case with one user, and open it.

    It appears at once with everything in it, `opening` recorded: a crash leaves no case or a usable one.
    `kdf` is the cost of the passphrase; anything but the default is for tests.

    Raises:
        InvalidInput: user name or passphrase will not do.
        CaseUnusable: there is something at `place`, or it cannot be written.
    """
    passphrase = SecretText(passphrase)
    case_id = (ids or SystemIds()).new()
    keys: dict[str, bytes] = {_CASE_KEY: SecretBytes(secrets.token_bytes(32))}
    file = _CaseFile(format=FORMAT, case_id=case_id, slots=[wrap(case_id, user, passphrase, keys, kdf=kdf)])
    unlocked = Unlocked(check_user(user), keys)
    with new_store(place, busy_timeout=busy_timeout) as store, _open(store, file, unlocked, create=True) as case:
        case.log.append(opening)
        file = msgspec.structs.replace(file, public_key=case.public_key)
        _write(store, file, case.keyring)
    return _open(store_at(place, busy_timeout=busy_timeout), file, unlocked, create=False)


def open_case(place: Place, user: str, passphrase: str, *, busy_timeout: float = BUSY_TIMEOUT) -> OpenCase:
    """Open a case.

    Raises:
        WrongPassphrase: no key slot opens with what was given.
        CaseUnusable: it is missing, is not a case, is damaged or busy, or was made by a newer version.
    """
    passphrase = SecretText(passphrase)
    store = store_at(place, busy_timeout=busy_timeout)
    try:
        file = _read(store)
        unlocked = unwrap(file.case_id, user, passphrase, file.slots)
        store.check()
    except BaseException:
        store.close()
        raise
    if _CASE_KEY not in unlocked.keys:
        store.close()
        raise CaseUnusable("The key slot does not hold the key of the case; the file is damaged.")
    case = _open(store, file, unlocked, create=False)
    try:
        _check_seal(file, case.keyring)
    except CaseUnusable:
        case.close()
        raise
    return case


def public_key_of(place: Place) -> bytes:
    """What checks the signatures of the case at a place, without opening it; its owner vouches for it only then.

    Raises:
        CaseUnusable: there is no case, or it is damaged.
    """
    store = store_at(place)
    try:
        return _read(store).public_key
    finally:
        store.close()


def _open(store: CaseStore, file: _CaseFile, unlocked: Unlocked, *, create: bool) -> OpenCase:
    return OpenCase(store, file, unlocked, create=create)


def _read(store: CaseStore) -> _CaseFile:
    content = store.read(_JSON)
    if content is None:
        raise CaseUnusable(f"{store.where} is not a case: it has no {_JSON}.")
    try:
        found = msgspec.json.decode(content, type=dict[str, object]).get("format")
        if isinstance(found, int) and found > FORMAT:
            raise CaseUnusable(
                f"{store.where} was made by a newer version of this program (format {found}); update it."
            )
        if isinstance(found, int) and found < FORMAT:
            raise CaseUnusable(f"{store.where} was made before the first release (format {found}); make the case anew.")
        return msgspec.json.decode(content, type=_CaseFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CaseUnusable(f"{_JSON} is damaged in {store.where}: {error}.") from error


def _write(store: CaseStore, file: _CaseFile, keyring: CaseKeyRing) -> None:
    sealed = msgspec.structs.replace(file, seal=_seal(file, keyring))
    store.write(_JSON, msgspec.json.format(msgspec.json.encode(sealed), indent=2))


def _check_seal(file: _CaseFile, keyring: CaseKeyRing) -> None:
    if not hmac.compare_digest(file.seal.encode(), _seal(file, keyring).encode()):
        raise CaseUnusable(f"{_JSON} was changed outside this program; restore it from a backup.")


def _seal(file: _CaseFile, keyring: CaseKeyRing) -> str:
    content = msgspec.json.encode(msgspec.structs.replace(file, seal=""))
    return hmac.new(keyring.key("case file"), content, hashlib.sha256).hexdigest()

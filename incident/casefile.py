"""The case folder: everything of one case, encrypted at rest, opened by a user's passphrase.

    case.json   format, case id, public key, key slots; nothing that tells who or what
    log.db      the sealed log, unless the case keeps it in PostgreSQL
    keys.db     the wrapped keys of incidents
    vault.db    the people affected (made by the roster when it first needs it)
    blobs/      sealed evidence and documents

Several processes may have a case open at once.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import msgspec

from incident.access.keystore import KeyStore
from incident.access.secrets import SecretBytes, SecretText
from incident.access.slots import STRONG, Kdf, Slot, Unlocked, check_passphrase, check_user, label, unwrap, wrap
from incident.blobs import FileBlobStore
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound
from incident.events import Entry
from incident.files import whole_folder, write_durably
from incident.keyring import CaseKeyRing
from incident.log.application import CaseLog
from incident.log.database import BUSY_TIMEOUT, open_engine, sqlite_url, without_password
from incident.ports import IdSource
from incident.system import SystemIds

FORMAT = 2
_CASE_KEY = "case"
_JSON, _LOG, _KEYS, _VAULT, _BLOBS = "case.json", "log.db", "keys.db", "vault.db", "blobs"


class _CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """case.json. `public_key` checks what the case signs (Ed25519, 32 bytes).

    `seal` is a keyed hash over the rest: a change from outside is noticed.
    """

    format: int
    case_id: UUID
    store_url: str | None
    slots: list[Slot]
    public_key: bytes = b""
    seal: str = ""


class OpenCase:
    """A case that was opened; a context manager that closes it.

    `user` is the user's name as enrolled, `store_url` the SQLAlchemy URL of the log.
    """

    def __init__(
        self, path: Path, file: _CaseFile, unlocked: Unlocked, *, store_url: str, create: bool, busy_timeout: float
    ) -> None:
        self.path = path
        self.case_id = file.case_id
        self.user = unlocked.user
        self.store_url = store_url
        self.vault_path = path / _VAULT
        self._keys = unlocked.keys
        self._key_store = KeyStore(
            open_engine(sqlite_url(str(path / _KEYS)), busy_timeout=busy_timeout, secure_delete=True)
        )
        self.keyring = CaseKeyRing(unlocked.keys[_CASE_KEY], file.case_id, self._key_store)
        self.blobs = FileBlobStore(path / _BLOBS, self.keyring)
        try:
            if create:
                self._key_store.create()
            self.log = CaseLog(
                store_url,
                key=self.keyring.key("log"),
                case_id=file.case_id,
                create=create,
                busy_timeout=busy_timeout,
            )
        except CaseUnusable:
            self._key_store.close()
            raise

    def __repr__(self) -> str:
        return f"OpenCase({str(self.path)!r}, {self.user!r})"

    @property
    def public_key(self) -> bytes:
        """What checks the signatures of this case, 32 bytes (Ed25519)."""
        return self.keyring.signing_key().public_key().public_bytes_raw()

    def check_file(self) -> None:
        """See that case.json is as this program wrote it.

        Raises:
            CaseUnusable: it is missing, damaged, or was changed from outside.
        """
        _check_seal(_read(self.path), self.keyring)

    def portable_file(self) -> bytes:
        """case.json for a copy of the case that keeps its log in its own folder."""
        with self._key_store.exclusive():
            file = _read(self.path)
            _check_seal(file, self.keyring)
        return _sealed(msgspec.structs.replace(file, store_url=None), self.keyring)

    @contextmanager
    def quiet_keys(self) -> Iterator[Path]:
        """Hold off changes of keys and users; gives the file of the keys, to be copied."""
        with self._key_store.exclusive():
            yield self.path / _KEYS

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
        self._key_store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _change_slots(self, change: Callable[[list[Slot]], list[Slot]]) -> None:
        with self._key_store.exclusive():  # two processes must not overwrite each other's change
            file = _read(self.path)
            _check_seal(file, self.keyring)
            _write(self.path, msgspec.structs.replace(file, slots=change(file.slots)), self.keyring)


def create_case(
    path: str | os.PathLike[str],
    *,
    user: str,
    passphrase: str,
    opening: Sequence[Entry] = (),
    store_url: str | None = None,
    ids: IdSource | None = None,
    kdf: Kdf = STRONG,
    busy_timeout: float = BUSY_TIMEOUT,
) -> OpenCase:
    """Make a case folder with one user, and open it.

    The folder appears at once with everything in it, `opening` recorded: a crash leaves no case or a usable one.
    `store_url` keeps the log in PostgreSQL instead (`postgresql+psycopg://…`; a password in it is not written down).
    `kdf` is the cost of the passphrase; anything but the default is for tests.

    Raises:
        InvalidInput: user name or passphrase will not do.
        CaseUnusable: there is something at `path`, or it cannot be written.
    """
    path, passphrase = Path(path), SecretText(passphrase)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CaseUnusable(f"{path} exists already; choose another place for the new case.")
    file = _CaseFile(
        format=FORMAT,
        case_id=(ids or SystemIds()).new(),
        store_url=without_password(store_url) if store_url else None,
        slots=[],
    )
    keys: dict[str, bytes] = {_CASE_KEY: SecretBytes(secrets.token_bytes(32))}
    slot = wrap(file.case_id, user, passphrase, keys, kdf=kdf)
    file = msgspec.structs.replace(file, slots=[slot])
    unlocked = Unlocked(check_user(user), keys)
    with whole_folder(path, "The case cannot be made at") as partial:
        (partial / _BLOBS).mkdir(mode=0o700)
        with _open(partial, file, unlocked, store_url=store_url, create=True, busy_timeout=busy_timeout) as case:
            case.log.append(opening)
            file = msgspec.structs.replace(file, public_key=case.public_key)
            _write(partial, file, case.keyring)
    return _open(path, file, unlocked, store_url=store_url, create=False, busy_timeout=busy_timeout)


def open_case(
    path: str | os.PathLike[str],
    user: str,
    passphrase: str,
    *,
    store_url: str | None = None,
    busy_timeout: float = BUSY_TIMEOUT,
) -> OpenCase:
    """Open a case folder. `store_url` stands in for the URL written in the case, to give a password with it.

    Raises:
        WrongPassphrase: no key slot opens with what was given.
        CaseUnusable: the folder is missing, is not a case, is damaged or busy, or was made by a newer version.
    """
    path, passphrase = Path(path), SecretText(passphrase)
    file = _read(path)
    unlocked = unwrap(file.case_id, user, passphrase, file.slots)
    if _CASE_KEY not in unlocked.keys:
        raise CaseUnusable("The key slot does not hold the key of the case; the file is damaged.")
    needed = [_KEYS, _BLOBS] if file.store_url else [_KEYS, _BLOBS, _LOG]
    for name in needed:
        if not (path / name).exists():
            raise CaseUnusable(f"{name} is missing from {path}; restore it from a backup.")
    case = _open(path, file, unlocked, store_url=store_url or file.store_url, create=False, busy_timeout=busy_timeout)
    try:
        _check_seal(file, case.keyring)
    except CaseUnusable:
        case.close()
        raise
    return case


def public_key_of(path: Path) -> bytes:
    """What checks the signatures of the case in a folder, without opening it; its owner vouches for it only then.

    Raises:
        CaseUnusable: it is not a case folder, or damaged.
    """
    return _read(path).public_key


def _open(
    path: Path, file: _CaseFile, unlocked: Unlocked, *, store_url: str | None, create: bool, busy_timeout: float
) -> OpenCase:
    url = store_url or sqlite_url(str(path / _LOG))
    return OpenCase(path, file, unlocked, store_url=url, create=create, busy_timeout=busy_timeout)


def _read(path: Path) -> _CaseFile:
    if not path.is_dir():
        raise CaseUnusable(f"{path} is not there." if not path.exists() else f"{path} is not a case folder.")
    try:
        content = (path / _JSON).read_bytes()
    except FileNotFoundError:
        raise CaseUnusable(f"{path} is not a case folder: it has no {_JSON}.") from None
    except OSError as error:
        raise CaseUnusable(f"{path / _JSON} cannot be read: {error.strerror}.") from error
    try:
        found = msgspec.json.decode(content, type=dict[str, object]).get("format")
        if isinstance(found, int) and found > FORMAT:
            raise CaseUnusable(f"{path} was made by a newer version of this program (format {found}); update it.")
        if isinstance(found, int) and found < FORMAT:
            raise CaseUnusable(f"{path} was made before the first release (format {found}); make the case anew.")
        return msgspec.json.decode(content, type=_CaseFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CaseUnusable(f"{path / _JSON} is damaged: {error}.") from error


def _write(path: Path, file: _CaseFile, keyring: CaseKeyRing) -> None:
    write_durably(path / _JSON, _sealed(file, keyring))


def _sealed(file: _CaseFile, keyring: CaseKeyRing) -> bytes:
    sealed = msgspec.structs.replace(file, seal=_seal(file, keyring))
    return msgspec.json.format(msgspec.json.encode(sealed), indent=2)


def _check_seal(file: _CaseFile, keyring: CaseKeyRing) -> None:
    if not hmac.compare_digest(file.seal.encode(), _seal(file, keyring).encode()):
        raise CaseUnusable(f"{_JSON} was changed outside this program; restore it from a backup.")


def _seal(file: _CaseFile, keyring: CaseKeyRing) -> str:
    content = msgspec.json.encode(msgspec.structs.replace(file, seal=""))
    return hmac.new(keyring.key("case file"), content, hashlib.sha256).hexdigest()

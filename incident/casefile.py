"""A case: everything in it encrypted at rest, opened by its users, kept in a store (`incident.stores`).

Its document `case.json` (`incident.access.document`) holds the users and what opens the case for them. Several
processes may have a case open at once.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from incident.access import register as registers
from incident.access.admission import Admission, admit, admit_by_recovery
from incident.access.document import CaseDocument, read_document, write_document
from incident.access.held import CASE, SIGNING, HeldKeys
from incident.access.register import Register
from incident.access.secrets import SecretText
from incident.access.users import CaseUsers, public_half
from incident.access.ways import STRONG, Kdf, check_passphrase
from incident.blobs import SealedBlobStore
from incident.events import Entry
from incident.keyring import CaseKeyRing
from incident.log.application import CaseLog
from incident.log.database import BUSY_TIMEOUT
from incident.ports import Clock, IdSource
from incident.stores.places import Place, new_store, store_at
from incident.system import SystemClock, SystemIds


class OpenCase(CaseUsers):
    """A case that was opened; a context manager that closes it. `store` is what keeps it."""

    def __init__(self, admission: Admission, *, create: bool = False) -> None:
        super().__init__(admission)
        self.keyring = CaseKeyRing(self._held, self.case_id, self.store.keys)
        self.blobs = SealedBlobStore(self.store.shelf, self.keyring)
        try:
            self.log = CaseLog(self.store.log(), key=self.keyring, case_id=self.case_id, create=create)
        except BaseException:
            self.store.close()
            raise

    def __repr__(self) -> str:
        return f"OpenCase({self.store.where!r}, {self.user!r})"

    def rotate_keys(self) -> dict[str, int]:
        """Make new epochs of the keys that the user who opened the case holds; answers with them by name.

        What is recorded from now on needs the new keys; what was recorded before opens with the earlier ones. The keys
        of incidents stay what they are, and are wrapped anew.

        Raises:
            NotAllowed: the user may read only.
            CaseUnusable: the store cannot be written. Where it is the keys of incidents, rotate once more.
        """
        epochs = super().rotate_keys()
        self.keyring.wrap_anew()
        return epochs

    def close(self) -> None:
        """Close the stores. The case can be opened again."""
        self.log.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def create_case(
    place: Place,
    *,
    user: str,
    passphrase: str,
    opening: Sequence[Entry] = (),
    ids: IdSource | None = None,
    kdf: Kdf = STRONG,
    clock: Clock | None = None,
    busy_timeout: float = BUSY_TIMEOUT,
) -> OpenCase:
    """Make a case with one user, and open it.

    It appears at once with everything in it, `opening` recorded: a crash leaves no case or a usable one.
    `kdf` is the cost of the passphrase; anything but the default is for tests.

    Raises:
        InvalidInput: user name or passphrase will not do.
        CaseUnusable: there is something at `place`, or it cannot be written.
    """
    passphrase, clock = SecretText(passphrase), clock or SystemClock()
    case_id = (ids or SystemIds()).new()
    first, who = registers.new_user(case_id, user, passphrase, kdf=kdf)
    register = registers.add(Register(), first, user)
    register, case_key = registers.make_key(case_id, register, CASE, [first.label])
    register, signing_key = registers.make_key(case_id, register, SIGNING, [first.label])
    document = CaseDocument(case_id=case_id, register=register, public_keys=(public_half(signing_key),))
    held = HeldKeys({CASE: {1: case_key}, SIGNING: {1: signing_key}})
    with new_store(place, busy_timeout=busy_timeout) as store:
        document = write_document(store, document, held)
        with OpenCase(Admission(store, document, who, clock), create=True) as case:
            case.log.append(opening)
    return OpenCase(Admission(store_at(place, busy_timeout=busy_timeout), document, who, clock))


def open_case(
    place: Place,
    user: str,
    passphrase: str,
    *,
    code: str | None = None,
    clock: Clock | None = None,
    busy_timeout: float = BUSY_TIMEOUT,
) -> OpenCase:
    """Open a case. `code` is that of the second factor, where the user has one; `clock` says when it is valid.

    Raises:
        WrongPassphrase: passphrase or code are wrong; CodeNeeded: a code is needed.
        TooManyAttempts: it is not time yet for another attempt.
        CaseUnusable: it is missing, is not a case, is damaged or busy, or was made by a newer version.
    """
    passphrase = SecretText(passphrase)
    return entered(begin(place, user, passphrase, clock=clock, busy_timeout=busy_timeout), code)


def begin(
    place: Place, user: str, passphrase: str, *, clock: Clock | None = None, busy_timeout: float = BUSY_TIMEOUT
) -> Admission:
    """The first half of opening a case: what it answers with says whether a code is needed. Give it to `entered`.

    Raises:
        WrongPassphrase, TooManyAttempts, CaseUnusable: as `open_case`.
    """
    passphrase = SecretText(passphrase)
    store = store_at(place, busy_timeout=busy_timeout)
    try:
        return admit(store, user, passphrase, clock or SystemClock())
    except BaseException:
        store.close()
        raise


def entered(admission: Admission, code: str | None = None) -> OpenCase:
    """The second half: take the code, and open everything. After a wrong code it can be called again.

    Raises:
        WrongPassphrase, TooManyAttempts, CaseUnusable: as `open_case`.
    """
    try:
        admission.enter(code)
        return OpenCase(admission)
    except BaseException:
        admission.store.close()
        raise


def recover_case(
    place: Place,
    user: str,
    recovery_code: str,
    passphrase: str,
    *,
    clock: Clock | None = None,
    kdf: Kdf = STRONG,
    busy_timeout: float = BUSY_TIMEOUT,
) -> tuple[OpenCase, SecretText]:
    """Open a case by a recovery code and set a new passphrase; answers with the case and the next recovery code.

    The code that was used opens nothing any more, and the second factor is off.

    Raises:
        InvalidInput: the code was mistyped, or the passphrase will not do.
        WrongPassphrase: it is not the user's code.
        TooManyAttempts, CaseUnusable: as `open_case`.
    """
    recovery_code, passphrase = SecretText(recovery_code), SecretText(passphrase)
    check_passphrase(passphrase)
    store = store_at(place, busy_timeout=busy_timeout)
    try:
        admission = admit_by_recovery(store, user, recovery_code, clock or SystemClock())
        admission.recovered()
    except BaseException:
        store.close()
        raise
    case = OpenCase(admission)
    try:
        return case, case.set_passphrase(passphrase, kdf=kdf)
    except BaseException:
        case.close()
        raise


def public_keys_of(place: Place) -> tuple[bytes, ...]:
    """What checks the signatures of the case at a place, the newest last, without opening it.

    Its owner vouches for them only when it is opened.

    Raises:
        CaseUnusable: there is no case, or it is damaged.
    """
    store = store_at(place)
    try:
        return read_document(store).public_keys
    finally:
        store.close()

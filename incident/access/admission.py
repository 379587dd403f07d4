"""Letting a user in: the wait after failed attempts, the passphrase, then the second factor."""

from collections.abc import Callable
from contextlib import suppress

from incident.access.attempts import Attempts, Tries, read_attempts, write_attempts
from incident.access.document import CaseDocument, check_seal, read_document
from incident.access.held import HeldKeys
from incident.access.names import label
from incident.access.register import Identity, granted, unlock, unlock_by_recovery
from incident.access.secrets import SecretText
from incident.access.totp import matching_step
from incident.errors import CaseUnusable, CodeNeeded, TooManyAttempts, WrongPassphrase
from incident.ports import Clock
from incident.stores.base import CaseStore

ATTEMPTS = "attempts.json"


class Admission:
    """A user whose passphrase was right. Where `needs_code`, nothing is open before `enter` got a code."""

    def __init__(self, store: CaseStore, document: CaseDocument, who: Identity, clock: Clock) -> None:
        self.store = store
        self.document = document
        self.who = who
        self.held = HeldKeys(held_by(document, who))
        self.clock = clock
        check_seal(document, self.held)

    def __repr__(self) -> str:
        return f"Admission({self.who.user!r})"

    @property
    def needs_code(self) -> bool:
        """Whether the user has a second factor."""
        return self.who.totp is not None

    def enter(self, code: str | None = None) -> None:
        """Take the code of the second factor, where there is one, and forget the failures before.

        Raises:
            CodeNeeded: there is a second factor, and no code was given.
            WrongPassphrase: the code is wrong, or opened before.
            TooManyAttempts: it is not time yet for another attempt.
            CaseUnusable: what has to be kept of it cannot be written.
        """
        wanted = label(self.document.case_id, self.who.user)
        if self.who.totp is None:
            self.recovered()
            return
        if code is None:
            raise CodeNeeded("The code of your authenticator is needed as well.")
        secret, step = self.who.totp, None
        check_wait(self.store, wanted, self.clock)

        def take(kept: Attempts) -> Attempts:
            # Under the lock, so that one code cannot open twice at the same moment.
            nonlocal step
            now = self.clock.now()
            step = matching_step(secret, code, now, used=kept.of(wanted).step)
            return kept.opened(wanted, step) if step is not None else kept.failed(wanted, now, _labels(self.document))

        _change(self.store, take)
        if step is None:
            raise WrongPassphrase("The code is wrong, or was used already; wait for the next one.")

    def recovered(self) -> None:
        """Forget the failures before, without a code."""
        wanted = label(self.document.case_id, self.who.user)
        if _read(self.store).of(wanted).failures:
            _change(self.store, lambda kept: kept.opened(wanted, None))


def admit(store: CaseStore, user: str, passphrase: str, clock: Clock) -> Admission:
    """Let a user in as far as the passphrase goes; it is stretched once.

    Raises:
        TooManyAttempts: it is not time yet for another attempt; the passphrase was not tried.
        WrongPassphrase: there is no such user, or this is not the passphrase.
        CaseUnusable: there is no case, or it is damaged.
    """
    passphrase = SecretText(passphrase)
    return _admitted(store, user, clock, lambda document: unlock(document.case_id, document.register, user, passphrase))


def admit_by_recovery(store: CaseStore, user: str, code: str, clock: Clock) -> Admission:
    """Let a user in by the recovery code.

    Raises:
        InvalidInput: it is no code, or was mistyped.
        TooManyAttempts, WrongPassphrase, CaseUnusable: as `admit`.
    """
    code = SecretText(code)
    return _admitted(
        store, user, clock, lambda document: unlock_by_recovery(document.case_id, document.register, user, code)
    )


def check_wait(store: CaseStore, wanted: str, clock: Clock) -> None:
    """See that a user need not wait.

    Raises:
        TooManyAttempts: there is something to wait for.
    """
    kept, now = _read(store), clock.now()
    wait = kept.wait(wanted, now)
    if not wait:
        return
    with suppress(CaseUnusable):  # a wait that cannot be written down is waited for all the same
        if kept.told_to_wait(wanted, now) is not kept:
            _change(store, lambda kept: kept.told_to_wait(wanted, now))
    raise TooManyAttempts(f"Too many failed attempts: wait {wait} s and try again.")


def held_by(document: CaseDocument, who: Identity) -> dict[str, dict[int, bytes]]:
    """The keys that a document grants to a user.

    Raises:
        CaseUnusable: the user was removed meanwhile, or a grant was altered.
    """
    user = document.register.find(label(document.case_id, who.user))
    if user is None:
        raise CaseUnusable(f"{who.user} was removed from this case.")
    return {name: dict(epochs) for name, epochs in granted(document.case_id, user, who).items()}


def unrecorded(store: CaseStore) -> dict[str, Tries]:
    """The failures that no event tells of yet, by the label of the user who was named."""
    return _read(store).unrecorded()


def mark_recorded(store: CaseStore, told: dict[str, Tries]) -> None:
    """Forget failures that an event tells of now.

    Raises:
        CaseUnusable: the store cannot be written.
    """
    _change(store, lambda kept: kept.recorded(told))


def _admitted(store: CaseStore, user: str, clock: Clock, unlock: Callable[[CaseDocument], Identity]) -> Admission:
    document = read_document(store)
    store.check()
    wanted = label(document.case_id, user)
    check_wait(store, wanted, clock)
    try:
        who = unlock(document)
    except WrongPassphrase:
        with suppress(CaseUnusable):  # on a disk that can only be read there is nothing to slow down with
            _change(store, lambda kept: kept.failed(wanted, clock.now(), _labels(document)))
        raise
    return Admission(store, document, who, clock)


def _labels(document: CaseDocument) -> set[str]:
    return {user.label for user in document.register.users}


def _read(store: CaseStore) -> Attempts:
    return read_attempts(store.read(ATTEMPTS))


def _change(store: CaseStore, change: Callable[[Attempts], Attempts]) -> None:
    with store.exclusive():
        store.write(ATTEMPTS, write_attempts(change(_read(store))))

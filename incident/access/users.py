"""What a user who is in can do to the users and keys of a case. Each change is durable and whole when it returns."""

from collections.abc import Callable, Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incident.access import register as registers
from incident.access.admission import Admission, admit, held_by
from incident.access.advice import AdviceSeal
from incident.access.document import CaseDocument, check_seal, read_document, write_document
from incident.access.held import ADVICE, CASE, SIGNING, HeldKeys
from incident.access.names import check_user, label
from incident.access.register import Register, User, find
from incident.access.secrets import SecretBytes, SecretText
from incident.access.totp import matching_step
from incident.access.ways import STRONG, Kdf, check_passphrase
from incident.errors import InvalidInput, NotAllowed, NotFound

READS_ONLY = "examiner"
"""The role that is granted no signing key."""

READS_ADVICE = "counsel"
"""The role that is granted the advice key."""


class CaseUsers:
    """The users of an open case, seen by the one who opened it.

    `user` is the name as enrolled, `clock` that of the real world, by which codes are valid and waits pass.
    """

    def __init__(self, admission: Admission) -> None:
        self.store = admission.store
        self.case_id = admission.document.case_id
        self.user = admission.who.user
        self.clock = admission.clock
        self._who = admission.who
        self._held = HeldKeys(admission.held.all, again=lambda: held_by(read_document(self.store), self._who))
        self.advice = AdviceSeal(self._held.all.get(ADVICE), again=self._advice_again)

    # --- What there is ---

    @property
    def public_keys(self) -> tuple[bytes, ...]:
        """What checks the signatures of this case, 32 bytes each (Ed25519), the newest last."""
        return self._checked().public_keys

    @property
    def public_key(self) -> bytes:
        """What checks what the case signs now."""
        return self.public_keys[-1]

    @property
    def has_second_factor(self) -> bool:
        """Whether the one who opened the case gives a code as well."""
        return self._who.totp is not None

    def check_file(self) -> None:
        """See that case.json is as this program wrote it.

        Raises:
            CaseUnusable: it is missing, damaged, or was changed from outside.
        """
        self._checked()

    def users(self) -> frozenset[str]:
        """The labels of everybody who can open the case."""
        return frozenset(user.label for user in self._checked().register.users)

    def can_open(self, user: str) -> bool:
        """Whether a user can open the case."""
        return label(self.case_id, user) in self.users()

    def has_recovery_code(self, user: str) -> bool:
        """Whether a recovery code was made for a user."""
        found = self._checked().register.find(label(self.case_id, user))
        return found is not None and found.recovery is not None

    def holds(self, user: str, key: str) -> bool:
        """Whether a user holds the newest epoch of a key, such as `"advice"`."""
        wanted = label(self.case_id, user)
        return any(holder.label == wanted for holder in self._checked().register.holders(key))

    def epoch(self, key: str) -> int:
        """The newest epoch of a key; 0 where it was never made."""
        return self._checked().register.epochs.get(key, 0)

    def unlocks(self, passphrase: str, code: str | None = None) -> None:
        """See that the one who opened the case is back, after the program locked itself.

        Raises:
            WrongPassphrase: passphrase or code are wrong; CodeNeeded: a code is needed.
            TooManyAttempts: it is not time yet for another attempt.
            CaseUnusable: the user was removed meanwhile, or the case cannot be used.
        """
        admit(self.store, self.user, SecretText(passphrase), self.clock).enter(code)

    # --- Users ---

    def add_user(
        self, user: str, passphrase: str, *, role: str = "incident_lead", recovery: bool = False, kdf: Kdf = STRONG
    ) -> SecretText | None:
        """Let a user open the case, with the keys of a role; answers with the recovery code, where one is wanted.

        Counsel gets the advice key only from somebody who holds it.

        Raises:
            InvalidInput: the user can open it already, or name or passphrase will not do.
            CaseUnusable: the case document cannot be written.
        """
        passphrase = SecretText(passphrase)
        new, who = registers.new_user(self.case_id, user, passphrase, kdf=kdf)
        code = None
        if recovery:
            new, code = registers.with_new_recovery(self.case_id, new, who)

        def add(document: CaseDocument) -> Register:
            register = registers.add(document.register, new, check_user(user))
            for key in _keys_of(role):
                if key in self._held.all:
                    register = registers.share(self.case_id, register, new.label, key, self._held.all[key])
            return register

        self._change(add)
        return code

    def remove_user(self, user: str, *, losing_advice: bool = False) -> None:
        """Let a user open the case no longer. Nothing is encrypted anew; rotate the keys for what comes next.

        Raises:
            NotFound: the user cannot open it.
            NotAllowed: it is the last one, or the last one who holds a key.
            CaseUnusable: the case document cannot be written.
        """
        gone = label(self.case_id, user)
        losing = {ADVICE} if losing_advice else set()
        self._change(lambda document: registers.remove(document.register, gone, user, losing=losing))

    def change_passphrase(self, old: str | None, new: str, *, kdf: Kdf = STRONG) -> None:
        """Change the passphrase of the user who opened the case. `old` may be None where it was given just now.

        Raises:
            WrongPassphrase: `old` is not the present one.
            InvalidInput: `new` will not do.
            CaseUnusable: the case document cannot be written.
        """
        old, new = SecretText(old) if old is not None else None, SecretText(new)
        check_passphrase(new)
        if old is not None:
            registers.unlock(self.case_id, self._checked().register, self.user, old)
        self._change_self(lambda user: registers.with_new_passphrase(self.case_id, user, self._who, new, kdf=kdf))

    def set_passphrase(self, new: str, *, kdf: Kdf = STRONG) -> SecretText:
        """After a recovery: set a passphrase, switch the second factor off, and give another recovery code.

        Raises:
            InvalidInput: `new` will not do.
            CaseUnusable: the case document cannot be written.
        """
        new = SecretText(new)
        code, who = SecretText(), self._who

        def renewed(user: User) -> User:
            nonlocal code, who
            user, who = registers.with_totp(self.case_id, user, self._who, None)
            user, code = registers.with_new_recovery(self.case_id, user, who)
            return registers.with_new_passphrase(self.case_id, user, who, new, kdf=kdf)

        self._change_self(renewed)
        self._who = who
        return code

    def new_recovery_code(self) -> SecretText:
        """Another recovery code for the user who opened the case; the one before is no longer valid.

        Raises:
            CaseUnusable: the case document cannot be written.
        """
        code = SecretText()

        def renewed(user: User) -> User:
            nonlocal code
            user, code = registers.with_new_recovery(self.case_id, user, self._who)
            return user

        self._change_self(renewed)
        return code

    def turn_totp_on(self, secret: bytes, code: str) -> None:
        """Ask the user who opened the case for codes from now on; `code` shows that the authenticator has the secret.

        Raises:
            InvalidInput: the code does not fit.
            CaseUnusable: the case document cannot be written.
        """
        if matching_step(secret, code, self.clock.now()) is None:
            raise InvalidInput("code: it does not fit; look at the clocks of both devices, and try the next one")
        self._set_totp(SecretBytes(secret))

    def turn_totp_off(self) -> None:
        """Ask the user who opened the case for no code any more.

        Raises:
            CaseUnusable: the case document cannot be written.
        """
        self._set_totp(None)

    # --- Keys ---

    def make_advice_key(self) -> bool:
        """Make the key of counsel's advice for the user who opened the case, unless it was ever made before."""
        me = label(self.case_id, self.user)
        made = False

        def make(document: CaseDocument) -> Register:
            nonlocal made
            made = ADVICE not in document.register.epochs
            return registers.make_key(self.case_id, document.register, ADVICE, [me])[0] if made else document.register

        if ADVICE not in self._checked().register.epochs:
            self._change(make)
        return made

    def share_advice(self, user: str) -> int:
        """Let a user read counsel's advice, all that was given and all that will be; answers with the newest epoch.

        Raises:
            NotAllowed: the one who opened the case does not hold the advice key.
            NotFound: the user cannot open the case.
            InvalidInput: the user can read it already.
            CaseUnusable: the case document cannot be written.
        """
        wanted = label(self.case_id, user)

        def share(document: CaseDocument) -> Register:
            self._need(ADVICE, "share counsel's advice")
            if document.register.epochs[ADVICE] in find(document.register, wanted, user).holds(ADVICE):
                raise InvalidInput(f"user: {user} can read counsel's advice already")
            return registers.share(self.case_id, document.register, wanted, ADVICE, self._held.all[ADVICE])

        self._change(share)
        return self._held.newest(ADVICE)

    def unshare_advice(self, user: str) -> int:
        """Seal advice from now on with a key that a user does not get; answers with its epoch.

        What the user could read stays readable to whoever kept a copy of it, or of the key.

        Raises:
            NotAllowed: the one who opened the case does not hold the advice key, or is the user.
            NotFound: the user cannot open the case, or cannot read the advice.
            CaseUnusable: the case document cannot be written.
        """
        wanted = label(self.case_id, user)

        def unshare(document: CaseDocument) -> Register:
            self._need(ADVICE, "stop sharing counsel's advice")
            if wanted == label(self.case_id, self.user):
                raise NotAllowed("Nobody can take the advice key from themselves.")
            if not find(document.register, wanted, user).holds(ADVICE):
                raise NotFound(f"{user} cannot read counsel's advice.")
            register = registers.revoke(document.register, wanted, ADVICE)
            return registers.rotate(self.case_id, register, ADVICE)[0]

        self._change(unshare)
        return self._held.newest(ADVICE)

    def rotate_keys(self) -> dict[str, int]:
        """Make new epochs of the keys that the user who opened the case holds; answers with them by name.

        What is recorded from now on needs the new keys; what was recorded before opens with the earlier ones.

        Raises:
            NotAllowed: the user may read only.
            CaseUnusable: the case document cannot be written.
        """

        def rotate(document: CaseDocument) -> CaseDocument:
            self._need(SIGNING, "rotate the keys")
            register, public_keys = document.register, document.public_keys
            for key in sorted(self._held.all):
                register, secret = registers.rotate(self.case_id, register, key)
                if key == SIGNING:
                    public_keys = (*public_keys, public_half(secret))
            return msgspec.structs.replace(document, register=register, public_keys=public_keys)

        self._change_document(rotate)
        return {key: self._held.newest(key) for key in sorted(self._held.all)}

    # --- The document ---

    def _need(self, key: str, act: str) -> None:
        if not self._held.newest(key):
            raise NotAllowed(f"You cannot {act}: you were not granted the {key} key.")

    def _set_totp(self, secret: bytes | None) -> None:
        who = self._who

        def changed(user: User) -> User:
            nonlocal who
            user, who = registers.with_totp(self.case_id, user, self._who, secret)
            return user

        self._change_self(changed)
        self._who = who

    def _checked(self) -> CaseDocument:
        """The document as it is now, with what it grants to this user."""
        document = read_document(self.store)
        held = HeldKeys(held_by(document, self._who))
        check_seal(document, held)
        return document

    def _change_self(self, change: Callable[[User], User]) -> None:
        me = label(self.case_id, self.user)
        self._change(lambda document: document.register.replaced(change(find(document.register, me, self.user))))

    def _change(self, change: Callable[[CaseDocument], Register]) -> None:
        self._change_document(lambda document: msgspec.structs.replace(document, register=change(document)))

    def _change_document(self, change: Callable[[CaseDocument], CaseDocument]) -> None:
        with self.store.exclusive():  # two processes must not overwrite each other's change
            document = self._checked()
            self._held.refresh()
            changed = change(document)
            still_in = changed.register.find(label(self.case_id, self.user)) is not None
            write_document(self.store, changed, HeldKeys(held_by(changed, self._who)) if still_in else self._held)
        if still_in:
            self._held.refresh()

    def _advice_again(self) -> Mapping[int, bytes]:
        self._held.refresh()
        return self._held.all.get(ADVICE, {})


def _keys_of(role: str) -> tuple[str, ...]:
    keys = [CASE]
    if role != READS_ONLY:
        keys.append(SIGNING)
    if role == READS_ADVICE:
        keys.append(ADVICE)
    return tuple(keys)


def public_half(signing_key: bytes) -> bytes:
    """What checks the signatures of a signing key (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(bytes(signing_key)).public_key().public_bytes_raw()

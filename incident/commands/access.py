"""Commands on who may open the case and on its keys: first the keys change, then the record says so.

Where a command breaks off in between, the keys are what counts, and verification names the difference.
"""

from incident.access.admission import mark_recorded, unrecorded
from incident.access.held import ADVICE
from incident.access.names import label
from incident.access.secrets import SecretText
from incident.access.users import READS_ADVICE, CaseUsers
from incident.access.ways import STRONG, Kdf
from incident.commands.case import CaseCommands
from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput, NotAllowed, NotFound
from incident.events import (
    AccessRefused,
    AdviceShared,
    AdviceUnshared,
    Event,
    KeysRotated,
    PassphraseChanged,
    RecoveryCodeMade,
    SecondFactorChanged,
    UserRemoved,
)


class AccessCommands:
    """What can be done to users and keys.

    `kdf` is the cost of new passphrases; anything but the default is for tests.
    """

    def __init__(self, desk: Desk, users: CaseUsers, *, kdf: Kdf = STRONG) -> None:
        self._desk = desk
        self._users = users
        self._kdf = kdf
        self._case = CaseCommands(desk)

    # --- Users ---

    def enroll(
        self, user: str, name: str, role: str, passphrase: str, *, recovery: bool = True
    ) -> tuple[SecretText | None, Receipt]:
        """Let somebody open the case in a role; answers with their recovery code, which is shown this once.

        Raises:
            NotAllowed: it is not for the role of the person at work.
            InvalidInput: the user can open the case already, or user name, role or passphrase will not do.
        """
        passphrase = SecretText(passphrase)
        self._case.check_enrollment(user, name, role)
        code = self._users.add_user(user, passphrase, role=role, recovery=recovery, kdf=self._kdf)
        receipt = self._case.enroll(user, name, role)
        if code is not None:
            receipt = self._record(RecoveryCodeMade(user=user))
        if self._users.holds(user, ADVICE):
            receipt = self._record(AdviceShared(user=user, epoch=self._users.epoch(ADVICE)))
        return code, receipt

    def remove(self, user: str, *, losing_advice: bool = False) -> Receipt:
        """Let a user open the case no longer. Rotate the keys afterwards: what the user knows is still known.

        Raises:
            NotAllowed: it is not for the role of the person at work, or it is the last one who holds a key.
            NotFound: there is no such user.
        """
        self._desk.require(UserRemoved.TOPIC)
        enrolled = self._enrolled(user)
        if enrolled == self._desk.user:
            raise NotAllowed("Nobody can remove themselves; ask another user.")
        if self._users.can_open(user):
            self._users.remove_user(user, losing_advice=losing_advice)
        return self._record(UserRemoved(user=enrolled))

    # --- One's own way in ---

    def change_passphrase(self, old: str | None, new: str) -> Receipt:
        """Set another passphrase of one's own. `old` may be None where it was given just now.

        Raises:
            WrongPassphrase: `old` is not the present one.
            InvalidInput: `new` will not do.
        """
        old, new = SecretText(old) if old is not None else None, SecretText(new)
        self._desk.require(PassphraseChanged.TOPIC)
        self._users.change_passphrase(old, new, kdf=self._kdf)
        return self._record(PassphraseChanged(user=self._desk.user, recovered=False))

    def new_recovery_code(self) -> tuple[SecretText, Receipt]:
        """Another recovery code of one's own, which is shown this once; the one before opens nothing any more."""
        self._desk.require(RecoveryCodeMade.TOPIC)
        code = self._users.new_recovery_code()
        return code, self._record(RecoveryCodeMade(user=self._desk.user))

    def turn_totp_on(self, secret: bytes, code: str) -> Receipt:
        """Give a code of an authenticator as well from now on; `code` is one that it shows now.

        Raises:
            InvalidInput: the code does not fit the secret.
        """
        self._desk.require(SecondFactorChanged.TOPIC)
        self._users.turn_totp_on(secret, code)
        return self._record(SecondFactorChanged(user=self._desk.user, on=True))

    def turn_totp_off(self) -> Receipt:
        """Give no code any more.

        Raises:
            InvalidInput: there is no second factor.
        """
        self._desk.require(SecondFactorChanged.TOPIC)
        if not self._users.has_second_factor:
            raise InvalidInput("second factor: it is off already")
        self._users.turn_totp_off()
        return self._record(SecondFactorChanged(user=self._desk.user, on=False))

    # --- Keys ---

    def share_advice(self, user: str) -> Receipt:
        """Let a user read counsel's advice.

        Raises:
            NotAllowed: the person at work is not counsel, or does not hold the advice key.
            NotFound: there is no such user.
            InvalidInput: the user can read it already.
        """
        self._desk.require(AdviceShared.TOPIC)
        enrolled = self._enrolled(user)
        return self._record(AdviceShared(user=enrolled, epoch=self._users.share_advice(user)))

    def unshare_advice(self, user: str) -> Receipt:
        """Seal advice from now on so that a user cannot read it; what was readable stays readable.

        Raises:
            NotAllowed: the person at work is not counsel, or does not hold the advice key.
            NotFound: there is no such user, or the user cannot read the advice.
        """
        self._desk.require(AdviceUnshared.TOPIC)
        enrolled = self._enrolled(user)
        return self._record(AdviceUnshared(user=enrolled, epoch=self._users.unshare_advice(user)))

    def rotate(self) -> Receipt:
        """Seal everything from now on with new keys.

        Raises:
            NotAllowed: it is not for the role of the person at work.
        """
        self._desk.require(KeysRotated.TOPIC)
        return self._record(KeysRotated(epochs=self._users.rotate_keys()))

    # --- At an opening ---

    def make_advice_key(self) -> Receipt | None:
        """The first counsel who opens the case makes the advice key; None where there is nothing to make."""
        if self._desk.role != READS_ADVICE or not self._users.make_advice_key():
            return None
        return self._record(AdviceShared(user=self._desk.user, epoch=self._users.epoch(ADVICE)))

    def record_recovery(self) -> Receipt:
        """Say that a recovery code was used: another passphrase, another code, no second factor."""
        user = self._desk.user
        events: list[Event] = [PassphraseChanged(user=user, recovered=True), RecoveryCodeMade(user=user)]
        if self._desk.queries.user(user).second_factor:
            events.append(SecondFactorChanged(user=user, on=False))
        return self._record(*events)

    def record_refusals(self) -> tuple[AccessRefused, ...]:
        """Record the attempts that failed since the last opening, and answer with them.

        They are forgotten once they are recorded: where this breaks off in between, they are recorded twice.
        """
        told = unrecorded(self._users.store)
        if not told:
            return ()
        names = {label(self._users.case_id, row.user): row.user for row in self._desk.queries.everybody()}
        refused = [
            AccessRefused(
                user=names.get(each),
                attempts=tries.unrecorded,
                first_at=tries.first or tries.last or self._users.clock.now(),
                last_at=tries.last or self._users.clock.now(),
            )
            for each, tries in sorted(told.items())
        ]
        self._record(*refused)
        mark_recorded(self._users.store, told)
        return tuple(refused)

    def _enrolled(self, user: str) -> str:
        """The name as enrolled."""
        for row in self._desk.queries.users():
            if label(self._users.case_id, row.user) == label(self._users.case_id, user):
                return row.user
        raise NotFound(f"{user} may not open this case.")

    def _record(self, *events: Event) -> Receipt:
        case = self._desk.queries.case().stream
        return self._desk.record(case, self._desk.version(case), events)

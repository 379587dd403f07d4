"""Failed attempts to open a case: counted by user, slowed, and kept until the next opening has recorded them.

Pure data; the case keeps it as a small document that is not encrypted, for nobody has a key yet when it is read. It
names users by the same salted hash as the register does. Whoever can write to the store can reset it: it slows down
somebody at the keyboard, not somebody who took the files.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import msgspec

FREE = 3
"""Failures before an answer has to be waited for."""

LONGEST = 300
"""Seconds; the wait doubles from 2 up to this."""

_MAX_USERS = 256


class Tries(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of one user: `failures` since the last opening, and how many of them are not `recorded` yet.

    `first` is when the first one that is not recorded happened. `step` is that of the last code taken.
    """

    failures: int = 0
    unrecorded: int = 0
    first: datetime | None = None
    last: datetime | None = None
    step: int = 0


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """The attempts at one case, by the label of the user who was named."""

    format: int = 1
    users: dict[str, Tries] = {}

    def of(self, label: str) -> Tries:
        """Those of one user."""
        return self.users.get(label, Tries())

    def wait(self, label: str, now: datetime) -> int:
        """Seconds until this user may try again; 0 where there is nothing to wait for."""
        tries = self.of(label)
        if tries.failures < FREE or tries.last is None:
            return 0
        passed = (now - tries.last).total_seconds()
        return max(0, min(_delay(tries.failures), int(_delay(tries.failures) - passed + 0.999)))

    def told_to_wait(self, label: str, now: datetime) -> "Attempts":
        """The same, unless the clock was set back: then the wait begins anew, at its full length.

        So a clock that is set back opens nothing early, and locks nobody out for longer than the wait.
        """
        tries = self.of(label)
        if tries.last is None or now >= tries.last:
            return self
        return self._with(label, msgspec.structs.replace(tries, last=now))

    def failed(self, label: str, now: datetime, enrolled: Collection[str]) -> "Attempts":
        """One failure more. Of names that nobody has, only the latest are kept."""
        tries = self.of(label)
        more = msgspec.structs.replace(
            tries,
            failures=tries.failures + 1,
            unrecorded=tries.unrecorded + 1,
            first=tries.first if tries.unrecorded and tries.first is not None else now,
            last=now,
        )
        return self._with(label, more)._bounded(label, enrolled)

    def opened(self, label: str, step: int | None) -> "Attempts":
        """The user got in, with the code of a time step where there is a second factor."""
        tries = self.of(label)
        return self._with(label, msgspec.structs.replace(tries, failures=0, step=step or tries.step))

    def unrecorded(self) -> dict[str, Tries]:
        """What no event tells of yet, by label."""
        return {label: tries for label, tries in self.users.items() if tries.unrecorded > 0}

    def recorded(self, told: Mapping[str, Tries]) -> "Attempts":
        """What was recorded is no longer to be told; what failed meanwhile still is."""
        users = {
            label: msgspec.structs.replace(tries, unrecorded=max(0, tries.unrecorded - told[label].unrecorded))
            if label in told
            else tries
            for label, tries in self.users.items()
        }
        return Attempts(
            users={label: tries for label, tries in users.items() if tries.failures or tries.unrecorded or tries.step}
        )

    def _with(self, label: str, tries: Tries) -> "Attempts":
        return Attempts(users=self.users | {label: tries})

    def _bounded(self, label: str, enrolled: Collection[str]) -> "Attempts":
        strangers = [each for each in self.users if each not in enrolled and each != label]
        excess = len(self.users) - _MAX_USERS
        if excess <= 0:
            return self
        oldest = sorted(strangers, key=lambda each: self.users[each].last or _NEVER)[:excess]
        return Attempts(users={each: tries for each, tries in self.users.items() if each not in oldest})


_NEVER = datetime.min.replace(tzinfo=UTC)


def read_attempts(content: bytes | None) -> Attempts:
    """The document; none, and one that is damaged, is an empty one: it must never keep a user out."""
    try:
        found = msgspec.json.decode(content or b"{}", type=Attempts)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Attempts()
    moments = [moment for tries in found.users.values() for moment in (tries.first, tries.last) if moment is not None]
    return found if all(moment.tzinfo is not None for moment in moments) else Attempts()


def write_attempts(attempts: Attempts) -> bytes:
    """The document."""
    return msgspec.json.format(msgspec.json.encode(attempts), indent=2)


def _delay(failures: int) -> int:
    return LONGEST if failures - FREE >= LONGEST.bit_length() - 1 else min(LONGEST, 2 << failures - FREE)

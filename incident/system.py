"""The clocks and identifiers of the real world, and those of exercises and tests."""

import itertools
import threading
import uuid
from datetime import UTC, datetime, timedelta
from uuid import UUID

from incident.ports import Clock


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


class SystemIds:
    """Random identifiers."""

    def new(self) -> UUID:
        """A fresh random identifier (version 4)."""
        return uuid.uuid4()


class FixedClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, moment: datetime) -> None:
        self._moment = _utc(moment)

    def now(self) -> datetime:
        """The moment it stands at, in UTC."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Stand at another moment."""
        self._moment = _utc(moment)

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self._moment += by


class VirtualClock:
    """The clock of an exercise: begins at `start` and runs `speed` times as fast as its base clock.

    It begins paused unless `running`. It never runs backwards: neither a base clock that jumps back nor a jump to an
    earlier moment can take back time that the players have seen.
    """

    def __init__(self, start: datetime, *, base: Clock, speed: float = 1, running: bool = False) -> None:
        self._base = base
        self._speed = _positive(speed)
        self._moment = _utc(start)
        self._since = base.now()
        self._running = running
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment of the exercise, in UTC."""
        with self._lock:
            return self._advance()

    @property
    def running(self) -> bool:
        """Whether time passes."""
        return self._running

    @property
    def speed(self) -> float:
        """Virtual seconds per second of the base clock."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on."""
        speed = _positive(speed)
        with self._lock:
            self._advance()
            self._speed = speed

    def pause(self) -> None:
        """Stop time."""
        with self._lock:
            self._advance()
            self._running = False

    def resume(self) -> None:
        """Let time pass again."""
        with self._lock:
            self._advance()
            self._running = True

    def jump(self, moment: datetime) -> None:
        """Go on to a later moment at once.

        Raises:
            ValueError: the moment lies before the present one.
        """
        moment = _utc(moment)
        with self._lock:
            if moment < self._advance():
                raise ValueError(f"the clock stands at {self._moment:%Y-%m-%d %H:%M:%S} UTC and cannot go back")
            self._moment = moment

    def _advance(self) -> datetime:
        present = self._base.now()
        passed = present - self._since
        self._since = present
        if self._running and passed > timedelta():
            self._moment += passed * self._speed
        return self._moment


class SequentialIds:
    """Identifiers that count up, for tests that compare whole entries."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)

    def new(self) -> UUID:
        """The next identifier."""
        return UUID(int=next(self._numbers))


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a clock needs a moment with its offset from UTC")
    return moment.astimezone(UTC)


def _positive(speed: float) -> float:
    if not speed > 0:
        raise ValueError(f"the speed of a clock must be more than 0, not {speed}")
    return speed

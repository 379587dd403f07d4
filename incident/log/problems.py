"""Faults in words, gathered so that a person can read them."""


class Problems:
    """Collects faults; the same fault of entries in a row becomes one sentence. `word` stands before their numbers."""

    def __init__(self, word: str = "#") -> None:
        self._word = word
        self._sentences: list[str] = []
        self._run: tuple[str, int, int] | None = None

    def add(self, sentence: str) -> None:
        """A fault of its own."""
        self._end_run()
        self._sentences.append(sentence)

    def at(self, position: int, fault: str, last: int | None = None) -> None:
        """A fault of an entry, or of all entries from `position` to `last`."""
        last = position if last is None else last
        if self._run is not None and self._run[0] == fault and self._run[2] == position - 1:
            self._run = (fault, self._run[1], last)
            return
        self._end_run()
        self._run = (fault, position, last)

    def all(self) -> tuple[str, ...]:
        """Everything that was found, in order."""
        self._end_run()
        return tuple(self._sentences)

    def _end_run(self) -> None:
        if self._run is not None:
            fault, first, last = self._run
            where = f"{self._word}{first}" if first == last else f"{self._word}{first} to {self._word}{last}"
            self._sentences.append(f"{where}: {fault}")
            self._run = None

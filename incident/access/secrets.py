"""Secrets that do not show themselves: their `repr` is what logs and tracebacks print."""


class SecretBytes(bytes):
    """A key."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<key>"

    __str__ = __repr__


class SecretText(str):
    """A passphrase. `str()` still gives the text: whatever copies it must get what was typed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<passphrase>"

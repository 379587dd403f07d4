"""Who may open a case, with what they type."""

import msgspec


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may open a case: user name, name in words, role, passphrase."""

    user: str
    name: str
    role: str
    passphrase: str

    def __repr__(self) -> str:
        return f"Person({self.user!r}, {self.role!r})"

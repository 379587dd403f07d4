"""The form in which a person asked for notices: large print, or one that is not printed here."""

from incident.roster.names import fold_answer

LARGE_PRINT = "large print"

_LARGE = frozenset(
    {"large print", "largeprint", "large", "large type", "large font", "lp", "enlarged", "18 point", "18pt", "18 pt"}
    | {"y", "yes", "true", "t", "1", "x"}
)
_ORDINARY = frozenset(
    {"", "standard", "regular", "normal", "ordinary", "default", "print", "paper", "letter", "mail", "small"}
    | {"n", "no", "none", "false", "f", "0", "unknown", "unk", "n a", "na", "null", "not needed"}
)


def read_format(text: str) -> str:
    """`LARGE_PRINT`; empty where an ordinary letter is all that is asked for; else what was asked for, as written."""
    answer = fold_answer(text)
    if answer in _LARGE:
        return LARGE_PRINT
    return "" if answer in _ORDINARY else text

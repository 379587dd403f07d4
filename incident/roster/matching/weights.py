"""How much agreeing or disagreeing on a field weighs, in bits (Fellegi, Sunter: "A theory for record linkage", 1969).

A weight is log2(m / u): how much more often two rows of one person agree to that degree than two rows of different
people. Where a value itself is rare, agreeing on it weighs more: u is then how often that value occurs in the list
(Winkler, "Frequency-based matching", 1989), and `same` is the most it may weigh. The rest are fixed figures for typed
lists of patients: an error in a field is common (1 in 20), so a disagreement weighs some -3 to -9 bits.

Who lives together shares family name, address, telephone number and often an e-mail address, so these do not bear each
other out: together they never lift a pair above `HOUSEHOLD`, and it takes given name, date of birth or an account to
make it one person.
"""

import math
from typing import NamedTuple


class Levels(NamedTuple):
    """The weight of a field where two rows agree, nearly agree, or do not. Where one does not say: nothing."""

    same: float
    close: float
    other: float


GIVEN = Levels(9.0, 4.5, -5)
FAMILY = Levels(12.0, 5.0, -4.0)
BIRTH = Levels(14.0, 6.0, -4.0)
AWAY = 1.5
"""What a disagreement on a name or date of birth is multiplied by where the addresses are not alike: in one house a
slip is likelier than a second person of nearly the same name."""
PLACE = Levels(9.0, 5.0, -2.0)
MIDDLE = Levels(2.0, 1.0, -4.0)
SUFFIX = Levels(1.0, 0.0, -12.0)
CONTACT = {"phone": 8.0, "email": 8.0, "account": 12.0}
"""The most that agreeing weighs. Disagreeing weighs nothing: people have several, and two stays have two numbers."""

CLOSE, NEARLY = 0.9, 0.8
"""How alike two names are (Jaro-Winkler, 0 to 1) that nearly agree, and from where they are not called different."""

HOUSEHOLD = -1.1
"""Where evidence that a whole household shares ends: just too little to be shown by itself."""
REVIEW_FROM = -1.0
"""Weight from which a pair is shown: one in three. A missed pair costs a stamp, a look at two rows some seconds."""


def prior(count: int) -> float:
    """What two of `count` rows begin with: odds of one to twice as many as there are rows (a quarter have a double)."""
    return -math.log2(max(count, 2)) - 1.0


def probability(weight: float) -> float:
    """The weight as a probability, in three digits; never quite certain."""
    odds: float = 2.0 ** max(min(weight, 30.0), -30.0)
    return min(round(odds / (1.0 + odds), 3), 0.999)

"""Questions with a few answers: the letter to press, the words shown, the value of the facts contract."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Choices(msgspec.Struct, frozen=True):
    """Letter -> (words, contract value), in the order shown."""

    by_letter: Mapping[str, tuple[str, Any]]

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """(letter, words) of each."""
        return tuple((letter, words) for letter, (words, _) in self.by_letter.items())


HIPAA_ROLES = Choices(
    {
        "c": ("covered entity", "covered_entity"),
        "b": ("business associate", "business_associate"),
        "n": ("neither", "none"),
    }
)
ENTITY_TYPES = Choices(
    {
        "p": ("provider", "healthcare_provider"),
        "h": ("health plan", "health_plan"),
        "l": ("clearinghouse", "healthcare_clearinghouse"),
        "o": ("other", "other"),
    }
)
YES_NO = Choices({"y": ("yes", True), "n": ("no", False)})
MEDIA = Choices(
    {"e": ("electronic", "electronic"), "p": ("paper", "paper"), "o": ("spoken", "oral")},
)


def letter_of(choices: Choices, value: object) -> str | None:
    """The letter that stands for a contract value; None where it is unknown."""
    return next((letter for letter, (_, each) in choices.by_letter.items() if each == value), None)


def value_of(choices: Choices, letter: str) -> Any:  # noqa: ANN401 - a JSON value of the contract
    """The contract value behind a letter."""
    return choices.by_letter[letter][1]

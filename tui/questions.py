"""How each fact of the contract is asked for, read and shown, by its path. Pure."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput
from incident.incident import OUTCOMES
from incident.views.wording import value_words
from jurisdictions.facts import FACT_PATHS, check_fact, question_for
from jurisdictions.vocabulary import USPS
from tui.answers import ENTITY_TYPES, HIPAA_ROLES, MEDIA, YES_NO, Choices, letter_of
from tui.entry import ELEMENT_KEYS, count_words, elements_words, read_affected, read_count, read_day, read_moment

LICENSES = {
    "1204": "ca_hsc_1204",
    "1250": "ca_hsc_1250",
    "1725": "ca_hsc_1725",
    "1745": "ca_hsc_1745",
}
_RISK = Choices(
    {"0": ("not done", "not_done")}
    | {str(number): (outcome.replace("_", " "), outcome) for number, (outcome, _) in enumerate(OUTCOMES, start=1)}
)
_HARM = Choices(
    {"s": ("significant risk", "significant_risk"), "n": ("no significant risk", "no_significant_risk")},
)
_CHOICES: dict[str, Choices] = {
    "organization.hipaa_role": HIPAA_ROLES,
    "organization.entity_type": ENTITY_TYPES,
    "organization.data_owner": YES_NO,
    "organization.phr_vendor": YES_NO,
    "organization.part2_program": YES_NO,
    "organization.state_agency": YES_NO,
    "incident.medium": MEDIA,
    "incident.encrypted": YES_NO,
    "incident.key_compromised": YES_NO,
    "incident.risk_assessment": _RISK,
    "incident.harm_assessment": _HARM,
    "incident.misuse_likely": YES_NO,
    "discovery.business_associate.is_agent": YES_NO,
    "scope_determination_ongoing": YES_NO,
}
_MOMENTS = frozenset(
    {
        "incident.discovered_at",
        "discovery.workforce_knew_at",
        "discovery.should_have_known_at",
        "discovery.determined_at",
        "discovery.scope_identified_at",
        "discovery.business_associate.discovered_at",
        "discovery.business_associate.notified_us_at",
    }
)
_COUNTS = frozenset({"affected.total", "affected.insufficient_contact", "affected.next_of_kin_insufficient_contact"})
_DAYS = frozenset({"incident.occurred_from", "incident.occurred_to"})
_PER_STATE = ("affected.by_state", "affected.must_notify_by_state")
_STRUCTURED = frozenset({"law_enforcement_holds", "discovery.business_associate", "given"})
"""Paths whose values are objects or lists of objects: asked for by parts, not in one line."""


class Answer(msgspec.Struct, frozen=True):
    """What an answer records: contract paths with their values, and a source where it is an estimate."""

    values: dict[str, Any]
    source: str | None = None


class Question(msgspec.Struct, frozen=True):
    """One fact, as a person is asked for it. `choices` where a letter answers it."""

    path: str
    words: str
    hint: str
    choices: Choices | None
    reads: Callable[[str, datetime, ZoneInfo], Answer]

    def read(self, text: str, now: datetime, zone: ZoneInfo) -> Answer:
        """What is typed, as facts. `?` is unknown: it takes back a value, and is never 0 or no.

        Raises:
            InvalidInput: with what would do.
        """
        answer = Answer({self.path: None}) if text.strip() == "?" else self.reads(text.strip(), now, zone)
        faults = [fault for path, value in answer.values.items() for fault in check_fact(path, value)]
        if faults:
            raise InvalidInput("; ".join(fault.message for fault in faults))
        return answer


def question(path: str) -> Question:  # noqa: PLR0911 - one line a kind of fact, read as a table
    """How to ask for the fact at a path.

    Raises:
        KeyError: there is no such path, or its value is asked for by its parts.
    """
    if path in _STRUCTURED and path not in _CHOICES:
        raise KeyError(path)
    words = question_for(path)
    stem, _, last = path.rpartition(".")
    if path in _CHOICES:
        choices = _CHOICES[path]
        hint = ", ".join(f"{letter} {words}" for letter, words in choices.options) + ", ? unknown"
        return Question(path, words, hint, choices, lambda text, _now, _zone: _chosen(path, choices, text))
    if path in _MOMENTS:
        return Question(path, words, "-2d 16:10 or 2026-11-20 16:10", None, lambda *typed: _moment(path, *typed))
    if path in _DAYS or path.startswith("given."):
        return Question(path, words, "2026-11-20", None, lambda text, _now, _zone: _day(path, text))
    if path in _COUNTS or (stem in _PER_STATE and last in USPS):
        return Question(path, words, "1231, 1000-1300, ~60 or ?", None, lambda text, _now, _zone: _count(path, text))
    if path in _PER_STATE:
        return Question(path, words, "il 1000-1300 ca ~60 in ?", None, lambda text, _now, _zone: _states(path, text))
    if path == "organization.licenses":
        hint = "none, or any of " + " ".join(LICENSES)
        return Question(path, words, hint, None, lambda text, _now, _zone: Answer({path: read_licenses(text)}))
    if path == "incident.data_elements":
        hint = "letters, as in n d m i"
        return Question(path, words, hint, None, lambda text, _now, _zone: Answer({path: _elements(text)}))
    if path == "organization.state":
        return Question(path, words, "IL", None, lambda text, _now, _zone: Answer({path: text.upper()}))
    return Question(path, words, "", None, lambda text, _now, _zone: Answer({path: text}))


def askable(path: str) -> bool:
    """Whether a person can be asked for the path in one line."""
    try:
        question(path)
    except KeyError:
        return False
    return True


def answerable_paths() -> tuple[str, ...]:
    """Every fact that can be asked for in one line, in the order of the contract."""
    return tuple(path for path in FACT_PATHS if not path.endswith(".XX") and askable(path))


def shown(path: str, value: Any, zone: ZoneInfo, source: str | None = None) -> str:  # noqa: ANN401 - a JSON value
    """A value in the words of its question: yes, covered entity, Fri 2026-11-20 16:10 CST, ~60 (48 to 72)."""
    if value is None:
        return "unknown"
    if path in _MOMENTS:
        return f"{datetime.fromisoformat(value).astimezone(zone):%a %Y-%m-%d %H:%M %Z}"
    if path in _DAYS or path.startswith("given."):
        return f"{date.fromisoformat(value):%a %Y-%m-%d}"
    if path == "incident.data_elements":
        return elements_words(value)
    if path.startswith("affected.") and path not in _PER_STATE:
        return count_words(value, estimate_of(source))
    choices = _CHOICES.get(path)
    letter = letter_of(choices, value) if choices is not None else None
    return choices.by_letter[letter][0] if choices is not None and letter is not None else value_words(value)


def estimate_of(source: str | None) -> str | None:
    """`~60` from the source of a count that was typed as an estimate."""
    return source.removeprefix("estimate ") if source is not None and source.startswith("estimate ~") else None


def _chosen(path: str, choices: Choices, text: str) -> Answer:
    letter = text.lower()
    if letter not in choices.by_letter:
        raise InvalidInput(", ".join(f"{each} {words}" for each, words in choices.options) + ", ? unknown")
    return Answer({path: choices.by_letter[letter][1]})


def _moment(path: str, text: str, now: datetime, zone: ZoneInfo) -> Answer:
    return Answer({path: read_moment(text, now, zone).isoformat()})


def _day(path: str, text: str) -> Answer:
    return Answer({path: read_day(text).isoformat()})


def _count(path: str, text: str) -> Answer:
    count = read_count(text)
    return Answer({path: count.value}, f"estimate {count.estimate}" if count.estimate else None)


def _states(path: str, text: str) -> Answer:
    affected = read_affected(text)
    values = {key.replace("affected.by_state", path): value for key, value in affected.values.items()}
    if not values:
        raise InvalidInput("name a State and a number, as in il 1000-1300 ca ~60 in ?")
    sources = ", ".join(f"{key.rpartition('.')[2]} {words}" for key, words in affected.estimates.items())
    return Answer(values, f"estimate {sources}" if sources else None)


def read_licenses(text: str) -> list[str]:
    """`none`, or sections of the Health & Safety Code such as `1204 1250`, as contract values."""
    if text.lower() in {"none", "no", "n"}:
        return []
    words = text.replace(",", " ").split()
    if odd := [word for word in words if word not in LICENSES]:
        raise InvalidInput(f"{odd[0]!r} is not one of {', '.join(LICENSES)} (Health & Safety Code), nor 'none'")
    return [LICENSES[word] for word in words]


def _elements(text: str) -> list[str]:
    letters = text.replace(",", "").replace(" ", "")
    if odd := [letter for letter in letters if letter not in ELEMENT_KEYS]:
        raise InvalidInput(f"{odd[0]!r} is no kind of data; letters are those of the new-incident form")
    return list(dict.fromkeys(ELEMENT_KEYS[letter] for letter in letters))

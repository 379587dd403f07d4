"""Plain language: how hard a text is to read, and the words and sentences that make it so.

Advice, never a bar: only what a law asks for or forbids holds a notice back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from notices.elements.prose import Prose, Span
from notices.elements.readability import LONG, familiar, readability, words_of

SILENT_WPM: Final = 238
ALOUD_WPM: Final = 183
"""Words a minute of adults, English non-fiction: Brysbaert, Journal of Memory and Language 109 (2019), 104047."""

GRADE_WANTED: Final = 8
"""US school grade. No law names one; plain-language guidance for patients asks for the eighth grade or lower."""

_LEGALESE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pursuant to": "under",
        "prior to": "before",
        "subsequent to": "after",
        "in the event that": "if",
        "in the event of": "if there is",
        "in accordance with": "under, as",
        "with respect to": "about",
        "with regard to": "about",
        "in connection with": "about, with",
        "in order to": "to",
        "for the purpose of": "to",
        "as soon as practicable": "as soon as we can",
        "at this time": "now, or leave it out",
        "at the present time": "now",
        "due to the fact that": "because",
        "notwithstanding": "even if",
        "aforementioned": "this",
        "hereby": "leave it out",
        "herein": "here",
        "hereinafter": "leave it out",
        "thereof": "of it",
        "therein": "in it",
        "wherein": "where",
        "heretofore": "until now",
        "utilize": "use",
        "utilized": "used",
        "commence": "start",
        "commenced": "started",
        "terminate": "end",
        "remediate": "fix",
        "remediation": "repair",
        "endeavor": "try",
        "ascertain": "find out",
        "facilitate": "help",
        "implement": "start, put in place",
        "implemented": "put in place",
        "exfiltrated": "copied, taken",
        "exfiltration": "theft",
        "threat actor": "criminal, intruder",
        "unauthorized third party": "somebody who had no right to",
        "unauthorized actor": "somebody who had no right to",
        "personally identifiable information": "personal information",
        "protected health information": "health information",
        "data security incident": "data breach",
        "cybersecurity incident": "data breach",
        "security incident": "data breach",
        "explanation of benefits": "statement from your health plan",
        "remain vigilant": "look closely",
        "obtain": "get",
        "regarding": "about",
        "whereby": "by which",
        "indemnify": "pay back",
        "shall": "must, will",
    }
)
_HEDGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "out of an abundance of caution": "say why you write, or leave it out",
        "abundance of caution": "say why you write, or leave it out",
        "it appears that": "say what you know, and what you do not",
        "it is possible that": "say what you know, and what you do not",
        "potentially": "may",
        "possibly": "may",
        "may or may not": "say that you do not know",
        "to the best of our knowledge": "say what you know, and what you do not",
        "we have no reason to believe": "say what you looked for and did not find",
        "we have no evidence": "say what you looked for and did not find",
        "no evidence that": "say what you looked for and did not find",
        "no indication that": "say what you looked for and did not find",
        "certain information": "name it",
        "some of your information": "name it",
        "certain individuals": "say who",
        "sophisticated": "leave it out",
        "isolated incident": "leave it out",
        "take this matter seriously": "say what you do",
        "take this incident seriously": "say what you do",
        "take the privacy and security": "say what you do",
        "takes the privacy and security": "say what you do",
        "privacy and security of your information": "say what you do",
        "regret any inconvenience": "say that you are sorry",
        "any inconvenience": "say that you are sorry",
        "somewhat": "leave it out",
    }
)


def _any_of(phrases: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(each.replace(" ", r"\s+") for each in longest_first) + r")\b", re.IGNORECASE)


_PHRASES: Final = (("legalese", _any_of(_LEGALESE), _LEGALESE), ("hedge", _any_of(_HEDGES), _HEDGES))
_IRREGULAR: Final = (
    "begun|bought|broken|brought|built|caught|chosen|done|drawn|driven|fed|felt|found|forgotten|given|gone|held|hidden|"
    "kept|known|laid|led|left|lent|lost|made|meant|met|paid|put|read|seen|sent|set|shown|shut|sold|spent|stolen|taken|"
    "taught|thrown|told|understood|won|worn|written"
)
_PASSIVE: Final = re.compile(
    rf"\b(?:am|is|are|was|were|be|been|being)\s+(?:(?:not|also|then|first|now|already|never|\w+ly)\s+)*"
    rf"(?P<word>\w+(?:ed|wn)|{_IRREGULAR})\b",
    re.IGNORECASE,
)
_ADJECTIVES: Final = frozenset(
    [
        *("allowed", "advanced", "based", "committed", "concerned", "dedicated", "interested", "limited", "located"),
        *("married", "pleased", "related", "scared", "skilled", "supposed", "tired", "worried", "own", "down", "gone"),
        *("need", "indeed", "speed", "red"),
    ]
)


class LintFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A place that could be plainer. `kind` is long_sentence, passive, legalese or hedge; `where` are text offsets."""

    kind: str
    where: tuple[int, int]
    text: str
    advice: str


class LintReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a text reads. Grades are None where they do not exist for the text: no sentence in it, or not English.

    `grade`: US school grade of Flesch and Kincaid (1975). `dale_chall`: score of Dale and Chall (1948) as revised,
    `dale_chall_grades` the grades that it stands for. Times in seconds for an adult.
    """

    language: str
    words: int
    sentences: int
    grade: float | None
    dale_chall: float | None
    dale_chall_grades: str | None
    reading_seconds: int
    aloud_seconds: int
    findings: tuple[LintFinding, ...]

    def count(self, kind: str) -> int:
        """How many findings of a kind there are."""
        return sum(each.kind == kind for each in self.findings)

    @property
    def plain(self) -> bool:
        """Whether it reads at the grade that is wanted, without a sentence that is too long."""
        return (self.grade is None or self.grade <= GRADE_WANTED) and not self.count("long_sentence")

    def to_json(self) -> dict[str, Any]:
        """The report for `--json`."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built | {"plain": self.plain}


def lint_text(text: str, language: str = "en") -> LintReport:
    """Measure a text. Words are looked at in English only; the length of sentences in every language."""
    prose = Prose(text)
    sentences = [sentence for sentence in prose.sentences if _is_sentence(prose.of(sentence))]
    counted = [words_of(prose.of(sentence)) for sentence in sentences]
    total = len(words_of(prose.plain))
    english = language == "en"
    findings = list(_long(prose, sentences))
    if english:
        findings += [*_phrases(prose), *_passives(prose, sentences)]
    score = _dale_chall(counted) if english else None
    return LintReport(
        language=language,
        words=total,
        sentences=len(sentences),
        grade=readability(prose).grade if english else None,
        dale_chall=score,
        dale_chall_grades=_grades(score) if score is not None else None,
        reading_seconds=round(total * 60 / SILENT_WPM),
        aloud_seconds=round(total * 60 / ALOUD_WPM),
        findings=tuple(sorted(findings, key=lambda each: each.where)),
    )


def _is_sentence(text: str) -> bool:
    """Headings, addresses and list entries are none."""
    return text.rstrip("\"')").endswith((".", "!", "?")) and bool(words_of(text))


def _long(prose: Prose, sentences: list[Span]) -> Iterator[LintFinding]:
    for sentence in sentences:
        length = len(words_of(prose.of(sentence)))
        if length > LONG:
            yield _finding(prose, "long_sentence", sentence, f"{length} words; cut it in two")


def _phrases(prose: Prose) -> Iterator[LintFinding]:
    for kind, pattern, plain in _PHRASES:
        for span in prose.find(pattern):
            phrase = " ".join(prose.of(span).lower().split())
            yield _finding(prose, kind, span, plain[phrase])


def _passives(prose: Prose, sentences: list[Span]) -> Iterator[LintFinding]:
    for sentence in sentences:
        for match in _PASSIVE.finditer(prose.plain, sentence.start, sentence.end):
            if match.group("word").lower() not in _ADJECTIVES:
                yield _finding(prose, "passive", Span(match.start(), match.end()), "say who did it")


def _finding(prose: Prose, kind: str, span: Span, advice: str) -> LintFinding:
    return LintFinding(kind=kind, where=(span.start, span.end), text=prose.original(span), advice=advice)


def _dale_chall(sentences: list[list[str]]) -> float | None:
    """0.1579 x per cent of unfamiliar words + 0.0496 x words per sentence, + 3.6365 above 5 per cent.

    Names, which the formula counts as familiar, are words with a capital that do not begin their sentence.
    """
    words = [(word, place) for sentence in sentences for place, word in enumerate(sentence)]
    if not words:
        return None
    hard = sum(not familiar(word) and not (place and word[0].isupper()) for word, place in words)
    share = 100 * hard / len(words)
    score = 0.1579 * share + 0.0496 * len(words) / len(sentences)
    return round(score + 3.6365 if share > 5 else score, 1)


_GRADES: Final = ((5.0, "4 or lower"), (6.0, "5 to 6"), (7.0, "7 to 8"), (8.0, "9 to 10"), (9.0, "11 to 12"))


def _grades(score: float) -> str:
    return next((grades for below, grades in _GRADES if score < below), "college")

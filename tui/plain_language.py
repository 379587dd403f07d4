"""How a text reads, in words. Pure."""

from collections.abc import Sequence

from rich.text import Text

from notices.lint import GRADE_WANTED, LintReport

_KINDS = {
    "long_sentence": "sentences over 25 words",
    "passive": "passive voice",
    "legalese": "legal and trade words",
    "hedge": "hedges",
}


def minutes(seconds: int) -> str:
    """2 min 5 s."""
    whole, rest = divmod(seconds, 60)
    return f"{whole} min {rest} s" if whole else f"{rest} s"


def lint_line(report: LintReport) -> str:
    """Grade 5.1 (Flesch-Kincaid), 6.2 = grades 7 to 8 (Dale-Chall); 388 words, 1 min 38 s to read; 3 to look at."""
    grades = []
    if report.grade is not None:
        grades.append(f"grade {report.grade} (Flesch-Kincaid)")
    if report.dale_chall is not None:
        grades.append(f"{report.dale_chall} = grades {report.dale_chall_grades} (Dale-Chall)")
    words = ", ".join(grades) or f"no grade is measured for {report.language}"
    found = len(report.findings)
    return (
        f"{words[0].upper()}{words[1:]}; {report.words:,} words, {minutes(report.reading_seconds)} to read, "
        f"{minutes(report.aloud_seconds)} to say; {found or 'nothing'} to look at"
    )


def lint_lines(report: LintReport) -> Sequence[str | Text]:
    """The whole report, the heaviest kind first."""
    verdict = "Plain" if report.plain else f"NOT PLAIN: wanted is grade {GRADE_WANTED} or lower and no long sentence"
    lines: list[str | Text] = [Text(verdict, style="bold"), lint_line(report)]
    for kind, words in _KINDS.items():
        found = [each for each in report.findings if each.kind == kind]
        if found:
            lines += ["", Text(f"{len(found)} {words}", style="bold")]
            lines += [f'  "{shortened(each.text)}": {each.advice}' for each in found]
    if report.language == "en":
        lines += ["", Text("Advice, no bar: what a law asks for or forbids is under m.", style="dim")]
    return lines


def shortened(text: str, most: int = 100) -> str:
    """A quotation of at most so many characters, without characters that do not print."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return shown if len(shown) <= most else f"{shown[: most - 4].rstrip()} ..."

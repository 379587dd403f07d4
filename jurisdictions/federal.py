"""Periods of federal rules that follow 45 CFR 164.412: counted from discovery, put off by a law-enforcement hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from jurisdictions.anchors import Anchor
from jurisdictions.case import Case
from jurisdictions.conditions import after
from jurisdictions.counting import Counted, calendar_days, end_of_year_plus, shown
from jurisdictions.duties import Option
from jurisdictions.facts import Hold
from jurisdictions.holds import Span, capped, delayed, described
from jurisdictions.obligations import On
from jurisdictions.schema import Version, caveats_of
from jurisdictions.vocabulary import HoldKind


class HoldRule(msgspec.Struct, frozen=True):
    """Where the delay stands: ``oral`` is the provision with the longest oral delay, in days from the statement."""

    oral: str
    citation: str


HIPAA = HoldRule("us.hipaa.hold.oral", "45 CFR 164.412")
FTC = HoldRule("us.ftc_hbnr.hold.oral", "16 CFR 318.4(d)")


def span(case: Case, index: int, hold: Hold, rule: HoldRule) -> Span:
    """A written request delays for the time it specifies; an oral one, or one without a time, for the oral maximum."""
    if hold.kind is HoldKind.WRITTEN and hold.until is not None:
        return Span(
            hold.stated_on, hold.until, f"{described(hold)}: delay for the time specified ({rule.citation}(a))."
        )
    oral = case.law(rule.oral, hold.stated_on)
    days = oral.days if oral is not None and oral.days is not None else 0
    end = capped(hold, days)
    limit = f"at most {days} days from the statement ({rule.citation}(b)): ends {shown(end)}."
    if hold.kind is HoldKind.ORAL:
        return Span(hold.stated_on, end, f"{described(hold)}: {limit}")
    ask = f"Ask for a date [law_enforcement_holds.{index}.until]."
    return Span(
        hold.stated_on,
        end,
        f"{described(hold)}: it specifies no time, so it is treated like an oral one, {limit} {ask}",
    )


def held(
    case: Case, duty: str, anchor: Anchor, counted: Counted, *, rule: HoldRule, option: Option
) -> Iterator[Option]:
    """The readings of a counted last day once holds are applied, the adopted one first.

    ``option`` carries the id, the reading and the lines that come before the count.
    """
    spans = [span(case, index, hold, rule) for index, hold in case.holds(duty)]
    result = delayed(counted.day, anchor.day, spans)
    lines = (*anchor.why, *option.why, *counted.lines, *result.lines)
    yield replace(option, deadline=On(result.day), why=lines)
    if after(result.tolled, counted.day):
        days = (result.tolled - counted.day).days
        yield replace(
            option,
            id="hold.tolling",
            deadline=On(result.tolled),
            reading=f"tolling: the {days} days of hold are added to {counted.day}",
            citation=rule.citation,
            why=(*lines, f"Tolling: {shown(counted.day)} + {days} days of hold = {shown(result.tolled)}."),
            caveats=(
                *option.caveats,
                "That HHS takes the hold to toll the time (74 FR 42755, 78 FR 5657) is from memory: ask counsel.",
            ),
        )
    if result.controls is not None:
        following = calendar_days(result.controls, 1).day
        yield replace(
            option,
            id="hold.inclusive",
            deadline=On(following),
            reading=f"the hold covers the whole of {result.controls}: notice on the next day",
            citation=rule.citation,
            why=(*lines, f"If the official meant {shown(result.controls)} to be held too: {shown(following)}."),
        )


def period(case: Case, duty: str, provision: str, anchors: Sequence[Anchor], rule: HoldRule) -> Iterator[Option]:
    """The outer limit in calendar days from each day that can be discovery; holds are read on the adopted day."""
    for anchor in anchors:
        version = case.law(provision, anchor.day)
        if version is None or version.days is None:
            continue
        head = _option(
            version,
            anchor.id,
            anchor.reading,
            f"{version.citation}, in force from {version.since}: without unreasonable delay, at most {version.days} "
            "calendar days from discovery. No weekend or holiday roll.",
        )
        options = held(case, duty, anchor, calendar_days(anchor.day, version.days), rule=rule, option=head)
        yield from options if anchor is anchors[0] else [next(options)]


def yearly(case: Case, duty: str, provision: str, anchors: Sequence[Anchor], rule: HoldRule) -> Iterator[Option]:
    """The report or log of small breaches: so many days after the end of the calendar year of discovery."""
    for anchor in anchors:
        version = case.law(provision, anchor.day)
        if version is None or version.days is None:
            continue
        head = _option(
            version,
            f"yearly.{anchor.id}",
            f"yearly report, {anchor.reading}",
            f"{version.citation}, in force from {version.since}: {version.days} days after the end of the calendar "
            "year of discovery. No weekend or holiday roll.",
        )
        counted = end_of_year_plus(anchor.day, version.days)
        options = list(held(case, duty, anchor, counted, rule=rule, option=head))
        if options[0].deadline != On(counted.day):
            on_time = replace(
                head,
                id="hold.not-yearly",
                deadline=On(counted.day),
                reading="a hold does not reach the yearly report: file on time unless the request names it",
                why=(*anchor.why, *head.why, *counted.lines),
            )
            options.append(on_time)
        yield from options if anchor is anchors[0] else options[:1]


def _option(version: Version, name: str, reading: str, line: str) -> Option:
    return Option(
        id=name,
        deadline=On(date.max),
        reading=reading,
        citation=version.citation,
        why=(line,),
        version=version.since,
        caveats=caveats_of(version),
    )

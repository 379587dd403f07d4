"""Counsel's review in words: the queue, the head of a notice, what an approval covers and what voids it. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.events import ApprovalReported
from incident.notice import Notice, sample_problems
from incident.review import CHANNELS
from incident.views.queries import FactRow, NoticeRow
from incident.views.wording import value_words
from jurisdictions.obligations import Obligation, in_words
from notices.comparison import Comparison, Pair
from notices.dependence import WORDS, Use
from notices.desk import Preview
from notices.redline import differences
from tui import documents
from tui.board import short_recipient
from tui.documents import short
from tui.margin import AMISS, MARKS, Target
from tui.presenters import day
from tui.reviewing import View, Voided

_USES = {Use.TEXT: "✓ in the text", Use.NEEDED: "✓ needed", Use.COVERED: "· covered"}


# --- The queue


def due_words(duties: Sequence[Obligation]) -> str:
    """The earliest day to plan by of what a notice serves, and of which duty; what waits or has no day in words."""
    dated = [duty for duty in duties if duty.safest is not None and duty.given is None]
    if dated:
        first = min(dated, key=lambda duty: (duty.safest, duty.id))
        assert first.safest is not None
        return f"{day(first.safest)} ({short_recipient(first.id)})"
    if open_ := [duty for duty in duties if duty.given is None]:
        return in_words(open_[0])
    return "done" if duties else "no duty of this incident"


def queue_cells(
    row: NoticeRow, reference: str, duties: Sequence[Obligation], since: datetime | None, zone: ZoneInfo
) -> Sequence[Text]:
    """INCIDENT, NOTICE, DUE, DRAFTED BY, SINCE."""
    return (
        Text(reference, style="bold"),
        Text(documents.kind_title(row.kind)),
        Text(due_words(duties)),
        Text(row.drafted_by),
        Text(f"{since.astimezone(zone):%m-%d %H:%M}" if since is not None else ""),
    )


# --- The head of a notice


def standing_line(view: View) -> Text:
    """Where it stands, when it is due, what it serves, who drafted it."""
    state = view.state
    return Text.assemble(
        (state.status, "bold"),
        f" · due {due_words(view.duties)} · serves {documents.serves(state.obligations)}",
        f" · drafted by {', '.join(sorted(state.drafters))}",
    )


def rule_line(look: Preview) -> Text:
    """What each rule wants, and how much of it is said in every text: 45 CFR 164.404 7/7 · ✗ Civ. Code 1798.82 8/9."""
    asked: dict[str, dict[str, bool]] = {}
    for checked in look.documents:
        for each in checked.report.elements if checked.report is not None else ():
            if each.required:
                of_rule = asked.setdefault(_rule(each.citation), {})
                of_rule[each.id] = of_rule.get(each.id, True) and each.found and not each.contradicts
    line = Text("Wanted by ", style="dim")
    for number, (rule, found) in enumerate(asked.items()):
        met = sum(found.values())
        words = f"{'' if met == len(found) else '✗ '}{rule} {met}/{len(found)}"
        line.append(" · " if number else "").append(words, style="" if met == len(found) else "bold red")
    return line if asked else Text("No law fixes what this document says.", style="dim")


def _rule(citation: str) -> str:
    """The section of a citation, without its paragraphs."""
    return citation.partition("(")[0].strip()


def demand_lines(text: str, found: Sequence[Target]) -> tuple[Text, ...]:
    """Which rule wants which sentence: each element under its rule, with the words that meet it."""
    lines: list[Text] = []
    rules = dict.fromkeys(_rule(target.citation) for target in found if target.citation)
    for rule in rules:
        lines += [Text(rule, style="bold")]
        for target in found:
            if _rule(target.citation) != rule or not target.citation:
                continue
            amiss = target.state in AMISS
            state = (
                f" {target.state.upper()}" if amiss else " (not needed here)" if target.state == "not needed" else ""
            )
            lines.append(
                Text(
                    f"{MARKS[target.state]} {target.name} [{target.citation}]{state}",
                    style="bold red" if amiss else "dim" if target.state == "not needed" else "",
                )
            )
            if target.where is not None:
                lines.append(Text(f'    "{" ".join(text[slice(*target.where)].split())}"'))
            elif amiss:
                lines.append(Text(f"    {target.why}", style="dim"))
        lines.append(Text(""))
    return tuple(lines) or (Text("No law fixes what this document says."),)


def approval_line(view: View) -> Text:
    """What bars it, or what its approval covers; that an approval was only reported, and that it is void, in words."""
    state, look = view.state, view.look
    line = Text()
    if state.status == "rejected":
        return line.append("REJECTED: not to be used. e drafts anew with its words.", style="bold")
    if state.status in {"dispatched", "partly sent"} and state.dispatched:
        sent = state.dispatched[-1]
        line.append(f"Sent {sent.on} by {sent.method.replace('_', ' ')}: {sent.count:,}. ")
    if state.approval is not None:
        line.append(f"{approved_words(state)}: text {short(state.approval.content_sha256)}. ")
        if view.voided is not None:
            line.append(f"VOID: {'; '.join(view.void)}; m tells what it touches.", style="bold")
        else:
            line.append("Covers what is shown.")
        if state.status == "rendered" and sample_problems(state):
            # Short, so that it is seen in 80 columns.
            line.append(" Read the sample: S." if state.sample is None else " Sample refused.", style="bold")
    elif look is not None and look.problems:
        count = len(look.problems)
        line.append(f"{count} problem{'' if count == 1 else 's'} bar approval; m lists them", style="bold")
    elif look is not None:
        line.append("Complete: nothing required is missing, nothing forbidden is said.")
    if look is not None and look.cautions and state.status not in {"dispatched", "withdrawn", "rejected"}:
        count = len(look.cautions)
        line.append(f" {count} caution{'' if count == 1 else 's'}: m.", style="bold")
    return line


def approved_words(state: Notice) -> str:
    """Approved by kim, or that somebody only reported that counsel did, and how."""
    if isinstance(state.approval, ApprovalReported):
        how = dict(CHANNELS)[state.approval.channel]
        return f"! REPORTED approval of {state.approval.counsel} {how} (reported by {state.reported_by})"
    return f"Approved by {state.approved_by}"


# --- Approval


def letters_words(view: View) -> str:
    """What an approval unlocks: 1,228 letters, or documents."""
    if view.state.kind == "individual_letter":
        return f"letters to {view.people:,} {'person' if view.people == 1 else 'people'}"
    texts = len(view.look.documents) if view.look is not None else 0
    return f"{texts} document{'' if texts == 1 else 's'}"


def approval_note(view: View, rulebook_hash: str) -> str:
    """What a signature is about to cover."""
    assert view.look is not None
    texts = len(view.look.documents)
    return (
        f"You approve exactly this: {texts} text{'' if texts == 1 else 's'} with hash "
        f"{short(view.look.content_sha256)}, on the facts as of #{view.facts_position}, under rulebook "
        f"{rulebook_hash[:8]}. It unlocks {letters_words(view)}; any change of text, facts or rulebook voids it."
        + "".join(f"\n! {each}" for each in view.look.cautions)
    )


def approved_receipt(view: View) -> str:
    """What was approved, after the event number; it fits into 80 columns."""
    assert view.look is not None
    unlocked = f"letters to {view.people:,}" if view.state.kind == "individual_letter" else letters_words(view)
    return f": {view.look.content_sha256[:8]} unlocks {unlocked}; any change voids this"


def void_lines(voided: Voided, state: Notice, people: int) -> tuple[str | Text, ...]:
    """Why an approval is void, and everything that touches: facts, texts, letters, files."""
    lines: list[str | Text] = [Text(f"VOID: {'; '.join(voided.reasons)}.", style="bold")]
    if voided.facts:
        lines += ["", Text(f"Recorded since the approval (#{voided.position})", style="bold")]
        lines += [f"  #{row.position} {row.path} = {value_words(row.value)} ({row.by})" for row in voided.facts]
    lines.append("")
    if voided.texts is None:
        lines.append("The texts of then cannot be written again to be compared.")
    elif voided.texts:
        lines.append(Text(f"Texts that read otherwise now: {len(voided.texts)}", style="bold"))
        lines += [f"  {name}" for name in voided.texts]
    else:
        lines.append("Every text still reads the same; the approval covered the facts too.")
    rendered = state.rendered
    lines.append("")
    if rendered is None:
        lines.append(f"Nothing was rendered from it yet. It is for {people:,} people.")
    else:
        lines.append(Text(f"Rendered already: {rendered.documents:,} documents, now without approval", style="bold"))
        lines += [f"  {file.name} · {file.sha256[:12]}" for file in rendered.files]
        sent = sum(each.count for each in state.dispatched)
        lines.append(f"Sent already: {sent:,}." if sent else "None of them was sent.")
    lines += ["", "s on the notice submits it to counsel again."]
    return tuple(lines)


# --- Facts


def use_cells(row: FactRow, use: Use | None) -> Sequence[Text]:
    """EVENT, FACT, VALUE, NOTICE, SOURCE; None where it is not known yet what the notice has of it."""
    strong = "bold" if use in {Use.TEXT, Use.NEEDED} else ""
    return (
        Text(f"#{row.position}"),
        Text(row.path, style=strong),
        Text(value_words(row.value), style=strong),
        Text(_USES[use] if use is not None else "…"),
        Text(row.source or row.by),
    )


def use_panel(row: FactRow, use: Use | None, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """One fact, and what the notice has of it."""
    recorded = row.recorded_at.astimezone(zone)
    words = WORDS[use] if use is not None else "whether the notice rests on it is being looked at"
    return (
        Text(f"{row.path} = {value_words(row.value)}", style="bold"),
        f"#{row.position}, recorded {recorded:%Y-%m-%d %H:%M} by {row.by}" + (f"; {row.source}" if row.source else ""),
        f"{words[0].upper()}{words[1:]}. Enter: the entry of the log.",
    )


# --- Redline


def redline(pair: Pair) -> tuple[str, tuple[Target, ...]]:
    """One text with [-what went-] and [+what came+], and where each of them stands in it."""
    text, found = "", []
    names = {"-": "deleted", "+": "inserted"}
    for mark, said in differences(pair.before, pair.now):
        start = len(text)
        text += said if mark == "=" else f"[{mark}{said}{mark}]"
        if mark != "=":
            words = " ".join(said.split())
            found.append(Target(words, "", names[mark], "", (start, len(text))))
    return text, tuple(found)


def comparison_line(comparison: Comparison, place: int, changes: int) -> Text:
    """us.adult.en (1 of 12): 3 changes against the text last approved, #57."""
    pair = comparison.pairs[place]
    count = len(comparison.pairs)
    return Text.assemble(
        (pair.name, "bold"),
        f" ({place + 1} of {count})" if count > 1 else "",
        f": {changes} change{'' if changes == 1 else 's'} against {comparison.against}",
    )

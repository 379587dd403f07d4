"""Answering a question about a fact: by a letter where that will do, else by a line."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from tui.dialogs.form import Field, FormDialog, Values
from tui.questions import Answer, Question, shown
from tui.session import Command, Session


def answer_form(
    asked: Question,
    session: Session,
    incident_id: UUID,
    *,
    present: str = "",
    correcting: bool = False,
) -> FormDialog:
    """Record the answer. A value that is corrected needs the reason; a first answer may have one."""
    zone = session.zone(incident_id)

    def read(text: str) -> Answer:
        return asked.read(text, session.now(), zone)

    def command(values: Values) -> Command:
        answer = read(values["value"])
        source = values["source"] or answer.source
        return lambda service: service.incidents.record_facts(
            incident_id, answer.values, source=source, because=values["because"] or None
        )

    fields = [
        Field("value", "Answer", required=True, hint=asked.hint, check=_echo(asked, read, zone)),
        Field("source", "Source", hint="who says so, where it is written"),
        Field("because", "Reason", required=correcting, hint="why it is corrected" if correcting else "may be empty"),
    ]
    note = f"{asked.path}" + (f" · now: {present}" if present else "") + f"\n{asked.hint}"
    return FormDialog(asked.words, fields, note=note, command=command)


def suppose_form(asked: Question, session: Session, incident_id: UUID, present: str) -> FormDialog:
    """Suppose an answer; its result is the `Answer`, and nothing is recorded."""
    zone = session.zone(incident_id)

    def read(text: str) -> Answer:
        return asked.read(text, session.now(), zone)

    fields = [Field("value", "Suppose", required=True, hint=asked.hint, check=_echo(asked, read, zone))]
    note = f"{asked.path} · now: {present}\n{asked.hint}"
    return FormDialog(asked.words, fields, note=note, job=lambda values: read(values["value"]), commit="suppose")


def _echo(asked: Question, read: Callable[[str], Answer], zone: ZoneInfo) -> Callable[[str], str]:
    def echo(text: str) -> str:
        answer = read(text)
        words = [
            ("" if path == asked.path else f"{path.rpartition('.')[2]} ") + shown(path, value, zone, answer.source)
            for path, value in answer.values.items()
        ]
        return " · ".join(words)

    return echo

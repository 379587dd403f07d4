"""Where a notice goes out for review as a Word file, and comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from incident.errors import InvalidInput
from notices.catalog import kind_named
from notices.word.intake import Change, Markup, read_markup
from notices.word.writing import Before, write_word

if TYPE_CHECKING:
    from incident.service import Receipt, Service
    from notices.desk import DocumentDesk, Preview


class WordDesk:
    """The Word files of the notices of one open case."""

    def __init__(self, service: Service, documents: DocumentDesk) -> None:
        self._service = service
        self._documents = documents

    def for_review(self, notice_id: UUID, only: Sequence[str] = ()) -> bytes:
        """The notice of now as a file to be changed, with tracking on; `only` these fields of it, where any are named.

        Raises:
            InvalidInput: its kind has no such field.
        """
        kind = kind_named(self._service.queries.notice(notice_id).kind)
        unknown = sorted(set(only) - {field.name for field in kind.fields})
        if unknown:
            raise InvalidInput(f"only: {kind.name} has no field {unknown[0]!r}")
        return self._written(notice_id, None, only)

    def redline(self, notice_id: UUID, since: int | None = None) -> bytes:
        """The notice of now as a file to be read, marked against earlier words.

        `since` is an event number: the words as they stood then; None: as they were last approved, or else drafted.

        Raises:
            NotFound: there were no words of this notice yet.
        """
        return self._written(notice_id, self._words(notice_id, since))

    def read(self, notice_id: UUID, data: bytes, name: str) -> Markup:
        """The changes in a file that came back.

        Raises:
            NoticeError: it is not a Word file of this notice, or cannot be read safely.
        """
        look = self._documents.preview(notice_id)
        reads = _reads(look)
        return read_markup(data, name, notice=notice_id, kind=look.kind, fields=look.fields, reads=reads)

    def decide(
        self,
        notice_id: UUID,
        data: bytes,
        name: str,
        accepted: Sequence[bool],
        reasons: Mapping[int, str] = MappingProxyType({}),
    ) -> tuple[Markup, Receipt]:
        """Accept or reject the changes of a file, in their order, and revise the notice by those accepted.

        `reasons` say why a change (by its place, from 0) was rejected.

        Raises:
            NoticeError: the file cannot be taken, or the words that come of it have faults.
            InvalidInput: it holds no change, or not as many as were decided.
        """
        markup = self.read(notice_id, data, name)
        if len(accepted) != len(markup.changes):
            raise InvalidInput(f"{name}: has {len(markup.changes)} changes; {len(accepted)} were decided")
        state = self._service.desk.notice(notice_id)
        assert state.incident_id is not None
        words = markup.words(accepted)
        fields = {key: value for key, value in (state.fields | words).items() if value or key in state.fields}
        look = self._documents.look(state.incident_id, state.kind, fields)
        changes: list[dict[str, str | bool]] = [
            {
                "field": change.field,
                "act": change.act.value,
                "text": change.text,
                "author": change.author,
                "at": change.at,
                "accepted": yes,
                "reason": "" if yes else reasons.get(number, "").strip(),
            }
            for number, (change, yes) in enumerate(zip(markup.changes, accepted, strict=True))
        ]
        blocked = [*(blocked_words(change) for change in markup.blocked), *markup.refused]
        receipt = self._service.notices.take_markup(
            notice_id, look.fields, look.content_sha256, name=name, file=data, changes=changes, blocked=blocked
        )
        return markup, receipt

    def _written(self, notice_id: UUID, before: Before | None, only: Sequence[str] = ()) -> bytes:
        look, row = self._documents.preview(notice_id), self._service.queries.notice(notice_id)
        return write_word(
            notice=notice_id,
            title=look.kind.title,
            reference=self._service.queries.incident(row.incident).reference,
            kind=look.kind,
            fields=look.fields,
            reads=_reads(look),
            before=before,
            only=only,
        )

    def _words(self, notice_id: UUID, since: int | None) -> Before:
        earlier = self._service.notices.earlier_words(notice_id, since)
        return Before(fields=earlier.fields, author=earlier.changed_by, at=earlier.changed_at)


def blocked_words(change: Change) -> str:
    """A change that cannot be taken, in a line."""
    who = change.author or "with tracking off"
    return f"{change.field}: {change.act.value} {change.text!r}, {who}; {change.blocked}"


def _reads(look: Preview) -> str:
    """The whole notice in words, as it would leave today, with merge fields."""
    return "\n\n".join(checked.document.text for checked in look.documents)

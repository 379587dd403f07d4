"""Commands on the organization's own templates: taken in whole, kept sealed, in force until others follow."""

from collections.abc import Mapping

from incident import own_templates
from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput, NotFound
from incident.events import Entry, OwnTemplatesRemoved, OwnTemplatesTakenIn, TemplateFile
from incident.own_templates import OwnTemplates


class TemplateCommands:
    """The templates of the case. They are checked by who reads the folder; here they are kept and recorded."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take_in(self, title: str, files: Mapping[str, bytes]) -> Receipt:
        """Keep checked templates, in the place of any before; approvals of texts that they change are void.

        Raises:
            InvalidInput: no title or no file, or the very same set is in force.
        """
        self._desk.require(OwnTemplatesTakenIn.TOPIC)  # before a file is kept
        if not title.strip() or not files:
            raise InvalidInput("templates: a set has a title and at least one file")
        kept = [
            TemplateFile(name=name, sha256=self._desk.blobs.put(content), size=len(content))
            for name, content in sorted(files.items())
        ]
        event = OwnTemplatesTakenIn(title=title.strip(), files=tuple(kept))
        own = self.in_force()
        if own is not None and own.files == tuple((file.name, file.sha256, file.size) for file in kept):
            raise InvalidInput("templates: these very templates are in force already")
        case = self._desk.queries.case().stream
        return self._desk.record(case, self._desk.version(case), [event])

    def remove(self, because: str) -> Receipt:
        """Go back to the shipped templates; what was taken in stays in the record.

        Raises:
            NotFound: there are none.
            InvalidInput: no reason is given.
        """
        self._desk.require(OwnTemplatesRemoved.TOPIC)
        own = self.in_force()
        if own is None:
            raise NotFound("templates: no own templates are in force")
        if not because.strip():
            raise InvalidInput("because: say why the templates are removed")
        case = self._desk.queries.case().stream
        return self._desk.record(
            case, self._desk.version(case), [OwnTemplatesRemoved(title=own.title)], because=because
        )

    def in_force(self) -> OwnTemplates | None:
        """The set that letters are written with now."""
        return own_templates.in_force(self._entries())

    def history(self) -> tuple[OwnTemplates, ...]:
        """Every set that was taken in, the newest last."""
        return own_templates.history(self._entries())

    def contents(self) -> Mapping[str, bytes]:
        """The files of the set in force, by name."""
        return own_templates.contents(self._entries(), self._desk.blobs)

    def _entries(self) -> tuple[Entry, ...]:
        return self._desk.log.stream(self._desk.queries.case().stream)

"""How lists of a sender are read, kept in the case by name: columns, encoding, separator, sheet. No cell is kept."""

from collections.abc import Mapping, Sequence

from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput, NotFound
from incident.events import ListProfileSaved
from incident.roster.layout import Layout, best_of, fixed

NAME_LIMIT = 60


class ProfileCommands:
    """The saved ways of reading a list; a later one takes the place of an earlier one of the same name."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, name: str, layout: Layout, mapping: Mapping[str, str]) -> Receipt:
        """Keep a layout, its columns settled as in `mapping` (field -> heading), as it was read and seen.

        Raises:
            InvalidInput: no name, a long one, or one that cannot be printed.
        """
        name = name.strip()
        if not name or len(name) > NAME_LIMIT or not name.isprintable():
            raise InvalidInput(f"profile: give a name of up to {NAME_LIMIT} printable characters")
        settled = fixed(layout, mapping)
        event = ListProfileSaved(
            name=name,
            mapping={field: heading for field, heading in settled.mapping.items() if heading},
            encoding=layout.encoding,
            delimiter=layout.delimiter,
            sheet=layout.sheet,
        )
        case = self._desk.queries.case().stream
        return self._desk.record(case, self._desk.version(case), [event])

    def all(self) -> dict[str, Layout]:
        """Every profile by name, the one saved last at the end."""
        found: dict[str, Layout] = {}
        for entry in self._desk.log.stream(self._desk.queries.case().stream):
            event = entry.event
            if isinstance(event, ListProfileSaved):
                found.pop(event.name, None)
                layout = Layout(encoding=event.encoding, delimiter=event.delimiter, sheet=event.sheet)
                found[event.name] = fixed(layout, event.mapping)
        return found

    def get(self, name: str) -> Layout:
        """The profile of a name.

        Raises:
            NotFound: there is none; the message tells those there are.
        """
        profiles = self.all()
        if name not in profiles:
            raise NotFound(f"profile: no profile {name!r}; there are {', '.join(map(repr, profiles)) or 'none'}")
        return profiles[name]

    def offered(self, headings: Sequence[str]) -> str | None:
        """The profile whose columns are all among these headings, if any."""
        return best_of(self.all(), headings)

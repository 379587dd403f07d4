"""Reads of a record in which one fact is not known: by what changes then, one sees what rests on that fact."""

from uuid import UUID

from incident.views.queries import FactRow, Queries


class QueriesWithout(Queries):
    """The reads of `queries`, without one fact."""

    def __init__(self, queries: Queries, path: str) -> None:
        super().__init__(queries._projection, queries.rulebook)
        self._path = path

    def facts(self, incident_id: UUID) -> dict[str, FactRow]:
        """What is known, but for that one."""
        return {path: row for path, row in super().facts(incident_id).items() if path != self._path}

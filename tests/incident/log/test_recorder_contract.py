"""The recorder contract tests that the eventsourcing library ships, on every store we support."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

from incident.log.database import open_engine, sqlite_url
from incident.log.recorder import ChainedRecorder

CASE = UUID(int=1)


class _OnFile:
    def create_recorder(self) -> ChainedRecorder:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return self._recorder(sqlite_url(str(Path(folder.name) / "log.db")))

    def _recorder(self, url: str) -> ChainedRecorder:
        recorder = ChainedRecorder(open_engine(url, busy_timeout=30), case_id=CASE)
        self.addCleanup(recorder.engine.dispose)
        recorder.create()
        return recorder


class _InMemory(_OnFile):
    def create_recorder(self) -> ChainedRecorder:
        return self._recorder("sqlite://")


class _OnPostgres(_OnFile):
    @pytest.fixture(autouse=True)
    def _database(self, postgres_database: str) -> None:
        self.url = postgres_database

    def create_recorder(self) -> ChainedRecorder:
        return self._recorder(self.url)


class TestContractOnFile(_OnFile, ApplicationRecorderTestCase): ...


class TestContractInMemory(_InMemory, ApplicationRecorderTestCase): ...


class TestContractOnPostgres(_OnPostgres, ApplicationRecorderTestCase): ...


class TestOrderOnFile(_OnFile, NonInterleavingNotificationIDsBaseCase): ...


class TestOrderInMemory(_InMemory, NonInterleavingNotificationIDsBaseCase): ...


class TestOrderOnPostgres(_OnPostgres, NonInterleavingNotificationIDsBaseCase): ...


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase  # the bases themselves are no tests

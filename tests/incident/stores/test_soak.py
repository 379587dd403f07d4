"""Twenty clients at one case on a server: every answered number is there, none is missing, nobody saw anything odd."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from incident.casefile import create_case, open_case
from incident.errors import CaseUnusable, RecordedMeanwhile
from incident.events import ActionLogged, EvidenceAttached
from incident.roster.vault import Vault
from incident.service import Receipt, Service
from incident.system import FixedClock, SystemIds
from incident.verification import verify_case
from jurisdictions.rulebook import load_rulebook
from tests.incident.evidence.life import CHEAP, CHICAGO, FACTS, NOW, PASSPHRASE

CLIENTS, ROUNDS, IMPORTING, TRIES = 20, 4, 5, 100
PEOPLE = (
    "Ana,Kowalczyk,1980-02-03,12 Elm St", "Bogdan,Nwosu,1955-11-30,7 Lake Ave", "Chidi,Marsh,2001-06-17,300 Oak Ln",
    "Dolores,Ferreira,1969-08-08,41 Hill Rd", "Emre,Vaughn,1992-04-25,98 Pine Ct",
)  # fmt: skip
"""One for each who imports, so unlike that nobody could be somebody on another list."""
BUSY = ("is writing to this case", "another import")


class Client(threading.Thread):
    """Somebody at a machine of their own: a case, connections and views that no other client shares."""

    def __init__(self, url: str, number: int, folder: Path) -> None:
        super().__init__(name=f"client {number}")
        self.url, self.number, self.folder = url, number, folder
        self.chance = random.Random(number)
        self.answered: dict[int, str] = {}
        self.receipts: list[Receipt] = []
        self.again: Counter[str] = Counter()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            with open_case(self.url, "dana", PASSPHRASE) as case:
                vault = Vault(case.store.vault(), case.keyring)
                self.service = Service(
                    log=case.log, blobs=case.blobs, vault=vault, clock=FixedClock(NOW), ids=SystemIds(),
                    rulebook=load_rulebook(), user="dana",
                )  # fmt: skip
                self.incident = self.service.queries.incident_by_reference("2026-001").id
                self._work()
        except BaseException as error:  # the test must hear of it whatever it is
            self.failure = error

    def _work(self) -> None:
        for round_ in range(ROUNDS):
            text = f"{self.name}, round {round_}"
            incidents = self.service.incidents
            match self.chance.choice(["log", "fact", "fact", "evidence", "read"]):
                case "log":
                    receipt = self._insist(partial(incidents.log_action, self.incident, text))
                    self.answered[receipt.position - receipt.events + 1] = text
                case "fact":
                    value = {"incident.misuse_likely": self.chance.choice([True, False, None])}
                    self._insist(partial(incidents.record_facts, self.incident, value, source=text))
                case "evidence":
                    receipt = self._insist(partial(self._attach, text))
                    self.answered[receipt.position - receipt.events + 1] = text
                case "read":
                    self.service.refresh()
                    rows = self.service.queries.timeline()
                    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
            if self.number < IMPORTING and round_ == self.number % ROUNDS:
                self._insist(self._bring)

    def _attach(self, text: str) -> Receipt:
        return self.service.incidents.attach_evidence(self.incident, text, text.encode())[1]

    def _bring(self) -> Receipt:
        file = self.folder / f"{self.number}.csv"
        file.write_text(f"First Name,Last Name,DOB,Address,City,State,Zip\n{PEOPLE[self.number]},Chicago,IL,60614\n")
        return self.service.rosters.import_file(self.incident, file)[1]

    def _insist(self, act: Callable[[], Receipt]) -> Receipt:
        """Try again, as the answer says: look at it, or wait a moment."""
        for _ in range(TRIES):
            try:
                receipt = act()
            except RecordedMeanwhile as refusal:
                if refusal.number is None or not refusal.what:
                    raise
                self.again["meanwhile"] += 1
            except CaseUnusable as refusal:
                if not any(words in str(refusal) for words in BUSY):
                    raise
                self.again["busy"] += 1
                threading.Event().wait(self.chance.uniform(0, 0.2))
            else:
                self.receipts.append(receipt)
                return receipt
        raise AssertionError(f"{TRIES} tries were not enough")


def test_twenty_clients(postgres_database: str, tmp_path: Path):
    case = create_case(postgres_database, user="dana", passphrase=PASSPHRASE, kdf=CHEAP)
    with case:
        lead = Service(
            log=case.log, blobs=case.blobs, vault=Vault(case.store.vault(), case.keyring), clock=FixedClock(NOW),
            ids=SystemIds(), rulebook=load_rulebook(), user="dana",
        )  # fmt: skip
        lead.case.open(SystemIds().new(), "Lakeshore Aesthetics", CHICAGO, {})
        lead.case.enroll("dana", "Dana Reyes", "incident_lead")
        lead.incidents.open("Phished billing mailbox", FACTS)
        begun = case.log.position()

        clients = [Client(postgres_database, number, tmp_path) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        for client in clients:
            if client.failure is not None:
                raise client.failure

        entries = dict(case.log.read())
        assert list(entries) == list(range(1, len(entries) + 1))
        mine = [
            {*range(receipt.position - receipt.events + 1, receipt.position + 1)}
            for client in clients
            for receipt in client.receipts
        ]
        assert sum(map(len, mine)) == len(set().union(*mine)), "two clients were answered the same number"
        assert set().union(*mine) == set(range(begun + 1, len(entries) + 1)), "a number nobody was answered"
        for client in clients:
            for number, text in client.answered.items():
                event = entries[number].event
                assert text == (event.text if isinstance(event, ActionLogged) else event.name)
                assert isinstance(event, ActionLogged | EvidenceAttached)
        assert sum(client.again.total() for client in clients) > 0, "nobody ever met anybody"
        found = verify_case(case, case.log.checkpoint().code)
        assert found.problems == found.notes == ()
        lead.refresh()
        assert len(lead.queries.rosters(clients[0].incident)) == IMPORTING
        people = lead.queries.facts(clients[0].incident)["affected.by_state.IL"].value
        assert people == IMPORTING, people

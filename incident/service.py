"""The application service of one open case: every command and every read that a front end may use."""

from incident.access.advice import AdviceSeal
from incident.access.users import CaseUsers
from incident.commands.access import AccessCommands
from incident.commands.accounting import AccountingCommands
from incident.commands.across import AcrossCommands
from incident.commands.advice import AdviceCommands
from incident.commands.by_hand import ByHandCommands
from incident.commands.calls import CallCommands
from incident.commands.case import CaseCommands
from incident.commands.delivery import DeliveryCommands
from incident.commands.desk import Desk, Receipt
from incident.commands.documents import NoticeCommands
from incident.commands.duplicates import DuplicateCommands
from incident.commands.entities import EntityCommands
from incident.commands.exporting import ExportCommands
from incident.commands.filings import FilingCommands
from incident.commands.incidents import IncidentCommands
from incident.commands.people import PeopleCommands
from incident.commands.profiles import ProfileCommands
from incident.commands.renderings import RenderingCommands
from incident.commands.returned import ReturnedMail
from incident.commands.review import ReviewCommands
from incident.commands.rosters import RosterCommands
from incident.commands.shifts import ShiftCommands
from incident.commands.templates import TemplateCommands
from incident.ports import BlobStore, Clock, EventLog, IdSource
from incident.roster.vault import Vault
from incident.views.projector import Projection
from incident.views.queries import Queries
from jurisdictions.rulebook import Rulebook

__all__ = ["Receipt", "Service"]


class Service:
    """Commands by what they act on, on behalf of one user; whatever answers with a receipt is durable.

    A refusal (`incident.errors.Refusal`) records nothing.
    """

    def __init__(
        self,
        *,
        log: EventLog,
        blobs: BlobStore,
        vault: Vault,
        clock: Clock,
        ids: IdSource,
        rulebook: Rulebook,
        user: str,
        users: CaseUsers | None = None,
        advice: AdviceSeal | None = None,
    ) -> None:
        self.desk = Desk(log=log, blobs=blobs, clock=clock, ids=ids, rulebook=rulebook, user=user)
        self.case = CaseCommands(self.desk)
        self._access = AccessCommands(self.desk, users) if users is not None else None
        self.incidents = IncidentCommands(self.desk)
        self.notices = NoticeCommands(self.desk)
        self.renderings = RenderingCommands(self.desk)
        self.reviews = ReviewCommands(self.desk)
        self.filings = FilingCommands(self.desk)
        self.entities = EntityCommands(self.desk)
        self.rosters = RosterCommands(self.desk, vault)
        self.people = PeopleCommands(self.desk, vault)
        self.duplicates = DuplicateCommands(self.desk, vault)
        self.across = AcrossCommands(self.desk, vault)
        self.returned_mail = ReturnedMail(self.desk, vault, self.people)
        self.shifts = ShiftCommands(self.desk)
        self.accounting = AccountingCommands(self.desk, vault)
        self.by_hand = ByHandCommands(self.desk, vault)
        self.calls = CallCommands(self.desk, vault)
        self.delivery = DeliveryCommands(self.desk, vault, self.people)
        self.profiles = ProfileCommands(self.desk)
        self.templates = TemplateCommands(self.desk)
        self.exports = ExportCommands(self.desk, self.rosters)
        self.advice = AdviceCommands(self.desk, advice or AdviceSeal())

    @property
    def access(self) -> AccessCommands:
        """Users and keys of the case."""
        assert self._access is not None, "a record without a case has no users"
        return self._access

    @property
    def user(self) -> str:
        """The person at work."""
        return self.desk.user

    @property
    def clock(self) -> Clock:
        """The clock commands are stamped with."""
        return self.desk.clock

    @property
    def blobs(self) -> BlobStore:
        """Evidence and rendered documents."""
        return self.desk.blobs

    @property
    def queries(self) -> Queries:
        """Reads as of now."""
        return self.desk.queries

    def require(self, *topics: str) -> None:
        """Refuse what the role of the person at work forbids them to record, before anything is made or given out.

        Raises:
            NotAllowed: they may not record an entry of these topics; the sentence says who may.
        """
        self.desk.require(*topics)

    def as_of(self, position: int) -> Queries:
        """Reads as of a past event number: the log is projected up to it."""
        projection = Projection()
        projection.catch_up(self.desk.log, until=position)
        return Queries(projection, self.desk.rulebook)

    def refresh(self) -> None:
        """Take in what other processes recorded meanwhile."""
        self.desk.projection.catch_up(self.desk.log)

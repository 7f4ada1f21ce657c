from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from parents_partners.cases.types import (
    Borough,
    CaseStage,
    ConsentScope,
    HowAsked,
    Relationship,
    Setting,
)
from parents_partners.core.types import Labelled
from parents_partners.referrals.types import AgreementAnswer, Channel, ReferralReason


class Section(Labelled):
    """The steps in which a referral is written, in their order."""

    BEFORE_YOU_REFER = "before_you_refer", "Before you refer"
    PARENTS = "parents", "Parents"
    CASE = "case", "Case and contacts"
    CHILDREN = "children", "Children"
    CONFERENCES = "conferences", "Upcoming conferences"
    HISTORY = "history", "Brief history and reasons"


@dataclass(frozen=True)
class Problem:
    """What is wrong, or was assumed, where: `parents[0].agreement.asked_on`; "" is the whole."""

    path: str
    message: str


@dataclass(frozen=True)
class Circumstances:
    """What a submission is judged against: the instant of receipt, the zone of its local times,
    and the kinds of conference in force, code to label. `channel` is what the document itself
    says; None while nobody knows it: then no rule that depends on it complains."""

    received_at: datetime
    zone: ZoneInfo
    conference_kinds: Mapping[str, str]
    channel: Channel | None = None

    @property
    def received_on(self) -> date:
        return self.received_at.astimezone(self.zone).date()

    @property
    def sent_by_staff(self) -> bool:
        """Agency or helpline: not the parent themself, who may leave gaps."""
        return self.channel in (Channel.ONLINE, Channel.HELPLINE)


@dataclass(frozen=True)
class PersonContact:
    """A worker around the family, never a member of it."""

    name: str
    title: str | None = None
    organization: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class ProgrammeDiscussed:
    """REF-02."""

    on: date
    by: str
    brochure_given: bool
    brochure_language: str | None = None


@dataclass(frozen=True)
class CaseInformation:
    """REF-04a, REF-04c."""

    name: str
    number: str | None
    stage: CaseStage
    opened_on: date | None
    borough: Borough | None
    agency: str
    agency_phone: str | None
    caseworker: PersonContact


@dataclass(frozen=True)
class SafeContact:
    """How a parent may be reached. None: nothing was said; False: do not."""

    voicemail: bool | None = None
    text: bool | None = None
    email: bool | None = None
    mail: bool | None = None
    note: str | None = None


@dataclass(frozen=True)
class ParentAnswer:
    """All that is kept of a parent who did not agree (REF-03)."""

    relationship: Relationship | None
    answer: AgreementAnswer


@dataclass(frozen=True)
class AgreeingParent(ParentAnswer):
    """A parent who agreed for themself, with who asked, when and how (REF-03)."""

    first_name: str
    last_name: str
    phone: str | None
    email: str | None
    preferred_language: str | None
    interpreter_needed: bool | None
    safe_contact: SafeContact
    asked_by: str
    asked_on: date
    how: HowAsked
    scope: frozenset[ConsentScope]


@dataclass(frozen=True)
class Child:
    """REF-04b. `removed_at` and `placed_at` are aware UTC instants."""

    first_name: str
    last_name: str
    date_of_birth: date | None
    setting: Setting
    removed_at: datetime | None
    placed_at: datetime | None
    placement_agency: str | None


@dataclass(frozen=True)
class ConferenceMention:
    """REF-04d. `kind` is a code of the programme's list, `starts_at` an aware UTC instant."""

    kind: str
    starts_at: datetime
    place: str | None
    link: str | None


@dataclass(frozen=True)
class History:
    """REF-04e. "" where nothing was said."""

    issues: str
    progress: str
    stage: str


@dataclass(frozen=True)
class Submission:
    """What somebody said on a day, less what may not be held (REF-03)."""

    external_id: str | None
    channel: Channel
    received_at: datetime
    referrer: PersonContact | None
    programme_discussed: ProgrammeDiscussed | None
    parents: tuple[ParentAnswer, ...]
    case: CaseInformation
    children: tuple[Child, ...]
    conferences: tuple[ConferenceMention, ...]
    history: History
    reasons: tuple[ReferralReason, ...]

    @property
    def agreeing_parents(self) -> tuple[AgreeingParent, ...]:
        return tuple(parent for parent in self.parents if isinstance(parent, AgreeingParent))


@dataclass(frozen=True)
class Reading:
    """`submission` is None if and only if there are problems. `notes` state what was assumed and
    are shown to whoever sent it."""

    submission: Submission | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class Judgement:
    """Of one step of the form: what is wrong with it, and what was assumed in it."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class Received:
    """When a document says it was received; the caller's now where it says nothing usable."""

    at: datetime
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

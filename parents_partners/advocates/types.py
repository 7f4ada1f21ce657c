from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from parents_partners.cases.types import Borough
from parents_partners.core.types import Labelled
from parents_partners.referrals.types import ReferralState

LONGEST_CHOICE_REASON = 500
"""Characters in which a supervisor says why another than the first suggested."""

LONGEST_WORDS = 2000
"""Characters of the words to the next Family Specialist."""


class AssignmentState(Labelled):
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    IN_CONTACT = "in_contact", "In contact"
    ENDED = "ended", "Ended"
    DECLINED = "declined", "Offer declined"
    LAPSED = "lapsed", "Offer lapsed"


class AssignmentAction(Labelled):
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    LAPSE = "lapse", "Let the offer lapse"
    TAKE_BACK = "take_back", "Take the offer back"
    STOP_OFFER = "stop_offer", "Stop the offer"
    MAKE_FIRST_CONTACT = "make_first_contact", "Record the first contact"
    END = "end", "End the support"
    STOP_SUPPORT = "stop_support", "Stop the support"
    HAND_OVER = "hand_over", "Hand over to another Family Specialist"


class SupportKind(Labelled):
    """The six kinds of support of the brochure (ADV-02)."""

    EMOTIONAL = "emotional", "Emotional support"
    NAVIGATION = "navigation", "Navigating the system"
    PROCEDURES = "procedures", "CPS procedures, ASFA, service plan"
    SERVICES = "services", "Referral to services"
    RIGHTS = "rights", "Family rights"
    PARENT_ROLE = "parent_role", "The parent's own role"


class ActivityMode(Labelled):
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "Phone"
    VIDEO = "video", "Video"
    TEXT = "text", "Text message"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    CONFERENCE = "conference", "At a conference"


class TaskState(Labelled):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class ServiceState(Labelled):
    """How far a referral to a needed service has come (ADV-03)."""

    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "The parent wants it"
    MADE = "made", "Referral made"
    STARTED = "started", "Started"
    FINISHED = "finished", "Finished"
    FELL_THROUGH = "fell_through", "Fell through"


class ServiceAction(Labelled):
    ACCEPT = "accept", "The parent wants it"
    MAKE = "make", "Referral made"
    START = "start", "It started"
    FINISH = "finish", "It is finished"
    FALL_THROUGH = "fall_through", "It will not happen"


class HandOverState(Labelled):
    """Asked by a supervisor, given by who carries the family, taken by who will."""

    ASKED = "asked", "Asked"
    GIVEN = "given", "Ready to be taken over"
    TAKEN = "taken", "Handed over"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"
    STOPPED = "stopped", "Stopped"


class HandOverAction(Labelled):
    GIVE = "give", "Hand over"
    TAKE = "take", "Take over"
    DECLINE = "decline", "Decline"
    TAKE_BACK = "take_back", "Take the hand-over back"
    STOP = "stop", "Stop the hand-over"


class AgeBand(StrEnum):
    """Ages of children, in completed years."""

    INFANT = "0-2"
    PRESCHOOL = "3-5"
    SCHOOL = "6-9"
    PRETEEN = "10-13"
    TEEN = "14-17"
    YOUNG_ADULT = "18-21"

    @property
    def label(self) -> str:
        return f"{self.value.replace('-', ' to ')} years"

    @classmethod
    def of(cls, age: int) -> "AgeBand":
        """The band of an age in years; beyond 21 counts as the last."""
        return next((band for band in cls if age <= int(band.value.split("-")[1])), cls.YOUNG_ADULT)


class WaitingSince(Labelled):
    """Why a parent is back in the queue without a specialist."""

    FILED = "filed", "filed without an offer"
    OFFER_DECLINED = "offer_declined", "the offer was declined"
    OFFER_LAPSED = "offer_lapsed", "the offer was not answered"
    OFFER_TAKEN_BACK = "offer_taken_back", "the offer was taken back"
    REOPENED = "reopened", "support was reopened"


@dataclass(frozen=True)
class Profile:
    """What routing knows of a Family Specialist (PP-04). `capacity` counts families; the rest
    are codes."""

    capacity: int
    languages: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    age_bands: tuple[str, ...] = ()
    concerns_taken: tuple[str, ...] = ()
    concerns_not_taken: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProfileCommand:
    """What was filled in of a profile. `capacity` None leaves it as it is: it is the supervisor's
    to set. `version` is the profile's when the page was opened, 0 where there was none."""

    languages: tuple[str, ...]
    boroughs: tuple[str, ...]
    age_bands: tuple[str, ...]
    concerns_taken: tuple[str, ...]
    concerns_not_taken: tuple[str, ...]
    capacity: int | None
    version: int


@dataclass(frozen=True)
class OfferCommand:
    """A supervisor's decision about a referral. `case_public_id` None opens a new case;
    `specialist_public_id` None files it without an offer. `parents` are positions among the
    agreeing parents of the submission, `version` is the referral's when the page was opened."""

    case_public_id: str | None
    concerns: tuple[str, ...]
    specialist_public_id: str | None
    parents: tuple[int, ...]
    choice_reason: str | None
    version: int


@dataclass(frozen=True)
class ActivityCommand:
    """One entry (ADV-02). `participants` are public ids of family members; `happened_at` is aware
    UTC; `minutes` may be 0 for an attempt; `submission_key` makes a second press the same entry."""

    kinds: frozenset[SupportKind]
    happened_at: datetime
    minutes: int
    mode: ActivityMode
    made: bool
    participants: frozenset[str]
    note: str
    submission_key: str


@dataclass(frozen=True)
class TaskCommand:
    """Something to do. `owner` is a colleague's public id, `due_on` a local day."""

    what: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class ServiceCommand:
    """A service that is offered to a parent (ADV-03). `person` is their public id, `kind` a code
    of the list `service_kind`, `happened_on` the local day on which they were offered it."""

    person: str
    kind: str
    provider: str | None
    happened_on: date


@dataclass(frozen=True)
class ServiceStepCommand:
    """What became of a service. `action` None: somebody asked, and there is nothing new. `reason`
    is a code of the list `service_fell_through`; `provider` is who gives the service."""

    action: ServiceAction | None
    happened_on: date
    provider: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class GiveCommand:
    """What a specialist passes on. `asked_on` is the local day by which every parent of the stint
    was asked, None where not all of them could be; `entries` are public ids of activities whose
    notes the parents let pass on."""

    words: str
    asked_on: date | None
    entries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FamilyOfferCommand:
    """A supervisor's decision about the waiting parents of a filed family. `parents` are their
    public ids, `version` is the case's when the page was opened."""

    concerns: tuple[str, ...]
    specialist_public_id: str
    parents: tuple[str, ...]
    choice_reason: str | None
    version: int


class QueueState(StrEnum):
    """What a row of the triage queue waits for."""

    SUBMITTED = ReferralState.SUBMITTED.value
    QUESTION_ASKED = ReferralState.QUESTION_ASKED.value
    WITHOUT_SPECIALIST = "without_specialist"

    @property
    def label(self) -> str:
        if self is QueueState.WITHOUT_SPECIALIST:
            return "No Family Specialist yet"
        return ReferralState(self.value).label


class WaitsFor(Labelled):
    """Whose turn it is: a question that is not answered waits for whoever sent the referral."""

    US = "us", "Us"
    OTHERS = "others", "Others, to answer a question"


@dataclass(frozen=True)
class QueueFilter:
    """What the reader of the triage queue asked to see; None is anything. `organisation` is its
    `name_key`."""

    borough: Borough | None = None
    language: str | None = None
    organisation: str | None = None
    state: QueueState | None = None
    waits_for: WaitsFor | None = None


class QueueKind(Labelled):
    """A line of the queue: a referral to decide about, or a filed family with parents who have no
    specialist."""

    FAMILY = "family", "Family"
    REFERRAL = "referral", "Referral"

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parents_partners.cases.types import Borough
from parents_partners.referrals.types import ReferralState


class AssignmentState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    IN_CONTACT = "in_contact"
    ENDED = "ended"
    DECLINED = "declined"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    AssignmentState.OFFERED: "Offered",
    AssignmentState.ACCEPTED: "Accepted",
    AssignmentState.IN_CONTACT: "In contact",
    AssignmentState.ENDED: "Ended",
    AssignmentState.DECLINED: "Offer declined",
    AssignmentState.LAPSED: "Offer lapsed",
}


class AssignmentAction(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    TAKE_BACK = "take_back"
    STOP_OFFER = "stop_offer"
    MAKE_FIRST_CONTACT = "make_first_contact"
    END = "end"
    STOP_SUPPORT = "stop_support"

    @property
    def label(self) -> str:
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    AssignmentAction.ACCEPT: "Accept",
    AssignmentAction.DECLINE: "Decline",
    AssignmentAction.LAPSE: "Let the offer lapse",
    AssignmentAction.TAKE_BACK: "Take the offer back",
    AssignmentAction.STOP_OFFER: "Stop the offer",
    AssignmentAction.MAKE_FIRST_CONTACT: "Record the first contact",
    AssignmentAction.END: "End the support",
    AssignmentAction.STOP_SUPPORT: "Stop the support",
}


class SupportKind(StrEnum):
    """The six kinds of support of the brochure (ADV-02)."""

    EMOTIONAL = "emotional"
    NAVIGATION = "navigation"
    PROCEDURES = "procedures"
    SERVICES = "services"
    RIGHTS = "rights"
    PARENT_ROLE = "parent_role"

    @property
    def label(self) -> str:
        return _SUPPORT_LABELS[self]


_SUPPORT_LABELS = {
    SupportKind.EMOTIONAL: "Emotional support",
    SupportKind.NAVIGATION: "Navigating the system",
    SupportKind.PROCEDURES: "CPS procedures, ASFA, service plan",
    SupportKind.SERVICES: "Referral to services",
    SupportKind.RIGHTS: "Family rights",
    SupportKind.PARENT_ROLE: "The parent's own role",
}


class ActivityMode(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    CONFERENCE = "conference"

    @property
    def label(self) -> str:
        return _MODE_LABELS[self]


_MODE_LABELS = {
    ActivityMode.IN_PERSON: "In person",
    ActivityMode.PHONE: "Phone",
    ActivityMode.VIDEO: "Video",
    ActivityMode.TEXT: "Text message",
    ActivityMode.EMAIL: "E-mail",
    ActivityMode.LETTER: "Letter",
    ActivityMode.CONFERENCE: "At a conference",
}


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


class WaitingSince(StrEnum):
    """Why a parent is back in the queue without a specialist."""

    FILED = "filed"
    OFFER_DECLINED = "offer_declined"
    OFFER_LAPSED = "offer_lapsed"
    OFFER_TAKEN_BACK = "offer_taken_back"
    REOPENED = "reopened"

    @property
    def label(self) -> str:
        return _WAITING_LABELS[self]


_WAITING_LABELS = {
    WaitingSince.FILED: "filed without an offer",
    WaitingSince.OFFER_DECLINED: "the offer was declined",
    WaitingSince.OFFER_LAPSED: "the offer was not answered",
    WaitingSince.OFFER_TAKEN_BACK: "the offer was taken back",
    WaitingSince.REOPENED: "support was reopened",
}


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


@dataclass(frozen=True)
class QueueFilter:
    """What the reader of the triage queue asked to see; None is anything. `organisation` is its
    `name_key`."""

    borough: Borough | None = None
    language: str | None = None
    organisation: str | None = None
    state: QueueState | None = None


class QueueKind(StrEnum):
    """A line of the queue: a referral to decide about, or a filed family with parents who have no
    specialist."""

    FAMILY = "family"
    REFERRAL = "referral"

    @property
    def label(self) -> str:
        return _QUEUE_KIND_LABELS[self]


_QUEUE_KIND_LABELS = {QueueKind.FAMILY: "Family", QueueKind.REFERRAL: "Referral"}

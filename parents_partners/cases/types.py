from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

COURT = "COURT"
"""The code of a court date among the conference kinds. It is listed, but is no conference: a
specialist attends only where counsel agrees, and it moves no family up in a queue (REF-04d)."""


class CaseStage(StrEnum):
    """Where the family stands with the agency and the court (REF-04a)."""

    INVESTIGATION = "investigation"
    PREVENTIVE = "preventive"
    FOSTER_CARE = "foster_care"
    TRIAL_DISCHARGE = "trial_discharge"
    COURT_ORDERED_SUPERVISION = "court_ordered_supervision"
    AFTER_REUNIFICATION = "after_reunification"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _CASE_STAGE_LABELS[self]


_CASE_STAGE_LABELS = {
    CaseStage.INVESTIGATION: "Investigation",
    CaseStage.PREVENTIVE: "Preventive services",
    CaseStage.FOSTER_CARE: "Foster care",
    CaseStage.TRIAL_DISCHARGE: "Trial discharge",
    CaseStage.COURT_ORDERED_SUPERVISION: "Court-ordered supervision",
    CaseStage.AFTER_REUNIFICATION: "After reunification",
    CaseStage.UNKNOWN: "Not known",
}


class Borough(StrEnum):
    """Where the family is looked after, which need not be where it lives."""

    BRONX = "bronx"
    BROOKLYN = "brooklyn"
    MANHATTAN = "manhattan"
    QUEENS = "queens"
    STATEN_ISLAND = "staten_island"
    OUTSIDE_NYC = "outside_nyc"

    @property
    def label(self) -> str:
        return _BOROUGH_LABELS[self]


_BOROUGH_LABELS = {
    Borough.BRONX: "The Bronx",
    Borough.BROOKLYN: "Brooklyn",
    Borough.MANHATTAN: "Manhattan",
    Borough.QUEENS: "Queens",
    Borough.STATEN_ISLAND: "Staten Island",
    Borough.OUTSIDE_NYC: "Outside New York City",
}


class Relationship(StrEnum):
    """What a parent of the case is to the children."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    LEGAL_GUARDIAN = "legal_guardian"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _RELATIONSHIP_LABELS[self]


_RELATIONSHIP_LABELS = {
    Relationship.MOTHER: "Mother",
    Relationship.FATHER: "Father",
    Relationship.PARENT: "Parent",
    Relationship.LEGAL_GUARDIAN: "Legal guardian",
    Relationship.OTHER: "Other",
}


class ConsentScope(StrEnum):
    """What a parent agreed to. Each can be given and withdrawn by itself (REF-03, ADV-05)."""

    SUPPORT = "support"
    SHARE_WITH_AGENCY = "share_with_agency"
    ATTEND_MEETINGS = "attend_meetings"

    @property
    def label(self) -> str:
        return _CONSENT_SCOPE_LABELS[self]

    @property
    def reading(self) -> str:
        """What a specialist reads to the parent before they confirm it (ADV-05)."""
        return _CONSENT_SCOPE_READINGS[self]


CONTACT_SCOPES = frozenset({ConsentScope.SUPPORT, ConsentScope.ATTEND_MEETINGS})
"""Without one of these nobody may contact the parent."""


def allows_contact(given: frozenset[ConsentScope]) -> bool:
    """Whether a parent who allows this may be contacted (ADV-05)."""
    return bool(given & CONTACT_SCOPES)


_CONSENT_SCOPE_LABELS = {
    ConsentScope.SUPPORT: "Support by a Family Specialist",
    ConsentScope.SHARE_WITH_AGENCY: "Sharing information with the agency",
    ConsentScope.ATTEND_MEETINGS: "A Family Specialist at meetings",
}

_CONSENT_SCOPE_READINGS = {
    ConsentScope.SUPPORT: (
        "A Family Specialist is a parent who has been through this system. If you like, I keep in"
        " touch with you, listen, explain how things work and what your rights are, and help you"
        " to find services. It is free, it is your choice, and you can stop at any time without"
        " giving a reason."
    ),
    ConsentScope.SHARE_WITH_AGENCY: (
        "If you say yes, I may tell the agency more than that we are in contact: what we agree on"
        " that they should know. What I write down for myself they never see. If you say no, they"
        " only learn that you have a Family Specialist, when we first spoke, and when it ends."
    ),
    ConsentScope.ATTEND_MEETINGS: (
        "If you say yes, I may come with you to conferences and meetings about your family. You"
        " can say no to any one of them, also on the day."
    ),
}


KEPT = "What was done before stays on record."


def what_stops(
    withdrawn: frozenset[ConsentScope], left: frozenset[ConsentScope]
) -> tuple[str, ...]:
    """What a withdrawal stops, as sentences, where `left` is still allowed afterwards (ADV-05)."""
    stops = []
    if not left & CONTACT_SCOPES:
        stops.append("All contact with this parent stops, and with it their support.")
        stops.append("Nobody of the programme comes to their meetings any more.")
        stops.append("An offer or a place in the queue for this parent ends.")
        stops.append("Nothing more is shared: the agency learns only that the referral is closed.")
        return (*stops, KEPT)
    if ConsentScope.SUPPORT in withdrawn:
        stops.append("Support stops.")
        stops.append("The Family Specialist contacts this parent about meetings only.")
    if ConsentScope.ATTEND_MEETINGS in withdrawn:
        stops.append("The Family Specialist no longer comes to this parent's meetings.")
    if ConsentScope.SHARE_WITH_AGENCY in withdrawn:
        stops.append(
            "Nothing more is shared with the agency, beyond that there is support and when it ends."
        )
    return (*stops, KEPT)


class HeardFrom(StrEnum):
    """Who told us that a parent takes their consent back (ADV-05)."""

    PARENT = "parent"
    REFERRER = "referrer"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _HEARD_FROM_LABELS[self]


_HEARD_FROM_LABELS = {
    HeardFrom.PARENT: "The parent",
    HeardFrom.REFERRER: "The agency or whoever referred them",
    HeardFrom.OTHER: "Somebody else for the parent",
}


class HowAsked(StrEnum):
    """How a parent was asked whether they want a Family Specialist (REF-03)."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    WRITTEN = "written"

    @property
    def label(self) -> str:
        return _HOW_ASKED_LABELS[self]


_HOW_ASKED_LABELS = {
    HowAsked.IN_PERSON: "In person",
    HowAsked.PHONE: "By phone",
    HowAsked.VIDEO: "By video",
    HowAsked.WRITTEN: "In writing",
}


class Setting(StrEnum):
    """Where a child lives."""

    HOME = "home"
    FAMILY_FOSTER_CARE = "family_foster_care"
    KINSHIP_FOSTER_CARE = "kinship_foster_care"
    CONGREGATE_CARE = "congregate_care"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _SETTING_LABELS[self]


_SETTING_LABELS = {
    Setting.HOME: "At home",
    Setting.FAMILY_FOSTER_CARE: "Family foster care",
    Setting.KINSHIP_FOSTER_CARE: "Kinship foster care",
    Setting.CONGREGATE_CARE: "Congregate care",
    Setting.OTHER: "Elsewhere",
    Setting.UNKNOWN: "Not known",
}


class MembershipRole(StrEnum):
    """What a person is in a case."""

    PARENT = "parent"
    CHILD = "child"
    CAREGIVER = "caregiver"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _MEMBERSHIP_ROLE_LABELS[self]


_MEMBERSHIP_ROLE_LABELS = {
    MembershipRole.PARENT: "Parent",
    MembershipRole.CHILD: "Child",
    MembershipRole.CAREGIVER: "Caregiver",
    MembershipRole.OTHER: "Other",
}


class ConferenceState(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _CONFERENCE_STATE_LABELS[self]


_CONFERENCE_STATE_LABELS = {
    ConferenceState.SCHEDULED: "Scheduled",
    ConferenceState.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class ConsentCommand:
    """What a parent agreed to when whoever records it asked them; `asked_on` is a local day."""

    scopes: frozenset[ConsentScope]
    asked_on: date
    how: HowAsked


@dataclass(frozen=True)
class ConferenceCommand:
    """`kind` is a code of the list `conference_kind`; `starts_at` is aware UTC."""

    kind: str
    starts_at: datetime
    place: str | None
    link: str | None

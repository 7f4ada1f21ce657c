from dataclasses import dataclass
from datetime import date, datetime

from parents_partners.core.types import Labelled

COURT = "COURT"
"""The code of a court date among the conference kinds. It is listed, but is no conference: a
specialist attends only where counsel agrees, and it moves no family up in a queue (REF-04d)."""


class CaseStage(Labelled):
    """Where the family stands with the agency and the court (REF-04a)."""

    INVESTIGATION = "investigation", "Investigation"
    PREVENTIVE = "preventive", "Preventive services"
    FOSTER_CARE = "foster_care", "Foster care"
    TRIAL_DISCHARGE = "trial_discharge", "Trial discharge"
    COURT_ORDERED_SUPERVISION = "court_ordered_supervision", "Court-ordered supervision"
    AFTER_REUNIFICATION = "after_reunification", "After reunification"
    UNKNOWN = "unknown", "Not known"


class Borough(Labelled):
    """Where the family is looked after, which need not be where it lives."""

    BRONX = "bronx", "The Bronx"
    BROOKLYN = "brooklyn", "Brooklyn"
    MANHATTAN = "manhattan", "Manhattan"
    QUEENS = "queens", "Queens"
    STATEN_ISLAND = "staten_island", "Staten Island"
    OUTSIDE_NYC = "outside_nyc", "Outside New York City"


class Relationship(Labelled):
    """What a parent of the case is to the children."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    PARENT = "parent", "Parent"
    LEGAL_GUARDIAN = "legal_guardian", "Legal guardian"
    OTHER = "other", "Other"


class ConsentScope(Labelled):
    """What a parent agreed to. Each can be given and withdrawn by itself (REF-03, ADV-05)."""

    SUPPORT = "support", "Support by a Family Specialist"
    SHARE_WITH_AGENCY = "share_with_agency", "Sharing information with the agency"
    ATTEND_MEETINGS = "attend_meetings", "A Family Specialist at meetings"

    @property
    def reading(self) -> str:
        """What a specialist reads to the parent before they confirm it (ADV-05)."""
        return _CONSENT_SCOPE_READINGS[self]


CONTACT_SCOPES = frozenset({ConsentScope.SUPPORT, ConsentScope.ATTEND_MEETINGS})
"""Without one of these nobody may contact the parent."""


def allows_contact(given: frozenset[ConsentScope]) -> bool:
    """Whether a parent who allows this may be contacted (ADV-05)."""
    return bool(given & CONTACT_SCOPES)


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


class HeardFrom(Labelled):
    """Who told us that a parent takes their consent back (ADV-05)."""

    PARENT = "parent", "The parent"
    REFERRER = "referrer", "The agency or whoever referred them"
    OTHER = "other", "Somebody else for the parent"


class HowAsked(Labelled):
    """How a parent was asked whether they want a Family Specialist (REF-03)."""

    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video"
    WRITTEN = "written", "In writing"


class Setting(Labelled):
    """Where a child lives."""

    HOME = "home", "At home"
    FAMILY_FOSTER_CARE = "family_foster_care", "Family foster care"
    KINSHIP_FOSTER_CARE = "kinship_foster_care", "Kinship foster care"
    CONGREGATE_CARE = "congregate_care", "Congregate care"
    OTHER = "other", "Elsewhere"
    UNKNOWN = "unknown", "Not known"


class MembershipRole(Labelled):
    """What a person is in a case."""

    PARENT = "parent", "Parent"
    CHILD = "child", "Child"
    CAREGIVER = "caregiver", "Caregiver"
    OTHER = "other", "Other"


class ConferenceState(Labelled):
    SCHEDULED = "scheduled", "Scheduled"
    CANCELLED = "cancelled", "Cancelled"


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

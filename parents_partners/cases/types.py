from enum import StrEnum


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


_CONSENT_SCOPE_LABELS = {
    ConsentScope.SUPPORT: "Support by a Family Specialist",
    ConsentScope.SHARE_WITH_AGENCY: "Sharing information with the agency",
    ConsentScope.ATTEND_MEETINGS: "A Family Specialist at meetings",
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

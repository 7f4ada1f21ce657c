"""The closed vocabulary of what is recorded. An event that is not here cannot be written."""

from enum import StrEnum


class Event(StrEnum):
    """What happened, in the past tense. `sentences.py` has the words for people."""

    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_DISABLED = "account.disabled"
    ORGANISATION_CREATED = "organisation.created"
    UNIT_CREATED = "unit.created"
    CONFLICT_RECORDED = "conflict.recorded"
    CONFLICT_ENDED = "conflict.ended"

    DRAFT_DELETED = "draft.deleted"

    REFERRAL_SUBMITTED = "referral.submitted"
    REFERRAL_READ = "referral.read"
    REFERRAL_QUESTION_ASKED = "referral.question_asked"
    REFERRAL_QUESTION_ANSWERED = "referral.question_answered"
    REFERRAL_FILED = "referral.filed"
    REFERRAL_DECLINED = "referral.declined"
    REFERRAL_MARKED_DUPLICATE = "referral.marked_duplicate"
    REFERRAL_WITHDRAWN = "referral.withdrawn"

    FAMILY_OPENED = "family.opened"
    FAMILY_READ = "family.read"
    FAMILIES_LISTED = "families.listed"
    FAMILY_CONCERNS_TICKED = "family.concerns_ticked"
    CONSENT_RECORDED = "consent.recorded"
    CONSENT_CONFIRMED = "consent.confirmed"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONFERENCE_ADDED = "conference.added"
    CONFERENCE_CHANGED = "conference.changed"
    CONFERENCE_CANCELLED = "conference.cancelled"

    PROFILE_CHANGED = "specialist.profile_changed"
    OFFERED = "assignment.offered"
    OFFER_READ = "assignment.read"
    OFFER_ACCEPTED = "assignment.accepted"
    OFFER_DECLINED = "assignment.declined"
    OFFER_LAPSED = "assignment.lapsed"
    OFFER_TAKEN_BACK = "assignment.taken_back"
    OFFER_STOPPED = "assignment.offer_stopped"
    FIRST_CONTACT_MADE = "assignment.first_contact_made"
    SUPPORT_ENDED = "assignment.ended"
    SUPPORT_STOPPED = "assignment.support_stopped"
    SUPPORT_REOPENED = "assignment.reopened"
    ACTIVITY_LOGGED = "activity.logged"


READINGS = frozenset(
    {Event.REFERRAL_READ, Event.FAMILY_READ, Event.FAMILIES_LISTED, Event.OFFER_READ}
)
"""Events that changed nothing: the auditor sees them, a family's timeline does not."""

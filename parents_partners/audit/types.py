"""The closed vocabulary of what is recorded. An event that is not here cannot be written."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Event(StrEnum):
    """What happened, in the past tense. `sentences.py` has the words for people."""

    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_INVITED = "account.invited"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ORGANISATION_CREATED = "organisation.created"
    ORGANISATION_CHANGED = "organisation.changed"
    ORGANISATION_LINKED = "organisation.linked"
    ORGANISATION_UNLINKED = "organisation.unlinked"
    UNIT_CREATED = "unit.created"
    UNIT_CHANGED = "unit.changed"
    LIST_CHANGED = "list.changed"
    SETTING_CHANGED = "setting.changed"
    CONFLICT_RECORDED = "conflict.recorded"
    CONFLICT_ENDED = "conflict.ended"

    CALL_TAKEN = "call.taken"
    CALL_CHANGED = "call.changed"
    CALL_READ = "call.read"
    CALLED_BACK = "call.called_back"
    CALL_BACK_FAILED = "call.call_back_failed"
    DRAFT_DELETED = "draft.deleted"

    REFERRAL_SUBMITTED = "referral.submitted"
    REFERRAL_READ = "referral.read"
    REFERRAL_QUESTION_ASKED = "referral.question_asked"
    REFERRAL_QUESTION_ANSWERED = "referral.question_answered"
    REFERRAL_FILED = "referral.filed"
    REFERRAL_DECLINED = "referral.declined"
    REFERRAL_MARKED_DUPLICATE = "referral.marked_duplicate"
    REFERRAL_WITHDRAWN = "referral.withdrawn"
    LIKENESS_SAID = "referral.likeness_said"
    LIKENESS_UNDONE = "referral.likeness_undone"
    MESSAGE_LEFT = "message.left"
    MESSAGE_SEEN = "message.seen"

    FAMILY_OPENED = "family.opened"
    FAMILY_READ = "family.read"
    FAMILIES_LISTED = "families.listed"
    FAMILIES_SEARCHED = "families.searched"
    LIST_EXPORTED = "list.exported"
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
    TASK_ADDED = "task.added"
    TASK_CHANGED = "task.changed"
    TASK_DONE = "task.done"
    TASK_DROPPED = "task.dropped"
    TASK_REOPENED = "task.reopened"
    SERVICE_OFFERED = "service.offered"
    SERVICE_ACCEPTED = "service.accepted"
    SERVICE_MADE = "service.made"
    SERVICE_STARTED = "service.started"
    SERVICE_ASKED_AFTER = "service.asked_after"
    SERVICE_FINISHED = "service.finished"
    SERVICE_FELL_THROUGH = "service.fell_through"
    HAND_OVER_ASKED = "hand_over.asked"
    HAND_OVER_GIVEN = "hand_over.given"
    HAND_OVER_DECLINED = "hand_over.declined"
    HAND_OVER_TAKEN_BACK = "hand_over.taken_back"
    HAND_OVER_STOPPED = "hand_over.stopped"
    HANDED_OVER = "assignment.handed_over"


READINGS = frozenset(
    {
        Event.REFERRAL_READ,
        Event.FAMILY_READ,
        Event.FAMILIES_LISTED,
        Event.FAMILIES_SEARCHED,
        Event.LIST_EXPORTED,
        Event.OFFER_READ,
        Event.CALL_READ,
    }
)
"""What was read and not changed: the auditor sees it, a family's timeline does not."""

SIGNING_IN = frozenset({Event.SIGNED_IN, Event.SIGNED_OUT})

PROGRAMME = frozenset(
    {
        Event.ACCOUNT_CREATED,
        Event.ACCOUNT_CHANGED,
        Event.ACCOUNT_INVITED,
        Event.ACCOUNT_DISABLED,
        Event.ACCOUNT_ENABLED,
        Event.ORGANISATION_CREATED,
        Event.ORGANISATION_CHANGED,
        Event.ORGANISATION_LINKED,
        Event.ORGANISATION_UNLINKED,
        Event.UNIT_CREATED,
        Event.UNIT_CHANGED,
        Event.LIST_CHANGED,
        Event.SETTING_CHANGED,
        Event.CONFLICT_RECORDED,
        Event.CONFLICT_ENDED,
        Event.PROFILE_CHANGED,
    }
)
"""What changed about people, lists and settings, not about a family."""

GROUPS = {
    "readings": ("Everything that was read, listed or searched", READINGS),
    "programme": ("Changes to people, lists, settings and the conflict list", PROGRAMME),
    "signing_in": ("Signing in and out", SIGNING_IN),
}
"""Kinds that an auditor asks for together: code -> its words and the events."""


@dataclass(frozen=True)
class About:
    """What an auditor wants to know about: a referral by its reference, or one row by what it is
    and its number, as the log writes them."""

    reference: str | None = None
    subject: str | None = None
    subject_id: int | None = None


@dataclass(frozen=True)
class LogQuestion:
    """What an auditor asks the log; what is not given is not asked for. Days are local, both
    included (pitfall 10). Without `kinds`: all."""

    kinds: frozenset[Event] = frozenset()
    who: str = ""
    first_on: date | None = None
    last_on: date | None = None
    about: About | None = None

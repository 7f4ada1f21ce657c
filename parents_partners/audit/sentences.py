"""What happened, in words. The one place: timelines and the audit log read from here."""

from collections.abc import Mapping

from parents_partners.audit.types import Event

SENTENCES: dict[Event, tuple[str, ...]] = {
    Event.SIGNED_IN: ("{actor} signed in",),
    Event.SIGNED_OUT: ("{actor} signed out",),
    Event.ACCOUNT_CREATED: ("{actor} created an account",),
    Event.ACCOUNT_CHANGED: ("{actor} changed an account",),
    Event.ACCOUNT_INVITED: ("{actor} invited somebody to sign in",),
    Event.ACCOUNT_DISABLED: ("{actor} disabled an account",),
    Event.ACCOUNT_ENABLED: ("{actor} enabled an account again",),
    Event.ORGANISATION_CREATED: ("{actor} added an organisation",),
    Event.ORGANISATION_CHANGED: ("{actor} changed an organisation",),
    Event.ORGANISATION_LINKED: ("{actor} linked a spelling to an organisation",),
    Event.ORGANISATION_UNLINKED: ("{actor} took a spelling of an organisation apart again",),
    Event.UNIT_CREATED: ("{actor} added a unit",),
    Event.UNIT_CHANGED: ("{actor} changed a unit",),
    Event.LIST_CHANGED: (
        "{actor} changed a list that people choose from: {list}, {code}",
        "{actor} changed a list that people choose from",
    ),
    Event.SETTING_CHANGED: (
        "{actor} changed a setting: {setting}, from {from} to {to}",
        "{actor} changed a setting: {setting}",
        "{actor} changed a setting",
    ),
    Event.CONFLICT_RECORDED: ("{actor} added an entry to the conflict list",),
    Event.CONFLICT_ENDED: ("{actor} ended an entry of the conflict list",),
    Event.CALL_TAKEN: ("{actor} took a call",),
    Event.CALL_CHANGED: ("{actor} changed what was noted of a call",),
    Event.CALL_READ: ("{actor} read what was noted of a call",),
    Event.CALLED_BACK: ("{actor} called back",),
    Event.CALL_BACK_FAILED: ("{actor} called back and reached nobody",),
    Event.DRAFT_DELETED: ("{actor} deleted a draft",),
    Event.REFERRAL_SUBMITTED: ("{actor} submitted the referral",),
    Event.REFERRAL_READ: ("{actor} read the referral",),
    Event.REFERRAL_QUESTION_ASKED: ("{actor} asked the referrer a question",),
    Event.REFERRAL_QUESTION_ANSWERED: ("{actor} answered the question",),
    Event.REFERRAL_FILED: ("{actor} filed the referral",),
    Event.REFERRAL_DECLINED: ("{actor} declined the referral",),
    Event.REFERRAL_MARKED_DUPLICATE: ("{actor} marked the referral as a duplicate",),
    Event.REFERRAL_WITHDRAWN: ("{actor} recorded that the referral was withdrawn",),
    Event.LIKENESS_SAID: (
        "{actor} compared the referral with another: {said}",
        "{actor} said whether the referral is of a family or person that is known",
    ),
    Event.LIKENESS_UNDONE: ("{actor} took back what was said about the same family or person",),
    Event.MESSAGE_LEFT: ("{actor} left a message for the Family Specialist",),
    Event.MESSAGE_SEEN: ("{actor} saw the message from the helpline",),
    Event.FAMILY_OPENED: ("{actor} opened the family's case",),
    Event.FAMILY_READ: ("{actor} read about the family",),
    Event.FAMILIES_LISTED: ("{actor} looked at a list of families",),
    Event.FAMILIES_SEARCHED: ("{actor} searched for a family",),
    Event.LIST_EXPORTED: (
        "{actor} saved a list as a file: {why}",
        "{actor} saved a list as a file",
    ),
    Event.FAMILY_CONCERNS_TICKED: ("{actor} recorded the family's concerns",),
    Event.CONSENT_RECORDED: ("{actor} recorded a consent: {scope}", "{actor} recorded a consent"),
    Event.CONSENT_CONFIRMED: ("{actor} read the consent to the parent, who confirmed it",),
    Event.CONSENT_WITHDRAWN: (
        "{actor} recorded that a consent was withdrawn: {scope}",
        "{actor} recorded that a consent was withdrawn",
    ),
    Event.CONFERENCE_ADDED: ("{actor} added a conference: {kind}", "{actor} added a conference"),
    Event.CONFERENCE_CHANGED: (
        "{actor} changed a conference: {kind}",
        "{actor} changed a conference",
    ),
    Event.CONFERENCE_CANCELLED: (
        "{actor} cancelled a conference: {kind}",
        "{actor} cancelled a conference",
    ),
    Event.PROFILE_CHANGED: ("{actor} changed a Family Specialist's profile",),
    Event.OFFERED: (
        "{actor} offered the family to {specialist}",
        "{actor} offered the family to a Family Specialist",
    ),
    Event.OFFER_READ: ("{actor} read the offer",),
    Event.OFFER_ACCEPTED: ("{actor} accepted the offer",),
    # Never why: to say that one knows the family would name the conflict list (ADV-01).
    Event.OFFER_DECLINED: ("{actor} declined the offer",),
    Event.OFFER_LAPSED: ("The offer was not answered in time",),
    Event.OFFER_TAKEN_BACK: ("{actor} took the offer back",),
    Event.OFFER_STOPPED: ("The offer ended: the parents took their consent back",),
    Event.FIRST_CONTACT_MADE: ("{actor} made the first contact",),
    Event.SUPPORT_ENDED: ("{actor} ended the support: {outcome}", "{actor} ended the support"),
    Event.SUPPORT_STOPPED: ("The support ended: the parents took their consent back",),
    Event.SUPPORT_REOPENED: ("{actor} reopened the support",),
    Event.ACTIVITY_LOGGED: ("{actor} logged an activity",),
    Event.TASK_ADDED: ("{actor} added a task",),
    Event.TASK_CHANGED: ("{actor} changed a task",),
    Event.TASK_DONE: ("{actor} finished a task",),
    Event.TASK_DROPPED: ("{actor} dropped a task",),
    Event.TASK_REOPENED: ("{actor} opened a task again",),
    Event.SERVICE_OFFERED: ("{actor} offered a service: {service}", "{actor} offered a service"),
    Event.SERVICE_ACCEPTED: (
        "{actor} noted that the parent wants the service: {service}",
        "{actor} noted that the parent wants the service",
    ),
    Event.SERVICE_MADE: (
        "{actor} made the referral to the service: {service}",
        "{actor} made the referral to the service",
    ),
    Event.SERVICE_STARTED: (
        "{actor} noted that the service started: {service}",
        "{actor} noted that the service started",
    ),
    Event.SERVICE_ASKED_AFTER: (
        "{actor} asked how it goes with the service: {service}",
        "{actor} asked how it goes with the service",
    ),
    Event.SERVICE_FINISHED: (
        "{actor} noted that the service is finished: {service}",
        "{actor} noted that the service is finished",
    ),
    Event.SERVICE_FELL_THROUGH: (
        "{actor} noted that the service will not happen: {service}, {reason}",
        "{actor} noted that the service will not happen",
    ),
    Event.HAND_OVER_ASKED: ("{actor} asked for a hand-over to another Family Specialist",),
    Event.HAND_OVER_GIVEN: ("{actor} is ready to hand the family over",),
    Event.HAND_OVER_DECLINED: ("{actor} declined the hand-over",),
    Event.HAND_OVER_TAKEN_BACK: ("{actor} took the hand-over back",),
    Event.HAND_OVER_STOPPED: ("The hand-over stopped: the support it was about has ended",),
    Event.HANDED_OVER: (
        "The support was handed over to {specialist}",
        "The support was handed over to another Family Specialist",
    ),
}
"""Event -> its sentence, the fullest first; a plainer one stands in where a word is not known."""


def sentence(event: Event, *, actor_name: str, detail: Mapping[str, str] | None = None) -> str:
    """The sentence about one event. `detail` maps the words in braces to what a person reads
    (`outcome` to a label, never to a code); what is not given is left out."""
    words = {**(detail or {}), "actor": actor_name}
    for pattern in SENTENCES[event]:
        try:
            return pattern.format_map(words)
        except KeyError:
            continue
    raise LookupError(f"{event} has no sentence that can do without details.")


def event_words(event: Event) -> str:
    """What kind of event this is, for a list to choose from: `Declined the referral`."""
    plain = SENTENCES[event][-1].removeprefix("{actor} ")
    return plain[0].upper() + plain[1:]

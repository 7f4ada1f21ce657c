"""What happened, in words. The one place: timelines and the audit log read from here."""

from collections.abc import Mapping

from parents_partners.audit.types import Event

SENTENCES: dict[Event, tuple[str, ...]] = {
    Event.SIGNED_IN: ("{actor} signed in",),
    Event.SIGNED_OUT: ("{actor} signed out",),
    Event.ACCOUNT_CREATED: ("{actor} created an account",),
    Event.ACCOUNT_CHANGED: ("{actor} changed an account",),
    Event.ACCOUNT_DISABLED: ("{actor} disabled an account",),
    Event.ORGANISATION_CREATED: ("{actor} added an organisation",),
    Event.UNIT_CREATED: ("{actor} added a unit",),
    Event.CONFLICT_RECORDED: ("{actor} added an entry to the conflict list",),
    Event.CONFLICT_ENDED: ("{actor} ended an entry of the conflict list",),
    Event.DRAFT_DELETED: ("{actor} deleted a draft",),
    Event.REFERRAL_SUBMITTED: ("{actor} submitted the referral",),
    Event.REFERRAL_READ: ("{actor} read the referral",),
    Event.REFERRAL_QUESTION_ASKED: ("{actor} asked the referrer a question",),
    Event.REFERRAL_QUESTION_ANSWERED: ("{actor} answered the question",),
    Event.REFERRAL_FILED: ("{actor} filed the referral",),
    Event.REFERRAL_DECLINED: ("{actor} declined the referral",),
    Event.REFERRAL_MARKED_DUPLICATE: ("{actor} marked the referral as a duplicate",),
    Event.REFERRAL_WITHDRAWN: ("{actor} recorded that the referral was withdrawn",),
    Event.FAMILY_OPENED: ("{actor} opened the family's case",),
    Event.FAMILY_READ: ("{actor} read about the family",),
    Event.FAMILIES_LISTED: ("{actor} looked at a list of families",),
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

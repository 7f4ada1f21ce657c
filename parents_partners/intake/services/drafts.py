"""The verbs of a draft: start, keep what was typed, delete, submit."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import defer

from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.types import COMMAND_LINE, Actor, Role
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.core.db import db, new_public_id
from parents_partners.core.reference import setting_days
from parents_partners.intake.models import Draft
from parents_partners.intake.types import (
    Document,
    NotReady,
    StaleSection,
    Unkeepable,
)
from parents_partners.referrals import services as referrals
from parents_partners.referrals.submission import Circumstances, Section, read
from parents_partners.referrals.types import Channel


def start(user: User, *, actor: Actor, now: datetime) -> Draft:
    """A new draft, filled in with what is known of whoever refers (REF-02)."""
    # Whoever works for the programme writes down for a caller what the caller says.
    channel = Channel.ONLINE if actor.role is Role.REFERRER else Channel.HELPLINE
    referrer = {
        "name": user.name,
        "title": user.title,
        "organization": user.organisation.name,
        "phone": user.phone,
        "email": user.email,
    }
    document: Document = {
        "channel": channel.value,
        "referrer": {name: value for name, value in referrer.items() if value},
    }
    if actor.role is Role.REFERRER:
        document["case"] = {"agency": user.organisation.name}
    # The address of the draft is its key too: whoever comes back to it after it was submitted,
    # by the back button or a second press, finds the one referral that it became.
    key = new_public_id()
    draft = Draft(
        public_id=key,
        submission_key=key,
        owner_id=user.id,
        channel=channel,
        document=document,
        section_versions={},
        created_at=now,
        updated_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def keep(
    draft: Draft,
    section: Section,
    typed: Document,
    *,
    properties: Iterable[str],
    version: int,
    now: datetime,
) -> None:
    """Keep what was typed in one step, right or wrong: judging comes later. `properties` are those
    of the document that the step is about, `version` is the one that the form was opened with.

    Raises StaleSection if another window saved something else since then, and Unkeepable."""
    if not _can_be_kept(typed):
        raise Unkeepable
    properties = tuple(properties)
    typed = _with_organisation(typed, draft.document)
    saved = {name: draft.document[name] for name in properties if name in draft.document}
    current = draft.section_versions.get(section.value, 0)
    if version != current and typed != saved:
        raise StaleSection(saved)
    others = {name: value for name, value in draft.document.items() if name not in properties}
    draft.document = {**others, **typed}
    if typed != saved or current == 0:
        draft.section_versions = {**draft.section_versions, section.value: current + 1}
    draft.updated_at = now
    db.session.flush()


def delete(draft: Draft, *, actor: Actor, now: datetime) -> None:
    audit.record(Event.DRAFT_DELETED, draft, actor=actor, now=now)
    db.session.delete(draft)
    db.session.flush()


def delete_old(*, now: datetime, actor: Actor = COMMAND_LINE) -> int:
    """Delete the drafts that nobody touched for as long as the setting says; how many."""
    kept_since = now - timedelta(days=setting_days("draft_deleted_days"))
    old = db.session.scalars(
        select(Draft)
        .where(Draft.updated_at <= kept_since)
        .options(defer(Draft.document))
        .with_for_update(skip_locked=True)
    ).all()
    for draft in old:
        delete(draft, actor=actor, now=now)
    return len(old)


def submit(
    draft: Draft, circumstances: Circumstances, *, actor: Actor, now: datetime
) -> referrals.Receipt:
    """Make the draft a referral, and be rid of the draft in the same transaction: what a referral
    may not hold must not live on (REF-03). Raises NotReady with all that is wrong."""
    reading = read(draft.document, circumstances)
    if reading.submission is None:
        raise NotReady(reading.problems)
    receipt = referrals.receive(
        reading.submission,
        draft.document,
        sender=db.session.get_one(Organisation, actor.organisation_id),
        actor=actor,
        now=now,
        submission_key=draft.submission_key,
        notes=reading.notes,
    )
    db.session.delete(draft)
    db.session.flush()
    return receipt


def _with_organisation(typed: Document, document: Document) -> Document:
    """Nobody refers in the name of another organisation: it stays that of the account."""
    referrer, known = typed.get("referrer"), document.get("referrer")
    if not isinstance(referrer, dict) or not isinstance(known, dict):
        return typed
    return {**typed, "referrer": {**referrer, "organization": known.get("organization", "")}}


def _can_be_kept(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return all(_can_be_kept(item) for item in value.values())
    if isinstance(value, list):
        return all(_can_be_kept(item) for item in value)
    return True

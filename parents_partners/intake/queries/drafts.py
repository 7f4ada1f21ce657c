from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, or_, select

from parents_partners.accounts.policies import said_of, stand_in
from parents_partners.accounts.types import Actor, ViewerKind
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.core.local_time import local_day
from parents_partners.core.paging import PAGE_SIZE, Page, page_of
from parents_partners.core.reference import choices_of, setting_days
from parents_partners.intake.models import Draft
from parents_partners.intake.policies import visible_to
from parents_partners.intake.types import STEPS, DraftRow, Lists, ReceiptRow
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.deadlines import routing
from parents_partners.referrals.models import Referral, Submission
from parents_partners.referrals.submission import Circumstances

WARNED_DAYS = 3
"""A draft says that it will be hidden when fewer days than this remain."""


def circumstances(now: datetime) -> Circumstances:
    """A referral that would be sent at `now`."""
    zone = programme_zone()
    kinds = choices_of("conference_kind", today=local_day(now, zone))
    return Circumstances(now, zone, dict(kinds))


def lists(now: datetime) -> Lists:
    """The programme's lists that the form chooses from."""
    today = local_day(now, programme_zone())
    return {name: choices_of(name, today=today) for name in ("language", "conference_kind")}


def draft_of(viewer: Actor, public_id: str, *, for_change: bool = False) -> Draft | None:
    """The viewer's own draft; None if there is none, for example because it was submitted. With
    `for_change` its row is locked, so that two windows save one after the other."""
    values = {**said_of(viewer), "public_id": public_id}
    return db.session.scalar(_visible_draft(viewer.kind, for_change=for_change), values)


@cache
def _visible_draft(kind: ViewerKind, *, for_change: bool) -> Select[Draft]:
    """Asked at each step and each autosave, so built once."""
    query = select(Draft).where(
        visible_to(stand_in(kind)), Draft.public_id == bindparam("public_id", type_=String)
    )
    return query.with_for_update() if for_change else query


def drafts_of(viewer: Actor, *, now: datetime, after: tuple[Any, ...] | None) -> Page[DraftRow]:
    """The viewer's drafts, last saved first, less those that nobody touched for so long that they
    are hidden. `after` is the key of the page before."""
    hidden_after = timedelta(days=setting_days("draft_hidden_days"))
    deleted_after = timedelta(days=setting_days("draft_deleted_days"))
    query = (
        # Not the document: a history of ten thousand characters would come along with each.
        select(
            Draft.id,
            Draft.public_id,
            Draft.document[("case", "name")].as_string(),
            Draft.document[("parents", 0, "last_name")].as_string(),
            Draft.document[("parents", 0, "first_name")].as_string(),
            Draft.section_versions,
            Draft.updated_at,
        )
        .where(visible_to(viewer), Draft.updated_at > now - hidden_after)
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    match after:
        case (datetime() as at, int() as id_):
            query = query.where(
                or_(Draft.updated_at < at, and_(Draft.updated_at == at, Draft.id < id_))
            )
    found = page_of(db.session.execute(query).all(), lambda row: (row.updated_at, row.id))
    zone = programme_zone()
    rows = []
    for _id, public_id, case_name, last_name, first_name, versions, saved_at in found.rows:
        warned = saved_at + hidden_after - now < timedelta(days=WARNED_DAYS)
        rows.append(
            DraftRow(
                public_id=public_id,
                case_name=case_name or ", ".join(filter(None, (last_name, first_name))),
                next_section=next((step for step in STEPS if step not in versions), None),
                saved_at=saved_at,
                hidden_on=local_day(saved_at + hidden_after, zone) if warned else None,
                deleted_on=local_day(saved_at + deleted_after, zone) if warned else None,
            )
        )
    return Page(rows, found.next_key)


def submitted_from(viewer: Actor, draft_public_id: str) -> str | None:
    """The public id of the referral that this draft became."""
    return db.session.scalar(
        select(Referral.public_id).where(
            referrals.visible_to(viewer),
            Referral.submitted_by_id == viewer.id,
            Referral.submission_key == draft_public_id,
        )
    )


def receipt_of(viewer: Actor, public_id: str) -> ReceiptRow:
    """Raises Absent."""
    found = db.session.execute(
        select(Referral, Submission.notes)
        .join(Referral.submission)
        .where(referrals.visible_to(viewer), Referral.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise Absent
    referral, notes = found
    return ReceiptRow(
        public_id=public_id,
        reference=referral.reference,
        received_at=referral.received_at,
        routed_by=routing().routed_by(
            referral.received_at,
            removed_at=referral.removed_at,
            placed_at=referral.placed_at,
            opened_on=referral.opened_on,
        ),
        notes=tuple(note["message"] for note in notes),
    )

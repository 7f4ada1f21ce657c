from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from parents_partners.accounts.types import Actor
from parents_partners.cases.types import COURT
from parents_partners.core.db import db
from parents_partners.core.paging import PAGE_SIZE, Page, page_of, read_key
from parents_partners.core.reference import labels_of
from parents_partners.referrals.models import Referral, ReferralConference
from parents_partners.referrals.policies import answered_by, visible_to
from parents_partners.referrals.queries.standings import is_open, loaded_for_standing, standings
from parents_partners.referrals.standing import Standing
from parents_partners.referrals.types import ReferralState, Shown

_MOST_QUESTIONS = 5


@dataclass(frozen=True)
class ReferralRow:
    """A line of the list. `next_conference` is the kind in words and when it begins."""

    id: int
    public_id: str
    reference: str
    case_name: str
    received_at: datetime
    standing: Standing
    next_conference: tuple[str, datetime] | None


def referrals_for(
    viewer: Actor, key: str | None, *, shown: Shown = Shown.OPEN, now: datetime
) -> Page[ReferralRow]:
    """The referrals that the viewer may see, newest first, each with where it stands (REF-07)."""
    query = (
        select(Referral)
        .where(visible_to(viewer), _condition(shown))
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(PAGE_SIZE + 1)
        .options(*loaded_for_standing())
    )
    position = read_key(key)
    match position:
        case (datetime() as at, int() as last) if at.tzinfo is not None and 0 < last < 2**63:
            query = query.where(
                or_(
                    Referral.received_at < at,
                    and_(Referral.received_at == at, Referral.id < last),
                )
            )
    found = db.session.scalars(query).all()
    standing_of_one = standings(now)
    conferences = _next_conferences([referral.id for referral in found], now)
    rows = [
        ReferralRow(
            id=referral.id,
            public_id=referral.public_id,
            reference=referral.reference,
            case_name=referral.case_name,
            received_at=referral.received_at,
            standing=standing_of_one(referral),
            next_conference=conferences.get(referral.id),
        )
        for referral in found
    ]
    return page_of(rows, lambda row: (row.received_at, row.id), PAGE_SIZE)


@dataclass(frozen=True)
class OpenQuestion:
    """A referral about which a supervisor asked something that nobody answered yet."""

    public_id: str
    reference: str
    case_name: str


def open_questions(viewer: Actor) -> list[OpenQuestion]:
    """What waits for the viewer's answer, longest first, as many as a reader takes in."""
    query = (
        select(Referral.public_id, Referral.reference, Referral.case_name)
        .where(
            visible_to(viewer),
            answered_by(viewer),
            Referral.state == ReferralState.QUESTION_ASKED,
        )
        .order_by(Referral.received_at, Referral.id)
        .limit(_MOST_QUESTIONS)
    )
    return [OpenQuestion(*row) for row in db.session.execute(query)]


def _next_conferences(
    referral_ids: Sequence[int], now: datetime
) -> dict[int, tuple[str, datetime]]:
    """The next one of each referral. A court date is no conference (REF-04d)."""
    labels = labels_of("conference_kind")
    coming = db.session.execute(
        select(
            ReferralConference.referral_id, ReferralConference.kind, ReferralConference.starts_at
        )
        .where(
            ReferralConference.referral_id.in_(referral_ids),
            ReferralConference.starts_at >= now,
            ReferralConference.kind != COURT,
        )
        .order_by(ReferralConference.starts_at.desc())
    ).tuples()
    # The earliest comes last and stays.
    return {
        referral_id: (labels.get(kind, kind), starts_at) for referral_id, kind, starts_at in coming
    }


def _condition(shown: Shown) -> ColumnElement[bool]:
    if shown is Shown.ALL:
        return true()
    return is_open() if shown is Shown.OPEN else not_(is_open())

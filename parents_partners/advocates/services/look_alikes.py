"""What follows for the queue where two were taken for one person, and are not."""

from datetime import datetime

from sqlalchemy import select

from parents_partners.accounts.types import Actor
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.services import service_referrals
from parents_partners.advocates.services.routing import wait
from parents_partners.advocates.services.suitability import consenting
from parents_partners.advocates.types import WaitingSince
from parents_partners.core.db import db
from parents_partners.referrals import services as referrals
from parents_partners.referrals.models import LookAlike
from parents_partners.referrals.services import Parted
from parents_partners.referrals.types import KeyOf


def take_back(look_alike: LookAlike, *, actor: Actor, now: datetime) -> Parted | None:
    """As `referrals.take_back_likeness`. Who becomes a person of their own takes over the place in
    the queue that their referral brought, or gets one, if they allow support; the known parent
    keeps a place of their own. Raises AlreadyDone and Refused as that does."""
    parted = referrals.take_back_likeness(look_alike, actor=actor, now=now)
    if parted is None or look_alike.of is not KeyOf.PARENT:
        return parted
    _share_out_the_queue(parted, actor=actor, now=now)
    # What the known parent allowed may have gone with the other's consent.
    service_referrals.stop_without_support(parted.case, parted.known, actor=actor, now=now)
    db.session.flush()
    return parted


def _share_out_the_queue(parted: Parted, *, actor: Actor, now: datetime) -> None:
    allowed = consenting(parted.case)
    place = db.session.scalar(
        select(Waiting).where(
            Waiting.case_id == parted.case.id,
            Waiting.person_id == parted.known.id,
            Waiting.ended_at.is_(None),
        )
    )
    if place is not None:
        brought = place.referral_id == parted.referral.id
        if parted.own.id in allowed and (brought or parted.known.id not in allowed):
            place.person_id = parted.own.id
            db.session.expire(place, ["person"])
        elif parted.known.id not in allowed:
            place.ended_at = now
    db.session.flush()
    wait(
        parted.case,
        parted.own,
        WaitingSince.FILED,
        actor=actor,
        now=now,
        referral=parted.referral,
    )

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from parents_partners.accounts.types import Actor
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Concern
from parents_partners.cases.services.consents import hold_case
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of


def tick_concerns(case: Case, codes: Collection[str], *, actor: Actor, now: datetime) -> None:
    """Say which concerns this family has; none is an answer too (PP-04). They belong to the
    case and replace what was ticked before.

    Raises Refused for a code that the programme's list does not have."""
    # Two supervisors at once: the second waits here and then sees what the first ticked.
    hold_case(case.id)
    db.session.refresh(case)
    wanted = set(codes)
    known = {code for code, _ in choices_of("concern", today=local_day(now, programme_zone()))}
    ticked = set(db.session.scalars(select(Concern.code).where(Concern.case_id == case.id)))
    if not wanted <= known | ticked:
        raise Refused({"concerns": "Choose concerns from the list."})
    if gone := ticked - wanted:
        db.session.execute(
            delete(Concern).where(Concern.case_id == case.id, Concern.code.in_(gone))
        )
    db.session.add_all(
        Concern(case_id=case.id, code=code, ticked_by_id=actor.id, ticked_at=now)
        for code in sorted(wanted - ticked)
    )
    case.concerns_ticked_at = now
    # How many, not which: the log is read by more people than concerns are.
    audit.record(
        Event.FAMILY_CONCERNS_TICKED,
        case,
        actor=actor,
        now=now,
        case_id=case.id,
        count=len(wanted),
    )
    db.session.flush()

"""Who was shown what (S-22). Called where a page is made, so that what nobody saw is no reading."""

from datetime import datetime

from parents_partners.audit.services import Acting, record
from parents_partners.audit.types import Event
from parents_partners.core.db import Base
from parents_partners.core.edge import outlives_refusal


def record_reading(
    event: Event,
    subject: Base,
    *,
    actor: Acting,
    now: datetime,
    case_id: int | None = None,
    referral_id: int | None = None,
) -> None:
    """Write down that `actor` was shown `subject`, also beside a refusal of what they sent."""
    outlives_refusal(
        record(event, subject, actor=actor, now=now, case_id=case_id, referral_id=referral_id)
    )

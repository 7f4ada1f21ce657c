"""By which day a referral is routed (REF-06): what the queue is ordered by is what is promised."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.core.local_time import local_day
from parents_partners.core.words import date_words
from parents_partners.intake import queries
from parents_partners.referrals.deadlines import routing
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import standing_of
from tests.factories import NEW_YORK, make_referral, make_user

SAMPLE = Path("parents_partners/sample_data/referrals.jsonl")
EVENING = datetime(2026, 11, 21, 23, 59, tzinfo=NEW_YORK)


def test_queue_receipt_and_list_name_the_same_day_for_every_sample(session: Any) -> None:
    """REF-06, REF-07."""
    helpline = make_user(Role.HELPLINE)
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        referral = make_referral(json.loads(line), referrer=helpline, now=EVENING)
        columns = select(Referral, Referral.received_at.label("since")).subquery().c
        until = routing()
        deadline = until.routed_by_of(until.is_early_in(columns, now=EVENING), columns.since)
        set_by_the_queue = session.scalar(select(deadline).where(columns.id == referral.id))
        by = local_day(set_by_the_queue, NEW_YORK)
        receipt = queries.receipt_of(helpline.as_actor(), referral.public_id)
        assert receipt.routed_by == by, referral.external_id
        listed = standing_of(referral, now=referral.received_at)
        assert f"by {date_words(by)}" in (listed.next_words or ""), referral.external_id

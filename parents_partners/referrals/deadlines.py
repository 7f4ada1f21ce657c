"""By which day a referral is routed (REF-06): told to the referrer in Python, and for the order of
the queue in SQL. One rule said twice, side by side; a test holds the two together."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, or_

from parents_partners.core.clock import programme_zone
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import setting_days
from parents_partners.core.sql import moved


@dataclass(frozen=True)
class Routing:
    """The programme's settings, in calendar days: for how long a case is early, in how many days
    such a case is routed, and any other. An early case does not wait: removed, placed or opened
    that many days before it came in, or fewer."""

    early_case_days: int
    early_days: int
    usual_days: int
    zone: ZoneInfo

    def routed_by(
        self,
        received_at: datetime,
        *,
        removed_at: datetime | None,
        placed_at: datetime | None,
        opened_on: date | None,
    ) -> date:
        """The local day that a referrer is told."""
        received_on = local_day(received_at, self.zone)
        days = timedelta(days=self.early_case_days)
        is_early = any(at and at >= received_at - days for at in (removed_at, placed_at)) or (
            opened_on is not None and opened_on >= received_on - days
        )
        return received_on + timedelta(days=self.early_days if is_early else self.usual_days)

    def is_early_in(self, columns: Any, *, now: datetime) -> ColumnElement[bool]:
        """The same of a row with `since`, `removed_at`, `placed_at` and `opened_on`."""
        days = self.early_case_days
        earliest = moved(columns.since, days=-days)
        # A local day counts until its end. (With today's offset: an hour off at midnight for what
        # came in before the clocks were changed.)
        offset = now.astimezone(self.zone).utcoffset() or timedelta()
        last_moment = moved(columns.opened_on, days=days + 1, hours=-offset // timedelta(hours=1))
        return or_(
            columns.removed_at >= earliest,
            columns.placed_at >= earliest,
            last_moment > columns.since,
        )

    def routed_by_of(
        self, early: ColumnElement[bool], since: ColumnElement[datetime]
    ) -> ColumnElement[datetime]:
        """The instant on that day at which the row came in; `early` as `is_early_in` has it."""
        return case(
            (early, moved(since, days=self.early_days)), else_=moved(since, days=self.usual_days)
        )


def routing() -> Routing:
    return Routing(
        early_case_days=setting_days("early_case_days"),
        early_days=setting_days("route_early_days"),
        usual_days=setting_days("route_days"),
        zone=programme_zone(),
    )

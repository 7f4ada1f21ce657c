"""What became of the families: stints, contacts, places in the queue, who read about them."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bench.loading import Loader
from bench.people import People

ACTIVITIES_OF_MEASURED = 100
"""Of the first family of the first specialist, whose page is measured."""

KINDS = ("emotional", "navigation", "procedures", "services", "rights", "parent_role")
MODES = ("phone", "phone", "in_person", "text", "video", "conference")


class Support:
    def __init__(
        self,
        load: Loader,
        chance: random.Random,
        people: People,
        specialists: Sequence[tuple[int, int]],
        supervisors: Sequence[tuple[int, int]],
        *,
        caseload: int,
        now: datetime,
    ) -> None:
        self._load = load
        self._chance = chance
        self._people = people
        self._specialists = specialists
        self._supervisors = supervisors
        self._places: Iterator[tuple[int, int]] = iter(
            [place for _ in range(caseload) for place in specialists]
        )
        self._now = now
        self._measured_done = False

    def give(
        self,
        case: int,
        referral: int,
        parents: Sequence[int],
        *,
        since: datetime,
        open_: bool,
        waits: bool,
    ) -> None:
        """One stint for all parents: going on where a specialist has room, else over by now; or
        none, where the family waits."""
        if waits:
            for person in parents:
                self._load.add("waiting", case_id=case, person_id=person, referral_id=referral,
                               since=since, why="filed")  # fmt: skip
            return
        place = next(self._places, None) if open_ else None
        goes_on = place is not None
        specialist, unit = place or self._chance.choice(self._specialists)
        supervisor = next(user for user, own in self._supervisors if own == unit)
        accepted_at, first_at = since + timedelta(hours=9), since + timedelta(hours=30)
        ended_at = None if goes_on else first_at + timedelta(days=self._chance.randrange(20, 300))
        # What began lately, and had no room, is over by now all the same.
        if ended_at is not None and ended_at > self._now:
            ended_at = self._now - timedelta(hours=1)
            accepted_at, first_at = min(accepted_at, ended_at), min(first_at, ended_at)
        assignment = self._load.add(
            "assignment", case_id=case, referral_id=referral, specialist_id=specialist,
            unit_id=unit, state="in_contact" if goes_on else "ended", offered_at=since,
            offered_by_id=supervisor, answer_by=since + timedelta(days=1),
            accepted_at=accepted_at, first_contact_at=first_at, ended_at=ended_at,
            ended_by_id=None if goes_on else specialist,
            outcome=None if goes_on else "goals_reached",
        )  # fmt: skip
        for person in parents:
            self._load.add("assigned_parent", assignment_id=assignment, person_id=person,
                           case_id=case, released_at=ended_at)  # fmt: skip
        ids = {"case_id": case, "referral_id": referral}
        self._recorded("assignment.offered", since, supervisor, "supervisor", assignment, **ids)
        for event, at in (
            ("accepted", accepted_at), ("first_contact_made", first_at), ("ended", ended_at),
        ):  # fmt: skip
            if at is not None:
                detail = {"outcome": "goals_reached"} if event == "ended" else {}
                self._recorded(f"assignment.{event}", at, specialist, "specialist", assignment,
                               case_id=case, detail=detail)  # fmt: skip
        if goes_on and not self._measured_done:
            self._measured_done, count = True, ACTIVITIES_OF_MEASURED
        else:
            count = self._chance.randrange(8, 24) if goes_on else self._chance.randrange(1, 5)
        self._activities(
            case, assignment, specialist, parents, count, first_at, ended_at or self._now
        )
        for _ in range(5):
            self._load.add("audit_event", at=first_at, event="family.read", actor_id=specialist,
                           actor_role="specialist", subject="case", subject_id=case,
                           case_id=case, detail={})  # fmt: skip

    def _activities(
        self,
        case: int,
        assignment: int,
        specialist: int,
        parents: Sequence[int],
        count: int,
        first: datetime,
        last: datetime,
    ) -> None:
        add, chance = self._load.add, self._chance
        for number in range(count):
            at = first + (last - first) * (number / count)
            made = number == 0 or chance.random() < 0.8
            activity = add(
                "activity", assignment_id=assignment, case_id=case, happened_at=at,
                minutes=chance.choice((10, 15, 30, 45, 60)) if made else 0,
                mode=chance.choice(MODES), made=made, logged_at=at, logged_by_id=specialist,
                submission_key=f"{chance.getrandbits(128):032x}",
            )  # fmt: skip
            for kind in chance.sample(KINDS, chance.choice((1, 1, 2))):
                add("activity_kind", activity_id=activity, kind=kind)
            for person in parents:
                add("activity_participant", activity_id=activity, person_id=person)
            if made:
                add("activity_note", activity_id=activity, text=self._people.words(3))
            self._load.add("audit_event", at=at, event="activity.logged", actor_id=specialist,
                           actor_role="specialist", subject="activity", subject_id=activity,
                           case_id=case, detail={"made": made, "mode": "phone"})  # fmt: skip

    def _recorded(
        self, event: str, at: datetime, actor: int, role: str, assignment: int,
        *, detail: dict[str, Any] | None = None, **ids: int,
    ) -> None:  # fmt: skip
        self._load.add("audit_event", at=at, event=event, actor_id=actor, actor_role=role,
                       subject="assignment", subject_id=assignment, detail=detail or {},
                       **ids)  # fmt: skip

"""R-03: two supervisors decide about the same referral at the same moment. Commits are real, on a
database of the test's own. `RACE_ROUNDS=1000` makes it the full proof of security.md."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import OfferCommand
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone
from parents_partners.core.lifecycle import Lifecycle
from parents_partners.referrals.lifecycle import AWAITING_DECISION, REFERRAL_LIFECYCLE
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services import deciding
from parents_partners.referrals.types import ReferralAction, ReferralState
from tests.factories import NOW, make_referral, make_specialist, make_unit, make_user

ROUNDS = int(os.environ.get("RACE_ROUNDS", "50"))
BROKEN_ROUNDS = 10


@dataclass(frozen=True)
class Contestant:
    """A supervisor, and the specialist that they want to offer to."""

    actor: Actor
    specialist: str


@dataclass(frozen=True)
class Round:
    """What became of one referral: who won, and whom each other was told of."""

    winners: tuple[str, ...]
    told: tuple[str | None, ...]
    offers: int


Decide = Callable[[Referral, OfferCommand, Actor, Barrier], None]


def decide(referral: Referral, command: OfferCommand, actor: Actor, _barrier: Barrier) -> None:
    routing.file_and_offer(referral, command, actor=actor, now=NOW)


def look_then_act(
    referral: Referral, command: OfferCommand, actor: Actor, barrier: Barrier
) -> None:
    """The broken variant: looks whether it is open, and acts on what it saw."""
    is_open = referral.state in AWAITING_DECISION
    db.session.rollback()
    barrier.wait()
    if not is_open:
        raise AlreadyDone("Somebody was quicker.", by=None, at=None)
    db.session.refresh(referral)
    seen = replace(command, version=referral.version)
    routing.file_and_offer(referral, seen, actor=actor, now=NOW)


def race(app: Flask, decide: Decide, rounds: int) -> list[Round]:
    with app.app_context():
        unit = make_unit()
        contestants = []
        for name in ("Ana Ruiz", "Beatrice Obi"):
            supervisor: User = make_user(Role.SUPERVISOR, unit=unit, name=name)
            specialist = make_specialist(unit=unit, capacity=10_000)
            contestants.append(Contestant(supervisor.as_actor(), specialist.public_id))
        referrals = [make_referral(case__number=None) for _ in range(rounds)]
        numbers = [(referral.id, referral.version) for referral in referrals]
        db.session.commit()
    with ThreadPoolExecutor(len(contestants)) as pool:
        return [
            _round(app, pool, decide, contestants, number, version) for number, version in numbers
        ]


def _round(
    app: Flask,
    pool: ThreadPoolExecutor,
    decide: Decide,
    contestants: list[Contestant],
    number: int,
    version: int,
) -> Round:
    barrier = Barrier(len(contestants), timeout=30)

    def take_part(contestant: Contestant) -> tuple[bool, str | None]:
        command = OfferCommand(
            case_public_id=None,
            concerns=(),
            specialist_public_id=contestant.specialist,
            parents=(0,),
            choice_reason="Each supervisor has their own choice",
            version=version,
        )
        barrier.wait()
        with app.app_context():
            try:
                decide(db.session.get_one(Referral, number), command, contestant.actor, barrier)
                db.session.commit()
            except AlreadyDone as done:
                db.session.rollback()
                return False, done.by
            return True, None

    outcomes = list(pool.map(take_part, contestants))
    with app.app_context():
        offers = db.session.scalar(
            select(func.count()).select_from(Assignment).where(Assignment.referral_id == number)
        )
    return Round(
        winners=tuple(
            one.actor.name for one, (won, _) in zip(contestants, outcomes, strict=True) if won
        ),
        told=tuple(by for won, by in outcomes if not won),
        offers=offers or 0,
    )


def test_exactly_one_of_two_supervisors_wins_and_the_other_is_told_who(
    own_database: Flask,
) -> None:
    """R-03"""
    rounds = race(own_database, decide, ROUNDS)
    assert [one for one in rounds if len(one.winners) != 1 or one.offers != 1] == []
    assert [one for one in rounds if one.told != one.winners] == []


def test_the_race_is_real_because_after_a_look_only_the_database_stops_the_second(
    own_database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the conditional change of state both file it, and the second would
    learn of the first as a failure of ours: the test can fail."""
    unguarded = [
        replace(step, sources=frozenset(ReferralState))
        if step.action is ReferralAction.FILE
        else step
        for step in REFERRAL_LIFECYCLE.transitions
    ]
    monkeypatch.setattr(deciding, "REFERRAL_LIFECYCLE", Lifecycle(unguarded))
    with pytest.raises(IntegrityError, match="filed_parent"):
        race(own_database, look_then_act, BROKEN_ROUNDS)

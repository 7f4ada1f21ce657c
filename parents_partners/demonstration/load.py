"""Plays the stories of the sample referrals through the services, in the order in which they
would have happened. Whoever acts is one of the demonstration's people."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from parents_partners.accounts.models import Organisation, User
from parents_partners.accounts.types import COMMAND_LINE, Actor, Role
from parents_partners.advocates.lifecycle import CARRIED
from parents_partners.advocates.models import Assignment, Specialist
from parents_partners.advocates.queries.suggestions import suggestions_for_case
from parents_partners.advocates.services import activities, answering, routing, support
from parents_partners.advocates.types import ActivityCommand, AssignmentState
from parents_partners.cases.models import Case, Person
from parents_partners.cases.services import concerns
from parents_partners.cases.services.consents import confirm_consents, withdraw_consents
from parents_partners.cases.types import ConsentScope, MembershipRole
from parents_partners.core.clock import programme_zone
from parents_partners.core.db import db
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of
from parents_partners.demonstration.asked import ASKED
from parents_partners.demonstration.calls import load_calls
from parents_partners.demonstration.drafts import load_drafts
from parents_partners.demonstration.errands import errands_of
from parents_partners.demonstration.hand_overs import load_hand_overs
from parents_partners.demonstration.moving import days_since_written, moved
from parents_partners.demonstration.office import load_office
from parents_partners.demonstration.people import load_people
from parents_partners.demonstration.programme import load_programme
from parents_partners.demonstration.reading import load_readings
from parents_partners.demonstration.story import STORIES, Contact, Story, Support
from parents_partners.referrals import services as referrals
from parents_partners.referrals.models import Referral
from parents_partners.referrals.submission import Circumstances, read
from parents_partners.referrals.types import Channel, KeyOf, Likeness

SAMPLE = Path(__file__).parent.parent / "sample_data" / "referrals.jsonl"


SOON = timedelta(minutes=10)


@dataclass(frozen=True)
class Scene:
    """One thing that somebody does at an instant; `act` takes that instant."""

    at: datetime
    order: int
    act: Callable[[datetime], None]


class Cast:
    """Who plays: the supervisors in turn, and whoever sends or answers."""

    def __init__(self) -> None:
        users = db.session.scalars(select(User).order_by(User.id)).all()
        self._supervisors = [user for user in users if user.role is Role.SUPERVISOR]
        self._helpline = [user for user in users if user.role is Role.HELPLINE]
        self._referrers = {
            user.organisation_id: user for user in users if user.role is Role.REFERRER
        }
        self._turn = count()

    def supervisor(self) -> Actor:
        return self._supervisors[next(self._turn) % len(self._supervisors)].as_actor()

    def supervisors(self) -> list[Actor]:
        """One of each unit."""
        by_unit = {user.unit_id: user.as_actor() for user in self._supervisors}
        return list(by_unit.values())

    def supervisor_of(self, specialist: Specialist) -> Actor:
        return next(
            supervisor
            for supervisor in self.supervisors()
            if supervisor.unit_id == specialist.user.unit_id
        )

    def sender(self, organisation: Organisation | None, channel: Channel) -> Actor:
        if channel is Channel.HELPLINE:
            return self._helpline[next(self._turn) % len(self._helpline)].as_actor()
        referrer = self._referrers.get(organisation.id) if organisation else None
        return referrer.as_actor() if referrer else COMMAND_LINE


def load(*, now: datetime) -> int:
    """Load people and families as if the sample's last day were the day of `now`. Gives the
    number of referrals. Only for an empty database."""
    load_people(now=now)
    play = Play(Cast(), now)
    for scene in sorted(play.scenes(), key=lambda scene: (scene.at, scene.order)):
        if scene.at <= now:
            scene.act(scene.at)
            db.session.flush()
    for name, referral in play.received.items():
        if referral.case is not None:
            errands_of(referral.case, name, now=now)
    load_hand_overs(now=now)
    load_drafts(now=now)
    load_calls(play.received, now=now)
    load_office(now=now)
    load_programme(now=now)
    load_readings(now=now)
    return len(play.received)


def in_daytime(at: datetime) -> datetime:
    """The same moment with its day pressed into 9 to 6 o'clock: nobody here works at night, and
    what came first still comes first."""
    local = at.astimezone(programme_zone())
    morning = local.replace(hour=9, minute=0, second=0, microsecond=0)
    return morning + (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) * 9 / 24


class Play:
    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast = cast
        self.now = now
        self.received: dict[str, Referral] = {}
        self._supports: dict[tuple[str, int], Assignment] = {}
        self._order = count()

    def scenes(self) -> Iterator[Scene]:
        zone = programme_zone()
        by = days_since_written(local_day(self.now, zone))
        lines = SAMPLE.read_text(encoding="utf-8").splitlines()
        for written in (*map(json.loads, lines), ASKED):
            document = moved(written, by, zone)
            name = document["external_id"]
            # In the morning, what came in later on the last day has just come in.
            start = min(datetime.fromisoformat(document["received_at"]), self.now)
            yield self._scene(start, partial(self._receive, document))
            yield from self._story(name, STORIES.get(name, Story()), start)

    def _scene(self, at: datetime, act: Callable[[datetime], None]) -> Scene:
        return Scene(at, next(self._order), act)

    def _story(self, name: str, story: Story, start: datetime) -> Iterator[Scene]:
        def after(days: float) -> datetime:
            return max(in_daytime(start + timedelta(days=days)), start + SOON)

        if story.question:
            yield self._scene(after(0.3), partial(self._ask, name, story))
        if story.answer:
            yield self._scene(after(0.7), partial(self._answer, name, story))
        if story.same_parent or story.not_same_as:
            yield self._scene(after(0.2), partial(self._compare, name, story))
        if story.decision:
            yield self._scene(after(story.decided), partial(self._decide, name, story))
        for place, stint in enumerate(story.supports):
            yield from self._support(name, place, stint, after)
        if story.withdrawn is not None:
            yield self._scene(after(story.withdrawn), partial(self._withdraw, name, story))
        if story.reopened is not None:
            yield self._scene(after(story.reopened), partial(self._reopen, name))

    def _support(
        self, name: str, place: int, stint: Support, after: Callable[[float], datetime]
    ) -> Iterator[Scene]:
        key = (name, place)
        yield self._scene(after(stint.offered), partial(self._offer, key, stint))
        if stint.answer:
            yield self._scene(after(stint.answered), partial(self._reply, key, stint))
        for contact in stint.contacts:
            yield self._scene(after(contact.after), partial(self._log, key, contact))
        if stint.ended is not None:
            yield self._scene(after(stint.ended), partial(self._end, key, stint))

    def _receive(self, document: dict[str, Any], at: datetime) -> None:
        circumstances = Circumstances(at, programme_zone(), labels_of("conference_kind"))
        submission = read(document, circumstances).submission
        assert submission is not None, document["external_id"]  # noqa: S101 (our own sample)
        organisation = submission.referrer.organization if submission.referrer else None
        sender = referrals.sender_named(organisation, actor=COMMAND_LINE, now=at)
        receipt = referrals.receive(
            submission,
            document,
            sender=sender,
            actor=self.cast.sender(sender, submission.channel),
            now=at,
        )
        self.received[document["external_id"]] = receipt.referral

    def _ask(self, name: str, story: Story, at: datetime) -> None:
        referral = self.received[name]
        referrals.ask(referral, story.question or "", actor=self.cast.supervisor(), now=at)

    def _answer(self, name: str, story: Story, at: datetime) -> None:
        referral = self.received[name]
        sender = self.cast.sender(referral.organisation, referral.channel)
        referrals.answer(referral, story.answer or "", actor=sender, now=at)

    def _compare(self, name: str, story: Story, at: datetime) -> None:
        referral, actor = self.received[name], self.cast.supervisor()
        if story.not_same_as:
            other = self.received[story.not_same_as]
            referrals.say_of_referrals(referral, other, Likeness.NOT_SAME, actor=actor, now=at)
        if story.same_parent and story.same_family_as:
            case = self._case(story.same_family_as)
            mother = referrals.SomeoneOf(KeyOf.PARENT, 0, self._parents(case)[0])
            referrals.say_of_family(referral, case, Likeness.SAME_FAMILY, actor=actor, now=at)
            referrals.say_of_person(
                referral, case, mother, Likeness.SAME_PERSON, actor=actor, now=at
            )

    def _decide(self, name: str, story: Story, at: datetime) -> None:
        referral = self.received[name]
        supervisor = self.cast.supervisor()
        same = self.received[story.same_family_as] if story.same_family_as else None
        if story.decision == "decline":
            referrals.decline(referral, story.decline_reason, actor=supervisor, now=at)
        elif story.decision == "withdraw":
            sender = self.cast.sender(referral.organisation, referral.channel)
            referrals.withdraw(referral, actor=sender, now=at)
        elif story.decision == "duplicate" and same:
            referrals.mark_duplicate(referral, same, actor=supervisor, now=at)
        else:
            known = same.case if same else None
            case = referrals.file(referral, case=known, actor=supervisor, now=at)
            if known is None:
                concerns.tick_concerns(case, story.concerns, actor=supervisor, now=at)

    def _offer(self, key: tuple[str, int], stint: Support, at: datetime) -> None:
        referral = self.received[key[0]]
        case = self._case(key[0])
        email = stint.to or self._best(case, at)
        specialist = db.session.scalars(
            select(Specialist).join(Specialist.user).where(User.email == email)
        ).one()
        supervisor = self.cast.supervisor_of(specialist)
        self._supports[key] = routing.offer(
            case, self._parents(case), specialist, actor=supervisor, now=at, referral=referral
        )

    def _best(self, case: Case, at: datetime) -> str:
        """The e-mail address of the first suggestion of either unit that has less against it."""
        first = [
            suggestion
            for supervisor in self.cast.supervisors()
            for suggestion in suggestions_for_case(supervisor, case, now=at)[:1]
            if suggestion.public_id
        ]
        chosen = min(first, key=lambda suggestion: len(suggestion.reasons_against))
        return db.session.scalars(
            select(User.email).where(User.public_id == chosen.public_id)
        ).one()

    def _reply(self, key: tuple[str, int], stint: Support, at: datetime) -> None:
        assignment = self._supports[key]
        specialist = assignment.specialist.user.as_actor()
        if stint.answer == "accept":
            answering.accept(assignment, actor=specialist, now=at)
        elif stint.answer == "decline":
            answering.decline(assignment, stint.decline_reason, actor=specialist, now=at)
        else:
            routing.lapse_unanswered(now=at)

    def _log(self, key: tuple[str, int], contact: Contact, at: datetime) -> None:
        assignment = self._supports[key]
        if assignment.state not in CARRIED:
            return
        specialist = assignment.specialist.user.as_actor()
        parents = [parent.person for parent in assignment.parents if not parent.released_at]
        first = assignment.state is AssignmentState.ACCEPTED and contact.made
        activities.log_activity(
            assignment,
            ActivityCommand(
                kinds=frozenset(contact.kinds),
                happened_at=at,
                minutes=contact.minutes,
                mode=contact.mode,
                made=contact.made,
                participants=frozenset(person.public_id for person in parents),
                note=contact.note,
                submission_key=f"demonstration-{assignment.public_id}-{contact.after}",
            ),
            actor=specialist,
            now=at,
        )
        if first:
            for person in parents:
                confirm_consents(
                    assignment.case, person, list(ConsentScope), actor=specialist, now=at
                )

    def _end(self, key: tuple[str, int], stint: Support, at: datetime) -> None:
        assignment = self._supports[key]
        specialist = assignment.specialist.user.as_actor()
        support.end(assignment, stint.outcome, actor=specialist, now=at)

    def _withdraw(self, name: str, story: Story, at: datetime) -> None:
        case = self._case(name)
        assignment = self._supports[(name, 0)]
        specialist = assignment.specialist.user.as_actor()
        for person in self._parents(case):
            withdraw_consents(case, person, story.withdraws, actor=specialist, now=at)

    def _reopen(self, name: str, at: datetime) -> None:
        case = self._case(name)
        support.reopen(case, self._parents(case), actor=self.cast.supervisor(), now=at)

    def _case(self, name: str) -> Case:
        case = self.received[name].case
        assert case is not None, name  # noqa: S101 (the story files before it goes on)
        return case

    def _parents(self, case: Case) -> list[Person]:
        return [
            membership.person
            for membership in case.memberships
            if membership.role is MembershipRole.PARENT
        ]

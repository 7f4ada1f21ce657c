"""Offers and the queue of parents without a specialist, on both engines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.advocates.models import AssignedParent, Assignment, Away, Specialist, Waiting
from parents_partners.advocates.queries.suggestions import suggestions_for_case
from parents_partners.advocates.queries.triage import concerns_of
from parents_partners.advocates.services import profiles, routing
from parents_partners.advocates.types import (
    AssignmentState,
    FamilyOfferCommand,
    OfferCommand,
    Profile,
    WaitingSince,
)
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Conflict, Person
from parents_partners.cases.services.concerns import tick_concerns
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.referrals import services as referrals
from parents_partners.referrals.types import ReferralState
from tests.documents import referral_document
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_family,
    make_parent,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
    parents_of,
)


@pytest.fixture
def unit(session: Any) -> Unit:
    return make_unit()


@pytest.fixture
def supervisor(unit: Unit) -> User:
    return make_user(Role.SUPERVISOR, unit=unit, name="Ana Ruiz")


@pytest.fixture
def family(session: Any) -> Case:
    return make_family()


@pytest.fixture
def rosa(unit: Unit) -> User:
    return make_specialist(unit=unit)


def profile_of(user: User) -> Specialist:
    return db.session.get_one(Specialist, user.id)


def offer(family: Case, specialist: User, supervisor: User, **options: Any) -> Assignment:
    return routing.offer(
        family,
        options.pop("parents", parents_of(family)),
        profile_of(specialist),
        actor=supervisor.as_actor(),
        now=NOW,
        **options,
    )


def places(family: Case) -> list[tuple[str, WaitingSince]]:
    return [
        (waiting.person.first_name, waiting.why)
        for waiting in db.session.scalars(
            select(Waiting)
            .where(Waiting.case_id == family.id, Waiting.ended_at.is_(None))
            .order_by(Waiting.id)
        )
    ]


def decision(referral: Any, specialist: User | None, **changes: Any) -> OfferCommand:
    values: dict[str, Any] = {
        "case_public_id": None,
        "concerns": (),
        "specialist_public_id": specialist.public_id if specialist else None,
        "parents": (0,),
        "choice_reason": None,
        "version": referral.version,
    }
    return OfferCommand(**values | changes)


def test_an_offer_ends_the_waiting_and_gives_a_calendar_day_to_answer(
    family: Case, rosa: User, supervisor: User
) -> None:
    for parent in parents_of(family):
        routing.wait(family, parent, WaitingSince.REOPENED, actor=supervisor.as_actor(), now=NOW)
    assignment = offer(family, rosa, supervisor)
    assert assignment.state is AssignmentState.OFFERED
    assert assignment.answer_by == NOW + timedelta(days=1)
    assert assignment.unit_id == rosa.unit_id
    assert places(family) == []


def test_a_day_to_answer_is_the_same_time_of_day_across_a_change_of_the_clocks(
    family: Case, rosa: User, supervisor: User
) -> None:
    ten_on_saturday = datetime(2026, 10, 31, 14, 0, tzinfo=UTC)
    assignment = routing.offer(
        family,
        parents_of(family),
        profile_of(rosa),
        actor=supervisor.as_actor(),
        now=ten_on_saturday,
    )
    assert assignment.answer_by == datetime(2026, 11, 1, 15, 0, tzinfo=UTC)


def test_who_will_not_take_a_concern_is_never_offered_such_a_family(
    family: Case, unit: Unit, supervisor: User
) -> None:
    """PP-04"""
    will_not = make_specialist(unit=unit, concerns_not_taken=["housing"])
    tick_concerns(family, ["housing", "neglect"], actor=supervisor.as_actor(), now=NOW)
    with pytest.raises(Refused, match="does not take families"):
        offer(family, will_not, supervisor)
    tick_concerns(family, ["neglect"], actor=supervisor.as_actor(), now=NOW)
    assert offer(family, will_not, supervisor).state is AssignmentState.OFFERED


def test_away_in_conflict_disabled_and_of_another_unit_are_refused_in_the_same_words(
    session: Any, family: Case, unit: Unit, supervisor: User
) -> None:
    away, conflicted, disabled = (make_specialist(unit=unit) for _ in range(3))
    session.add(Away(specialist_id=away.id, from_on=TODAY, until_on=TODAY))
    session.add(Conflict(user_id=conflicted.id, case_id=family.id, recorded_at=NOW))
    disabled.active = False
    session.flush()
    words = set()
    for specialist in (away, conflicted, disabled, make_specialist()):
        with pytest.raises(Refused) as refused:
            offer(family, specialist, supervisor)
        words.add(str(refused.value))
    assert words == {routing.NOT_AVAILABLE}


def test_who_may_not_be_offered_is_not_suggested_either(
    session: Any, family: Case, unit: Unit, supervisor: User
) -> None:
    """The first and the last day of an absence are days away; nobody is kept out who was once."""
    names = ("Away", "Kept out", "There", "Was kept out", "Disabled")
    away, kept_out, _, was, disabled = (
        make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name=name)) for name in names
    )
    session.add(Away(specialist_id=away.id, from_on=TODAY, until_on=TODAY))
    session.add(Conflict(user_id=kept_out.id, case_id=family.id, recorded_at=NOW))
    session.add(Conflict(user_id=was.id, case_id=family.id, recorded_at=NOW, ended_at=NOW))
    disabled.active = False
    make_specialist()
    session.flush()
    suggested = suggestions_for_case(supervisor.as_actor(), family, now=NOW)
    assert {one.name: one.available for one in suggested} == {
        "Away": False,
        "Kept out": False,
        "There": True,
        "Was kept out": True,
    }


@pytest.mark.parametrize(("from_day", "until_day"), [(-3, -1), (1, 3)])
def test_an_absence_that_is_over_or_still_to_come_keeps_nobody_from_an_offer(
    session: Any, family: Case, rosa: User, supervisor: User, from_day: int, until_day: int
) -> None:
    first, last = TODAY + timedelta(days=from_day), TODAY + timedelta(days=until_day)
    session.add(Away(specialist_id=rosa.id, from_on=first, until_on=last))
    session.flush()
    assert offer(family, rosa, supervisor).state is AssignmentState.OFFERED


def test_a_parent_who_withdrew_is_neither_offered_nor_given_a_place(
    family: Case, rosa: User, supervisor: User
) -> None:
    """REF-03, ADV-05"""
    [parent] = parents_of(family)
    withdraw_consents(family, parent, list(ConsentScope), actor=supervisor.as_actor(), now=NOW)
    with pytest.raises(Refused, match="has no consent in force"):
        offer(family, rosa, supervisor)
    waiting = routing.wait(
        family, parent, WaitingSince.REOPENED, actor=supervisor.as_actor(), now=NOW
    )
    assert waiting is None


@pytest.mark.parametrize("scope", [ConsentScope.SUPPORT, ConsentScope.ATTEND_MEETINGS])
def test_support_or_company_at_meetings_is_enough_for_an_offer(
    session: Any, rosa: User, supervisor: User, scope: ConsentScope
) -> None:
    family = make_family()
    parent = make_parent(family, "Nia", "Obi", scopes=(scope,))
    assert offer(family, rosa, supervisor, parents=[parent]).state is AssignmentState.OFFERED


def test_sharing_with_the_agency_alone_allows_no_offer(
    session: Any, rosa: User, supervisor: User
) -> None:
    family = make_family()
    parent = make_parent(family, "Nia", "Obi", scopes=(ConsentScope.SHARE_WITH_AGENCY,))
    with pytest.raises(Refused):
        offer(family, rosa, supervisor, parents=[parent])


def test_a_parent_who_has_an_offer_gets_no_second_one_and_it_is_said_who_made_it(
    family: Case, rosa: User, unit: Unit, supervisor: User
) -> None:
    offer(family, rosa, supervisor)
    with pytest.raises(AlreadyDone) as done:
        offer(family, make_specialist(unit=unit), make_user(Role.SUPERVISOR, unit=unit))
    assert (done.value.by, done.value.at) == ("Ana Ruiz", NOW)
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 1


def test_an_offer_that_is_taken_back_puts_its_parents_into_the_queue(
    family: Case, rosa: User, supervisor: User
) -> None:
    assignment = offer(family, rosa, supervisor)
    routing.take_back(assignment, actor=supervisor.as_actor(), now=NOW)
    assert assignment.state is AssignmentState.LAPSED
    assert places(family) == [("Luz", WaitingSince.OFFER_TAKEN_BACK)]
    with pytest.raises(AlreadyDone) as done:
        routing.take_back(assignment, actor=supervisor.as_actor(), now=NOW)
    assert done.value.by == "Ana Ruiz"


def test_unanswered_offers_lapse_once_and_not_before_their_time(
    family: Case, rosa: User, supervisor: User
) -> None:
    assignment = offer(family, rosa, supervisor)
    almost = assignment.answer_by - timedelta(seconds=1)
    assert routing.lapse_unanswered(now=almost) == 0
    assert routing.lapse_unanswered(now=assignment.answer_by) == 1
    assert routing.lapse_unanswered(now=assignment.answer_by) == 0
    assert places(family) == [("Luz", WaitingSince.OFFER_LAPSED)]
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.OFFER_LAPSED)
    ).one()
    assert event.actor_id is None


def test_an_accepted_offer_neither_lapses_nor_is_taken_back(
    family: Case, rosa: User, supervisor: User
) -> None:
    assignment = make_assignment(family, rosa, supervisor=supervisor)
    assert routing.lapse_unanswered(now=NOW + timedelta(days=9)) == 0
    with pytest.raises(AlreadyDone):
        routing.take_back(assignment, actor=supervisor.as_actor(), now=NOW)
    assert assignment.state is AssignmentState.ACCEPTED


def test_filing_and_offering_is_one_step_and_the_other_parent_waits(
    session: Any, rosa: User, supervisor: User
) -> None:
    document = referral_document()
    document["parents"].append({**document["parents"][0], "first_name": "Wilkin"})
    referral = make_referral(document)
    assignment = routing.file_and_offer(
        referral,
        decision(referral, rosa, parents=(1,), concerns=("housing",)),
        actor=supervisor.as_actor(),
        now=NOW,
    )
    assert assignment is not None
    assert referral.state is ReferralState.FILED
    assert [parent.person.first_name for parent in assignment.parents] == ["Wilkin"]
    assert places(assignment.case) == [("Luz", WaitingSince.FILED)]
    assert concerns_of(assignment.case) == ["housing"]
    assert assignment.case.concerns_ticked_at == NOW


def test_another_than_the_first_suggested_needs_a_reason_however_the_decision_comes(
    session: Any, supervisor: User, unit: Unit
) -> None:
    """PP-05."""
    first = make_specialist(unit=unit, capacity=10)
    second = make_specialist(unit=unit, capacity=9)
    act: dict[str, Any] = {"actor": supervisor.as_actor(), "now": NOW}
    referral, same, other = (make_referral(case__number=None) for _ in range(3))
    with pytest.raises(Refused) as refused:
        routing.file_and_offer(referral, decision(referral, second), **act)
    assert "Say in a few words" in refused.value.problems["choice_reason"]

    explained = decision(same, second, choice_reason="He knows the court")
    assignment = routing.file_and_offer(same, explained, **act)
    assert assignment is not None
    assert assignment.choice_reason == "He knows the court"

    assignment = routing.file_and_offer(
        other, decision(other, first, choice_reason="Left from before"), **act
    )
    assert assignment is not None
    assert assignment.choice_reason is None


def test_a_waiting_family_too_goes_to_another_than_the_first_for_a_reason_only(
    family: Case, supervisor: User, unit: Unit
) -> None:
    make_specialist(unit=unit, capacity=10)
    second = make_specialist(unit=unit, capacity=9)
    [parent] = parents_of(family)
    routing.wait(family, parent, WaitingSince.REOPENED, actor=supervisor.as_actor(), now=NOW)
    command = FamilyOfferCommand((), second.public_id, (parent.public_id,), None, family.version)
    with pytest.raises(Refused, match="other than the first suggested"):
        routing.offer_waiting(family, command, actor=supervisor.as_actor(), now=NOW)


def test_who_has_no_consent_is_said_of_one_and_of_several(
    family: Case, rosa: User, supervisor: User
) -> None:
    """REF-03"""
    for first in ("Ana", "Rui"):
        make_parent(family, first, "Marte", scopes=())
    luz, ana, rui = parents_of(family)
    for persons, words in (
        ([luz, ana], "Ana Marte has no consent in force"),
        ([luz, ana, rui], "Ana Marte and Rui Marte have no consent in force"),
    ):
        with pytest.raises(Refused, match=words):
            offer(family, rosa, supervisor, parents=persons)


def test_filing_without_an_offer_lets_everybody_wait(session: Any, supervisor: User) -> None:
    referral = make_referral()
    assert (
        routing.file_and_offer(
            referral, decision(referral, None), actor=supervisor.as_actor(), now=NOW
        )
        is None
    )
    assert referral.case is not None
    assert places(referral.case) == [("Luz", WaitingSince.FILED)]


def test_a_second_referral_of_a_supported_family_is_filed_there_and_nobody_waits(
    rosa: User, supervisor: User
) -> None:
    family = make_family()
    make_assignment(family, rosa, supervisor=supervisor)
    referral = make_referral()
    command = decision(referral, None, case_public_id=family.public_id)
    routing.file_and_offer(referral, command, actor=supervisor.as_actor(), now=NOW)
    assert referral.case is family
    assert places(family) == []


def test_a_decision_made_before_a_question_was_asked_is_not_taken(
    session: Any, rosa: User, supervisor: User, unit: Unit
) -> None:
    referral = make_referral()
    command = decision(referral, rosa)
    other = make_user(Role.SUPERVISOR, unit=unit, name="Beatrice Obi")
    referrals.ask(referral, "Which school?", actor=other.as_actor(), now=NOW)
    with pytest.raises(AlreadyDone) as done:
        routing.file_and_offer(referral, command, actor=supervisor.as_actor(), now=NOW)
    assert (done.value.by, done.value.at) == ("Beatrice Obi", NOW)


def test_waiting_parents_are_offered_with_the_familys_concerns_in_one_step(
    family: Case, rosa: User, supervisor: User
) -> None:
    [parent] = parents_of(family)
    routing.wait(family, parent, WaitingSince.REOPENED, actor=supervisor.as_actor(), now=NOW)
    command = FamilyOfferCommand(
        concerns=("neglect",),
        specialist_public_id=rosa.public_id,
        parents=(parent.public_id,),
        choice_reason=None,
        version=family.version,
    )
    assignment = routing.offer_waiting(family, command, actor=supervisor.as_actor(), now=NOW)
    assert [one.person for one in assignment.parents] == [parent]
    with pytest.raises(AlreadyDone) as done:
        routing.offer_waiting(family, command, actor=supervisor.as_actor(), now=NOW)
    assert done.value.by == "Ana Ruiz"


def test_a_parent_of_another_family_cannot_be_slipped_into_an_offer(
    family: Case, rosa: User, supervisor: User
) -> None:
    stranger: Person = parents_of(make_family("Else, Eve"))[0]
    command = FamilyOfferCommand((), rosa.public_id, (stranger.public_id,), None, family.version)
    with pytest.raises(Refused, match="at least one parent"):
        routing.offer_waiting(family, command, actor=supervisor.as_actor(), now=NOW)


def test_concerns_are_replaced_and_only_their_number_is_written_down(
    family: Case, supervisor: User
) -> None:
    """PP-04: seen by supervisors only, so the log holds none of them."""
    actor = supervisor.as_actor()
    tick_concerns(family, ["housing", "neglect"], actor=actor, now=NOW)
    tick_concerns(family, [], actor=actor, now=NOW)
    assert concerns_of(family) == []
    events = db.session.scalars(
        select(AuditEvent.detail)
        .where(AuditEvent.event == Event.FAMILY_CONCERNS_TICKED)
        .order_by(AuditEvent.id)
    ).all()
    assert list(events) == [{"count": 2}, {"count": 0}]
    with pytest.raises(Refused):
        tick_concerns(family, ["no such code"], actor=actor, now=NOW)


def test_a_profile_names_every_code_that_it_cannot_hold(session: Any) -> None:
    user = make_user(Role.SPECIALIST)
    wrong = Profile(
        capacity=-1,
        languages=("tlh",),
        boroughs=("bronx",),
        concerns_taken=("housing",),
        concerns_not_taken=("housing",),
    )
    with pytest.raises(Refused) as refused:
        profiles.set_profile(user, wrong, actor=COMMAND_LINE, now=NOW)
    assert set(refused.value.problems) == {"capacity", "languages", "concerns_not_taken"}
    with pytest.raises(Refused, match="is not a Family Specialist"):
        profiles.set_profile(make_user(Role.SUPERVISOR), Profile(5), actor=COMMAND_LINE, now=NOW)


def test_a_profile_is_changed_as_a_whole(session: Any, rosa: User) -> None:
    changed = profiles.set_profile(rosa, Profile(3, languages=("fr",)), actor=COMMAND_LINE, now=NOW)
    assert (changed.capacity, changed.languages, changed.boroughs) == (3, ["fr"], [])


def test_days_away_are_still_to_come_and_in_their_order(session: Any, rosa: User) -> None:
    """PP-10."""

    def be_away(first: int, last: int) -> None:
        profiles.be_away(
            profile_of(rosa),
            TODAY + timedelta(days=first),
            TODAY + timedelta(days=last),
            actor=COMMAND_LINE,
            now=NOW,
        )

    be_away(-2, 0)
    for first, last in ((2, 1), (-3, -1)):
        with pytest.raises(Refused):
            be_away(first, last)


def test_the_database_itself_holds_one_open_stint_a_parent(
    session: Any, family: Case, rosa: User, supervisor: User
) -> None:
    offer(family, rosa, supervisor)
    [parent] = parents_of(family)
    second = Assignment(
        case_id=family.id,
        specialist_id=rosa.id,
        unit_id=rosa.unit_id,
        offered_at=NOW,
        offered_by_id=supervisor.id,
        answer_by=NOW,
        parents=[AssignedParent(person_id=parent.id, case_id=family.id)],
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(second)

"""A Family Specialist's answer to an offer."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Assignment, Waiting
from parents_partners.advocates.queries.stints import offer_for
from parents_partners.advocates.services.answering import accept, decline
from parents_partners.advocates.services.routing import lapse_unanswered, offer
from parents_partners.advocates.types import AssignmentState, WaitingSince
from parents_partners.cases.models import Concern, Conflict, Consent
from parents_partners.cases.queries import case_for
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_specialist,
    make_user,
    parents_of,
)

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def specialist():
    return make_specialist()


@pytest.fixture
def offered(specialist):
    return make_assignment(specialist=specialist, state=AssignmentState.OFFERED)


def test_acceptance_opens_the_family_to_the_specialist(offered, specialist):
    actor = specialist.as_actor()
    with pytest.raises(Absent):
        case_for(actor, offered.case.public_id)
    accept(offered, actor=actor, now=NOW)
    assert case_for(actor, offered.case.public_id) is offered.case
    assert (offered.state, offered.accepted_at) == (AssignmentState.ACCEPTED, NOW)


def test_an_offer_can_be_answered_once(offered, specialist):
    actor = specialist.as_actor()
    accept(offered, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone) as already:
        decline(offered, "caseload_full", actor=actor, now=NOW)
    assert (already.value.by, already.value.at) == (specialist.name, NOW)
    assert offered.state is AssignmentState.ACCEPTED


def test_an_offer_that_lapsed_cannot_be_accepted(offered, specialist):
    lapse_unanswered(now=NOW + timedelta(days=3))
    with pytest.raises(AlreadyDone):
        accept(offered, actor=specialist.as_actor(), now=NOW + timedelta(days=3))


def test_nobody_is_taken_on_whose_consent_is_not_in_force(offered, specialist):
    """ADV-05: the last look, should an offer ever outlive what it rests on."""
    gone = {"withdrawn_at": NOW, "withdrawal_recorded_by_id": specialist.id}
    db.session.execute(update(Consent).values(gone))
    with pytest.raises(Refused, match="took their consent back"):
        accept(offered, actor=specialist.as_actor(), now=NOW)


def test_a_concern_that_was_ticked_since_the_offer_is_not_taken_on_either(offered, specialist):
    """PP-04: a colleague ticked it while they offered the other parent."""
    offered.specialist.concerns_not_taken = ["housing"]
    db.session.add(
        Concern(
            case_id=offered.case_id,
            code="housing",
            ticked_by_id=offered.offered_by_id,
            ticked_at=NOW,
        )
    )
    with pytest.raises(Refused, match="that you do not take"):
        accept(offered, actor=specialist.as_actor(), now=NOW)


def test_declining_puts_the_parents_back_into_the_queue(offered, specialist):
    decline(offered, "language", actor=specialist.as_actor(), now=NOW)
    [place] = db.session.scalars(select(Waiting).where(Waiting.ended_at.is_(None))).all()
    assert (place.case_id, place.why) == (offered.case_id, WaitingSince.OFFER_DECLINED)
    assert (offered.state, offered.decline_reason) == (AssignmentState.DECLINED, "language")


def test_declining_needs_a_reason_of_the_list(offered, specialist):
    with pytest.raises(Refused) as refused:
        decline(offered, "because", actor=specialist.as_actor(), now=NOW)
    assert list(refused.value.problems) == ["reason"]
    assert offered.state is AssignmentState.OFFERED


def test_who_knows_the_family_is_kept_out_of_it_from_then_on(offered, specialist):
    """ADV-01: without a reason."""
    actor = specialist.as_actor()
    decline(offered, "know_family", actor=actor, now=NOW)
    conflict = db.session.scalars(select(Conflict)).one()
    assert (conflict.user_id, conflict.case_id) == (specialist.id, offered.case_id)
    assert conflict.number_key == offered.case.number_key
    with pytest.raises(Absent):
        offer_for(actor, offered.public_id)


def test_any_other_reason_puts_nobody_on_the_conflict_list(offered, specialist):
    decline(offered, "schedule", actor=specialist.as_actor(), now=NOW)
    assert db.session.scalar(select(func.count(Conflict.id))) == 0


def test_after_a_withdrawal_nothing_is_offered_and_nothing_accepted(offered, specialist):
    """R-06, one after the other: the withdrawal is committed, then they act."""
    supervisor = make_user(Role.SUPERVISOR, unit=specialist.unit).as_actor()
    [parent] = parents_of(offered.case)
    withdraw_consents(offered.case, parent, list(ConsentScope), actor=supervisor, now=NOW)
    with pytest.raises(AlreadyDone):
        accept(offered, actor=specialist.as_actor(), now=NOW)
    with pytest.raises(Refused):
        offer(
            offered.case,
            [parent],
            offered.specialist,
            actor=supervisor,
            now=NOW,
        )
    states = set(db.session.scalars(select(Assignment.state)))
    assert states == {AssignmentState.LAPSED}


def test_an_offer_is_nobody_elses(offered):
    with pytest.raises(Absent):
        offer_for(make_specialist().as_actor(), offered.public_id)


def test_a_parent_who_allows_only_meetings_waits_again_after_a_decline(specialist):
    case = make_family()
    [parent] = parents_of(case)
    offered = make_assignment(case, specialist, state=AssignmentState.OFFERED)
    actor = specialist.as_actor()
    withdraw_consents(case, parent, [ConsentScope.SUPPORT], actor=actor, now=NOW)
    decline(offered, "schedule", actor=actor, now=NOW)
    [place] = db.session.scalars(select(Waiting).where(Waiting.ended_at.is_(None))).all()
    assert place.person_id == parent.id

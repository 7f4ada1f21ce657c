"""Two at once who need the same rows take them in one order, so that nobody waits for ever
(docs/decisions/0025). On SQLite whoever writes is alone anyway. Commits are real, on a database of
the test's own."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from parents_partners.accounts import services as accounts
from parents_partners.accounts.models import User
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.advocates.lifecycle import OPEN
from parents_partners.advocates.models import Assignment
from parents_partners.advocates.services import answering, routing
from parents_partners.advocates.types import AssignmentState, OfferCommand
from parents_partners.cases.models import Case, Conflict
from parents_partners.cases.services import conflicts
from parents_partners.core.db import db
from parents_partners.referrals import services as referrals
from parents_partners.referrals.models import Message, Question, Referral
from parents_partners.referrals.services import messages
from parents_partners.referrals.types import Likeness, MessageCommand
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_filed_referral,
    make_referral,
    make_specialist,
    make_user,
)
from tests.meeting import Act, meet

A_REFERRAL_HELD = r"(?s)FROM referral\s.*FOR NO KEY UPDATE"
A_FAMILY_HELD = r'(?s)FROM "case"\s.*FOR NO KEY UPDATE'


def test_a_message_about_a_duplicate_and_a_new_original_do_not_wait_for_each_other(
    own_database: Flask,
) -> None:
    with own_database.app_context():
        supervisor = make_user(Role.SUPERVISOR).as_actor()
        helpline = make_user(Role.HELPLINE).as_actor()
        original, first, duplicate = make_referral(), make_referral(), make_referral()
        referrals.mark_duplicate(duplicate, original, actor=supervisor, now=NOW)
        db.session.commit()
        ids = original.id, first.id, duplicate.id

    def leave() -> None:
        said = MessageCommand("She called.", None, None, None, None)
        messages.leave(db.session.get_one(Referral, ids[2]), said, actor=helpline, now=NOW)

    def mark() -> None:
        both = select(Referral).where(Referral.id.in_(ids[:2])).order_by(Referral.id)
        original, first = db.session.scalars(both)
        referrals.mark_duplicate(original, first, actor=supervisor, now=NOW)

    acts = Act(leave, until=A_REFERRAL_HELD), Act(mark, until="referral.id IN")
    assert meet(own_database, *acts) == [True, True]
    with own_database.app_context():
        assert db.session.scalars(select(Message.referral_id)).all() == [ids[1]]


def test_three_who_need_two_referrals_and_a_family_do_not_wait_in_a_ring(
    own_database: Flask,
) -> None:
    with own_database.app_context():
        supervisor = make_user(Role.SUPERVISOR).as_actor()
        new, filed = make_referral(), make_filed_referral()
        db.session.commit()
        assert filed.case_id is not None
        new_id, filed_id, case_id = new.id, filed.id, filed.case_id

    def file() -> None:
        case = db.session.get_one(Case, case_id)
        referrals.file(db.session.get_one(Referral, new_id), case=case, actor=supervisor, now=NOW)

    def say() -> None:
        new, filed = (db.session.get_one(Referral, one) for one in (new_id, filed_id))
        referrals.say_of_referrals(new, filed, Likeness.SAME_FAMILY, actor=supervisor, now=NOW)

    def withdraw() -> None:
        referrals.withdraw(db.session.get_one(Referral, filed_id), actor=supervisor, now=NOW)

    acts = (
        Act(file, until=A_FAMILY_HELD),
        Act(say, until=A_REFERRAL_HELD),
        Act(withdraw, until=A_REFERRAL_HELD),
    )
    filed_it, _said_it, withdrew_it = meet(own_database, *acts)
    assert (filed_it, withdrew_it) == (True, True)


def test_a_question_does_not_come_between_the_look_at_a_referral_and_its_filing(
    own_database: Flask,
) -> None:
    """Pitfall 5: nobody decides over a question that they did not know of."""
    with own_database.app_context():
        one, other = (make_user(Role.SUPERVISOR).as_actor() for _ in range(2))
        referral = make_referral(case__number=None)
        db.session.commit()
        referral_id, version = referral.id, referral.version

    def ask() -> None:
        asked = db.session.get_one(Referral, referral_id)
        referrals.ask(asked, "Which child?", actor=one, now=NOW)

    def file() -> None:
        command = OfferCommand(None, (), None, (), None, version)
        filed = db.session.get_one(Referral, referral_id)
        routing.file_and_offer(filed, command, actor=other, now=NOW)

    acts = Act(ask, until="UPDATE referral"), Act(file, until="WHERE referral.id =")
    assert sorted(meet(own_database, *acts)) == [False, True]
    with own_database.app_context():
        asked = db.session.scalar(select(func.count()).select_from(Question))
        filed = db.session.get_one(Referral, referral_id).case_id is not None
        assert bool(asked) != filed


def test_a_colleague_is_kept_out_while_their_account_is_disabled(own_database: Flask) -> None:
    with own_database.app_context():
        specialist = make_specialist()
        supervisor = make_user(Role.SUPERVISOR, unit=specialist.unit).as_actor()
        offer = make_assignment(make_family(), specialist, state=AssignmentState.OFFERED)
        db.session.commit()
        user_id, case_id, offer_id = specialist.id, offer.case_id, offer.id

    def keep_out() -> None:
        case = db.session.get_one(Case, case_id)
        conflicts.record_conflict(user_id, case=case, actor=supervisor, now=NOW)

    def disable() -> None:
        accounts.disable_user(db.session.get_one(User, user_id), actor=COMMAND_LINE, now=NOW)

    acts = Act(keep_out, until="INSERT INTO conflict"), Act(disable, until=A_FAMILY_HELD)
    assert meet(own_database, *acts) == [True, True]
    with own_database.app_context():
        assert db.session.get_one(Assignment, offer_id).state not in OPEN


def test_who_knows_a_family_declines_one_record_of_it_while_both_offers_lapse(
    own_database: Flask,
) -> None:
    """One case number, two records: the entry on the conflict list closes both."""
    with own_database.app_context():
        specialist = make_specialist(capacity=9)
        overdue = {"state": AssignmentState.OFFERED, "answer_by": NOW - timedelta(hours=1)}
        offers = [
            make_assignment(make_family(number="S-012345-6"), specialist, **overdue)
            for _ in range(2)
        ]
        db.session.commit()
        actor, later_id = specialist.as_actor(), offers[-1].id

    def decline() -> None:
        offer = db.session.get_one(Assignment, later_id)
        answering.decline(offer, answering.KNOWS_FAMILY, actor=actor, now=NOW)

    def lapse() -> None:
        routing.lapse_unanswered(now=NOW)

    acts = Act(decline, until=A_FAMILY_HELD), Act(lapse, until=A_FAMILY_HELD)
    assert meet(own_database, *acts)[1]
    with own_database.app_context():
        assert not set(db.session.scalars(select(Assignment.state))) & OPEN


def test_a_colleague_is_kept_out_twice_at_once_by_one_entry(own_database: Flask) -> None:
    with own_database.app_context():
        supervisor = make_user(Role.SUPERVISOR).as_actor()
        user_id = make_specialist().id
        db.session.commit()

    def keep_out() -> None:
        user = db.session.get_one(User, user_id)
        conflicts.keep_out_by_number(user, "S-012345-6", actor=supervisor, now=NOW)

    act = Act(keep_out, until="FROM conflict")
    assert meet(own_database, act, act) == [True, True]
    with own_database.app_context():
        assert db.session.scalar(select(func.count()).select_from(Conflict)) == 1

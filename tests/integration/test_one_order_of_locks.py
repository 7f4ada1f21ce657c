"""Two at once who need the same rows take them in one order, so that nobody waits for ever
(docs/decisions/0025). On SQLite whoever writes is alone anyway. Commits are real, on a database of
the test's own."""

from flask import Flask
from sqlalchemy import func, select

from parents_partners.accounts.types import Role
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import OfferCommand
from parents_partners.cases.models import Case
from parents_partners.core.db import db
from parents_partners.referrals import services as referrals
from parents_partners.referrals.models import Message, Question, Referral
from parents_partners.referrals.services import messages
from parents_partners.referrals.types import Likeness, MessageCommand
from tests.factories import NOW, make_filed_referral, make_referral, make_user
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

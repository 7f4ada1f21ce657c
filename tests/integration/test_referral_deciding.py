"""What is decided about a referral: the table of its lifecycle, and who is quicker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Actor, Role
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Consent
from parents_partners.core.db import db
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.referrals import services
from parents_partners.referrals.lifecycle import REFERRAL_LIFECYCLE
from parents_partners.referrals.models import Referral
from parents_partners.referrals.types import ReferralAction, ReferralState
from tests.documents import referral_document
from tests.factories import (
    NOW,
    make_assignment,
    make_filed_referral,
    make_organisation,
    make_referral,
    make_user,
)

Database = scoped_session[Session]

SECOND_PARENT = {
    "first_name": "Rafael",
    "last_name": "Báez",
    "agreement": {
        "answer": "agreed",
        "asked_by": "Denise Okafor-Reyes",
        "asked_on": "2026-11-17",
        "how": "phone",
        "scope": ["support"],
    },
}


@pytest.fixture
def supervisor(session: Database) -> Actor:
    return make_user(Role.SUPERVISOR, name="Ana Ruiz").as_actor()


def events_of(referral: Referral) -> list[Event]:
    return list(
        db.session.scalars(
            select(AuditEvent.event)
            .where(AuditEvent.referral_id == referral.id)
            .order_by(AuditEvent.id)
        )
    )


def do(action: ReferralAction, referral: Referral, actor: Actor) -> None:
    """Any action of the lifecycle, with plain arguments."""
    match action:
        case ReferralAction.ASK:
            services.ask(referral, "Which number is right?", actor=actor, now=NOW)
        case ReferralAction.ANSWER:
            services.answer(referral, "The first.", actor=actor, now=NOW)
        case ReferralAction.FILE:
            services.file(referral, case=None, actor=actor, now=NOW)
        case ReferralAction.DECLINE:
            services.decline(referral, "outside_area", actor=actor, now=NOW)
        case ReferralAction.MARK_DUPLICATE:
            services.mark_duplicate(referral, make_referral(), actor=actor, now=NOW)
        case ReferralAction.WITHDRAW:
            services.withdraw(referral, actor=actor, now=NOW)


def referral_in(state: ReferralState, actor: Actor) -> Referral:
    referral = make_referral()
    steps = {
        ReferralState.SUBMITTED: [],
        ReferralState.QUESTION_ASKED: [ReferralAction.ASK],
        ReferralState.FILED: [ReferralAction.FILE],
        ReferralState.DECLINED: [ReferralAction.DECLINE],
        ReferralState.DUPLICATE: [ReferralAction.MARK_DUPLICATE],
        ReferralState.WITHDRAWN: [ReferralAction.WITHDRAW],
    }
    for action in steps[state]:
        do(action, referral, actor)
    return referral


@pytest.mark.parametrize("state", ReferralState)
@pytest.mark.parametrize("action", ReferralAction)
def test_an_action_happens_from_the_states_of_the_table_and_from_no_other(
    session: Database, supervisor: Actor, action: ReferralAction, state: ReferralState
) -> None:
    referral = referral_in(state, supervisor)
    before = events_of(referral)
    if REFERRAL_LIFECYCLE.allows(action, state):
        do(action, referral, supervisor)
        assert referral.state is REFERRAL_LIFECYCLE[action].target
        assert REFERRAL_LIFECYCLE[action].event in events_of(referral)[len(before) :]
    elif (action, state) == (ReferralAction.WITHDRAW, ReferralState.FILED):
        # Once it is filed the consents are withdrawn; what was decided stays decided.
        do(action, referral, supervisor)
        assert referral.state is state
    else:
        with pytest.raises(AlreadyDone):
            do(action, referral, supervisor)
        assert referral.state is state
        assert events_of(referral) == before


def test_each_action_counts_the_version_up(session: Database, supervisor: Actor) -> None:
    referral = make_referral()
    services.ask(referral, "Which number?", actor=supervisor, now=NOW)
    services.answer(referral, "This one.", actor=supervisor, now=NOW)
    assert referral.version == 3


def test_who_comes_second_learns_who_was_first_and_when(
    session: Database, supervisor: Actor
) -> None:
    referral = make_referral()
    services.decline(referral, "outside_area", actor=supervisor, now=NOW)
    colleague = make_user(Role.SUPERVISOR).as_actor()
    with pytest.raises(AlreadyDone) as second:
        services.file(referral, case=None, actor=colleague, now=NOW + timedelta(minutes=1))
    assert (second.value.what, second.value.by, second.value.at) == (
        "This referral was already declined.",
        "Ana Ruiz",
        NOW,
    )


def test_an_agency_is_not_told_the_name_of_a_supervisor(
    session: Database, supervisor: Actor
) -> None:
    """REF-07: of the programme's people they learn the specialist's name, no other."""
    referral = referral_in(ReferralState.DECLINED, supervisor)
    with pytest.raises(AlreadyDone) as late:
        services.answer(referral, "The first.", actor=make_user(Role.REFERRER).as_actor(), now=NOW)
    assert (late.value.by, late.value.at) == (None, NOW)


def test_of_two_supervisors_at_once_exactly_one_decides(own_database: Flask) -> None:
    """R-03, in small; the loser leaves nothing behind."""
    with own_database.app_context():
        supervisors = [make_user(Role.SUPERVISOR).as_actor() for _ in range(2)]
        ids = [make_referral().id for _ in range(6)]
        db.session.commit()

    def file_it(referral_id: int, supervisor: Actor, at_once: Barrier) -> bool:
        with own_database.app_context():
            referral = db.session.get_one(Referral, referral_id)
            _ = referral.submission.document, referral.state
            db.session.rollback()
            at_once.wait()
            try:
                services.file(referral, case=None, actor=supervisor, now=NOW)
            except AlreadyDone:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    for referral_id in ids:
        at_once = Barrier(2)
        with ThreadPoolExecutor(2) as both:
            won = list(
                both.map(lambda who: file_it(referral_id, who, at_once), supervisors)  # noqa: B023
            )
        assert sorted(won) == [False, True]
    with own_database.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == len(ids)


def test_two_who_mark_each_referral_as_the_others_duplicate_leave_one_that_goes_on(
    own_database: Flask,
) -> None:
    """R-03: neither waits for the other for ever, and the family is not closed out twice."""
    with own_database.app_context():
        supervisors = [make_user(Role.SUPERVISOR).as_actor() for _ in range(2)]
        pairs = [(make_referral().id, make_referral().id) for _ in range(6)]
        db.session.commit()

    def mark(ids: tuple[int, int], supervisor: Actor, at_once: Barrier) -> bool:
        with own_database.app_context():
            referral, original = (db.session.get_one(Referral, one) for one in ids)
            db.session.rollback()
            at_once.wait()
            try:
                services.mark_duplicate(referral, original, actor=supervisor, now=NOW)
            except (AlreadyDone, Refused):
                db.session.rollback()
                return False
            db.session.commit()
            return True

    for one, other in pairs:
        at_once = Barrier(2)
        with ThreadPoolExecutor(2) as both:
            presses = [
                both.submit(mark, ids, supervisor, at_once)
                for ids, supervisor in zip([(one, other), (other, one)], supervisors, strict=True)
            ]
            assert sorted(press.result() for press in presses) == [False, True]


# Questions


def test_an_answer_stands_beside_its_question(session: Database, supervisor: Actor) -> None:
    referral = make_referral()
    referrer = make_user(Role.REFERRER).as_actor()
    services.ask(referral, "  Which number is right?\r\nThe second?  ", actor=supervisor, now=NOW)
    services.answer(referral, "The first.", actor=referrer, now=NOW + timedelta(hours=1))
    (question,) = referral.questions
    assert question.text == "Which number is right?\nThe second?"
    assert (question.answer, question.answered_by_id) == ("The first.", referrer.id)


def test_a_second_question_has_its_own_answer(session: Database, supervisor: Actor) -> None:
    referral = make_referral()
    for text in ("First?", "Second?"):
        services.ask(referral, text, actor=supervisor, now=NOW)
        services.answer(referral, f"To {text}", actor=supervisor, now=NOW)
    session.expire_all()
    assert [(one.text, one.answer) for one in referral.questions] == [
        ("First?", "To First?"),
        ("Second?", "To Second?"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write your question."), (" \n ", "Write your question."), ("x" * 2001, "2,000")],
)
def test_a_question_that_says_nothing_or_too_much_is_refused(
    session: Database, supervisor: Actor, text: str, words: str
) -> None:
    referral = make_referral()
    with pytest.raises(Refused, match=words) as refused:
        services.ask(referral, text, actor=supervisor, now=NOW)
    assert list(refused.value.problems) == ["text"]
    assert referral.state is ReferralState.SUBMITTED


def test_an_answer_with_a_control_character_is_refused(
    session: Database, supervisor: Actor
) -> None:
    referral = referral_in(ReferralState.QUESTION_ASKED, supervisor)
    with pytest.raises(Refused, match="control character"):
        services.answer(referral, "The \x00 first", actor=supervisor, now=NOW)


# Decline, duplicate


@pytest.mark.parametrize("reason", ["", "nonsense", "Outside the area"])
def test_a_referral_is_declined_with_a_reason_of_the_list_only(
    session: Database, supervisor: Actor, reason: str
) -> None:
    referral = make_referral()
    with pytest.raises(Refused) as refused:
        services.decline(referral, reason, actor=supervisor, now=NOW)
    assert list(refused.value.problems) == ["reason"]


def test_a_referral_is_no_duplicate_of_itself_nor_of_a_duplicate(
    session: Database, supervisor: Actor
) -> None:
    referral, duplicate = make_referral(), referral_in(ReferralState.DUPLICATE, supervisor)
    for original in (referral, duplicate):
        with pytest.raises(Refused) as refused:
            services.mark_duplicate(referral, original, actor=supervisor, now=NOW)
        assert list(refused.value.problems) == ["original"]


@pytest.mark.parametrize("state", ReferralState)
def test_a_referral_is_a_duplicate_only_of_one_that_goes_on(
    session: Database, supervisor: Actor, state: ReferralState
) -> None:
    """Closed as a duplicate of a closed one, a family would be nobody's (REF-07)."""
    referral, original = make_referral(), referral_in(state, supervisor)
    waits_or_filed = {
        ReferralState.SUBMITTED,
        ReferralState.QUESTION_ASKED,
        ReferralState.FILED,
    }
    if state in waits_or_filed:
        services.mark_duplicate(referral, original, actor=supervisor, now=NOW)
        assert referral.duplicate_of_id == original.id
    else:
        with pytest.raises(Refused) as refused:
            services.mark_duplicate(referral, original, actor=supervisor, now=NOW)
        assert list(refused.value.problems) == ["original"]
        assert referral.state is ReferralState.SUBMITTED


# Withdrawal


def consents_of(case: Case) -> dict[str, bool]:
    """first name -> whether anything is still allowed."""
    found: dict[str, bool] = {}
    for consent in db.session.scalars(select(Consent).where(Consent.case_id == case.id)):
        name = consent.person.first_name
        found[name] = found.get(name, False) or consent.withdrawn_at is None
    return found


def filed_for_two(supervisor: User) -> Referral:
    document = referral_document()
    document["parents"].append(SECOND_PARENT)
    return make_filed_referral(document, supervisor=supervisor)


def test_before_a_decision_the_withdrawal_closes_the_referral(session: Database) -> None:
    """ADV-05: recorded by whoever hears it first."""
    referrer = make_user(Role.REFERRER)
    referral = make_referral(referrer=referrer)
    services.withdraw(referral, actor=referrer.as_actor(), now=NOW)
    assert referral.state is ReferralState.WITHDRAWN
    assert referral.withdrawn_by_id == referrer.id


def test_after_filing_the_withdrawal_takes_back_all_that_was_allowed(session: Database) -> None:
    referral = filed_for_two(make_user(Role.SUPERVISOR))
    stint = make_assignment(referral.case, state=AssignmentState.IN_CONTACT)
    stopped = services.withdraw(referral, actor=make_user(Role.REFERRER).as_actor(), now=NOW)
    assert consents_of(referral.case) == {"Luz": False, "Rafael": False}
    assert "All contact with this parent stops, and with it their support." in stopped
    session.refresh(stint)
    assert stint.state is AssignmentState.ENDED


def test_a_withdrawal_of_one_parent_leaves_the_other(session: Database) -> None:
    referral = filed_for_two(make_user(Role.SUPERVISOR))
    services.withdraw(referral, actor=make_user(Role.HELPLINE).as_actor(), now=NOW, positions={1})
    assert consents_of(referral.case) == {"Luz": True, "Rafael": False}


def test_a_withdrawal_says_from_whom_it_was_heard(session: Database) -> None:
    referral = filed_for_two(make_user(Role.SUPERVISOR))
    services.withdraw(referral, actor=make_user(Role.REFERRER).as_actor(), now=NOW)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.event == Event.CONSENT_WITHDRAWN)
    ).first()
    assert event is not None
    assert event.detail["heard_from"] == "referrer"


def test_a_second_withdrawal_changes_nothing(session: Database) -> None:
    referral = filed_for_two(make_user(Role.SUPERVISOR))
    actor = make_user(Role.REFERRER).as_actor()
    services.withdraw(referral, actor=actor, now=NOW)
    before = events_of(referral)
    assert services.withdraw(referral, actor=actor, now=NOW) == ()
    assert events_of(referral) == before


def test_a_withdrawal_does_not_reach_a_parent_of_another_referral(session: Database) -> None:
    """Each parent answers for themself (REF-03): what the agency did not refer it cannot end."""
    first = make_filed_referral()
    other = make_filed_referral(referral_document(parents__0__first_name="Rafael"), case=first.case)
    services.withdraw(first, actor=make_user(Role.REFERRER).as_actor(), now=NOW)
    assert consents_of(first.case) == {"Luz": False, "Rafael": True}
    assert other.case is first.case


def test_nobody_waits_in_the_queue_after_a_withdrawal(session: Database) -> None:
    referral = make_filed_referral()
    (parent,) = referral.filed_parents
    session.add(
        Waiting(
            case_id=referral.case_id,
            person_id=parent.person_id,
            referral_id=referral.id,
            since=NOW,
            why="filed",
        )
    )
    services.withdraw(referral, actor=make_user(Role.REFERRER).as_actor(), now=NOW)
    assert session.scalars(select(Waiting.ended_at)).all() == [NOW]


def test_the_database_refuses_a_state_without_its_facts(session: Database) -> None:
    """The constraints of the model: declined if and only if there is a reason, and so on."""
    from sqlalchemy.exc import IntegrityError

    referral = make_referral(sender=make_organisation())
    for state in ("declined", "duplicate", "filed", "withdrawn"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(update(Referral).where(Referral.id == referral.id).values(state=state))


@pytest.mark.parametrize("state", [ReferralState.DUPLICATE, ReferralState.WITHDRAWN])
def test_an_agency_that_is_late_learns_only_that_it_is_closed(
    session: Database, supervisor: Actor, state: ReferralState
) -> None:
    """REF-07: of what it is a duplicate, or to whom the parent said that they withdraw, is not
    theirs to know."""
    closed = referral_in(state, supervisor)
    agency = make_user(Role.REFERRER, organisation=closed.organisation)
    with pytest.raises(AlreadyDone) as told:
        services.withdraw(closed, actor=agency.as_actor(), now=NOW)
    assert told.value.what.startswith("This referral was already closed.")
    assert told.value.by is None


def test_an_agency_that_withdraws_a_duplicate_is_told_that_nothing_is_on_record_yet(
    session: Database, supervisor: Actor
) -> None:
    """ADV-05: the family may be supported through the other referral."""
    duplicate = referral_in(ReferralState.DUPLICATE, supervisor)
    agency = make_user(Role.REFERRER, organisation=duplicate.organisation)
    with pytest.raises(AlreadyDone, match=r"tell us by phone: \(212\) 676-9421"):
        services.withdraw(duplicate, actor=agency.as_actor(), now=NOW)

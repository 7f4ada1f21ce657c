"""Messages that the helpline leaves, and a withdrawal that it hears (REF-01, ADV-05)."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.services import disable_user
from parents_partners.accounts.types import Role
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Conflict, Consent
from parents_partners.cases.services.conflicts import record_conflict
from parents_partners.cases.types import ConsentScope, HeardFrom
from parents_partners.core.errors import Absent, Refused
from parents_partners.referrals.models import Message, Referral
from parents_partners.referrals.queries.messages import (
    message_for,
    messages_left_by,
    reachable_referral,
    waiting_messages,
)
from parents_partners.referrals.services import mark_duplicate
from parents_partners.referrals.services.messages import hear_withdrawal, leave, see
from parents_partners.referrals.types import MessageCommand, ReferralState, WithdrawalCommand
from tests.documents import referral_document
from tests.factories import (
    NOW,
    make_assignment,
    make_filed_referral,
    make_message,
    make_parent,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]
EVERYTHING = frozenset(ConsentScope)


@pytest.fixture
def helper(session: Database) -> User:
    return make_user(Role.HELPLINE)


def hear(
    helper: User,
    referral: Referral,
    first_name: str = "Luz",
    last_name: str = "Marte",
    scopes: frozenset[ConsentScope] = EVERYTHING,
) -> Message:
    command = WithdrawalCommand(
        first_name, last_name, scopes, HeardFrom.PARENT, MessageCommand("A parent called.")
    )
    return hear_withdrawal(referral, command, actor=helper.as_actor(), now=NOW)


def in_force(session: Database, referral: Referral) -> int:
    of_family = Consent.case_id == referral.case_id
    query = select(func.count(Consent.id)).where(of_family, Consent.withdrawn_at.is_(None))
    return session.scalar(query) or 0


def test_a_message_waits_for_whoever_carries_the_family(helper: User) -> None:
    unit = make_unit()
    specialist, other = make_specialist(unit=unit), make_specialist(unit=unit)
    supervisor = make_user(Role.SUPERVISOR, unit=unit)
    referral = make_filed_referral()
    make_assignment(referral.case, specialist, state=AssignmentState.ACCEPTED)
    message = make_message(referral, helper)
    assert [row.public_id for row in waiting_messages(specialist.as_actor())] == [message.public_id]
    assert waiting_messages(other.as_actor()) == ()
    assert waiting_messages(supervisor.as_actor()) == ()
    with pytest.raises(Absent):
        message_for(other.as_actor(), message.public_id)
    assert message_for(supervisor.as_actor(), message.public_id) is message


@pytest.mark.parametrize("state", ["nobody decided", "filed", "offered"])
def test_without_a_specialist_it_waits_for_the_supervisors(state: str, helper: User) -> None:
    unit = make_unit()
    supervisor = make_user(Role.SUPERVISOR, unit=unit)
    referral = make_referral() if state == "nobody decided" else make_filed_referral()
    if state == "offered":
        make_assignment(referral.case, make_specialist(unit=unit), state=AssignmentState.OFFERED)
    make_message(referral, helper)
    assert len(waiting_messages(supervisor.as_actor())) == 1


@pytest.mark.parametrize("known_by", ["family", "number", "number of a referral", "of a duplicate"])
def test_a_message_for_a_specialist_who_is_kept_out_waits_for_the_supervisors(
    known_by: str, session: Database, helper: User
) -> None:
    """The specialist may not read it any more, and a call about the family is not lost."""
    unit = make_unit()
    specialist, other = make_specialist(unit=unit), make_specialist(unit=unit)
    supervisor = make_user(Role.SUPERVISOR, unit=unit).as_actor()
    referral, second = make_filed_referral(), make_referral()
    mark_duplicate(second, referral, actor=supervisor, now=NOW)
    referral.case.number_key, referral.number_key, second.number_key = "S01", "S02", "S03"
    make_assignment(referral.case, specialist, state=AssignmentState.IN_CONTACT)
    message = make_message(referral, helper)
    number = {"number": "S01", "number of a referral": "S02", "of a duplicate": "S03"}.get(known_by)
    case = None if number else referral.case
    record_conflict(other.id, actor=supervisor, now=NOW, number_key=number, case=case)
    assert waiting_messages(supervisor) == ()
    record_conflict(specialist.id, actor=supervisor, now=NOW, number_key=number, case=case)
    session.expire_all()
    assert waiting_messages(specialist.as_actor()) == ()
    assert [row.public_id for row in waiting_messages(supervisor)] == [message.public_id]


def test_a_message_for_a_specialist_whose_account_is_disabled_waits_for_the_supervisors(
    session: Database, helper: User
) -> None:
    """Their families stay with them on record until they are handed over; who calls is not lost."""
    unit = make_unit()
    specialist = make_specialist(unit=unit)
    supervisor = make_user(Role.SUPERVISOR, unit=unit).as_actor()
    referral = make_filed_referral()
    make_assignment(referral.case, specialist, state=AssignmentState.IN_CONTACT)
    message = make_message(referral, helper)
    assert waiting_messages(supervisor) == ()
    disable_user(specialist, actor=make_user(Role.ADMIN).as_actor(), now=NOW)
    assert [row.public_id for row in waiting_messages(supervisor)] == [message.public_id]


def test_a_message_that_was_seen_waits_no_more_and_the_first_who_saw_it_stays(
    session: Database, helper: User
) -> None:
    message = make_message(make_referral(), helper)
    first, second = make_user(Role.SUPERVISOR), make_user(Role.SUPERVISOR)
    see(message, actor=first.as_actor(), now=NOW)
    see(message, actor=second.as_actor(), now=NOW)
    assert message.seen_by_id == first.id
    assert waiting_messages(second.as_actor()) == ()
    [row] = messages_left_by(helper.as_actor())
    assert (row.seen_at, row.seen_by) == (NOW, Role.SUPERVISOR)
    seen = select(func.count(AuditEvent.id)).where(AuditEvent.event == Event.MESSAGE_SEEN)
    assert session.scalar(seen) == 1


def test_a_message_about_a_duplicate_hangs_on_the_referral_that_goes_on(helper: User) -> None:
    original, second = make_referral(), make_referral()
    supervisor = make_user(Role.SUPERVISOR).as_actor()
    mark_duplicate(second, original, actor=supervisor, now=NOW)
    message = leave(second, MessageCommand("She moved."), actor=helper.as_actor(), now=NOW)
    assert message.referral_id == original.id


def test_a_message_goes_along_when_its_referral_becomes_a_duplicate(helper: User) -> None:
    """It would wait for nobody who supports the family."""
    original, second = make_referral(), make_referral()
    message = leave(second, MessageCommand("She moved."), actor=helper.as_actor(), now=NOW)
    mark_duplicate(second, original, actor=make_user(Role.SUPERVISOR).as_actor(), now=NOW)
    assert message.referral_id == original.id


def test_other_words_from_the_same_page_are_another_message(
    session: Database, helper: User
) -> None:
    """Pitfall 2: neither twice, nor lost after the back button."""
    referral, actor = make_referral(), helper.as_actor()
    for text in ("She moved.", "She moved.", "She moved to her sister's."):
        leave(referral, MessageCommand(text, key="a" * 20), actor=actor, now=NOW)
    said = session.scalars(select(Message.text).order_by(Message.id)).all()
    assert said == ["She moved.", "She moved to her sister's."]


def test_the_key_of_a_colleagues_page_gives_nothing_of_their_message(helper: User) -> None:
    referral, colleague = make_referral(), make_user(Role.HELPLINE)
    command = MessageCommand("She moved.", key="a" * 20)
    leave(referral, command, actor=colleague.as_actor(), now=NOW)
    with pytest.raises(Refused, match="used this page"):
        leave(referral, command, actor=helper.as_actor(), now=NOW)


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001, "half\x00"])
def test_a_message_says_something_that_can_be_kept(text: str, helper: User) -> None:
    with pytest.raises(Refused) as refused:
        leave(make_referral(), MessageCommand(text), actor=helper.as_actor(), now=NOW)
    assert list(refused.value.problems) == ["text"]


def test_a_message_can_be_left_about_any_family_but_those_of_the_conflict_list(
    session: Database, helper: User
) -> None:
    """ADV-01."""
    carried = make_filed_referral()
    make_assignment(carried.case)
    assert reachable_referral(helper.as_actor(), carried.public_id) is carried
    session.add(Conflict(user_id=helper.id, case_id=carried.case_id, recorded_at=NOW))
    session.flush()
    with pytest.raises(Absent):
        reachable_referral(helper.as_actor(), carried.public_id)


@pytest.mark.parametrize("name", [("Luz", "Marte"), ("LUZ", "marté"), ("Marte", "Luz")])
def test_the_name_of_the_parent_withdraws_at_once_however_it_is_spelt(
    name: tuple[str, str], session: Database, helper: User
) -> None:
    """ADV-05: by whoever hears it first, for any family."""
    referral = make_filed_referral()
    make_assignment(referral.case, state=AssignmentState.IN_CONTACT)
    hear(helper, referral, *name)
    assert in_force(session, referral) == 0


def test_another_name_withdraws_nothing_and_leaves_the_same_message(
    session: Database, helper: User
) -> None:
    """ADV-05: what comes back tells nobody who is in the family."""
    known, unknown = make_filed_referral(), make_filed_referral()
    given = in_force(session, unknown)
    hear(helper, known)
    hear(helper, unknown, "Somebody", "Else")
    assert in_force(session, unknown) == given > 0
    rows = messages_left_by(helper.as_actor())
    assert len(rows) == 2
    assert len({(row.text, row.seen_at) for row in rows}) == 1


def test_a_part_is_taken_back_alone(session: Database, helper: User) -> None:
    referral = make_filed_referral()
    given = in_force(session, referral)
    hear(helper, referral, scopes=frozenset({ConsentScope.ATTEND_MEETINGS}))
    assert in_force(session, referral) == given - 1


def test_of_two_parents_with_one_name_nobody_at_the_helpline_can_say_which(
    session: Database, helper: User
) -> None:
    referral = make_filed_referral()
    assert referral.case is not None
    make_parent(referral.case)
    given = in_force(session, referral)
    hear(helper, referral)
    assert in_force(session, referral) == given


@pytest.mark.parametrize(
    ("case", "state"),
    [
        ("the only parent who agreed", ReferralState.WITHDRAWN),
        ("another name", ReferralState.SUBMITTED),
        ("a part only", ReferralState.SUBMITTED),
        ("two parents agreed", ReferralState.SUBMITTED),
    ],
)
def test_a_referral_that_nobody_decided_about_is_withdrawn_for_its_only_parent(
    case: str, state: ReferralState, session: Database, helper: User
) -> None:
    document: dict[str, Any] = referral_document()
    if case == "two parents agreed":
        [mother] = document["parents"]
        document["parents"] = [mother, {**mother, "first_name": "José", "relationship": "father"}]
    referral = make_referral(document)
    scopes = frozenset({ConsentScope.SUPPORT}) if case == "a part only" else EVERYTHING
    hear(helper, referral, "Ann" if case == "another name" else "Luz", scopes=scopes)
    assert referral.state is state
    assert session.scalar(select(func.count(Message.id))) == 1


def decided_meanwhile(session: Database, referral: Referral, **decision: Any) -> None:
    """By somebody else, after the page had looked."""
    supervisor = make_user(Role.SUPERVISOR)
    session.execute(
        update(Referral)
        .where(Referral.id == referral.id)
        .values(decided_at=NOW, decided_by_id=supervisor.id, **decision)
        .execution_options(synchronize_session=False)
    )
    assert referral.state is ReferralState.SUBMITTED


def test_a_withdrawal_that_is_heard_while_somebody_declines_leaves_its_message(
    session: Database, helper: User
) -> None:
    """ADV-05: nothing that was heard is lost, nor is told what was decided."""
    referral = make_referral()
    decided_meanwhile(
        session, referral, state=ReferralState.DECLINED, decline_reason="outside_area"
    )
    assert hear(helper, referral).referral_id == referral.id


@pytest.mark.parametrize("how", ["filed", "marked as a duplicate"])
def test_a_withdrawal_that_is_heard_while_somebody_files_takes_effect(
    how: str, session: Database, helper: User
) -> None:
    """ADV-05, R-06."""
    family, referral = make_filed_referral(), make_referral()
    given = in_force(session, family)
    if how == "filed":
        decided_meanwhile(session, referral, state=ReferralState.FILED, case_id=family.case_id)
    else:
        decided_meanwhile(
            session, referral, state=ReferralState.DUPLICATE, duplicate_of_id=family.id
        )
    hear(helper, referral, scopes=frozenset({ConsentScope.ATTEND_MEETINGS}))
    assert in_force(session, family) == given - 1


def test_nothing_taken_back_is_refused(helper: User) -> None:
    with pytest.raises(Refused) as refused:
        hear(helper, make_referral(), scopes=frozenset())
    assert list(refused.value.problems) == ["scopes"]

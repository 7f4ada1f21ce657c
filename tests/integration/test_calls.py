"""A call to the helpline: taken, changed, called back, and what it becomes (REF-01)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Conflict
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.intake import services
from parents_partners.intake.models import Call, CallBack, Draft
from parents_partners.intake.queries import calls as queries
from parents_partners.intake.types import (
    CallBackOutcome,
    Caller,
    CallKind,
    CallLine,
    ChangedCall,
    NotedOtherwise,
    StaleCall,
    TakenCall,
)
from parents_partners.referrals.models import Message
from tests.factories import (
    NOW,
    TODAY,
    make_call,
    make_filed_referral,
    make_referral,
    make_user,
)

Database = scoped_session[Session]
KEY = "a" * 20


@pytest.fixture
def helper(session: Database) -> User:
    return make_user(Role.HELPLINE)


def take(user: User, taken: TakenCall, key: str = KEY, **about: object) -> Call:
    actor = user.as_actor()
    return services.take_call(taken, submission_key=key, actor=actor, now=NOW, **about)


def call_back(user: User, call: Call, outcome: CallBackOutcome, tries: int = 0) -> None:
    services.record_call_back(call, outcome, tries=tries, actor=user.as_actor(), now=NOW)


def test_a_caller_need_not_say_anything(helper: User) -> None:
    call = take(helper, TakenCall(CallKind.WRONG_NUMBER, CallLine.HELPLINE))
    assert (call.caller, call.first_name, call.note) == (None, None, None)


def test_the_same_page_sent_twice_is_one_call(session: Database, helper: User) -> None:
    taken = TakenCall(CallKind.INFORMATION_GIVEN, CallLine.HELPLINE, note="Asked what we do.")
    assert take(helper, taken).id == take(helper, taken).id
    assert session.scalar(select(func.count(Call.id))) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"kind": CallKind.WRONG_NUMBER},
        {"note": "Asked for help."},
        {"phone": "(347) 555-0142"},
        {"language": "es"},
    ],
)
def test_the_same_page_with_other_words_is_not_taken_for_the_same_call(
    other: dict[str, Any], session: Database, helper: User
) -> None:
    taken = TakenCall(CallKind.INFORMATION_GIVEN, CallLine.HELPLINE, note="Asked what we do.")
    call = take(helper, taken)
    with pytest.raises(NotedOtherwise):
        take(helper, replace(taken, **other))
    assert call.note is not None
    assert (call.kind, call.note.text) == (taken.kind, taken.note)
    with pytest.raises(NotedOtherwise):
        take(helper, taken, about=make_referral())


def test_the_key_of_a_colleagues_page_gives_nothing_of_their_call(helper: User) -> None:
    take(make_user(Role.HELPLINE), TakenCall(CallKind.WRONG_NUMBER, CallLine.HELPLINE))
    with pytest.raises(Refused):
        take(helper, TakenCall(CallKind.WRONG_NUMBER, CallLine.HELPLINE))


def test_a_call_back_is_due_on_the_next_day(helper: User) -> None:
    wanted = TakenCall(CallKind.CALL_BACK_WANTED, CallLine.HELPLINE, phone="(347) 555-0142")
    assert take(helper, wanted).call_back_on == TODAY + timedelta(days=1)


def test_a_parent_in_jail_cannot_be_called_back(helper: User) -> None:
    wanted = TakenCall(CallKind.CALL_BACK_WANTED, CallLine.COLLECT, phone="(347) 555-0142")
    with pytest.raises(Refused, match="jail"):
        take(helper, wanted)


@pytest.mark.parametrize("phone", [None, "her mother's"])
def test_a_call_back_needs_a_number(phone: str | None, helper: User) -> None:
    with pytest.raises(Refused) as refused:
        take(helper, TakenCall(CallKind.CALL_BACK_WANTED, CallLine.HELPLINE, phone=phone))
    assert list(refused.value.problems) == ["phone"]


def test_what_was_said_about_a_known_family_is_left_as_a_message(
    session: Database, helper: User
) -> None:
    referral = make_referral()
    taken = TakenCall(
        CallKind.UPDATE,
        CallLine.HELPLINE,
        caller=Caller.WORKER,
        last_name="Boyd",
        phone="(718) 555-0163",
        may_leave_voicemail=False,
        note="The conference was moved.",
    )
    call = take(helper, taken, about=referral)
    message = session.scalars(select(Message)).one()
    assert (call.referral_id, call.message_id) == (referral.id, message.id)
    assert message.text == "The conference was moved."
    assert message.caller == "Boyd, ACS or agency staff"
    assert message.may_leave_voicemail is False


def test_an_update_names_its_referral_and_says_something(helper: User) -> None:
    with pytest.raises(Refused) as refused:
        take(helper, TakenCall(CallKind.UPDATE, CallLine.HELPLINE, note="She moved."))
    assert list(refused.value.problems) == ["referral"]
    with pytest.raises(Refused) as refused:
        take(helper, TakenCall(CallKind.UPDATE, CallLine.HELPLINE), about=make_referral())
    assert list(refused.value.problems) == ["note"]


def test_everybody_at_the_helpline_sees_who_waits_and_nobody_elses_other_calls(
    helper: User,
) -> None:
    colleague = make_user(Role.HELPLINE)
    waits = make_call(colleague, kind=CallKind.CALL_BACK_WANTED)
    other = make_call(colleague)
    viewer = helper.as_actor()
    assert [row.public_id for row in queries.call_backs_due(viewer, now=NOW)] == [waits.public_id]
    assert queries.call_for(viewer, waits.public_id) is waits
    with pytest.raises(Absent):
        queries.call_for(viewer, other.public_id)


def test_who_waits_longest_comes_first(helper: User) -> None:
    kind = CallKind.CALL_BACK_WANTED
    due = make_call(helper, kind=kind)
    late = make_call(helper, kind=kind, call_back_on=TODAY - timedelta(days=2))
    rows = queries.call_backs_due(helper.as_actor(), now=NOW)
    assert [(row.public_id, row.overdue) for row in rows] == [
        (late.public_id, True),
        (due.public_id, False),
    ]


def test_reached_is_done_with_and_nobody_answered_is_not(session: Database, helper: User) -> None:
    call = make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    call_back(helper, call, CallBackOutcome.NOBODY_ANSWERED)
    [row] = queries.call_backs_due(helper.as_actor(), now=NOW)
    assert (row.tried_at, row.tried_by) == (NOW, helper.name)
    call_back(helper, call, CallBackOutcome.REACHED, tries=1)
    assert queries.call_backs_due(helper.as_actor(), now=NOW) == ()
    tries = session.scalars(select(CallBack.reached).order_by(CallBack.id)).all()
    assert tries == [False, True]


def test_who_comes_second_is_told_who_called(helper: User) -> None:
    call = make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    call_back(helper, call, CallBackOutcome.REACHED)
    with pytest.raises(AlreadyDone) as done:
        call_back(make_user(Role.HELPLINE), call, CallBackOutcome.NOBODY_ANSWERED)
    assert (done.value.by, done.value.at) == (helper.name, NOW)


def test_nobody_answered_pressed_twice_is_one_try(session: Database, helper: User) -> None:
    call = make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    call_back(helper, call, CallBackOutcome.NOBODY_ANSWERED)
    with pytest.raises(AlreadyDone):
        call_back(helper, call, CallBackOutcome.NOBODY_ANSWERED)
    assert session.scalar(select(func.count(CallBack.id))) == 1


def test_a_change_of_the_note_is_not_taken_for_a_try(session: Database, helper: User) -> None:
    """The only try was before the colleague looked."""
    call, colleague = make_call(helper, kind=CallKind.CALL_BACK_WANTED), make_user(Role.HELPLINE)
    call_back(helper, call, CallBackOutcome.NOBODY_ANSWERED)
    [seen] = queries.call_backs_due(colleague.as_actor(), now=NOW)
    changed = ChangedCall(CallKind.CALL_BACK_WANTED, "After 5 pm.", version=call.version)
    services.change_call(call, changed, actor=helper.as_actor(), now=NOW)
    call_back(colleague, call, CallBackOutcome.REACHED, tries=seen.tries)
    assert call.call_back_done_by_id == colleague.id


def test_no_longer_wanted_is_nobodys_call(session: Database, helper: User) -> None:
    call = make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    call_back(helper, call, CallBackOutcome.NO_LONGER_WANTED)
    assert call.call_back_done_by_id == helper.id
    assert session.scalar(select(func.count(CallBack.id))) == 0


def test_a_change_over_a_change_is_refused_with_both_texts(helper: User) -> None:
    call = make_call(helper, note="Asked what we do.")
    changed = ChangedCall(CallKind.INFORMATION_GIVEN, "Asked for help.", version=call.version)
    services.change_call(call, changed, actor=helper.as_actor(), now=NOW)
    with pytest.raises(StaleCall) as stale:
        services.change_call(call, changed, actor=helper.as_actor(), now=NOW)
    assert stale.value.note == "Asked for help."


def test_a_call_back_that_was_made_stays_one(helper: User) -> None:
    call = make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    call_back(helper, call, CallBackOutcome.REACHED)
    changed = ChangedCall(CallKind.WRONG_NUMBER, "", version=call.version)
    with pytest.raises(Refused):
        services.change_call(call, changed, actor=helper.as_actor(), now=NOW)


def test_a_change_of_kind_makes_and_ends_a_call_back(helper: User) -> None:
    call = make_call(helper)
    wanted = ChangedCall(CallKind.CALL_BACK_WANTED, "", version=call.version)
    services.change_call(call, wanted, actor=helper.as_actor(), now=NOW)
    assert call.call_back_on == TODAY + timedelta(days=1)
    given = ChangedCall(CallKind.INFORMATION_GIVEN, "", version=call.version)
    services.change_call(call, given, actor=helper.as_actor(), now=NOW)
    assert call.call_back_on is None


def test_a_call_without_a_number_becomes_a_call_back_once_there_is_one(helper: User) -> None:
    call = make_call(helper, phone=None)
    wanted = ChangedCall(CallKind.CALL_BACK_WANTED, "", version=call.version)
    with pytest.raises(Refused) as refused:
        services.change_call(call, wanted, actor=helper.as_actor(), now=NOW)
    assert "phone" in refused.value.problems
    wanted = replace(wanted, phone="(347) 555-0142")
    services.change_call(call, wanted, actor=helper.as_actor(), now=NOW)
    assert (call.phone, call.call_back_on) == ("(347) 555-0142", TODAY + timedelta(days=1))


def test_nothing_of_a_parents_call_is_typed_again(session: Database, helper: User) -> None:
    call = make_call(
        helper,
        kind=CallKind.WANTS_REFERRAL,
        language="es",
        through_interpreter=True,
        may_leave_voicemail=False,
        safe_contact_note="Before 3 pm",
        case_number="S-012345-6",
        note="Her son was placed.",
    )
    key = services.start_referral(call, helper, actor=helper.as_actor(), now=NOW)
    document = session.scalars(select(Draft).where(Draft.public_id == key)).one().document
    assert document["parents"] == [
        {
            "first_name": "Luz",
            "last_name": "Roe",
            "phone": "(347) 555-0177",
            "preferred_language": "es",
            "interpreter_needed": True,
            "safe_contact": {"voicemail": False, "note": "Before 3 pm"},
        }
    ]
    assert document["case"] == {"number": "S-012345-6"}
    assert document["history"] == {"issues": "Her son was placed."}


def test_a_workers_call_fills_in_the_caseworker_and_the_parent_they_spoke_of(
    session: Database, helper: User
) -> None:
    call = make_call(helper, caller=Caller.WORKER, organisation="Harborview Family Services")
    taken = TakenCall(
        CallKind.WANTS_REFERRAL,
        CallLine.HELPLINE,
        family=("Ida", "Marte"),
        family_phone="(347) 555-0142",
    )
    key = services.start_referral(call, helper, taken=taken, actor=helper.as_actor(), now=NOW)
    document = session.scalars(select(Draft).where(Draft.public_id == key)).one().document
    assert document["parents"] == [
        {"first_name": "Ida", "last_name": "Marte", "phone": "(347) 555-0142"}
    ]
    assert document["case"]["agency"] == "Harborview Family Services"
    assert document["case"]["caseworker"]["name"] == "Luz Roe"


def test_a_second_press_goes_on_with_the_same_draft_and_a_deleted_one_is_begun_anew(
    session: Database, helper: User
) -> None:
    call, actor = make_call(helper, kind=CallKind.WANTS_REFERRAL), helper.as_actor()
    first = services.start_referral(call, helper, actor=actor, now=NOW)
    assert services.start_referral(call, helper, actor=actor, now=NOW) == first
    draft = session.scalars(select(Draft)).one()
    services.delete(draft, actor=actor, now=NOW)
    assert services.start_referral(call, helper, actor=actor, now=NOW) != first


def test_a_draft_of_a_colleague_is_told_and_not_opened(helper: User) -> None:
    call = make_call(helper, kind=CallKind.CALL_BACK_WANTED)
    services.start_referral(call, helper, actor=helper.as_actor(), now=NOW)
    colleague = make_user(Role.HELPLINE)
    with pytest.raises(AlreadyDone) as done:
        services.start_referral(call, colleague, actor=colleague.as_actor(), now=NOW)
    assert done.value.by == helper.name


@pytest.mark.parametrize("written", ["S-012345-6", "s 0123456"])
def test_a_call_about_a_family_of_the_conflict_list_is_not_there(
    written: str, session: Database, helper: User
) -> None:
    """However the number is written (ADV-01)."""
    call = take(
        helper, TakenCall(CallKind.INFORMATION_GIVEN, CallLine.HELPLINE, case_number=written)
    )
    session.add(Conflict(user_id=helper.id, number_key="S0123456", recorded_at=NOW))
    session.flush()
    with pytest.raises(Absent):
        queries.call_for(helper.as_actor(), call.public_id)


def test_so_is_a_call_whose_referral_tells_the_number_that_the_call_did_not(
    session: Database, helper: User
) -> None:
    wanted = TakenCall(CallKind.CALL_BACK_WANTED, CallLine.HELPLINE, phone="(347) 555-0142")
    call = take(make_user(Role.HELPLINE), wanted)
    referral = make_referral()
    call.draft_key = referral.submission_key = KEY
    session.flush()
    assert queries.call_for(helper.as_actor(), call.public_id).public_id == call.public_id
    session.add(Conflict(user_id=helper.id, number_key=referral.number_key, recorded_at=NOW))
    session.flush()
    with pytest.raises(Absent):
        queries.call_for(helper.as_actor(), call.public_id)


def test_so_is_a_call_that_names_another_number_of_the_family(
    session: Database, helper: User
) -> None:
    """The entry knows the family by its case, the call by what an agency wrote."""
    referral = make_filed_referral()
    referral.number_key = "S777"
    call = take(
        helper, TakenCall(CallKind.INFORMATION_GIVEN, CallLine.HELPLINE, case_number="S-777")
    )
    session.add(Conflict(user_id=helper.id, case_id=referral.case_id, recorded_at=NOW))
    session.flush()
    with pytest.raises(Absent):
        queries.call_for(helper.as_actor(), call.public_id)


def test_lists_can_be_asked_for_collect_calls_and_for_interpreters(helper: User) -> None:
    plain = make_call(helper)
    collect = make_call(helper, line=CallLine.COLLECT)
    interpreted = make_call(helper, through_interpreter=True)

    def ids(chosen: queries.CallFilter) -> set[str]:
        page = queries.calls_of(helper.as_actor(), chosen, after=None)
        return {row.public_id for row in page.rows}

    assert ids(queries.CallFilter()) == {one.public_id for one in (plain, collect, interpreted)}
    assert ids(queries.CallFilter(line=CallLine.COLLECT)) == {collect.public_id}
    assert ids(queries.CallFilter(through_interpreter=True)) == {interpreted.public_id}


def test_every_act_on_a_call_is_on_record(session: Database, helper: User) -> None:
    wanted = TakenCall(CallKind.CALL_BACK_WANTED, CallLine.HELPLINE, phone="(347) 555-0142")
    call = take(helper, wanted)
    call_back(helper, call, CallBackOutcome.NOBODY_ANSWERED)
    call_back(helper, call, CallBackOutcome.REACHED, tries=1)
    events = session.scalars(
        select(AuditEvent.event).where(AuditEvent.subject == "call").order_by(AuditEvent.id)
    ).all()
    assert events == [Event.CALL_TAKEN, Event.CALL_BACK_FAILED, Event.CALLED_BACK]

"""A family goes over to another Family Specialist, on both engines."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from parents_partners.accounts.types import Role
from parents_partners.advocates.models import AssignedParent, Assignment, Specialist
from parents_partners.advocates.queries.notes import entries_to_pass_on
from parents_partners.advocates.queries.timeline import ActivityRow, EventRow, timeline_of
from parents_partners.advocates.services import handing_over
from parents_partners.advocates.services.activities import draft_of, keep_draft
from parents_partners.advocates.services.support import end
from parents_partners.advocates.types import AssignmentState, GiveCommand, HandOverState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Concern, Conflict, Consent
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.errors import AlreadyDone, Refused
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_assignment,
    make_family,
    make_hand_over,
    make_parent,
    make_specialist,
    make_task,
    make_unit,
    make_user,
    parents_of,
)

LATER = NOW + timedelta(hours=1)
NOTHING = GiveCommand(words="The visit is on Friday.", asked_on=TODAY)


@pytest.fixture
def unit(session: Any) -> Any:
    return make_unit()


@pytest.fixture
def supervisor(unit: Any) -> Any:
    return make_user(Role.SUPERVISOR, unit=unit)


@pytest.fixture
def rosa(unit: Any) -> Any:
    return make_specialist(unit=unit)


@pytest.fixture
def mei(unit: Any) -> Any:
    return make_specialist(unit=unit)


@pytest.fixture
def stint(rosa: Any, supervisor: Any) -> Assignment:
    return make_assignment(specialist=rosa, supervisor=supervisor, state=AssignmentState.IN_CONTACT)


def take(hand_over: Any, mei: Any) -> Assignment:
    return handing_over.take(hand_over, actor=mei.as_actor(), now=LATER)


def notes_of(viewer: Any, stint: Assignment) -> list[tuple[str | None, bool]]:
    page = timeline_of(viewer.as_actor(), stint.case)
    return [(row.note, row.withheld) for row in page.rows if isinstance(row, ActivityRow)]


def test_asked_given_and_taken_the_family_goes_on_with_the_other(
    session: Any, stint: Assignment, supervisor: Any, rosa: Any, mei: Any
) -> None:
    hand_over = handing_over.ask(stint, mei.public_id, actor=supervisor.as_actor(), now=NOW)
    handing_over.give(hand_over, NOTHING, actor=rosa.as_actor(), now=NOW)
    new = take(hand_over, mei)
    assert (stint.state, stint.outcome, stint.ended_at) == (
        AssignmentState.ENDED,
        "handed_over",
        LATER,
    )
    assert (new.state, new.specialist_id, new.unit_id, new.accepted_at) == (
        AssignmentState.ACCEPTED,
        mei.id,
        mei.unit_id,
        LATER,
    )
    carried = session.scalars(
        select(AssignedParent).where(AssignedParent.released_at.is_(None))
    ).all()
    assert [(row.assignment_id, row.person_id) for row in carried] == [
        (new.id, parents_of(stint.case)[0].id)
    ]
    assert hand_over.state is HandOverState.TAKEN
    events = session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all()
    assert events[-3:] == [Event.HAND_OVER_ASKED, Event.HAND_OVER_GIVEN, Event.HANDED_OVER]


def test_the_timeline_says_to_whom_a_family_was_handed_over(
    stint: Assignment, rosa: Any, mei: Any
) -> None:
    take(make_hand_over(stint, mei, state=HandOverState.GIVEN), mei)
    events = [
        row for row in timeline_of(mei.as_actor(), stint.case).rows if isinstance(row, EventRow)
    ]
    [handed_over] = [event for event in events if event.event is Event.HANDED_OVER]
    assert handed_over.specialist == mei.name


def test_a_note_is_read_by_who_wrote_it_and_by_whom_the_parents_let_it_pass_on_to(
    stint: Assignment, rosa: Any, mei: Any, supervisor: Any
) -> None:
    """Pitfall 3, S-02: the facts stay for everybody, the words do not."""
    chosen = make_activity(stint, note="canary chosen")
    make_activity(stint, note="canary kept", happened_at=NOW - timedelta(hours=2))
    make_activity(stint, happened_at=NOW - timedelta(hours=1))
    new = take(make_hand_over(stint, mei, state=HandOverState.GIVEN, notes=[chosen]), mei)
    make_activity(new, note="canary new", happened_at=LATER)
    assert notes_of(mei, stint) == [
        ("canary new", False),
        (None, False),
        (None, True),
        ("canary chosen", False),
    ]
    assert notes_of(rosa, stint) == [
        (None, True),
        (None, False),
        ("canary kept", False),
        ("canary chosen", False),
    ]
    assert all(not withheld for _, withheld in notes_of(supervisor, stint))


def test_of_two_specialists_of_a_family_each_reads_their_own_notes(
    rosa: Any, mei: Any, supervisor: Any
) -> None:
    """Two parents at odds."""
    case = make_family()
    mother, father = parents_of(case)[0], make_parent(case, first_name="José")
    for who, parent, note in ((rosa, mother, "canary hers"), (mei, father, "canary his")):
        apart = make_assignment(
            case, who, parents=[parent], supervisor=supervisor, state=AssignmentState.IN_CONTACT
        )
        make_activity(apart, note=note)
    assert {note for note, _ in notes_of(rosa, apart)} == {"canary hers", None}
    assert {note for note, _ in notes_of(mei, apart)} == {"canary his", None}


def test_a_hand_over_that_is_only_given_opens_no_note(stint: Assignment, mei: Any) -> None:
    chosen = make_activity(stint, note="canary")
    make_hand_over(stint, mei, state=HandOverState.GIVEN, notes=[chosen])
    assert notes_of(mei, stint) == [(None, True)]


def test_what_was_passed_on_can_be_passed_on_again_and_nothing_else_of_others(
    stint: Assignment, mei: Any
) -> None:
    chosen = make_activity(stint, note="passed on")
    make_activity(stint, note="kept")
    new = take(make_hand_over(stint, mei, state=HandOverState.GIVEN, notes=[chosen]), mei)
    assert [row.first_words for row in entries_to_pass_on(mei.as_actor(), new)] == ["passed on"]


def test_what_another_parent_of_the_family_told_is_not_passed_on_without_their_word(
    rosa: Any, mei: Any, stint: Assignment, supervisor: Any
) -> None:
    """Once supported by the same specialist, now somebody else's, and not asked."""
    father = make_parent(stint.case, first_name="José")
    before = make_assignment(
        stint.case, rosa, parents=[father], supervisor=supervisor, state=AssignmentState.ENDED
    )
    his, hers = make_activity(before, note="canary his"), make_activity(stint, note="hers")
    assert [row.public_id for row in entries_to_pass_on(rosa.as_actor(), stint)] == [hers.public_id]
    command = GiveCommand("All is well.", TODAY, frozenset({his.public_id}))
    with pytest.raises(Refused, match="Choose only"):
        handing_over.give(make_hand_over(stint, mei), command, actor=rosa.as_actor(), now=NOW)


def test_no_note_passes_on_where_not_every_parent_was_asked(
    stint: Assignment, rosa: Any, mei: Any
) -> None:
    note = make_activity(stint, note="kept")
    hand_over = make_hand_over(stint, mei)
    command = GiveCommand("All is well.", None, frozenset({note.public_id}))
    with pytest.raises(Refused, match="Ask every parent"):
        handing_over.give(hand_over, command, actor=rosa.as_actor(), now=NOW)
    handing_over.give(hand_over, GiveCommand("All is well.", None), actor=rosa.as_actor(), now=NOW)
    assert hand_over.parents_asked_on is None
    assert hand_over.notes == []


def test_nobody_passes_on_what_is_not_theirs(rosa: Any, mei: Any, stint: Assignment) -> None:
    foreign = make_activity(make_assignment(specialist=mei), note="of another family")
    command = GiveCommand("All is well.", TODAY, frozenset({foreign.public_id}))
    with pytest.raises(Refused, match="Choose only"):
        handing_over.give(make_hand_over(stint, mei), command, actor=rosa.as_actor(), now=NOW)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (GiveCommand("", TODAY), "few words"),
        (GiveCommand("x" * 2001, TODAY), "2,000|2000"),
        (GiveCommand("Fine.", TODAY + timedelta(days=1)), "today or earlier"),
    ],
)
def test_what_is_missing_in_a_hand_over_is_said(
    rosa: Any, mei: Any, stint: Assignment, command: GiveCommand, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        handing_over.give(make_hand_over(stint, mei), command, actor=rosa.as_actor(), now=NOW)


def test_who_may_not_be_offered_a_family_may_not_be_asked_to_take_it_over(
    session: Any, stint: Assignment, supervisor: Any, rosa: Any, mei: Any
) -> None:
    """PP-04, and the conflict list."""

    def ask(public_id: str) -> None:
        handing_over.ask(stint, public_id, actor=supervisor.as_actor(), now=NOW)

    with pytest.raises(Refused, match="support this family already"):
        ask(rosa.public_id)
    with pytest.raises(Refused, match="not available"):
        ask(make_specialist().public_id)  # another unit
    session.add(
        Concern(case_id=stint.case_id, code="housing", ticked_by_id=supervisor.id, ticked_at=NOW)
    )
    session.get_one(Specialist, mei.id).concerns_not_taken = ["housing"]
    session.flush()
    with pytest.raises(Refused, match="does not take"):
        ask(mei.public_id)
    session.add(Conflict(user_id=mei.id, case_id=stint.case_id, recorded_at=NOW))
    session.flush()
    with pytest.raises(Refused, match="not available"):
        ask(mei.public_id)


def test_asking_another_than_the_first_suggested_needs_a_reason_that_goes_to_the_new_stint(
    unit: Any, stint: Assignment, supervisor: Any, rosa: Any, mei: Any
) -> None:
    """PP-05"""
    full = make_specialist(unit=unit, capacity=0)

    def ask(choice_reason: str | None) -> Any:
        return handing_over.ask(
            stint,
            full.public_id,
            choice_reason=choice_reason,
            actor=supervisor.as_actor(),
            now=NOW,
        )

    with pytest.raises(Refused) as refusal:
        ask(None)
    assert set(refusal.value.problems) == {"choice_reason"}
    hand_over = ask("She knows the court")
    handing_over.give(hand_over, NOTHING, actor=rosa.as_actor(), now=NOW)
    assert take(hand_over, full).choice_reason == "She knows the court"


def test_the_first_suggested_needs_no_reason_and_none_is_kept(
    stint: Assignment, supervisor: Any, mei: Any
) -> None:
    hand_over = handing_over.ask(
        stint, mei.public_id, choice_reason="A word", actor=supervisor.as_actor(), now=NOW
    )
    assert hand_over.choice_reason is None


@pytest.mark.parametrize("how", ["disabled", "kept out"])
def test_nobody_is_asked_to_prepare_what_is_closed_to_them(
    session: Any, stint: Assignment, rosa: Any, supervisor: Any, mei: Any, how: str
) -> None:
    if how == "disabled":
        rosa.active = False
    else:
        session.add(Conflict(user_id=rosa.id, case_id=stint.case_id, recorded_at=NOW))
    session.flush()
    with pytest.raises(Refused, match="cannot prepare a hand-over"):
        handing_over.ask(stint, mei.public_id, actor=supervisor.as_actor(), now=NOW)


def test_of_two_supervisors_who_ask_the_second_is_told(
    stint: Assignment, supervisor: Any, mei: Any
) -> None:
    """Pitfall 5"""
    handing_over.ask(stint, mei.public_id, actor=supervisor.as_actor(), now=NOW)
    with pytest.raises(AlreadyDone) as told:
        handing_over.ask(stint, mei.public_id, actor=supervisor.as_actor(), now=LATER)
    assert (told.value.by, told.value.at) == (supervisor.name, NOW)


def test_what_was_taken_back_cannot_be_taken(stint: Assignment, supervisor: Any, mei: Any) -> None:
    hand_over = make_hand_over(stint, mei, state=HandOverState.GIVEN)
    handing_over.take_back(hand_over, actor=supervisor.as_actor(), now=NOW)
    with pytest.raises(AlreadyDone) as told:
        take(hand_over, mei)
    assert told.value.by == supervisor.name
    assert stint.state is AssignmentState.IN_CONTACT


def test_only_what_was_given_can_be_taken(stint: Assignment, mei: Any) -> None:
    with pytest.raises(AlreadyDone):
        take(make_hand_over(stint, mei), mei)
    assert stint.state is AssignmentState.IN_CONTACT


@pytest.mark.parametrize("state", [HandOverState.ASKED, HandOverState.GIVEN])
def test_the_end_of_the_support_stops_its_hand_over(
    stint: Assignment, rosa: Any, mei: Any, state: HandOverState
) -> None:
    hand_over = make_hand_over(stint, mei, state=state)
    end(stint, "goals_reached", actor=rosa.as_actor(), now=NOW)
    assert hand_over.state is HandOverState.STOPPED
    with pytest.raises(AlreadyDone):
        take(hand_over, mei)


def test_a_parent_who_takes_their_consent_back_stops_the_hand_over(
    rosa: Any, mei: Any, supervisor: Any
) -> None:
    """ADV-05, R-06: also where the other parent's support goes on."""
    case = make_family()
    father = make_parent(case, first_name="José")
    stint = make_assignment(case, rosa, supervisor=supervisor, state=AssignmentState.IN_CONTACT)
    hand_over = make_hand_over(stint, mei, state=HandOverState.GIVEN)
    withdraw_consents(case, father, list(ConsentScope), actor=rosa.as_actor(), now=NOW)
    assert hand_over.state is HandOverState.STOPPED
    assert stint.state is AssignmentState.IN_CONTACT


def test_nobody_is_taken_over_whose_consent_is_not_in_force(
    session: Any, stint: Assignment, mei: Any
) -> None:
    """ADV-05: the last look, should a hand-over ever outlive what it rests on."""
    hand_over = make_hand_over(stint, mei, state=HandOverState.GIVEN)
    gone = {"withdrawn_at": NOW, "withdrawal_recorded_by_id": mei.id}
    session.execute(update(Consent).values(gone))
    with pytest.raises(Refused, match="took their consent back"):
        take(hand_over, mei)


def test_a_concern_that_was_ticked_since_it_was_asked_is_not_taken_over_either(
    session: Any, stint: Assignment, supervisor: Any, mei: Any
) -> None:
    """PP-04"""
    hand_over = make_hand_over(stint, mei, state=HandOverState.GIVEN)
    session.get_one(Specialist, mei.id).concerns_not_taken = ["housing"]
    session.add(
        Concern(case_id=stint.case_id, code="housing", ticked_by_id=supervisor.id, ticked_at=NOW)
    )
    session.flush()
    with pytest.raises(Refused, match="that you do not take"):
        take(hand_over, mei)


def test_handed_over_is_no_end_that_anybody_chooses(stint: Assignment, rosa: Any) -> None:
    with pytest.raises(Refused, match="hand-over"):
        end(stint, "handed_over", actor=rosa.as_actor(), now=NOW)


def test_open_tasks_go_along_and_what_was_typed_goes(
    stint: Assignment, rosa: Any, mei: Any
) -> None:
    task = make_task(stint)
    keep_draft(stint, {"note": ["Half a sentence"]}, actor=rosa.as_actor(), now=NOW)
    take(make_hand_over(stint, mei, state=HandOverState.GIVEN), mei)
    assert task.owner_id == mei.id
    assert draft_of(stint, viewer=rosa.as_actor()) is None


def test_tasks_and_what_was_typed_stay_with_who_goes_on_with_the_other_parent(
    rosa: Any, mei: Any, supervisor: Any
) -> None:
    """Pitfall 4: they belong to the family, not to one stint with it."""
    case = make_family()
    [mother] = parents_of(case)
    father = make_parent(case, first_name="José")
    stint, _ = (
        make_assignment(
            case, rosa, supervisor=supervisor, parents=[one], state=AssignmentState.IN_CONTACT
        )
        for one in (mother, father)
    )
    task = make_task(stint)
    keep_draft(stint, {"note": ["Half a sentence"]}, actor=rosa.as_actor(), now=NOW)
    take(make_hand_over(stint, mei, state=HandOverState.GIVEN), mei)
    assert task.owner_id == rosa.id
    assert draft_of(stint, viewer=rosa.as_actor()) is not None


def test_who_declines_to_prepare_goes_on_and_says_why(
    stint: Assignment, rosa: Any, mei: Any
) -> None:
    """Pitfall 7"""
    hand_over = make_hand_over(stint, mei)
    with pytest.raises(Refused):
        handing_over.decline_giving(hand_over, "because", actor=rosa.as_actor(), now=NOW)
    handing_over.decline_giving(hand_over, "parents_do_not_want", actor=rosa.as_actor(), now=NOW)
    assert hand_over.state is HandOverState.DECLINED
    assert stint.state is AssignmentState.IN_CONTACT


def test_who_declines_because_they_know_the_family_never_meets_it(
    session: Any, stint: Assignment, mei: Any
) -> None:
    hand_over = make_hand_over(stint, mei, state=HandOverState.GIVEN)
    handing_over.decline_taking(hand_over, "know_family", actor=mei.as_actor(), now=NOW)
    assert session.scalars(select(Conflict.user_id)).all() == [mei.id]

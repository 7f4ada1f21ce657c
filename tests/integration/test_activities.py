"""ADV-02: what was done is written down once, in the stint in which it happened."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from parents_partners.advocates.models import Activity, ActivityDraft, AssignedParent
from parents_partners.advocates.services.activities import (
    LoggedOtherwise,
    draft_of,
    drop_draft,
    keep_draft,
    log_activity,
)
from parents_partners.advocates.types import (
    ActivityCommand,
    ActivityMode,
    AssignmentState,
    SupportKind,
)
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import Refused
from tests.factories import (
    NOW,
    make_assignment,
    make_child,
    make_family,
    make_parent,
    make_specialist,
    parents_of,
)

pytestmark = pytest.mark.usefixtures("session")

AN_HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def stint():
    return make_assignment(state=AssignmentState.ACCEPTED)


def actor_of(stint):
    return stint.specialist.user.as_actor()


def entry(stint, **changes):
    values = {
        "kinds": frozenset({SupportKind.EMOTIONAL}),
        "happened_at": AN_HOUR_AGO,
        "minutes": 15,
        "mode": ActivityMode.PHONE,
        "made": True,
        "participants": frozenset(person.public_id for person in parents_of(stint.case)),
        "note": "",
        "submission_key": "key",
    }
    return ActivityCommand(**values | changes)


def log(stint, **changes):
    return log_activity(stint, entry(stint, **changes), actor=actor_of(stint), now=NOW)


def refusal(stint, **changes):
    with pytest.raises(Refused) as refused:
        log(stint, **changes)
    assert db.session.scalar(select(func.count(Activity.id))) == 0
    return refused.value.problems


def test_one_entry_holds_several_kinds_people_and_a_note(stint):
    [parent] = parents_of(stint.case)
    child = make_child(stint.case, "Aurora")
    activity = log(
        stint,
        kinds=frozenset({SupportKind.RIGHTS, SupportKind.SERVICES}),
        participants=frozenset({parent.public_id, child.public_id}),
        note="Called the clinic.",
    )
    assert {one.kind for one in activity.kinds} == {SupportKind.RIGHTS, SupportKind.SERVICES}
    assert {one.person_id for one in activity.participants} == {parent.id, child.id}
    assert activity.note.text == "Called the clinic."


def test_the_first_contact_made_moves_the_stint_on_in_the_same_transaction(stint):
    log(stint)
    assert stint.state is AssignmentState.IN_CONTACT
    assert stint.first_contact_at == AN_HOUR_AGO
    events = set(db.session.scalars(select(AuditEvent.event)))
    assert {Event.ACTIVITY_LOGGED, Event.FIRST_CONTACT_MADE} <= events


def test_an_attempt_is_no_first_contact(stint):
    log(stint, made=False, minutes=0)
    assert stint.state is AssignmentState.ACCEPTED


def test_a_contact_with_a_child_alone_is_no_first_contact(stint):
    child = make_child(stint.case, "Aurora")
    log(stint, participants=frozenset({child.public_id}))
    assert stint.state is AssignmentState.ACCEPTED


def test_an_earlier_contact_written_down_later_becomes_the_first(stint):
    log(stint)
    log(stint, happened_at=NOW - timedelta(hours=5), submission_key="other")
    assert stint.first_contact_at == NOW - timedelta(hours=5)


def test_a_later_contact_leaves_the_first_as_it_was(stint, statements):
    """REF-06."""
    log(stint, happened_at=NOW - timedelta(hours=5))
    statements.texts.clear()
    log(stint, submission_key="other")
    db.session.refresh(stint)
    assert stint.first_contact_at == NOW - timedelta(hours=5)
    assert not [text for text in statements.writing if text.startswith("UPDATE")]


def test_what_happened_in_an_earlier_stint_is_credited_to_it(stint):
    """Pitfall 4."""
    specialist = stint.specialist.user
    case = stint.case
    earlier = make_assignment(case, specialist, state=AssignmentState.ENDED)
    stint.offered_at = stint.accepted_at = NOW - timedelta(minutes=30)
    db.session.flush()
    activity = log(stint, happened_at=NOW - timedelta(hours=2))
    assert activity.assignment_id == earlier.id


@pytest.fixture
def apart():
    """Two parents of one family, whom one specialist supports in a stint each."""
    case = make_family()
    make_parent(case, "Rui", "Marte")
    specialist = make_specialist()
    return [make_assignment(case, specialist, parents=[parent]) for parent in parents_of(case)]


@pytest.mark.parametrize("whose", [0, 1])
def test_a_contact_is_credited_to_the_stint_of_the_parent_who_took_part(apart, whose):
    """Pitfall 4, REF-06: whichever stint the page was opened with."""
    parent = parents_of(apart[0].case)[whose]
    for key, stint in enumerate(apart):
        activity = log(
            stint, participants=frozenset({parent.public_id}), submission_key=f"key-{key}"
        )
        assert activity.assignment_id == apart[whose].id
    assert apart[whose].state is AssignmentState.IN_CONTACT
    assert apart[1 - whose].state is AssignmentState.ACCEPTED


def test_a_contact_with_both_parents_is_the_first_of_both_their_stints(apart):
    """REF-06."""
    log(apart[0])
    assert [stint.first_contact_at for stint in apart] == [AN_HOUR_AGO, AN_HOUR_AGO]
    assert {stint.state for stint in apart} == {AssignmentState.IN_CONTACT}


def test_a_contact_with_a_parent_who_had_left_the_stint_is_not_its_first(apart):
    """They took their consent back and agreed anew, for a stint of their own. REF-06."""
    both, own = apart
    parent = next(one for one in parents_of(own.case) if one in [row.person for row in own.parents])
    db.session.add(
        AssignedParent(
            assignment=both,
            person=parent,
            case_id=both.case_id,
            released_at=NOW - timedelta(hours=5),
        )
    )
    db.session.flush()
    log(both, participants=frozenset({parent.public_id}))
    assert (both.first_contact_at, own.first_contact_at) == (None, AN_HOUR_AGO)


def test_a_later_specialist_is_not_credited_with_the_time_before(stint):
    """Pitfall 4."""
    problems = refusal(stint, happened_at=stint.accepted_at - timedelta(hours=1))
    assert list(problems) == ["happened_at"]


def test_who_accepted_in_this_very_minute_can_log_it():
    stint = make_assignment(state=AssignmentState.ACCEPTED)
    stint.accepted_at = AN_HOUR_AGO + timedelta(seconds=40)
    db.session.flush()
    assert log(stint).assignment_id == stint.id


def test_the_future_cannot_be_logged(stint):
    assert list(refusal(stint, happened_at=NOW + timedelta(hours=1))) == ["happened_at"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("kinds", {"kinds": frozenset()}),
        ("minutes", {"minutes": 0}),
        ("minutes", {"minutes": 1441}),
        ("participants", {"participants": frozenset()}),
        ("participants", {"participants": frozenset({"0" * 20})}),
    ],
)
def test_an_entry_needs_a_kind_a_length_and_somebody_of_the_family(stint, field, changes):
    assert field in refusal(stint, **changes)


def test_somebody_of_another_family_cannot_take_part(stint):
    [parent] = parents_of(stint.case)
    stranger = make_child(make_family("Okafor, Ada"), "Ngozi", "Okafor")
    both = frozenset({parent.public_id, stranger.public_id})
    assert "participants" in refusal(stint, participants=both)


def test_a_second_press_makes_no_second_entry(stint):
    assert log(stint) is log(stint)
    assert db.session.scalar(select(func.count(Activity.id))) == 1


def test_the_same_key_with_other_words_is_not_swallowed(stint):
    log(stint)
    with pytest.raises(LoggedOtherwise):
        log(stint, note="More happened.")


def test_nobody_elses_key_gives_away_their_entry(stint):
    log(stint)
    other = make_assignment(make_family("Okafor, Ada"))
    with pytest.raises(Refused):
        log(other)


def test_after_a_withdrawal_no_contact_with_that_parent_is_logged(stint):
    """ADV-05, R-06: what lies before it can still be written down."""
    mother = parents_of(stint.case)[0]
    father = make_parent(stint.case, "José", "Marte")
    actor = actor_of(stint)
    taken_back_at = NOW - timedelta(hours=2)
    withdraw_consents(stint.case, father, list(ConsentScope), actor=actor, now=taken_back_at)
    with_father = frozenset({mother.public_id, father.public_id})
    for later in (taken_back_at, NOW):
        problems = refusal(stint, participants=with_father, happened_at=later)
        assert "took their consent back" in problems["participants"]
    log(stint, participants=with_father, happened_at=taken_back_at - timedelta(minutes=5))
    log(stint, participants=frozenset({mother.public_id}), submission_key="other")


def test_a_parent_who_agreed_again_can_be_contacted_again(stint):
    [parent] = parents_of(stint.case)
    actor = actor_of(stint)
    withdraw_consents(stint.case, parent, [ConsentScope.SUPPORT], actor=actor, now=NOW)
    assert log(stint, happened_at=NOW).made


def test_a_draft_keeps_what_was_typed_until_it_is_dropped(stint):
    actor = actor_of(stint)
    keep_draft(stint, {"note": ["half a"]}, actor=actor, now=NOW)
    keep_draft(stint, {"note": ["half a sentence"]}, actor=actor, now=NOW)
    assert draft_of(stint, viewer=actor) == {"note": ["half a sentence"]}
    assert draft_of(stint, viewer=make_specialist().as_actor()) is None
    drop_draft(stint, actor=actor)
    assert draft_of(stint, viewer=actor) is None


def test_a_late_save_of_a_page_does_not_bring_back_what_was_logged(stint):
    log(stint, submission_key="abc")
    keep_draft(stint, {"submission_key": ["abc"]}, actor=actor_of(stint), now=NOW)
    assert db.session.scalars(select(ActivityDraft)).all() == []


def test_an_entry_belongs_to_the_person_who_wrote_it(stint):
    activity = log_activity(
        stint, replace(entry(stint), minutes=30), actor=actor_of(stint), now=NOW
    )
    assert (activity.logged_by_id, activity.logged_at) == (stint.specialist_id, NOW)

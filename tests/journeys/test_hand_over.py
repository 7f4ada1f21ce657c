"""A family goes over to another Family Specialist, over HTTP only."""

import pytest

from parents_partners.accounts.types import Role
from parents_partners.advocates.types import AssignmentState, HandOverState
from tests.factories import (
    TODAY,
    make_activity,
    make_assignment,
    make_hand_over,
    make_parent,
    make_specialist,
    make_unit,
    make_user,
)


@pytest.fixture
def unit(session):
    return make_unit()


@pytest.fixture
def supervisor(unit):
    return make_user(Role.SUPERVISOR, unit=unit, name="Ana Ruiz")


@pytest.fixture
def rosa(unit):
    return make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Rosa Jimenez"))


@pytest.fixture
def mei(unit):
    return make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Mei Tsai"))


@pytest.fixture
def stint(rosa, supervisor):
    return make_assignment(specialist=rosa, supervisor=supervisor, state=AssignmentState.IN_CONTACT)


def family_url(stint):
    return f"/families/{stint.case.public_id}"


def test_a_family_goes_over_with_what_the_parents_let_pass_on(
    browser_for, supervisor, rosa, mei, stint
):
    chosen = make_activity(stint, note="canary chosen")
    make_activity(stint, note="canary kept")

    page = browser_for(supervisor).open(family_url(stint)).follow("Hand over")
    assert "Has room for" in page
    page = page.form("Ask for the hand-over").fill(specialist=mei.public_id).submit()
    assert "Waits for Rosa Jimenez" in page

    page = browser_for(rosa).open("/today").follow("Prepare")
    assert "canary chosen" in page
    page = (
        page.form("Hand over")
        .fill(
            asked=[parent.person.public_id for parent in stint.parents],
            asked_on=TODAY.isoformat(),
            entries=[chosen.public_id],
            words="She waits for the school meeting.",
        )
        .submit()
    )
    assert "Waits for Mei Tsai" in page

    browser = browser_for(mei)
    page = browser.open("/today")
    assert "Luz Marte" in page
    assert "canary" not in page
    browser.open(family_url(stint), status=404)
    page = page.form("Take over family 1").submit()
    assert "You support this family now" in page
    assert "She waits for the school meeting." in page
    assert "canary chosen" in page
    assert "canary kept" not in page
    assert "Note not passed on" in page

    browser_for(rosa).open(family_url(stint), status=404)
    page = browser_for(supervisor).open(family_url(stint))
    assert "canary kept" in page
    assert "The support was handed over to Mei Tsai" in page


def test_nothing_that_was_typed_is_lost_where_something_is_missing(browser_for, rosa, mei, stint):
    make_parent(stint.case, first_name="José")
    note = make_activity(stint, note="canary")
    hand_over = make_hand_over(stint, mei)
    page = browser_for(rosa).open(f"/hand-overs/{hand_over.public_id}/give")
    form = page.form("Hand over").fill(words="She waits.", entries=[note.public_id])
    page = form.submit(status=422)
    assert "Ask every parent" in page
    assert "She waits." in page
    [kept] = [one for one in page.root.iter("input") if one.get("value") == note.public_id]
    assert "checked" in kept.attrib
    page = page.form("Hand over").fill(not_all=True).submit(status=422)
    assert "No note passes on without every parent" in page


def test_a_page_of_a_hand_over_that_is_over_shows_nothing_of_the_family(
    browser_for, supervisor, rosa, mei, stint
):
    """The family may be another's by now."""
    make_activity(stint, note="canary")
    hand_over = make_hand_over(stint, mei, state=HandOverState.GIVEN)
    browser_for(mei).send(f"/hand-overs/{hand_over.public_id}/take")
    page = browser_for(rosa).send(f"/hand-overs/{hand_over.public_id}/give", status=409)
    assert "Mei Tsai" in page
    assert "Marte" not in page
    assert "canary" not in page
    page = browser_for(mei).send(f"/hand-overs/{hand_over.public_id}/take", status=409)
    assert "handed over" in page


def test_who_declines_says_why_and_the_supervisor_sees_it(
    browser_for, supervisor, rosa, mei, stint
):
    hand_over = make_hand_over(stint, mei)
    page = browser_for(rosa).open(f"/hand-overs/{hand_over.public_id}/give")
    page = page.form("Decline the hand-over").submit(status=422)
    assert "Choose a reason" in page
    page = page.form("Decline the hand-over").fill(reason="bad_moment").submit()
    assert "You declined" in page
    assert "It is a bad moment for the family" in browser_for(supervisor).open("/workload")
    make_hand_over(stint, mei, state=HandOverState.GIVEN)
    page = browser_for(mei).open("/today").follow("Decline")
    page = page.form("Decline to take over").fill(reason="schedule").submit()
    assert "You declined" in page


def test_handed_over_is_not_offered_as_an_end(browser_for, supervisor, stint):
    page = browser_for(supervisor).open(f"/support/{stint.public_id}/end")
    assert "Handed over" not in page


def test_a_supervisor_takes_a_hand_over_back(browser_for, supervisor, mei, stint):
    make_hand_over(stint, mei, state=HandOverState.GIVEN)
    page = (
        browser_for(supervisor)
        .open(family_url(stint))
        .form("Take back the hand-over to Mei Tsai")
        .submit()
    )
    assert "The hand-over is taken back" in page
    assert "Families to take over" not in browser_for(mei).open("/today")


def test_until_the_first_contact_the_words_of_who_had_the_family_stand_before_the_parents(
    browser_for, rosa, mei, stint
):
    make_hand_over(stint, mei, state=HandOverState.GIVEN, words="canary promised a call")
    browser = browser_for(mei)
    page = browser.open("/today").form("Take over family 1").submit()
    assert page.source.index("canary promised") < page.source.index('id="tasks"')
    page = page.follow("Log an activity").form("Save")
    page = page.fill(mode="phone", kinds=["emotional"], length="15").submit()
    assert page.source.index("canary promised") > page.source.index('id="tasks"')
    assert page.text.count("canary promised") == 1


def test_no_hand_over_is_offered_from_somebody_who_cannot_prepare_it(
    session, browser_for, supervisor, rosa, stint
):
    browser, address = browser_for(supervisor), f"/families/{stint.case.public_id}"
    hand_over = f"Hand over from {rosa.name}"
    assert hand_over in browser.open(address).links
    rosa.active = False
    session.commit()
    page = browser.open(address)
    assert hand_over not in page.links
    assert f"This family is closed to {rosa.name} now" in page


def test_where_no_note_was_written_none_is_asked_about(browser_for, rosa, mei, stint):
    row = make_hand_over(stint, mei)
    address = f"/hand-overs/{row.public_id}/give"
    page = browser_for(rosa).open(address)
    assert "There is no note to pass on" in page
    assert "ask which of your notes" not in page
    make_activity(stint, note="A note")
    page = browser_for(rosa).open(address)
    assert "ask which of your notes" in page
    assert "There is no note to pass on" not in page


def test_where_every_note_is_about_another_parent_too_nobody_is_told_to_have_written_none(
    browser_for, rosa, mei, stint
):
    other = make_parent(stint.case, "Rui", "Marte")
    both = [other, stint.parents[0].person]
    earlier = make_assignment(stint.case, rosa, parents=both, state=AssignmentState.ENDED)
    make_activity(earlier, note="canary")
    row = make_hand_over(stint, mei)
    page = browser_for(rosa).open(f"/hand-overs/{row.public_id}/give")
    assert "You wrote no note" not in page
    assert "about a parent whom you do not hand over" in page


def test_a_supervisor_is_offered_to_take_back_what_is_their_units_alone(
    browser_for, supervisor, mei, stint
):
    """Another unit supports the other parent: its supervisor sees the page too."""
    other = make_parent(stint.case, "Rui", "Marte")
    apart = make_assignment(stint.case, make_specialist(), parents=[other])
    make_hand_over(stint, mei)
    colleague = make_user(Role.SUPERVISOR, unit=apart.specialist.user.unit)
    button = "Take back the hand-over to Mei Tsai"
    assert button in browser_for(supervisor).open(family_url(stint)).buttons
    page = browser_for(colleague).open(family_url(stint))
    assert "Mei Tsai" in page
    assert button not in page.buttons


def test_the_words_of_a_hand_over_are_read_by_no_other_unit(browser_for, supervisor, mei, stint):
    """Pitfall 3: they are as much a specialist's words as a note is."""
    other = make_parent(stint.case, "Rui", "Marte")
    apart = make_assignment(stint.case, make_specialist(), parents=[other])
    row = make_hand_over(stint, mei, state=HandOverState.GIVEN, words="canary")
    browser_for(mei).send(f"/hand-overs/{row.public_id}/take")
    colleague = make_user(Role.SUPERVISOR, unit=apart.specialist.user.unit)
    assert "canary" in browser_for(supervisor).open(family_url(stint))
    page = browser_for(colleague).open(family_url(stint))
    assert "handed over" in page
    assert "canary" not in page


def test_another_than_the_first_suggested_is_asked_for_with_a_reason(
    browser_for, supervisor, unit, mei, stint
):
    """PP-05: and the choice stays where the reason is missing."""
    full = make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Tess Full"), capacity=0)
    browser = browser_for(supervisor)
    page = browser.open(f"/support/{stint.public_id}/hand-over")
    page = page.form("Ask for the hand-over").fill(specialist=full.public_id).submit(status=422)
    assert "Say in a few words why you choose somebody other than the first" in page
    form = page.form("Ask for the hand-over")
    assert form.values["specialist"] == full.public_id
    page = form.fill(choice_reason="She knows the court").submit()
    assert "is asked to prepare the hand-over to Tess Full" in page


def test_words_for_the_next_are_given_back_where_the_hand_over_was_taken_back_meanwhile(
    browser_for, supervisor, rosa, mei, stint
):
    """Pitfalls 2 and 5: told who was quicker, and nothing that was typed is lost."""
    hand_over = make_hand_over(stint, mei)
    form = browser_for(rosa).open(f"/hand-overs/{hand_over.public_id}/give").form("Hand over")
    browser_for(supervisor).send(f"/hand-overs/{hand_over.public_id}/take-back")
    parents = [parent.person.public_id for parent in stint.parents]
    page = form.fill(words="She waits for the visit.", asked=parents).submit(status=409)
    assert "That was Ana Ruiz" in page
    assert "She waits for the visit." in page
    assert page.follow("Go on").path == "/today"


def test_a_second_press_of_giving_is_told_as_ones_own(browser_for, rosa, mei, stint):
    hand_over = make_hand_over(stint, mei)
    form = browser_for(rosa).open(f"/hand-overs/{hand_over.public_id}/give").form("Hand over")
    parents = [parent.person.public_id for parent in stint.parents]
    form = form.fill(words="She waits for the visit.", asked=parents)
    form.submit()
    page = form.submit(status=409)
    assert page.heading == "You did this already"


def test_of_two_supervisors_who_ask_the_second_keeps_the_reason_that_they_typed(
    browser_for, supervisor, rosa, mei, unit, stint
):
    """Pitfalls 2 and 5; another hand-over of the family, of a stint of its own, is none of this."""
    other = make_parent(stint.case, "Rui", "Marte")
    apart = make_assignment(stint.case, rosa, parents=[other], supervisor=supervisor)
    second = make_user(Role.SUPERVISOR, unit=unit, name="Bea Ortiz")
    full = make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Tess Full"), capacity=0)
    asking = f"/support/{stint.public_id}/hand-over"
    form = browser_for(second).open(asking).form("Ask for the hand-over")
    for asked in (stint, apart):
        browser = browser_for(supervisor if asked is stint else second)
        browser.send(f"/support/{asked.public_id}/hand-over", {"specialist": mei.public_id})
    form = form.fill(specialist=full.public_id, choice_reason="She knows the court")
    page = form.submit(status=409)
    assert "That was Ana Ruiz" in page
    assert "She knows the court" in page
    assert "Tess Full" in page
    assert page.follow("Go on").path == family_url(stint)

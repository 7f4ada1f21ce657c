"""A Family Specialist's day, over HTTP only."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from parents_partners.accounts.types import Role
from parents_partners.advocates.services.answering import decline
from parents_partners.advocates.services.routing import offer
from parents_partners.advocates.services.support import end
from parents_partners.advocates.types import AssignmentState
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import READINGS
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from tests.documents import referral_document
from tests.factories import (
    NOW,
    make_activity,
    make_assignment,
    make_child,
    make_filed_referral,
    make_hand_over,
    make_parent,
    make_service,
    make_specialist,
    make_task,
    make_user,
    parents_of,
)
from tests.html import text_of


@pytest.fixture
def specialist(session):
    return make_specialist(user=make_user(Role.SPECIALIST, name="Rosa Jimenez"))


@pytest.fixture
def supervisor(specialist):
    return make_user(Role.SUPERVISOR, unit=specialist.unit, name="Ana Ruiz")


@pytest.fixture
def offered(specialist, supervisor):
    return make_assignment(
        specialist=specialist, supervisor=supervisor, state=AssignmentState.OFFERED
    )


@pytest.fixture
def carried(specialist, supervisor):
    return make_assignment(
        specialist=specialist, supervisor=supervisor, state=AssignmentState.ACCEPTED
    )


def family_url(assignment):
    return f"/families/{assignment.case.public_id}"


def test_a_specialist_without_families_reads_what_will_stand_here(browser_for, specialist):
    browser = browser_for(specialist)
    page = browser.open("/today")
    assert "No offers" in page
    assert "You do not support a family yet" in page
    assert "You do not support a family yet" in browser.open("/caseload")


def test_an_offer_tells_who_and_where_and_no_history(browser_for, specialist, offered):
    page = browser_for(specialist).open("/today")
    for words in ("Luz Marte", "English", "The Bronx", "1 child: 10 years", "Family Team"):
        assert words in page
    assert "Yandel" not in page
    assert "(347) 555-0161" not in page


def test_today_begins_with_what_waits_and_leads_there(browser_for, specialist, offered, carried):
    page = browser_for(specialist).open("/today")
    parts = ("1 offer", "1 first contact due", "1 conference ahead")
    assert " · ".join(parts) in page
    for words, part in zip(parts, ("offers", "due", "conferences"), strict=True):
        assert page.links[words] == f"#{part}"
        assert page.by_id(part) is not None


def test_a_specialist_accepts_an_offer_and_stands_on_the_familys_page(
    browser_for, specialist, offered
):
    page = browser_for(specialist).open("/today").form("Accept offer 1").submit()
    assert page.path == family_url(offered)
    assert "Make the first contact by Mon, Nov 23, 2026." in page
    assert "Yandel Marte" in page
    assert "Rosa Jimenez accepted the offer" in page


def test_an_offer_alone_opens_nothing(browser_for, specialist, offered):
    browser = browser_for(specialist)
    browser.open(family_url(offered), status=404)
    browser.open(f"{family_url(offered)}/activities/new", status=404)
    browser.open(f"{family_url(offered)}/conferences/new", status=404)


def test_a_specialist_declines_without_leaving_today(browser_for, specialist, offered):
    page = browser_for(specialist).open("/today").form("Decline this offer 1")
    page = page.fill(reason="language").submit()
    assert page.path == "/today"
    assert "No offers" in page


def test_declining_without_a_reason_asks_for_one(browser_for, specialist, offered):
    page = browser_for(specialist).open("/today").form("Decline this offer 1").submit(status=422)
    assert page.problems == ["Choose a reason. Any of them is fine."]
    page = page.form("Decline this offer").fill(reason="schedule").submit()
    assert page.path == "/today"


def test_who_knows_the_family_does_not_find_the_offer_again(browser_for, specialist, offered):
    browser = browser_for(specialist)
    page = browser.open("/today").form("Decline this offer 1").fill(reason="know_family").submit()
    assert "Luz Marte" not in page
    browser.open(f"/offers/{offered.public_id}", status=404)


def test_other_specialists_find_no_such_family_and_no_such_offer(browser_for, carried, offered):
    browser = browser_for(make_specialist())
    absent = browser.open(f"/families/{'0' * 20}", status=404)
    for path in (family_url(carried), f"/offers/{offered.public_id}"):
        assert browser.open(path, status=404).heading == absent.heading
    browser.send(f"/offers/{offered.public_id}/accept", status=404)
    browser.open(f"/support/{carried.public_id}/end", status=404)


def test_a_former_specialist_finds_the_family_closed(browser_for, specialist, carried):
    browser = browser_for(specialist)
    page = browser.open(family_url(carried)).follow("End the support")
    assert "Family Team Conference (FTC)" in page
    page = page.form("End the support").fill(outcome="moved_away").submit()
    assert page.path == "/today"
    browser.open(family_url(carried), status=404)


def test_before_support_ends_one_reads_that_an_entry_is_not_logged(
    browser_for, specialist, supervisor, carried
):
    browser = browser_for(specialist)
    ending = f"/support/{carried.public_id}/end"
    assert "not logged" not in browser.open(ending)
    page = browser.open(f"{family_url(carried)}/activities/new")
    page.form("Save draft").fill(note="Half a sentence").submit()
    for reader in (specialist, supervisor):
        page = browser_for(reader).open(ending)
        assert "Rosa Jimenez began an entry that is not logged" in page


def test_before_support_ends_one_reads_what_nobody_would_see_to_any_more(
    browser_for, specialist, carried
):
    """ADV-03: a service is followed to its end; tasks of others and of other parents stay."""
    make_task(carried, what="Ask for the visiting hours")
    make_task(carried, what="Call the school", owner_id=carried.offered_by_id)
    make_service(carried, provider="Bronx Housing Court")
    other = make_parent(carried.case, "Rui", "Marte")
    make_service(carried, kind="parenting", person_id=other.id)
    page = browser_for(specialist).open(f"/support/{carried.public_id}/end")
    still_open = text_of(page.by_id("open"))
    for words in ("Ask for the visiting hours", "Bronx Housing Court", "for Luz Marte: offered"):
        assert words in still_open
    for words in ("Call the school", "Rui"):
        assert words not in still_open


def test_the_timeline_says_to_whom_and_how_it_ended_and_never_why_an_offer_was_declined(
    browser_for, specialist, supervisor, carried
):
    """Codes are recorded; what a supervisor reads are the words of the lists."""
    case, [parent] = carried.case, parents_of(carried.case)
    actor, now = supervisor.as_actor(), NOW + timedelta(minutes=1)
    end(carried, "moved_away", actor=specialist.as_actor(), now=NOW)
    again = offer(case, [parent], carried.specialist, actor=actor, now=now)
    decline(again, "schedule", actor=specialist.as_actor(), now=now)
    page = browser_for(supervisor).open(family_url(carried))
    assert "Rosa Jimenez ended the support: The family moved away" in page
    assert "Ana Ruiz offered the family to Rosa Jimenez" in page
    assert "Rosa Jimenez declined the offer" in page
    assert "declined the offer: " not in page


def test_a_supervisor_of_another_unit_finds_no_such_family(browser_for, carried, supervisor):
    assert browser_for(supervisor).open(family_url(carried)).heading == "Marte, Luz"
    browser_for(make_user(Role.SUPERVISOR)).open(family_url(carried), status=404)


def log(page, **values):
    plain = {"kinds": ["emotional"], "mode": "phone", "length": "15"}
    return page.form("Save").fill(**(plain | values))


def test_a_contact_is_logged_with_few_presses(browser_for, specialist, carried):
    browser = browser_for(specialist)
    page = browser.open(family_url(carried)).follow("Log an activity")
    assert page.form("Save").values["made"] == "yes"
    page = log(page, note="She asked about the visits.").submit()
    assert page.path == family_url(carried)
    for words in ("Phone, 15 minutes", "She asked about the visits.", "made the first contact"):
        assert words in page


def test_save_and_log_another_starts_clean(browser_for, specialist, carried):
    page = browser_for(specialist).open(f"{family_url(carried)}/activities/new")
    first = page.form("Save").values["submission_key"]
    page = log(page, note="First.").submit("Save and log another")
    assert page.heading == "Log an activity"
    assert page.form("Save").values["note"] == ""
    assert page.form("Save").values["submission_key"] != first


def test_an_entry_without_its_key_is_logged_all_the_same(browser_for, specialist, carried):
    page = browser_for(specialist).open(f"{family_url(carried)}/activities/new")
    page = log(page, note="No key.", submission_key="x" * 500).submit()
    assert "No key." in page


def test_a_refused_entry_keeps_all_that_was_typed(browser_for, specialist, carried):
    page = browser_for(specialist).open(f"{family_url(carried)}/activities/new")
    page = page.form("Save").fill(note="What we said.", happened_at="soon").submit(status=422)
    assert "Choose how it happened." in page.problems
    assert page.form("Save").values["note"] == "What we said."
    assert page.form("Save").values["happened_at"] == "soon"


def test_another_length_is_typed_in_minutes(browser_for, specialist, carried):
    page = browser_for(specialist).open(f"{family_url(carried)}/activities/new")
    page = log(page, length="other", minutes="two").submit(status=422)
    assert page.problems == ["Give the minutes as a number from 1 to 1440."]
    page = log(page, length="other", minutes="75").submit()
    assert "Phone, 75 minutes" in page


def test_a_draft_waits_until_it_is_logged_or_deleted(browser_for, specialist, carried):
    browser = browser_for(specialist)
    url = f"{family_url(carried)}/activities/new"
    log(browser.open(url), note="Half a").submit("Save draft")
    page = browser.open(url)
    assert "This is your draft" in page
    assert page.form("Save").values["note"] == "Half a"
    assert page.form("Save").values["mode"] == "phone"
    page.form("Save").submit("Delete draft")
    assert browser.open(url).form("Save").values["note"] == ""


def test_a_draft_is_found_again_from_wherever_one_comes(browser_for, specialist, carried):
    browser = browser_for(specialist)
    page = browser.open(family_url(carried)).follow("Log an activity")
    log(page, note="Half a").submit("Save draft")
    assert "You began an entry and have not logged it yet." in browser.open("/today")
    for path, link in (
        ("/today", "Finish draft"),
        ("/caseload", "Finish draft with Marte, Luz"),
        (family_url(carried), "Finish your draft"),
    ):
        page = browser.open(path).follow(link)
        assert page.form("Save").values["note"] == "Half a"
    page.form("Save").submit("Delete draft")
    assert "You began an entry" not in browser.open("/today")
    assert "Finish" not in browser.open("/caseload")


def test_a_draft_is_for_the_eyes_of_who_typed_it(browser_for, specialist, supervisor, carried):
    browser = browser_for(specialist)
    log(browser.open(f"{family_url(carried)}/activities/new")).submit("Save draft")
    assert "draft" not in browser_for(supervisor).open(family_url(carried))


def test_a_logged_draft_is_no_draft_any_more(browser_for, specialist, carried):
    browser = browser_for(specialist)
    url = f"{family_url(carried)}/activities/new"
    log(browser.open(url), note="Half a").submit("Save draft")
    browser.open(url).form("Save").fill(note="A whole sentence.").submit()
    assert "This is your draft" not in browser.open(url)


def test_what_is_typed_saves_itself_while_it_is_typed(browser_for, specialist, carried):
    browser = browser_for(specialist)
    form = browser.open(f"{family_url(carried)}/activities/new").form("Save")
    typed = form.fill(note="On the bus").values
    answer = browser.request(
        "POST", f"{family_url(carried)}/activities/draft", data=typed.to_dict(flat=False)
    )
    assert answer.status_code == 200
    page = browser.open(f"{family_url(carried)}/activities/new")
    assert page.form("Save").values["note"] == "On the bus"


def test_a_changed_entry_after_the_back_button_is_not_swallowed(browser_for, specialist, carried):
    browser = browser_for(specialist)
    page = browser.open(f"{family_url(carried)}/activities/new")
    log(page, note="First.").submit()
    page = log(page, note="Second.").submit(status=409)
    assert page.form("Save").values["note"] == "Second."
    page = page.form("Save").submit()
    assert "First." in page
    assert "Second." in page


def test_a_specialist_reads_the_consent_to_the_parent_and_records_the_answers(
    browser_for, specialist, carried
):
    page = browser_for(specialist).open(family_url(carried)).follow("Confirm the consent")
    assert ConsentScope.SUPPORT.reading in page
    page = page.form("Save the answers").submit(status=422)
    assert page.problems == [
        "Say what the parent answered about support by a Family Specialist.",
        "Say what the parent answered about sharing information with the agency.",
        "Say what the parent answered about a Family Specialist at meetings.",
    ]
    answers = {"support": "yes", "share_with_agency": "no", "attend_meetings": "yes"}
    page = page.form("Save the answers").fill(**answers).submit()
    assert "Confirmed" in page
    assert "Taken back" in page
    assert "Nothing more is shared with the agency" in page


def test_the_first_contact_reminds_of_the_consent_until_it_is_confirmed(
    browser_for, specialist, carried
):
    """ADV-05: the scope is read to the parent at first contact."""
    browser = browser_for(specialist)
    url = f"{family_url(carried)}/activities/new"
    reminder = "Has the parent heard what they agreed to?"
    assert reminder not in log(browser.open(url), made="no").submit()
    page = log(browser.open(url)).submit()
    assert reminder in page
    answers = {scope.value: "yes" for scope in ConsentScope}
    page.follow("Confirm the consent").form("Save the answers").fill(**answers).submit()
    assert reminder not in log(browser.open(url)).submit()


def test_a_parent_takes_back_a_part_and_the_page_says_what_is_left(
    browser_for, specialist, carried
):
    page = browser_for(specialist).open(family_url(carried)).follow("Record a withdrawal")
    assert "All contact with this parent stops" in page
    page = page.form("Record the withdrawal").fill(scopes=["support"], heard_from="parent")
    page = page.submit()
    assert page.path == family_url(carried)
    assert "Contact about meetings only: this parent does not want support." in page
    assert "Contact about meetings only." in page.follow("Log an activity")


def test_what_was_taken_back_in_another_window_is_not_confirmed_in_silence(
    browser_for, specialist, carried
):
    """ADV-05, pitfall 5."""
    browser = browser_for(specialist)
    form = browser.open(family_url(carried)).follow("Confirm the consent").form("Save the answers")
    page = browser.open(family_url(carried)).follow("Record a withdrawal")
    page.form("Record the withdrawal").fill(
        scopes=["attend_meetings"], heard_from="parent"
    ).submit()
    page = form.fill(**{scope.value: "yes" for scope in ConsentScope}).submit()
    assert "Taken back in the meantime, so not confirmed: A Family Specialist at meetings." in page
    assert "Taken back in the meantime" not in browser.open(family_url(carried))


def test_what_was_taken_back_in_another_window_is_not_offered_any_more(
    browser_for, specialist, carried
):
    """Pitfall 5: the answer says why it was refused."""
    browser = browser_for(specialist)
    page = browser.open(family_url(carried)).follow("Record a withdrawal")
    form = page.form("Record the withdrawal").fill(scopes=["attend_meetings"], heard_from="parent")
    form.submit()
    page = form.submit(status=422)
    assert page.problems == [
        "What you chose is not offered any more. Choose what the parent takes back."
    ]


def test_what_happened_says_whose_consent_it_was(browser_for, specialist, carried):
    page = browser_for(specialist).open(family_url(carried)).follow("Record a withdrawal")
    make_parent(carried.case, "José", "Marte")
    page = page.form("Record the withdrawal").fill(scopes=["support"], heard_from="parent")
    page = page.submit()
    assert "About Luz Marte" in page
    assert "About José Marte" not in page


def test_who_takes_meetings_back_has_nobody_of_us_there(browser_for, specialist, carried):
    """ADV-05: attendance stops; it does not depend on a question on the day."""
    browser = browser_for(specialist)
    page = browser.open(family_url(carried)).follow("Record a withdrawal")
    page = page.form("Record the withdrawal").fill(scopes=["attend_meetings"], heard_from="parent")
    page.submit()
    assert "so please do not come" in browser.open("/today")


def test_a_parent_takes_everything_back_and_the_family_closes(browser_for, specialist, carried):
    """R-06: nothing can be logged after it."""
    browser = browser_for(specialist)
    url = f"{family_url(carried)}/activities/new"
    left_open = browser.open(url)
    page = browser.open(family_url(carried)).follow("Record a withdrawal")
    page = page.form("Record the withdrawal").fill(
        scopes=[scope.value for scope in ConsentScope], heard_from="parent"
    )
    page = page.submit()
    assert page.path == "/today"
    assert "All contact with this parent stops" in page
    log(left_open, note="One more call.").submit(status=404)


def test_the_other_parents_are_known_by_relationship_and_answer_only(
    browser_for, specialist, supervisor
):
    """REF-03: who did not agree is not contacted."""
    father = {"relationship": "father", "agreement": {"answer": "declined"}}
    mother = {"relationship": "mother", "agreement": {"answer": "not_asked"}}
    document = referral_document()
    document["parents"].append({"first_name": "Ramón", "last_name": "Marte"} | father)
    document["parents"].append({"first_name": "Inés", "last_name": "Marte"} | mother)
    referral = make_filed_referral(document, supervisor=supervisor)
    carried = make_assignment(referral.case, specialist, supervisor=supervisor)
    page = browser_for(specialist).open(family_url(carried))
    assert "Father: said no to a Family Specialist. Please do not contact them." in page
    assert "Mother: not asked yet. Please do not contact them before they are asked." in page
    assert "Ramón" not in page
    assert "Inés" not in page


def test_a_parent_without_consent_is_not_to_be_contacted(browser_for, specialist, carried):
    make_parent(carried.case, "José", "Marte", scopes=(), phone="(347) 555-0199")
    page = browser_for(specialist).open(family_url(carried))
    assert "Do not contact" in page
    assert "(347) 555-0199" not in page


def test_a_conference_is_added_changed_and_cancelled(browser_for, specialist, carried):
    page = browser_for(specialist).open(family_url(carried)).follow("Add a conference")
    form = page.form("Add the conference")
    page = form.fill(kind="SPR", starts_at="2027-03-14T02:30").submit(status=422)
    assert "does not exist" in page.problems[0]
    page = page.form("Add the conference").fill(starts_at="2026-12-08T14:30").submit()
    assert "Service Plan Review (SPR), Tue, Dec 8, 2026, 2:30 PM" in page
    page = page.follow("Change or cancel Service Plan Review (SPR), Tue, Dec 8, 2026, 2:30 PM")
    page = page.form("Save").fill(place="Room 4").submit()
    assert "Room 4" in page
    page = page.follow("Change or cancel Service Plan Review (SPR), Tue, Dec 8, 2026, 2:30 PM")
    page = page.form("Cancel this conference").submit()
    assert "Cancelled" in page


def test_a_conference_without_a_time_asks_for_one(browser_for, specialist, carried):
    page = browser_for(specialist).open(f"{family_url(carried)}/conferences/new")
    page = page.form("Add the conference").submit(status=422)
    assert page.problems == [
        "Choose what kind of conference it is.",
        "Give the date and the time.",
    ]


def test_a_time_that_comes_twice_is_taken_and_said(browser_for, specialist, carried):
    page = browser_for(specialist).open(f"{family_url(carried)}/conferences/new")
    page = page.form("Add the conference").fill(kind="FTC", starts_at="2027-11-07T01:30").submit()
    assert "We took the first" in page


def test_two_people_change_a_conference_and_both_texts_are_there(
    browser_for, specialist, supervisor, carried
):
    mine = browser_for(specialist).open(family_url(carried)).follow("Change or cancel")
    theirs = browser_for(supervisor).open(family_url(carried)).follow("Change or cancel")
    theirs.form("Save").fill(place="Room 2").submit()
    page = mine.form("Save").fill(place="Room 3").submit(status=409)
    assert "Ana Ruiz" in page
    assert "Room 2" in page
    assert page.form("Save").values["place"] == "Room 3"
    assert "Room 3" in page.form("Save").submit()


def test_a_supervisor_reopens_the_support(browser_for, specialist, supervisor):
    ended = make_assignment(
        specialist=specialist, supervisor=supervisor, state=AssignmentState.ENDED
    )
    page = browser_for(supervisor).open(family_url(ended)).follow("Reopen the support")
    [parent] = parents_of(ended.case)
    page = page.form("Reopen").fill(parents=[parent.public_id]).submit()
    assert "Nobody yet: in the queue" in page
    browser_for(specialist).open(f"{family_url(ended)}/reopen", status=403)


def test_support_is_reopened_only_where_somebody_has_none(browser_for, supervisor, carried):
    page = browser_for(supervisor).open(family_url(carried))
    assert "Reopen the support" not in page


def test_who_declined_is_for_supervisors(browser_for, specialist, supervisor, carried):
    other = make_specialist(unit=specialist.unit)
    father = make_parent(carried.case, "José", "Marte")
    offered = make_assignment(
        carried.case, other, state=AssignmentState.OFFERED, parents=[father], supervisor=supervisor
    )
    page = browser_for(other).open("/today").form("Decline this offer 1")
    page.fill(reason="know_family").submit()
    assert offered.specialist.user.name in browser_for(supervisor).open(family_url(carried))
    assert other.name not in browser_for(specialist).open(family_url(carried))


def test_reading_a_familys_page_and_an_offer_is_recorded(
    browser_for, session, specialist, carried, offered
):
    browser = browser_for(specialist)
    browser.open(family_url(carried))
    browser.open("/today")
    readings = session.execute(
        select(AuditEvent.event, AuditEvent.case_id, AuditEvent.actor_id)
        .where(AuditEvent.event.in_(READINGS))
        .order_by(AuditEvent.id)
    ).all()
    assert [(row.event.value, row.case_id) for row in readings] == [
        ("family.read", carried.case_id),
        ("families.listed", None),
        ("assignment.read", offered.case_id),
    ]


def test_a_familys_page_leads_to_each_of_its_parts_in_their_order(
    browser_for, specialist, supervisor, carried
):
    """A hand-over stands first for whoever begins with the family, by the support for others."""
    make_hand_over(carried, make_specialist(unit=specialist.unit))
    for viewer, second in ((specialist, "parents"), (supervisor, "tasks")):
        source = browser_for(viewer).open(family_url(carried)).source
        parts = re.findall(r'<section class="pp-card" id="([\w-]+)"', source)
        assert re.findall(r'pp-jumps__link" href="#([\w-]+)"', source) == parts
        assert parts[1] == second
        assert {"hand-over", "support", "timeline"} <= set(parts)


def test_a_familys_page_needs_no_more_queries_for_a_long_history(
    browser_for, specialist, carried, statements
):
    browser = browser_for(specialist)
    counts = []
    for _ in range(2):
        statements.texts.clear()
        browser.open(family_url(carried))
        counts.append(len(statements))
        for index in range(20):
            make_activity(carried, note=f"Note {index}")
        make_child(carried.case, "Aurora")
        make_parent(carried.case, "José", "Marte")
    assert counts[0] == counts[1]
    assert counts[0] <= 13


@pytest.mark.parametrize("state", [AssignmentState.ACCEPTED, AssignmentState.IN_CONTACT])
def test_that_contact_is_about_meetings_only_stands_wherever_a_number_does(
    browser_for, specialist, supervisor, state
):
    """ADV-05: who does not want support is not to be called about anything else."""
    stint = make_assignment(specialist=specialist, supervisor=supervisor, state=state)
    if state is AssignmentState.IN_CONTACT:
        stint.first_contact_at = NOW - timedelta(days=30)
    [parent] = parents_of(stint.case)
    browser = browser_for(specialist)
    pages = ("/today", family_url(stint), f"{family_url(stint)}/activities/new")
    assert not any("about meetings only" in browser.open(path) for path in pages)
    withdraw_consents(
        stint.case, parent, [ConsentScope.SUPPORT], actor=specialist.as_actor(), now=NOW
    )
    for path in pages:
        assert "Contact about meetings only" in browser.open(path)


def test_safe_contact_stands_wherever_a_number_does(browser_for, specialist, carried):
    [parent] = parents_of(carried.case)
    parent.may_leave_voicemail = False
    parent.safe_contact_note = "Call after six."
    browser = browser_for(specialist)
    for path in ("/today", family_url(carried), f"{family_url(carried)}/activities/new"):
        page = browser.open(path)
        assert "Do not leave voicemail" in page
        assert "Call after six." in page
    assert "Contact with care" in browser.open("/caseload")


def test_the_caseload_says_nothing_of_contact_where_nobody_asked_for_care(
    browser_for, specialist, carried
):
    assert "Contact with care" not in browser_for(specialist).open("/caseload")

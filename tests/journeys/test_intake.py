"""A referral through the online form, step by step."""

from collections.abc import Callable

import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.intake.models import Draft
from parents_partners.referrals.models import Referral
from parents_partners.referrals.types import Channel
from tests.browser import Browser
from tests.factories import make_user
from tests.journeys.intake import (
    BEFORE,
    CASE,
    CHILDREN,
    CONFERENCES,
    HISTORY,
    PARENTS,
    STEPS,
    address_of_draft,
    begin,
    go_through,
    make_referrer,
)

Database = scoped_session[Session]
Browsers = Callable[[User | None], Browser]


def test_a_caseworker_refers_a_family_in_seven_steps(
    session: Database, browser_for: Browsers
) -> None:
    browser = browser_for(make_referrer(name="Denise Okafor-Reyes", phone="(718) 555-0123"))
    page = begin(browser)
    assert "Step 1 of 7" in page
    page = go_through(page, *STEPS)
    assert page.heading == "Check your answers"
    assert "Marte, Luz" in page
    receipt = page.form("Send the referral").submit()
    assert receipt.heading == "We have your referral"
    assert "PP-2026-000001" in receipt
    assert "Tue, Nov 24, 2026" in receipt
    referral = session.scalars(select(Referral)).one()
    assert referral.reference == "PP-2026-000001"
    assert referral.channel is Channel.ONLINE
    assert session.scalar(select(func.count(Draft.id))) == 0


def test_the_form_knows_who_refers(session: Database, browser_for: Browsers) -> None:
    referrer = make_referrer(
        name="Denise Okafor-Reyes", title="Case Planner", phone="(718) 555-0123"
    )
    form = begin(browser_for(referrer)).form("Save and continue")
    assert form.values["referrer-name"] == "Denise Okafor-Reyes"
    assert form.values["referrer-title"] == "Case Planner"
    assert form.values["referrer-phone"] == "(718) 555-0123"
    assert form.values["referrer-email"] == referrer.email
    assert "referrer-organization" not in form.fields


def test_nobody_refers_in_the_name_of_another_organisation(
    session: Database, browser_for: Browsers
) -> None:
    referrer = make_referrer()
    form = begin(browser_for(referrer)).form("Save and continue").fill(BEFORE)
    form.values["referrer-organization"] = "Another Agency"
    form.submit()
    document = session.scalars(select(Draft)).one().document
    assert document["referrer"]["organization"] == referrer.organisation.name


def test_helpline_staff_use_the_same_form_for_a_caller(
    session: Database, browser_for: Browsers
) -> None:
    page = begin(browser_for(make_user(Role.HELPLINE)))
    case = {**CASE, "case-agency": "Hillside Crossing"}
    page = go_through(page, BEFORE, PARENTS, case, CHILDREN, CONFERENCES, HISTORY)
    page.form("Send the referral").submit()
    assert session.scalars(select(Referral)).one().channel is Channel.HELPLINE


def test_a_removal_without_a_time_is_asked_for_about_what_time(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    page = (
        page.form("Save and continue")
        .fill({**CHILDREN, "children-0-removed_at": "2026-11-16"})
        .submit(status=422)
    )
    assert page.problems == [
        "The time of the removal is not clear. The time of day is missing. Write it too: about"
        " what time is enough."
    ]
    assert page.links[page.problems[0]] == "#children-0-removed_at"


def test_a_parent_who_agreed_to_nothing_in_particular_is_asked_about_again(
    session: Database, browser_for: Browsers
) -> None:
    """REF-03: a consent is never made up."""
    page = go_through(begin(browser_for(make_referrer())), BEFORE)
    form = page.form("Save and continue").fill({**PARENTS, "parents-0-agreement-scope": []})
    page = form.submit(status=422)
    assert page.problems == ["Say what this parent agreed to: choose at least one."]


def test_what_is_sent_beside_the_fields_changes_nothing(
    session: Database, browser_for: Browsers
) -> None:
    """S-03"""
    form = begin(browser_for(make_referrer())).form("Save and continue").fill(BEFORE)
    before = session.scalars(select(Draft)).one()
    kept = (before.owner_id, before.public_id, before.submission_key, before.channel)
    for name in (*Draft.__table__.columns.keys(), "case-name"):
        form.values.setdefault(name, "7")
    form.submit()
    session.expire_all()
    after = session.scalars(select(Draft)).one()
    assert (after.owner_id, after.public_id, after.submission_key, after.channel) == kept
    assert after.document["channel"] == "online"
    assert "name" not in after.document["case"]


def test_an_early_case_is_routed_sooner(browser_for: Browsers) -> None:
    """REF-06"""
    page = begin(browser_for(make_referrer()))
    removed = {
        **CHILDREN,
        "children-0-removed_at": "2026-11-19",
        "children-0-removed_at-time": "14:30",
    }
    page = go_through(page, BEFORE, PARENTS, CASE, removed, CONFERENCES, HISTORY)
    assert "Sun, Nov 22, 2026" in page.form("Send the referral").submit()


def test_who_is_the_caseworker_need_not_type_their_details_again(browser_for: Browsers) -> None:
    referrer = make_referrer(name="Denise Okafor-Reyes", phone="(718) 555-0123")
    page = go_through(begin(browser_for(referrer)), BEFORE, PARENTS)
    form = page.form("I am the caseworker").fill({"case-name": "Marte, Luz"}).submit()
    filled = form.form("Save and continue").values
    assert filled["case-caseworker-name"] == "Denise Okafor-Reyes"
    assert filled["case-caseworker-phone"] == "(718) 555-0123"
    assert filled["case-name"] == "Marte, Luz"


def test_a_step_says_in_words_what_is_missing_and_keeps_what_was_typed(
    session: Database, browser_for: Browsers
) -> None:
    """REF-03"""
    page = go_through(begin(browser_for(make_referrer())), BEFORE)
    typed = {**PARENTS, "parents-0-agreement-asked_on": "2026-12-24"}
    page = page.form("Save and continue").fill(typed).submit(status=422)
    assert len(page.problems) == 1
    assert "Thu, Dec 24, 2026 is later than Sat, Nov 21, 2026" in page.problems[0]
    assert page.links[page.problems[0]] == "#parents-0-agreement-asked_on"
    assert page.by_id("parents-0-agreement-asked_on-error") is not None
    form = page.form("Save and continue")
    for name, value in typed.items():
        assert form.values.getlist(name) == ([value] if isinstance(value, str) else value)
    assert "saved in your draft" in page
    kept = session.scalars(select(Draft)).one().document["parents"][0]
    assert kept["agreement"]["asked_on"] == "2026-12-24"


def test_a_parent_who_declined_leaves_nothing_but_the_answer(
    session: Database, browser_for: Browsers
) -> None:
    """REF-03"""
    page = go_through(begin(browser_for(make_referrer())), BEFORE)
    page = page.form("Add another parent").fill(PARENTS).submit()
    both = {
        "parents-1-relationship": "father",
        "parents-1-agreement-answer": "declined",
        "parents-1-first_name": "Canary",
        "parents-1-phone": "(347) 555-0199",
    }
    page = go_through(page, both, CASE, CHILDREN, CONFERENCES, HISTORY)
    assert "Only what stands here is sent." in page
    assert "Father" in page
    assert "Declined" in page
    assert "Canary" not in page
    assert "555-0199" not in page
    page.form("Send the referral").submit()
    kept = session.scalars(select(Referral)).one().submission.document["parents"][1]
    assert kept == {"relationship": "father", "agreement": {"answer": "declined"}}


def test_a_referral_without_a_parent_who_agreed_is_not_sent(
    session: Database, browser_for: Browsers
) -> None:
    """REF-03"""
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE)
    draft = address_of_draft(page)
    page.form("Save and come back later").fill(
        {**PARENTS, "parents-0-agreement-answer": "not_asked"}
    ).submit()
    page = browser.send(f"{draft}/submit", status=422)
    assert any("No parent has agreed yet" in problem for problem in page.problems)
    assert session.scalar(select(func.count(Referral.id))) == 0


def test_check_your_answers_leads_to_every_problem_and_back(browser_for: Browsers) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE, PARENTS, CASE, CHILDREN, CONFERENCES)
    page.form("Save and come back later").submit()
    page = browser.open(f"{address_of_draft(page)}/check")
    assert "Send the referral" not in page.buttons
    problem = next(problem for problem in page.problems if "issues" in problem)
    assert page.links[problem].endswith("#history-issues")
    page = page.follow(problem)
    assert problem in page.problems
    page = page.form("Save and continue").fill(HISTORY).submit()
    assert page.heading == "Check your answers"
    assert "Send the referral" in page.buttons


def test_a_step_that_nobody_began_is_one_line_on_the_check_and_not_red_when_opened(
    browser_for: Browsers,
) -> None:
    browser = browser_for(make_referrer())
    page = go_through(begin(browser), BEFORE, PARENTS, CASE, CHILDREN, CONFERENCES)
    page = browser.open(f"{address_of_draft(page)}/check")
    assert page.problems == ["This step is not filled in yet."]
    page = page.follow("This step is not filled in yet.")
    assert page.heading == "Brief history and reasons"
    assert page.problems == []
    assert "Send the referral" in page.form("Save and continue").fill(HISTORY).submit().buttons


def test_a_problem_says_which_child_it_is_about(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    page = page.form("Save and continue").fill(CHILDREN).submit("Add another child")
    page = page.form("Save and continue").fill({"children-1-first_name": "Nayeli"})
    page = page.submit(status=422)
    assert page.problems == ["Child 2: Enter the child's last name."]


def test_brothers_and_sisters_are_filled_in_from_the_child_above(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    first = {
        **CHILDREN,
        "children-0-date_of_birth": "2016-02-29",
        "children-0-setting": "family_foster_care",
        "children-0-removed_at": "2026-11-20",
        "children-0-removed_at-time": "14:30",
        "children-0-placed_at": "2026-11-20",
        "children-0-placed_at-time": "20:00",
        "children-0-placement_agency": "Harborview",
    }
    page = page.form("Save and continue").fill(first).submit("Add another child")
    typed = {"children-1-first_name": "Nayeli", "children-1-placed_at": "2026-11-21"}
    page = page.form("Save and continue").fill(typed).submit("Fill in from the child above")
    values = page.form("Save and continue").values
    assert values["children-1-first_name"] == "Nayeli"
    assert values["children-1-last_name"] == "Marte"
    assert values["children-1-date_of_birth"] == ""
    assert values["children-1-setting"] == "family_foster_care"
    assert values["children-1-removed_at"] == "2026-11-20"
    assert values["children-1-removed_at-time"] == "14:30"
    assert values["children-1-placement_agency"] == "Harborview"
    assert values["children-1-placed_at"] == "2026-11-21"
    assert values["children-1-placed_at-time"] == ""


def test_the_first_child_has_nobody_above(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    form = page.form("Save and continue").fill(CHILDREN)
    form.values.setdefault("fill", "children-0")
    page = form.submit()
    assert page.heading == "Upcoming conferences"


def test_who_talked_with_the_parent_today_need_not_type_it(browser_for: Browsers) -> None:
    """REF-02"""
    referrer = make_referrer(name="Denise Okafor-Reyes")
    page = begin(browser_for(referrer)).form("Save and continue")
    page = page.fill({"programme_discussed-brochure_given": "no"})
    values = page.submit("I talked with the parent today").form("Save and continue").values
    assert values["programme_discussed-on"] == "2026-11-21"
    assert values["programme_discussed-by"] == "Denise Okafor-Reyes"
    assert values["programme_discussed-brochure_given"] == "no"


def test_helpline_staff_are_told_what_to_write_where_the_caller_does_not_know(
    browser_for: Browsers,
) -> None:
    words = "Write “not known”"
    page = go_through(begin(browser_for(make_user(Role.HELPLINE))), BEFORE, PARENTS)
    assert words in page
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS)
    assert words not in page


def test_who_asks_a_parent_is_told_what_the_agency_learns_in_any_case(
    browser_for: Browsers,
) -> None:
    """REF-07"""
    page = go_through(begin(browser_for(make_referrer())), BEFORE)
    assert "what the agency learns in any case" in page


def test_who_changes_a_step_comes_back_to_the_check(browser_for: Browsers) -> None:
    page = go_through(begin(browser_for(make_referrer())), *STEPS)
    page = page.follow("Change parents").form("Save and continue").submit()
    assert page.heading == "Check your answers"


def test_no_conference_is_an_answer_and_silence_is_none(browser_for: Browsers) -> None:
    """REF-04d"""
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE, CHILDREN)
    page = page.form("Save and continue").submit(status=422)
    assert page.problems == ["Say which conferences are coming up, or that there is none."]
    page = go_through(page, CONFERENCES)
    assert page.heading == "Brief history and reasons"


def test_a_conference_is_given_with_its_day_and_its_time(
    session: Database, browser_for: Browsers
) -> None:
    """REF-04d"""
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE, CHILDREN)
    conference = {
        "coming_up": "yes",
        "conferences-0-kind": "FTC",
        "conferences-0-starts_at": "2026-11-25",
        "conferences-0-starts_at-time": "10:00",
    }
    page = go_through(page, conference, HISTORY)
    assert "Wed, Nov 25, 2026, 10:00 AM" in page
    page.form("Send the referral").submit()
    kept = session.scalars(select(Referral)).one().submission.document["conferences"]
    assert kept[0]["starts_at"] == "2026-11-25T15:00:00+00:00"


def test_a_day_that_comes_twice_is_assumed_and_said(
    browser_for: Browsers, clock: time_machine.Traveller
) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE, PARENTS, CASE)
    removed = {
        **CHILDREN,
        "children-0-removed_at": "2026-11-01",
        "children-0-removed_at-time": "01:30",
    }
    page = go_through(page, removed, CONFERENCES, HISTORY)
    assert "comes twice on" in page
    receipt = page.form("Send the referral").submit()
    assert "comes twice on" in receipt


def test_a_language_that_is_not_on_the_list_is_named_by_its_code(
    session: Database, browser_for: Browsers
) -> None:
    page = go_through(begin(browser_for(make_referrer())), BEFORE)
    unnamed = {**PARENTS, "parents-0-preferred_language": "?"}
    page = page.form("Save and continue").fill(unnamed).submit(status=422)
    assert page.problems == ["Write the language as a code, like en, es or zh-Hant."]
    page = go_through(page, {"parents-0-preferred_language-code": "wo"})
    assert page.heading == "Case and contacts"
    kept = session.scalars(select(Draft)).one().document["parents"][0]
    assert kept["preferred_language"] == "wo"


def test_a_history_that_may_hold_a_report_is_warned_about_and_taken(
    browser_for: Browsers,
) -> None:
    page = go_through(begin(browser_for(make_referrer())), *STEPS[:5])
    told = {**HISTORY, "history-issues": "SCR Intake Stage 00000000, source is the hospital."}
    page = go_through(page, told)
    assert "may hold a report number" in page
    assert "PP-2026" in page.form("Send the referral").submit()

"""ADV-03: services that parents need, over HTTP only."""

from datetime import timedelta

import pytest

from parents_partners.accounts.types import Role
from parents_partners.advocates.models import ServiceStep
from parents_partners.advocates.types import AssignmentState, ServiceState
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.words import date_words
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_filed_referral,
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
def stint(specialist, supervisor):
    return make_assignment(
        specialist=specialist, supervisor=supervisor, state=AssignmentState.IN_CONTACT
    )


def family_url(stint):
    return f"/families/{stint.case.public_id}"


def test_a_service_is_followed_press_by_press(browser_for, specialist, stint):
    page = browser_for(specialist).open(family_url(stint)).follow("Offer a service")
    page = page.form("Put it on the list").fill(kind="housing").submit()
    assert page.path == family_url(stint)
    assert "Offered Sat, Nov 21, 2026" in page
    page = page.form("The parent wants it Housing").submit()
    # Who gives it is not known yet, so this step asks.
    page = page.follow("Referral made Housing").form("Save").submit(status=422)
    assert page.problems == ["Write who gives the service: the place or the office."]
    page = page.form("Save").fill(provider="Third Avenue Housing Help").submit()
    assert "Housing, Third Avenue Housing Help" in page
    # What cannot be taken back is no single press.
    page = page.form("It started Housing").submit().follow("It is finished Housing")
    page = page.form("Save").submit()
    assert "Ended: 1 service" in page
    for words in (
        "Rosa Jimenez offered a service: Housing",
        "noted that the parent wants the service: Housing",
        "made the referral to the service: Housing",
        "noted that the service is finished: Housing",
    ):
        assert words in page


def test_a_parents_no_is_an_answer(browser_for, specialist, stint):
    make_service(stint, kind="parenting")
    page = browser_for(specialist).open(family_url(stint))
    page = page.follow("Another day, or it went otherwise Parenting class or coaching")
    assert "That a parent does not want it is an answer" in page
    page = page.form("Save").fill(action="fall_through").submit(status=422)
    assert page.problems == ["Choose why it will not happen."]
    page = page.form("Save").fill(reason="parent_declined").submit()
    assert "The parent did not want it, Sat, Nov 21, 2026" in page
    assert "will not happen: Parenting class or coaching, The parent did not want it" in page


def test_a_step_of_another_day_is_written_down_later(browser_for, specialist, stint):
    service = make_service(stint, on=TODAY - timedelta(days=5))
    form = browser_for(specialist).open(f"/services/{service.public_id}").form("Save")
    page = form.fill(action="accept", happened_on="2026-11-15").submit(status=422)
    assert page.problems == ["Give Mon, Nov 16, 2026 or a later day: the step before was then."]
    page = page.form("Save").fill(happened_on="2026-11-18").submit()
    assert "The parent wants it Wed, Nov 18, 2026" in page


def test_a_service_is_offered_from_the_day_on_that_the_family_was_accepted(
    browser_for, specialist, stint
):
    form = (
        browser_for(specialist).open(f"{family_url(stint)}/services/new").form("Put it on the list")
    )
    page = form.fill(kind="housing", happened_on="2026-11-15").submit(status=422)
    [problem] = page.problems
    assert problem.endswith("or a later day: you accepted the family then.")


def test_a_service_that_was_asked_about_in_vain_is_said_to_have_had_no_news_for_longer(
    browser_for, specialist, stint
):
    """The day of the asking brought none."""
    service = make_service(stint, on=TODAY - timedelta(days=40))
    asked_on = TODAY - timedelta(days=20)
    db.session.add(
        ServiceStep(
            service_referral_id=service.id,
            state=service.state,
            happened_on=asked_on,
            recorded_at=NOW,
            recorded_by_id=stint.specialist_id,
        )
    )
    db.session.flush()
    page = browser_for(specialist).open("/today")
    assert "Ask how it went" in page
    assert f"last noted or asked on {date_words(asked_on)}" in page


def test_of_two_presses_the_second_reads_what_happened(browser_for, specialist, supervisor, stint):
    make_service(stint)
    pages = [browser_for(one).open(family_url(stint)) for one in (specialist, supervisor)]
    pages[0].form("The parent wants it Housing").submit()
    page = pages[1].form("The parent wants it Housing").submit(status=409)
    assert "By Rosa Jimenez" in page
    assert "Referral made" in page
    assert "Save" in page.buttons


def test_today_asks_how_it_went_until_somebody_asked(browser_for, specialist, stint):
    make_service(
        stint, state=ServiceState.MADE, on=TODAY - timedelta(days=14), provider="Canary House"
    )
    make_service(stint, kind="legal", on=TODAY - timedelta(days=13))
    page = browser_for(specialist).open("/today")
    assert "1 service to ask about" in page
    assert "Housing, Canary House, for Luz Marte" in page
    page = page.follow("Note what you hear about Housing").form("Save")
    page = page.fill(action="nothing_new").submit()
    assert "Asked today: nothing new" in page
    assert "Rosa Jimenez asked how it goes with the service: Housing" in page
    assert "Ask how it went" not in browser_for(specialist).open("/today")


def test_after_a_withdrawal_nothing_can_be_pressed_any_more(browser_for, specialist, stint):
    make_service(stint, provider="Canary House")
    browser = browser_for(specialist)
    before = browser.open(family_url(stint))
    [parent] = parents_of(stint.case)
    actor = specialist.as_actor()
    withdraw_consents(stint.case, parent, [ConsentScope.SUPPORT], actor=actor, now=NOW)
    page = before.form("The parent wants it Housing").submit(status=409)
    assert "The parent took their consent back" in page
    assert "Save" not in page.buttons
    page = browser.open(f"{family_url(stint)}/services/new")
    assert "No parent has agreed to support" in page


def test_of_two_parents_one_is_chosen(browser_for, specialist, supervisor, stint):
    father = make_parent(stint.case, "José", scopes=(ConsentScope.ATTEND_MEETINGS,))
    mother = parents_of(stint.case)[0]
    apart = make_assignment(specialist=specialist, supervisor=supervisor)
    second = make_parent(apart.case, "Ada")
    page = browser_for(specialist).open(f"{family_url(stint)}/services/new")
    assert mother.public_id in page.source
    assert father.public_id not in page.source
    assert second.public_id not in page.source
    page = page.form("Put it on the list").fill(kind="").submit(status=422)
    assert page.problems == ["Choose what kind of service it is."]


def test_a_supervisor_follows_and_does_not_offer(browser_for, supervisor, stint):
    make_service(stint)
    page = browser_for(supervisor).open(family_url(stint))
    assert "Offer a service" not in page.links
    assert (
        "The parent wants it Sat, Nov 21, 2026" in page.form("The parent wants it Housing").submit()
    )


def test_a_referrer_learns_nothing_of_tasks_and_services(browser_for, specialist):
    """REF-07: what is done for a family is between it and the programme."""
    referrer = make_user(Role.REFERRER)
    referral = make_filed_referral(referrer=referrer)
    stint = make_assignment(
        referral.case, specialist, state=AssignmentState.IN_CONTACT, referral_id=referral.id
    )
    make_task(stint, what="Canary task")
    make_service(stint, kind="domestic_violence", provider="Canary House")
    assert "Canary House" in browser_for(specialist).open(family_url(stint)).source
    browser = browser_for(referrer)
    for address in ("/referrals", f"/referrals/{referral.public_id}"):
        source = browser.open(address).source
        assert "Canary" not in source
        assert "violence" not in source


def test_the_activity_beside_a_service_has_its_kind_of_support_chosen(
    browser_for, specialist, stint
):
    """ADV-02, ADV-03: what became of it and what was done are two entries, one press apart."""
    browser = browser_for(specialist)
    page = browser.open(family_url(stint)).follow("Log an activity too")
    assert page.form("Save").values.getlist("kinds") == ["services"]
    page = browser.open(f"{family_url(stint)}/activities/new?kind=nonsense")
    assert page.form("Save").values.getlist("kinds") == []


def test_the_answer_to_a_step_says_how_far_it_has_come(browser_for, specialist, stint):
    make_service(stint, kind="housing")
    browser = browser_for(specialist)
    page = browser.open(family_url(stint)).form("The parent wants it Housing").submit()
    assert "Noted: the parent wants it." in text_of(page.by_id("services"))
    page = page.follow("Referral made Housing").form("Save").fill(action="nothing_new").submit()
    assert "Noted: you asked, and nothing is new." in text_of(page.by_id("services"))


def test_a_step_that_cannot_follow_is_not_chosen_by_an_address(browser_for, specialist, stint):
    service = make_service(stint, kind="housing")
    page = browser_for(specialist).open(f"/services/{service.public_id}?step=finish")
    assert "action" not in page.form("Save").values

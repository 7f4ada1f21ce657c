"""A supervisor's morning, over HTTP only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Away
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Conflict
from tests.browser import Browser, Page
from tests.documents import referral_document
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_case,
    make_child,
    make_family,
    make_parent,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
    parents_of,
)

BrowserFor = Callable[[User | None], Browser]
NONE_KNOWN = {"none_known": True}


@pytest.fixture
def unit(session: Any) -> Unit:
    return make_unit("North")


@pytest.fixture
def supervisor(unit: Unit) -> User:
    return make_user(Role.SUPERVISOR, unit=unit, name="Ana Ruiz")


@pytest.fixture
def rosa(unit: Unit) -> User:
    """Fits any plain family better than anybody else."""
    return make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Rosa Jimenez"))


@pytest.fixture
def marcus(unit: Unit) -> User:
    """Speaks no Spanish, as the plain referral's parent does, and will not take housing."""
    return make_specialist(
        user=make_user(Role.SPECIALIST, unit=unit, name="Marcus Bell"),
        languages=["en"],
        concerns_not_taken=["housing"],
    )


@pytest.fixture
def browser(browser_for: BrowserFor, supervisor: User) -> Browser:
    return browser_for(supervisor)


def two_parents() -> dict[str, Any]:
    document = referral_document()
    father = {**document["parents"][0], "first_name": "Wilkin", "relationship": "father"}
    return {**document, "parents": [document["parents"][0], father]}


def decision_about(browser: Browser, name: str = "Marte, Luz") -> Page:
    return browser.open("/triage").follow(name)


def test_a_referral_is_filed_and_offered_in_one_step_and_leaves_the_queue(
    browser: Browser, rosa: User, browser_for: BrowserFor
) -> None:
    reference = make_referral().reference
    page = decision_about(browser)
    assert page.heading == "Marte, Luz"
    assert "Speaks Spanish" in page

    queue = page.form("File and offer").fill(NONE_KNOWN, specialist=rosa.public_id).submit()

    assert f"{reference} is filed. Offered to Rosa Jimenez, who has until" in queue
    assert "Nothing waits" in queue
    assert "Luz Marte" in browser_for(rosa).open("/today")


def test_the_queue_says_why_each_row_stands_where_it_does(browser: Browser) -> None:
    soon = (NOW + timedelta(days=2)).isoformat()
    make_referral(
        referral_document(
            case__name="Near, Nia",
            case__opened_on="2026-01-02",
            children=[{"first_name": "A", "last_name": "Near", "date_of_birth": "2023-01-01"}],
            conferences=[{"kind": "FTC", "starts_at": soon}],
        )
    )
    row = next(row for row in browser.open("/triage").rows if "Near, Nia" in row[0])
    assert row[1].startswith("FTC in 2 days")
    assert row[4] == "3"


def test_the_queue_is_filtered_by_borough_language_organisation_and_state(
    browser: Browser,
) -> None:
    make_referral()
    for name, value in (
        ("Borough", "Queens"),
        ("Language", "French"),
        ("State", "No Family Specialist yet"),
        ("Waits for", "Others, to answer a question"),
    ):
        empty = browser.open("/triage").form("Apply").fill({name: value}).submit()
        assert "Nothing that waits fits these filters" in empty
    found = browser.open("/triage").form("Apply").fill({"Language": "Spanish"}).submit()
    assert "Marte, Luz" in found


def test_what_is_missing_in_a_decision_is_said_and_what_was_chosen_stays(
    browser: Browser, rosa: User
) -> None:
    make_referral()
    page = (
        decision_about(browser)
        .form("File and offer")
        .fill(choice_reason="She asked")
        .submit(status=422)
    )
    assert page.problems == [
        "Tick this family's concerns, or say that none are known.",
        "Choose a Family Specialist, or file without an offer.",
    ]
    assert page.form("File and offer").values["choice_reason"].strip() == "She asked"


def test_another_than_the_first_suggested_asks_for_a_short_reason(
    browser: Browser, rosa: User, marcus: User
) -> None:
    make_referral()
    form = decision_about(browser).form("File and offer")
    page = form.fill(NONE_KNOWN, specialist=marcus.public_id).submit(status=422)
    assert page.problems == [
        "Say in a few words why you choose somebody other than the first suggested."
    ]
    queue = page.form("File and offer").fill(choice_reason="The parent asked for a man").submit()
    assert "Offered to Marcus Bell" in queue


def test_updating_the_suggestions_keeps_what_was_ticked_and_takes_away_who_will_not(
    browser: Browser, rosa: User, marcus: User
) -> None:
    """PP-04"""
    make_referral()
    form = decision_about(browser).form("Update suggestions")
    page = form.fill(concerns=["Housing"], choice_reason="A word").submit("Update suggestions")
    assert "Will not take families with: Housing" in page
    form = page.form("File and offer")
    assert form.values.getlist("concerns") == ["housing"]
    assert form.values["choice_reason"].strip() == "A word"
    refused = form.fill(specialist=rosa.public_id)
    refused.values["specialist"] = marcus.public_id
    assert refused.submit(status=422).problems == [
        "This Family Specialist is not available. Choose somebody else."
    ]


def test_nobody_can_tell_an_absence_from_a_conflict(
    browser: Browser, session: Any, unit: Unit
) -> None:
    referral = make_referral()
    away = make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Twin"))
    conflicted = make_specialist(user=make_user(Role.SPECIALIST, unit=unit, name="Twin"))
    session.add(Away(specialist_id=away.id, from_on=TODAY, until_on=TODAY))
    session.add(Conflict(user_id=conflicted.id, number_key=referral.number_key, recorded_at=NOW))
    session.flush()
    page = decision_about(browser)
    lines = [line for line in page.source.splitlines() if "Twin" in line]
    assert len(lines) == 2
    assert len(set(lines)) == 1
    assert "Not available" in lines[0]
    assert away.public_id not in page.source
    assert conflicted.public_id not in page.source


def test_two_parents_at_odds_get_two_specialists(
    browser: Browser, rosa: User, marcus: User
) -> None:
    make_referral(two_parents())
    form = decision_about(browser).form("File and offer")
    queue = form.fill(NONE_KNOWN, specialist=rosa.public_id, parents=["Luz Marte"]).submit()
    assert "No Family Specialist yet" in queue

    family = queue.follow("Marte, Luz")
    assert "1 parent without a Family Specialist" in family
    assert family.form("Offer").values.getlist("none_known") != []
    form = family.form("Offer").fill(specialist=marcus.public_id, choice_reason="Parents at odds")
    assert "Offered to Marcus Bell" in form.submit()


def test_a_referral_can_be_filed_without_an_offer_and_its_parents_wait(
    browser: Browser,
) -> None:
    make_referral()
    page = decision_about(browser)
    assert "Nobody of your unit can be offered this family now" in page
    queue = page.form("File without an offer").fill(NONE_KNOWN).submit()
    assert "filed without an offer" in queue


def test_a_question_a_decline_and_a_duplicate_take_a_referral_out_of_the_way(
    browser: Browser,
) -> None:
    original = make_referral()
    page = decision_about(browser)
    assert page.form("Send the question").submit(status=422).problems == ["Write your question."]
    queue = page.form("Send the question").fill(text="Which school?").submit()
    assert "question asked" in queue
    assert "Which school?" in queue.follow("Marte, Luz")

    make_referral(referral_document(case__name="Again, Ann"))
    page = decision_about(browser, "Again, Ann")
    assert "Same case number" in page
    assert page.form("Mark as a duplicate").submit(status=422).problems == [
        "Choose the referral that we had before, or write its reference."
    ]
    for typed in ("PP-2020-999999", "number 12"):
        refused = page.form("Mark as a duplicate").fill(reference=typed).submit(status=422)
        assert refused.problems == [
            "There is no referral with this reference that you may read. Check it, and write it"
            " like PP-2026-000123."
        ]
        assert refused.form("Mark as a duplicate").values["reference"] == typed
    queue = page.form("Mark as a duplicate").fill(original=original.reference).submit()
    assert f"is marked as a duplicate of {original.reference}" in queue
    assert "Again, Ann" not in queue

    page = decision_about(browser)
    assert page.form("Decline the referral").submit(status=422).problems == [
        "Choose why the referral is declined."
    ]
    queue = page.form("Decline the referral").fill(reason="served_elsewhere").submit()
    assert "Nothing waits" in queue


def test_the_second_of_two_supervisors_learns_who_was_first_and_loses_no_word(
    browser: Browser, browser_for: BrowserFor, unit: Unit, rosa: User, marcus: User
) -> None:
    """R-03: over HTTP, with the page opened before the other decided."""
    make_referral()
    other = browser_for(make_user(Role.SUPERVISOR, unit=unit, name="Beatrice Obi"))
    mine = decision_about(browser).form("File and offer")
    decision_about(other).form("File and offer").fill(
        NONE_KNOWN, specialist=rosa.public_id
    ).submit()

    page = mine.fill(
        concerns=["Housing"], specialist=marcus.public_id, choice_reason="He knows the court"
    )
    page.fill(concerns=["Neglect"])
    overtaken = page.submit(status=409)

    assert overtaken.heading == "Somebody was quicker"
    assert "That was Beatrice Obi" in overtaken
    for words in ("Neglect", "Marcus Bell", "He knows the court", "Luz Marte"):
        assert words in overtaken
    assert "Offered" not in browser_for(marcus).open("/today").source


def test_a_supervisor_whose_other_unit_was_quicker_is_told_too(
    browser: Browser, browser_for: BrowserFor, rosa: User
) -> None:
    """R-03: the referral has gone out of sight with the other unit's family, the words have not."""
    referral = make_referral()
    elsewhere = make_specialist()
    other = browser_for(make_user(Role.SUPERVISOR, unit=elsewhere.unit, name="Cy Lang"))
    mine = decision_about(browser).form("File and offer")
    decision_about(other).form("File and offer").fill(
        NONE_KNOWN, specialist=elsewhere.public_id
    ).submit()

    page = mine.fill(concerns=["Housing"], specialist=rosa.public_id, choice_reason="Knows her")
    overtaken = page.submit(status=409)

    assert "This referral was already filed. That was Cy Lang" in overtaken
    for words in ("Housing", "Rosa Jimenez", "Knows her"):
        assert words in overtaken
    never_saw_it = browser_for(make_user(Role.SUPERVISOR))
    never_saw_it.open(f"/triage/referrals/{referral.public_id}", status=404)


def test_a_waiting_family_that_another_unit_took_is_said_to_be_taken(
    browser: Browser, browser_for: BrowserFor, rosa: User
) -> None:
    make_referral()
    decision_about(browser).form("File without an offer").fill(NONE_KNOWN).submit()
    elsewhere = make_specialist()
    other = browser_for(make_user(Role.SUPERVISOR, unit=elsewhere.unit, name="Cy Lang"))
    mine = decision_about(browser).form("Offer").fill(specialist=rosa.public_id)
    decision_about(other).form("Offer").fill(specialist=elsewhere.public_id).submit()
    overtaken = mine.submit(status=409)
    assert "already offered to a Family Specialist. That was Cy Lang" in overtaken
    assert "Rosa Jimenez" in overtaken


def test_a_question_asked_meanwhile_stops_a_decision_that_did_not_know_it(
    browser: Browser, browser_for: BrowserFor, unit: Unit, rosa: User
) -> None:
    make_referral()
    other = browser_for(make_user(Role.SUPERVISOR, unit=unit, name="Beatrice Obi"))
    mine = decision_about(browser).form("File and offer")
    decision_about(other).form("Send the question").fill(text="Which school?").submit()
    page = mine.fill(NONE_KNOWN, specialist=rosa.public_id).submit(status=409)
    assert "That was Beatrice Obi" in page


def test_an_offer_that_nobody_answers_is_taken_back_and_the_parents_wait_again(
    browser_for: BrowserFor, supervisor: User, rosa: User, clock: Any
) -> None:
    make_assignment(make_family(), rosa, state=AssignmentState.OFFERED)
    assert "Offers not answered in time" not in browser_for(supervisor).open("/triage")
    clock.shift(timedelta(days=2).total_seconds())
    queue = browser_for(supervisor).open("/triage")
    queue = queue.form("Take back the offer of Marte, Luz to Rosa Jimenez").submit()
    assert "the offer was taken back" in queue


def test_a_supervisor_on_the_conflict_list_finds_neither_row_nor_page(
    browser: Browser, session: Any, supervisor: User
) -> None:
    referral = make_referral()
    make_referral(referral_document(case__number="Q-9", case__name="Other"))
    session.add(Conflict(user_id=supervisor.id, number_key=referral.number_key, recorded_at=NOW))
    session.flush()
    queue = browser.open("/triage")
    assert "Marte, Luz" not in queue
    assert "Other" in queue
    browser.open(f"/triage/referrals/{referral.public_id}", status=404)


def test_an_entry_that_is_made_while_somebody_reads_shuts_them_out_at_their_next_page(
    browser: Browser, session: Any, supervisor: User
) -> None:
    referral = make_referral()
    address = f"/triage/referrals/{referral.public_id}"
    assert "Marte, Luz" in browser.open(address)
    session.add(Conflict(user_id=supervisor.id, number_key=referral.number_key, recorded_at=NOW))
    session.flush()
    browser.open(address, status=404)
    assert "Marte, Luz" not in browser.open("/triage")


def test_a_known_family_is_chosen_and_who_worked_with_it_is_suggested_first(
    browser: Browser, rosa: User, marcus: User
) -> None:
    family = make_family(number="S-012345-6")
    make_assignment(family, marcus, state=AssignmentState.ENDED, parents=parents_of(family))
    make_referral()
    page = decision_about(browser)
    assert not page.form("File and offer").values.getlist("case")
    form = page.form("Update suggestions").fill(case=family.public_id)
    page = form.submit("Update suggestions")
    assert page.text.index("Marcus Bell") < page.text.index("Rosa Jimenez")
    assert "Has worked with this family" in page
    queue = page.form("File and offer").fill(NONE_KNOWN, specialist=marcus.public_id).submit()
    assert "Offered to Marcus Bell" in queue
    assert len(browser.open("/families").rows) == 1


def test_families_of_the_unit_are_listed_with_their_specialist(
    browser: Browser, rosa: User
) -> None:
    assert "No families" in browser.open("/families")
    make_assignment(make_family("Marte, Luz"), rosa)
    make_assignment(make_family("Elsewhere, Eve"))
    page = browser.open("/families")
    assert "Rosa Jimenez" in page
    assert "Accepted" in page
    assert "Elsewhere, Eve" not in page


def test_a_referral_that_was_decided_leads_to_its_own_page(browser: Browser, rosa: User) -> None:
    referral = make_referral()
    decision_about(browser).form("File and offer").fill(
        NONE_KNOWN, specialist=rosa.public_id
    ).submit()
    page = browser.open(f"/triage/referrals/{referral.public_id}")
    assert page.path == f"/referrals/{referral.public_id}"


def test_without_a_removal_the_measure_does_not_say_that_nobody_was_contacted(
    browser: Browser, rosa: User, supervisor: User
) -> None:
    """REF-06: there is nothing to count from."""
    case = make_case("Marte, Luz")
    make_parent(case)
    make_assignment(case, rosa, supervisor=supervisor, state=AssignmentState.IN_CONTACT)
    page = browser.open("/triage")
    assert "no first contact after a removal in the last 90 days" in page


def test_a_family_whose_support_has_ended_is_not_said_to_have_all_it_wants(
    browser: Browser, rosa: User, supervisor: User
) -> None:
    stint = make_assignment(None, rosa, supervisor=supervisor, state=AssignmentState.ENDED)
    make_child(stint.case, "Aurora", born_on=TODAY - timedelta(days=60))
    page = browser.open(f"/triage/families/{stint.case.public_id}")
    assert "No parent of this family is in the queue" in page
    assert "no parents without a Family Specialist" not in page
    assert "Support that has ended is reopened on the family's page" in page
    assert "Aurora Marte, under 1 year" in page
    assert "Yandel Marte, 10 years" in page

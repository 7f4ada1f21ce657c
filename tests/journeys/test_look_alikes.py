"""A supervisor sets two who look alike side by side, says what they are, and takes it back."""

from collections.abc import Callable
from typing import Any

import pytest

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from parents_partners.cases.models import Case
from parents_partners.referrals.models import Referral
from tests.browser import Browser, Page
from tests.documents import referral_document
from tests.factories import (
    make_filed_referral,
    make_referral,
    make_unit,
    make_user,
    parents_of,
)

BrowserFor = Callable[[User | None], Browser]


@pytest.fixture
def unit(session: Any) -> Unit:
    return make_unit("North")


@pytest.fixture
def browser(browser_for: BrowserFor, unit: Unit) -> Browser:
    return browser_for(make_user(Role.SUPERVISOR, unit=unit, name="Ana Ruiz"))


@pytest.fixture
def case(session: Any) -> Case:
    known = make_filed_referral().case
    assert known is not None
    return known


@pytest.fixture
def misheard(case: Case) -> Referral:
    return make_referral(
        referral_document(
            case__name="Marta",
            case__number=None,
            parents__0__first_name="Lus",
            parents__0__last_name="Marta",
            children__0__date_of_birth=None,
        )
    )


def decision(browser: Browser, referral: Referral) -> Page:
    return browser.open(f"/triage/referrals/{referral.public_id}")


def beside(browser: Browser, referral: Referral, case: Case) -> Page:
    return browser.open(f"/triage/referrals/{referral.public_id}/beside/families/{case.public_id}")


def test_what_agrees_differs_and_was_not_said_is_told_in_words(
    browser: Browser, case: Case, misheard: Referral
) -> None:
    page = decision(browser, misheard)
    assert "Same phone number" in page
    page = beside(browser, misheard, case)
    for words in ("Sounds alike", "Nearly agrees", "Agrees", "Not said", "Lus Marta", "S-012345-6"):
        assert words in page


def test_the_same_family_is_chosen_in_the_decision_until_it_is_taken_back(
    browser: Browser, case: Case, misheard: Referral
) -> None:
    page = beside(browser, misheard, case).form("The same family").submit()
    assert "Recorded: the same family" in page
    assert "said by Ana Ruiz" in page
    page = decision(browser, misheard)
    assert "Said to be the same family" in page
    assert page.form("File and offer").values.get("case") == case.public_id

    beside(browser, misheard, case).form("Take back “The same family” of the two families").submit()
    assert decision(browser, misheard).form("File and offer").values.get("case") is None


def test_the_same_person_is_filed_as_one_and_parted_again(
    browser: Browser, case: Case, misheard: Referral
) -> None:
    page = beside(browser, misheard, case).form("The same person Lus Marta and Luz Marte").submit()
    assert "Recorded: the same person" in page
    form = decision(browser, misheard).form("File without an offer")
    form.fill(none_known=True, case=case.public_id).submit()
    browser.app.extensions["sqlalchemy"].session.refresh(case)
    assert [person.name for person in parents_of(case)] == ["Luz Marte"]

    page = browser.open(f"/referrals/{misheard.public_id}")
    assert "What was said of look-alikes" in page
    page = beside(browser, misheard, case)
    assert "This referral was decided about" in page
    page = page.form("Take back “The same person” of Lus Marta and Luz Marte").submit()
    assert "Lus Marta is a person of their own now" in page
    browser.app.extensions["sqlalchemy"].session.refresh(case)
    assert [person.name for person in parents_of(case)] == ["Luz Marte", "Lus Marta"]


def test_not_the_same_is_folded_away_and_can_be_brought_back(
    browser: Browser, case: Case, misheard: Referral
) -> None:
    page = beside(browser, misheard, case).form("Not the same family").submit()
    assert "Recorded: not the same" in page
    page = decision(browser, misheard)
    assert "Said not to be the same (1)" in page
    assert "We found no further referral, and no family that you may see" in page
    page.form("Take back “Not the same” of Marte, Luz").submit()
    assert "Same phone number" in decision(browser, misheard)


def test_two_undecided_referrals_stand_beside_each_other_from_either_side(
    browser: Browser, session: Any
) -> None:
    first, second = make_referral(), make_referral()
    page = browser.open(f"/triage/referrals/{first.public_id}/beside/referrals/{second.public_id}")
    page.form("The same family").submit()
    for one in (first, second):
        assert "Said to be the same family" in decision(browser, one)


def test_the_second_of_two_supervisors_learns_what_the_first_said(
    browser: Browser, browser_for: BrowserFor, unit: Unit, case: Case, misheard: Referral
) -> None:
    mine = beside(browser, misheard, case).form("Not the same family")
    other = browser_for(make_user(Role.SUPERVISOR, unit=unit, name="Beatrice Obi"))
    beside(other, misheard, case).form("The same family").submit()
    page = mine.submit(status=409)
    assert "“The same family” was already said of these two." in page
    assert "Beatrice Obi" in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"said": "twins"},
        {"said": "same_person"},
        {"said": "same_person", "of": "parent", "position": "-1", "person": "nobody"},
        {"said": "same_person", "of": "case", "position": "0", "person": "0" * 20},
        {"said": "same_family", "of": "parent", "position": "0" * 40},
    ],
)
def test_what_no_button_sends_is_refused_in_words(
    browser: Browser, case: Case, misheard: Referral, sent: dict[str, str]
) -> None:
    address = f"/triage/referrals/{misheard.public_id}/beside/families/{case.public_id}"
    page = browser.send(address, sent, status=422)
    assert "Are these the same?" in page
    assert page.problems

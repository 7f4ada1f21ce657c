"""The verbs of a draft, and what they hold to when two windows press at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.core.db import db
from parents_partners.core.errors import Absent
from parents_partners.intake import queries, services
from parents_partners.intake.models import Draft
from parents_partners.intake.types import NotReady, StaleSection, Unkeepable
from parents_partners.referrals.models import Referral
from parents_partners.referrals.submission import Section
from tests.browser import Browser
from tests.documents import referral_document
from tests.factories import NOW
from tests.journeys.intake import CASE, CHILDREN, PARENTS, make_referrer

Database = scoped_session[Session]
ROUNDS = 8


def make_draft(user: User, document: dict[str, Any] | None = None) -> Draft:
    draft = services.start(user, actor=user.as_actor(), now=NOW)
    if document is not None:
        draft.document = {name: document[name] for name in document if name != "received_at"}
        db.session.flush()
    return draft


def keep(draft: Draft, typed: dict[str, object], *, version: int = 0) -> None:
    services.keep(
        draft, Section.CASE, typed, properties=["case"], version=version, now=NOW + timedelta(1)
    )


@pytest.fixture
def referrer(session: Database) -> User:
    return make_referrer()


def test_a_step_is_kept_and_the_others_stay_as_they_are(referrer: User) -> None:
    draft = make_draft(referrer)
    keep(draft, {"case": {"name": "Marte"}})
    assert draft.document["case"] == {"name": "Marte"}
    assert draft.document["referrer"]["name"] == referrer.name
    assert draft.section_versions == {"case": 1}
    assert draft.updated_at == NOW + timedelta(1)


def test_what_a_step_no_longer_says_is_gone(referrer: User) -> None:
    draft = make_draft(referrer)
    keep(draft, {"case": {"name": "Marte"}})
    keep(draft, {}, version=1)
    assert "case" not in draft.document


def test_a_stale_step_is_refused_with_what_was_saved(referrer: User) -> None:
    draft = make_draft(referrer)
    keep(draft, {"case": {"name": "First"}})
    with pytest.raises(StaleSection) as stale:
        keep(draft, {"case": {"name": "Second"}})
    assert stale.value.saved == {"case": {"name": "First"}}
    assert draft.document["case"] == {"name": "First"}


def test_the_same_again_is_not_stale(referrer: User) -> None:
    draft = make_draft(referrer)
    keep(draft, {"case": {"name": "First"}})
    keep(draft, {"case": {"name": "First"}})
    assert draft.section_versions == {"case": 1}


@pytest.mark.parametrize("text", ["Mar\0te", "Mar\ud800te"])
@pytest.mark.parametrize("wrap", [lambda text: {"name": text}, lambda text: [[{"a": text}]]])
def test_what_no_database_keeps_is_refused(
    referrer: User, text: str, wrap: Callable[[str], object]
) -> None:
    draft = make_draft(referrer)
    before = draft.document
    with pytest.raises(Unkeepable):
        keep(draft, {"case": wrap(text)})
    assert draft.document == before


def test_a_draft_that_is_sent_is_gone_and_is_one_referral(
    session: Database, referrer: User
) -> None:
    """REF-03: what a referral may not hold must not live on in a draft."""
    draft = make_draft(referrer, referral_document())
    actor = referrer.as_actor()
    key = draft.public_id
    receipt = services.submit(draft, queries.circumstances(NOW), actor=actor, now=NOW)
    assert session.scalar(select(func.count(Draft.id))) == 0
    assert receipt.referral.organisation_id == referrer.organisation_id
    assert receipt.referral.received_at == NOW
    assert queries.submitted_from(actor, key) == receipt.referral.public_id


def test_a_draft_that_breaks_a_rule_stays_and_says_why(session: Database, referrer: User) -> None:
    draft = make_draft(referrer, referral_document(reasons=[]))
    with pytest.raises(NotReady) as refused:
        services.submit(draft, queries.circumstances(NOW), actor=referrer.as_actor(), now=NOW)
    assert [problem.path for problem in refused.value.problems] == ["reasons"]
    assert session.scalar(select(func.count(Draft.id))) == 1
    assert session.scalar(select(func.count(Referral.id))) == 0


def test_nobody_finds_the_referral_of_somebody_elses_draft(referrer: User) -> None:
    draft = make_draft(referrer, referral_document())
    key = draft.public_id
    services.submit(draft, queries.circumstances(NOW), actor=referrer.as_actor(), now=NOW)
    stranger = make_referrer()
    assert queries.submitted_from(stranger.as_actor(), key) is None
    colleague = make_referrer(organisation=referrer.organisation)
    assert queries.submitted_from(colleague.as_actor(), key) is None


def test_there_is_no_receipt_for_what_is_out_of_sight(referrer: User) -> None:
    with pytest.raises(Absent):
        queries.receipt_of(referrer.as_actor(), "0" * 20)


def test_the_list_of_drafts_reads_the_case_name_out_of_the_document(referrer: User) -> None:
    make_draft(referrer)
    named = make_draft(referrer)
    keep(named, {"case": {"name": "Marte, “Luz” \\ 王"}})
    page = queries.drafts_of(referrer.as_actor(), now=NOW + timedelta(1), after=None)
    assert [row.case_name for row in page.rows] == ["Marte, “Luz” \\ 王", ""]


def test_old_drafts_are_deleted_and_younger_ones_stay(session: Database, referrer: User) -> None:
    make_draft(referrer)
    young = make_draft(referrer)
    young.updated_at = NOW + timedelta(hours=1)
    session.flush()
    assert services.delete_old(now=NOW + timedelta(days=28)) == 1
    assert session.scalars(select(Draft.id)).all() == [young.id]


def at_once(*presses: Callable[[], int]) -> list[int]:
    """What each press was answered, all begun at the same moment."""
    barrier = Barrier(len(presses))

    def press(one: Callable[[], int]) -> int:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(presses)) as threads:
        return list(threads.map(press, presses))


def open_draft(app: Flask, document: dict[str, Any] | None = None) -> tuple[User, str]:
    with app.app_context():
        user = make_referrer()
        draft = make_draft(user, document)
        address = f"/drafts/{draft.public_id}"
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
        return user, address


def pressing(app: Flask, user: User, address: str, fields: dict[str, str]) -> Callable[[], int]:
    browser = Browser(app, user)
    data = {"csrf_token": browser.token(), "version": "0", **fields}
    return lambda: browser.request("POST", address, data=data).status_code


def test_sending_from_two_windows_at_once_makes_one_referral(own_database: Flask) -> None:
    for already in range(ROUNDS):
        user, address = open_draft(own_database, referral_document())
        send = [pressing(own_database, user, f"{address}/submit", {}) for _ in range(2)]
        assert at_once(*send) == [303, 303]
        with own_database.app_context():
            assert db.session.scalar(select(func.count(Referral.id))) == already + 1
            assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_two_steps_saved_at_once_are_both_kept(own_database: Flask) -> None:
    for _ in range(ROUNDS):
        user, address = open_draft(own_database)
        answers = at_once(
            pressing(own_database, user, f"{address}/case", CASE),
            pressing(own_database, user, f"{address}/children", CHILDREN),
            pressing(own_database, user, f"{address}/parents", PARENTS),
        )
        assert 409 not in answers
        with own_database.app_context():
            draft = db.session.scalars(select(Draft).order_by(Draft.id.desc())).first()
            assert draft is not None
            assert set(draft.section_versions) == {"case", "children", "parents"}


def test_one_step_saved_differently_at_once_is_kept_once_and_told_to_the_other(
    own_database: Flask,
) -> None:
    for _ in range(ROUNDS):
        user, address = open_draft(own_database)
        answers = at_once(
            *(
                pressing(
                    own_database,
                    user,
                    f"{address}/case",
                    {**CASE, "case-name": name, "go": "later"},
                )
                for name in ("One", "Two")
            )
        )
        assert sorted(answers) == [303, 409]

"""What pages read of referrals: who sees which, how they are found, and at what cost."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.types import AssignmentState
from parents_partners.cases.models import Conflict
from parents_partners.core.errors import Absent
from parents_partners.core.paging import write_key
from parents_partners.referrals import queries, services
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import blocking, listing
from parents_partners.referrals.types import Shown, StandingStage
from tests.conftest import Statements
from tests.documents import referral_document
from tests.factories import (
    NOW,
    make_assignment,
    make_filed_referral,
    make_organisation,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
)

Database = scoped_session[Session]


@pytest.fixture
def referrer(session: Database) -> User:
    return make_user(Role.REFERRER)


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR)


def names_for(user: User, shown: Shown = Shown.ALL) -> list[str]:
    page = queries.referrals_for(user.as_actor(), None, shown=shown, now=NOW)
    return [row.case_name for row in page.rows]


def sees(user: User, referral: Referral) -> bool:
    try:
        return queries.referral_for(user.as_actor(), referral.public_id) is referral
    except Absent:
        return False


# Questions


def test_the_question_that_waits_longest_for_an_answer_comes_first(
    session: Database, referrer: User, supervisor: User
) -> None:
    """Not the referral that came first: it may have been asked about last."""
    came_first, came_second = make_referral(referrer=referrer), make_referral(referrer=referrer)
    actor = supervisor.as_actor()
    services.ask(came_second, "Which number?", actor=actor, now=NOW)
    services.ask(came_first, "Which child?", actor=actor, now=NOW + timedelta(days=1))
    waiting = [one.public_id for one in queries.open_questions(referrer.as_actor())]
    assert waiting == [came_second.public_id, came_first.public_id]


def test_a_question_waits_for_nobody_who_may_not_answer_it_nor_once_it_is_answered(
    session: Database, referrer: User, supervisor: User
) -> None:
    referral, helper = make_referral(referrer=referrer), make_user(Role.HELPLINE)
    services.ask(referral, "Which number?", actor=supervisor.as_actor(), now=NOW)
    assert queries.open_questions(helper.as_actor()) == []
    assert queries.open_questions(supervisor.as_actor()) == []
    services.answer(referral, "The first.", actor=referrer.as_actor(), now=NOW)
    services.ask(referral, "And the child?", actor=supervisor.as_actor(), now=NOW)
    assert len(queries.open_questions(referrer.as_actor())) == 1
    services.answer(referral, "A boy.", actor=referrer.as_actor(), now=NOW)
    assert queries.open_questions(referrer.as_actor()) == []


# Who sees which


def test_a_referrer_sees_what_their_own_organisation_sent(
    session: Database, referrer: User
) -> None:
    colleague = make_user(Role.REFERRER, organisation=referrer.organisation)
    own = make_referral(referrer=colleague, case__name="Own")
    other = make_referral(case__name="Other")
    assert names_for(referrer) == ["Own"]
    assert (sees(referrer, own), sees(referrer, other)) == (True, False)


def test_a_parents_own_request_belongs_to_no_organisation(
    session: Database, referrer: User
) -> None:
    referral = make_referral(referrer=referrer)
    referral.organisation_id = None
    assert not sees(referrer, referral)


def test_a_specialist_sees_the_referrals_of_families_they_carry(session: Database) -> None:
    specialist = make_specialist()
    referral = make_filed_referral()
    assert not sees(specialist, referral)
    offered = make_assignment(referral.case, specialist, state=AssignmentState.OFFERED)
    assert not sees(specialist, referral)
    session.delete(offered.parents[0])
    session.delete(offered)
    session.flush()
    make_assignment(referral.case, specialist, state=AssignmentState.ACCEPTED)
    assert sees(specialist, referral)


def test_a_supervisor_sees_what_awaits_a_decision_and_their_units_families(
    session: Database, supervisor: User
) -> None:
    undecided, unassigned = make_referral(), make_filed_referral()
    own, others = make_filed_referral(), make_filed_referral()
    make_assignment(own.case, make_specialist(unit=supervisor.unit))
    make_assignment(others.case, make_specialist(unit=make_unit()))
    seen = [sees(supervisor, one) for one in (undecided, unassigned, own, others)]
    assert seen == [True, True, True, False]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_keeps_accounts_or_audits_sees_no_referral(session: Database, role: Role) -> None:
    assert not sees(make_user(role), make_referral())


def test_the_conflict_list_takes_a_referral_away_by_its_number(
    session: Database, supervisor: User
) -> None:
    referral = make_referral(case__number="s 0123456")
    session.add(Conflict(user_id=supervisor.id, number_key="S0123456", recorded_at=NOW))
    session.flush()
    assert not sees(supervisor, referral)


# The list


def test_the_newest_referral_comes_first_with_its_next_conference(
    session: Database, referrer: User
) -> None:
    make_referral(referrer=referrer, case__name="Older", received_at="2026-11-18T09:00:00-05:00")
    document = referral_document(case__name="Newer")
    document["conferences"] = [
        {"kind": "COURT", "starts_at": "2026-11-22T10:00:00-05:00"},
        {"kind": "SPR", "starts_at": "2026-12-24T10:00:00-05:00"},
        {"kind": "PDM", "starts_at": "2026-12-01T10:00:00-05:00"},
    ]
    make_referral(document, referrer=referrer)
    newer, older = queries.referrals_for(referrer.as_actor(), None, shown=Shown.ALL, now=NOW).rows
    assert (newer.case_name, older.case_name) == ("Newer", "Older")
    assert newer.next_conference is not None
    assert newer.next_conference[0] == "PDM"


def test_open_and_closed_share_out_every_referral_as_its_standing_says(
    session: Database, referrer: User, supervisor: User
) -> None:
    """The condition in SQL and the words of REF-07 must agree about what is closed."""
    actor = supervisor.as_actor()
    make_referral(referrer=referrer, case__name="submitted")
    services.ask(make_referral(referrer=referrer, case__name="asked"), "Who?", actor=actor, now=NOW)
    services.decline(
        make_referral(referrer=referrer, case__name="turned down"), "other", actor=actor, now=NOW
    )
    services.withdraw(
        make_referral(referrer=referrer, case__name="withdrawn"), actor=actor, now=NOW
    )
    make_filed_referral(referrer=referrer, case__name="filed")
    for state in AssignmentState:
        filed = make_filed_referral(referrer=referrer, case__name=state.value)
        filed.decided_at = NOW - timedelta(days=3)
        stint = make_assignment(filed.case, state=state)
        if state in (AssignmentState.DECLINED, AssignmentState.LAPSED):
            person_id = stint.parents[0].person_id
            session.add(
                Waiting(case_id=filed.case_id, person_id=person_id, since=NOW, why="offer_declined")
            )
    waiting = make_filed_referral(referrer=referrer, case__name="ended, waits again")
    waiting.decided_at = NOW - timedelta(days=3)
    person_id = make_assignment(waiting.case, state=AssignmentState.ENDED).parents[0].person_id
    session.add(Waiting(case_id=waiting.case_id, person_id=person_id, since=NOW, why="reopened"))
    revoked = make_filed_referral(referrer=referrer, case__name="revoked")
    services.withdraw(revoked, actor=actor, now=NOW)
    again = make_filed_referral(referrer=referrer, case__name="ended before")
    again.decided_at = NOW
    make_assignment(again.case, state=AssignmentState.ENDED, ended_at=NOW - timedelta(hours=2))
    session.flush()
    session.expire_all()

    rows = queries.referrals_for(referrer.as_actor(), None, shown=Shown.ALL, now=NOW).rows
    closed = {row.case_name for row in rows if row.standing.is_closed}
    assert closed == {"turned down", "withdrawn", "revoked", "ended"}
    assert set(names_for(referrer, Shown.CLOSED)) == closed
    assert set(names_for(referrer, Shown.OPEN)) == {row.case_name for row in rows} - closed


def test_pages_follow_each_other_without_gap_or_repetition(
    session: Database, referrer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for number in range(5):
        make_referral(referrer=referrer, case__name=f"Family {number}")
    seen, key = [], None
    for _ in range(3):
        page = queries.referrals_for(referrer.as_actor(), key, shown=Shown.ALL, now=NOW)
        seen += [row.case_name for row in page.rows]
        key = page.next_key
    assert seen == [f"Family {number}" for number in (4, 3, 2, 1, 0)]
    assert key is None


@pytest.mark.parametrize(
    "key", ["", "nonsense", write_key((1, 2)), write_key((NOW, 10**30)), write_key((NOW, "x"))]
)
def test_a_page_key_that_somebody_changed_gives_the_first_page(
    session: Database, referrer: User, key: str
) -> None:
    make_referral(referrer=referrer)
    page = queries.referrals_for(referrer.as_actor(), key, shown=Shown.ALL, now=NOW)
    assert len(page.rows) == 1


def test_the_list_asks_as_much_for_twelve_referrals_as_for_two(
    session: Database, referrer: User, statements: Statements
) -> None:
    def make(count: int) -> None:
        for _ in range(count):
            make_assignment(make_filed_referral(referrer=referrer).case)
            make_referral(referrer=referrer)

    def asked() -> int:
        session.flush()
        session.expunge_all()
        statements.texts.clear()
        queries.referrals_for(actor, None, shown=Shown.ALL, now=NOW)
        return len(statements)

    actor = referrer.as_actor()
    organisation_id = referrer.organisation_id
    make(1)
    few = asked()
    referrer = session.get_one(User, referrer.id)
    assert referrer.organisation_id == organisation_id
    make(5)
    assert asked() == few


# Where it stands


def test_a_referral_says_who_carries_the_family(session: Database) -> None:
    """REF-07."""
    referral = make_filed_referral()
    specialist = make_specialist(user=make_user(Role.SPECIALIST, name="Rosa Tavarez"))
    make_assignment(referral.case, specialist, state=AssignmentState.IN_CONTACT)
    session.expire_all()
    standing = queries.standing_of(referral, now=NOW)
    assert standing.words == "First contact made on Sat, Nov 21, 2026 by Rosa Tavarez"


def test_the_second_referral_of_a_carried_family_says_who_carries_it(session: Database) -> None:
    first = make_filed_referral()
    make_assignment(first.case, state=AssignmentState.IN_CONTACT)
    second = make_filed_referral(case=first.case)
    assert queries.standing_of(second, now=NOW).stage is StandingStage.IN_CONTACT


def test_after_a_full_withdrawal_nothing_but_closed_is_said(
    session: Database, supervisor: User
) -> None:
    referral = make_filed_referral()
    make_assignment(referral.case, state=AssignmentState.IN_CONTACT)
    services.withdraw(referral, actor=supervisor.as_actor(), now=NOW)
    session.expire_all()
    assert queries.standing_of(referral, now=NOW).words == "Closed"


# Look-alikes


def look_alikes(viewer: User, referral: Referral) -> queries.LookAlikes:
    submission = queries.submission_of(referral)
    return queries.look_alikes_of(viewer.as_actor(), referral, submission)


def other_family(**changes: object) -> dict[str, object]:
    """A referral that has nothing in common with the plain one."""
    plain = {
        "case__name": "Whitfield",
        "case__number": "S-777777-7",
        "parents__0__first_name": "Shanice",
        "parents__0__last_name": "Whitfield",
        "parents__0__phone": "(917) 555-0101",
        "children__0__first_name": "Amir",
        "children__0__last_name": "Whitfield",
    }
    return referral_document(**plain | changes)


@pytest.mark.parametrize(
    ("change", "words", "shown"),
    [
        ({"case__number": "S-012345-6"}, "Same case number", "S-012345-6"),
        (
            {"case__number": "s 0123456"},
            "Same case number, written differently",
            "S-012345-6 / s 0123456",
        ),
        (
            {"parents__0__first_name": "MARTE", "parents__0__last_name": "Lúz"},
            "Same name as the parent",
            "Luz Marte / MARTE Lúz",
        ),
        ({"parents__0__phone": "347.555.0161"}, "Same phone number", "(347) 555-0161"),
        (
            {"children__0__first_name": "yandel", "children__0__last_name": "marte"},
            "Same name as the child, same birthday",
            "Yandel Marte / yandel marte",
        ),
    ],
)
def test_an_earlier_referral_is_found_by_number_name_and_phone(
    session: Database, supervisor: User, change: dict[str, str], words: str, shown: str
) -> None:
    earlier = make_referral(other_family(**change))
    make_referral(other_family())
    (found,) = look_alikes(supervisor, make_referral()).referrals
    assert found.reference == earlier.reference
    assert [(match.words, match.shown) for match in found.matches] == [(words, shown)]


def test_a_referral_is_not_its_own_look_alike(session: Database, supervisor: User) -> None:
    assert look_alikes(supervisor, make_referral()).referrals == []


def test_a_look_alike_outside_ones_scope_is_not_told(session: Database, supervisor: User) -> None:
    earlier = make_filed_referral()
    make_assignment(earlier.case, make_specialist(unit=make_unit()))
    assert look_alikes(supervisor, make_referral()).referrals == []
    assert look_alikes(supervisor, make_referral()).families == []


def test_a_look_alike_in_conflict_is_not_told(session: Database, supervisor: User) -> None:
    earlier = make_filed_referral(case__number="S-1")
    session.add(Conflict(user_id=supervisor.id, case_id=earlier.case_id, recorded_at=NOW))
    session.flush()
    referral = make_referral(case__number="S-2")
    assert look_alikes(supervisor, referral).referrals == []
    assert look_alikes(supervisor, referral).families == []


def test_a_known_family_is_found_and_says_what_it_has_in_common(
    session: Database, supervisor: User
) -> None:
    earlier = make_filed_referral()
    referral = make_referral(other_family(parents__0__phone="347-555-0161"))
    (found,) = look_alikes(supervisor, referral).families
    assert earlier.case is not None
    assert (found.public_id, found.parents) == (earlier.case.public_id, ("Luz Marte",))
    assert found.children == ("Yandel Marte",)
    assert found.referrals == (earlier.reference,)
    assert [match.words for match in found.matches] == ["Same phone number"]


def test_the_family_with_most_in_common_comes_first(session: Database, supervisor: User) -> None:
    far = make_filed_referral(other_family(case__number="S-012345-6"))
    near = make_filed_referral()
    newest = make_filed_referral(other_family(parents__0__phone="347-555-0161"))
    found = look_alikes(supervisor, make_referral()).families
    assert found[0].referrals == (near.reference,)
    assert {one.referrals[0] for one in found} == {
        near.reference,
        far.reference,
        newest.reference,
    }


def test_of_a_name_that_many_bear_the_newest_are_looked_at_and_a_number_is_found_all_the_same(
    session: Database, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "MOST_KEYS", 2)
    monkeypatch.setattr(blocking, "MOST_OF_RECORD", 2)
    one_name = {"parents__0__phone": None, "children__0__first_name": "Kiara"}
    numbers = ["S-012345-6", "S-1", "S-2", "S-3"]
    for number in numbers:
        make_filed_referral(referral_document(case__number=number, **one_name))
    found = look_alikes(supervisor, make_referral()).families
    assert {family.number for family in found} == {"S-012345-6", "S-2", "S-3"}


def test_a_family_is_found_through_the_referral_that_was_filed_there(
    session: Database, supervisor: User
) -> None:
    """The case may have another number than the referral gave."""
    earlier = make_filed_referral()
    assert earlier.case is not None
    earlier.case.number_key = None
    referral = make_referral(other_family(case__number="S-012345-6"))
    (found,) = look_alikes(supervisor, referral).families
    assert found.public_id == earlier.case.public_id
    assert [match.words for match in found.matches] == ["Same case number"]


def test_a_sender_without_an_organisation_is_found_too(session: Database, supervisor: User) -> None:
    earlier = make_referral(sender=make_organisation())
    earlier.organisation_id = None
    (found,) = look_alikes(supervisor, make_referral()).referrals
    assert found.organisation is None

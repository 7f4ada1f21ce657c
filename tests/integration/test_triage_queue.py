"""What waits for a supervisor, in which order and why, on both engines."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from parents_partners.accounts.models import Unit, User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.queries import queue, triage
from parents_partners.advocates.queries.families import families_of
from parents_partners.advocates.queries.suggestions import (
    suggestions_for_case,
    suggestions_for_referral,
)
from parents_partners.advocates.services import routing
from parents_partners.advocates.types import (
    AssignmentState,
    QueueFilter,
    QueueState,
    WaitingSince,
    WaitsFor,
)
from parents_partners.cases.models import Conflict, Placement
from parents_partners.cases.types import Borough
from parents_partners.core.db import db
from parents_partners.referrals import services as referrals
from parents_partners.referrals.models import Referral
from parents_partners.referrals.queries import submission_of
from tests.documents import referral_document
from tests.factories import (
    NEW_YORK,
    NOW,
    make_assignment,
    make_conference,
    make_family,
    make_organisation,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
    parents_of,
)

LONG_AGO = "2025-01-02"
ANYTHING = QueueFilter()


@pytest.fixture
def unit(session: Any) -> Unit:
    return make_unit()


@pytest.fixture
def supervisor(unit: Unit) -> User:
    return make_user(Role.SUPERVISOR, unit=unit)


def said(
    name: str,
    *,
    days_ago: int = 0,
    opened_on: str | None = LONG_AGO,
    conference_in: timedelta | None = None,
    kind: str = "FTC",
    child: dict[str, Any] | None = None,
    **changes: Any,
) -> Referral:
    """A referral received at ten in the morning so many days ago."""
    received = NOW - timedelta(days=days_ago)
    conferences = []
    if conference_in is not None:
        conferences = [{"kind": kind, "starts_at": (NOW + conference_in).isoformat()}]
    return make_referral(
        referral_document(
            received_at=received.isoformat(),
            case__name=name,
            case__opened_on=opened_on,
            case__number=None,
            conferences=conferences,
            children=[{"first_name": "Ada", "last_name": name, **(child or {})}],
            programme_discussed__on="2026-10-01",
            parents__0__agreement__asked_on="2026-10-01",
            **changes,
        )
    )


def queue_of(
    supervisor: User, wanted: QueueFilter = ANYTHING, **options: Any
) -> list[queue.QueueRow]:
    page = queue.triage_queue(supervisor.as_actor(), wanted, now=NOW, **options)
    return list(page.rows)


def names(rows: list[queue.QueueRow]) -> list[str]:
    return [row.case_name for row in rows]


def test_near_conferences_and_early_cases_come_before_what_waited_longer(
    supervisor: User,
) -> None:
    """REF-06. By when each should be routed: in 8 hours, in a day, in two days, in three."""
    said("Ordinary")
    said("Older", days_ago=1)
    said("Early", opened_on="2026-11-10")
    said("Conference", conference_in=timedelta(days=1, hours=8))
    assert names(queue_of(supervisor)) == ["Conference", "Early", "Older", "Ordinary"]


def test_a_backlog_never_hides_a_near_conference(supervisor: User) -> None:
    """REF-06: what waits for weeks already does not stand before what cannot wait."""
    said("Backlog", days_ago=20)
    said("Conference", conference_in=timedelta(days=6))
    said("Far conference", conference_in=timedelta(days=8))
    assert names(queue_of(supervisor)) == ["Conference", "Backlog", "Far conference"]


def test_a_filed_family_without_a_specialist_stands_among_the_referrals(
    supervisor: User,
) -> None:
    said("Ordinary")
    said("Older", days_ago=2)
    family = make_family("Filed", opened_on=None)
    [parent] = parents_of(family)
    yesterday = NOW - timedelta(days=1)
    routing.wait(
        family,
        parent,
        WaitingSince.OFFER_DECLINED,
        actor=supervisor.as_actor(),
        now=yesterday,
    )
    rows = queue_of(supervisor)
    assert names(rows) == ["Filed", "Older", "Ordinary"]
    assert rows[0].state is QueueState.WITHOUT_SPECIALIST
    assert rows[0].reasons[0] == "placed 10 days ago"
    assert rows[0].reasons[-1] == "the offer was declined"


def test_a_court_date_moves_nobody_up(supervisor: User) -> None:
    """REF-04d"""
    said("Court", conference_in=timedelta(days=1), kind="COURT")
    said("Older", days_ago=1)
    rows = queue_of(supervisor)
    assert names(rows) == ["Older", "Court"]
    assert rows[1].reasons == ("came in today",)


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"conference_in": timedelta(days=2)}, ("FTC in 2 days", "came in today")),
        ({"conference_in": timedelta(hours=3)}, ("FTC today", "came in today")),
        (
            {"child": {"placed_at": "2026-11-20T03:00", "removed_at": "2026-11-19T22:00"}},
            ("placed yesterday", "came in today"),
        ),
        ({"child": {"removed_at": "2026-11-20T22:00"}}, ("removed yesterday", "came in today")),
        ({"opened_on": "2026-11-18"}, ("case opened 3 days ago", "came in today")),
        ({"days_ago": 5}, ("waiting 5 days",)),
        (
            {"days_ago": 5, "conference_in": timedelta(days=9)},
            ("waiting 5 days", "FTC in 9 days"),
        ),
        (
            {"days_ago": 5, "conference_in": timedelta(days=2)},
            ("FTC in 2 days", "waiting 5 days"),
        ),
        ({"conference_in": timedelta(days=40)}, ("came in today",)),
    ],
)
def test_the_reason_of_a_place_is_said_in_words(
    supervisor: User, options: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    said("Marte", **options)
    [row] = queue_of(supervisor)
    assert row.reasons == reasons


@pytest.mark.parametrize(("opened_on", "early"), [("2026-11-07", True), ("2026-11-06", False)])
def test_a_case_is_early_until_the_end_of_the_fourteenth_day(
    supervisor: User, opened_on: str, early: bool
) -> None:
    """Pitfall 10: the boundary day counts, late in the evening too."""
    late = datetime(2026, 11, 21, 23, 30, tzinfo=NEW_YORK)
    make_referral(
        referral_document(
            received_at=late.isoformat(),
            case__opened_on=opened_on,
            conferences=[],
            children=[{"first_name": "Ada", "last_name": "Marte"}],
        ),
        now=late,
    )
    page = queue.triage_queue(supervisor.as_actor(), ANYTHING, now=late)
    assert page.rows[0].reasons[0].startswith("case opened") is early


def test_days_since_removal_or_opening_and_the_childrens_ages_are_shown(
    supervisor: User,
) -> None:
    said(
        "Removed",
        child={"removed_at": "2026-11-01T22:00", "date_of_birth": "2020-11-22"},
    )
    said("Opened", opened_on="2026-11-01")
    said("Unknown", opened_on=None)
    rows = {row.case_name: row for row in queue_of(supervisor)}
    assert rows["Removed"].age_of_case == "20 days since removal"
    assert rows["Removed"].ages == (5,)
    assert rows["Opened"].age_of_case == "20 days since case opening"
    assert rows["Unknown"].age_of_case is None


def test_a_question_that_was_asked_shows_in_state_and_reasons(supervisor: User) -> None:
    referrals.ask(said("Marte"), "Which school?", actor=supervisor.as_actor(), now=NOW)
    [row] = queue_of(supervisor)
    assert row.state is QueueState.QUESTION_ASKED
    assert "question asked" in row.reasons


def asked(name: str, supervisor: User, *, days_ago: int = 0, **options: Any) -> Referral:
    """A referral about which a question was asked that many days ago."""
    referral = said(name, days_ago=max(days_ago, 5), **options)
    referrals.ask(
        referral, "Which school?", actor=supervisor.as_actor(), now=NOW - timedelta(days=days_ago)
    )
    return referral


@pytest.mark.parametrize(
    ("days_ago", "words", "calls"),
    [
        (0, "since today", False),
        (1, "since Fri, Nov 20 (1 day)", False),
        (2, "since Thu, Nov 19 (2 days)", True),
    ],
)
def test_a_question_says_whom_it_waits_for_since_when_and_when_to_call(
    supervisor: User, days_ago: int, words: str, calls: bool
) -> None:
    referral = asked("Marte", supervisor, days_ago=days_ago)
    [row] = queue_of(supervisor)
    assert row.clock is not None
    assert referral.organisation is not None
    assert row.clock.words == f"Waits for {referral.organisation.name} {words}"
    assert row.clock.call is calls
    assert bool(row.phone) is calls


def test_an_answer_brings_the_clock_back_to_us(supervisor: User) -> None:
    referral = asked("Marte", supervisor, days_ago=3)
    referrals.answer(referral, "The second.", actor=supervisor.as_actor(), now=NOW)
    [row] = queue_of(supervisor)
    assert row.clock is not None
    assert (row.clock.words, row.clock.call) == ("Answered today, waits for us", False)


def test_a_question_about_our_own_referral_waits_for_us(supervisor: User) -> None:
    referral = make_referral(
        referral_document(channel="helpline", case__number=None), referrer=supervisor
    )
    referrals.ask(referral, "Which school?", actor=supervisor.as_actor(), now=NOW)
    [row] = queue_of(supervisor)
    assert row.clock is not None
    assert row.clock.words == "Waits for you since today"
    [same] = queue_of(make_user(Role.SUPERVISOR))
    assert same.clock is not None
    assert same.clock.words == "Waits for the helpline since today"
    assert names(queue_of(supervisor, QueueFilter(waits_for=WaitsFor.US))) == [row.case_name]


def test_what_waits_for_others_stands_behind_what_waits_for_us_unless_a_conference_is_near(
    supervisor: User,
) -> None:
    """REF-06"""
    asked("Asked, early", supervisor, child={"placed_at": "2026-11-18T03:00"})
    asked("Asked, near", supervisor, conference_in=timedelta(days=3))
    said("Ordinary")
    said("Early", opened_on="2026-11-10")
    rows = queue_of(supervisor)
    assert names(rows) == ["Asked, near", "Early", "Ordinary", "Asked, early"]
    assert [row.reasons[0] for row in rows][-1] == "question asked"
    assert rows[0].reasons[0] == "FTC in 3 days"
    others, us = (
        names(queue_of(supervisor, QueueFilter(waits_for=one)))
        for one in (WaitsFor.OTHERS, WaitsFor.US)
    )
    assert others == ["Asked, near", "Asked, early"]
    assert us == ["Early", "Ordinary"]


def test_each_filter_keeps_what_fits_of_both_kinds_of_rows(supervisor: User) -> None:
    agency = make_organisation("Canal Street")
    make_referral(
        referral_document(
            case__borough="queens", case__name="Said", parents__0__preferred_language="fr"
        ),
        sender=agency,
    )
    filed = make_family("Filed", borough=Borough.QUEENS)
    [parent] = parents_of(filed)
    parent.preferred_language = "fr"
    routing.wait(filed, parent, WaitingSince.REOPENED, actor=supervisor.as_actor(), now=NOW)
    said("Else", case__borough="bronx")

    def found(**wanted: Any) -> set[str]:
        return set(names(queue_of(supervisor, QueueFilter(**wanted))))

    assert found() == {"Said", "Filed", "Else"}
    assert found(borough=Borough.QUEENS) == {"Said", "Filed"}
    assert found(language="fr") == {"Said", "Filed"}
    assert found(organisation=agency.name_key) == {"Said"}
    assert found(state=QueueState.WITHOUT_SPECIALIST) == {"Filed"}
    assert found(state=QueueState.SUBMITTED) == {"Said", "Else"}
    assert found(state=QueueState.QUESTION_ASKED) == set()


def test_pages_go_on_where_the_last_one_ended_and_miss_and_repeat_nothing(
    supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        said(f"Family {number}", days_ago=number % 3)
    monkeypatch.setattr(queue, "QUEUE_PAGE", 3)
    monkeypatch.setattr(queue.page_of, "__defaults__", (3,))
    seen: list[str] = []
    key = None
    for _ in range(3):
        page = queue.triage_queue(supervisor.as_actor(), ANYTHING, now=NOW, after=key)
        seen += names(list(page.rows))
        key = page.next_key
    assert key is None
    assert len(seen) == 7
    assert set(seen) == {f"Family {number}" for number in range(7)}


@pytest.mark.parametrize("key", ["", "x", "W10", "WzEsMl0", "WyJhIiwgImIiLCAiYyJd"])
def test_a_key_that_somebody_made_up_shows_the_first_page(supervisor: User, key: str) -> None:
    said("Marte")
    assert names(queue_of(supervisor, after=key)) == ["Marte"]


def test_a_supervisor_sees_neither_a_conflict_nor_another_units_family(
    session: Any, supervisor: User
) -> None:
    other = make_specialist()
    elsewhere = make_family("Elsewhere")
    make_assignment(elsewhere, other)
    session.add(
        Waiting(
            case_id=elsewhere.id,
            person_id=parents_of(elsewhere)[0].id,
            since=NOW,
            why=WaitingSince.FILED,
        )
    )
    own = make_family("Own", number="Q-77")
    routing.wait(own, parents_of(own)[0], WaitingSince.FILED, actor=supervisor.as_actor(), now=NOW)
    assert names(queue_of(supervisor)) == ["Own"]
    session.add(Conflict(user_id=supervisor.id, case_id=own.id, recorded_at=NOW))
    session.flush()
    assert queue_of(supervisor) == []


def test_the_queue_asks_no_more_of_the_database_for_many_rows_than_for_few(
    session: Any, supervisor: User, statements: Any
) -> None:
    actor = supervisor.as_actor()

    def count() -> int:
        session.expunge_all()
        statements.texts.clear()
        queue.triage_queue(actor, ANYTHING, now=NOW)
        return len(statements)

    def add(number: int) -> None:
        said(f"Said {number}")
        family = make_family(f"Filed {number}")
        routing.wait(family, parents_of(family)[0], WaitingSince.FILED, actor=actor, now=NOW)

    add(0)
    few = count()
    for number in range(1, 12):
        add(number)
    assert count() == few


def test_the_median_counts_a_familys_first_contact_and_no_later_one(
    unit: Unit, supervisor: User
) -> None:
    """REF-06"""
    specialist = make_specialist(unit=unit)
    for days in (2, 4, 9):
        family = make_family(f"Family {days}")
        _removed(family, NOW - timedelta(days=days))
        make_assignment(family, specialist, state=AssignmentState.IN_CONTACT, first_contact_at=NOW)
    again = make_family("Again")
    _removed(again, NOW - timedelta(days=80))
    earlier = make_assignment(again, specialist, state=AssignmentState.ENDED)
    earlier.offered_at = earlier.accepted_at = NOW - timedelta(days=99)
    earlier.first_contact_at = NOW - timedelta(days=95)
    make_assignment(again, specialist, state=AssignmentState.IN_CONTACT, first_contact_at=NOW)
    measure = triage.first_contact_measure(supervisor.as_actor(), now=NOW)
    assert (measure.median_days, measure.supports) == (4, 3)
    nobody = triage.first_contact_measure(make_user(Role.SUPERVISOR).as_actor(), now=NOW)
    assert (nobody.median_days, nobody.supports) == (None, 0)


def _removed(family: Any, at: datetime) -> None:
    db.session.execute(
        update(Placement)
        .where(Placement.case_id == family.id)
        .values(removed_at=at, placed_at=at)
        .execution_options(synchronize_session=False)
    )


def test_suggestions_are_of_the_viewers_unit_and_know_caseload_and_clashes(
    unit: Unit, supervisor: User
) -> None:
    make_specialist()
    busy = make_specialist(unit=unit, capacity=4)
    at = NOW + timedelta(days=3)
    other = make_family("Other")
    make_conference(other, kind="SPR", starts_at=at + timedelta(minutes=30))
    make_assignment(other, busy)
    family = make_family("Marte")
    make_conference(family, kind="FTC", starts_at=at)
    [suggestion] = suggestions_for_case(supervisor.as_actor(), family, now=NOW)
    assert "Has room for 3 more families (1 of 4)" in suggestion.reasons_for
    assert any("(SPR)" in reason and "(FTC)" in reason for reason in suggestion.reasons_against)


@pytest.mark.parametrize("number", ["S-555-1", "s 5551", None])
def test_a_conflict_holds_before_a_referral_is_filed(
    session: Any, unit: Unit, supervisor: User, number: str | None
) -> None:
    specialist = make_specialist(unit=unit)
    known = make_family("Known", number="S-555-1")
    session.add(Conflict(user_id=specialist.id, case_id=known.id, recorded_at=NOW))
    referral = make_referral(referral_document(case__number=number))
    [suggestion] = suggestions_for_referral(
        supervisor.as_actor(),
        referral,
        submission_of(referral),
        concerns=(),
        case=None,
        now=NOW,
    )
    assert suggestion.available is (number is None)


def test_a_supervisors_families_are_listed_by_name_in_a_constant_number_of_statements(
    session: Any, unit: Unit, supervisor: User, statements: Any
) -> None:
    specialist = make_specialist(unit=unit)
    for name in ("Zulu", "alpha"):
        make_assignment(make_family(name), specialist)

    actor = supervisor.as_actor()

    def listed() -> list[str]:
        session.expunge_all()
        statements.texts.clear()
        return [row.name for row in families_of(actor).rows]

    assert listed() == ["alpha", "Zulu"]
    few = len(statements)
    for number in range(9):
        make_assignment(make_family(f"Family {number}"), make_specialist(unit=make_unit()))
        make_family(f"Nobody's {number}")
    assert len(listed()) == 11
    assert len(statements) == few

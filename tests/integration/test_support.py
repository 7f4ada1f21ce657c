"""How support ends and begins again."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from config import NEW_YORK
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import ActivityDraft, Waiting
from parents_partners.advocates.queries.caseload import caseload_of
from parents_partners.advocates.queries.stints import parents_without_support
from parents_partners.advocates.queries.timeline import timeline_of
from parents_partners.advocates.queries.today import today_of
from parents_partners.advocates.services.activities import draft_of, keep_draft
from parents_partners.advocates.services.routing import wait
from parents_partners.advocates.services.support import end, reopen
from parents_partners.advocates.types import AssignmentState, WaitingSince
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.sentences import sentence
from parents_partners.audit.types import Event
from parents_partners.cases.queries import case_for
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope
from parents_partners.core.db import db
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import labels_of
from tests.factories import (
    NOW,
    make_activity,
    make_assignment,
    make_conference,
    make_family,
    make_parent,
    make_specialist,
    make_user,
    parents_of,
)

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def stint():
    return make_assignment(state=AssignmentState.IN_CONTACT)


def specialist_of(stint):
    return stint.specialist.user.as_actor()


def supervisor_of(stint):
    return make_user(Role.SUPERVISOR, unit=stint.specialist.user.unit).as_actor()


def test_support_ends_with_an_outcome_and_the_family_closes_to_the_specialist(stint):
    actor = specialist_of(stint)
    end(stint, "reunified", actor=actor, now=NOW)
    assert (stint.state, stint.outcome, stint.ended_by_id) == (
        AssignmentState.ENDED,
        "reunified",
        actor.id,
    )
    with pytest.raises(Absent):
        case_for(actor, stint.case.public_id)


def test_support_ends_once(stint):
    end(stint, "reunified", actor=specialist_of(stint), now=NOW)
    with pytest.raises(AlreadyDone, match="This support is no longer open: ended"):
        end(stint, "moved_away", actor=specialist_of(stint), now=NOW)


def test_a_withdrawal_is_recorded_as_one_and_not_chosen_as_an_outcome(stint):
    """ADV-05: else the consents would stay in force."""
    with pytest.raises(Refused) as refused:
        end(stint, "consent_withdrawn", actor=specialist_of(stint), now=NOW)
    assert "Record the withdrawal" in refused.value.problems["outcome"]


@pytest.mark.parametrize(
    ("state", "event", "words"),
    [
        (
            AssignmentState.OFFERED,
            Event.OFFER_STOPPED,
            "The offer ended: the parents took their consent back",
        ),
        (
            AssignmentState.IN_CONTACT,
            Event.SUPPORT_STOPPED,
            "The support ended: the parents took their consent back",
        ),
    ],
)
def test_what_a_withdrawal_ends_is_told_as_one(state, event, words):
    """ADV-05: nobody was late with an answer, and nobody chose to end the support."""
    stint = make_assignment(state=state)
    actor = supervisor_of(stint)
    withdraw_consents(
        stint.case, parents_of(stint.case)[0], list(ConsentScope), actor=actor, now=NOW
    )
    told = db.session.scalars(
        select(AuditEvent.event).where(
            AuditEvent.subject == "assignment", AuditEvent.subject_id == stint.id
        )
    ).all()
    assert told == [event]
    assert sentence(event, actor_name=actor.name) == words


def test_what_was_typed_and_not_logged_goes_with_the_support(stint):
    """Its author could not reach it any more, and nobody else may."""
    for_good = make_assignment(specialist=stint.specialist.user)
    for one in (stint, for_good):
        keep_draft(one, {"note": ["half a sentence"]}, actor=specialist_of(one), now=NOW)
    end(stint, "reunified", actor=specialist_of(stint), now=NOW)
    left = db.session.scalars(select(ActivityDraft.case_id)).all()
    assert left == [for_good.case_id]
    [parent] = parents_of(for_good.case)
    withdraw_consents(
        for_good.case, parent, list(ConsentScope), actor=specialist_of(for_good), now=NOW
    )
    assert db.session.scalars(select(ActivityDraft.case_id)).all() == []


def test_a_draft_stays_while_its_author_supports_another_parent_of_the_family():
    case = make_family()
    make_parent(case, "Rui", "Marte")
    specialist = make_specialist()
    first, second = (
        make_assignment(case, specialist, parents=[parent]) for parent in parents_of(case)
    )
    keep_draft(second, {"note": ["about Rui"]}, actor=specialist.as_actor(), now=NOW)
    end(first, "reunified", actor=specialist.as_actor(), now=NOW)
    assert draft_of(second, viewer=specialist.as_actor()) is not None


def test_reopening_puts_the_parents_into_the_queue_for_a_new_stint(stint):
    end(stint, "moved_away", actor=specialist_of(stint), now=NOW)
    parents = parents_of(stint.case)
    reopen(stint.case, parents, actor=supervisor_of(stint), now=NOW)
    [place] = db.session.scalars(select(Waiting)).all()
    assert (place.person_id, place.why) == (parents[0].id, WaitingSince.REOPENED)
    assert stint.state is AssignmentState.ENDED


def test_nobody_is_reopened_without_consent_or_while_supported(stint):
    [parent] = parents_of(stint.case)
    supervisor = supervisor_of(stint)
    with pytest.raises(Refused):
        reopen(stint.case, [parent], actor=supervisor, now=NOW)
    withdraw_consents(stint.case, parent, list(ConsentScope), actor=supervisor, now=NOW)
    with pytest.raises(Refused) as refused:
        reopen(stint.case, [parent], actor=supervisor, now=NOW)
    assert "consent is not in force" in refused.value.problems["parents"]


def test_support_is_reopened_for_those_who_allow_contact_have_nobody_and_do_not_wait():
    case = make_family()
    supported, waiting, formerly, unwilling = (
        *parents_of(case),
        make_parent(case, "Ana"),
        make_parent(case, "Rui"),
        make_parent(case, "Eva", scopes=(ConsentScope.SHARE_WITH_AGENCY,)),
    )
    stint = make_assignment(case, parents=[supported])
    make_assignment(case, parents=[formerly], state=AssignmentState.ENDED)
    actor = supervisor_of(stint)
    wait(case, waiting, WaitingSince.FILED, actor=actor, now=NOW)
    assert parents_without_support(case) == [formerly]
    for person in (supported, waiting, unwilling):
        with pytest.raises(Refused):
            reopen(case, [person], actor=actor, now=NOW)
    reopen(case, [formerly], actor=actor, now=NOW)
    assert parents_without_support(case) == []


def test_today_shows_who_waits_for_what():
    specialist = make_specialist()
    offered = make_assignment(make_family("Offered, A"), specialist, state=AssignmentState.OFFERED)
    make_assignment(make_family("Accepted, B"), specialist, state=AssignmentState.ACCEPTED)
    silent = make_assignment(make_family("Silent, C"), specialist, state=AssignmentState.IN_CONTACT)
    silent.first_contact_at = NOW - timedelta(days=30)
    make_activity(silent, happened_at=NOW - timedelta(days=14))
    make_activity(silent, happened_at=NOW - timedelta(days=1), made=False)
    page = today_of(specialist.as_actor(), now=NOW)
    assert [row.public_id for row in page.offers] == [offered.public_id]
    assert [row.family for row in page.due] == ["Accepted, B"]
    assert [row.family for row in page.silent] == ["Silent, C"]
    assert [row.family for row in page.appointments] == ["Accepted, B", "Silent, C"]


@pytest.mark.parametrize(("days", "silent"), [(14, True), (13, False)])
def test_a_family_is_silent_from_the_fourteenth_day_on(days, silent):
    """Pitfall 10: the boundary day counts."""
    stint = make_assignment(state=AssignmentState.IN_CONTACT)
    make_activity(stint, happened_at=NOW - timedelta(days=days))
    assert bool(today_of(specialist_of(stint), now=NOW).silent) is silent


def test_today_has_the_conferences_of_its_own_day_and_of_the_last_one_whole():
    """Pitfall 10: from this morning to the evening of the fourteenth day."""
    stint = make_assignment()
    today = local_day(NOW, NEW_YORK)
    days = (
        today - timedelta(days=1),
        today,
        today + timedelta(days=14),
        today + timedelta(days=15),
    )
    for day, clock in zip(days, (time.max, time.min, time.max, time.min), strict=True):
        at = datetime.combine(day, clock, tzinfo=NEW_YORK).replace(microsecond=0)
        make_conference(stint.case, starts_at=at)
    rows = today_of(specialist_of(stint), now=NOW).appointments
    shown = {local_day(row.conference.starts_at, NEW_YORK) for row in rows}
    assert shown & set(days) == {days[1], days[2]}


def test_a_first_contact_is_due_two_calendar_days_after_acceptance():
    stint = make_assignment(state=AssignmentState.ACCEPTED)
    [row] = today_of(specialist_of(stint), now=NOW).due
    assert row.due_on == stint.accepted_at.date() + timedelta(days=2)


def families(specialist, number):
    for index in range(number):
        stint = make_assignment(
            make_family(f"Family {index:03}"), specialist, state=AssignmentState.IN_CONTACT
        )
        make_activity(stint, happened_at=NOW - timedelta(days=20))


@pytest.mark.parametrize("page", [today_of, caseload_of])
def test_no_page_needs_more_queries_for_more_families(statements, page):
    few, many = make_specialist(), make_specialist()
    families(few, 2)
    families(many, 9)
    actors = (few.as_actor(), many.as_actor())
    counts = []
    for actor in actors:
        db.session.expunge_all()
        labels_of("language")  # the process keeps them
        statements.texts.clear()
        page(actor, now=NOW)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_caseload_is_paged_by_the_families_names():
    specialist = make_specialist()
    families(specialist, 5)
    actor = specialist.as_actor()
    seen, after = [], None
    while True:
        page = caseload_of(actor, now=NOW, after=after, size=2)
        seen += [row.family for row in page.rows]
        if (after := page.next_key) is None:
            break
    assert seen == [f"Family {index:03}" for index in range(5)]


def test_the_timeline_is_paged_without_losing_or_repeating_anything(stint):
    for hours in range(1, 8):
        make_activity(stint, happened_at=NOW - timedelta(hours=hours))
    make_activity(stint, happened_at=NOW - timedelta(hours=3))
    make_activity(stint, happened_at=NOW)  # the very instant of the withdrawal
    actor = specialist_of(stint)
    withdraw_consents(
        stint.case, parents_of(stint.case)[0], [ConsentScope.SUPPORT], actor=actor, now=NOW
    )
    whole = [(row.at, row.rank, row.id) for row in timeline_of(actor, stint.case, size=50).rows]
    seen, after = [], None
    while True:
        page = timeline_of(actor, stint.case, after=after, size=1)
        seen += [(row.at, row.rank, row.id) for row in page.rows]
        if (after := page.next_key) is None:
            break
    assert seen == whole
    assert len(whole) == 10


@pytest.mark.parametrize("after", ["x", "W10", "WyJ4Il0", "eyJhIjogMX0", "W3siYXQiOiAiMjAyNiJ9XQ"])
def test_a_key_that_somebody_changed_gives_the_first_page(stint, after):
    make_activity(stint)
    actor = specialist_of(stint)
    assert timeline_of(actor, stint.case, after=after).rows
    assert caseload_of(actor, now=NOW, after=after).rows

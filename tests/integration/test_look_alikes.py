"""What is said of those who look alike: it counts until it is taken back, filing goes by it, and
two who were taken for one can be parted again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Waiting
from parents_partners.advocates.services import look_alikes
from parents_partners.advocates.services.routing import wait
from parents_partners.advocates.types import AssignmentState, WaitingSince
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import Case, Consent, Person, Placement
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConsentScope, MembershipRole
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.demonstration.load import SAMPLE
from parents_partners.referrals import queries, services
from parents_partners.referrals.models import LookAlike, Referral
from parents_partners.referrals.services import SomeoneOf
from parents_partners.referrals.types import KeyOf, Likeness
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
    parents_of,
)

Database = scoped_session[Session]
LATER = NOW + timedelta(hours=1)

PAIRS = [
    ("HV-2026-11-0417", "ACS-BX-88213"),
    ("GB/2026/1187", "TR-30951"),
    ("HCFS-5521", "HL-2026-10-28-04"),
    ("DSFP-2026-0093", "DSFP-2026-0131"),
]


@pytest.fixture
def supervisor(session: Database) -> User:
    return make_user(Role.SUPERVISOR)


def found_for(viewer: User, referral: Referral) -> queries.LookAlikes:
    return queries.look_alikes_of(viewer.as_actor(), referral, queries.submission_of(referral))


def misheard(**changes: Any) -> dict[str, Any]:
    """The plain family, as somebody at the telephone understood it."""
    return referral_document(
        **{
            "case__number": None,
            "parents__0__first_name": "Lus",
            "parents__0__last_name": "Marta",
            "children__0__first_name": "Yander",
        }
        | changes
    )


def children_of(case: Case) -> list[Person]:
    return [one.person for one in case.memberships if one.role is MembershipRole.CHILD]


def case_of(referral: Referral) -> Case:
    assert referral.case is not None
    return referral.case


def same_parent(referral: Referral, case: Case, supervisor: User) -> LookAlike:
    [mother] = parents_of(case)
    return services.say_of_person(
        referral,
        case,
        SomeoneOf(KeyOf.PARENT, 0, mother),
        Likeness.SAME_PERSON,
        actor=supervisor.as_actor(),
        now=NOW,
    )


# What is found


def test_the_four_pairs_of_the_samples_are_found_both_ways_and_nothing_else(
    session: Database, supervisor: User
) -> None:
    received = {
        document["external_id"]: make_referral(document)
        for document in map(json.loads, SAMPLE.read_text(encoding="utf-8").splitlines())
    }
    names = {referral.id: name for name, referral in received.items()}
    found = {
        (name, names[other.id])
        for name, referral in received.items()
        for other in found_for(supervisor, referral).referrals
    }
    assert found == {*PAIRS, *((second, first) for first, second in PAIRS)}


def test_a_family_that_was_misheard_is_found_by_how_it_sounds_and_by_a_birthday(
    session: Database, supervisor: User
) -> None:
    earlier = make_filed_referral()
    again = make_referral(misheard(parents__0__phone=None))
    (family,) = found_for(supervisor, again).families
    assert family.referrals == (earlier.reference,)
    assert "The child's name is spelt nearly alike, same birthday" in [
        match.words for match in family.matches
    ]


def test_the_four_pairs_of_the_samples_stand_in_sight_as_likely(
    session: Database, supervisor: User
) -> None:
    received = {
        document["external_id"]: make_referral(document)
        for document in map(json.loads, SAMPLE.read_text(encoding="utf-8").splitlines())
    }
    for pair in PAIRS:
        for name in pair:
            (other,) = found_for(supervisor, received[name]).referrals
            assert other.is_likely, pair


def test_the_likely_comes_before_one_of_whom_only_the_name_agrees(
    session: Database, supervisor: User
) -> None:
    first = make_referral()
    namesake = make_referral(
        referral_document(
            case__number="S-777777-7",
            parents__0__phone=None,
            children__0__first_name="Kiara",
            children__0__last_name="Diallo",
            children__0__date_of_birth="2020-01-05",
        )
    )
    again = make_referral(misheard(parents__0__first_name="Luz", parents__0__last_name="Marte"))
    found = found_for(supervisor, again).referrals
    assert [(one.id, one.is_likely) for one in found] == [(first.id, True), (namesake.id, False)]


def test_a_family_that_was_said_to_be_the_same_is_likely_whatever_it_has_in_common(
    session: Database, supervisor: User
) -> None:
    (case, other) = case_of(make_filed_referral()), make_referral(misheard(parents__0__phone=None))
    services.say_of_family(other, case, Likeness.SAME_FAMILY, actor=supervisor.as_actor(), now=NOW)
    (family,) = found_for(supervisor, other).families
    assert family.is_likely


def test_a_look_alike_says_who_is_meant_by_the_spelling_that_was_sent(
    session: Database, supervisor: User
) -> None:
    first = make_referral(referral_document(case__agency="Tremont Fam. Alliance"))
    assert first.organisation
    first.organisation.same_as = make_organisation("Tremont Family Alliance")
    session.flush()
    (other,) = found_for(supervisor, make_referral()).referrals
    assert other.organisation == "Tremont Family Alliance"


# What is said, and taken back


def test_the_same_family_is_proposed_first_and_can_be_taken_back(
    session: Database, supervisor: User
) -> None:
    make_filed_referral()
    case = case_of(make_filed_referral(referral_document(case__number="S-9")))
    again = make_referral()
    row = services.say_of_family(
        again, case, Likeness.SAME_FAMILY, actor=supervisor.as_actor(), now=NOW
    )
    found = found_for(supervisor, again)
    assert found.proposed is not None
    assert found.families[0].public_id == found.proposed.public_id == case.public_id
    assert (found.proposed.said and found.proposed.said.by) == supervisor.name
    assert look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER) is None
    assert found_for(supervisor, again).proposed is None


def test_the_same_family_is_proposed_though_nothing_looks_alike(
    session: Database, supervisor: User
) -> None:
    case = case_of(make_filed_referral())
    other = make_referral(stranger())
    services.say_of_family(other, case, Likeness.SAME_FAMILY, actor=supervisor.as_actor(), now=NOW)
    assert [one.public_id for one in found_for(supervisor, other).families] == [case.public_id]


def test_of_two_undecided_referrals_it_stands_on_both_and_the_first_filed_is_proposed(
    session: Database, supervisor: User
) -> None:
    first, second = make_referral(), make_referral(stranger())
    services.say_of_referrals(
        first, second, Likeness.SAME_FAMILY, actor=supervisor.as_actor(), now=NOW
    )
    for one, other in ((first, second), (second, first)):
        (found,) = found_for(supervisor, one).referrals
        assert (found.id, found.said is not None) == (other.id, True)
    case = services.file(second, case=None, actor=supervisor.as_actor(), now=NOW)
    proposed = found_for(supervisor, first).proposed
    assert proposed is not None
    assert proposed.public_id == case.public_id


def test_not_the_same_is_no_longer_proposed_and_stands_aside_with_who_said_it(
    session: Database, supervisor: User
) -> None:
    case = case_of(make_filed_referral())
    again = make_referral()
    row = services.say_of_family(
        again, case, Likeness.NOT_SAME, actor=supervisor.as_actor(), now=NOW
    )
    found = found_for(supervisor, again)
    assert (list(found.families), list(found.referrals)) == ([], [])
    (aside,) = found.set_aside
    assert aside.public_id == case.public_id
    assert aside.said is not None
    assert (aside.said.by, aside.said.at, aside.said.public_id) == (
        supervisor.name,
        NOW,
        row.public_id,
    )
    look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    assert len(found_for(supervisor, again).families) == 1


def test_who_says_it_second_is_told_who_was_quicker(session: Database, supervisor: User) -> None:
    case, again = case_of(make_filed_referral()), make_referral()
    colleague = make_user(Role.SUPERVISOR).as_actor()
    row = services.say_of_family(
        again, case, Likeness.SAME_FAMILY, actor=supervisor.as_actor(), now=NOW
    )
    with pytest.raises(AlreadyDone) as told:
        services.say_of_family(again, case, Likeness.NOT_SAME, actor=colleague, now=LATER)
    assert (told.value.by, told.value.at) == (supervisor.name, NOW)
    look_alikes.take_back(row, actor=supervisor.as_actor(), now=NOW)
    with pytest.raises(AlreadyDone, match="already taken back") as told:
        look_alikes.take_back(row, actor=colleague, now=LATER)
    assert told.value.by == supervisor.name


def test_it_was_said_from_the_other_side_already(session: Database, supervisor: User) -> None:
    first, second = make_referral(), make_referral()
    actor = supervisor.as_actor()
    services.say_of_referrals(first, second, Likeness.NOT_SAME, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        services.say_of_referrals(second, first, Likeness.SAME_FAMILY, actor=actor, now=NOW)


@pytest.mark.parametrize("newer_is_filed", [False, True])
def test_what_was_said_before_the_other_was_filed_is_said_of_the_family(
    session: Database, supervisor: User, newer_is_filed: bool
) -> None:
    """From a page that was opened before: nobody says the opposite beside it."""
    mine, other = make_referral(), make_referral(stranger())
    if newer_is_filed is False:
        mine, other = other, mine
    actor, colleague = supervisor.as_actor(), make_user(Role.SUPERVISOR).as_actor()
    services.say_of_referrals(mine, other, Likeness.NOT_SAME, actor=actor, now=NOW)
    case = services.file(other, case=None, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone, match="Not the same") as told:
        services.say_of_family(mine, case, Likeness.SAME_FAMILY, actor=colleague, now=LATER)
    assert told.value.by == supervisor.name


def test_what_was_said_of_the_family_is_said_of_the_referral_that_was_filed_there(
    session: Database, supervisor: User
) -> None:
    other, mine = make_filed_referral(), make_referral(stranger())
    actor, colleague = supervisor.as_actor(), make_user(Role.SUPERVISOR).as_actor()
    row = services.say_of_family(mine, case_of(other), Likeness.NOT_SAME, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone) as told:
        services.say_of_referrals(mine, other, Likeness.SAME_FAMILY, actor=colleague, now=LATER)
    assert told.value.by == supervisor.name
    look_alikes.take_back(row, actor=actor, now=LATER)
    services.say_of_referrals(mine, other, Likeness.SAME_FAMILY, actor=colleague, now=LATER)


def test_of_a_referral_that_was_decided_about_nothing_more_is_said(
    session: Database, supervisor: User
) -> None:
    case, again = case_of(make_filed_referral()), make_filed_referral(stranger())
    with pytest.raises(AlreadyDone, match="already decided"):
        services.say_of_family(
            again, case, Likeness.SAME_FAMILY, actor=supervisor.as_actor(), now=NOW
        )


def test_what_is_said_is_on_record_in_codes(session: Database, supervisor: User) -> None:
    case, again = case_of(make_filed_referral()), make_referral()
    row = same_parent(again, case, supervisor)
    look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.event.in_([Event.LIKENESS_SAID, Event.LIKENESS_UNDONE]))
        .order_by(AuditEvent.id)
    ).all()
    assert [(one.event, one.referral_id, one.case_id, one.detail) for one in events] == [
        (event, again.id, case.id, {"said": "same_person", "of": "parent"})
        for event in (Event.LIKENESS_SAID, Event.LIKENESS_UNDONE)
    ]


@pytest.mark.parametrize("side", ["case", "referral"])
def test_what_was_said_is_absent_for_who_may_not_see_both(
    session: Database, supervisor: User, side: str
) -> None:
    filed, again = make_filed_referral(), make_referral()
    row = services.say_of_family(
        again, case_of(filed), Likeness.NOT_SAME, actor=supervisor.as_actor(), now=NOW
    )
    assert queries.look_alike_for(supervisor.as_actor(), row.public_id) is row
    if side == "referral":
        services.file(again, case=None, actor=supervisor.as_actor(), now=NOW)
    case = case_of(again if side == "referral" else filed)
    make_assignment(case, make_specialist(unit=make_unit()))
    with pytest.raises(Absent):
        queries.look_alike_for(supervisor.as_actor(), row.public_id)


# People, and filing


def test_filing_takes_for_one_whom_a_supervisor_said_to_be_one(
    session: Database, supervisor: User
) -> None:
    case = case_of(make_filed_referral())
    again = make_referral(misheard())
    same_parent(again, case, supervisor)
    [child] = children_of(case)
    services.say_of_person(
        again,
        case,
        SomeoneOf(KeyOf.CHILD, 0, child),
        Likeness.SAME_PERSON,
        actor=supervisor.as_actor(),
        now=NOW,
    )
    services.file(again, case=case, actor=supervisor.as_actor(), now=NOW)
    session.refresh(case)
    assert [person.name for person in parents_of(case)] == ["Luz Marte"]
    assert [person.name for person in children_of(case)] == ["Yandel Marte"]
    assert again.filed_parents[0].person is parents_of(case)[0]


def test_filing_under_another_family_does_not_go_by_it(session: Database, supervisor: User) -> None:
    case, again = case_of(make_filed_referral()), make_referral(misheard())
    same_parent(again, case, supervisor)
    other = services.file(again, case=None, actor=supervisor.as_actor(), now=NOW)
    assert [person.name for person in parents_of(other)] == ["Lus Marta"]
    assert parents_of(other) != parents_of(case)


def test_a_father_and_a_son_of_one_name_stay_two(session: Database, supervisor: User) -> None:
    case, again = case_of(make_filed_referral()), make_referral()
    [known] = parents_of(case)
    services.say_of_person(
        again,
        case,
        SomeoneOf(KeyOf.PARENT, 0, known),
        Likeness.NOT_SAME,
        actor=supervisor.as_actor(),
        now=NOW,
    )
    services.file(again, case=case, actor=supervisor.as_actor(), now=NOW)
    session.refresh(case)
    assert [person.name for person in parents_of(case)] == ["Luz Marte", "Luz Marte"]
    assert again.filed_parents[0].person is not known


def test_nobody_is_two_people_at_once(session: Database, supervisor: User) -> None:
    case = case_of(make_filed_referral())
    document = referral_document()
    document["children"].append({**document["children"][0], "first_name": "Kiara"})
    again = make_referral(document)
    [child] = children_of(case)
    told = {"actor": supervisor.as_actor(), "now": NOW}
    first, second = (SomeoneOf(KeyOf.CHILD, place, child) for place in (0, 1))
    services.say_of_person(again, case, first, Likeness.SAME_PERSON, **told)
    with pytest.raises(Refused, match="somebody else"):
        services.say_of_person(again, case, second, Likeness.SAME_PERSON, **told)


@pytest.mark.parametrize("position", [-1, 1])
def test_only_people_of_the_two_sides_are_compared(
    session: Database, supervisor: User, position: int
) -> None:
    case, again = case_of(make_filed_referral()), make_referral()
    [child], [mother] = children_of(case), parents_of(case)
    stranger_ = parents_of(case_of(make_filed_referral(stranger())))[0]
    for someone in (
        SomeoneOf(KeyOf.PARENT, position, mother),
        SomeoneOf(KeyOf.PARENT, 0, child),
        SomeoneOf(KeyOf.PARENT, 0, stranger_),
    ):
        with pytest.raises(Refused, match="people on this page"):
            services.say_of_person(
                again, case, someone, Likeness.SAME_PERSON, actor=supervisor.as_actor(), now=NOW
            )


# Parted again


def filed_as_one(supervisor: User, **changes: Any) -> tuple[Case, Referral, LookAlike]:
    case = case_of(make_filed_referral())
    again = make_referral(misheard(**changes))
    row = same_parent(again, case, supervisor)
    services.file(again, case=case, actor=supervisor.as_actor(), now=NOW)
    return case, again, row


def scopes_of(session: Database, person: Person) -> set[ConsentScope]:
    return set(
        session.scalars(
            select(Consent.scope).where(
                Consent.person_id == person.id, Consent.withdrawn_at.is_(None)
            )
        )
    )


def test_who_was_taken_for_another_gets_a_record_of_their_own(
    session: Database, supervisor: User
) -> None:
    case, again, row = filed_as_one(supervisor)
    [known] = parents_of(case)
    before = scopes_of(session, known)
    parted = look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    assert parted is not None
    session.refresh(case)
    assert [person.name for person in parents_of(case)] == ["Luz Marte", "Lus Marta"]
    assert (parted.known, parted.own.name) == (known, "Lus Marta")
    assert again.filed_parents[0].person is parted.own
    assert scopes_of(session, known) == before
    # What the known one had allowed before, this one said too when they were asked.
    assert scopes_of(session, parted.own) == set(ConsentScope)


def test_a_consent_that_came_with_the_referral_goes_with_its_parent(
    session: Database, supervisor: User
) -> None:
    case = case_of(make_filed_referral(parents__0__agreement__scope=["support"]))
    again = make_referral(misheard())
    row = same_parent(again, case, supervisor)
    services.file(again, case=case, actor=supervisor.as_actor(), now=NOW)
    [known] = parents_of(case)
    assert scopes_of(session, known) == set(ConsentScope)
    parted = look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    assert parted is not None
    assert scopes_of(session, known) == {ConsentScope.SUPPORT}
    assert scopes_of(session, parted.own) == set(ConsentScope)


def test_what_was_withdrawn_while_the_two_were_one_stays_withdrawn_for_both(
    session: Database, supervisor: User
) -> None:
    """ADV-05."""
    case, _again, row = filed_as_one(supervisor)
    [known] = parents_of(case)
    actor = supervisor.as_actor()
    withdraw_consents(case, known, set(ConsentScope), actor=actor, now=NOW)
    parted = look_alikes.take_back(row, actor=actor, now=LATER)
    assert parted is not None
    assert scopes_of(session, known) == scopes_of(session, parted.own) == set()


def test_a_child_takes_the_placement_along_that_the_referral_brought(
    session: Database, supervisor: User
) -> None:
    case = case_of(
        make_filed_referral(
            children__0__setting="unknown",
            children__0__removed_at=None,
            children__0__placed_at=None,
        )
    )
    again = make_referral(misheard())
    [known] = children_of(case)
    row = services.say_of_person(
        again,
        case,
        SomeoneOf(KeyOf.CHILD, 0, known),
        Likeness.SAME_PERSON,
        actor=supervisor.as_actor(),
        now=NOW,
    )
    services.file(again, case=case, actor=supervisor.as_actor(), now=NOW)
    parted = look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    assert parted is not None
    placed = session.scalars(select(Placement.person_id).where(Placement.case_id == case.id)).all()
    assert placed == [parted.own.id]
    assert parted.own.date_of_birth == known.date_of_birth


def test_the_place_in_the_queue_goes_to_whom_the_referral_is_about(
    session: Database, supervisor: User
) -> None:
    case, again, row = filed_as_one(supervisor)
    [known] = parents_of(case)
    wait(
        case,
        known,
        WaitingSince.FILED,
        actor=supervisor.as_actor(),
        now=NOW,
        referral=again,
    )
    parted = look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    assert parted is not None
    (place,) = session.scalars(select(Waiting).where(Waiting.case_id == case.id)).all()
    assert (place.person_id, place.since) == (parted.own.id, NOW)


def test_support_that_rests_on_the_referrals_consent_has_to_end_first(
    session: Database, supervisor: User
) -> None:
    """REF-03: nobody works with a parent on the strength of what another one said."""
    case = case_of(make_filed_referral(parents__0__agreement__scope=["attend_meetings"]))
    again = make_referral(misheard())
    row = same_parent(again, case, supervisor)
    services.file(again, case=case, actor=supervisor.as_actor(), now=NOW)
    session.refresh(case)
    make_assignment(case, make_specialist(unit=supervisor.unit), state=AssignmentState.ACCEPTED)
    with pytest.raises(Refused, match="End that support"):
        look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)


def test_support_that_rests_on_the_known_parents_own_consent_goes_on(
    session: Database, supervisor: User
) -> None:
    case, _again, row = filed_as_one(supervisor)
    session.refresh(case)
    [known] = parents_of(case)
    stint = make_assignment(case, make_specialist(unit=supervisor.unit))
    parted = look_alikes.take_back(row, actor=supervisor.as_actor(), now=LATER)
    assert parted is not None
    assert [one.person_id for one in stint.parents] == [known.id]
    waits = session.scalars(select(Waiting.person_id).where(Waiting.case_id == case.id)).all()
    assert waits == [parted.own.id]


def stranger() -> dict[str, Any]:
    """A family that has nothing in common with the plain one."""
    return referral_document(
        case__name="Whitfield",
        case__number="S-777777-7",
        parents__0__first_name="Shanice",
        parents__0__last_name="Whitfield",
        parents__0__phone="(917) 555-0101",
        children__0__first_name="Amir",
        children__0__last_name="Whitfield",
        children__0__date_of_birth="2011-01-02",
    )

"""What a referral brings into a family's record, and what it never changes there."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts.types import Actor, Role
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.types import Event
from parents_partners.cases.models import (
    Case,
    Conference,
    Consent,
    Membership,
    Person,
    Placement,
    Professional,
)
from parents_partners.cases.services.consents import withdraw_consents
from parents_partners.cases.types import ConferenceState, ConsentScope, MembershipRole, Setting
from parents_partners.core.db import db
from parents_partners.core.reference import Setting as StoredSetting
from parents_partners.referrals import services
from parents_partners.referrals.models import FiledParent, Referral
from tests.documents import referral_document
from tests.factories import NOW, make_family, make_referral, make_user, parents_of

Database = scoped_session[Session]


@pytest.fixture
def supervisor(session: Database) -> Actor:
    return make_user(Role.SUPERVISOR).as_actor()


def file(document: dict[str, Any], supervisor: Actor, case: Case | None = None) -> Referral:
    referral = make_referral(document)
    services.file(referral, case=case, actor=supervisor, now=NOW)
    db.session.expire_all()
    return referral


def members_of(case: Case) -> list[tuple[str, MembershipRole]]:
    return [(one.person.name, one.role) for one in sorted(case.memberships, key=lambda m: m.id)]


def agreeing(first_name: str, last_name: str = "Marte", **changes: Any) -> dict[str, Any]:
    plain = referral_document()["parents"][0]
    return plain | {"first_name": first_name, "last_name": last_name} | changes


def test_a_new_case_has_what_was_said_of_it(session: Database, supervisor: Actor) -> None:
    """REF-04a."""
    case = file(referral_document(), supervisor).case
    assert case is not None
    assert (case.name, case.number, case.number_key) == ("Marte, Luz", "S-012345-6", "S0123456")
    assert (case.opened_on, case.agency) == (date(2026, 11, 1), "Harborview Family Services")
    assert members_of(case) == [
        ("Luz Marte", MembershipRole.PARENT),
        ("Yandel Marte", MembershipRole.CHILD),
    ]


def test_a_parent_comes_with_their_safe_contact_and_number(
    session: Database, supervisor: Actor
) -> None:
    file(
        referral_document(parents__0__safe_contact={"voicemail": False, "note": "Not after 6"}),
        supervisor,
    )
    parent = session.scalars(select(Person).where(Person.first_name == "Luz")).one()
    assert (parent.phone, parent.phone_e164) == ("(347) 555-0161", "+13475550161")
    assert (parent.may_leave_voicemail, parent.may_text) == (False, None)
    assert parent.safe_contact_note == "Not after 6"


def test_each_scope_is_a_consent_with_who_asked_when_and_how(
    session: Database, supervisor: Actor
) -> None:
    """REF-03."""
    session.get_one(StoredSetting, "consent_wording_version").value = "2026-7"
    referral = file(referral_document(), supervisor)
    consents = session.scalars(select(Consent)).all()
    assert {consent.scope for consent in consents} == set(ConsentScope)
    for consent in consents:
        assert (consent.asked_by, consent.asked_on) == ("Denise Okafor-Reyes", date(2026, 11, 17))
        assert (consent.wording_version, consent.source_referral_id) == ("2026-7", referral.id)


def test_of_a_parents_own_request_the_parent_is_who_was_asked(
    session: Database, supervisor: Actor
) -> None:
    document = referral_document(channel="self")
    del document["referrer"], document["programme_discussed"]
    document["parents"][0]["agreement"] |= {"asked_by": "Luz Marte (by herself)", "how": "written"}
    file(document, supervisor)
    assert set(session.scalars(select(Consent.asked_by))) == {"Luz Marte (by herself)"}
    capacities = session.scalars(select(Professional.capacity)).all()
    assert capacities == ["caseworker"]


def test_a_parent_who_declined_is_not_in_the_case(session: Database, supervisor: Actor) -> None:
    """REF-03."""
    document = referral_document()
    declined = agreeing("Wilkin", agreement={"answer": "declined"})
    document["parents"] = [declined, agreeing("Rosa")]
    referral = file(document, supervisor)
    assert [one.person.first_name for one in referral.filed_parents] == ["Rosa"]
    assert referral.filed_parents[0].position == 0
    assert "Wilkin" not in session.scalars(select(Person.first_name)).all()


def test_two_parents_of_one_name_stay_two(session: Database, supervisor: Actor) -> None:
    document = referral_document()
    document["parents"] = [agreeing("Luz"), agreeing("Luz")]
    referral = file(document, supervisor)
    positions = session.execute(
        select(FiledParent.position, FiledParent.person_id).order_by(FiledParent.position)
    ).all()
    assert [position for position, _ in positions] == [0, 1]
    assert len({person for _, person in positions}) == 2
    again = file(document, supervisor, case=referral.case)
    assert again.case is not None
    assert len(parents_of(again.case)) == 2


def test_a_mother_and_a_child_of_one_name_stay_two(session: Database, supervisor: Actor) -> None:
    first = file(referral_document(), supervisor)
    document = referral_document(parents__0__first_name="Rosa", children__0__first_name="Luz")
    case = file(document, supervisor, case=first.case).case
    assert case is not None
    assert ("Luz Marte", MembershipRole.CHILD) in members_of(case)


def test_conferences_placement_and_workers_come_along(session: Database, supervisor: Actor) -> None:
    """REF-04b to REF-04d."""
    referral = file(referral_document(referrer__name="Ada Quist"), supervisor)
    conference = session.scalars(select(Conference)).one()
    assert (conference.kind, conference.place) == ("FTC", "Room B")
    assert conference.source_referral_id == referral.id
    placement = session.scalars(select(Placement)).one()
    assert placement.setting is Setting.FAMILY_FOSTER_CARE
    assert placement.placed_at == datetime(2026, 11, 6, 8, 15, tzinfo=UTC)
    workers = session.execute(select(Professional.capacity, Professional.name)).all()
    assert workers == [("caseworker", "Denise Okafor-Reyes"), ("referrer", "Ada Quist")]


def test_a_child_of_whose_place_nothing_is_said_has_no_placement(
    session: Database, supervisor: Actor
) -> None:
    document = referral_document()
    for name in ("setting", "removed_at", "placed_at", "placement_agency"):
        del document["children"][0][name]
    file(document, supervisor)
    assert session.scalars(select(Placement)).all() == []


def test_filing_is_written_down(session: Database, supervisor: Actor) -> None:
    referral = file(referral_document(), supervisor)
    events = set(
        session.scalars(select(AuditEvent.event).where(AuditEvent.case_id == referral.case_id))
    )
    assert events == {
        Event.FAMILY_OPENED,
        Event.REFERRAL_FILED,
        Event.CONSENT_RECORDED,
        Event.CONFERENCE_ADDED,
    }


# Under a known case


def test_a_known_person_is_found_and_never_changed(session: Database, supervisor: Actor) -> None:
    """A referrer's typing never changes a known family by itself (data-model.md)."""
    first = file(referral_document(), supervisor)
    second = file(
        referral_document(
            case__name="MARTE",
            case__agency="Another agency",
            parents__0__first_name="LÚZ",
            parents__0__phone="(917) 555-0199",
            children__0__date_of_birth="2016-11-11",
            children__0__setting="congregate_care",
        ),
        supervisor,
        case=first.case,
    )
    assert second.case is first.case
    assert second.case is not None
    assert members_of(second.case) == [
        ("Luz Marte", MembershipRole.PARENT),
        ("Yandel Marte", MembershipRole.CHILD),
    ]
    (parent,) = parents_of(second.case)
    assert parent.phone == "(347) 555-0161"
    assert (second.case.name, second.case.agency) == ("Marte, Luz", "Harborview Family Services")
    assert session.scalars(select(Placement.setting)).all() == [Setting.FAMILY_FOSTER_CARE]
    assert second.filed_parents[0].person_id == first.filed_parents[0].person_id


def test_who_is_new_is_added_with_the_referral_they_came_from(
    session: Database, supervisor: Actor
) -> None:
    first = file(referral_document(), supervisor)
    document = referral_document(
        conferences__0__starts_at="2026-11-30T10:00:00-05:00",
        case__caseworker__name="Ada Quist",
    )
    document["parents"].append(agreeing("Rafael"))
    document["children"].append({"first_name": "Kiara", "last_name": "Marte"})
    second = file(document, supervisor, case=first.case)
    sources = session.execute(
        select(Person.first_name, Membership.source_referral_id)
        .join(Membership, Membership.person_id == Person.id)
        .order_by(Membership.id)
    ).all()
    assert sources == [
        ("Luz", first.id),
        ("Yandel", first.id),
        ("Rafael", second.id),
        ("Kiara", second.id),
    ]
    assert len(session.scalars(select(Conference)).all()) == 2
    assert set(session.scalars(select(Professional.name))) == {"Denise Okafor-Reyes", "Ada Quist"}


def test_the_same_conference_is_not_added_twice(session: Database, supervisor: Actor) -> None:
    first = file(referral_document(), supervisor)
    file(referral_document(), supervisor, case=first.case)
    assert len(session.scalars(select(Conference)).all()) == 1


def test_a_conference_that_was_cancelled_since_stays_cancelled(
    session: Database, supervisor: Actor
) -> None:
    first = file(referral_document(), supervisor)
    conference = session.scalars(select(Conference)).one()
    conference.state, conference.cancelled_at = ConferenceState.CANCELLED, NOW
    file(referral_document(), supervisor, case=first.case)
    assert session.scalars(select(Conference.state)).all() == [ConferenceState.CANCELLED]


def test_a_conference_that_is_named_anew_after_it_was_cancelled_is_on_again(
    session: Database, supervisor: Actor
) -> None:
    first = file(referral_document(), supervisor)
    conference = session.scalars(select(Conference)).one()
    conference.state = ConferenceState.CANCELLED
    conference.cancelled_at = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
    file(referral_document(), supervisor, case=first.case)
    assert len(session.scalars(select(Conference)).all()) == 2


def test_a_consent_in_force_stays_as_it_was_given(session: Database, supervisor: Actor) -> None:
    case = make_family(name="Marte, Luz")
    before = set(session.scalars(select(Consent.id)))
    file(referral_document(), supervisor, case=case)
    assert set(session.scalars(select(Consent.id))) == before


def agreed_on(day: int, *, sent_on: int) -> dict[str, Any]:
    """The plain referral with the parent asked and the referral sent on these days of November."""
    return referral_document(
        received_at=f"2026-11-{sent_on}T09:42:00-05:00",
        programme_discussed__on=f"2026-11-{day}",
        parents__0__agreement__asked_on=f"2026-11-{day}",
    )


def test_a_parent_who_withdrew_and_agrees_again_has_a_new_consent(
    session: Database, supervisor: Actor
) -> None:
    """ADV-05: what was withdrawn stays on record beside it."""
    first = file(agreed_on(16, sent_on=16), supervisor)
    services.withdraw(first, actor=supervisor, now=datetime(2026, 11, 18, 20, 0, tzinfo=UTC))
    file(agreed_on(19, sent_on=20), supervisor, case=first.case)
    in_force = session.scalars(select(Consent.scope).where(Consent.withdrawn_at.is_(None))).all()
    assert set(in_force) == set(ConsentScope)
    assert len(session.scalars(select(Consent)).all()) == 6


@pytest.mark.parametrize(
    ("asked_on", "sent_on", "how"),
    [
        (18, 18, "sent that morning, before the withdrawal"),
        (17, 20, "sent after it, about an answer from before it"),
    ],
)
def test_what_a_parent_withdrew_does_not_come_back_with_an_older_answer(
    session: Database, supervisor: Actor, asked_on: int, sent_on: int, how: str
) -> None:
    """ADV-05: what was allowed stops, whatever a referral filed later says of an earlier day."""
    first = file(agreed_on(16, sent_on=16), supervisor)
    withdrawn_at = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
    services.withdraw(first, actor=supervisor, now=withdrawn_at)
    file(agreed_on(asked_on, sent_on=sent_on), supervisor, case=first.case)
    assert set(session.scalars(select(Consent.withdrawn_at))) == {withdrawn_at}, how


def test_what_a_parent_withdrew_in_part_stays_withdrawn_in_that_part(
    session: Database, supervisor: Actor
) -> None:
    """ADV-05: each scope stands by itself; one that was never given is taken from the referral."""
    without = {"parents__0__agreement__scope": ["support", "attend_meetings"]}
    first = file(referral_document(**without), supervisor)
    case = first.case
    assert case is not None
    (parent,) = parents_of(case)
    withdraw_consents(case, parent, {ConsentScope.ATTEND_MEETINGS}, actor=supervisor, now=NOW)
    file(referral_document(), supervisor, case=case)
    in_force = session.scalars(select(Consent.scope).where(Consent.withdrawn_at.is_(None))).all()
    assert set(in_force) == {ConsentScope.SUPPORT, ConsentScope.SHARE_WITH_AGENCY}

"""What an administrator does with people, organisations and units, and what follows from it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from parents_partners.accounts import queries, services
from parents_partners.accounts.models import Invitation, Organisation, User
from parents_partners.accounts.types import (
    COMMAND_LINE,
    AccountCommand,
    AccountFilter,
    AccountState,
    Actor,
    OrganisationCommand,
    OrganisationKind,
    Role,
)
from parents_partners.advocates.models import HandOver, Waiting
from parents_partners.advocates.queries.queue import triage_queue
from parents_partners.advocates.queries.triage import organisations_in_queue
from parents_partners.advocates.services import handing_over
from parents_partners.advocates.types import AssignmentState, HandOverState, QueueFilter
from parents_partners.audit.models import AuditEvent
from parents_partners.audit.services import record
from parents_partners.audit.types import Event
from parents_partners.core.errors import Absent, AlreadyDone, NotPermitted, Refused
from parents_partners.referrals import services as referrals
from parents_partners.referrals.models import Referral
from parents_partners.referrals.policies import visible_to
from tests.conftest import Statements
from tests.factories import (
    NOW,
    make_assignment,
    make_family,
    make_filed_referral,
    make_hand_over,
    make_organisation,
    make_referral,
    make_specialist,
    make_unit,
    make_user,
    make_waiting,
)

Database = scoped_session[Session]


@pytest.fixture
def admin(session: Database) -> User:
    return make_user(Role.ADMIN, name="Gordon Ferris")


def command_of(user: User, **changes: Any) -> AccountCommand:
    values = {
        "email": user.email,
        "name": user.name,
        "title": user.title,
        "phone": user.phone,
        "role": user.role,
        "organisation": user.organisation.name,
        "unit": user.unit.name if user.unit else None,
    }
    return AccountCommand(**(values | changes))


def change(user: User, admin: User, **changes: Any) -> None:
    services.change_account(
        user,
        command_of(user, **changes),
        version=user.version,
        actor=admin.as_actor(),
        now=NOW,
    )


def disable(user: User, admin: User) -> None:
    services.disable_user(user, actor=admin.as_actor(), now=NOW)


def last_event(session: Database) -> tuple[Event, int | None, dict[str, Any]]:
    row = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    return row.event, row.subject_id, row.detail


# Invitations


def test_only_the_hash_of_a_link_is_kept(session: Database, admin: User) -> None:
    user, link = services.invite(
        command_of(admin, email="ana@example.org"), actor=admin.as_actor(), now=NOW
    )
    kept = session.scalars(select(Invitation)).one()
    assert link.token not in kept.token_hash
    assert kept.expires_at == link.until == NOW + timedelta(days=3)
    assert user.state is AccountState.INVITED
    assert queries.user_of_link(link.token, now=NOW) is user
    assert last_event(session) == (Event.ACCOUNT_INVITED, user.id, {"role": "admin"})


def test_a_link_opens_once_and_ends_what_was_signed_in(session: Database, admin: User) -> None:
    user = make_user(Role.REFERRER)
    before = user.fs_uniquifier
    link = services.make_link(user, actor=admin.as_actor(), now=NOW)
    assert user.fs_uniquifier == before, "the old password holds until the link is used"
    services.choose_password(link.token, "hash", now=NOW)
    assert (user.password, user.fs_uniquifier != before) == ("hash", True)
    with pytest.raises(Absent):
        services.choose_password(link.token, "another", now=NOW)
    assert user.password == "hash"
    assert last_event(session) == (Event.ACCOUNT_CHANGED, user.id, {"field": "password"})


def test_a_link_dies_by_time_by_a_newer_one_and_with_the_account(
    session: Database, admin: User
) -> None:
    user, actor = make_user(Role.REFERRER), admin.as_actor()
    old = services.make_link(user, actor=actor, now=NOW)
    new = services.make_link(user, actor=actor, now=NOW)
    for token, now in (
        (old.token, NOW),
        (new.token, new.until),
        ("no such token", NOW),
        ("", NOW),
    ):
        with pytest.raises(Absent):
            services.choose_password(token, "hash", now=now)
    assert queries.user_of_link(new.token, now=new.until - timedelta(seconds=1)) is user
    services.disable_user(user, actor=actor, now=NOW)
    services.enable_user(user, actor=actor, now=NOW)
    with pytest.raises(Absent):
        queries.user_of_link(new.token, now=NOW)


def test_a_link_dies_with_a_password_that_is_given_on_the_command_line(
    session: Database, admin: User
) -> None:
    user = make_user(Role.REFERRER)
    link = services.make_link(user, actor=admin.as_actor(), now=NOW)
    services.change_password(user, "hash", actor=COMMAND_LINE, now=NOW)
    with pytest.raises(Absent):
        services.choose_password(link.token, "another", now=NOW)
    assert user.password == "hash"


def test_a_disabled_account_gets_no_link(session: Database, admin: User) -> None:
    user = make_user(Role.REFERRER, active=False)
    with pytest.raises(Refused, match="Enable it first"):
        services.make_link(user, actor=admin.as_actor(), now=NOW)


def test_all_that_is_wrong_with_an_invitation_is_said_at_once(
    session: Database, admin: User
) -> None:
    wrong = command_of(
        admin,
        email="nobody",
        name="\u202eAna",
        title="x" * 201,
        phone="1" * 41,
        role=None,
        organisation="",
        unit="Nowhere",
    )
    with pytest.raises(Refused) as raised:
        services.invite(wrong, actor=admin.as_actor(), now=NOW)
    assert set(raised.value.problems) == {
        "email",
        "name",
        "title",
        "phone",
        "role",
        "organisation",
        "unit",
    }


# Changing and disabling


def test_a_change_is_on_record_with_ids_and_codes_and_no_names(
    session: Database, admin: User
) -> None:
    user, other = make_user(Role.REFERRER), make_organisation("Gowanus Bridge")
    before = user.organisation_id
    change(user, admin, name="Ana Ruiz", phone="(718) 555-0111", organisation="Gowanus Bridge")
    assert last_event(session) == (
        Event.ACCOUNT_CHANGED,
        user.id,
        {
            "fields": ["name", "phone", "organisation"],
            "organisation_from": before,
            "organisation_to": other.id,
        },
    )


def test_nothing_changed_is_no_event(session: Database, admin: User) -> None:
    change(make_user(Role.REFERRER), admin)
    assert session.scalars(select(AuditEvent)).all() == []


def test_another_role_ends_the_sessions_and_another_name_does_not(
    session: Database, admin: User
) -> None:
    user = make_user(Role.HELPLINE)
    before = user.fs_uniquifier
    change(user, admin, name="Ana Ruiz")
    assert user.fs_uniquifier == before
    change(user, admin, role=Role.AUDITOR)
    assert user.fs_uniquifier != before
    _event, _subject, detail = last_event(session)
    assert (detail["role_from"], detail["role_to"]) == ("helpline", "auditor")


def test_the_second_of_two_who_change_an_account_is_told_who_was_quicker(
    session: Database, admin: User
) -> None:
    user, seen = make_user(Role.REFERRER), 1
    change(user, admin, title="Case Planner")
    with pytest.raises(AlreadyDone) as raised:
        services.change_account(
            user,
            command_of(user, title="Supervisor"),
            version=seen,
            actor=make_user(Role.ADMIN).as_actor(),
            now=NOW,
        )
    assert raised.value.by == "Gordon Ferris"
    assert user.title == "Case Planner"


def test_who_signed_in_since_did_not_change_their_account(session: Database, admin: User) -> None:
    user = make_user(Role.REFERRER)
    disable(user, admin)
    services.enable_user(user, actor=admin.as_actor(), now=NOW)
    for event in (Event.SIGNED_IN, Event.SIGNED_OUT):
        record(event, user, actor=user.as_actor(), now=NOW)
    with pytest.raises(AlreadyDone) as raised:
        services.enable_user(user, actor=make_user(Role.ADMIN).as_actor(), now=NOW)
    assert (raised.value.by, raised.value.by_id) == ("Gordon Ferris", admin.id)


def test_nobody_changes_their_own_account(session: Database, admin: User) -> None:
    make_user(Role.ADMIN)
    with pytest.raises(NotPermitted):
        change(admin, admin, role=Role.AUDITOR)
    with pytest.raises(NotPermitted):
        disable(admin, admin)
    with pytest.raises(NotPermitted):
        services.make_link(admin, actor=admin.as_actor(), now=NOW)
    with pytest.raises(Absent):
        queries.other_account_for(admin.as_actor(), admin.public_id)


def test_the_last_administrator_who_can_sign_in_stays(session: Database, admin: User) -> None:
    make_user(Role.ADMIN, password="")  # invited, and never came
    make_user(Role.ADMIN, active=False)
    with pytest.raises(Refused, match="last administrator"):
        services.disable_user(admin, actor=COMMAND_LINE, now=NOW)
    with pytest.raises(Refused, match="last administrator"):
        services.change_account(
            admin,
            command_of(admin, role=Role.AUDITOR),
            version=admin.version,
            actor=COMMAND_LINE,
            now=NOW,
        )
    other = make_user(Role.ADMIN)
    services.disable_user(admin, actor=other.as_actor(), now=NOW)
    assert not admin.active


def test_who_was_disabled_a_moment_ago_disables_nobody(session: Database, admin: User) -> None:
    other, third = make_user(Role.ADMIN), make_user(Role.ADMIN)
    actor = other.as_actor()
    disable(other, admin)
    with pytest.raises(NotPermitted):
        services.disable_user(third, actor=actor, now=NOW)


def test_who_lost_the_role_a_moment_ago_disables_nobody(session: Database, admin: User) -> None:
    other, third = make_user(Role.ADMIN), make_user(Role.ADMIN)
    actor = other.as_actor()
    other.role = Role.HELPLINE
    session.flush()
    with pytest.raises(NotPermitted):
        services.disable_user(third, actor=actor, now=NOW)


@pytest.mark.parametrize("field", ["role", "unit"])
def test_a_role_and_a_unit_stay_while_families_hang_on_them(
    session: Database, admin: User, field: str
) -> None:
    """Pitfall 4."""
    specialist = make_specialist()
    other = make_unit()
    for _ in range(2):
        make_assignment(make_family(), specialist=specialist, state=AssignmentState.IN_CONTACT)
    make_assignment(make_family(), specialist=specialist, state=AssignmentState.OFFERED)
    changes = {"role": Role.SUPERVISOR} if field == "role" else {"unit": other.name}
    with pytest.raises(Refused) as raised:
        change(specialist, admin, **changes)
    [(where, words)] = raised.value.problems.items()
    assert where == field
    assert "supports 2 families and has 1 offer to answer" in words
    assert "Marte" not in words
    # What hangs on neither can be changed.
    change(specialist, admin, title="Senior Family Specialist")
    assert specialist.title == "Senior Family Specialist"


def test_a_role_changes_once_nothing_hangs_on_it(session: Database, admin: User) -> None:
    specialist = make_specialist()
    make_assignment(make_family(), specialist=specialist, state=AssignmentState.ENDED)
    change(specialist, admin, role=Role.SUPERVISOR)
    assert specialist.role is Role.SUPERVISOR


def test_who_is_asked_to_take_a_family_over_keeps_their_role(
    session: Database, admin: User
) -> None:
    old, new = make_specialist(), make_specialist()
    stint = make_assignment(make_family(), specialist=old, state=AssignmentState.IN_CONTACT)
    session.add(
        HandOver(
            assignment_id=stint.id,
            case_id=stint.case_id,
            to_specialist_id=new.id,
            asked_at=NOW,
            asked_by_id=admin.id,
        )
    )
    session.flush()
    with pytest.raises(Refused, match="asked to take over 1 family"):
        change(new, admin, role=Role.SUPERVISOR)


def test_who_leaves_is_locked_out_whatever_they_carry_and_their_offers_go_back(
    session: Database, admin: User
) -> None:
    specialist = make_specialist()
    carried = make_assignment(
        make_family(), specialist=specialist, state=AssignmentState.IN_CONTACT
    )
    offered = make_assignment(make_family(), specialist=specialist, state=AssignmentState.OFFERED)
    before = specialist.fs_uniquifier
    disable(specialist, admin)
    session.expire_all()
    assert (specialist.active, specialist.fs_uniquifier != before) == (False, True)
    assert carried.state is AssignmentState.IN_CONTACT
    assert offered.state is AssignmentState.LAPSED
    waiting = session.scalars(select(Waiting).where(Waiting.ended_at.is_(None))).all()
    assert [one.case_id for one in waiting] == [offered.case_id]
    assert {row.event for row in session.scalars(select(AuditEvent))} == {
        Event.ACCOUNT_DISABLED,
        Event.OFFER_TAKEN_BACK,
    }


@pytest.mark.parametrize("state", [HandOverState.ASKED, HandOverState.GIVEN])
def test_what_who_leaves_was_asked_to_take_over_stays_where_it_is_and_can_be_asked_again(
    state: HandOverState, session: Database, admin: User
) -> None:
    leaver = make_specialist()
    carrier, other = (make_specialist(unit=leaver.unit) for _ in range(2))
    stint = make_assignment(make_family(), carrier, state=AssignmentState.IN_CONTACT)
    hand_over = make_hand_over(stint, leaver, state=state)
    # What they themselves gave can still be taken.
    own = make_assignment(make_family(), leaver, state=AssignmentState.IN_CONTACT)
    given = make_hand_over(own, other, state=HandOverState.GIVEN)
    disable(leaver, admin)
    session.expire_all()
    assert (hand_over.state, hand_over.closed_by_id) == (HandOverState.TAKEN_BACK, admin.id)
    assert (stint.state, stint.specialist_id) == (AssignmentState.IN_CONTACT, carrier.id)
    assert given.state is HandOverState.GIVEN
    events = session.scalars(select(AuditEvent).filter_by(subject="hand_over")).all()
    assert [(one.event, one.case_id) for one in events] == [
        (Event.HAND_OVER_TAKEN_BACK, stint.case_id)
    ]
    supervisor = make_user(Role.SUPERVISOR, unit=leaver.unit)
    handing_over.ask(
        stint, other.public_id, choice_reason="She knows her.",
        actor=supervisor.as_actor(), now=NOW,
    )  # fmt: skip


def test_the_second_who_disables_an_account_is_told_who_was_quicker(
    session: Database, admin: User
) -> None:
    user, other = make_user(Role.REFERRER), make_user(Role.ADMIN)
    disable(user, admin)
    with pytest.raises(AlreadyDone) as raised:
        disable(user, other)
    assert raised.value.by == "Gordon Ferris"


def test_an_account_that_is_enabled_again_has_the_password_it_had(
    session: Database, admin: User
) -> None:
    user = make_user(Role.REFERRER, password="hash")
    disable(user, admin)
    services.enable_user(user, actor=admin.as_actor(), now=NOW)
    assert (user.state, user.password) == (AccountState.ACTIVE, "hash")
    assert last_event(session)[0] is Event.ACCOUNT_ENABLED
    with pytest.raises(AlreadyDone):
        services.enable_user(user, actor=admin.as_actor(), now=NOW)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (AccountFilter(words="nunez"), ["Altagracia Núñez"]),
        (AccountFilter(words="POLANCO@EXAMPLE"), ["Altagracia Núñez"]),
        (AccountFilter(words="ελένη"), ["ΕΛΈΝΗ Παππά"]),
        (AccountFilter(words="%"), []),
        (AccountFilter(state=AccountState.DISABLED), ["ΕΛΈΝΗ Παππά"]),
        (AccountFilter(state=AccountState.INVITED), ["Tomas Reyes"]),
        (AccountFilter(state=AccountState.ACTIVE), ["Altagracia Núñez"]),
        (AccountFilter(role=Role.AUDITOR), ["Tomas Reyes"]),
    ],
)
def test_people_are_found_however_one_writes(
    session: Database, wanted: AccountFilter, names: list[str]
) -> None:
    make_user(Role.REFERRER, name="Altagracia Núñez", email="polanco@example.org")
    make_user(Role.HELPLINE, name="ΕΛΈΝΗ Παππά", active=False)
    make_user(Role.AUDITOR, name="Tomas Reyes", password="")
    assert [row.name for row in queries.accounts(wanted).rows] == names


# Organisations


def link(spelling: Organisation, organisation: Organisation, admin: User) -> None:
    services.link_spelling(spelling, organisation, actor=admin.as_actor(), now=NOW)


def unknown(name: str) -> Organisation:
    return services.known_or_new_organisation(name, actor=COMMAND_LINE, now=NOW)


def sent_by(organisation: Organisation, **changes: Any) -> Referral:
    """As an import brings it: nobody of that organisation has an account."""
    return make_referral(sender=organisation, referrer=make_user(Role.HELPLINE), **changes)


@pytest.fixture
def real(session: Database) -> Organisation:
    return make_organisation("Harborview Family Services")


@pytest.fixture
def spelling(session: Database) -> Organisation:
    return unknown("HARBORVIEW FAM.")


def test_referrers_see_what_came_under_a_linked_spelling_until_the_link_is_undone(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    """REF-07."""
    referrer = make_user(Role.REFERRER, organisation=real).as_actor()
    stranger = make_user(Role.REFERRER).as_actor()
    sent_by(spelling)

    def seen(by: Actor) -> int:
        return len(session.scalars(select(Referral).where(visible_to(by))).all())

    assert seen(referrer) == 0
    link(spelling, real, admin)
    assert last_event(session) == (
        Event.ORGANISATION_LINKED,
        spelling.id,
        {"organisation_id": real.id},
    )
    assert (seen(referrer), seen(stranger)) == (1, 0)
    services.unlink_spelling(spelling, actor=admin.as_actor(), now=NOW)
    assert seen(referrer) == 0
    assert last_event(session)[0] is Event.ORGANISATION_UNLINKED


def test_the_queue_knows_one_name_for_an_organisation_and_its_spellings(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    supervisor = make_user(Role.SUPERVISOR).as_actor()
    for sender in (spelling, real, make_organisation("Gowanus Bridge")):
        sent_by(sender)
    link(spelling, real, admin)
    assert [name for _key, name in organisations_in_queue()] == [
        "Gowanus Bridge",
        "Harborview Family Services",
    ]
    wanted = QueueFilter(organisation=real.name_key)
    rows = triage_queue(supervisor, wanted, now=NOW).rows
    assert [row.organisation for row in rows] == ["Harborview Family Services"] * 2


def test_the_queue_finds_a_filed_family_of_a_linked_spelling(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    filed = make_filed_referral(
        supervisor=supervisor, sender=spelling, referrer=make_user(Role.HELPLINE)
    )
    assert filed.case is not None
    make_waiting(filed.case)
    wanted = QueueFilter(organisation=real.name_key)
    assert triage_queue(supervisor.as_actor(), wanted, now=NOW).rows == []
    link(spelling, real, admin)
    [row] = triage_queue(supervisor.as_actor(), wanted, now=NOW).rows
    assert row.public_id == filed.case.public_id


def test_the_same_referral_under_another_spelling_is_the_same_referral(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    """What came once is known, whichever of its linked names the sender has the second time."""
    first = sent_by(spelling, external_id="A-1")
    link(spelling, real, admin)
    assert sent_by(real, external_id="A-1") is first
    assert (first.sender_key, first.organisation_id) == (
        "organisation:harborview fam",
        spelling.id,
    )
    with pytest.raises(Refused, match="already used for a different referral"):
        sent_by(real, external_id="A-1", case__name="Okafor, Ada")
    services.unlink_spelling(spelling, actor=admin.as_actor(), now=NOW)
    assert sent_by(spelling, external_id="A-1") is first
    assert sent_by(real, external_id="A-1") is not first


def test_two_referrals_of_one_id_from_before_the_link_stay_two_and_both_are_known(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    one = sent_by(spelling, external_id="A-1")
    other = sent_by(real, external_id="A-1", case__name="Okafor, Ada")
    assert one is not other
    link(spelling, real, admin)
    for sender in (real, spelling):
        assert sent_by(sender, external_id="A-1") is one
        assert sent_by(sender, external_id="A-1", case__name="Okafor, Ada") is other


def test_an_import_under_a_linked_spelling_reaches_the_organisation_that_it_means(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    link(spelling, real, admin)
    sender = referrals.sender_named("Harborview fam", actor=COMMAND_LINE, now=NOW)
    assert sender is not None
    assert (sender, sender.meant) == (spelling, real)
    referral = sent_by(sender)
    referrer = make_user(Role.REFERRER, organisation=real).as_actor()
    assert session.scalars(select(Referral).where(visible_to(referrer))).all() == [referral]


def test_a_link_has_one_level_and_no_ring(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    third = unknown("Harborvw")
    with pytest.raises(Refused, match="the one itself"):
        link(spelling, spelling, admin)
    link(spelling, real, admin)
    with pytest.raises(Refused, match="only a spelling itself"):
        link(third, spelling, admin)
    with pytest.raises(Refused, match="Other spellings are linked to this one"):
        link(real, third, admin)
    with pytest.raises(AlreadyDone) as raised:
        link(spelling, third, admin)
    assert raised.value.by == "Gordon Ferris"
    services.unlink_spelling(spelling, actor=admin.as_actor(), now=NOW)
    with pytest.raises(AlreadyDone):
        services.unlink_spelling(spelling, actor=admin.as_actor(), now=NOW)


def test_a_spelling_has_no_people(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    person = make_user(Role.REFERRER, organisation=spelling)
    with pytest.raises(Refused, match="1 person has an account"):
        link(spelling, real, admin)
    change(person, admin, organisation=real.name)
    link(spelling, real, admin)
    with pytest.raises(Refused, match="only a spelling of another organisation"):
        change(person, admin, organisation=spelling.name)


def rename(organisation: Organisation, admin: User, name: str, **changes: Any) -> None:
    services.change_organisation(
        organisation,
        OrganisationCommand(name, changes.get("kind", organisation.kind)),
        seen=changes.get("seen", OrganisationCommand(organisation.name, organisation.kind)),
        actor=admin.as_actor(),
        now=NOW,
    )


def test_a_renamed_organisation_is_still_known_by_its_former_name(
    session: Database, admin: User, real: Organisation
) -> None:
    first = sent_by(real, external_id="A-1")
    rename(real, admin, "Harborview Children and Families")
    former = unknown("Harborview Family Services")
    assert former.meant is real
    assert sent_by(former, external_id="A-1") is first
    assert sent_by(real, external_id="A-1") is first
    assert last_event(session)[0] is not Event.ORGANISATION_CREATED


def test_an_organisation_can_have_its_former_name_back(
    session: Database, admin: User, real: Organisation
) -> None:
    rename(real, admin, "Harborview Children and Families")
    rename(real, admin, "Harborview Family Services")
    assert real.name == "Harborview Family Services"
    [other] = queries.spelling_names(real)
    assert other.name == "Harborview Children and Families"
    assert unknown("harborview children and families").meant is real


def test_other_letters_of_the_same_name_are_no_new_spelling(
    session: Database, admin: User, real: Organisation
) -> None:
    rename(real, admin, "HARBORVIEW Family-Services")
    assert queries.spelling_names(real) == []
    assert last_event(session) == (Event.ORGANISATION_CHANGED, real.id, {"fields": ["name"]})


def test_sorting_an_organisation_is_on_record_from_kind_to_kind(
    session: Database, admin: User, spelling: Organisation
) -> None:
    rename(spelling, admin, spelling.name, kind=OrganisationKind.ACS_OFFICE)
    assert last_event(session)[2] == {
        "fields": ["kind"],
        "kind_from": "unknown",
        "kind_to": "acs_office",
    }


def test_a_name_that_another_has_is_refused_and_so_is_a_spelling(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    with pytest.raises(Refused, match="already an organisation"):
        rename(real, admin, spelling.name)
    link(spelling, real, admin)
    with pytest.raises(Refused, match="Undo the link first"):
        rename(spelling, admin, "Another name")


def test_the_second_who_changes_an_organisation_is_told_who_was_quicker(
    session: Database, admin: User, real: Organisation
) -> None:
    seen = OrganisationCommand(real.name, real.kind)
    rename(real, admin, "Harborview Children and Families")
    with pytest.raises(AlreadyDone) as raised:
        rename(real, make_user(Role.ADMIN), "Harborview", seen=seen)
    assert raised.value.by == "Gordon Ferris"


@pytest.mark.parametrize(
    ("name", "is_proposed"),
    [
        ("HARBORVIEW FAM. SERVICES", True),
        ("Harborview", True),
        ("Harbor View Family Services, Inc.", True),
        ("Services of Harborview for the Family", True),
        ("Northside Family Services", False),
        ("Family Services", False),
        ("ACS-CPS, Emergency Children's Services (overnight)", False),
        ("Gowanus Bridge", False),
    ],
)
def test_likely_spellings_are_proposed(
    session: Database, real: Organisation, name: str, is_proposed: bool
) -> None:
    proposed = [one.name for one in queries.proposals_for(unknown(name))]
    assert proposed == ([real.name] if is_proposed else [])


def test_unsorted_organisations_come_first_and_spellings_are_counted_with_their_organisation(
    session: Database, admin: User, real: Organisation, spelling: Organisation
) -> None:
    other = unknown("Zebra House")
    make_user(Role.REFERRER, organisation=real)
    for sender in (real, spelling, spelling, other):
        sent_by(sender)
    link(spelling, real, admin)
    rows = {row.name: row for row in queries.organisations().rows}
    assert next(iter(rows)) == "Zebra House"
    assert spelling.name not in rows
    row = rows[real.name]
    assert (row.people, row.referrals, row.spellings) == (1, 3, 1)


def test_the_list_of_organisations_goes_on_where_it_stopped(
    session: Database, statements: Statements
) -> None:
    for number in range(4):
        make_organisation(f"Agency {number}")
        unknown(f"Unknown {number}")
    session.flush()
    statements.texts.clear()
    page = queries.organisations(size=3)
    asked = len(statements)
    names = [row.name for row in page.rows]
    while page.next_key:
        statements.texts.clear()
        page = queries.organisations(after=page.next_key, size=3)
        assert len(statements) == asked
        names += [row.name for row in page.rows]
    assert names == [f"Unknown {n}" for n in range(4)] + [f"Agency {n}" for n in range(4)]


# Units


def test_a_unit_is_renamed_once_and_its_name_stays_its_own(session: Database, admin: User) -> None:
    unit, actor = make_unit("Uptown"), admin.as_actor()
    make_unit("Downtown")
    with pytest.raises(Refused, match="already a unit"):
        services.rename_unit(unit, "Downtown", seen="Uptown", actor=actor, now=NOW)
    services.rename_unit(unit, "Harlem", seen="Uptown", actor=actor, now=NOW)
    assert last_event(session) == (Event.UNIT_CHANGED, unit.id, {"fields": ["name"]})
    with pytest.raises(AlreadyDone) as raised:
        services.rename_unit(unit, "Inwood", seen="Uptown", actor=actor, now=NOW)
    assert raised.value.by == "Gordon Ferris"


def test_a_unit_lists_who_works_there_now(session: Database) -> None:
    """PP-03."""
    unit = make_unit("Uptown")
    make_user(Role.SUPERVISOR, unit=unit, name="Yvonne", active=False)
    make_user(Role.SPECIALIST, unit=unit, name="Ramona")
    [row] = queries.units()
    assert (row.supervisors, row.specialists) == ((), ("Ramona",))

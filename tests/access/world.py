"""Two of everything: for each role an object that is theirs and one that is another's."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from parents_partners.accounts.models import Organisation, Unit, User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import Assignment, Away, HandOver, ServiceReferral, Task
from parents_partners.advocates.types import AssignmentState, HandOverState
from parents_partners.cases.models import Case, Conference, Conflict
from parents_partners.core.db import db
from parents_partners.intake.models import Draft
from parents_partners.intake.services import start
from parents_partners.intake.types import CallKind
from parents_partners.referrals.models import LookAlike, Message, Referral
from tests.documents import referral_document
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_assignment,
    make_call,
    make_conference,
    make_family,
    make_filed_referral,
    make_hand_over,
    make_look_alike,
    make_message,
    make_organisation,
    make_referral,
    make_service,
    make_specialist,
    make_task,
    make_unit,
    make_user,
    make_waiting,
    next_number,
    parents_of,
)


@dataclass
class World:
    """Who signs in, and the public ids that stand in addresses, by the name of the parameter."""

    users: dict[Role, int] = field(default_factory=dict)
    own: dict[Role, dict[str, str]] = field(default_factory=dict)
    foreign: dict[Role, dict[str, str]] = field(default_factory=dict)
    families: list[int] = field(default_factory=list)
    """The cases of one's own side."""
    numbers: list[str] = field(default_factory=list)
    """The case numbers of its referrals, filed or not."""


@dataclass
class Side:
    """An organisation, a unit and their families: everything that its people may see."""

    organisation: Organisation
    unit: Unit
    users: dict[Role, User]
    pending: dict[Role, Referral]
    filed: Referral
    carried: Assignment
    offered: Assignment
    conference: Conference
    task: Task
    service: ServiceReferral
    asked: HandOver
    given: HandOver
    waiting: Case
    look_alike: LookAlike
    drafts: dict[Role, Draft]
    kept_out: Conflict
    message: Message


def make_world() -> World:
    mine, theirs = make_side("Marte"), make_side("Okafor")
    world = World()
    call = make_call(
        mine.users[Role.HELPLINE],
        kind=CallKind.CALL_BACK_WANTED,
        last_name="Marte",
        referral_id=mine.pending[Role.HELPLINE].id,
    )
    for role in Role:
        world.users[role] = mine.users[role].id
        world.own[role] = addresses(mine, role)
        world.foreign[role] = addresses(theirs, role)
        world.foreign[role]["other_id"] = theirs.filed.public_id
        if role in (Role.HELPLINE, Role.SUPERVISOR):
            # What awaits a decision is everybody's at the helpline and in triage.
            world.foreign[role]["referral_id"] = theirs.filed.public_id
        # At the helpline a message may be left about every family, but for the conflict list, and
        # a call-back is everybody's.
        barred = make_referral(document("Barred, Luz"))
        db.session.add(
            Conflict(user_id=world.users[role], number_key=barred.number_key, recorded_at=NOW)
        )
        world.foreign[role]["reachable_id"] = barred.public_id
        world.own[role]["call_id"] = call.public_id
        world.foreign[role]["call_id"] = make_call(theirs.users[Role.HELPLINE]).public_id
        # So is a family that nobody carries; another's is one that they do carry.
        world.foreign[role]["waiting_family_id"] = theirs.carried.case.public_id
        world.foreign[role] |= dict.fromkeys(("list_name", "entry_code", "setting_name"), "none")
    # Every entry is an administrator's to end, but for one about themself.
    own_entry = keep_out(mine.users[Role.ADMIN], theirs.carried.case)
    world.foreign[Role.ADMIN]["conflict_id"] = own_entry.public_id
    # An administrator finds every account, organisation and unit. Only their own account is one
    # that they may not change.
    for name in ("account_id", "organisation_id", "unit_id"):
        world.foreign[Role.ADMIN][name] = "f" * 20
    world.foreign[Role.ADMIN]["other_account_id"] = mine.users[Role.ADMIN].public_id
    world.families = [
        mine.carried.case_id,
        mine.offered.case_id,
        mine.given.case_id,
        mine.waiting.id,
    ]
    referrals = [mine.filed, *mine.pending.values()]
    world.numbers = [one.number_key for one in referrals if one.number_key]
    db.session.commit()
    return world


def put_on_conflict_list(user: User, world: World) -> None:
    """This colleague must not see any family of their own side from now on."""
    kept_out = db.session.scalars(select(Conflict.case_id).where(Conflict.user_id == user.id)).all()
    db.session.add_all(
        Conflict(user_id=user.id, case_id=case_id, recorded_at=NOW)
        for case_id in world.families
        if case_id not in kept_out
    )
    db.session.add_all(
        Conflict(user_id=user.id, number_key=key, recorded_at=NOW) for key in world.numbers
    )
    db.session.flush()


def keep_out(user: User, case: Case) -> Conflict:
    entry = Conflict(user_id=user.id, case_id=case.id, recorded_at=NOW)
    db.session.add(entry)
    db.session.flush()
    return entry


def make_side(family: str) -> Side:
    organisation, unit = make_organisation(), make_unit()
    users = {role: make_user(role, unit=unit) for role in Role if role is not Role.REFERRER}
    users[Role.REFERRER] = make_user(Role.REFERRER, organisation=organisation)
    specialist = make_specialist(user=users[Role.SPECIALIST])
    filed, offered = (
        make_filed_referral(
            document(f"{family}, {first_name}"),
            sender=organisation,
            referrer=users[Role.REFERRER],
            supervisor=users[Role.SUPERVISOR],
        )
        for first_name in ("Luz", "Ada")
    )
    people = {"specialist": specialist, "supervisor": users[Role.SUPERVISOR]}
    carried = make_assignment(filed.case, state=AssignmentState.IN_CONTACT, **people)
    offer = make_assignment(offered.case, state=AssignmentState.OFFERED, **people)
    make_activity(carried)
    # Overdue: the unit's supervisor sees it too.
    task = make_task(carried, due_on=TODAY - timedelta(days=2))
    service = make_service(carried)
    colleague = make_specialist(unit=unit)
    asked = make_hand_over(carried, colleague)
    others = make_assignment(
        make_family(f"{family}, Eva"),
        colleague,
        state=AssignmentState.IN_CONTACT,
        supervisor=users[Role.SUPERVISOR],
    )
    given = make_hand_over(others, specialist, state=HandOverState.GIVEN)
    waiting = make_family(f"{family}, Ida")
    make_waiting(waiting)
    conference = make_conference(carried.case, days=6, kind="SPR")
    days_away = (TODAY + timedelta(days=3), TODAY + timedelta(days=8))
    db.session.add(Away(specialist_id=specialist.id, from_on=days_away[0], until_on=days_away[1]))
    pending = {
        role: make_referral(
            document(f"{family}, Eve", channel=channel),
            sender=organisation,
            referrer=users[role],
        )
        for role, channel in (
            (Role.REFERRER, "online"),
            (Role.HELPLINE, "helpline"),
            (Role.SUPERVISOR, "helpline"),
        )
    }
    look_alike = make_look_alike(
        pending[Role.HELPLINE], users[Role.SUPERVISOR], other_case_id=filed.case_id
    )
    return Side(
        organisation=organisation,
        unit=unit,
        users=users,
        pending=pending,
        filed=filed,
        carried=carried,
        offered=offer,
        conference=conference,
        task=task,
        service=service,
        asked=asked,
        given=given,
        waiting=waiting,
        look_alike=look_alike,
        message=make_message(filed, users[Role.HELPLINE]),
        drafts={role: start(users[role], actor=users[role].as_actor(), now=NOW) for role in Role},
        kept_out=keep_out(users[Role.HELPLINE], carried.case),
    )


def document(case_name: str, **changes: object) -> dict[str, object]:
    number = f"S-{next_number():06}"
    return referral_document(case__name=case_name, case__number=number, **changes)


def addresses(side: Side, role: Role) -> dict[str, str]:
    """The objects of a side as this role of it meets them."""
    case: Case = side.carried.case
    referral = side.pending.get(role, side.filed)
    return {
        "account_id": side.users[Role.REFERRER].public_id,
        "other_account_id": side.users[Role.REFERRER].public_id,
        "organisation_id": side.organisation.public_id,
        "unit_id": side.unit.public_id,
        "referral_id": referral.public_id,
        "other_id": side.pending[Role.REFERRER].public_id,
        "look_alike_id": side.look_alike.public_id,
        "family_id": case.public_id,
        "waiting_family_id": side.waiting.public_id,
        "draft_id": side.drafts[role].public_id,
        "person_id": parents_of(case)[0].public_id,
        "assignment_id": side.carried.public_id,
        "offer_id": side.offered.public_id,
        "conference_id": side.conference.public_id,
        "reachable_id": referral.public_id,
        "message_id": side.message.public_id,
        "task_id": side.task.public_id,
        "service_id": side.service.public_id,
        "asked_id": side.asked.public_id,
        "hand_over_id": side.given.public_id,
        "unit_hand_over_id": side.asked.public_id,
        "specialist_id": side.users[Role.SPECIALIST].public_id,
        "conflict_id": side.kept_out.public_id,
        "list_name": "outcome",
        "entry_code": "moved_away",
        "setting_name": "route_days",
    }

"""The families and calls of two sides on which the canaries stand."""

from typing import Any

from sqlalchemy import select, update

from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.models import ActivityDraft, Assignment, Away
from parents_partners.advocates.types import AssignmentState, HandOverState
from parents_partners.cases.models import Case, Concern, Conflict
from parents_partners.core.db import db
from parents_partners.core.reference import ListItem
from parents_partners.core.text import case_number_key
from parents_partners.intake.models import Draft
from parents_partners.intake.services import start
from parents_partners.intake.types import CallKind
from parents_partners.referrals.models import Referral
from parents_partners.referrals.services import answer, ask, decline
from tests.access.canaries import OTHER, OWN, Canaries, Planting
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_assignment,
    make_call,
    make_conference,
    make_filed_referral,
    make_hand_over,
    make_message,
    make_referral,
    make_service,
    make_specialist,
    make_task,
    make_unit,
    make_user,
    make_waiting,
)

Users = dict[Role, User]


def plant() -> Canaries:
    canaries = Canaries()
    for side in (OWN, OTHER):
        users = people()
        plant_side(users, Planting(canaries, side))
        if side == OWN:
            canaries.users = {role: user.id for role, user in users.items()}
    # From now on a reason is seen only where it was chosen before.
    lists = ("decline_reason", "outcome")
    db.session.execute(
        update(ListItem)
        .where(ListItem.code.startswith("chosen_once"), ListItem.list_name.in_(lists))
        .values(ended_on=TODAY)
    )
    db.session.commit()
    return canaries


def people() -> Users:
    """An agency's referrer, a unit's specialist and supervisor, and who works beside them."""
    unit = make_unit()
    users = {role: make_user(role, unit=unit) for role in Role}
    make_specialist(user=users[Role.SPECIALIST])
    return users


def plant_side(users: Users, new: Planting) -> None:
    supervisor = users[Role.SUPERVISOR]
    plant_carried(users, new)
    plant_ended(users, new)
    for name, state in (("given", HandOverState.GIVEN), ("taken_over", HandOverState.TAKEN)):
        plant_handed_over(users, new, name, state)
    undecided = sent(users[Role.REFERRER], new, "undecided")
    ask(undecided, new.word("undecided.question"), actor=supervisor.as_actor(), now=NOW)
    words = new.word("undecided.answer")
    answer(undecided, words, actor=users[Role.REFERRER].as_actor(), now=NOW)
    ask(undecided, new.word("undecided.open_question"), actor=supervisor.as_actor(), now=NOW)
    sent(users[Role.HELPLINE], new, "on_the_phone", channel="helpline")
    declined = sent(users[Role.REFERRER], new, "declined")
    reason = entry_of_list(new, "decline_reason", "declined")
    decline(declined, reason, actor=supervisor.as_actor(), now=NOW)
    make_assignment(
        filed(users, new, "offered"),
        users[Role.SPECIALIST],
        state=AssignmentState.OFFERED,
        supervisor=supervisor,
        choice_reason=new.word("offered.choice_reason"),
    )
    waiting = filed(users, new, "waiting")
    make_waiting(waiting)
    tick(waiting, supervisor, new, "waiting.concern")
    barred = sent(users[Role.REFERRER], new, "barred")
    for role in (Role.HELPLINE, Role.SUPERVISOR):
        keep_out(users[role], barred.number_key)
    keep_out(users[Role.SPECIALIST], str(case_number_key(new.number("conflict.number"))))
    plant_calls(users, new)
    for role in (Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR):
        plant_draft(users[role], new)
    day = new.day("specialist.away")
    db.session.add(Away(specialist_id=users[Role.SPECIALIST].id, from_on=day, until_on=day))


def plant_carried(users: Users, new: Planting) -> None:
    """A family that the specialist carries, with all that its people wrote down of it."""
    case = filed(users, new, "carried")
    stint = carry(case, users[Role.SPECIALIST], users)
    make_activity(stint, note=new.word("carried.note"))
    make_task(stint, what=new.word("carried.task"), due_on=TODAY)
    make_service(stint, provider=new.word("carried.provider"))
    make_conference(
        case,
        days=9,
        place=new.word("carried.later_place"),
        link=f"https://meet.example.org/{new.word('carried.later_link').lower()}",
    )
    db.session.add(
        ActivityDraft(
            specialist_id=users[Role.SPECIALIST].id,
            case_id=case.id,
            document={"note": [new.word("carried.activity_draft")]},
            updated_at=NOW,
        )
    )
    tick(case, users[Role.SUPERVISOR], new, "carried.concern")
    plant_message(case, users[Role.HELPLINE], new, "carried")
    earlier = carry(case, make_specialist(unit=users[Role.SPECIALIST].unit), users, ended=True)
    make_activity(earlier, note=new.word("carried.earlier_note"))


def plant_ended(users: Users, new: Planting) -> None:
    """A family whose support by the specialist is over, for a reason in two wordings."""
    outcome = entry_of_list(new, "outcome", "ended")
    stint = carry(filed(users, new, "ended"), users[Role.SPECIALIST], users, outcome=outcome)
    make_activity(stint, note=new.word("ended.note"))


def plant_handed_over(users: Users, new: Planting, name: str, state: HandOverState) -> None:
    """A family that a colleague gave, and that the specialist has taken over or not yet."""
    case = filed(users, new, name)
    taken = state is HandOverState.TAKEN
    stint = carry(case, make_specialist(unit=users[Role.SPECIALIST].unit), users, ended=taken)
    chosen = make_activity(stint, note=new.word(f"{name}.chosen_note"))
    make_activity(stint, note=new.word(f"{name}.note"))
    closed: dict[str, Any] = {}
    if taken:
        closed = {
            "closed_at": NOW,
            "closed_by_id": users[Role.SPECIALIST].id,
            "new_assignment": carry(case, users[Role.SPECIALIST], users),
        }
    make_hand_over(
        stint,
        users[Role.SPECIALIST],
        state=state,
        words=new.word(f"{name}.words"),
        notes=[chosen],
        **closed,
    )


def carry(
    case: Case, specialist: User, users: Users, *, ended: bool = False, outcome: str | None = None
) -> Assignment:
    # What was over before its referral was filed belongs to an earlier one.
    changes: dict[str, Any] = {"outcome": outcome, "ended_at": NOW} if outcome else {}
    state = AssignmentState.ENDED if ended or outcome else AssignmentState.IN_CONTACT
    return make_assignment(
        case, specialist, state=state, supervisor=users[Role.SUPERVISOR], **changes
    )


def plant_message(case: Case, left_by: User, new: Planting, name: str) -> None:
    make_message(
        db.session.scalars(select(Referral).where(Referral.case_id == case.id)).first(),
        left_by,
        text=new.word(f"{name}.message"),
        caller=new.word(f"{name}.message_caller"),
        phone=new.phone(f"{name}.message_phone"),
        safe_contact_note=new.word(f"{name}.message_safe"),
    )


def plant_calls(users: Users, new: Planting) -> None:
    for name, kind in (
        ("call", CallKind.INFORMATION_GIVEN),
        ("call_back", CallKind.CALL_BACK_WANTED),
    ):
        make_call(
            users[Role.HELPLINE],
            kind=kind,
            note=new.word(f"{name}.note"),
            first_name=new.word(f"{name}.name"),
            phone=new.phone(f"{name}.phone"),
            safe_contact_note=new.word(f"{name}.safe"),
            organisation=new.word(f"{name}.organisation"),
            case_number=new.number(f"{name}.number"),
        )


def plant_draft(owner: User, new: Planting) -> None:
    draft: Draft = start(owner, actor=owner.as_actor(), now=NOW)
    draft.document = new.document(f"{owner.role.value}_draft")
    db.session.flush()


def sent(by: User, new: Planting, name: str, *, channel: str = "online") -> Referral:
    return make_referral(new.document(name, channel=channel), referrer=by)


def filed(users: Users, new: Planting, name: str) -> Case:
    referral = make_filed_referral(
        new.document(name), referrer=users[Role.REFERRER], supervisor=users[Role.SUPERVISOR]
    )
    assert referral.case is not None
    return referral.case


def tick(case: Case, supervisor: User, new: Planting, name: str) -> None:
    code = new.ticked(name, "concerns")
    db.session.add(ListItem(list_name="concern", code=code, label=code, position=90))
    case.concerns_ticked_at = NOW
    db.session.flush()
    db.session.add(Concern(case_id=case.id, code=code, ticked_by_id=supervisor.id, ticked_at=NOW))


def entry_of_list(new: Planting, list_name: str, name: str) -> str:
    """A reason that is chosen once, and by nobody after that."""
    code = f"chosen_once_{new.side}_{name}"
    db.session.add(
        ListItem(
            list_name=list_name,
            code=code,
            label=new.word(f"{name}.reason_inside"),
            public_label=new.word(f"{name}.reason_outside"),
            position=90,
        )
    )
    db.session.flush()
    return code


def keep_out(user: User, number_key: str | None) -> None:
    db.session.add(Conflict(user_id=user.id, number_key=number_key, recorded_at=NOW))
    db.session.flush()

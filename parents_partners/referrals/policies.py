"""Which referrals a person may see, and who may do what with them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    false,
    not_,
    or_,
    select,
    true,
)

from parents_partners.accounts.policies import named_like
from parents_partners.accounts.types import Actor, Role
from parents_partners.cases import policies as cases
from parents_partners.core.permissions import Policy, Rule, role_rules
from parents_partners.core.sql import is_one_of, written_out
from parents_partners.referrals.lifecycle import AWAITING_DECISION
from parents_partners.referrals.models import FiledParent, Referral
from parents_partners.referrals.types import Channel, ReferralState


def came_through_the_programme(_actor: Actor, referral: Referral) -> bool:
    """The helpline took it, or the parent wrote themself: no agency could answer for it."""
    return referral.channel is not Channel.ONLINE


def sent_it(actor: Actor, referral: Referral) -> bool:
    """Nobody knows better what was meant."""
    return referral.submitted_by_id == actor.id


POLICY: Policy = {
    "referral:list": role_rules(Role.REFERRER, Role.HELPLINE),
    "referral:export": role_rules(Role.REFERRER),
    "referral:read": role_rules(Role.REFERRER, Role.HELPLINE, Role.SPECIALIST, Role.SUPERVISOR),
    "referral:answer": [
        Rule(Role.REFERRER),
        Rule(Role.HELPLINE, (came_through_the_programme,)),
        Rule(Role.SUPERVISOR, (sent_it,)),
    ],
    "referral:withdraw": role_rules(Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR),
    "referral:ask": role_rules(Role.SUPERVISOR),
    "referral:file": role_rules(Role.SUPERVISOR),
    "referral:decline": role_rules(Role.SUPERVISOR),
    "referral:mark_duplicate": role_rules(Role.SUPERVISOR),
    "likeness:read": role_rules(Role.SUPERVISOR),
    "likeness:say": role_rules(Role.SUPERVISOR),
    "likeness:take_back": role_rules(Role.SUPERVISOR),
    "message:leave": role_rules(Role.HELPLINE),
    "message:see": role_rules(Role.SPECIALIST, Role.SUPERVISOR),
}


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Referral` under which `viewer` may see it (security.md).

    A referrer: what their own organisation sent, also under another spelling of its name.
    Helpline staff: their own intake, and what has no specialist yet, but nothing where support is
    over. A specialist: the referrals of the families they carry. A supervisor: what awaits a
    decision, what was decided without a family, and the families of their unit."""
    unfiled = Referral.state != written_out(ReferralState.FILED)
    if viewer.role is Role.REFERRER:
        # "Own organisation" by id: a name in the document is only what somebody typed.
        allowed: ColumnElement[bool] = Referral.organisation_id.in_(
            named_like(viewer.organisation_id)
        )
    elif viewer.role is Role.HELPLINE:
        allowed = or_(
            Referral.submitted_by_id == viewer.id,
            is_one_of(Referral.state, AWAITING_DECISION),
            and_(Referral.case.has(cases.unassigned()), _somebody_waits()),
        )
    elif viewer.role is Role.SPECIALIST:
        allowed = Referral.case.has(cases.visible_to(viewer))
    elif viewer.role is Role.SUPERVISOR:
        allowed = or_(unfiled, Referral.case.has(cases.visible_to(viewer)))
    elif viewer.role is None:
        return true()
    else:
        return false()
    return and_(allowed, not_(in_conflict(viewer)))


def _somebody_waits() -> ColumnElement[bool]:
    """A parent of this referral is in the queue for a specialist."""
    return Referral.filed_parents.any(FiledParent.waits.any())


def reachable_by(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Referral` under which `viewer` may leave a message about it, or record a
    withdrawal that they heard (ADV-05): at the helpline any, since anybody may call about it.
    That opens nothing of it. The conflict list takes away here, too."""
    if viewer.role is Role.HELPLINE:
        return not_(in_conflict(viewer))
    return visible_to(viewer)


def known_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Referral` under which `viewer` may learn that the family is known (REF-01):
    no more than that, and nothing of whom the conflict list keeps from them."""
    return not_(in_conflict(viewer))


def carried_by_nobody() -> ColumnElement[bool]:
    """The condition on `Referral` under which its messages are the supervisors': no Family
    Specialist has accepted the family."""
    return or_(Referral.case_id.is_(None), not_(Referral.case.has(cases.carried())))


def answered_by(viewer: Actor) -> ColumnElement[bool]:
    """The condition on a visible `Referral` under which a question about it is one for `viewer`:
    what `referral:answer` says, for lists."""
    if viewer.role is Role.HELPLINE:
        return Referral.channel != Channel.ONLINE
    if viewer.role is Role.SUPERVISOR:
        return Referral.submitted_by_id == viewer.id
    return true() if viewer.role is Role.REFERRER else false()


def in_conflict(viewer: Actor) -> ColumnElement[bool]:
    """The viewer stands on the conflict list for this referral's family, filed or not: by its
    number, or by one that another referral of that family writes, original or duplicate."""
    if not viewer.has_conflicts:
        return false()
    families = cases.families_in_conflict(viewer)
    numbers = cases.numbers_in_conflict(viewer)
    filed, written, known, second = (cases.REFERRAL.alias() for _ in range(4))
    firsts = select(second.c.duplicate_of_id).where(
        second.c.number_key.in_(numbers), second.c.duplicate_of_id.is_not(None)
    )
    return Referral.id.in_(
        select(filed.c.id)
        .where(filed.c.case_id.in_(families))
        .union(
            select(written.c.id).where(written.c.number_key.in_(numbers)),
            select(known.c.id).where(known.c.number_key.in_(cases.numbers_of(families))),
            # Apart, never "or": PostgreSQL would read every referral to find the second ones.
            _second_of(lambda first: first.c.case_id.in_(families)),
            _second_of(lambda first: first.c.number_key.in_(numbers)),
            # Undecided, a family is known by no case: the number of a duplicate leads to the first.
            firsts,
            _second_of(lambda first: first.c.id.in_(firsts)),
        )
    )


def _second_of(which: Callable[[FromClause], ColumnElement[bool]]) -> Select[Any]:
    """The ids of the duplicates of such referrals."""
    second, first = cases.REFERRAL.alias(), cases.REFERRAL.alias()
    return (
        select(second.c.id).join(first, second.c.duplicate_of_id == first.c.id).where(which(first))
    )

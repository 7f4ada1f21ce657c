import re

from sqlalchemy import ColumnElement, and_, not_, or_, select

from parents_partners.accounts.types import Actor, Role
from parents_partners.cases import policies as cases
from parents_partners.core.permissions import Policy, role_rules
from parents_partners.intake.models import Call, Draft
from parents_partners.referrals import policies as referrals
from parents_partners.referrals.models import Referral

POLICY: Policy = {
    "draft:write": role_rules(Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR),
    "receipt:read": role_rules(Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR),
    "call:take": role_rules(Role.HELPLINE),
    "withdrawal:hear": role_rules(Role.HELPLINE),
}

# Reports of abuse, their numbers and who made them belong in no referral (SSL 422). A hint, not a
# rule: words alone do not tell a report from a talk about one.
_TELLS_OF_A_REPORT = re.compile(
    r"\bSCR\b|\bstate central register\b|\bhot ?line\b|\bmandated reporter\b|\bwho reported\b"
    r"|\breport(?:er|ed by|ing source)\b|\bsource (?:of the report )?(?:is|was)\b"
    r"|\bsource of the report\b|\b(?:report|intake|call)(?: stage)? ?(?:id|no|num|number|#)?[:.# ]*"
    r"\d{5,}",
    re.IGNORECASE,
)


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """A draft is its owner's alone: what stands in it has left nobody's desk yet (REF-03)."""
    return Draft.owner_id == viewer.id


def calls_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The condition on `Call`: one's own calls, and every call that asked to be called back, which
    is the whole helpline's (a call-back that only its taker sees is lost when they are ill). None
    about a family of the conflict list."""
    numbers = cases.numbers_in_conflict(viewer)
    known = cases.numbers_of(cases.families_in_conflict(viewer))
    return and_(
        or_(Call.taken_by_id == viewer.id, Call.call_back_on.is_not(None)),
        not_(Call.referral.has(referrals.in_conflict(viewer))),
        # The referral that it became may tell a number that the call did not.
        not_(
            select(Referral.id)
            .where(Referral.submission_key == Call.draft_key, referrals.in_conflict(viewer))
            .correlate(Call)
            .exists()
        ),
        or_(
            Call.number_key.is_(None),
            and_(Call.number_key.not_in(numbers), Call.number_key.not_in(known)),
        ),
    )


def may_tell_of_a_report(text: str) -> bool:
    """Whether this text looks as if it held a report's number or who made it."""
    return _TELLS_OF_A_REPORT.search(text) is not None

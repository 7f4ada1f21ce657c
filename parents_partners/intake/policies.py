import re

from sqlalchemy import ColumnElement

from parents_partners.accounts.types import Actor, Role
from parents_partners.core.permissions import Policy, role_rules
from parents_partners.intake.models import Draft

POLICY: Policy = {
    "draft:write": role_rules(Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR),
    "receipt:read": role_rules(Role.REFERRER, Role.HELPLINE, Role.SUPERVISOR),
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


def may_tell_of_a_report(text: str) -> bool:
    """Whether this text looks as if it held a report's number or who made it."""
    return _TELLS_OF_A_REPORT.search(text) is not None

"""A row in every table, so that a migration meets what a database in use holds."""

from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.advocates.models import (
    ActivityDraft,
    Away,
    Waiting,
)
from parents_partners.advocates.types import (
    AssignmentState,
    WaitingSince,
)
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Concern, Conflict
from parents_partners.core.db import db
from parents_partners.intake.models import Draft
from parents_partners.referrals.models import Question
from parents_partners.referrals.types import Channel
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_assignment,
    make_filed_referral,
    make_specialist,
    make_user,
    parents_of,
)


def fill_every_table() -> None:
    """Fill the database of the current app; the caller commits."""
    supervisor = make_user(Role.SUPERVISOR)
    referrer = make_user(Role.REFERRER)
    specialist = make_specialist()
    referral = make_filed_referral(supervisor=supervisor, referrer=referrer)
    case = referral.case
    assert case is not None
    parent = parents_of(case)[0]
    assignment = make_assignment(case, specialist, state=AssignmentState.IN_CONTACT)
    make_activity(assignment, note="She asked what remand means.")
    db.session.add_all(
        [
            ActivityDraft(specialist_id=specialist.id, case_id=case.id, updated_at=NOW),
            Away(specialist_id=specialist.id, from_on=TODAY, until_on=TODAY),
            Waiting(
                case_id=case.id,
                person_id=parent.id,
                since=NOW,
                why=WaitingSince.FILED,
                ended_at=NOW,
            ),
            Concern(case_id=case.id, code="housing", ticked_by_id=supervisor.id, ticked_at=NOW),
            Conflict(user_id=specialist.id, number_key="S9", recorded_at=NOW),
            Draft(
                owner_id=referrer.id,
                channel=Channel.ONLINE,
                submission_key="a key",
                created_at=NOW,
                updated_at=NOW,
            ),
            Question(
                referral_id=referral.id,
                text="Which court part?",
                asked_at=NOW,
                asked_by_id=supervisor.id,
            ),
        ]
    )
    audit.record(Event.FAMILY_READ, case, actor=COMMAND_LINE, now=NOW, case_id=case.id)
    db.session.flush()

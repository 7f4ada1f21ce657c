"""A row in every table, so that a migration meets what a database in use holds."""

from parents_partners.accounts.models import Invitation
from parents_partners.accounts.types import COMMAND_LINE, Role
from parents_partners.advocates.models import (
    ActivityDraft,
    Away,
    HandOver,
    HandOverNote,
    HandOverWords,
    ServiceReferral,
    ServiceStep,
    Task,
    Waiting,
)
from parents_partners.advocates.types import AssignmentState, ServiceState, WaitingSince
from parents_partners.audit import services as audit
from parents_partners.audit.types import Event
from parents_partners.cases.models import Concern, Conflict
from parents_partners.core.db import db
from parents_partners.intake.models import Call, CallBack, CallNote, Draft
from parents_partners.intake.types import CallKind, CallLine
from parents_partners.referrals.models import LookAlike, Message, Question
from parents_partners.referrals.types import Channel, Likeness
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
    activity = make_activity(assignment, note="She asked what remand means.")
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
            Message(referral_id=referral.id, text="Call her.", left_at=NOW, left_by_id=referrer.id),
            LookAlike(
                said=Likeness.SAME_FAMILY,
                referral_id=referral.id,
                other_case_id=case.id,
                said_at=NOW,
                said_by_id=supervisor.id,
            ),
            Call(
                kind=CallKind.CALL_BACK_WANTED,
                line=CallLine.HELPLINE,
                taken_at=NOW,
                taken_by_id=referrer.id,
                call_back_on=TODAY,
                submission_key="a call",
                note=CallNote(text="When is the next visit?"),
                call_backs=[CallBack(at=NOW, by_id=referrer.id, reached=False)],
            ),
            Task(
                case_id=case.id,
                owner_id=specialist.id,
                what="Ask for the visiting hours",
                due_on=TODAY,
                added_at=NOW,
                added_by_id=supervisor.id,
            ),
            ServiceReferral(
                case_id=case.id,
                person_id=parent.id,
                kind="housing",
                steps=[
                    ServiceStep(
                        state=ServiceState.OFFERED,
                        happened_on=TODAY,
                        recorded_at=NOW,
                        recorded_by_id=specialist.id,
                    )
                ],
            ),
            HandOver(
                assignment_id=assignment.id,
                case_id=case.id,
                to_specialist_id=make_specialist().id,
                asked_at=NOW,
                asked_by_id=supervisor.id,
                words=HandOverWords(text="She likes to be called in the evening."),
                notes=[HandOverNote(activity_id=activity.id)],
            ),
            Invitation(user_id=specialist.id, token_hash="0" * 64, made_at=NOW, expires_at=NOW),
        ]
    )
    audit.record(Event.FAMILY_READ, case, actor=COMMAND_LINE, now=NOW, case_id=case.id)
    db.session.flush()

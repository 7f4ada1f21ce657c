"""Calls, messages, look-alikes, tasks, services, hand-overs, invitations: the rest of the day."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy import column, table

from parents_partners.core import db as core_db
from parents_partners.core.insert_only import make_insert_only, unmake_insert_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

list_item = table(
    "list_item",
    *(column(name) for name in ("list_name", "code", "label", "public_label", "position")),
)
setting = table("setting", *(column(name) for name in ("name", "value", "help")))

referral_key = table(
    "referral_key", *(column(name) for name in ("referral_id", "kind", "of", "value"))
)
submission = table("submission", column("referral_id"), column("document", sa.JSON()))

KEY_KINDS = ("number", "name", "phone", "born")

LISTS = {
    "service_kind": [
        ("housing", "Housing"),
        ("counselling", "Counselling or therapy"),
        ("substance_use", "Substance use treatment"),
        ("parenting", "Parenting class or coaching"),
        ("legal", "Legal help"),
        ("benefits", "Benefits and money"),
        ("child_care", "Child care"),
        ("health", "Health care"),
        ("domestic_violence", "Help after violence at home"),
        ("education_work", "Education or work"),
        ("food_clothing", "Food, clothing, furniture"),
        ("peer_group", "Parents' group"),
        ("other", "Another service"),
    ],
    "service_fell_through": [
        ("parent_declined", "The parent did not want it"),
        ("no_place", "There was no place"),
        ("waiting_too_long", "The wait was too long"),
        ("not_eligible", "The family is not eligible"),
        ("cost", "It costs too much"),
        ("distance", "It is too far away"),
        ("language", "Not in the parent's language"),
        ("provider_ended", "The provider ended it"),
        ("parent_ended", "The parent ended it"),
        ("no_contact", "The parent could not be reached"),
        ("consent_withdrawn", "The parent took their consent back"),
        ("other", "Another reason"),
    ],
    "hand_over_decline_reason": [
        ("parents_do_not_want", "The parents do not want to change"),
        ("bad_moment", "It is a bad moment for the family"),
        ("nearly_done", "The support is nearly done"),
        ("other", "Another reason"),
    ],
    "export_reason": [
        ("supervision", "Supervision"),
        ("team_meeting", "Team meeting"),
        ("report", "Report for the programme"),
        ("own_work", "Planning my own work"),
        ("cover", "Cover while somebody is away"),
        ("records_request", "A request for records"),
        ("other", "Another reason"),
    ],
}
# Of lists that are there already, and last in them.
MORE_ITEMS = [
    ("outcome", "handed_over", "Handed over to another Family Specialist", "Support continues", 10),
]

SETTINGS = {
    "call_back_days": ("1", "Calendar days in which somebody who called is called back."),
    "collect_line_phone": (
        "(212) 619-1309",
        "The telephone number that takes collect calls of incarcerated parents.",
    ),
    "scr_phone": (
        "1-800-342-3720",
        "The telephone number of the state's register that takes reports of child abuse.",
    ),
    "invitation_days": ("3", "Calendar days in which an invitation to sign in can be used."),
    "service_quiet_days": (
        "14",
        "Calendar days without news after which a referral to a service is shown.",
    ),
    "hand_over_days": ("7", "Calendar days after which a hand-over that waits is shown as late."),
    "question_days": (
        "2",
        "Calendar days after which a question without an answer says: call them.",
    ),
}

EVENTS = (
    "account.signed_in",
    "account.signed_out",
    "account.created",
    "account.changed",
    "account.invited",
    "account.disabled",
    "account.enabled",
    "organisation.created",
    "organisation.changed",
    "organisation.linked",
    "organisation.unlinked",
    "unit.created",
    "unit.changed",
    "list.changed",
    "setting.changed",
    "conflict.recorded",
    "conflict.ended",
    "call.taken",
    "call.changed",
    "call.read",
    "call.called_back",
    "call.call_back_failed",
    "draft.deleted",
    "referral.submitted",
    "referral.read",
    "referral.question_asked",
    "referral.question_answered",
    "referral.filed",
    "referral.declined",
    "referral.marked_duplicate",
    "referral.withdrawn",
    "referral.likeness_said",
    "referral.likeness_undone",
    "message.left",
    "message.seen",
    "family.opened",
    "family.read",
    "families.listed",
    "families.searched",
    "list.exported",
    "family.concerns_ticked",
    "consent.recorded",
    "consent.confirmed",
    "consent.withdrawn",
    "conference.added",
    "conference.changed",
    "conference.cancelled",
    "specialist.profile_changed",
    "assignment.offered",
    "assignment.read",
    "assignment.accepted",
    "assignment.declined",
    "assignment.lapsed",
    "assignment.taken_back",
    "assignment.offer_stopped",
    "assignment.first_contact_made",
    "assignment.ended",
    "assignment.support_stopped",
    "assignment.reopened",
    "activity.logged",
    "task.added",
    "task.changed",
    "task.done",
    "task.dropped",
    "task.reopened",
    "service.offered",
    "service.accepted",
    "service.made",
    "service.started",
    "service.asked_after",
    "service.finished",
    "service.fell_through",
    "hand_over.asked",
    "hand_over.given",
    "hand_over.declined",
    "hand_over.taken_back",
    "hand_over.stopped",
    "assignment.handed_over",
)

def upgrade():
    op.create_table('service_referral',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('provider', sa.String(length=200), nullable=True),
    sa.Column('state', sa.Enum('offered', 'accepted', 'made', 'started', 'finished', 'fell_through', name='service_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('fell_through_reason', sa.String(length=40), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'fell_through') = (fell_through_reason IS NOT NULL)", name=op.f('ck_service_referral_reason_iff_fell_through')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_service_referral_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_service_referral_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_referral')),
    sa.UniqueConstraint('public_id', name=op.f('uq_service_referral_public_id'))
    )
    with op.batch_alter_table('service_referral', schema=None) as batch_op:
        batch_op.create_index('ix_service_referral_case_id_state', ['case_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_referral_person_id'), ['person_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('used_at', core_db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_invitation_made_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_invitation_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_user_id'), ['user_id'], unique=False)

    op.create_table('service_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_referral_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('offered', 'accepted', 'made', 'started', 'finished', 'fell_through', name='service_step_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user.id'], name=op.f('fk_service_step_recorded_by_id')),
    sa.ForeignKeyConstraint(['service_referral_id'], ['service_referral.id'], name=op.f('fk_service_step_service_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_step'))
    )
    with op.batch_alter_table('service_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_step_recorded_by_id'), ['recorded_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_step_service_referral_id'), ['service_referral_id'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'dropped', name='task_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('added_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('closed_at', core_db.Instant(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f('ck_task_closed_iff_time')),
    sa.CheckConstraint('closed_by_id IS NULL OR closed_at IS NOT NULL', name=op.f('ck_task_closed_by_only_if_closed')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_task_added_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_task_case_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user.id'], name=op.f('fk_task_closed_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_task_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    sa.UniqueConstraint('public_id', name=op.f('uq_task_public_id'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_added_by_id'), ['added_by_id'], unique=False)
        batch_op.create_index('ix_task_case_id_state', ['case_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_closed_by_id'), ['closed_by_id'], unique=False)
        batch_op.create_index('ix_task_owner_id_state_due_on', ['owner_id', 'state', 'due_on'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('caller', sa.Text(), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('may_leave_voicemail', sa.Boolean(), nullable=True),
    sa.Column('safe_contact_note', sa.String(length=500), nullable=True),
    sa.Column('left_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('left_by_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', core_db.Instant(timezone=True), nullable=True),
    sa.Column('seen_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(seen_at IS NULL) = (seen_by_id IS NULL)', name=op.f('ck_message_seen_iff_by')),
    sa.ForeignKeyConstraint(['left_by_id'], ['user.id'], name=op.f('fk_message_left_by_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_message_referral_id')),
    sa.ForeignKeyConstraint(['seen_by_id'], ['user.id'], name=op.f('fk_message_seen_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('public_id', name=op.f('uq_message_public_id'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_left_by_id'), ['left_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_referral_id'), ['referral_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_seen_by_id'), ['seen_by_id'], unique=False)

    op.create_table('call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('information_given', 'call_back_wanted', 'wants_referral', 'update', 'handed_elsewhere', 'wrong_number', name='call_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('line', sa.Enum('helpline', 'collect', name='call_line', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('through_interpreter', sa.Boolean(), nullable=False),
    sa.Column('taken_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('taken_by_id', sa.Integer(), nullable=False),
    sa.Column('caller', sa.Enum('parent', 'relative', 'worker', 'caregiver', 'other', name='caller', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('first_name', sa.String(length=200), nullable=True),
    sa.Column('last_name', sa.String(length=200), nullable=True),
    sa.Column('organisation', sa.String(length=200), nullable=True),
    sa.Column('language', sa.String(length=35), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('may_leave_voicemail', sa.Boolean(), nullable=True),
    sa.Column('safe_contact_note', sa.String(length=500), nullable=True),
    sa.Column('case_number', sa.String(length=40), nullable=True),
    sa.Column('number_key', sa.String(length=40), nullable=True),
    sa.Column('handed_to', sa.String(length=200), nullable=True),
    sa.Column('call_back_on', sa.Date(), nullable=True),
    sa.Column('call_back_done_at', core_db.Instant(timezone=True), nullable=True),
    sa.Column('call_back_done_by_id', sa.Integer(), nullable=True),
    sa.Column('draft_key', sa.String(length=64), nullable=True),
    sa.Column('referral_id', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('submission_key', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'call_back_wanted') = (call_back_on IS NOT NULL)", name=op.f('ck_call_call_back_iff_day')),
    sa.CheckConstraint('(call_back_done_at IS NULL) = (call_back_done_by_id IS NULL)', name=op.f('ck_call_done_iff_by')),
    sa.CheckConstraint('call_back_done_at IS NULL OR call_back_on IS NOT NULL', name=op.f('ck_call_done_if_wanted')),
    sa.ForeignKeyConstraint(['call_back_done_by_id'], ['user.id'], name=op.f('fk_call_call_back_done_by_id')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_call_message_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_call_referral_id')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['user.id'], name=op.f('fk_call_taken_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('draft_key', name=op.f('uq_call_draft_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_call_public_id')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_call_submission_key'))
    )
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index('ix_call_call_back_on', ['call_back_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_call_back_done_by_id'), ['call_back_done_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_referral_id'), ['referral_id'], unique=False)
        batch_op.create_index('ix_call_taken_by_id_taken_at', ['taken_by_id', 'taken_at'], unique=False)

    op.create_table('look_alike',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('said', sa.Enum('same_family', 'same_person', 'not_same', name='likeness', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('other_referral_id', sa.Integer(), nullable=True),
    sa.Column('other_case_id', sa.Integer(), nullable=True),
    sa.Column('of', sa.Enum('case', 'parent', 'child', name='look_alike_of', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('other_position', sa.Integer(), nullable=True),
    sa.Column('said_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('said_by_id', sa.Integer(), nullable=False),
    sa.Column('undone_at', core_db.Instant(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("said <> 'same_family' OR of IS NULL", name=op.f('ck_look_alike_same_family_names_none')),
    sa.CheckConstraint("said <> 'same_person' OR of IS NOT NULL", name=op.f('ck_look_alike_same_person_names_one')),
    sa.CheckConstraint('(of IS NULL) = (position IS NULL)', name=op.f('ck_look_alike_person_iff_position')),
    sa.CheckConstraint('(other_referral_id IS NULL) <> (other_case_id IS NULL)', name=op.f('ck_look_alike_one_other_side')),
    sa.CheckConstraint('(undone_at IS NULL) = (undone_by_id IS NULL)', name=op.f('ck_look_alike_undone_iff_by')),
    sa.CheckConstraint('of IS NULL OR (person_id IS NULL) <> (other_position IS NULL)', name=op.f('ck_look_alike_person_has_another')),
    sa.ForeignKeyConstraint(['other_case_id'], ['case.id'], name=op.f('fk_look_alike_other_case_id')),
    sa.ForeignKeyConstraint(['other_referral_id'], ['referral.id'], name=op.f('fk_look_alike_other_referral_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_look_alike_person_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_look_alike_referral_id')),
    sa.ForeignKeyConstraint(['said_by_id'], ['user.id'], name=op.f('fk_look_alike_said_by_id')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['user.id'], name=op.f('fk_look_alike_undone_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_look_alike')),
    sa.UniqueConstraint('public_id', name=op.f('uq_look_alike_public_id'))
    )
    with op.batch_alter_table('look_alike', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_look_alike_other_case_id'), ['other_case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_look_alike_other_referral_id'), ['other_referral_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_look_alike_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_look_alike_referral_id'), ['referral_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_look_alike_said_by_id'), ['said_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_look_alike_undone_by_id'), ['undone_by_id'], unique=False)

    op.create_table('call_back',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_call_back_by_id')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_back_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_back'))
    )
    with op.batch_alter_table('call_back', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_back_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_back_call_id'), ['call_id'], unique=False)

    op.create_table('call_note',
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_note_call_id')),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_call_note'))
    )
    op.create_table('hand_over',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('to_specialist_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'given', 'taken', 'declined', 'taken_back', 'stopped', name='hand_over_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_at', core_db.Instant(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('given_at', core_db.Instant(timezone=True), nullable=True),
    sa.Column('parents_asked_on', sa.Date(), nullable=True),
    sa.Column('decline_reason', sa.String(length=40), nullable=True),
    sa.Column('choice_reason', sa.String(length=500), nullable=True),
    sa.Column('closed_at', core_db.Instant(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('new_assignment_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name=op.f('ck_hand_over_decline_reason_iff_declined')),
    sa.CheckConstraint("(state = 'taken') = (new_assignment_id IS NOT NULL)", name=op.f('ck_hand_over_new_stint_iff_taken')),
    sa.CheckConstraint("(state IN ('taken', 'declined', 'taken_back', 'stopped')) = (closed_at IS NOT NULL)", name=op.f('ck_hand_over_closed_iff_time')),
    sa.CheckConstraint("state NOT IN ('given', 'taken') OR given_at IS NOT NULL", name=op.f('ck_hand_over_given_has_time')),
    sa.CheckConstraint('(closed_at IS NULL) = (closed_by_id IS NULL)', name=op.f('ck_hand_over_closed_iff_by')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_hand_over_asked_by_id')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_hand_over_assignment_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_hand_over_case_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user.id'], name=op.f('fk_hand_over_closed_by_id')),
    sa.ForeignKeyConstraint(['new_assignment_id'], ['assignment.id'], name=op.f('fk_hand_over_new_assignment_id')),
    sa.ForeignKeyConstraint(['to_specialist_id'], ['specialist.user_id'], name=op.f('fk_hand_over_to_specialist_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over')),
    sa.UniqueConstraint('public_id', name=op.f('uq_hand_over_public_id'))
    )
    with op.batch_alter_table('hand_over', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_over_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_closed_by_id'), ['closed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_new_assignment_id'), ['new_assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hand_over_to_specialist_id'), ['to_specialist_id'], unique=False)
        batch_op.create_index('uq_hand_over_one_open', ['assignment_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.create_table('hand_over_note',
    sa.Column('hand_over_id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_hand_over_note_activity_id')),
    sa.ForeignKeyConstraint(['hand_over_id'], ['hand_over.id'], name=op.f('fk_hand_over_note_hand_over_id')),
    sa.PrimaryKeyConstraint('hand_over_id', 'activity_id', name=op.f('pk_hand_over_note'))
    )
    with op.batch_alter_table('hand_over_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_over_note_activity_id'), ['activity_id'], unique=False)

    op.create_table('hand_over_words',
    sa.Column('hand_over_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['hand_over_id'], ['hand_over.id'], name=op.f('fk_hand_over_words_hand_over_id')),
    sa.PrimaryKeyConstraint('hand_over_id', name=op.f('pk_hand_over_words'))
    )

    for name in ("organisation", "unit", "conflict"):
        op.add_column(name, sa.Column("public_id", sa.String(length=20), nullable=True))
        give_ids(name)
    unindex_conflicts()
    with op.batch_alter_table("conflict") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=20), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_conflict_public_id"), ["public_id"])
    index_conflicts()
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=20), nullable=False)
        batch_op.add_column(sa.Column("same_as_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_organisation_same_as_id"), ["same_as_id"])
        batch_op.create_unique_constraint(batch_op.f("uq_organisation_public_id"), ["public_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_same_as_id"), "organisation", ["same_as_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_not_a_spelling_of_itself"), "same_as_id <> id"
        )
    with op.batch_alter_table("unit") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=20), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_unit_public_id"), ["public_id"])

    widen_events()
    widen_keys()
    op.create_index("ix_audit_event_event_at", "audit_event", ["event", "at"])
    op.create_index(
        "ix_audit_event_subject_subject_id_at", "audit_event", ["subject", "subject_id", "at"]
    )
    op.bulk_insert(
        list_item,
        [
            {
                "list_name": name,
                "code": code,
                "label": label,
                "public_label": None,
                "position": position,
            }
            for name, items in LISTS.items()
            for position, (code, label) in enumerate(items, start=1)
        ],
    )
    op.bulk_insert(
        list_item,
        [
            dict(zip(("list_name", "code", "label", "public_label", "position"), item, strict=True))
            for item in MORE_ITEMS
        ],
    )
    op.bulk_insert(
        setting,
        [{"name": name, "value": value, "help": help} for name, (value, help) in SETTINGS.items()],
    )


def give_ids(name):
    connection = op.get_bind()
    rows = table(name, column("id"), column("public_id"))
    for row_id in connection.scalars(sa.select(rows.c.id)).all():
        connection.execute(
            rows.update().where(rows.c.id == row_id).values(public_id=secrets.token_hex(10))
        )


def unindex_conflicts():
    op.drop_index("uq_conflict_one_in_force_by_case", table_name="conflict")
    op.drop_index("uq_conflict_one_in_force_by_number", table_name="conflict")


def index_conflicts():
    for name, columns, where in (
        ("by_case", ["user_id", "case_id"], "ended_at IS NULL"),
        ("by_number", ["user_id", "number_key"], "ended_at IS NULL AND case_id IS NULL"),
    ):
        op.create_index(
            f"uq_conflict_one_in_force_{name}",
            "conflict",
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def widen_events():
    """What may be recorded from now on. The way back leaves it: what was recorded stays so."""
    unmake_insert_only(op.get_bind(), "audit_event")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.drop_constraint(op.f("ck_audit_event_event"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_audit_event_event"), sa.column("event").in_(EVENTS)
        )
    make_insert_only(op.get_bind(), "audit_event")


def widen_keys():
    """Birthdays of children become keys under which look-alikes are found; those of referrals
    that are here already, too. The way back leaves them: they are found by nothing there."""
    with op.batch_alter_table("referral_key") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_key_key_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_referral_key_key_kind"), sa.column("kind").in_(KEY_KINDS)
        )
    have = sa.select(referral_key.c.referral_id).where(referral_key.c.kind == "born")
    born = [
        {"referral_id": referral_id, "kind": "born", "of": "child", "value": day}
        for referral_id, document in op.get_bind().execute(
            sa.select(submission.c.referral_id, submission.c.document).where(
                submission.c.referral_id.not_in(have)
            )
        )
        for day in sorted({child.get("date_of_birth") or "" for child in document["children"]})
        if day
    ]
    if born:
        op.bulk_insert(referral_key, born)


def downgrade():
    op.drop_index("ix_audit_event_subject_subject_id_at", table_name="audit_event")
    op.drop_index("ix_audit_event_event_at", table_name="audit_event")
    op.execute(setting.delete().where(setting.c.name.in_(SETTINGS)))
    for name, items in LISTS.items():
        codes = [item[0] for item in items]
        op.execute(
            list_item.delete().where(list_item.c.list_name == name, list_item.c.code.in_(codes))
        )
    for name, code, *_ in MORE_ITEMS:
        op.execute(
            list_item.delete().where(list_item.c.list_name == name, list_item.c.code == code)
        )

    with op.batch_alter_table("unit") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_unit_public_id"), type_="unique")
        batch_op.drop_column("public_id")
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_organisation_not_a_spelling_of_itself"), type_="check"
        )
        batch_op.drop_constraint(batch_op.f("fk_organisation_same_as_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_organisation_public_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_organisation_same_as_id"))
        batch_op.drop_column("same_as_id")
        batch_op.drop_column("public_id")
    unindex_conflicts()
    with op.batch_alter_table("conflict") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_conflict_public_id"), type_="unique")
        batch_op.drop_column("public_id")
    index_conflicts()

    op.drop_table('hand_over_words')
    with op.batch_alter_table('hand_over_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hand_over_note_activity_id'))

    op.drop_table('hand_over_note')
    with op.batch_alter_table('hand_over', schema=None) as batch_op:
        batch_op.drop_index('uq_hand_over_one_open')
        batch_op.drop_index(batch_op.f('ix_hand_over_to_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_hand_over_new_assignment_id'))
        batch_op.drop_index(batch_op.f('ix_hand_over_closed_by_id'))
        batch_op.drop_index(batch_op.f('ix_hand_over_case_id'))
        batch_op.drop_index(batch_op.f('ix_hand_over_assignment_id'))
        batch_op.drop_index(batch_op.f('ix_hand_over_asked_by_id'))

    op.drop_table('hand_over')
    op.drop_table('call_note')
    with op.batch_alter_table('call_back', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_back_call_id'))
        batch_op.drop_index(batch_op.f('ix_call_back_by_id'))

    op.drop_table('call_back')
    with op.batch_alter_table('look_alike', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_look_alike_undone_by_id'))
        batch_op.drop_index(batch_op.f('ix_look_alike_said_by_id'))
        batch_op.drop_index(batch_op.f('ix_look_alike_referral_id'))
        batch_op.drop_index(batch_op.f('ix_look_alike_person_id'))
        batch_op.drop_index(batch_op.f('ix_look_alike_other_referral_id'))
        batch_op.drop_index(batch_op.f('ix_look_alike_other_case_id'))

    op.drop_table('look_alike')
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_index('ix_call_taken_by_id_taken_at')
        batch_op.drop_index(batch_op.f('ix_call_referral_id'))
        batch_op.drop_index(batch_op.f('ix_call_message_id'))
        batch_op.drop_index(batch_op.f('ix_call_call_back_done_by_id'))
        batch_op.drop_index('ix_call_call_back_on')

    op.drop_table('call')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_seen_by_id'))
        batch_op.drop_index(batch_op.f('ix_message_referral_id'))
        batch_op.drop_index(batch_op.f('ix_message_left_by_id'))

    op.drop_table('message')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('ix_task_owner_id_state_due_on')
        batch_op.drop_index(batch_op.f('ix_task_closed_by_id'))
        batch_op.drop_index('ix_task_case_id_state')
        batch_op.drop_index(batch_op.f('ix_task_added_by_id'))

    op.drop_table('task')
    with op.batch_alter_table('service_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_step_service_referral_id'))
        batch_op.drop_index(batch_op.f('ix_service_step_recorded_by_id'))

    op.drop_table('service_step')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_user_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_made_by_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('service_referral', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_referral_person_id'))
        batch_op.drop_index('ix_service_referral_case_id_state')

    op.drop_table('service_referral')

"""A hand-over may be closed by nobody who signs in: the command line takes it back with the account
of the one who was asked. Until now such a row named that person, which was not true."""

from alembic import op
from sqlalchemy import text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = text("closed_at IS NULL")


def upgrade():
    _change_check(
        "closed_iff_by",
        "closed_by_only_if_closed",
        "closed_by_id IS NULL OR closed_at IS NOT NULL",
    )


def downgrade():
    op.execute(
        "UPDATE hand_over SET closed_by_id = to_specialist_id "
        "WHERE closed_at IS NOT NULL AND closed_by_id IS NULL"
    )
    _change_check(
        "closed_by_only_if_closed",
        "closed_iff_by",
        "(closed_at IS NULL) = (closed_by_id IS NULL)",
    )


def _change_check(old, new, condition):
    # SQLite copies the table, and would copy the index without its condition.
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.drop_index("uq_hand_over_one_open")
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_hand_over_{old}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_hand_over_{new}"), condition)
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(
            "uq_hand_over_one_open",
            ["assignment_id"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )

"""An index for the measure above the triage queue: first contacts of a unit, by when they were."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = "ix_assignment_unit_id_first_contact_at"


def upgrade():
    op.create_index(NAME, "assignment", ["unit_id", "first_contact_at"])


def downgrade():
    op.drop_index(NAME, "assignment")

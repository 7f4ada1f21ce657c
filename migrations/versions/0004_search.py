"""Search: an index of the pieces of every search key, what names sound like, and two more keys of
a referral, its case's name and the sender's own number for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import column, table

from parents_partners.cases.names import name_key
from parents_partners.core.search import make_searchable, sound_of, unmake_searchable
from parents_partners.core.text import case_number_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_KINDS = ("number", "name", "phone", "born")
NEW_KINDS = ("case_name", "senders_id")
AT_ONCE = 1000

referral = table("referral", *(column(name) for name in ("id", "case_name", "external_id")))
submission = table("submission", column("referral_id"), column("document", sa.JSON()))
key = table(
    "referral_key", *(column(name) for name in ("id", "referral_id", "kind", "of", "value"))
)
sound = table("name_sound", column("referral_id"), column("value"))


def upgrade():
    op.create_table(
        "name_sound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_name_sound_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_sound")),
    )
    op.create_index(op.f("ix_name_sound_referral_id"), "name_sound", ["referral_id"])
    op.create_index("ix_name_sound_value_referral_id", "name_sound", ["value", "referral_id"])
    allow(OLD_KINDS + NEW_KINDS)
    last = 0
    while ids := some_referrals(after=last):
        last = ids[-1]
        add_keys(ids)
        add_sounds(ids)
    make_searchable(op.get_bind(), "referral_key", "value")


def some_referrals(after):
    query = sa.select(referral.c.id).where(referral.c.id > after).order_by(referral.c.id)
    return op.get_bind().scalars(query.limit(AT_ONCE)).all()


def add_keys(ids):
    """As the product makes them of a referral that comes in."""
    rows = []
    for row in op.get_bind().execute(
        sa.select(referral, submission.c.document)
        .join(submission, submission.c.referral_id == referral.c.id)
        .where(referral.c.id.in_(ids))
        .order_by(referral.c.id)
    ):
        answers = [one["agreement"]["answer"] for one in row.document["parents"]]
        # A case bears a parent's name: none where somebody did not agree (REF-03).
        if set(answers) == {"agreed"}:
            rows.append((row.id, "case_name", name_key(row.case_name, "")))
        if row.external_id:
            rows.append((row.id, "senders_id", case_number_key(row.external_id)))
    op.bulk_insert(
        key,
        [
            {"referral_id": referral_id, "kind": kind, "of": "case", "value": value}
            for referral_id, kind, value in rows
            if value
        ],
    )


def add_sounds(ids):
    heard = {
        (referral_id, sound_of(word))
        for referral_id, name in op.get_bind().execute(
            sa.select(key.c.referral_id, key.c.value).where(
                key.c.referral_id.in_(ids), key.c.kind == "name"
            )
        )
        for word in name.split()
    }
    op.bulk_insert(
        sound,
        [{"referral_id": referral_id, "value": value} for referral_id, value in sorted(heard)],
    )


def allow(kinds):
    with op.batch_alter_table("referral_key") as batch_op:
        batch_op.drop_constraint(op.f("ck_referral_key_key_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_referral_key_key_kind"), sa.column("kind").in_(kinds)
        )


def downgrade():
    unmake_searchable(op.get_bind(), "referral_key")
    op.execute(key.delete().where(key.c.kind.in_(NEW_KINDS)))
    allow(OLD_KINDS)
    op.drop_table("name_sound")

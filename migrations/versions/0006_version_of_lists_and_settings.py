"""One row that says which version of the lists and settings stands in the database: whoever changes
one of them, by whatever way, changes it (triggers). The program keeps what it read until then."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("list_item", "setting")
VERBS = ("INSERT", "UPDATE", "DELETE")
# Never the same twice, also where a change was undone and another made.
ANOTHER = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "md5(gen_random_uuid()::text)"}


def upgrade():
    op.create_table(
        "reference_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_reference_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_version")),
    )
    engine = op.get_bind().dialect.name
    op.execute(f"INSERT INTO reference_version (id, token) VALUES (1, {ANOTHER[engine]})")
    change = f"UPDATE reference_version SET token = {ANOTHER[engine]}"
    if engine == "postgresql":
        op.execute(
            "CREATE FUNCTION change_reference_version() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {change}; RETURN NULL; END $$"
        )
    for table in TABLES:
        if engine == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_changes_version AFTER INSERT OR UPDATE OR DELETE OR "
                f"TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION change_reference_version()"
            )
            continue
        for verb in VERBS:
            op.execute(
                f"CREATE TRIGGER {table}_changes_version_{verb.lower()} AFTER {verb} ON {table} "
                f"BEGIN {change}; END"
            )


def downgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if is_sqlite:
            for verb in VERBS:
                op.execute(f"DROP TRIGGER {table}_changes_version_{verb.lower()}")
        else:
            op.execute(f"DROP TRIGGER {table}_changes_version ON {table}")
    if not is_sqlite:
        op.execute("DROP FUNCTION change_reference_version()")
    op.drop_table("reference_version")

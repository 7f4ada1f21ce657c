"""Tables whose rows can only be added: the database itself refuses anything else."""

from sqlalchemy import Connection


def make_insert_only(connection: Connection, table: str) -> None:
    """Refuse UPDATE and DELETE on `table`, whoever asks. For migrations."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
        # INSERT OR REPLACE takes the old row away without asking the trigger about deleting.
        known = f"SELECT 1 FROM {table} WHERE id = NEW.id"  # noqa: S608 (a name of ours)
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS ({known}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {table}_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} rows are never changed'; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_insert_only()"
    )


def unmake_insert_only(connection: Connection, table: str) -> None:
    """For a migration's way back."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete", "replace"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
        return
    connection.exec_driver_sql(f"DROP TRIGGER {table}_insert_only ON {table}")
    connection.exec_driver_sql(f"DROP FUNCTION {table}_insert_only()")

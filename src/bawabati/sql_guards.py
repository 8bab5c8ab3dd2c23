"""What PostgreSQL guards for us and Django cannot declare: one company per row, and rows that never change.

Used by migrations only. Every statement names its constraint, so that a refusal tells which rule was broken.
"""

from django.db import migrations

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: a mistake is corrected by another row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def company_key(*tables: str) -> migrations.RunSQL:
    """Lets other tables point at `tables` by (company, id), so that a row cannot point into another company."""
    return migrations.RunSQL(
        sql=[f"ALTER TABLE {table} ADD CONSTRAINT {table}_company_key UNIQUE (company_id, id)" for table in tables],
        reverse_sql=[f"ALTER TABLE {table} DROP CONSTRAINT {table}_company_key" for table in tables],
    )


def same_company(table: str, **columns: str) -> migrations.RunSQL:
    """Foreign keys of `table`, column=target table, that hold the company equal on both sides.

    A NULL column is not checked, as with any foreign key.
    """
    return migrations.RunSQL(
        sql=[
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_company "
            f"FOREIGN KEY (company_id, {column}) REFERENCES {target} (company_id, id)"
            for column, target in columns.items()
        ],
        reverse_sql=[f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_same_company" for column in columns],
    )


def insert_only(*tables: str) -> migrations.RunSQL:
    """Refuses UPDATE and DELETE on `tables`, whoever asks. Rule: insert-only (behaviour.md I15)."""
    return migrations.RunSQL(
        sql=[
            REFUSE_CHANGE,
            *(
                f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                for table in tables
            ),
        ],
        reverse_sql=[f"DROP TRIGGER {table}_insert_only ON {table}" for table in tables],
    )


def edges(table: str, column: str, allowed: dict[str, list[str]]) -> migrations.RunSQL:
    """Refuses a change of `column` that is not in `allowed` (from → to), and any start elsewhere than its first key."""
    pairs = ", ".join(f"('{old}','{new}')" for old, news in allowed.items() for new in sorted(set(news)))
    start = next(iter(allowed))
    return migrations.RunSQL(
        sql=f"""
CREATE FUNCTION {table}_edges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.{column} <> '{start}' THEN
            RAISE EXCEPTION '{table} starts as {start}, not %', NEW.{column} USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.{column} <> NEW.{column} AND (OLD.{column}, NEW.{column}) NOT IN ({pairs}) THEN
        RAISE EXCEPTION '{table} does not go from % to %', OLD.{column}, NEW.{column}
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_edges BEFORE INSERT OR UPDATE OF {column} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_edges();
""",
        reverse_sql=f"DROP TRIGGER {table}_edges ON {table}; DROP FUNCTION {table}_edges()",
    )


def frozen(table: str, *columns: str, erasable: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Refuses to rewrite `columns` of a row, and to remove the row; what is `erasable` may become NULL."""
    changed = [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns]
    changed += [f"(NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column})" for column in erasable]
    return migrations.RunSQL(
        sql=f"""
CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR {" OR ".join(changed)} THEN
        RAISE EXCEPTION '{table}: what was written once is not rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_frozen();
""",
        reverse_sql=f"DROP TRIGGER {table}_frozen ON {table}; DROP FUNCTION {table}_frozen()",
    )


def ended(table: str, *, when: str, but: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Refuses to change a row of which `when` holds (SQL over OLD), and to remove any: what has ended stays.

    Columns of `but` may be told otherwise even then. What is generated from none of them has to be named too.
    """
    function = f"{table}_ended"
    left = f"- ARRAY[{', '.join(repr(column) for column in but)}]"
    told_otherwise = (
        f"""
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) {left} = to_jsonb(OLD) {left} THEN
        RETURN NEW;
    END IF;"""
        if but
        else ""
    )
    return migrations.RunSQL(
        sql=f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{told_otherwise}
    RAISE EXCEPTION '{table}: what has ended stays as it is' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {function} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}();
CREATE TRIGGER {function}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
""",
        reverse_sql=(
            f"DROP TRIGGER {function} ON {table}; DROP TRIGGER {function}_kept ON {table}; DROP FUNCTION {function}()"
        ),
    )

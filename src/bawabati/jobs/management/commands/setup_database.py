"""`bawabati setup-database`: tables made by the owner, used by the application's own role."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from psycopg import sql

INSERT_ONLY_TABLES = """
SELECT event_object_table FROM information_schema.triggers
WHERE trigger_name = event_object_table || '_insert_only' GROUP BY 1
"""


class Command(BaseCommand):
    """Safe to repeat; run it after each upgrade."""

    help = "Makes or upgrades the tables as their owner, and lets the application's role use them."

    def handle(self, *_args: object, **options: object) -> None:
        """Migrates as the owner, then grants what the application needs and no more."""
        call_command("migrate", database="owner", interactive=False, verbosity=options["verbosity"])
        role = connections["default"].settings_dict["USER"]
        owner = connections["owner"]
        if role == owner.settings_dict["USER"]:
            self.stderr.write("Warning: the application's role owns the tables. Give DATABASE_OWNER_URL another role.")
            return
        with owner.cursor() as cursor:
            cursor.execute(INSERT_ONLY_TABLES)
            insert_only = [table for (table,) in cursor.fetchall()]
            names = {"role": sql.Identifier(role), "database": sql.Identifier(str(owner.settings_dict["NAME"]))}
            for statement in (
                "GRANT TEMPORARY ON DATABASE {database} TO {role}",
                "GRANT USAGE ON SCHEMA public TO {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
                "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
            ):
                cursor.execute(sql.SQL(statement).format(**names).as_string(None))
            for table in insert_only:
                revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
                cursor.execute(revoke.format(table=sql.Identifier(table), role=sql.Identifier(role)).as_string(None))
        self.stdout.write(f"The tables are ready for {role}.")

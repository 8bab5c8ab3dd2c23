"""`bawabati setup-database`: tables made by the owner, used by the application's own roles, a company at a time."""

import gc
from typing import Any, Final

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from psycopg import sql

from bawabati.database.roles import role_of_every_company
from bawabati.row_security import secure_rows
from bawabati.row_statistics import count_rows_sooner

INSERT_ONLY_TABLES: Final = """
SELECT event_object_table FROM information_schema.triggers
WHERE trigger_name = event_object_table || '_insert_only' GROUP BY 1
"""
_ROLES: Final = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(wide)s),
       (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user),
       current_setting('server_version_num')::int
"""
_BELONGS: Final = """
SELECT pg_has_role(%(role)s, %(wide)s, 'MEMBER'), pg_has_role(%(role)s, %(wide)s, 'USAGE'),
       (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %(role)s)
"""
_CHOOSES_FOR_EACH_GRANT: Final = 160000


class Command(BaseCommand):
    """Safe to repeat; run it after each upgrade."""

    help = "Makes or upgrades the tables as their owner, and lets the application's roles use them."

    def handle(self, *_args: object, **options: object) -> None:
        """Migrates as the owner, then grants what the application needs and no more, each company for itself."""
        gc.disable()  # Django makes its models anew with each table: looking for garbage among them costs a third
        try:
            call_command("migrate", database="owner", interactive=False, verbosity=options["verbosity"])
        finally:
            gc.enable()
        role = str(connections["default"].settings_dict["USER"])
        owner = connections["owner"]
        owners_role = str(owner.settings_dict["USER"])
        if role == owners_role:
            self.stderr.write("Warning: the application's role owns the tables. Give DATABASE_OWNER_URL another role.")
        with owner.cursor() as cursor, transaction.atomic(using="owner"):
            wide = _role_of_every_company(cursor, role)
            for each in {role, wide} - {owners_role}:
                _grant(cursor, each, database=str(owner.settings_dict["NAME"]))
            secure_rows(cursor, application=role, owner=owners_role)
            count_rows_sooner(cursor)
        self.stdout.write(f"The tables are ready for {role}.")


def _role_of_every_company(cursor: Any, role: str) -> str:  # noqa: ANN401 - Django's
    """The role, made if it may be and is missing. Raises CommandError with the statements that somebody has to run."""
    wide = role_of_every_company(role)
    cursor.execute(_ROLES, {"wide": wide})
    is_there, may_make_roles, version = cursor.fetchone()
    statements = _made(role, wide, is_there=is_there, version=version)
    if not is_there and may_make_roles:
        for statement in statements:
            cursor.execute(statement.as_string(None))
        is_there = True
    if is_there:
        cursor.execute(_BELONGS, {"role": role, "wide": wide})
        may_take_it_on, always_has_it, sees_all = cursor.fetchone()
        if sees_all:
            raise CommandError(f"{role} is a superuser or bypasses row-level security: it would see every company.")
        if may_take_it_on and not always_has_it:
            return wide
    words = ";\n    ".join(statement.as_string(None) for statement in statements)
    raise CommandError(f"{role} cannot take on the role that sees every company. As a superuser:\n\n    {words};\n")


def _made(role: str, wide: str, *, is_there: bool, version: int) -> list[sql.Composed]:
    """A role that inherited it would see every company all the time."""
    names = {"role": sql.Identifier(role), "wide": sql.Identifier(wide)}
    begin = ["REVOKE {wide} FROM {role}"] if is_there else ["CREATE ROLE {wide} NOLOGIN"]
    if version >= _CHOOSES_FOR_EACH_GRANT:
        end = ["GRANT {wide} TO {role} WITH INHERIT FALSE"]
    else:
        end = ["ALTER ROLE {role} NOINHERIT", "GRANT {wide} TO {role}"]
    return [sql.SQL(words).format(**names) for words in begin + end]


def _grant(cursor: Any, role: str, *, database: str) -> None:  # noqa: ANN401 - Django's
    cursor.execute(INSERT_ONLY_TABLES)
    insert_only = [table for (table,) in cursor.fetchall()]
    names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
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

"""What PostgreSQL shows to whom: a policy for each table, made from the catalogue after every migration.

A table with `company_id` shows the rows of the company that the connection is set to. A new table needs nothing but
that column. Whoever has none is named here, with the way to its company or the reason why it has none.
Decision: docs/decisions/0032-row-level-security.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from psycopg import sql

from bawabati.database.roles import COMPANY, role_of_every_company

OF_ITS_PARENT: Final = {
    "notices_noticeaddress": ("notice_id", "notices_notice"),
    "payments_paymentcontact": ("payment_id", "payments_payment"),
}
"""Tables of the company of the row they point to: column, table. That row is written by a statement before theirs."""

OF_NO_COMPANY: Final = {
    "django_migrations": "which migrations ran",
    "django_content_type": "names of tables, for allauth",
    "auth_permission": "Django's; empty of people",
    "auth_group": "Django's; stays empty",
    "auth_group_permissions": "Django's; stays empty",
    "account_emailaddress": "allauth's; stays empty",
    "account_emailconfirmation": "allauth's; stays empty",
    "mfa_authenticator": "a person's second factors: a person may work for several companies",
    "operations_backup": "copies of the whole database",
    "operations_restoration": "of the whole database",
    "operations_pulse": "when the parts of the installation were last alive",
    "people_staff": "a person may work for several companies; which, stands in people_staffrole",
    "people_invitation": "of a person",
    "people_knownbrowser": "of a person, and of whoever is not signed in yet",
    "people_staffsession": "of a person, and of whoever is not signed in yet",
    "payments_cardrange": "a card is the same card everywhere",
    "audit_auditblock": "hashes over the entries of all companies, in one chain",
    "guard_counter": "tries, by keyed digest alone",
    "guard_spentchallenge": "captcha challenges, by digest alone",
    "procrastinate_jobs": "jobs by the number of what they are about",
    "procrastinate_events": "of jobs",
    "procrastinate_periodic_defers": "of jobs",
    "procrastinate_workers": "of jobs",
}
"""Tables without a company, each with its reason. They are shown to every scope."""

SHARED_WITHOUT_COMPANY: Final = frozenset({"people_staffrole"})
"""Tables of which rows of no company count in each: whoever works nationally works here too. Seen, not written."""

COMPANIES: Final = "companies_company"
"""Seen by all, for an address says whose page it is; written by itself alone."""

HAS_COMPANY: Final = "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id')"
"""Of a table in the catalogue, `pg_class c`: whether a company stands in each of its rows."""

_TABLES: Final = f"""
SELECT c.relname, {HAS_COMPANY}
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""  # noqa: S608 - of the words above alone
_STATE: Final = """
SELECT c.relrowsecurity AND c.relforcerowsecurity, coalesce((
    SELECT array_agg(p.polname || coalesce(' ' || obj_description(p.oid, 'pg_policy'), '') ORDER BY p.polname)
    FROM pg_policy p WHERE p.polrelid = c.oid
), '{}') FROM pg_class c WHERE c.oid = %s::regclass
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy of a table; `using` is also what a new row has to hold."""

    name: str
    role: str
    using: str
    only_reading: bool = False

    @property
    def words(self) -> str:
        """What it says, kept as its comment: whether one in the database is the same is seen there."""
        return f"{'select' if self.only_reading else 'all'} to {self.role}: {self.using}"


def policies_of(table: str, *, has_company: bool, application: str, owner: str) -> list[Policy]:
    """The policies that a table has to have, and no other; none for a table of no company."""
    rows = _rows_of(table, has_company=has_company)
    if rows is None:
        return []
    wanted = [
        Policy(name="every_company", role=role_of_every_company(application), using="true"),
        Policy(name="one_company", role=application, using=rows),
    ]
    if owner != application:
        wanted.append(Policy(name="owner", role=owner, using="true"))
    if table == COMPANIES:
        wanted.append(Policy(name="known_to_all", role=application, using="true", only_reading=True))
    if table in SHARED_WITHOUT_COMPANY:
        wanted.append(Policy(name="national", role=application, using="company_id IS NULL", only_reading=True))
    return sorted(wanted, key=lambda policy: policy.name)


def _rows_of(table: str, *, has_company: bool) -> str | None:
    present = f"current_setting('{COMPANY}')::bigint"
    if table == COMPANIES:
        return f"id = {present}"
    if has_company:
        return f"company_id = {present}"  # as it stands, an index serves it; with an OR, none would
    if table in OF_ITS_PARENT:
        column, parent = OF_ITS_PARENT[table]
        return f"EXISTS (SELECT FROM {parent} parent WHERE parent.id = {column})"  # of which the same holds
    return None


def secure_rows(cursor: Any, *, application: str, owner: str) -> list[str]:  # noqa: ANN401 - Django's or psycopg's
    """Gives every table its policies, as its owner; the tables that were touched. Safe to repeat: then none."""
    cursor.execute(_TABLES)
    touched = []
    for table, has_company in cursor.fetchall():
        wanted = policies_of(table, has_company=has_company, application=application, owner=owner)
        cursor.execute(_STATE, [table])
        is_secured, there = cursor.fetchone()
        if is_secured == bool(wanted) and there == [f"{policy.name} {policy.words}" for policy in wanted]:
            continue
        touched.append(table)
        for statement in _statements(table, [name.partition(" ")[0] for name in there], wanted):
            cursor.execute(statement.as_string(None))
    return touched


def _statements(table: str, there: list[str], wanted: list[Policy]) -> list[sql.Composed]:
    on = sql.Identifier(table)
    on_or_off = sql.SQL("ENABLE ROW LEVEL SECURITY, FORCE" if wanted else "DISABLE ROW LEVEL SECURITY, NO FORCE")
    statements = [sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(on, on_or_off)]
    statements += [sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), on) for name in there]
    for policy in wanted:
        name = sql.Identifier(policy.name)
        command = sql.SQL("SELECT" if policy.only_reading else "ALL")
        made = sql.SQL("CREATE POLICY {} ON {} FOR {} TO {} USING ({})")
        using = sql.SQL(policy.using)  # from this file alone
        statements.append(made.format(name, on, command, sql.Identifier(policy.role), using))
        comment = sql.SQL("COMMENT ON POLICY {} ON {} IS {}")
        statements.append(comment.format(name, on, sql.Literal(policy.words)))
    return statements

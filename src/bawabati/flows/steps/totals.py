"""Counts and sums of everything, by which one database is compared with another."""

import json
from typing import Any

from django.db import connections
from psycopg import sql

MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
OF_COMPANIES = """
SELECT c.code,
       jsonb_build_object(
           'payments', (SELECT count(*) FROM payments_payment p WHERE p.company_id = c.id),
           'paid', (SELECT count(*) FROM payments_payment p WHERE p.company_id = c.id AND p.state = 'paid'),
           'paid_centimes',
           (SELECT coalesce(sum(amount_centimes), 0) FROM payments_payment p
            WHERE p.company_id = c.id AND p.state = 'paid'),
           'receipts', (SELECT count(*) FROM receipts_receipt r WHERE r.company_id = c.id),
           'refunds', (SELECT count(*) FROM payments_refund r WHERE r.company_id = c.id),
           'bills', (SELECT count(*) FROM bills_bill b WHERE b.company_id = c.id AND b.tranche_of_id IS NULL),
           'due_centimes',
           (SELECT coalesce(sum(due_centimes), 0) FROM bills_bill b
            WHERE b.company_id = c.id AND b.tranche_of_id IS NULL),
           'settled_centimes',
           (SELECT coalesce(sum(settled_centimes), 0) FROM bills_bill b
            WHERE b.company_id = c.id AND b.tranche_of_id IS NULL),
           'ledger', coalesce((
               SELECT jsonb_object_agg(code, centimes) FROM (
                   SELECT a.code, sum(moved.centimes) AS centimes FROM (
                       SELECT debit_id AS account_id, amount_centimes AS centimes
                       FROM ledger_transfer t WHERE t.company_id = c.id
                       UNION ALL
                       SELECT credit_id, -amount_centimes FROM ledger_transfer t WHERE t.company_id = c.id
                   ) moved JOIN ledger_account a ON a.id = moved.account_id GROUP BY a.code
               ) balances
           ), '{}'::jsonb)
       )
FROM companies_company c ORDER BY c.code
"""


def totals(*, using: str) -> dict[str, Any]:
    """By table the rows, and by company the payments, receipts, bills and the balance of each account, in centimes.

    Read it inside one REPEATABLE READ transaction, or while nobody else works on the database.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        rows = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)).as_string(None))
            rows[name] = int(cursor.fetchone()[0])
        cursor.execute(OF_COMPANIES)
        companies = {code: _read(found) for code, found in cursor.fetchall()}
    return {"rows": rows, "companies": companies}


def migrations_of(*, using: str) -> list[str]:
    """The migrations that the database has, `app.name` each, sorted."""
    with connections[using].cursor() as cursor:
        cursor.execute(MIGRATIONS)
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def differing(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What differs, a line each; empty when nothing does."""
    here, there = _flat(expected), _flat(found)
    return [
        f"{name}: the backup says {here.get(name, 'nothing')}, this database {there.get(name, 'nothing')}"
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name)
    ]


def _flat(tree: object, path: str = "") -> dict[str, object]:
    if not isinstance(tree, dict):
        return {path: tree}
    return {
        name: value for key, part in tree.items() for name, value in _flat(part, f"{path}/{key}".strip("/")).items()
    }


def _read(found: str | dict[str, Any]) -> dict[str, Any]:
    """Django leaves JSON of its own statements as text."""
    return found if isinstance(found, dict) else dict(json.loads(found))

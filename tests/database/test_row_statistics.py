"""PostgreSQL counts the rows of a company that has just joined, however small it is beside the others."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.apps import apps

from bawabati.row_statistics import PART_CHANGED, count_rows_sooner

pytestmark = pytest.mark.usefixtures("database")
SOONER = f"autovacuum_analyze_scale_factor={PART_CHANGED}"


def of_companies() -> list[str]:
    """Every table of ours with a company in each row."""
    return [
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "company_id" for field in model._meta.local_fields)
    ]


def options_of(connection: psycopg.Connection[Any], table: str) -> set[str]:
    found = connection.execute("SELECT coalesce(reloptions, '{}') FROM pg_class WHERE oid = %s::regclass", [table])
    row = found.fetchone()
    assert row is not None
    return set(row[0])


def test_the_rows_of_every_table_of_companies_are_counted_sooner(behind_the_scenes: psycopg.Connection[Any]) -> None:
    assert "bills_bill" in of_companies()
    assert [table for table in of_companies() if SOONER not in options_of(behind_the_scenes, table)] == []


def test_an_upgrade_sets_it_where_it_is_missing_and_touches_nothing_else(
    behind_the_scenes: psycopg.Connection[Any],
) -> None:
    with behind_the_scenes.transaction(force_rollback=True), behind_the_scenes.cursor() as cursor:
        assert count_rows_sooner(cursor) == []
        cursor.execute("ALTER TABLE bills_bill SET (autovacuum_analyze_scale_factor = 0.1, fillfactor = 90)")
        assert count_rows_sooner(cursor) == ["bills_bill"]
        assert options_of(behind_the_scenes, "bills_bill") == {SOONER, "fillfactor=90"}

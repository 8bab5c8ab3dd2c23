"""How soon PostgreSQL counts the rows of a table anew: set for each table of companies after every migration.

Left to itself it counts when a tenth of a table has changed. A company that joins with fewer bills than that would be
unknown to its statistics: PostgreSQL takes one of nobody's rows to be one row, and reads all of them to find a bill.
Decision: docs/decisions/0050-counting-rows-sooner.md
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import sql

from bawabati.row_security import HAS_COMPANY

PART_CHANGED: Final = "0.002"
"""Of a table's rows, beside the fifty that PostgreSQL waits for in any: 20,050 where there are ten millions."""

_UNLIKE: Final = f"""
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND {HAS_COMPANY}
  AND NOT coalesce(c.reloptions, '{{}}') @> ARRAY[%s]
ORDER BY 1
"""  # noqa: S608 - of those words alone


def count_rows_sooner(cursor: Any) -> list[str]:  # noqa: ANN401 - Django's or psycopg's
    """Sets it for each table with `company_id`, as its owner; the tables touched. Safe to repeat: then none."""
    cursor.execute(_UNLIKE, [f"autovacuum_analyze_scale_factor={PART_CHANGED}"])
    touched = [table for (table,) in cursor.fetchall()]
    for table in touched:
        setting = sql.SQL("ALTER TABLE {} SET (autovacuum_analyze_scale_factor = {})")
        cursor.execute(setting.format(sql.Identifier(table), sql.SQL(PART_CHANGED)).as_string(None))
    return touched

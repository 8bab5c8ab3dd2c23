"""Are the tables those of this version?"""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_all_applied = False


def migrations_wait() -> bool:
    """Whether the tables are older than the code. Once they are not, nobody asks again while this process lives."""
    global _all_applied  # noqa: PLW0603 - tables do not grow younger
    if not _all_applied:
        executor = MigrationExecutor(connection)
        _all_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not _all_applied

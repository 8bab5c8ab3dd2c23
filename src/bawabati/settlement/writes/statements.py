"""Files as received."""

from datetime import datetime

from bawabati.settlement.models import Statement


def lock_statement(statement_id: int) -> Statement:
    """The file, for this transaction alone."""
    return Statement.objects.select_for_update().get(id=statement_id)


def note_matched(statement: Statement, *, now: datetime) -> None:
    """Its lines were compared with our books."""
    statement.matched_at = now
    statement.save(update_fields=["matched_at"])

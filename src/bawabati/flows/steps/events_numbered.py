"""Events get their numbers once they have committed."""

from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.reads import has_unnumbered_events
from bawabati.notices.writes import number_events
from bawabati.operations.reads import find_restored_at


def number_what_happened(company_id: int) -> None:
    """Every event that is committed by now has its number. Outside any transaction; safe to repeat, and to race.

    After a restoration numbers go on at its moment in milliseconds, far above all that a reader may have seen before:
    who keeps the last number would never see what is numbered below it.
    Rule: events-numbered (docs/decisions/0042-the-api-of-a-company.md)
    """
    while has_unnumbered_events(company_id):
        restored_at = find_restored_at()
        above = int(restored_at.timestamp() * 1000) if restored_at else 0
        with written_together("number_what_happened: numbered"):
            number_events(company_id, above=above)

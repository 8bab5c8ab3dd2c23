"""Events get their numbers once they have committed."""

from bawabati.flows.steps.side_effects import written_together
from bawabati.notices.reads import has_unnumbered_events
from bawabati.notices.writes import number_events


def number_what_happened(company_id: int) -> None:
    """Every event that is committed by now has its number. Outside any transaction; safe to repeat, and to race."""
    while has_unnumbered_events(company_id):
        with written_together("number_what_happened: numbered"):
            number_events(company_id)

"""Whose turn has come, and where they may be written to: said once in SQL, for the forecast and for the planning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bawabati.reminders.rules import STAGES, Reach

DUE_BILLS: Final = """
SELECT DISTINCT ON (bill.id) bill.id AS bill_id, bill.customer_id, reach.stage, reach.rank,
    bill.due_centimes - bill.settled_centimes AS left_centimes
FROM unnest(%(stages)s::text[], %(ranks)s::int[], %(firsts)s::date[], %(lasts)s::date[])
    AS reach (stage, rank, first_due_on, last_due_on)
JOIN bills_bill AS bill ON bill.company_id = %(company)s AND bill.due_on BETWEEN first_due_on AND last_due_on
WHERE bill.status = 'open' AND bill.settled_centimes < bill.due_centimes AND bill.in_agreement_id IS NULL
    AND NOT EXISTS (SELECT FROM payments_hold AS hold WHERE hold.bill_id = bill.id)
    AND NOT EXISTS (
        SELECT FROM reminders_reminder AS said
        JOIN unnest(%(all_stages)s::text[]) WITH ORDINALITY AS known (stage, rank) ON known.stage = said.stage
        WHERE said.bill_id = bill.id AND known.rank >= reach.rank
    )
ORDER BY bill.id, reach.rank DESC
"""
"""Bills, each with the most urgent stage whose days it is in, unless that or a later one has been said of it."""

ADDRESSES: Final = """
SELECT DISTINCT ON (customer_id, address) id AS contact_id, customer_id, means, language
FROM bills_customercontact AS contact
WHERE company_id = %(company)s AND means = ANY(%(ways)s) AND (source = 'file' OR confirmed_at IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM reminders_optout AS said
        WHERE said.company_id = %(company)s AND said.digest = sha256(%(key)s::bytea || convert_to(address, 'UTF8'))
            AND (confirmed_at IS NULL OR said.opted_at >= confirmed_at)
    )
ORDER BY customer_id, address, confirmed_at DESC NULLS LAST
"""
"""Where customers may be written to. Whoever asked for reminders after he had ended them gets them again."""


def due_values(company_id: int, reaches: Sequence[Reach]) -> dict[str, Any]:
    """What `DUE_BILLS` takes."""
    return {
        "company": company_id,
        "stages": [reach.stage.value for reach in reaches],
        "ranks": [STAGES.index(reach.stage) + 1 for reach in reaches],
        "firsts": [reach.first_due_on for reach in reaches],
        "lasts": [reach.last_due_on for reach in reaches],
        "all_stages": [stage.value for stage in STAGES],
    }

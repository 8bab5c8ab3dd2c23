"""What time does to agreements: an unpaid tranche makes one late and later breaks it, an offer is not kept for ever."""

from __future__ import annotations

from datetime import datetime

from bawabati.bills.reads import find_agreement, list_agreement_bills
from bawabati.bills.rules import OPEN_AGREEMENTS
from bawabati.bills.writes import lock_bills
from bawabati.flows.steps.agreement_moves import follow
from bawabati.flows.steps.side_effects import written_together


def mind_instalments(*, agreement_id: int, now: datetime) -> None:
    """Looks at an agreement; nothing when it is over. Safe to repeat and to race.

    Rule: agreement-judged (behaviour.md I10)
    """
    with written_together("mind_instalments: followed"):
        lock_bills(row.bill_id for row in list_agreement_bills(agreement_id))
        agreement = find_agreement(agreement_id)
        if agreement is not None and agreement.state in OPEN_AGREEMENTS:
            follow([agreement_id], now=now)

"""Money that is in the cashier's hand: the sale is opened and settled in one go, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bawabati.bills.writes import lock_bills
from bawabati.desks.models import DeskSession
from bawabati.flows.steps.open_sale import open_sale
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.steps.settle_sale import settle_sale
from bawabati.money.amount import Money
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale_by_start_key
from bawabati.payments.rules.sales import SaleEvent
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import move_sale
from bawabati.people.models import Staff


def take_at_once(
    *,
    session: DeskSession,
    way: Way,
    seen: Sequence[SeenBill],
    start_key: str,
    language: str,
    stamp_duty: Money,
    in_spite_of: str,
    received: Mapping[str, int | str],
    staff: Staff,
    now: datetime,
) -> Sale:
    """The sale, settled. `received` says what was handed over, by the names of the sale's own columns.

    Safe to repeat with the same `start_key`: the same sale is given back.

    Raises:
        StartKeyTaken, and what `open_sale` raises.
    """
    lock_bills(choice.bill_id for choice in seen)
    known = find_sale_by_start_key(company_id=session.company_id, start_key=start_key)
    if known is not None:
        return known
    sale = open_sale(
        session=session,
        way=way,
        seen=seen,
        start_key=start_key,
        language=language,
        stamp_duty=stamp_duty,
        in_spite_of=in_spite_of,
        staff=staff,
        now=now,
    )
    for column, value in received.items():
        setattr(sale, column, value)
    evidence = {**received, "stamp_duty_centimes": stamp_duty.centimes}
    move_sale(sale, event=SaleEvent.RECEIVED, by=staff, evidence=evidence, next_step_at=None, now=now)
    settle_sale(sale, evidence=evidence, now=now)
    return sale

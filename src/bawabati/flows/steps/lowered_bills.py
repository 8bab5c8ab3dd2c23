"""Less is due than has been paid: the excess becomes the customer's credit, with a case."""

from collections.abc import Sequence
from datetime import datetime

from bawabati.bills.writes import Lowered
from bawabati.flows.steps.told_events import tell_lowered
from bawabati.flows.steps.work_item import open_work_item
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.workdays import accounting_day


def credit_excess(*, company_id: int, lowered: Sequence[Lowered], now: datetime) -> None:
    """Moves each excess from what the customers owe to the customer's credit, in the caller's transaction.

    Repeating it is refused by the database.

    Rule: bill-lowered (behaviour.md I4)
    """
    for bill in lowered:
        reference = f"bill_version:{bill.version_id}"
        transfer(
            company_id=company_id,
            debit=Side(AccountRole.CUSTOMERS),
            credit=Side(AccountRole.CUSTOMER_CREDIT, bill.customer_number),
            amount=bill.excess,
            reason=Reason.BILL_LOWERED,
            reference=reference,
            accounted_on=accounting_day(now),
            now=now,
        )
        open_work_item(
            company_id=company_id,
            kind="surplus",
            reference=reference,
            amount=bill.excess,
            details={"bill": bill.bill_id, "because": "bill_lowered"},
            now=now,
        )
    tell_lowered(lowered, company_id=company_id, now=now)

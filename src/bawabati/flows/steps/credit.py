"""Putting a customer's credit to one of his bills; in the caller's transaction."""

from datetime import datetime

from bawabati.bills.models import Bill
from bawabati.bills.writes import settle_bill
from bawabati.flows.steps.told_events import tell_credit_used
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import lock_credit, transfer
from bawabati.money.amount import Money
from bawabati.payments.models import CreditUse
from bawabati.payments.writes import write_credit_use
from bawabati.people.models import Staff
from bawabati.workdays import accounting_day


def use_credit(
    bill: Bill, *, holder: str, at_most: Money, because: str, applied_by: Staff, key: str = "", now: datetime
) -> CreditUse | None:
    """Settles what the credit allows of a locked bill; None when there is no credit or nothing left to settle.

    Not safe to repeat: each call takes credit. Rule: credit-used (behaviour.md 5)
    """
    left = Money(bill.due_centimes - bill.settled_centimes)
    amount = min(at_most, left, lock_credit(company_id=bill.company_id, holder=holder))
    if not amount:
        return None
    use = write_credit_use(bill=bill, amount=amount, because=because, applied_by=applied_by, key=key, now=now)
    transfer(
        company_id=bill.company_id,
        debit=Side(AccountRole.CUSTOMER_CREDIT, holder),
        credit=Side(AccountRole.CUSTOMERS),
        amount=amount,
        reason=Reason.CREDIT_USED,
        reference=f"credit_use:{use.id}",
        accounted_on=accounting_day(now),
        now=now,
    )
    settle_bill(bill, amount=amount, now=now)
    tell_credit_used(use, bill, now=now)
    return use

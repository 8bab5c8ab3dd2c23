"""A person in the office puts a customer's credit to one of his bills."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.bills.reads import facts_of, find_bill_by_number, limits_of
from bawabati.bills.rules import BillNotPayable, BillStatus, Standing, standing_of
from bawabati.bills.writes import lock_bills
from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.steps.agreement_moves import follow_bills
from bawabati.flows.steps.credit import use_credit
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import AmountZero, check_words
from bawabati.money.amount import Money
from bawabati.payments.models import CreditUse
from bawabati.payments.reads import find_credit_use, find_hold
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


class KeyOfAnother(CannotDo):
    """Somebody has named another use of credit so."""

    code = "credit_key_of_another"
    sentence = "This key names another use of credit already. Take a new one."


class NoCredit(CannotDo):
    """The customer of this bill has none left."""

    code = "no_credit"
    sentence = "This customer has no credit left."


def apply_credit(
    *, company: Company, payment_number: str, amount: Money | None, because: str, key: str, login: str, now: datetime
) -> CreditUse:
    """Settles the bill, or `amount` of it, out of its customer's credit.

    Safe to repeat, and to race, under the same `key`, which names this one wish: the credit is taken once.

    Raises:
        KeyOfAnother: that key has taken credit for another bill, or another amount.
        NotAllowed, WordsMissing and its kin.
        BillNotPayable: no such bill, nothing left of it, or somebody is paying it at this moment.
        NoCredit, AmountZero.
    """
    because = check_words(because)
    if amount is not None and not amount:
        raise AmountZero
    staff = get_staff_allowed(login=login, action=Action.APPLY_CREDIT, company_id=company.id)
    known = find_bill_by_number(company_id=company.id, payment_number=payment_number)
    if known is None:
        raise BillNotPayable(standing=None)
    with written_together("apply_credit: applied"):
        bill = lock_bills([known.id])[known.id]
        before = find_credit_use(company_id=company.id, key=key)
        if before is not None:
            return _the_same(before, bill_id=bill.id, amount=amount)
        live = find_hold(bill.id)
        if live is not None:
            raise BillNotPayable(standing=Standing.BEING_PAID, payment_id=live.payment_id)
        facts = facts_of(bill)
        if facts.status is not BillStatus.OPEN or not facts.left or bill.tranche_of_id is not None:
            raise BillNotPayable(standing=standing_of(facts, limits_of(company)))
        use = use_credit(
            bill,
            holder=bill.customer.number,
            at_most=facts.left if amount is None else amount,
            because=because,
            applied_by=staff,
            key=key,
            now=now,
        )
        if use is None:
            raise NoCredit
        follow_bills([bill], now=now)
        record_act(
            staff_id=staff.id,
            company_id=company.id,
            action="apply_credit",
            target=f"credit_use:{use.id}",
            details={"bill": bill.id, "amount_centimes": use.amount_centimes, "because": because},
            now=now,
        )
    return use


def _the_same(use: CreditUse, *, bill_id: int, amount: Money | None) -> CreditUse:
    if use.bill_id != bill_id or (amount is not None and use.amount_centimes > amount.centimes):
        raise KeyOfAnother
    return use

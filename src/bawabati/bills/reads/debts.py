"""Questions about what a customer owes, and what he may be asked before he is shown it."""

from __future__ import annotations

from django.db import connection
from django.db.models import F, Q, QuerySet

from bawabati.bills.models import Bill, Customer, DebtRules
from bawabati.bills.reads.bills import limits_of
from bawabati.bills.rules import (
    MOST_AMOUNTS,
    MOST_SHARING,
    AmountsShared,
    BillStatus,
    InstalmentLimits,
    Known,
    LookupFactor,
    Patience,
)
from bawabati.companies.models import Company
from bawabati.compiled import compiled
from bawabati.money.amount import Money

MOST_LISTED = 100
_NUMBERS_KNOWN = 60


def debt_rules_of(company_id: int) -> DebtRules:
    """What the company lets a debtor do; a row that is not kept where it has set nothing."""
    return _rules.find(company_id) or DebtRules(company_id=company_id)


@compiled
def _rules(company_id: int) -> QuerySet[DebtRules]:
    return DebtRules.objects.filter(company_id=company_id)


def factor_of(company_id: int) -> LookupFactor:
    """What is asked beside the customer number; NONE where no debt is found without the paper."""
    return LookupFactor(debt_rules_of(company_id).lookup_factor)


def instalment_limits_of(company: Company, rules: DebtRules) -> InstalmentLimits:
    """What the company grants to whoever asks for instalments."""
    return InstalmentLimits(most=rules.instalments_most, first_percent=rules.first_percent, payments=limits_of(company))


def offers_instalments(rules: DebtRules, debt: Money) -> bool:
    """Whether the company would agree to instalments of such a debt at all."""
    return rules.instalments_most > 1 and debt.centimes >= rules.instalments_from_centimes


def patience_of(rules: DebtRules) -> Patience:
    """How long the company waits for a tranche."""
    return Patience(late_after=rules.late_after_days, broken_after=rules.broken_after_days)


def what_is_known_of(customer: Customer | None) -> Known:
    """What he may be asked. The same statement whether there is such a customer or not."""
    told = _told_bills.list(customer.id if customer else 0)
    amounts = [bill.due_centimes for bill in told if bill.status == BillStatus.OPEN and bill.due_centimes]
    return Known(
        name=customer.name if customer else "",
        numbers=[bill.payment_number for bill in told],
        amounts=amounts[:MOST_AMOUNTS],
    )


@compiled
def _told_bills(customer_id: int) -> QuerySet[Bill]:
    """What the billing system has sent him, the newest first: nothing that was withdrawn, no tranche of ours."""
    bills = Bill.objects.filter(customer_id=customer_id, tranche_of=None).exclude(status=BillStatus.WITHDRAWN)
    return bills.order_by("-issued_on", "-id")[:_NUMBERS_KNOWN]


def is_shared(*, company_id: int, amount: Money) -> bool:
    """Whether more bills of the company than `MOST_SHARING` have that amount: it tells no customer from another.

    Counted are those whose amounts `what_is_known_of` tells.
    """
    return len(_of_amount.list(company_id, amount.centimes)) > MOST_SHARING


@compiled
def _of_amount(company_id: int, centimes: int) -> QuerySet[Bill]:
    found = Bill.objects.filter(company_id=company_id, due_centimes=centimes, status=BillStatus.OPEN, tranche_of=None)
    return found.only("id")[: MOST_SHARING + 1]


def amounts_shared(company_id: int) -> AmountsShared:
    """How far the amounts of the company's bills tell them apart. Reads an index of all of them: for a setting."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [MOST_SHARING, company_id])
        bills, shared, commonest = cursor.fetchone()
    return AmountsShared(bills=int(bills), shared=int(shared), commonest=int(commonest))


_SHARED = """
SELECT coalesce(sum(bills), 0), coalesce(sum(bills) FILTER (WHERE bills > %s), 0), coalesce(max(bills), 0)
FROM (
    SELECT count(*) AS bills FROM bills_bill
    WHERE company_id = %s AND status = 'open' AND tranche_of_id IS NULL GROUP BY due_centimes
) AS of_an_amount
"""


def list_debts(customer_id: int) -> list[Bill]:
    """All that he can pay now, oldest first; tranches in the stead of the bills that an agreement has."""
    return _debts.list(customer_id)


@compiled
def _debts(customer_id: int) -> QuerySet[Bill]:
    owed = Bill.objects.filter(Q(customer_id=customer_id), status=BillStatus.OPEN, in_agreement=None)
    return owed.filter(settled_centimes__lt=F("due_centimes")).order_by("due_on", "id")[:MOST_LISTED]

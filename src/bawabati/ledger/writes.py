"""Moving money in the books."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from bawabati.ledger.models import Account
from bawabati.ledger.rules import Reason, Side
from bawabati.money.amount import Money

TRANSFER = """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT debit.company_id, debit.id, credit.id, %s, %s, %s, %s, %s
FROM ledger_account debit JOIN ledger_account credit USING (company_id)
WHERE company_id = %s AND (debit.code, debit.holder) = (%s, %s) AND (credit.code, credit.holder) = (%s, %s)
"""


def transfer(
    *,
    company_id: int,
    debit: Side,
    credit: Side,
    amount: Money,
    reason: Reason,
    reference: str,
    accounted_on: date,
    now: datetime,
) -> None:
    """Moves `amount` from `credit` to `debit`, once for each (reason, reference). Accounts are made when first needed.

    Raises IntegrityError when the same reason and reference have moved money before: the caller's transaction fails.
    """
    accounts = [part for side in (debit, credit) for part in (settings.ACCOUNT_CODES[side.role], side.holder)]
    row: list[Any] = [amount.centimes, reason, reference, accounted_on, now, company_id, *accounts]
    with connection.cursor() as cursor:
        cursor.execute(TRANSFER, row)
        if cursor.rowcount == 0:
            for side in (debit, credit):
                _make_account(company_id, side)
            cursor.execute(TRANSFER, row)


def _make_account(company_id: int, side: Side) -> None:
    """Safe to repeat and to race."""
    Account.objects.get_or_create(company_id=company_id, code=settings.ACCOUNT_CODES[side.role], holder=side.holder)

"""Moving money in the books."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from bawabati.errors import Broken
from bawabati.ledger.models import Account
from bawabati.ledger.rules import AccountRole, Move, Reason, Side
from bawabati.money.amount import Money

TRANSFER = """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT debit.company_id, debit.id, credit.id, %s, %s, %s, %s, %s
FROM ledger_account debit JOIN ledger_account credit USING (company_id)
WHERE company_id = %s AND (debit.code, debit.holder) = (%s, %s) AND (credit.code, credit.holder) = (%s, %s)
"""

TRANSFERS = """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT debit.company_id, debit.id, credit.id, move.amount, move.reason, move.reference, %s, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[])
    AS move (debit_code, debit_holder, credit_code, credit_holder, amount, reason, reference)
JOIN ledger_account debit ON (debit.code, debit.holder) = (move.debit_code, move.debit_holder)
JOIN ledger_account credit ON credit.company_id = debit.company_id
    AND (credit.code, credit.holder) = (move.credit_code, move.credit_holder)
WHERE debit.company_id = %s
"""

LOCK_ACCOUNT = """
SELECT id FROM ledger_account WHERE company_id = %s AND code = %s AND holder = %s FOR NO KEY UPDATE
"""
BALANCE = """
SELECT (SELECT coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE credit_id = %s)
     - (SELECT coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE debit_id = %s)
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


def transfer_all(*, company_id: int, moves: Sequence[Move], accounted_on: date, now: datetime) -> None:
    """Moves each of these sums, in one statement, each once for its (reason, reference).

    Raises IntegrityError when one of them has moved money before: the caller's transaction fails.
    """
    for side in sorted({side for move in moves for side in (move.debit, move.credit)}, key=lambda side: side.role):
        _make_account(company_id, side)
    columns: list[list[Any]] = [
        [settings.ACCOUNT_CODES[move.debit.role] for move in moves],
        [move.debit.holder for move in moves],
        [settings.ACCOUNT_CODES[move.credit.role] for move in moves],
        [move.credit.holder for move in moves],
        [move.amount.centimes for move in moves],
        [move.reason.value for move in moves],
        [move.reference for move in moves],
    ]
    with connection.cursor() as cursor:
        cursor.execute(TRANSFERS, [accounted_on, now, *columns, company_id])
        if cursor.rowcount != len(moves):
            raise Broken("not every transfer found its accounts", company_id=company_id)


def lock_credit(*, company_id: int, holder: str) -> Money:
    """What is left of a customer's credit, nobody else taking from it until the transaction ends.

    After bills, payment and refund in the house's order of locks. More may come in meanwhile.
    """
    _make_account(company_id, Side(AccountRole.CUSTOMER_CREDIT, holder))
    code = settings.ACCOUNT_CODES[AccountRole.CUSTOMER_CREDIT]
    with connection.cursor() as cursor:
        cursor.execute(LOCK_ACCOUNT, [company_id, code, holder])
        (account_id,) = cursor.fetchone()
        cursor.execute(BALANCE, [account_id, account_id])
        (centimes,) = cursor.fetchone()
    return Money(max(0, int(centimes)))


def _make_account(company_id: int, side: Side) -> None:
    """Safe to repeat and to race."""
    Account.objects.get_or_create(company_id=company_id, code=settings.ACCOUNT_CODES[side.role], holder=side.holder)

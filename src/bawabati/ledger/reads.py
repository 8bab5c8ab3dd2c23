"""Questions about the books."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Q

from bawabati.ledger.models import Account, Transfer
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.money.amount import Money, total


def list_transfers_about(*, company_id: int, references: Sequence[str]) -> list[Transfer]:
    """What these have moved, with both accounts, in the order of the books."""
    about = Transfer.objects.filter(company_id=company_id, reference__in=references)
    return list(about.select_related("debit", "credit").order_by("id"))


def list_transfers_of(*, company_id: int, side: Side) -> list[Transfer]:
    """Everything that moved on one account, with both accounts, in the order of the books; empty when there is none."""
    account = Account.objects.filter(
        company_id=company_id, code=settings.ACCOUNT_CODES[side.role], holder=side.holder
    ).first()
    if account is None:
        return []
    moved = Transfer.objects.filter(Q(debit=account) | Q(credit=account))
    return list(moved.select_related("debit", "credit").order_by("id"))


def credits_of(*, company_id: int, holders: Sequence[str]) -> dict[str, Money]:
    """What is left of the credit of each of these customers who has any. Locks nothing: for telling, not for taking."""
    with connection.cursor() as cursor:
        code = settings.ACCOUNT_CODES[AccountRole.CUSTOMER_CREDIT]
        cursor.execute(_CREDITS, [company_id, code, list(holders)])
        return {holder: Money(int(left)) for holder, left in cursor.fetchall()}


_CREDITS = """
SELECT holder, left_centimes FROM (
    SELECT account.holder, (
        SELECT coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE credit_id = account.id
    ) - (
        SELECT coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE debit_id = account.id
    ) AS left_centimes
    FROM ledger_account AS account
    WHERE account.company_id = %s AND account.code = %s AND account.holder = ANY(%s)
) AS credit WHERE left_centimes > 0
"""


def owed_from_before(*, company_id: int, side: Side, day: date) -> Money:
    """What came onto an account up to that accounting day and has not left it since, the oldest first; zero if none."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [day, company_id, settings.ACCOUNT_CODES[side.role], side.holder])
        (centimes,) = cursor.fetchone()
        return Money(max(0, int(centimes)))


_OWED = """
SELECT coalesce(sum(
    (SELECT coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE debit_id = a.id AND accounted_on <= %s)
    - (SELECT coalesce(sum(amount_centimes), 0) FROM ledger_transfer WHERE credit_id = a.id)
), 0) FROM ledger_account a WHERE a.company_id = %s AND a.code = %s AND a.holder = %s
"""


def sum_of_transfers(*, company_id: int, reason: Reason, references: Sequence[str]) -> Money:
    """What was moved for that reason by any of these, in all."""
    moved = Transfer.objects.filter(company_id=company_id, reason=reason, reference__in=references)
    return total(Money(amount) for amount in moved.values_list("amount_centimes", flat=True))


def find_transfer(*, company_id: int, reason: Reason, references: Sequence[str]) -> Transfer | None:
    """The first that moved money for that reason and one of these, with both accounts."""
    moved = Transfer.objects.filter(company_id=company_id, reason=reason, reference__in=references)
    return moved.select_related("debit", "credit").order_by("id").first()


def list_amounts_under(*, company_id: int, reason: Reason, prefix: str) -> dict[str, Money]:
    """What was moved for that reason by each reference that begins so."""
    moved = Transfer.objects.filter(company_id=company_id, reason=reason, reference__startswith=prefix)
    return {reference: Money(amount) for reference, amount in moved.values_list("reference", "amount_centimes")}

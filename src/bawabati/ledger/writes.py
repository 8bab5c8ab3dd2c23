"""Moving money in the books."""

from datetime import date, datetime

from django.conf import settings

from bawabati.ledger.models import Account, Transfer
from bawabati.ledger.rules import AccountRole, Reason
from bawabati.money.amount import Money


def account_for(*, company_id: int, role: AccountRole, holder: str = "") -> Account:
    """The account of that role, made when it is first needed. Safe to repeat and to race."""
    code = settings.ACCOUNT_CODES[role]
    return Account.objects.get_or_create(company_id=company_id, code=code, holder=holder)[0]


def transfer(
    *,
    company_id: int,
    debit: Account,
    credit: Account,
    amount: Money,
    reason: Reason,
    reference: str,
    accounted_on: date,
    now: datetime,
) -> None:
    """Moves `amount` from `credit` to `debit`, once for each (reason, reference).

    Raises IntegrityError when the same reason and reference have moved money before: the caller's transaction fails.
    """
    Transfer.objects.create(
        company_id=company_id,
        debit=debit,
        credit=credit,
        amount_centimes=amount.centimes,
        reason=reason,
        reference=reference,
        accounted_on=accounted_on,
        at=now,
    )

"""Opening an attempt: everything that finds it again is written before the first byte leaves."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection
from django.db.models import QuerySet

from bawabati.companies.models import CompanyText, GatewayAccount
from bawabati.compiled import compiled
from bawabati.money.amount import total
from bawabati.payments.models import Payment
from bawabati.payments.rules import Schedule, State
from bawabati.payments.writes.events import EVENT
from bawabati.payments.writes.real_bills import LineToPay, on_real_bills


class StartKeyTaken(Exception):  # noqa: N818 - it says what happened
    """The same form was sent a moment ago, for other bills. The caller's transaction holds nothing any more."""


ORDER_NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads as a digit. Ten of them are 50 random bits."""
ORDER_NUMBER_LENGTH = 10

_FIELDS = Payment._meta.concrete_fields  # noqa: SLF001 - documented by Django under this name
_OPENED_WITH = tuple(field.attname for field in _FIELDS if not field.primary_key and not field.generated)
_OPEN = f"""
WITH payment AS (
    INSERT INTO payments_payment ({", ".join(_OPENED_WITH)})
    VALUES ({", ".join(f"%({column})s" for column in _OPENED_WITH)}) RETURNING id, company_id, state, opened_at
), chosen AS (
    SELECT * FROM unnest(%(bills)s::bigint[], %(versions)s::int[], %(amounts)s::bigint[]) AS c (bill, version, amount)
), lines AS (
    INSERT INTO payments_paymentline (company_id, payment_id, bill_id, bill_version, amount_centimes)
    SELECT company_id, id, bill, version, amount FROM payment, chosen
), holds AS (
    INSERT INTO payments_hold (company_id, bill_id, payment_id, held_at)
    SELECT company_id, bill, id, opened_at FROM payment, chosen
)
{EVENT} SELECT company_id, id, 1, 'opened', '', state, '{{}}', opened_at FROM payment RETURNING payment_id
"""  # noqa: S608 - names of our own columns
_CONTACT = "INSERT INTO payments_paymentcontact (payment_id, email) VALUES (%s, %s)"


def new_order_number(account: GatewayAccount) -> str:
    """Ten characters that the account has never used. Should two draw the same at once, the database refuses one."""
    while True:
        number = "".join(secrets.choice(ORDER_NUMBER_ALPHABET) for _ in range(ORDER_NUMBER_LENGTH))
        if _payment_of_number.find(account.id, number) is None:
            return number


@compiled
def _payment_of_number(gateway_account_id: int, order_number: str) -> QuerySet[Payment]:
    return Payment.objects.filter(gateway_account_id=gateway_account_id, order_number=order_number).only("id")


def open_attempt(
    *,
    account: GatewayAccount,
    lines: Sequence[LineToPay],
    start_key: str,
    language: str,
    payment_terms: CompanyText,
    sale_terms: CompanyText,
    email: str,
    registers_now: bool,
    schedule: Schedule,
    now: datetime,
    order_number: str = "",
    campaign_code: str = "",
) -> Payment:
    """Writes the attempt, its lines, its holds and its order number, before anything is sent.

    Tranches among `lines` give way to the bills that they stand for: it is those that are held and paid.

    `order_number`: of an order that was opened already, and lost with a database.
    `campaign_code`: of the medium whose address the payer came by.

    Not safe to repeat: the database refuses a bill that is held, and a start key that is known raises StartKeyTaken.
    """
    lines = on_real_bills(lines)
    payment = Payment(
        company_id=account.company_id,
        gateway_account=account,
        order_number=order_number or new_order_number(account),
        start_key=start_key,
        amount_centimes=total(line.amount for line in lines).centimes,
        campaign_code=campaign_code,
        language=language,
        payment_terms=payment_terms,
        sale_terms=sale_terms,
        opened_at=now,
        register_sent_at=now if registers_now else None,
        page_life_seconds=account.page_life_seconds,
        page_ends_at=now + timedelta(seconds=account.page_life_seconds),
        next_ask_at=schedule.next_register_ask_at(opened_at=now, now=now),
        event_count=1,
    )
    chosen = {
        "bills": [line.bill_id for line in lines],
        "versions": [line.bill_version for line in lines],
        "amounts": [line.amount.centimes for line in lines],
    }
    columns = {column: getattr(payment, column) for column in _OPENED_WITH}
    try:
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, columns | chosen)
            (payment.id,) = cursor.fetchone()
            if email:  # apart: whose it is shows only once the payment's own row is there
                cursor.execute(_CONTACT, [payment.id, email])
    except IntegrityError as refusal:
        if "payment_start_key_once" in str(refusal):
            raise StartKeyTaken from refusal
        raise
    return payment


def take_registration(*, payment_id: int, now: datetime) -> bool:
    """Whether the caller may send the registration. True once for each payment, whoever asks and however often."""
    return bool(
        Payment.objects.filter(id=payment_id, state=State.OPENED, register_sent_at=None).update(register_sent_at=now)
    )

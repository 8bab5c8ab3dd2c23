"""Finding payments of a company among ten million.

Every narrowing has an index that gives the newest first; what only a few payments have (a number, a customer, an e-mail
address) is looked up before, as identifiers, so that no plan walks the whole list hoping to meet them.
Decision: docs/decisions/0029-finding-a-payment.md
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from bawabati.keyset import At, Page, page_of
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, PaymentContact, PaymentLine
from bawabati.payments.rules import State
from bawabati.payments.rules.ways import Way
from bawabati.workdays import begins_at

MOST_AMONG: Final = 2_000
"""Payments of one customer, one bill, one address: more are not looked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Payments of one company that are looked for. What is None or empty narrows nothing."""

    company_id: int
    agency_ids: frozenset[int] | None = None
    """Only of these agencies; None: of the whole company."""
    online_too: bool = False
    """Beside those of the agencies, what was paid online."""
    among: Sequence[int] | None = None
    """Only these payments; none of them is none at all."""
    last_four: str = ""
    approval_code: str = ""
    amount: Money | None = None
    from_day: date | None = None
    to_day: date | None = None
    """The days, Algerian, on which it was started."""
    state: str = ""
    way: str = ""
    agency_id: int | None = None


class _Written(Value):
    """A word of our own, written into the statement and not beside it.

    A plan that is kept for any value does not know that an index of some values has this one, and how rare it is.
    """

    def __init__(self, word: State | Way | Literal[""]) -> None:
        super().__init__(str(word))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:  # noqa: ARG002
        """Nothing that anybody types comes here: the words are of our tables."""
        return f"'{self.value}'", ()


def list_sought(sought: Sought, *, at: At) -> Page[Payment]:
    """The newest first, with agency, lines, bills and customers."""
    lines = PaymentLine.objects.select_related("bill__customer").order_by("bill_id")
    found = _narrowed(sought).select_related("agency").prefetch_related(Prefetch("lines", queryset=lines))
    return page_of(found, order=["-opened_at", "-id"], at=at)


def _narrowed(sought: Sought) -> QuerySet[Payment]:
    found = _seen(sought)
    if sought.among is not None:
        found = found.filter(id__in=list(sought.among))
    if sought.last_four:
        found = found.exclude(masked_card=_Written("")).filter(card_last_four=sought.last_four)
    if sought.approval_code:
        found = found.exclude(approval_code=_Written("")).filter(approval_code=sought.approval_code)
    if sought.amount is not None:
        found = found.filter(amount_centimes=sought.amount.centimes)
    if sought.from_day is not None:
        found = found.filter(opened_at__gte=begins_at(sought.from_day))
    if sought.to_day is not None:
        found = found.filter(opened_at__lt=begins_at(sought.to_day + timedelta(days=1)))
    if sought.state:
        found = found.filter(state=_Written(State(sought.state)))
        # Said again, for the index that holds all but the paid ones.
        found = found if sought.state == State.PAID else found.exclude(state=_Written(State.PAID))
    if sought.way:
        found = found.filter(way=_Written(Way(sought.way)))
        found = found if sought.way == Way.WEB else found.exclude(way=_Written(Way.WEB))
    if sought.agency_id is not None:
        found = found.filter(agency_id=sought.agency_id)
    at_a_desk = sought.agency_id is not None or sought.way not in {"", Way.WEB}
    # What is taken at a desk is written as paid, at once: nothing has to be read to know that there is no such payment.
    return found.none() if at_a_desk and sought.state not in {"", State.PAID} else found


def _seen(sought: Sought) -> QuerySet[Payment]:
    found = Payment.objects.filter(company_id=sought.company_id)
    if sought.agency_ids is None:
        return found
    if sought.online_too:
        return found.filter(Q(agency_id__in=sought.agency_ids) | Q(way=Way.WEB))
    if len(sought.agency_ids) == 1:  # an equality, which the index's order goes with
        return found.filter(agency_id=next(iter(sought.agency_ids)))
    return found.filter(agency_id__in=sought.agency_ids)


def payments_of_order(*, company_id: int, order_number: str) -> list[int]:
    """By our order number, or a sale's reference: more than one when money was recovered."""
    return _ids(Payment.objects.filter(company_id=company_id, order_number=order_number))


def payments_of_reference(*, company_id: int, gateway_reference: str) -> list[int]:
    """By the gateway's own name of the order, as it stands on the receipt."""
    named = Payment.objects.filter(gateway_account__company_id=company_id, gateway_reference=gateway_reference)
    return _ids(named.filter(recovered_from__isnull=True))


def payments_on_bills(*, company_id: int, bill_ids: Iterable[int]) -> list[int]:
    """Every attempt to pay one of these bills."""
    lines = PaymentLine.objects.filter(company_id=company_id, bill_id__in=list(bill_ids))
    return list(lines.values_list("payment_id", flat=True)[:MOST_AMONG])


def payments_of_customer(*, company_id: int, customer_id: int) -> list[int]:
    """Every attempt to pay a bill of that customer."""
    lines = PaymentLine.objects.filter(company_id=company_id, bill__customer_id=customer_id)
    return list(lines.values_list("payment_id", flat=True)[:MOST_AMONG])


def payments_of_email(*, company_id: int, email: str) -> list[int]:
    """Every attempt for which that address was left, whatever its capitals."""
    left = PaymentContact.objects.filter(email_lowered=email.lower(), payment__company_id=company_id)
    return list(left.values_list("payment_id", flat=True)[:MOST_AMONG])


def _ids(found: QuerySet[Payment]) -> list[int]:
    return list(found.values_list("id", flat=True)[:MOST_AMONG])

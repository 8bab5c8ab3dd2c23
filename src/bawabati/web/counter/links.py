"""Links within the counter: a customer opens for the cashier who has looked him up; what is paid is what was seen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Final

from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language

from bawabati.flows.see_customer import DeskBill
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.money.amount import Money
from bawabati.web.public.order_form import FormTooOld

GOOD_FOR_SECONDS: Final = 60 * 60
_CUSTOMER: Final = "bawabati.counter.customer"
_SEEN: Final = "bawabati.counter.seen"


def customer_address(*, staff_id: int, customer_id: int, bill_id: int | None) -> str:
    """Where the bills of a customer who was looked up are. It opens for that cashier, for an hour."""
    token = signing.dumps([staff_id, customer_id, bill_id], salt=_CUSTOMER)
    return reverse("counter_customer", args=[get_language(), token])


def read_customer(token: str, *, staff_id: int) -> tuple[int, int | None]:
    """Customer and bill of a link that this cashier was given. Raises Http404, FormTooOld."""
    try:
        whose, customer_id, bill_id = signing.loads(token, salt=_CUSTOMER, max_age=GOOD_FOR_SECONDS)
    except signing.SignatureExpired:
        raise FormTooOld from None
    except signing.BadSignature:
        raise Http404 from None
    if whose != staff_id:
        raise Http404
    return customer_id, bill_id


def seal_seen(bills: Iterable[DeskBill], *, start_key: str) -> str:
    """The bills as they stand on the page, with the key under which one sale can be started from it."""
    rows = [[bill.bill_id, bill.version, bill.left.centimes] for bill in bills]
    return signing.dumps([start_key, rows], salt=_SEEN)


def read_seen(sealed: str, *, ticked: Iterable[str]) -> tuple[str, list[SeenBill]]:
    """The start key, and the ticked bills as they were seen. Raises FormTooOld."""
    try:
        start_key, rows = signing.loads(sealed, salt=_SEEN, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        raise FormTooOld from None
    wanted = set(ticked)
    return start_key, [
        SeenBill(bill_id=bill_id, version=version, left=Money(left), amount=Money(left))
        for bill_id, version, left in rows
        if str(bill_id) in wanted
    ]


def new_start_key() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def number_of(text: str) -> int:
    """The identifier that a form sends; 0, which nothing has, for anything else."""
    return int(text[:18]) if text.isascii() and text.isdecimal() else 0

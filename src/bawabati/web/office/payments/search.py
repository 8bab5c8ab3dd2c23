"""The list of payments: found by whatever the customer has in his hand, and taken away as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from bawabati.adapters.sheets.contract import Cell
from bawabati.companies.models import Agency
from bawabati.companies.reads import list_agencies
from bawabati.errors import CannotDo
from bawabati.flows.note_reading import note_reading
from bawabati.flows.seek_payments import Wanted, seek_payments
from bawabati.keyset import At, Page, every_row
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import Sought, list_sought
from bawabati.people.rules import Action
from bawabati.receipts.reads import list_receipt_numbers
from bawabati.web.office.payments.words import STATES, WAYS, words
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Asked, Filter, Kind, place_in_list, read_filters, to_the_list
from bawabati.web.shared.who import StaffRequest, staff_page

SHOWN_OF_A_PAYMENT: Final = 2
HEADER: Final = (
    *(_("Order number"), _("Receipt number"), _("Started"), _("Accounting day"), _("State"), _("Way of paying")),
    *(_("Agency"), _("Amount"), _("Payment numbers"), _("Bills"), _("Customer"), _("Card"), _("Authorisation code")),
    _("Transaction identifier"),
)


class NotFourDigits(CannotDo):
    """Of a card only its last four digits are looked for."""

    code: ClassVar[str] = "not_four_digits"
    sentence: ClassVar[str] = "Type the last 4 digits of the card, nothing else."


def _last_four(text: str) -> str:
    """Raises NotFourDigits."""
    if not re.fullmatch(r"[0-9]{4}", text):
        raise NotFourDigits
    return text


FILTERS: Final = (
    Filter("number", _("Number of an order, a receipt or a bill"), personal=True),
    Filter("customer", _("Customer number"), personal=True),
    Filter("email", _("E-mail of the payer"), personal=True),
    Filter("card", _("Last 4 digits of the card"), personal=True, read=_last_four),
    Filter("approval", _("Authorisation code"), personal=True),
    Filter("amount", _("Amount"), Kind.AMOUNT),
    Filter("from", _("Started from"), Kind.DAY),
    Filter("to", _("Started until"), Kind.DAY),
    Filter("state", _("State"), Kind.CHOICE, choices=tuple(STATES.items())),
    Filter("way", _("Way of paying"), Kind.CHOICE, choices=tuple(WAYS.items())),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A payment as the list shows it."""

    payment: Payment
    state: str
    way: str
    receipt: str
    numbers: list[str]
    """Payment numbers of its first bills."""
    has_more: bool
    customer: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SEE_PAYMENTS)
def payments(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Payments, the newest first, narrowed by the form. What is personal in it is posted, and sealed in the address."""
    company = request.place.company
    asked = read_filters(request, (*FILTERS, _of_agencies(list_agencies(company.id))))
    if request.method == "POST" and not asked.errors:
        return to_the_list(request, asked)
    sought = seek_payments(company_id=company.id, wanted=_wanted(asked), staff=request.staff)

    def ask(at: At) -> Page[Payment]:
        return list_sought(sought, at=at)

    if form := wanted_form(request):
        return _taken_away(request, form, asked, sought)
    page = ask(place_in_list(request))
    receipts = list_receipt_numbers(payment.id for payment in page.rows)
    context = {"asked": asked, "page": page.of(lambda payment: _line(payment, receipts))}
    return render(request, "web/office/payments/list.html", context, status=422 if asked.errors else 200)


def _taken_away(request: StaffRequest, form: str, asked: Asked, sought: Sought) -> HttpResponse:
    note_reading(
        staff=request.staff,
        company_id=sought.company_id,
        what="payments_export",
        target=f"company:{sought.company_id}",
        details={"form": form, "narrowed_by": sorted(asked.values)},
        now=timezone.now(),
    )
    return as_file(form, name="payments", header=HEADER, rows=_rows(sought))


def _rows(sought: Sought) -> Iterator[Sequence[Cell]]:
    """A thousand payments in memory at a time, their receipts with them."""
    waiting: list[Payment] = []
    for payment in every_row(lambda at: list_sought(sought, at=at)):
        waiting.append(payment)
        if len(waiting) == 1000:  # noqa: PLR2004 - as many as a page of `every_row`
            yield from _cells(waiting)
            waiting = []
    yield from _cells(waiting)


def _cells(payments: list[Payment]) -> Iterator[Sequence[Cell]]:
    receipts = list_receipt_numbers(payment.id for payment in payments)
    for payment in payments:
        lines = list(payment.lines.all())
        yield (
            payment.order_number,
            receipts.get(payment.id),
            payment.opened_at,
            payment.accounted_on,
            words(STATES, payment.state),
            words(WAYS, payment.way),
            payment.agency.code if payment.agency else None,
            Money(payment.amount_centimes),
            ", ".join(line.bill.payment_number for line in lines),
            ", ".join(line.bill.bill_number for line in lines),
            lines[0].bill.customer.number if lines else None,
            payment.masked_card,
            payment.approval_code,
            payment.gateway_reference,
        )


def _line(payment: Payment, receipts: dict[int, str]) -> Line:
    bills = [line.bill for line in payment.lines.all()]
    return Line(
        payment=payment,
        state=words(STATES, payment.state),
        way=words(WAYS, payment.way),
        receipt=receipts.get(payment.id, ""),
        numbers=[bill.payment_number for bill in bills[:SHOWN_OF_A_PAYMENT]],
        has_more=len(bills) > SHOWN_OF_A_PAYMENT,
        customer=bills[0].customer.number if bills else "",
    )


def _of_agencies(agencies: list[Agency]) -> Filter:
    is_arabic = get_language() == "ar"
    names = tuple((str(each.id), f"{each.code} · {each.name_ar if is_arabic else each.name_fr}") for each in agencies)
    return Filter("agency", _("Agency"), Kind.CHOICE, choices=names)


def _wanted(asked: Asked) -> Wanted:
    agency = asked.word("agency")
    return Wanted(
        number=asked.word("number"),
        customer=asked.word("customer"),
        email=asked.word("email"),
        last_four=asked.word("card"),
        approval_code=asked.word("approval"),
        amount=asked.amount("amount"),
        from_day=asked.day("from"),
        to_day=asked.day("to"),
        state=asked.word("state"),
        way=asked.word("way"),
        agency_id=int(agency) if agency else None,
    )

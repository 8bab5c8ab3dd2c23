"""A customer's open bills: some of them are ticked, and paid by card, in cash or by cheque."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.bills.rules import BillNotPayable
from bawabati.errors import CannotDo
from bawabati.flows.see_customer import CustomerAtDesk, see_customer
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_card import take_card
from bawabati.flows.take_cash import take_cash
from bawabati.flows.take_cheque import take_cheque
from bawabati.money.amount import Money, total
from bawabati.money.stamp_duty import stamp_duty
from bawabati.money.typed import parse_amount
from bawabati.payments.models import Sale
from bawabati.payments.rules.ways import Way
from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render, to
from bawabati.web.counter.links import new_start_key, number_of, read_customer, read_seen, seal_seen
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.asking import ask_now
from bawabati.web.shared.lights import Light
from bawabati.web.shared.refusals import saying_why_not
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest
from bawabati.workdays import ALGIERS

LONGEST_REASON: Final = 200
CARD_IS_POSSIBLE: Final = frozenset({Light.READY, Light.BUSY, Light.BY_HAND})


class NothingTicked(CannotDo):
    """No bill is ticked."""

    code: ClassVar[str] = "nothing_ticked"
    sentence: ClassVar[str] = "Tick at least one bill."


class PayerIsOnline(CannotDo):
    """A bill is being paid on the web, and the cashier has not said why to go on."""

    code: ClassVar[str] = "payer_is_online"
    sentence: ClassVar[str] = "This bill is being paid elsewhere. Wait and check again, or say why you go on."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the cashier has pressed, and what was on the page then."""

    here: AtDesk
    customer: CustomerAtDesk
    language: str
    start_key: str
    seen: Sequence[SeenBill]
    in_spite_of: str

    @property
    def amount(self) -> Money:
        return total(bill.amount for bill in self.seen)


@require_http_methods(["GET", "HEAD", "POST"])
@saying_why_not
@desk_page
def customer(request: StaffRequest, here: AtDesk, language: str, token: str) -> HttpResponse:
    """The bills with their ticks; posted, one sale of those that are ticked."""
    now = timezone.now()
    customer_id, bill_id = read_customer(token, staff_id=request.staff.id)
    found = see_customer(company_id=here.session.company_id, customer_id=customer_id, bill_id=bill_id, now=now)
    if request.method != "POST":
        return _bills(request, here, found, ticked=_first_ticks(found, bill_id))
    if "check" in request.POST:
        return _check(request, here, found, bill_id)
    ticked = request.POST.getlist("bill")
    try:
        start_key, seen = read_seen(request.POST.get("seen", ""), ticked=ticked)
        if not seen:
            raise NothingTicked
        asked = _Asked(
            here=here,
            customer=found,
            language=language,
            start_key=start_key,
            seen=seen,
            in_spite_of=typed_line(request, "in_spite_of")[:LONGEST_REASON],
        )
        return _take(request, asked)
    except CannotDo as error:
        holders = ("payment_id", "reservation_id")
        is_elsewhere = isinstance(error, BillNotPayable) and any(error.details.get(name) for name in holders)
        told = PayerIsOnline() if is_elsewhere else error
        return _bills(request, here, found, ticked=frozenset(map(number_of, ticked)), error=told)


def _take(request: StaffRequest, asked: _Asked) -> HttpResponse:
    match request.POST.get("way"):
        case Way.CASH if "tendered" not in request.POST:
            return _money(request, asked, Way.CASH)
        case Way.CHEQUE if "cheque_number" not in request.POST:
            return _money(request, asked, Way.CHEQUE)
        case Way.CASH | Way.CHEQUE as way:
            return _received(request, asked, Way(way))
        case _:
            sale = take_card(
                session_id=asked.here.session.id,
                seen=asked.seen,
                start_key=asked.start_key,
                language=asked.language,
                in_spite_of=asked.in_spite_of,
                staff=request.staff,
                now=timezone.now(),
            )
            return to("counter_sale", sale.id)


def _received(request: StaffRequest, asked: _Asked, way: Way) -> HttpResponse:
    """Cash or a cheque; what is wrong with what was typed is said beside it."""
    try:
        sale = _take_cash(request, asked) if way is Way.CASH else _take_cheque(request, asked)
    except BillNotPayable:
        raise
    except CannotDo as error:
        return _money(request, asked, way, error=error)
    return to("counter_sale", sale.id)


def _take_cash(request: StaffRequest, asked: _Asked) -> Sale:
    return take_cash(
        session_id=asked.here.session.id,
        seen=asked.seen,
        start_key=asked.start_key,
        tendered=parse_amount(typed(request.POST.get("tendered", ""))),
        language=asked.language,
        in_spite_of=asked.in_spite_of,
        staff=request.staff,
        now=timezone.now(),
    )


def _take_cheque(request: StaffRequest, asked: _Asked) -> Sale:
    return take_cheque(
        session_id=asked.here.session.id,
        seen=asked.seen,
        start_key=asked.start_key,
        cheque_number=typed_line(request, "cheque_number"),
        cheque_bank=typed_line(request, "cheque_bank"),
        language=asked.language,
        in_spite_of=asked.in_spite_of,
        staff=request.staff,
        now=timezone.now(),
    )


def _money(request: StaffRequest, asked: _Asked, way: Way, *, error: CannotDo | None = None) -> HttpResponse:
    """The last page before money changes hands: bills, stamp duty apart, and what there is to type."""
    company = asked.here.session.company
    has_duty = way is Way.CASH or company.cheques_carry_stamp_duty
    today = timezone.now().astimezone(ALGIERS).date()
    duty = stamp_duty(asked.amount, on=today) if has_duty else Money(0)
    context = {
        "customer": asked.customer,
        "ticked": [bill for bill in asked.customer.bills if bill.bill_id in {seen.bill_id for seen in asked.seen}],
        "seen": request.POST.get("seen", ""),
        "in_spite_of": asked.in_spite_of,
        "amount": asked.amount,
        "duty": duty,
        "total": asked.amount + duty,
        "tendered": given_back(typed(request.POST.get("tendered", ""))),
        "cheque_number": given_back(typed(request.POST.get("cheque_number", ""))),
        "cheque_bank": given_back(typed(request.POST.get("cheque_bank", ""))),
        "error": sentence_of(error) if error else "",
    }
    template = "web/counter/cash.html" if way is Way.CASH else "web/counter/cheque.html"
    return desk_render(request, asked.here, template, context, status=422 if error else 200)


def _bills(
    request: StaffRequest,
    here: AtDesk,
    found: CustomerAtDesk,
    *,
    ticked: frozenset[int],
    error: CannotDo | None = None,
    checked_at: datetime | None = None,
) -> HttpResponse:
    details = error.details if error else {}
    context = {
        "customer": found,
        "ticked": ticked,
        "ticked_sum": total(bill.left for bill in found.bills if bill.bill_id in ticked),
        "all_sum": total(bill.left for bill in found.bills),
        "seen": seal_seen(found.bills, start_key=new_start_key()),
        "error": sentence_of(error) if error else "",
        "busy_with": details.get("sale_id"),
        "checked_at": checked_at,
        "held_elsewhere": [bill for bill in found.bills if bill.held_by and not bill.held_by.sale_id],
        "in_spite_of": given_back(typed(request.POST.get("in_spite_of", ""))),
        "can_be_paid": any(not (bill.held_by and bill.held_by.sale_id) for bill in found.bills),
        "card_is_possible": here.light in CARD_IS_POSSIBLE,
    }
    return desk_render(request, here, "web/counter/customer.html", context, status=422 if error else 200)


def _check(request: StaffRequest, here: AtDesk, found: CustomerAtDesk, bill_id: int | None) -> HttpResponse:
    """Asks the gateway now about the payment that holds a bill, and shows the bills as they stand afterwards."""
    wanted = request.POST["check"]
    for bill in found.bills:
        if bill.held_by and bill.held_by.payment_id and str(bill.held_by.payment_id) == wanted:
            ask_now(bill.held_by.payment_id)
    now = timezone.now()
    after = see_customer(company_id=here.session.company_id, customer_id=found.customer_id, bill_id=bill_id, now=now)
    return _bills(request, here, after, ticked=_first_ticks(after, bill_id), checked_at=now)


def _first_ticks(found: CustomerAtDesk, bill_id: int | None) -> frozenset[int]:
    """The bill that was scanned; of a customer looked up otherwise, the oldest that is free."""
    free = [bill.bill_id for bill in found.bills if bill.held_by is None]
    if bill_id in free:
        return frozenset({bill_id})
    return frozenset(free[:1]) if bill_id is None else frozenset()

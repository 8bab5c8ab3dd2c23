"""Questions about payments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zlib import decompress

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from bawabati.adapters.gateways.contract import Cause
from bawabati.bills.reads import list_tranches
from bawabati.compiled import compiled
from bawabati.money.amount import Money
from bawabati.payments.models import Exchange, Hold, Payment, PaymentContact, PaymentEvent, PaymentLine, Refund
from bawabati.payments.models.refund import OPEN
from bawabati.payments.rules import Attempt, State
from bawabati.payments.rules.messages import purpose_of_body
from bawabati.sealed import unseal_bytes


def find_payment(payment_id: int) -> Payment | None:
    """The payment, with its company; None when there is none of that identifier."""
    return _payment_with_company.find(payment_id)


@compiled
def _payment_with_company(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.select_related("company").filter(id=payment_id)


def find_payment_in_full(*, company_id: int, payment_id: int) -> Payment | None:
    """The payment of that company with its places, people and terms, and what it was recovered from."""
    along = ("company", "agency", "gateway_account", "payment_terms", "sale_terms", "recovered_from", "contact")
    at_desk = ("sale__desk", "sale__cashier", "sale__reader", "sale__session", "reservation__channel")
    return Payment.objects.select_related(*along, *at_desk).filter(company_id=company_id, id=payment_id).first()


def company_of_payment(payment_id: int) -> int | None:
    """Whose payment it is: asked before anything else of it, while that is not known."""
    found = _company_of_payment.find(payment_id)
    return found.company_id if found else None


@compiled
def _company_of_payment(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.filter(id=payment_id).only("company_id")


def get_payment(payment_id: int) -> Payment:
    """The payment with its merchant account; it must exist."""
    return _payment_with_account.get(payment_id)


@compiled
def _payment_with_account(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.select_related("gateway_account").filter(id=payment_id)


def find_payment_by_start_key(*, company_id: int, start_key: str) -> Payment | None:
    """The attempt that a form has started, if it has started one."""
    return _payment_of_key.find(company_id, start_key)


def get_payment_of_form(*, company_id: int, start_key: str) -> Payment:
    """The attempt that a form has started; it must have."""
    return _payment_of_key.get(company_id, start_key)


@compiled
def _payment_of_key(company_id: int, start_key: str) -> QuerySet[Payment]:
    return Payment.objects.filter(company_id=company_id, start_key=start_key)


def find_payment_by_reference(*, gateway_account_id: int, gateway_reference: str) -> Payment | None:
    """The attempt that the gateway calls so; None when no attempt of this merchant account has that name."""
    return _payment_of_reference.find(gateway_account_id, gateway_reference)


@compiled
def _payment_of_reference(gateway_account_id: int, gateway_reference: str) -> QuerySet[Payment]:
    named = Payment.objects.filter(gateway_account_id=gateway_account_id, gateway_reference=gateway_reference)
    return named.filter(recovered_from__isnull=True)


def find_hold(bill_id: int) -> Hold | None:
    """The hold that an open attempt, online or at a desk, has on the bill now."""
    return next(iter(Hold.objects.raw(_HOLD_ON, {"bill": bill_id})), None)


# A tranche of an agreement is held with any bill that it stands for.
_HOLD_ON = """
SELECT * FROM payments_hold WHERE bill_id = %(bill)s
UNION ALL
SELECT hold.* FROM bills_bill tranche
JOIN bills_bill own ON own.in_agreement_id = tranche.tranche_of_id
JOIN payments_hold hold ON hold.bill_id = own.id
WHERE tranche.id = %(bill)s AND tranche.tranche_of_id IS NOT NULL
LIMIT 1
"""


def list_held_bill_ids(customer_id: int) -> frozenset[int]:
    """The bills of a customer that open attempts hold now, and the tranches that stand for any of them."""
    held = _holds_of_customer.list(customer_id)
    agreements = {hold.bill.in_agreement_id for hold in held if hold.bill.in_agreement_id is not None}
    tranches = [tranche.id for agreement_id in agreements for tranche in list_tranches(agreement_id)]
    return frozenset([*(hold.bill_id for hold in held), *tranches])


@compiled
def _holds_of_customer(customer_id: int) -> QuerySet[Hold]:
    held = Hold.objects.filter(bill__customer_id=customer_id).select_related("bill")
    return held.only("bill_id", "bill__in_agreement_id")


def list_lines(payment_id: int) -> list[PaymentLine]:
    """The lines of a payment with their bills, by bill; never empty."""
    return _lines.list(payment_id)


@compiled
def _lines(payment_id: int) -> QuerySet[PaymentLine]:
    return PaymentLine.objects.filter(payment_id=payment_id).select_related("bill__customer").order_by("bill_id")


def list_lines_on(bill_id: int) -> list[PaymentLine]:
    """Every attempt's line on a bill, with its payment, oldest first."""
    return list(PaymentLine.objects.filter(bill_id=bill_id).select_related("payment").order_by("id"))


def list_events(payment_id: int) -> list[PaymentEvent]:
    """What happened to a payment, in the order in which it happened."""
    return list(PaymentEvent.objects.filter(payment_id=payment_id).order_by("sequence"))


def list_exchanges(payment_id: int) -> list[Exchange]:
    """Every message about a payment and what came back, in the order in which they went."""
    return list(Exchange.objects.filter(payment_id=payment_id).order_by("id"))


def whole_answer_of(exchange: Exchange) -> str | None:
    """The whole answer as it was kept, JSON; None when none came. Raises CannotOpen when the key is gone."""
    if exchange.body is None:
        return None
    return decompress(unseal_bytes(bytes(exchange.body), purpose=purpose_of_body(exchange.company_id))).decode()


def find_payment_of_order(order_number: str) -> Payment | None:
    """The newest payment of an order number, with its company."""
    return Payment.objects.select_related("company").filter(order_number=order_number).order_by("-id").first()


def find_payment_of_sale(sale_id: int) -> Payment | None:
    """The payment that posts what a sale at a desk has settled."""
    return Payment.objects.select_related("company").filter(sale_id=sale_id).first()


def find_contact(payment_id: int) -> PaymentContact | None:
    """The e-mail that the payer left, if he left one and the law has not erased it."""
    return _contact.find(payment_id)


@compiled
def _contact(payment_id: int) -> QuerySet[PaymentContact]:
    return PaymentContact.objects.filter(payment_id=payment_id)


def attempt_of(payment: Payment) -> Attempt:
    """What the judge needs to know of a payment."""
    return Attempt(
        state=State(payment.state),
        order_number=payment.order_number,
        amount=Money(payment.amount_centimes),
        opened_at=payment.opened_at,
        page_ends_at=payment.page_ends_at,
        register_sent_at=payment.register_sent_at,
        asked_count=payment.asked_count,
        checks_passed=payment.checks_passed,
        next_ask_at=payment.next_ask_at,
        was_declined=payment.was_declined,
        was_reversed=payment.refused_because == Cause.REVERSED,
        not_found_at=payment.not_found_at,
    )


def find_recovery(payment_id: int) -> Payment | None:
    """The payment that posts the money of an attempt which had ended otherwise, with its company."""
    return _recovery.find(payment_id)


@compiled
def _recovery(payment_id: int) -> QuerySet[Payment]:
    return Payment.objects.select_related("company").filter(recovered_from_id=payment_id)


def iterate_open_payments(*, company_id: int | None) -> Iterator[Payment]:
    """Every attempt that is not final, oldest first, with company, lines and bills, a few hundred in memory at a time.

    Beside its columns: `in_state_since`, when it came into its state; `holds`, whether it keeps its bills from others.
    """
    came = PaymentEvent.objects.filter(payment_id=OuterRef("id"), to_state=OuterRef("state"))
    lines = PaymentLine.objects.select_related("bill").order_by("bill_id")
    open_ones = Payment.objects.filter(next_ask_at__isnull=False)
    if company_id is not None:
        open_ones = open_ones.filter(company_id=company_id)
    return (
        open_ones.annotate(
            in_state_since=Subquery(came.order_by("sequence").values("at")[:1]),
            holds=Exists(Hold.objects.filter(payment_id=OuterRef("id"))),
        )
        .select_related("company")
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("id")
        .iterator(chunk_size=500)
    )


def iterate_payments_of_orders() -> Iterator[Payment]:
    """Every attempt that the gateway knows by its own name, oldest first, in constant memory."""
    return Payment.objects.filter(gateway_reference__isnull=False).order_by("id").iterator(chunk_size=1000)


def pages_to_compare(*, since: datetime, at_most: int, only_registered: bool = False) -> Iterator[list[Payment]]:
    """Attempts opened since then whose registration was sent, the newest first, a page at a time, never empty.

    Then older payments of which money goes back or has gone back since then: it may have gone twice. What was recovered
    is compared in the place of the attempt that had ended otherwise. Pages are found by identifier and end with the
    first that holds nothing young: however many payments are older, none of them is read.
    """
    recovered = Payment.objects.filter(recovered_from_id=OuterRef("id"))
    sent = Payment.objects.filter(register_sent_at__isnull=False).exclude(Exists(recovered))
    if only_registered:
        sent = sent.filter(gateway_reference__isnull=False)
    newest_first = sent.select_related("gateway_account").order_by("-id")
    page = list(newest_first[:at_most])
    while young := [payment for payment in page if payment.opened_at >= since]:
        yield young
        page = list(newest_first.filter(id__lt=page[-1].id)[:at_most])
    going_back = Refund.objects.filter(Q(ended_at__gte=since) | Q(state__in=OPEN)).values("payment_id")
    older = newest_first.filter(id__in=going_back, opened_at__lt=since)
    page = list(older[:at_most])
    while page:
        yield page
        page = list(older.filter(id__lt=page[-1].id)[:at_most])

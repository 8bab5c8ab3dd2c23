"""What happened to a payment or a refund, as lines that a finance officer reads."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils import timezone

from bawabati.bills.models import Customer
from bawabati.bills.reads import list_bills_of
from bawabati.cases.reads import list_cases_about
from bawabati.ledger.reads import list_transfers_about, list_transfers_of
from bawabati.ledger.rules import AccountRole, Side
from bawabati.money.amount import Money
from bawabati.money.display import with_currency
from bawabati.payments.models import Exchange, Payment, PaymentEvent, PaymentLine, Refund, Sale
from bawabati.payments.reads import (
    list_events,
    list_exchanges,
    list_happenings,
    list_lines,
    list_lines_on,
    list_parts,
    list_refund_events,
    list_refunds,
    whole_answer_of,
)
from bawabati.people.reads import find_staff_by_id
from bawabati.receipts.reads import find_receipt_of

TOLD = ("order_status", "error_code", "response_code", "action_code", "amount_centimes", "held_centimes", "because")
"""What of the evidence is worth a line; the whole of it stays in the table."""


def lines_of_payment(payment: Payment, *, whole_answers: bool = False) -> Iterator[str]:
    """The payment, its bills, its events, every message to the gateway, receipt, refunds, books and cases.

    `whole_answers` opens what the gateway answered, as far as it was kept: without secrets and the cardholder.
    """
    yield f"Payment {payment.id}, order {payment.order_number}: {_money(payment.amount_centimes)}, {payment.state}"
    lines = list_lines(payment.id)
    yield from map(_line_of_bill, lines)
    if payment.sale is not None:
        yield from lines_of_sale(payment.sale)
    for event in list_events(payment.id):
        yield _happened(event.at, _by_whom(event), event.to_state, event.evidence)
    for exchange in list_exchanges(payment.id):
        yield from _lines_of_message(exchange, whole_answer=whole_answers)
    receipt = find_receipt_of(payment.id)
    if receipt is not None:
        yield f"Receipt {receipt.facts['number']}, issued {_moment(receipt.issued_at)}"
    refunds = list_refunds(payment.id)
    for refund in refunds:
        yield from lines_of_refund(refund)
    references = [f"payment:{payment.id}", *(f"payment_line:{line.id}" for line in lines)]
    references += [f"refund:{refund.id}" for refund in refunds]
    references += [f"refund_part:{part.id}" for refund in refunds for part in list_parts(refund.id)]
    for move in list_transfers_about(company_id=payment.company_id, references=references):
        moved = f"{_money(move.amount_centimes)}, debit {move.debit}, credit {move.credit}"
        yield f"Books {move.accounted_on:%d/%m/%Y}: {moved}, {move.reason}"
    for case in list_cases_about(company_id=payment.company_id, references=references):
        closed = f", closed: {case.closed_because}" if case.closed_at else f", promised by {case.promised_on:%d/%m/%Y}"
        yield f"Case {case.id} {case.kind}, owner {case.owner.login}{closed}"


def _line_of_bill(line: PaymentLine) -> str:
    parts = [_money(line.amount_centimes)]
    if line.settled_centimes is not None:
        parts.append(f"settled {_money(line.settled_centimes)}")
    if line.surplus_centimes:
        parts.append(f"surplus {_money(line.surplus_centimes)}")
    return f"  bill {line.bill.payment_number} version {line.bill_version}: {', '.join(parts)}"


def _lines_of_message(exchange: Exchange, *, whole_answer: bool) -> Iterator[str]:
    status = "" if exchange.http_status is None else f", HTTP {exchange.http_status}"
    asked = ", ".join(f"{name} {value}" for name, value in exchange.asked.items())
    took = f" after {exchange.milliseconds} ms" if exchange.asked else ""
    yield f"  {_moment(exchange.at)} message {exchange.verb} ({asked}): {exchange.outcome}{took}{status}"
    if whole_answer and (body := whole_answer_of(exchange)) is not None:
        yield f"    {body}"


def lines_of_sale(sale: Sale) -> Iterator[str]:
    """The sale at a desk and everything that happened to it."""
    duty = f" and stamp duty {_money(sale.stamp_duty_centimes)}" if sale.stamp_duty_centimes else ""
    yield (
        f"Sale {sale.id}, {sale.reference}, by {sale.way}: {_money(sale.amount_centimes)}{duty}, {sale.state}, "
        f"at {sale.desk.code} by {sale.cashier.login}"
    )
    for happening in list_happenings(sale.id):
        who = f"{happening.event} by {happening.by.login}" if happening.by else happening.event
        yield _happened(happening.at, who, happening.to_state, happening.evidence)


def lines_of_customer(customer: Customer) -> Iterator[str]:
    """His bills, who paid them, and his credit: each amount that came in and went out, and what is left."""
    moves = list_transfers_of(company_id=customer.company_id, side=Side(AccountRole.CUSTOMER_CREDIT, customer.number))
    yield f"Customer {customer.number}"
    for bill in list_bills_of(customer):
        yield (
            f"Bill {bill.payment_number}, {bill.period}, {bill.status}: due {_money(bill.due_centimes)}, "
            f"settled {_money(bill.settled_centimes)}"
        )
        for line in list_lines_on(bill.id):
            payment = line.payment
            paid = _money(line.amount_centimes)
            yield f"  payment {payment.id}, order {payment.order_number}: {paid}, {payment.state}"
    left = 0
    for move in moves:
        comes_in = move.credit.holder == customer.number
        left += move.amount_centimes if comes_in else -move.amount_centimes
        what = "in" if comes_in else "out"
        yield f"Credit {_moment(move.at)}: {_money(move.amount_centimes)} {what}, {move.reason} {move.reference}"
    yield f"Credit now: {_money(left)}" if left >= 0 else f"Credit overdrawn by {_money(-left)}"


def lines_of_refund(refund: Refund) -> Iterator[str]:
    """The refund and its events."""
    yield (
        f"{refund.kind.capitalize()} {refund.id} of payment {refund.payment_id}: {_money(refund.amount_centimes)}, "
        f"{refund.reason}, asked by {refund.requested_by.login} because: {refund.because}; {refund.state}"
    )
    for event in list_refund_events(refund.id):
        yield _happened(event.at, f"{event.event} by {event.by.login}", event.to_state, event.evidence)
    if refund.next_step_at is not None:
        last = f"; last: {refund.last_reason}" if refund.last_reason else ""
        yield f"  the worker goes on at {_moment(refund.next_step_at)}{last}"


def _by_whom(event: PaymentEvent) -> str:
    """A hold is released by a person; everything else happens by itself."""
    staff = find_staff_by_id(event.evidence["by"]) if "by" in event.evidence else None
    return f"{event.event} by {staff.login}" if staff else event.event


def _happened(at: datetime, event: str, state: str, evidence: Mapping[str, object]) -> str:
    told = ", ".join(f"{name} {evidence[name]}" for name in TOLD if evidence.get(name) not in {None, ""})
    return f"  {_moment(at)} {event} → {state}{f' ({told})' if told else ''}"


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M:%S")


def _money(centimes: int) -> str:
    return with_currency(Money(centimes), "en")

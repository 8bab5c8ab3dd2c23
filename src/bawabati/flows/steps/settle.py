"""Confirmed money: post it, settle the bills, number the receipt, let the notice leave; in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bawabati.bills.reads import facts_of
from bawabati.bills.rules import BillStatus, Share, initials, share_of
from bawabati.bills.writes import settle_bill
from bawabati.cases.writes import close_case
from bawabati.companies.models import Company
from bawabati.companies.rules import SurplusBecomes
from bawabati.companies.writes import sign_as
from bawabati.defer import Job, defer
from bawabati.errors import Broken
from bawabati.flows.steps.agreement_moves import follow_bills
from bawabati.flows.steps.moved import BILL_REPLACED, Moved, move_to_replacing
from bawabati.flows.steps.receipt_code import SIGNS, signed_text
from bawabati.flows.steps.refund_request import request_surplus
from bawabati.flows.steps.series import series_now
from bawabati.flows.steps.taken_in import taken_in_by
from bawabati.flows.steps.told_events import tell_paid
from bawabati.flows.steps.work_item import open_work_item
from bawabati.ledger.rules import AccountRole, Reason, Side
from bawabati.ledger.writes import transfer
from bawabati.money.amount import ZERO, Money, total
from bawabati.money.words import in_words
from bawabati.notices.writes import write_notice
from bawabati.payments.models import Payment, PaymentLine, Reservation, Sale
from bawabati.payments.reads import find_contact
from bawabati.payments.rules.ways import Way
from bawabati.payments.writes import settle_line
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import ACCEPTED, FactLine, Facts, Numbered
from bawabati.receipts.writes import take_number, write_receipt
from bawabati.workdays import ALGIERS

WEB_SERIES = "web"
CHANNEL_SERIES = "ch-"
"""Before the channel's code: no agency's code has to stay clear of it, for theirs name places."""


class NotAllLines(Broken):
    """A payment is posted whole or not at all."""


def settle(
    *, payment: Payment, lines: Sequence[PaymentLine], now: datetime, numbered: Numbered | None = None
) -> Receipt:
    """Posts a payment that has just been confirmed. The lines' bills are locked; the database refuses a repetition.

    The receipt takes the next number of its series, unless it has one already: `numbered`, of a block of a desk.

    What finds its bill already settled becomes the customer's credit, with a case: never silent.
    Rule: surplus (behaviour.md 5)
    """
    if sum(line.amount_centimes for line in lines) != payment.amount_centimes:
        raise NotAllLines("the lines do not sum to what was paid", payment_id=payment.id)
    for line in lines:
        share = share_of(facts_of(line.bill), Money(line.amount_centimes))
        settle_line(line, settled=share.settled, surplus=share.surplus)
        _post(payment, line, share, now)
        if share.settled:
            settle_bill(line.bill, amount=share.settled, now=now)
    moved = move_to_replacing(lines, now=now)
    follow_bills([line.bill for line in lines], now=now)
    surplus = total(Money(line.surplus_centimes or 0) for line in lines)
    if surplus:
        _see_to(payment, lines, surplus=surplus, moved=total(one.amount for one in moved.values()), now=now)
    receipt = _write_receipt(payment, lines, moved, numbered, now)
    tell_paid(payment, lines, receipt_number=str(receipt.facts["number"]), now=now)
    _tell(payment, receipt, now)
    return receipt


def _see_to(payment: Payment, lines: Sequence[PaymentLine], *, surplus: Money, moved: Money, now: datetime) -> None:
    """A case for what stays credit; one that is closed at once when nothing does."""
    kept, reference = surplus - moved, f"payment:{payment.id}"
    open_work_item(
        company_id=payment.company_id,
        kind="surplus",
        reference=reference,
        amount=kept or surplus,
        details={"moved_to_the_replacing_bill_centimes": moved.centimes} if moved else {},
        now=now,
    )
    if not kept:
        close_case(company_id=payment.company_id, kind="surplus", reference=reference, because=BILL_REPLACED, now=now)
    elif payment.way == Way.WEB and payment.company.surplus_becomes == SurplusBecomes.CARD:
        # Nothing is asked for where a debt of the customer has swallowed it. The payment is posted all the same.
        request_surplus(payment, lines, surplus=kept, because="surplus", now=now)


def _post(payment: Payment, line: PaymentLine, share: Share, now: datetime) -> None:
    """What is to be collected, against what the customer owed; what he did not owe is his credit."""
    assert payment.accounted_on is not None  # noqa: S101 - the database holds it for every paid payment
    parts = (
        (share.settled, Side(AccountRole.CUSTOMERS), Reason.CAPTURE),
        (share.surplus, Side(AccountRole.CUSTOMER_CREDIT, line.bill.customer.number), Reason.SURPLUS),
    )
    for amount, credited, reason in parts:
        if amount:
            transfer(
                company_id=payment.company_id,
                debit=taken_in_by(payment),
                credit=credited,
                amount=amount,
                reason=reason,
                reference=f"payment_line:{line.id}",
                accounted_on=payment.accounted_on,
                now=now,
            )


def _write_receipt(
    payment: Payment,
    lines: Sequence[PaymentLine],
    moved: Mapping[int, Moved],
    numbered: Numbered | None,
    now: datetime,
) -> Receipt:
    own = numbered or _next_number(payment, now)
    facts = _facts(payment.company, payment, lines, moved, own.printed)
    signed = sign_as(company_id=payment.company_id, purpose=SIGNS, text=signed_text(payment.company, facts), now=now)
    return write_receipt(
        company_id=payment.company_id,
        payment_id=payment.id,
        series_id=own.series_id,
        number=own.number,
        facts=facts,
        key_name=signed.key_name,
        signature=signed.signature,
        now=now,
    )


def _next_number(payment: Payment, now: datetime) -> Numbered:
    """The last lock of all is the series'. Rule: receipt-numbers (behaviour.md 2)"""
    year = now.astimezone(ALGIERS).year
    kind = series_now(_series_of(payment))
    series_id, number = take_number(company_id=payment.company_id, year=year, kind=kind)
    return Numbered(series_id=series_id, year=year, kind=kind, number=number)


def _series_of(payment: Payment) -> str:
    """The web's, the agency's, or the channel's own."""
    if payment.reservation is not None:
        return f"{CHANNEL_SERIES}{payment.reservation.channel.code}"
    return payment.agency.code if payment.agency else WEB_SERIES


def _facts(
    company: Company, payment: Payment, lines: Sequence[PaymentLine], moved: Mapping[int, Moved], number: str
) -> Facts:
    assert payment.confirmed_at is not None  # noqa: S101 - the database holds it for every paid payment
    is_arabic = payment.language == "ar"
    return Facts(
        language=payment.language,
        number=number,
        company_name=getattr(company, f"name_{payment.language}"),
        legal_form=company.legal_form,
        company_address=company.address_ar if is_arabic else company.address_fr,
        company_phone=company.phone,
        nif=company.nif,
        nis=company.nis,
        rc=company.rc,
        ai=company.ai,
        status=ACCEPTED[payment.language],
        gateway_message=payment.gateway_message,
        transaction_id=_transaction_of(payment),
        order_number=payment.order_number,
        approval_code=payment.approval_code,
        masked_card=payment.masked_card,
        paid_at=payment.confirmed_at.astimezone(ALGIERS).isoformat(),
        amount_centimes=payment.amount_centimes,
        amount_in_words=in_words(_handed_over(payment), payment.language),
        lines=tuple(_fact_line(line, moved.get(line.id)) for line in sorted(lines, key=_age)),
        **(_at_the_desk(payment.sale, payment.language) if payment.sale else {}),
        **(_by_channel(payment.reservation, payment.language) if payment.reservation else {}),
    )


def _transaction_of(payment: Payment) -> str:
    """What those who took the money call it."""
    if payment.reservation is not None:
        return payment.reservation.reference
    return payment.sale.poi_transaction_id if payment.sale else payment.gateway_reference or ""


def _handed_over(payment: Payment) -> Money:
    """What the payer gave in all, stamp duty too."""
    return Money(payment.amount_centimes + (payment.sale.stamp_duty_centimes if payment.sale else 0))


def _at_the_desk(sale: Sale, language: str) -> dict[str, Any]:
    """Where and how it was paid. Rule: receipt-fields (readers.md 5.4)"""
    return {
        "way": sale.way,
        "agency_name": sale.agency.name_ar if language == "ar" else sale.agency.name_fr,
        "desk_code": sale.desk.code,
        "cashier_name": sale.cashier.name,
        "stamp_duty_centimes": sale.stamp_duty_centimes,
        "card_brand": sale.card_brand,
        "terminal_id": sale.terminal_id,
        "merchant_id": sale.merchant_id,
        "cheque_number": sale.cheque_number,
        "tendered_centimes": sale.tendered_centimes or 0,
    }


def _by_channel(reservation: Reservation, language: str) -> dict[str, Any]:
    channel = reservation.channel
    return {"way": Way.CHANNEL.value, "channel_name": channel.name_ar if language == "ar" else channel.name_fr}


def _age(line: PaymentLine) -> tuple[date, int]:
    """A receipt names the oldest bill first, as its payer chose them."""
    return line.bill.due_on, line.bill_id


def _fact_line(line: PaymentLine, moved: Moved | None) -> FactLine:
    facts = facts_of(line.bill)
    return FactLine(
        payment_number=line.bill.payment_number,
        bill_number=line.bill.bill_number,
        customer_number=line.bill.customer.number,
        holder_initials=initials(line.bill.customer.name),
        period=line.bill.period,
        amount_centimes=line.amount_centimes,
        surplus_centimes=line.surplus_centimes or ZERO.centimes,
        left_centimes=(facts.left if facts.status is BillStatus.OPEN else ZERO).centimes,
        moved_centimes=moved.amount.centimes if moved else 0,
        moved_to=moved.bill.payment_number if moved else "",
    )


def _tell(payment: Payment, receipt: Receipt, now: datetime) -> None:
    """To whoever left an e-mail, after this transaction holds."""
    contact = find_contact(payment.id)
    if contact is None:
        return
    notice = write_notice(
        company_id=payment.company_id,
        kind="receipt",
        reference=f"receipt:{receipt.id}",
        language=payment.language,
        address=contact.email,
        now=now,
    )
    defer(Job.SEND_NOTICE, notice_id=notice.id)

"""One payment, as it stands now."""

from django.http import HttpRequest
from ninja import Router

from bawabati.api.calls import key_of
from bawabati.api.keys import CompanyKey
from bawabati.api.payments.words import LineWords, PaymentWords, RefundWords
from bawabati.api.problems import REFUSED, Problem
from bawabati.errors import CannotDo
from bawabati.payments.models import Payment, PaymentLine, Refund
from bawabati.payments.reads import find_payment_in_full, list_lines, list_refunds
from bawabati.payments.rules import PUBLIC_WORD, State
from bawabati.people.rules import ApiScope
from bawabati.receipts.reads import find_receipt_of

MOST_NUMBER = 2**63 - 1
router = Router(tags=["payments"], auth=CompanyKey(ApiScope.PAYMENTS_READ))


class NoSuchPayment(CannotDo):
    """The company has none of that number."""

    code = "no_such_payment"
    sentence = "There is no payment with this number."


@router.get("{int:payment_id}", response={200: PaymentWords, 404: Problem, **REFUSED})
def payment(request: HttpRequest, payment_id: int) -> PaymentWords:
    """A payment by the number that events give it."""
    company_id = key_of(request).company_id
    found = find_payment_in_full(company_id=company_id, payment_id=payment_id) if payment_id <= MOST_NUMBER else None
    if found is None:
        raise NoSuchPayment
    return _words(found)


def _words(found: Payment) -> PaymentWords:
    receipt = find_receipt_of(found.id)
    return PaymentWords(
        id=found.id,
        order_number=found.order_number,
        state=PUBLIC_WORD[State(found.state)].value,
        way=found.way,
        agency=found.agency.code if found.agency else "",
        amount_centimes=found.amount_centimes,
        opened_at=found.opened_at,
        paid_at=found.confirmed_at if found.state == State.PAID else None,
        accounted_on=found.accounted_on,
        receipt_number=str(receipt.facts["number"]) if receipt else "",
        lines=[_line_words(line) for line in list_lines(found.id)],
        refunds=[_refund_words(refund) for refund in list_refunds(found.id)],
    )


def _line_words(line: PaymentLine) -> LineWords:
    return LineWords(
        bill_number=line.bill.bill_number,
        payment_number=line.bill.payment_number,
        customer_number=line.bill.customer.number,
        period=line.bill.period,
        amount_centimes=line.amount_centimes,
        settled_centimes=line.settled_centimes,
        surplus_centimes=line.surplus_centimes,
    )


def _refund_words(refund: Refund) -> RefundWords:
    return RefundWords(
        id=refund.id,
        kind=refund.kind,
        reason=refund.reason,
        state=refund.state,
        amount_centimes=refund.amount_centimes,
        ended_at=refund.ended_at,
    )

"""Anybody asks whether a receipt is genuine: the signature answers, then the books as they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bawabati.companies.models import Company
from bawabati.companies.reads import find_signer
from bawabati.errors import CannotDo
from bawabati.flows.steps.receipt_code import SIGNS, signed_text
from bawabati.guard.rules import Scope, Visitor, pass_or_raise
from bawabati.guard.writes import weigh
from bawabati.money.amount import ZERO, Money
from bawabati.payments.reads import given_back
from bawabati.receipts.models import Receipt
from bawabati.receipts.reads import find_receipt_of_number
from bawabati.receipts.rules import Facts, NoSuchReceipt, Proof, code_in, parse_printed_number, read_code, text_of
from bawabati.scope import only_company
from bawabati.signatures import is_signed


class ReceiptStanding(StrEnum):
    """What is said of a receipt to whoever holds it."""

    GENUINE = "genuine"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReceipt:
    """The answer, and nothing of whoever paid. Of an unknown one nothing else is told.

    `amount` is what was handed over, stamp duty too; `back` what has gone back of it.
    Rule: receipt-check (ours: amount and moment only)
    """

    standing: ReceiptStanding
    company: Company | None = None
    amount: Money = ZERO
    paid_at: datetime | None = None
    back: Money = ZERO


UNKNOWN = CheckedReceipt(standing=ReceiptStanding.UNKNOWN)


def check_receipt(*, typed: str, visitor: Visitor, now: datetime) -> CheckedReceipt:
    """Whether the code of a receipt, or the address in its QR code, is a company's own. Each call counts as a try.

    A code whose signature does not hold, one that the books do not know, and what is no code at all are told alike,
    and so is one that the books know with another amount or moment.
    Nobody can try numbers: without the signature nothing is looked up.

    Raises TooManyTries: more within a minute than anybody holds receipts. Rule: limits (failures.md 5.5)
    """
    verdict = weigh(counting=Scope.RECEIPT_CHECK, subject=visitor.subject(), now=now)
    pass_or_raise(verdict, challenge_passed=True)
    try:
        proof, signature = read_code(code_in(typed))
    except CannotDo:
        return UNKNOWN
    signer = find_signer(proof.key_name)
    if signer is None or signer.company is None or signer.purpose != SIGNS:
        return UNKNOWN
    text = text_of(
        company_code=signer.company.code,
        number=proof.number,
        amount_centimes=proof.amount_centimes,
        paid_at=proof.paid_at,
    )
    if not is_signed(text, signature, public_key=signer.public_key):
        return UNKNOWN
    with only_company(signer.company.id):
        return _in_the_books(signer.company, proof, text=text)


def _in_the_books(company: Company, proof: Proof, *, text: str) -> CheckedReceipt:
    """`text`: what was signed. Where the books say something else of that number, nobody vouches for either."""
    receipt = _find(company, proof.number)
    if receipt is None:
        return UNKNOWN
    facts = Facts.from_json(receipt.facts)
    if signed_text(company, facts) != text:
        return UNKNOWN
    back = given_back(receipt.payment_id)
    return CheckedReceipt(
        standing=_standing(back, of=Money(facts.amount_centimes)),
        company=company,
        amount=Money(facts.handed_over_centimes),
        paid_at=facts.paid_at_moment,
        back=back,
    )


def _find(company: Company, number: str) -> Receipt | None:
    try:
        year, kind, within = parse_printed_number(number)
    except NoSuchReceipt:
        return None
    return find_receipt_of_number(company_id=company.id, year=year, kind=kind, number=within)


def _standing(back: Money, *, of: Money) -> ReceiptStanding:
    if not back:
        return ReceiptStanding.GENUINE
    return ReceiptStanding.REFUNDED if back >= of else ReceiptStanding.PARTLY_REFUNDED

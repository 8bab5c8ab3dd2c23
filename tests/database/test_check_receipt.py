"""Whether a receipt is genuine, asked by somebody who holds it."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from bawabati.bills.models import Bill
from bawabati.companies.models import Company, SigningKey
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.check_receipt import UNKNOWN, CheckedReceipt, ReceiptStanding, check_receipt
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.rotate_signing_key import rotate_signing_key
from bawabati.flows.steps.receipt_code import code_address
from bawabati.guard.rules import TooManyTries, Visitor
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.receipts.models import Receipt, ReceiptSignature
from bawabati.receipts.rules import Proof, code_in, read_code, text_of, write_code
from bawabati.scope import nobody
from bawabati.signatures import name_of_key, new_private_key, public_key_of, sign
from money_back import LATER, asked, paid_payment
from outside import Outside
from people import NADIA, NOON, OMAR, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")
SOMEBODY = Visitor(address="41.100.1.1")


def checked(code: str) -> CheckedReceipt:
    return check_receipt(typed=code, visitor=SOMEBODY, now=NOON)


@pytest.fixture
def paid(outside: Outside, company: Company, bill: Bill) -> Payment:
    return paid_payment(outside, company, bill)


def code_of(payment: Payment) -> str:
    return code_in(code_address(Receipt.objects.get(payment=payment)))


def give_back(payment: Payment, centimes: int | None = None) -> None:
    refund = asked(payment, centimes)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_payment(refund_id=refund.id, now=LATER)


def test_a_receipt_is_genuine_with_its_amount_and_its_moment_and_nothing_else(paid: Payment, company: Company) -> None:
    with nobody():
        told = checked(code_of_in(paid))
    assert told.standing is ReceiptStanding.GENUINE
    assert (told.company, told.amount, told.paid_at) == (
        company,
        Money(paid.amount_centimes),
        NOON + timedelta(minutes=1),
    )


def code_of_in(payment: Payment) -> str:
    """Read with every company's rows, as the test sees them: whoever checks has the paper alone."""
    from bawabati.scope import every_company  # noqa: PLC0415 - beside the narrow one that the test is about

    with every_company("tests look at everything"):
        return code_of(payment)


def test_what_went_back_is_told(paid: Payment) -> None:
    give_back(paid, 300_00)
    told = checked(code_of(paid))
    assert (told.standing, told.back) == (ReceiptStanding.PARTLY_REFUNDED, Money(300_00))
    give_back(paid)
    assert checked(code_of(paid)).standing is ReceiptStanding.REFUNDED


def test_a_receipt_that_somebody_else_has_signed_is_unknown(paid: Payment, company: Company) -> None:
    ours, _signature = read_code(code_of(paid))
    private_key = new_private_key()
    text = text_of(
        company_code=company.code, number=ours.number, amount_centimes=ours.amount_centimes, paid_at=ours.paid_at
    )
    forged = Proof(
        key_name=name_of_key(public_key_of(private_key)),
        number=ours.number,
        amount_centimes=ours.amount_centimes,
        paid_at=ours.paid_at,
    )
    assert checked(write_code(forged, signature=sign(text, private_key=private_key))) == UNKNOWN


def test_another_amount_under_a_true_signature_is_unknown(paid: Payment) -> None:
    proof, signature = read_code(code_of(paid))
    raised = Proof(
        key_name=proof.key_name,
        number=proof.number,
        amount_centimes=proof.amount_centimes + 1_000_00,
        paid_at=proof.paid_at,
    )
    assert checked(write_code(raised, signature=signature)) == UNKNOWN


def test_a_key_of_another_purpose_signs_no_receipt(paid: Payment) -> None:
    SigningKey.objects.update(purpose="closing")
    assert checked(code_of(paid)) == UNKNOWN


def test_another_companys_key_signs_no_receipt_of_this_one(outside: Outside, paid: Payment) -> None:
    tafna = add_company("tafna", gateway_url=outside.url)
    theirs, _signed = read_code(code_of(paid_payment(outside, tafna, add_bill(tafna, seed=7), key="theirs")))
    ours, signature = read_code(code_of(paid))
    swapped = Proof(
        key_name=theirs.key_name, number=ours.number, amount_centimes=ours.amount_centimes, paid_at=ours.paid_at
    )
    assert checked(write_code(swapped, signature=signature)) == UNKNOWN


def test_after_a_change_of_keys_old_receipts_stay_genuine_and_new_ones_are_signed_anew(
    outside: Outside, company: Company, paid: Payment
) -> None:
    rotate_signing_key(company_id=company.id, purpose="receipt", login=OMAR, now=LATER)
    newer = paid_payment(outside, company, add_bill(company, seed=9), key="newer", now=LATER)
    assert {checked(code_of(one)).standing for one in (paid, newer)} == {ReceiptStanding.GENUINE}
    assert len(set(ReceiptSignature.objects.values_list("key_name", flat=True))) == 2


@pytest.mark.parametrize("typed", ["", "6280581110007215", "2026-W-0000001", "A" * 160, "\0" * 10])
def test_what_is_no_code_is_unknown(typed: str) -> None:
    assert checked(typed) == UNKNOWN


def test_a_row_that_says_something_else_than_was_signed_is_unknown(
    paid: Payment, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    code = code_of(paid)
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute(
            "UPDATE receipts_receipt SET facts = facts || jsonb_build_object('amount_centimes', 9)"
        )
    assert checked(code) == UNKNOWN


def test_nobody_checks_a_thousand_codes_a_minute(paid: Payment) -> None:
    for _ in range(60):
        assert checked("A" * 160) == UNKNOWN
    with pytest.raises(TooManyTries):
        checked(code_of(paid))
    later = check_receipt(typed=code_of(paid), visitor=SOMEBODY, now=NOON + timedelta(minutes=1))
    assert later.standing is ReceiptStanding.GENUINE

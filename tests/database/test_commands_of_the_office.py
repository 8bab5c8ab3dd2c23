"""What the office's commands say at a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.choose_surplus import SurplusChoice, choose_surplus
from bawabati.flows.compare_payment import compare_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.release_hold import release_hold
from bawabati.payments.models import Payment, Refund
from outside import Outside
from paying import start
from people import AMINAS_CARD, KARIMS_CARD, NADIA, NOON, SALIMA

pytestmark = pytest.mark.usefixtures("database")

LATER = NOON + timedelta(hours=1)
MISTAKE = ("--because", "paid by mistake", "--as", SALIMA)
APPROVES = ("--as", NADIA)


def said(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *(str(argument) for argument in arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def paid(outside: Outside, company: Company, bill: Bill) -> Payment:
    payment = start(company, bill)
    outside.pay(payment.gateway_reference or "", AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    return Payment.objects.get(id=payment.id)


def test_no_open_case_is_said_and_not_shown_as_nothing(company: Company) -> None:  # noqa: ARG001 - there is one
    assert said("list_cases") == "No case is open.\n"


def test_a_case_says_what_the_payer_chose(outside: Outside, company: Company, bill: Bill) -> None:
    amina = start(company, bill)
    release_hold(payment_id=amina.id, because="at the till", login=SALIMA, now=NOON)
    karim = start(company, bill, key="karim")
    for payment, card in ((karim, KARIMS_CARD), (amina, AMINAS_CARD)):
        outside.pay(payment.gateway_reference or "", card)
        confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    choose_surplus(payment_id=amina.id, choice=SurplusChoice.CREDIT, now=LATER)
    assert said("list_cases").endswith(", the payer chose: credit\n")


def test_what_was_taken_back_behind_us_says_how_much_is_still_there(outside: Outside, paid: Payment) -> None:
    outside.give_back(paid.gateway_reference or "", 500_00)
    compare_payment(payment_id=paid.id, tells_the_office=True, now=LATER)
    assert Case.objects.get(kind="taken_back").details["held_centimes"] == 930_50
    assert said("list_cases").endswith(", the gateway holds 930.50\u00a0DA\n")
    out = StringIO()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("check_books", "--gateway-days", "3000", stdout=out)
    assert "which holds 930.50\u00a0DA of it" in out.getvalue()


def test_a_refund_from_the_request_to_the_books(outside: Outside, paid: Payment) -> None:  # noqa: ARG001
    asked = said("ask_refund", paid.id, "--amount", "400", *MISTAKE)
    refund = Refund.objects.get()
    assert f"Refund {refund.id} of 400.00\u00a0DA waits for another person" in asked
    assert said("approve_refund", refund.id, *APPROVES).endswith("Approved: the worker gives it back.\n")
    assert "the worker goes on at" in said("approve_refund", refund.id, "--show")
    with pytest.raises(CommandError, match="The machine is still working on this refund"):
        said("close_refund", refund.id, "done", *MISTAKE)
    refund_payment(refund_id=refund.id, now=LATER)
    with pytest.raises(CommandError, match="already moved on: it is done"):
        said("close_refund", refund.id, "done", *MISTAKE)
    story = said("show_payment", paid.id)
    assert "400.00\u00a0DA, debit 411, credit 511, refund" in story
    assert "the worker goes on" not in story


def test_the_story_names_who_freed_a_bill(outside: Outside, company: Company, bill: Bill) -> None:  # noqa: ARG001
    payment = start(company, bill)
    said("release_hold", payment.id, *MISTAKE)
    assert f"hold_released by {SALIMA} → at_gateway (because" in said("show_payment", payment.id)


@pytest.mark.parametrize("option", ["--gateway-days", "--minutes"])
@pytest.mark.parametrize("number", ["-1", "99999999999999"])
def test_books_are_not_said_to_agree_about_a_time_that_is_none(option: str, number: str) -> None:
    with pytest.raises(CommandError, match="are a whole number from 0 to"):
        said("check_books", option, number)


def test_credit_says_why_a_bill_takes_none(company: Company, bill: Bill, paid: Payment) -> None:  # noqa: ARG001
    where = ("--company", company.code, *MISTAKE)
    with pytest.raises(CommandError, match="Nothing is left to pay of this bill"):
        said("apply_credit", bill.payment_number, *where)
    with pytest.raises(CommandError, match="There is no bill with this number"):
        said("apply_credit", "11", *where)


def test_credit_says_who_is_paying_the_bill(outside: Outside, company: Company, bill: Bill) -> None:  # noqa: ARG001
    payment = start(company, bill)
    with pytest.raises(CommandError, match=f"at this moment: payment {payment.id}"):
        said("apply_credit", bill.payment_number, "--company", company.code, *MISTAKE)


def test_a_setting_that_is_missing_is_a_sentence_and_no_traceback() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("BAWABATI_", "DATABASE_"))}
    done = subprocess.run(
        [sys.executable, "-m", "bawabati.config.commands", "list-cases"],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("bawabati: BAWABATI_SECRET_KEY is not set")
    assert "Traceback" not in done.stderr

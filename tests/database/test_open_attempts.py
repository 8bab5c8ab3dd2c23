"""What an operator sees of attempts that are not final."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.claim_due_payment import claim_due_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.release_hold import release_hold
from outside import Outside
from paying import start
from people import AMINAS_CARD, NOON, SALIMA, YACINES_CARD, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database")

ACKNOWLEDGE = "public/acknowledgeTransaction.do"
MINUTE = timedelta(minutes=1)


def shown(*options: str) -> str:
    out = StringIO()
    call_command("open_attempts", *options, stdout=out)
    return out.getvalue()


def told(*options: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in shown("--json", *options).splitlines()]


def test_nothing_open_says_so(company: Company) -> None:  # noqa: ARG001 - there is one
    assert shown() == "No attempt is open.\n"
    assert shown("--json") == ""


def test_an_attempt_whose_payer_is_at_the_gateway(outside: Outside, company: Company, bill: Bill) -> None:  # noqa: ARG001
    now = timezone.now()
    payment = start(company, bill, now=now)
    page = shown()
    assert f"payment:{payment.id}  oran  order {payment.order_number}  1,430.50 DA" in page
    assert bill.payment_number in page
    assert "its payer may be on the gateway's page until" in page
    assert "calls so far: 1\n" in page  # the registration's answer
    assert "last said  registered" in page
    assert page.endswith("Open attempts: 1\n")


def test_a_bill_that_a_person_has_freed_is_not_called_held(company: Company, bill: Bill) -> None:
    payment = start(company, bill, now=timezone.now())
    release_hold(payment_id=payment.id, because="the customer stands here", login=SALIMA, now=timezone.now())
    assert f"{bill.payment_number}: no longer held\n" in shown()
    assert told()[0]["holds_bills"] is False


def test_one_in_doubt_says_since_when_what_was_last_heard_and_who_has_it(
    outside: Outside, company: Company, bill: Bill
) -> None:
    opened = timezone.now() - 14 * MINUTE
    payment = start(company, bill, now=opened)
    with outside.fault("status", call=ACKNOWLEDGE, status=503):
        confirm_payment(payment_id=payment.id, now=opened + 13 * MINUTE)
    (attempt,) = told()
    assert (attempt["state"], attempt["why"], attempt["held_by"]) == ("in_doubt", "in_doubt", "nobody")
    assert (attempt["last_answer"], attempt["asked_count"]) == ("unknown server_error", 2)
    assert attempt["in_state_since"] == (opened + 13 * MINUTE).isoformat()
    assert f"{bill.payment_number}: held\n" in shown()

    assert claim_due_payment(now=timezone.now() + 10 * MINUTE) == payment.id
    assert told()[0]["held_by"] == "sweeper"


def test_one_that_was_refused_gives_the_codes(outside: Outside, company: Company, bill: Bill) -> None:
    opened = timezone.now()
    payment = start(company, bill, now=opened)
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, YACINES_CARD)
    confirm_payment(payment_id=payment.id, now=opened + MINUTE)
    (attempt,) = told()
    assert (attempt["state"], attempt["why"], attempt["last_answer"]) == (
        "watched",
        "may_be_paid_still",
        "refused declined",
    )
    assert str(attempt["gateway_codes"]).startswith("issuer 51")


def test_one_whose_registration_was_never_answered(outside: Outside, company: Company, bill: Bill) -> None:
    with outside.fault("close", call="register.do", effect=True, times=1):
        start(company, bill, now=timezone.now() - MINUTE)
    assert told()[0]["why"] == "registration_unanswered"


def test_what_is_final_is_not_shown_and_companies_are_apart(outside: Outside, company: Company, bill: Bill) -> None:
    tafna = add_company("tafna", gateway_url="http://127.0.0.1:1")
    paid = start(company, bill)
    assert paid.gateway_reference is not None
    outside.pay(paid.gateway_reference, AMINAS_CARD)
    confirm_payment(payment_id=paid.id, now=NOON + MINUTE)
    other = start(company, add_bill(company, seed=2), key="other")
    assert [attempt["payment_id"] for attempt in told()] == [other.id]
    assert told("--company", tafna.code) == []
    with pytest.raises(CommandError, match="no company"):
        shown("--company", "nowhere")


@pytest.mark.usefixtures("outside")
def test_many_attempts_take_as_many_questions_as_few(company: Company) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            told()
        return len(asked)

    start(company, add_bill(company, seed=1), key="1")
    few = questions()
    for seed in range(2, 8):
        start(company, add_bill(company, seed=seed), key=str(seed))
    assert questions() == few

"""What a gateway's server tells ours: kept, asked about, believed in nothing."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from outside import Outside
from paying import start
from people import AMINAS_CARD, add_bill, add_company
from programs import Program
from sandbox.gateway.callbacks import checksum

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.payments.models import Payment

pytestmark = pytest.mark.usefixtures("collected")

KEY = "shared-with-the-gateway"


def begun(bill: Bill, *, key: str = "key", now: datetime | None = None) -> Payment:
    payment = start(bill.company, bill, key=key, now=now or timezone.now())
    assert payment.gateway_reference
    return payment


def as_it_stands(payment: Payment) -> Payment:
    return type(payment).objects.get(id=payment.id)


def tell(payment: Payment, *, how: str = "get", account: int | None = None, **message: str) -> Any:  # noqa: ANN401
    """A callback about the payment, at the door of its merchant account."""
    values = {"mdOrder": str(payment.gateway_reference), "operation": "deposited", "status": "1"} | message
    address = f"/callback/{account or payment.gateway_account_id}/"
    return getattr(Client(), how)(address, values, headers={"Sec-Fetch-Site": "cross-site"})


def do_the_jobs() -> int:
    """Does what was deferred, as the worker would; how much that was."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415 - settings first

    from bawabati.jobs.tasks.payments import ask_soon  # noqa: PLC0415 - settings first

    jobs = list(ProcrastinateJob.objects.filter(task_name="confirm_payment", status="todo"))
    for job in jobs:
        ask_soon(**job.args)
    return len(jobs)


@pytest.mark.parametrize("how", ["get", "post"])
def test_a_callback_makes_us_ask_and_the_answer_decides(open_bill: Bill, outside: Outside, how: str) -> None:
    payment = begun(open_bill)
    outside.pay(str(payment.gateway_reference), AMINAS_CARD)
    answer = tell(payment, how=how, orderNumber=payment.order_number)
    assert (answer.status_code, answer.content) == (200, b"heard\n")
    assert answer.headers["Content-Type"] == "text/plain"
    assert not answer.cookies
    assert as_it_stands(payment).state == "at_gateway"
    assert do_the_jobs() == 1
    assert as_it_stands(payment).state == "paid"


def test_a_callback_that_lies_changes_nothing(open_bill: Bill) -> None:
    payment = begun(open_bill)
    before = as_it_stands(payment).next_ask_at
    assert tell(payment).status_code == 200
    do_the_jobs()
    after = as_it_stands(payment)
    assert after.state == "at_gateway"
    assert before is not None
    assert after.next_ask_at is not None
    assert after.next_ask_at - before < timedelta(minutes=2)


def test_callbacks_do_not_hasten_the_end(open_bill: Bill, outside: Outside) -> None:
    from bawabati.flows.confirm_payment import confirm_payment  # noqa: PLC0415 - settings first

    two_hours_ago = timezone.now() - timedelta(hours=2)
    payment = begun(open_bill, now=two_hours_ago)
    outside.advance(700)
    for minutes in (14, 30):
        confirm_payment(payment_id=payment.id, now=two_hours_ago + timedelta(minutes=minutes))
    watched = as_it_stands(payment)
    assert (watched.state, watched.checks_passed) == ("watched", 1)
    type(payment).objects.filter(id=payment.id).update(next_ask_at=timezone.now() + timedelta(hours=1))
    for _ in range(5):
        assert tell(payment).status_code == 200
    do_the_jobs()
    still = as_it_stands(payment)
    assert (still.state, still.checks_passed) == ("watched", 1)
    assert still.next_ask_at is not None
    assert still.next_ask_at > timezone.now() + timedelta(minutes=59)


def test_a_callback_repeated_and_after_the_end_changes_the_world_once(open_bill: Bill, outside: Outside) -> None:
    from bawabati.receipts.models import Receipt  # noqa: PLC0415 - settings first

    payment = begun(open_bill)
    outside.pay(str(payment.gateway_reference), AMINAS_CARD)
    assert [tell(payment).status_code for _ in range(3)] == [200, 200, 200]
    assert do_the_jobs() == 3
    assert tell(payment, operation="refunded").status_code == 200
    assert as_it_stands(payment).state == "paid"
    assert Receipt.objects.count() == 1


def test_a_callback_about_another_attempt_asks_about_that_one(open_bill: Bill, outside: Outside) -> None:
    mine = begun(open_bill)
    other = begun(add_bill(open_bill.company, seed=2), key="another")
    outside.pay(str(mine.gateway_reference), AMINAS_CARD)
    assert tell(mine, mdOrder=str(other.gateway_reference)).status_code == 200
    do_the_jobs()
    assert (as_it_stands(mine).state, as_it_stands(other).state) == ("at_gateway", "at_gateway")


def test_too_many_callbacks_for_one_attempt_are_told_so(open_bill: Bill) -> None:
    payment = begun(open_bill, now=timezone.now())
    told = [tell(payment).status_code for _ in range(14)]
    assert told[:6] == [200] * 6
    assert 429 in told
    assert set(told) == {200, 429}


def test_what_is_not_ours_is_not_known_and_nothing_is_asked(open_bill: Bill) -> None:
    payment = begun(open_bill)
    elsewhere = add_company("tafna", user_name="SAT2601010002", password="sandbox-tafna-2", terminal_id="E010901202")
    from bawabati.companies.models import GatewayAccount  # noqa: PLC0415 - settings first

    of_another = GatewayAccount.objects.get(company=elsewhere).id
    for answer in (
        tell(payment, mdOrder="V721uPPfNNofVQAAABL3"),
        tell(payment, mdOrder=""),
        tell(payment, mdOrder="\x00' OR 1=1 --"),
        tell(payment, mdOrder="x" * 5000),
        tell(payment, account=of_another),
        tell(payment, account=999_999_999),
        Client().get(f"/callback/{payment.gateway_account_id}/"),
        Client().post(f"/callback/{payment.gateway_account_id}/", b"{", content_type="application/json"),
    ):
        assert answer.status_code == 404
    assert do_the_jobs() == 0


@pytest.mark.parametrize("address", ["/callback/", "/callback/x/", "/callback/99999999999999999999/", "/callback/-1/"])
def test_an_address_that_is_none_is_not_found(database: None, address: str) -> None:  # noqa: ARG001 - the pages ask it
    assert Client().get(address).status_code == 404


def test_only_get_and_post_are_heard(open_bill: Bill) -> None:
    payment = begun(open_bill)
    assert tell(payment, how="put").status_code == 405
    assert tell(payment, how="delete").status_code == 405


@pytest.fixture
def bill_of_a_signing_merchant(outside: Outside, database: None) -> Bill:  # noqa: ARG001 - emptied after the test
    """A bill of a company whose gateway signs what it tells."""
    from bawabati.companies.models import GatewayAccount  # noqa: PLC0415 - settings first

    merchant = {"user_name": "SATCALLED", "password": "c", "terminals": ["E010901220"], "callback_key": KEY}
    httpx.post(f"{outside.url}/control/merchants", json=merchant).raise_for_status()
    company = add_company(gateway_url=outside.url, user_name="SATCALLED", password="c", terminal_id="E010901220")
    GatewayAccount.objects.filter(company=company).update(options={"callback_key": KEY})
    return add_bill(company)


def test_with_a_key_a_forged_callback_is_not_heard(bill_of_a_signing_merchant: Bill, outside: Outside) -> None:
    payment = begun(bill_of_a_signing_merchant)
    outside.pay(str(payment.gateway_reference), AMINAS_CARD)
    message = {"mdOrder": str(payment.gateway_reference), "operation": "deposited", "status": "1"}
    assert tell(payment).status_code == 404
    assert tell(payment, checksum=checksum(message, key="another")).status_code == 404
    assert do_the_jobs() == 0
    assert tell(payment, checksum=checksum(message, key=KEY)).status_code == 200
    do_the_jobs()
    assert as_it_stands(payment).state == "paid"


def test_the_gateway_calls_and_the_worker_asks_before_the_sweep_would(
    portal: Program, worker: Program, bill_of_a_signing_merchant: Bill, outside: Outside
) -> None:
    assert worker.process.poll() is None
    payment = begun(bill_of_a_signing_merchant)
    merchant = {"user_name": "SATCALLED", "password": "c", "terminals": ["E010901220"], "callback_key": KEY}
    address = f"{portal.url}/callback/{payment.gateway_account_id}/"
    called = {"callbacks": True, "callback_url": address, "callback_method": "POST"}
    httpx.post(f"{outside.url}/control/merchants", json=merchant | called).raise_for_status()
    outside.pay(str(payment.gateway_reference), AMINAS_CARD)
    for _ in range(600):
        if as_it_stands(payment).state == "paid":
            break
        time.sleep(0.1)
    settled = as_it_stands(payment)
    assert settled.state == "paid"
    assert settled.asked_count <= 2

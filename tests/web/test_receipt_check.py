"""Anybody with a receipt in hand asks the portal whether it is genuine."""

import json
import re

import pytest
from django.test import Client

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.flows.steps.receipt_code import code_address
from bawabati.payments.models import Payment
from bawabati.people.rules import Role
from bawabati.receipts.models import Receipt
from clock import wait_for_room
from money_back import paid_payment
from outside import Outside
from payers import FormClient
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("database", "collected")


@pytest.fixture
def paid(outside: Outside, open_company: Company, open_bill: Bill) -> Payment:
    return paid_payment(outside, open_company, open_bill)


def path_in_the_code(payment: Payment) -> str:
    """What stands behind the host in the QR code: capital letters all the way."""
    address = code_address(Receipt.objects.get(payment=payment))
    assert address == address.upper()
    return "/V/" + address.partition("/V/")[2]


def test_the_code_of_a_receipt_says_genuine_with_amount_and_moment_and_nothing_of_the_payer(
    paid: Payment, open_bill: Bill
) -> None:
    answer = Client().get(path_in_the_code(paid), headers={"Accept-Language": "fr"}, follow=True)
    page = answer.content.decode()
    assert "Ce reçu est authentique" in page
    assert "1 430,50" in page.replace("\u202f", " ").replace("\xa0", " ")
    for secret in (
        open_bill.payment_number,
        open_bill.bill_number,
        open_bill.customer.number,
        paid.masked_card,
        paid.order_number,
    ):
        assert secret not in re.sub(r'href="[^"]*"', "", page)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_it_answers_in_the_language_of_the_phone(paid: Payment, language: str) -> None:
    answer = Client().get(path_in_the_code(paid), headers={"Accept-Language": language})
    assert answer.headers["Location"].startswith(f"/{language}/v/")


def test_what_a_scanner_typed_is_checked_and_never_given_back(paid: Payment) -> None:
    page = FormClient().post("/en/v/", {"code": f"HTTPS://ELSEWHERE.DZ{path_in_the_code(paid)}"}).content.decode()
    assert "This receipt is genuine" in page
    unknown = FormClient().post("/en/v/", {"code": "6280581110007215"}).content.decode()
    assert "We do not know this receipt" in unknown
    assert "6280581110007215" not in unknown


@pytest.mark.parametrize("sent", [{}, {"code": ""}, {"code": "\0" * 300}, {"code": "A" * 10_000}, {"code": "٣" * 160}])
def test_anything_else_is_unknown_and_never_an_error(sent: dict[str, str]) -> None:
    answer = FormClient().post("/ar/v/", sent)
    assert answer.status_code == 200
    assert "لا نعرف هذا الوصل" in answer.content.decode()


@pytest.mark.parametrize("path", ["/v/", "/v/A", "/V/" + "A" * 133, "/V/" + "1" * 150])
def test_addresses_that_no_receipt_carries_lead_to_the_field_or_nowhere(path: str) -> None:
    assert Client().get(path).status_code == (302 if path == "/v/" else 404)


def test_a_code_that_was_changed_is_unknown(paid: Payment) -> None:
    path = path_in_the_code(paid)
    changed = path[:20] + ("A" if path[20] != "A" else "B") + path[21:]
    assert "We do not know" in Client().get(changed, headers={"Accept-Language": "en"}, follow=True).content.decode()


def test_everybody_may_have_the_public_keys(paid: Payment, open_company: Company) -> None:
    (key,) = json.loads(Client().get("/v/keys.json").content)["keys"]
    assert (key["company"], key["until"]) == (open_company.code, None)
    assert len(key["key"]) == 12
    assert paid.state == "paid"


def test_a_desk_keeps_a_page_with_its_own_companys_keys(paid: Payment, open_company: Company) -> None:
    cashier = signed_in(add_person("salim@oran.example", Role.FINANCE, company=open_company))
    assert cashier.get("/fr/counter/receipts/").status_code == 200
    kept = cashier.get("/fr/counter/receipts/kept/")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    page = kept.content.decode()
    (key,) = json.loads(Client().get("/v/keys.json").content)["keys"]
    assert json.loads(re.findall(r'<script id="keys" type="application/json">(.*?)</script>', page)[0]) == {
        key["key"]: {"code": "oran", "key": key["ed25519"]}
    }
    assert "https://" not in page
    assert paid.state == "paid"


def test_whoever_checks_too_often_is_told_to_wait(paid: Payment) -> None:
    client = Client()
    wait_for_room()
    for _ in range(60):
        assert client.get(path_in_the_code(paid), headers={"Accept-Language": "en"}, follow=True).status_code == 200
    answer = client.get(path_in_the_code(paid), headers={"Accept-Language": "en"}, follow=True)
    assert answer.status_code == 429
    assert "too many tries" in answer.content.decode()
    assert "genuine</h1>" not in answer.content.decode()

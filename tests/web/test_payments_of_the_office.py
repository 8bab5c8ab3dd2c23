"""An officer finds any payment by what the customer has in his hand, and reads everything that happened to it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from agency import add_agency, cash, open_desk
from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.payments.models import Payment
from bawabati.people.rules import Role
from bawabati.receipts.models import Receipt
from outside import Outside
from payers import FormClient
from paying import reference, start
from people import AMINAS_CARD, NOON, add_bill, add_company
from staff import add_person, signed_in

if TYPE_CHECKING:
    from bawabati.companies.models import Company

pytestmark = pytest.mark.usefixtures("collected")
PAYMENTS = "/fr/office/payments/"
EMAIL = "Amina@example.dz"


@pytest.fixture
def paid(outside: Outside, open_company: Company, open_bill: Bill) -> Payment:
    """Amina has paid her bill online and left her e-mail."""
    payment = start(open_company, open_bill, email=EMAIL)
    outside.pay(reference(payment), AMINAS_CARD)
    confirm_payment(payment_id=payment.id, now=NOON + timedelta(minutes=1))
    payment.refresh_from_db()
    assert payment.state == "paid"
    return payment


@pytest.fixture
def farid(open_company: Company) -> FormClient:
    """A finance officer."""
    return client_of(Role.FINANCE, open_company)


def client_of(role: Role, company: Company) -> FormClient:
    client = FormClient()
    signed_in(add_person(f"{role}@{company.code}.example", role, company=company), client=client)
    return client


def sought(client: FormClient, **what: str) -> Any:  # noqa: ANN401 - a response of the client
    """The list after the form was sent, as a browser does it."""
    posted = client.post(PAYMENTS, what)
    return client.get(posted.headers["Location"]) if posted.status_code == 303 else posted


def shows(answer: Any, payment: Payment) -> bool:  # noqa: ANN401 - a response of the client
    assert answer.status_code == 200
    return f">{payment.order_number}</a>" in answer.content.decode()


def test_a_payment_is_found_by_whatever_the_customer_has_in_his_hand(
    farid: FormClient, paid: Payment, open_bill: Bill
) -> None:
    receipt = Receipt.objects.get(payment=paid)
    for what in (
        {"number": paid.order_number},
        {"number": paid.order_number.lower()},
        {"number": f"{paid.order_number[:4]} {paid.order_number[4:]}"},
        {"number": reference(paid)},
        {"number": receipt.facts["number"]},
        {"number": open_bill.payment_number},
        {"number": open_bill.bill_number},
        {"customer": open_bill.customer.number},
        {"email": EMAIL},
        {"email": EMAIL.lower()},
        {"card": paid.masked_card[-4:]},
        {"approval": paid.approval_code},
        {"amount": "1430,50"},
        {"from": NOON.date().isoformat(), "to": NOON.date().isoformat()},
        {"state": "paid"},
        {"way": "web"},
        {"number": paid.order_number, "email": EMAIL, "amount": "1430.50", "state": "paid", "way": "web"},
    ):
        assert shows(sought(farid, **what), paid), what


def test_a_payment_is_not_found_by_what_is_not_its(farid: FormClient, paid: Payment) -> None:
    for what in (
        {"number": "ZZZZZZZZZZ"},
        {"customer": "C999999"},
        {"email": "somebody@example.dz"},
        {"card": "0000"},
        {"approval": "000000"},
        {"amount": "1430,51"},
        {"to": (NOON - timedelta(days=1)).date().isoformat()},
        {"from": (NOON + timedelta(days=1)).date().isoformat()},
        {"state": "declined"},
        {"way": "cash"},
        {"number": paid.order_number, "state": "declined"},
    ):
        assert not shows(sought(farid, **what), paid), what


def test_what_is_personal_stands_in_no_address(farid: FormClient, paid: Payment, open_bill: Bill) -> None:
    what = {"email": EMAIL, "number": open_bill.payment_number, "card": "1234", "customer": "C000001", "state": "paid"}
    address = farid.post(PAYMENTS, what).headers["Location"]
    for word in (EMAIL, "example", open_bill.payment_number, "1234", "C000001"):
        assert word not in address
    assert "state=paid" in address
    assert paid.id


@pytest.mark.parametrize("card", ["6280581110007215", "6280 5811 1000 7215", "4111111111111111"])
def test_a_card_number_is_refused_and_not_given_back(farid: FormClient, card: str) -> None:
    answer = farid.post(PAYMENTS, {"number": card})
    assert answer.status_code == 422
    assert card not in answer.content.decode()
    assert card[-4:] not in answer.content.decode()
    assert "numéro de carte" in answer.content.decode()


def test_four_digits_are_four_digits(farid: FormClient) -> None:
    answer = farid.post(PAYMENTS, {"card": "72x5", "amount": "lots"})
    assert answer.status_code == 422
    assert answer.content.decode().count('aria-invalid="true"') == 2


def test_the_page_tells_everything_that_happened(farid: FormClient, paid: Payment, open_bill: Bill) -> None:
    page = farid.get(f"{PAYMENTS}{paid.id}/").content.decode()
    for word in (
        paid.order_number,
        open_bill.payment_number,
        open_bill.customer.number,
        paid.approval_code,
        paid.masked_card,
        EMAIL,
        Receipt.objects.get().facts["number"],
        "Message à la plateforme : ouvrir la commande",
        "Question à la plateforme : que s&#x27;est-il passé ?",
        "HTTP 200",
        "→ orderNumber",
        "← approval_code",
    ):
        assert word in page, word
    assert AMINAS_CARD.number not in page
    entry = AuditEntry.objects.get(action="read_payment")
    assert entry.target == f"payment:{paid.id}"


def test_the_list_is_taken_away_as_it_is_on_screen(farid: FormClient, paid: Payment, open_company: Company) -> None:
    add_bill(open_company, seed=2)
    answer = farid.get(f"{PAYMENTS}?state=paid&as=csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][0] == paid.order_number
    assert "1430,50" in rows[1]
    assert AuditEntry.objects.get(action="read_payments_export").details == {
        "form": "csv",
        "narrowed_by": ["state"],
    }
    assert farid.get(f"{PAYMENTS}?state=declined&as=xlsx").getvalue()[:2] == b"PK"


def test_nobody_sees_another_companys_payment(paid: Payment) -> None:
    tafna = client_of(Role.FINANCE, add_company("tafna"))
    assert tafna.get(f"{PAYMENTS}{paid.id}/").status_code == 404
    for what in ({"number": paid.order_number}, {"email": EMAIL}, {"state": "paid"}, {"number": reference(paid)}):
        assert not shows(sought(tafna, **what), paid)
    assert paid.order_number not in tafna.get(f"{PAYMENTS}?as=csv").getvalue().decode()


def test_a_director_reads_the_payment_before_approving_its_refund(paid: Payment, open_company: Company) -> None:
    director = client_of(Role.DIRECTOR, open_company)
    assert shows(director.get(PAYMENTS), paid)
    page = director.get(f"{PAYMENTS}{paid.id}/")
    assert page.status_code == 200
    assert "/office/refunds/ask/" not in page.content.decode()


@pytest.mark.parametrize("role", [Role.CASHIER, Role.COMMUNICATION, Role.ADMINISTRATOR])
def test_only_who_may_see_payments_gets_there(paid: Payment, open_company: Company, role: Role) -> None:
    client = client_of(role, open_company)
    assert client.get(PAYMENTS).status_code == 403
    assert client.get(f"{PAYMENTS}{paid.id}/").status_code == 403
    assert "/office/payments/" not in client.get("/fr/staff/").content.decode()


def test_the_head_of_an_agency_sees_what_was_paid_there_and_finds_what_was_paid_online_by_its_number(
    paid: Payment, open_company: Company, farid: FormClient
) -> None:
    at = add_agency(open_company)
    cash(open_desk(at), add_bill(open_company, seed=7))
    here = Payment.objects.get(agency=at.agency)
    houria = FormClient()
    signed_in(at.houria, client=houria)
    assert shows(houria.get(PAYMENTS), here)
    assert not shows(houria.get(PAYMENTS), paid)
    assert shows(sought(houria, number=paid.order_number), paid)
    assert houria.get(f"{PAYMENTS}{paid.id}/").status_code == 200
    assert "AG07-C1" in houria.get(f"{PAYMENTS}{here.id}/").content.decode()
    assert shows(sought(farid, agency=str(at.agency.id)), here)

    elsewhere = FormClient()
    head = add_person("head@arzew.example", Role.AGENCY_HEAD, company=open_company, agency=at.samir_agency)
    signed_in(head, client=elsewhere)
    assert not shows(sought(elsewhere, number=here.order_number), here)
    assert not shows(sought(elsewhere, agency=str(at.agency.id)), here)
    assert elsewhere.get(f"{PAYMENTS}{here.id}/").status_code == 404
    assert here.order_number not in elsewhere.get(f"{PAYMENTS}?as=csv").getvalue().decode()


def test_lists_call_an_agency_by_its_name_in_the_language_of_the_page(open_company: Company, farid: FormClient) -> None:
    at = add_agency(open_company)
    cash(open_desk(at), add_bill(open_company, seed=31))
    for language, name in (("fr", at.agency.name_fr), ("ar", at.agency.name_ar)):
        rows = farid.get(f"/{language}/office/payments/").content.decode().partition("<tbody>")[2]
        assert name in rows
        assert at.agency.code not in rows.partition("</tbody>")[0].replace(f"-{at.agency.code}", "")


def test_a_cashier_who_heads_another_agency_sees_only_the_one_he_heads(open_company: Company) -> None:
    at = add_agency(open_company)
    cash(open_desk(at), add_bill(open_company, seed=7))
    both = add_person("both@oran.example", Role.CASHIER, company=open_company, agency=at.agency)
    from bawabati.people.writes import give_role  # noqa: PLC0415 - settings first

    give_role(staff=both, role=Role.AGENCY_HEAD, company=open_company, agency=at.samir_agency)
    client = FormClient()
    signed_in(both, client=client, agency=at.agency)
    assert not shows(client.get(PAYMENTS), Payment.objects.get())


def test_what_is_looked_for_stands_in_no_log(
    farid: FormClient,
    paid: Payment,
    open_bill: Bill,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    sought(farid, email=EMAIL, number=open_bill.payment_number, card="7215", customer=open_bill.customer.number)
    farid.get(f"{PAYMENTS}{paid.id}/")
    logged = "".join(capfd.readouterr()) + caplog.text
    for word in (EMAIL, open_bill.payment_number, "7215", open_bill.customer.number, "for="):
        assert word not in logged, word
    assert not AuditEntry.objects.filter(details__icontains="amina").exists()

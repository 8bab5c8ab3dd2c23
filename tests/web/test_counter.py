"""A cashier at the pages of the desk."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from agency import At, add_agency
from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company, Desk, Reader
from bawabati.payments.models import Sale
from bawabati.people.models import Staff
from desks import add_counter, fetch, take
from payers import FormClient
from people import OMAR, add_bill
from staff import signed_in

pytestmark = pytest.mark.usefixtures("collected")
COUNTER = "/fr/counter/"


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


@pytest.fixture
def warda(at: At) -> Client:
    return signed_in(at.warda, client=FormClient())


@pytest.fixture
def by_hand(at: At) -> Reader:
    return Reader.objects.create(company=at.company, agency=at.agency, serial="TPE-1", desk=at.first)


def words_of(answer: object) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


def plain(answer: object) -> str:
    return re.sub(r"\s+", " ", words_of(answer))


def hidden(answer: object, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', answer.content.decode())  # type: ignore[attr-defined]
    assert found, f"no {name}"
    return unescape(found[1])


def open_session(client: Client, at: At) -> None:
    answer = client.post(f"{COUNTER}open/", {"desk": at.first.id, "pieces_100000": "5"})
    assert (answer.status_code, answer.headers.get("Location")) == (303, COUNTER), words_of(answer)


def found(client: Client, words: str) -> str:
    answer = client.post(COUNTER, {"words": words})
    assert answer.status_code == 303, words_of(answer)
    return str(answer.headers["Location"])


def test_whoever_has_no_session_is_led_to_opening_one(warda: Client, at: At) -> None:
    assert warda.get(COUNTER).headers["Location"] == f"{COUNTER}open/"
    assert "AG07-C1" in words_of(warda.get(f"{COUNTER}open/"))
    open_session(warda, at)
    assert warda.get(COUNTER).status_code == 200


@pytest.mark.usefixtures("by_hand")
def test_a_scanned_bill_is_ticked_and_paid_by_a_card_keyed_by_hand(warda: Client, at: At, company: Company) -> None:
    bill: Bill = add_bill(company)
    open_session(warda, at)
    address = found(warda, f"https://pay.example/q/oran/{bill.payment_number}/")
    page = warda.get(address)
    assert "Amina Benali" in words_of(page)
    answer = warda.post(address, {"seen": hidden(page, "seen"), "bill": bill.id, "way": "card"})
    sale = Sale.objects.get()
    assert answer.headers["Location"] == f"{COUNTER}sale/{sale.id}/", words_of(answer)
    assert "1 430,50" in words_of(warda.get(f"{COUNTER}sale/{sale.id}/")).replace("\u00a0", " ")
    typed = {
        "approval_code": "A12345",
        "last_four": "4242",
        "slip_number": "17",
        "slip_on": f"{sale.opened_at:%Y-%m-%d}",
    }
    answer = warda.post(f"{COUNTER}sale/{sale.id}/approval/", typed)
    assert answer.status_code == 303, words_of(answer)
    assert "Pay" in words_of(warda.get(f"{COUNTER}sale/{sale.id}/"))
    printed = warda.post(f"{COUNTER}sale/{sale.id}/print/")
    assert "DUPLICATA" not in words_of(printed)
    assert "DUPLICATA" in words_of(warda.post(f"{COUNTER}reprint/"))
    assert warda.get(f"{COUNTER}session/").status_code == 200
    assert warda.get(f"{COUNTER}scanner/").status_code == 200
    closed = warda.post(f"{COUNTER}close/", {"pieces_100000": "4"})
    assert closed.status_code == 422
    closed = warda.post(f"{COUNTER}close/", {"pieces_100000": "5"})
    assert closed.status_code == 303, words_of(closed)
    assert warda.get(closed.headers["Location"]).status_code == 200


def test_cash_shows_the_stamp_duty_apart_and_what_to_give_back(warda: Client, at: At, company: Company) -> None:
    bill: Bill = add_bill(company)
    open_session(warda, at)
    address = found(warda, bill.payment_number)
    seen = hidden(warda.get(address), "seen")
    page = warda.post(address, {"seen": seen, "bill": bill.id, "way": "cash"})
    assert "Droit de timbre 15,00 DA" in plain(page)
    assert "1 445,50 DA" in plain(page)
    filled = {"seen": hidden(page, "seen"), "bill": bill.id, "way": "cash"}
    short = warda.post(address, filled | {"tendered": "1440"})
    assert short.status_code == 422
    assert "1440" in short.content.decode()
    assert "Il manque 5,50 DA" in plain(short)
    assert warda.post(address, filled | {"tendered": "a lot"}).status_code == 422
    paid = warda.post(address, filled | {"tendered": "1500"})
    assert paid.status_code == 303, plain(paid)
    assert "54,50 DA" in plain(warda.get(paid.headers["Location"]))
    again = warda.post(address, filled | {"tendered": "1500"})
    assert again.headers["Location"] == paid.headers["Location"]
    told = plain(warda.get(found(warda, bill.payment_number)))
    assert f"La facture {bill.bill_number} est payée" in told
    assert "espèces" in told


def test_a_cheque_needs_its_number_and_bank(warda: Client, at: At, company: Company) -> None:
    bill: Bill = add_bill(company)
    open_session(warda, at)
    address = found(warda, bill.bill_number)
    page = warda.post(address, {"seen": hidden(warda.get(address), "seen"), "bill": bill.id, "way": "cheque"})
    filled = {"seen": hidden(page, "seen"), "bill": bill.id, "way": "cheque", "cheque_bank": "BNA"}
    assert warda.post(address, filled | {"cheque_number": ""}).status_code == 422
    paid = warda.post(address, filled | {"cheque_number": "0012345"})
    assert paid.status_code == 303, plain(paid)
    assert Sale.objects.get().cheque_number == "0012345"


def test_amounts_are_not_the_browsers_to_say(warda: Client, at: At, company: Company) -> None:
    mine, other = add_bill(company), add_bill(company, seed=2)
    open_session(warda, at)
    address = found(warda, mine.payment_number)
    seen = hidden(warda.get(address), "seen")
    forged = warda.post(address, {"seen": seen, "bill": other.id, "way": "cash", "tendered": "5000"})
    assert forged.status_code == 422
    tampered = warda.post(address, {"seen": seen[:-2] + "aa", "bill": mine.id, "way": "cash", "tendered": "5000"})
    assert tampered.status_code == 422
    assert not Sale.objects.exists()


def test_a_customers_bills_open_for_whoever_looked_him_up(warda: Client, at: At, company: Company) -> None:
    bill = add_bill(company)
    open_session(warda, at)
    address = found(warda, bill.payment_number)
    reda = signed_in(at.reda, client=FormClient())
    reda.post(f"{COUNTER}open/", {"desk": at.second.id, "pieces_100000": "5"})
    assert reda.get(address).status_code == 404
    entry = AuditEntry.objects.get(action="find_at_desk")
    assert (entry.staff_id, entry.details) == (at.warda.id, {"by": "payment_number", "customers": [bill.customer_id]})


@pytest.mark.parametrize("words", ["", "  ", "ab", "nobody of that name", "6280581110007215", "\0", "x" * 300])
def test_what_finds_nobody_is_said_beside_the_box(warda: Client, at: At, words: str) -> None:
    open_session(warda, at)
    answer = warda.post(COUNTER, {"words": words})
    assert answer.status_code == 422
    assert "6280581110007215" not in answer.content.decode()


def test_several_of_one_name_are_offered(warda: Client, at: At, company: Company) -> None:
    add_bill(company)
    add_bill(company, seed=2)
    open_session(warda, at)
    page = warda.post(COUNTER, {"words": "amina"})
    assert page.status_code == 200
    assert page.content.decode().count("/customer/") == 2


@pytest.mark.parametrize("path", ["", "session/", "close/", "scanner/", "reprint/", "sale/1/", "sale/1/print/"])
def test_the_counter_opens_for_cashiers_alone(at: At, path: str) -> None:
    omar = signed_in(Staff.objects.get(login=OMAR), client=FormClient())
    assert omar.get(f"{COUNTER}{path}").status_code == 403
    assert Client().get(f"{COUNTER}{path}").status_code == 303
    samir = signed_in(at.samir, client=FormClient())
    assert samir.get(f"{COUNTER}{path}").headers["Location"] == f"{COUNTER}open/"


def test_a_sale_of_another_agency_is_not_there(warda: Client, at: At, company: Company) -> None:
    bill = add_bill(company)
    open_session(warda, at)
    address = found(warda, bill.payment_number)
    cash = {"seen": hidden(warda.get(address), "seen"), "bill": bill.id, "way": "cash", "tendered": "5000"}
    sale = warda.post(address, cash).headers["Location"]
    elsewhere = Desk.objects.create(company=company, agency=Agency.objects.get(code="AG08"), code="AG08-C1")
    samir = signed_in(at.samir, client=FormClient())
    samir.post(f"{COUNTER}open/", {"desk": elsewhere.id, "pieces_100000": "1"})
    assert samir.get(f"{COUNTER}").status_code == 200
    for path in (sale, f"{sale}live/", f"{sale}print/"):
        assert samir.post(path).status_code in {404, 405}
    assert samir.get(sale).status_code == 404


STRANGE = [
    "\0",
    "x" * 5_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "-1",
    "9" * 40,
    "<b>",
    "\u202e12",
]


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("strange", STRANGE)
def test_strange_values_get_an_answer_and_never_break_a_page(warda: Client, at: At, strange: str) -> None:
    bill: Bill = add_bill(at.company)
    answers = [warda.post(f"{COUNTER}open/", {"desk": strange, "pieces_100000": strange})]
    open_session(warda, at)
    address = found(warda, bill.payment_number)
    seen = hidden(warda.get(address), "seen")
    chosen = {"seen": seen, "bill": bill.id, "in_spite_of": strange}
    answers += [
        warda.get(f"{COUNTER}customer/{strange[:50]}/"),
        warda.post(COUNTER, {"words": strange}),
        warda.post(address, {"seen": strange, "bill": strange, "way": strange}),
        warda.post(address, {"check": strange}),
        warda.post(address, chosen | {"way": "cash", "tendered": strange}),
        warda.post(address, chosen | {"way": "cheque", "cheque_number": strange, "cheque_bank": strange}),
        warda.post(address, chosen | {"way": "card"}),
    ]
    sale = f"{COUNTER}sale/{Sale.objects.latest('id').id}/"
    slip = dict.fromkeys(("approval_code", "last_four", "slip_number", "slip_on", "what", "because"), strange)
    answers += [
        warda.post(f"{sale}approval/", slip),
        warda.post(f"{sale}resolve/", slip),
        warda.post(f"{sale}resolve/", slip | {"what": "confirmed_paid"}),
        warda.post(f"{sale}refusal/", {"reason": strange}),
        warda.post(f"{COUNTER}close/", {"pieces_100000": strange, "because": strange}),
        warda.post(f"{COUNTER}close/", {"pieces_100000": "1", "because": strange}),
    ]
    assert all(answer.status_code < 500 for answer in answers)


def test_a_reader_that_only_its_red_key_stops_offers_no_cancelling(company: Company) -> None:
    counter = add_counter(company, protocol="caisse_ap", now=timezone.now())
    sale = take(counter, add_bill(company), now=timezone.now())
    client = signed_in(counter.cashier, agency=counter.agency, client=FormClient())
    address = f"{COUNTER}sale/{sale.id}/"
    assert f"{address}cancel/" in client.get(address).content.decode()
    fetch(counter, sale, now=timezone.now())
    page = client.get(address)
    assert f"{address}cancel/" not in page.content.decode()
    assert "touche rouge" in plain(page)

"""The head of an agency, and the operator of its readers, at their pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from agency import At, add_agency
from bawabati.bills.models import Bill
from bawabati.companies.models import Bridge, Company, Desk, Reader
from bawabati.flows.open_session import open_session
from bawabati.flows.start_payment import TERMS, start_payment
from bawabati.flows.steps.seen_bills import SeenBill
from bawabati.flows.take_card import take_card
from bawabati.flows.type_approval import type_approval
from bawabati.money.amount import Money
from bawabati.payments.models import Hold, Payment, Sale
from bawabati.people.models import Staff
from desks import happened_to
from payers import FormClient
from people import OMAR, add_bill
from staff import signed_in

if TYPE_CHECKING:
    from bawabati.desks.models import DeskSession

pytestmark = pytest.mark.usefixtures("collected")
AGENCY = "/fr/agency/"
READERS = "/fr/office/readers/"
ABOVE_THE_LIMIT = 20_000_00


@pytest.fixture
def at(company: Company) -> At:
    at = add_agency(company)
    Reader.objects.create(company=company, agency=at.agency, serial="TPE-1", desk=at.first)
    return at


@pytest.fixture
def houria(at: At) -> FormClient:
    return client_of(at.houria)


@pytest.fixture
def omar(company: Company) -> FormClient:  # noqa: ARG001 - whose operator he is
    return client_of(Staff.objects.get(login=OMAR))


def client_of(staff: Staff) -> FormClient:
    client = FormClient()
    signed_in(staff, client=client)
    return client


def plain(answer: Any) -> str:  # noqa: ANN401 - a response of the client
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def a_session(at: At) -> DeskSession:
    return open_session(desk_id=at.first.id, counted={1_000_00: 5}, staff=at.warda, now=timezone.now())


def a_typed_sale(at: At, session: DeskSession, bill: Bill) -> Sale:
    """A card keyed by hand; above the limit it waits for a second person."""
    left = Money(bill.due_centimes)
    sale = take_card(
        session_id=session.id,
        seen=[SeenBill(bill_id=bill.id, version=1, left=left, amount=left)],
        start_key=f"key {bill.id}",
        language="fr",
        in_spite_of="",
        staff=at.warda,
        now=timezone.now(),
    )
    return type_approval(
        sale_id=sale.id,
        approval_code=f"A{bill.id:05}",
        last_four="4242",
        slip_number=str(bill.id),
        slip_on=timezone.localdate(),
        staff=at.warda,
        now=timezone.now(),
    )


def test_the_head_sees_desks_readers_and_sales_that_wait(houria: FormClient, at: At, company: Company) -> None:
    sale = a_typed_sale(at, a_session(at), add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    page = plain(houria.get(AGENCY))
    assert "AG07-C1" in page
    assert "Warda" in page
    assert sale.reference in page
    assert "attend deux personnes" in page


def test_the_page_looks_otherwise_only_when_something_has_changed(houria: FormClient, at: At) -> None:
    first = houria.get(f"{AGENCY}look/").json()["mark"]
    assert houria.get(f"{AGENCY}look/").json()["mark"] == first
    assert f'data-mark="{first}"' in houria.get(AGENCY).content.decode()
    a_session(at)
    assert houria.get(f"{AGENCY}look/").json()["mark"] != first


def test_a_slip_above_the_limit_is_confirmed_by_another_person(houria: FormClient, at: At, company: Company) -> None:
    sale = a_typed_sale(at, a_session(at), add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    address = f"{AGENCY}sale/{sale.id}/"
    warda = client_of(at.warda)
    assert warda.post(f"{address}confirm/", {"agrees": "yes"}).status_code == 403
    assert "Confirmez, le ticket en main" in plain(houria.get(address))
    assert houria.post(f"{address}confirm/", {"agrees": "yes", "seen": happened_to(sale)}).status_code == 303
    assert Sale.objects.get().state == "settled"


def test_nobody_agrees_with_what_was_said_since_he_looked(houria: FormClient, at: At, company: Company) -> None:
    sale = a_typed_sale(at, a_session(at), add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    seen = happened_to(sale)
    said = {"what": "confirmed_not_processed", "because": "the slip says REFUSED"}
    assert client_of(at.warda).post(f"/fr/counter/sale/{sale.id}/resolve/", said).status_code == 303
    answer = houria.post(f"{AGENCY}sale/{sale.id}/confirm/", {"agrees": "yes", "seen": seen})
    assert "Regardez-la de nouveau" in plain(answer)
    assert Sale.objects.get().state == "review"


def test_what_one_person_says_another_confirms(houria: FormClient, at: At, company: Company) -> None:
    sale = a_typed_sale(at, a_session(at), add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    warda = client_of(at.warda)
    resolve = f"/fr/counter/sale/{sale.id}/resolve/"
    assert warda.post(resolve, {}).status_code == 422
    assert warda.post(resolve, {"what": "confirmed_not_processed", "because": ""}).status_code == 422
    said = {"what": "confirmed_not_processed", "because": "the slip says REFUSED"}
    assert warda.post(resolve, said).status_code == 303
    address = f"{AGENCY}sale/{sale.id}/"
    assert "the slip says REFUSED" in plain(houria.get(address))
    assert houria.post(f"{address}confirm/", {"agrees": "no", "seen": happened_to(sale)}).status_code == 303
    assert Sale.objects.get().state == "review"
    assert warda.post(resolve, said).status_code == 303
    assert houria.post(f"{address}confirm/", {"agrees": "yes", "seen": happened_to(sale)}).status_code == 303
    assert Sale.objects.get().state == "not_processed"


def test_a_reader_keyed_by_hand_reverses_nothing_by_itself(houria: FormClient, at: At, company: Company) -> None:
    sale = a_typed_sale(at, a_session(at), add_bill(company))
    answer = houria.post(f"{AGENCY}sale/{sale.id}/reverse/", {"because": "paid for another"})
    assert answer.status_code == 422
    assert Sale.objects.get().state == "settled"


def test_a_bill_that_is_being_paid_online_is_released_with_a_reason(open_company: Company) -> None:
    houria, bill = client_of(add_agency(open_company).houria), add_bill(open_company)
    hold_online(open_company, bill)
    holds = f"{AGENCY}holds/"
    assert houria.post(holds, {"words": "nothing"}).status_code == 422
    page = houria.post(holds, {"words": bill.payment_number})
    assert "en ligne" in plain(page)
    hold = Hold.objects.get()
    asked = {"words": bill.payment_number, "hold": hold.id}
    assert houria.post(holds, asked | {"because": ""}).status_code == 422
    freed = houria.post(holds, asked | {"because": "the customer cannot wait"})
    assert "La facture est libre" in plain(freed)
    assert not Hold.objects.exists()


def hold_online(company: Company, bill: Bill) -> Payment:
    from bawabati.companies.reads import current_texts  # noqa: PLC0415 - beside its use

    terms = current_texts(company_id=company.id, kinds=TERMS, language="fr", now=timezone.now())
    left = Money(bill.due_centimes)
    return start_payment(
        company=company,
        seen=[SeenBill(bill_id=bill.id, version=1, left=left, amount=left)],
        start_key="online",
        language="fr",
        payment_terms_id=terms[0].id,
        sale_terms_id=terms[1].id,
        email="",
        now=timezone.now(),
    )


def test_the_till_sees_the_live_attempt_and_goes_on_with_a_reason_only(open_company: Company) -> None:
    at, bill = add_agency(open_company), add_bill(open_company)
    hold_online(open_company, bill)
    a_session(at)
    warda = client_of(at.warda)
    address = warda.post("/fr/counter/", {"words": bill.payment_number}).headers["Location"]
    page = warda.get(address)
    assert "a commencé à la payer en ligne" in plain(page)
    seen = re.search(r'name="seen"\s+value="([^"]*)"', page.content.decode())
    assert seen is not None
    paying = {"seen": seen[1], "bill": bill.id, "way": "cash", "tendered": "5000"}
    without_reason = warda.post(address, paying)
    assert without_reason.status_code == 422
    assert "dites pourquoi vous continuez" in plain(without_reason)
    checked = warda.post(address, {"check": Payment.objects.get().id})
    assert "la banque ne dit encore rien de définitif" in plain(checked)
    assert warda.post(address, paying | {"in_spite_of": "the payer stands here"}).status_code == 303
    assert Sale.objects.get().in_spite_of == "the payer stands here"


def test_the_head_closes_a_session_and_signs_the_day(houria: FormClient, at: At, company: Company) -> None:
    session = a_session(at)
    a_typed_sale(at, session, add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    close = f"{AGENCY}session/{session.id}/close/"
    counted = {"pieces_100000": "5"}
    assert houria.get(close).status_code == 200
    refused = houria.post(close, counted)
    assert "Je remets" in plain(refused)
    assert houria.post(f"{AGENCY}day/").status_code == 422
    assert houria.post(close, counted | {"handing_over": "yes"}).status_code == 303
    assert "signe" in plain(houria.post(f"{AGENCY}day/"))
    signed = houria.post(f"{AGENCY}day/", {"signs_unknown": "yes"})
    assert signed.status_code == 303
    assert "Signée par Houria" in plain(houria.get(signed.headers["Location"]))
    assert houria.get(f"{AGENCY}day/2026-13-45/").status_code == 404


def test_what_the_head_signs_for_stays_ticked_while_a_difference_is_explained(
    houria: FormClient, at: At, company: Company
) -> None:
    session = a_session(at)
    a_typed_sale(at, session, add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    close = f"{AGENCY}session/{session.id}/close/"
    short = {"pieces_100000": "4", "handing_over": "yes"}
    refused = houria.post(close, short)
    assert "devrait contenir" in plain(refused)
    assert re.search(r'name="handing_over"\s+value="yes"\s+checked', refused.content.decode())
    assert houria.post(close, short | {"because": "counted twice"}).status_code == 303


@pytest.mark.parametrize("path", ["", "look/", "holds/", "day/", "sale/1/"])
def test_an_agency_opens_for_its_own_head_alone(at: At, path: str) -> None:
    assert client_of(at.samir).get(f"{AGENCY}{path}").status_code == 403
    assert FormClient().get(f"{AGENCY}{path}").status_code == 303


def test_the_share_of_agencies_with_a_reader_is_counted(omar: FormClient, at: At) -> None:
    page = plain(omar.get(READERS))
    assert "1 / 2" in page
    assert "TPE-1" in page
    assert "Agence Arzew" in page
    assert str(at.agency.code) in page


def test_the_operator_adds_a_desk_a_bridge_and_a_reader(omar: FormClient, at: At, company: Company) -> None:
    add_desk = "/fr/office/desks/add/"
    assert omar.post(add_desk, {"agency": at.agency.id, "code": "a b"}).status_code == 422
    assert omar.post(add_desk, {"agency": "", "code": "AG07-C3"}).status_code == 422
    assert omar.post(add_desk, {"agency": at.agency.id, "code": "ag07-c3", "is_active": "yes"}).status_code == 303
    desk = Desk.objects.get(code="AG07-C3")
    shown = omar.post("/fr/office/bridges/code/", {"agency": at.agency.id, "name": "AG07"})
    assert re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", shown.content.decode())
    bridge = Bridge.objects.get()
    described = {
        "agency": at.agency.id,
        "serial": "0012",
        "model": "SIM1000",
        "protocol": "nexo",
        "is_active": "yes",
        "desk": desk.id,
        "bridge": bridge.id,
        "poi_id": "SIM1000-0012",
        "host": "192.168.7.20",
        "port": "8443",
        "tls_ca_pem": "-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----",
        "key_version": "1",
        "passphrase": "a secret of the bank",
        "printer_host": "192.168.7.30",
    }
    add_reader = f"{READERS}add/"
    assert omar.post(add_reader, described | {"host": ""}).status_code == 422
    assert omar.post(add_reader, described | {"desk": at.first.id}).status_code == 422
    assert omar.post(add_reader, described).status_code == 303
    reader = Reader.objects.get(serial="0012", company=company)
    assert reader.options["printer"] == {"host": "192.168.7.30", "port": 9100}
    assert reader.passphrase_sealed is not None
    edit = f"{READERS}{reader.id}/"
    page = omar.get(edit).content.decode()
    assert "192.168.7.20" in page
    assert "a secret of the bank" not in page
    assert omar.post(edit, described | {"passphrase": "", "model": "SIM2000"}).status_code == 303
    again = Reader.objects.get(id=reader.id)
    assert (again.model, again.passphrase_sealed) == ("SIM2000", reader.passphrase_sealed)


def test_a_reader_with_a_sale_on_it_stays_as_it_is(omar: FormClient, at: At, company: Company) -> None:
    bill, session = add_bill(company), a_session(at)
    left = Money(bill.due_centimes)
    take_card(
        session_id=session.id,
        seen=[SeenBill(bill_id=bill.id, version=1, left=left, amount=left)],
        start_key="key",
        language="fr",
        in_spite_of="",
        staff=at.warda,
        now=timezone.now(),
    )
    reader = Reader.objects.get()
    moved = {"agency": at.agency.id, "protocol": "manual", "desk": at.second.id, "is_active": "yes"}
    assert omar.post(f"{READERS}{reader.id}/", moved).status_code == 422
    assert Reader.objects.get().desk_id == at.first.id


@pytest.mark.parametrize("path", ["readers/", "readers/add/", "desks/add/", "bridges/code/"])
def test_the_fleet_opens_for_operators_alone(at: At, path: str) -> None:
    assert client_of(at.houria).get(f"/fr/office/{path}").status_code == 403


@pytest.mark.parametrize("strange", ["\0", "x" * 5_000, "-1", "9" * 40, "\u202e12"])
def test_strange_values_get_an_answer_and_never_break_a_page(
    houria: FormClient, omar: FormClient, at: At, company: Company, strange: str
) -> None:
    sale = a_typed_sale(at, a_session(at), add_bill(company, due_centimes=ABOVE_THE_LIMIT))
    reader = Reader.objects.get()
    slip = dict.fromkeys(("approval_code", "last_four", "slip_number", "slip_on", "because"), strange)
    names = ("serial", "model", "poi_id", "host", "port", "till", "key_version", "tls_ca_pem", "printer_host")
    described = dict.fromkeys((*names, "printer_port", "passphrase"), strange) | {"agency": at.agency.id}
    answers = [
        houria.post(f"{AGENCY}holds/", {"words": strange, "hold": strange, "because": strange}),
        houria.post(f"{AGENCY}sale/{sale.id}/resolve/", slip | {"what": "confirmed_not_processed"}),
        houria.post(f"{AGENCY}sale/{sale.id}/confirm/", {"agrees": strange}),
        houria.post(f"{AGENCY}sale/{sale.id}/reverse/", {"because": strange}),
        omar.post(f"{READERS}add/", described | {"protocol": strange}),
        omar.post(f"{READERS}add/", described | {"protocol": "manual", "serial": "S-1"}),
        omar.post(f"{READERS}{reader.id}/", described | {"protocol": "manual", "desk": strange, "bridge": strange}),
        omar.post("/fr/office/desks/add/", {"agency": strange, "code": strange, "name": strange}),
        omar.post("/fr/office/desks/add/", {"agency": at.agency.id, "code": "D-1", "name": strange}),
        omar.post("/fr/office/bridges/code/", {"agency": at.agency.id, "name": strange}),
    ]
    assert all(answer.status_code < 500 for answer in answers)

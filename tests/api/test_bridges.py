"""What bridges say and hear, over HTTP: enrolled once, orders given once, results kept once, nothing believed twice."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency_bridge.drivers.contract import Facts
from bawabati.api.site import openapi
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.flows.close_session import close_session
from bawabati.flows.enrol_bridge import make_enrolment_code
from bawabati.flows.set_aside_block import set_aside_block
from bawabati.payments.models import Payment, ReaderOrder, Sale
from bawabati.payments.rules.sales import SaleState
from bawabati.people.rules import NotAllowed
from bawabati.receipts.models import Receipt
from desks import Counter, add_counter, order_of, take
from house.source import ROOT
from people import OMAR, add_bill

pytestmark = pytest.mark.usefixtures("database", "collected")

Answer = Any
"""Of Django's test client: an HttpResponse with `json()`."""
KEY = "k" * 43
CALLS = "/api/bridge/v1"


@pytest.fixture
def counter(company: Company) -> Counter:
    return add_counter(company, now=timezone.now())


class AsBridge:
    """A bridge's side of the wire."""

    def __init__(self, counter: Counter) -> None:
        code = make_enrolment_code(agency=counter.agency, name=counter.bridge.name, login=OMAR, now=timezone.now())
        self.client = Client()
        told = self.post("enrolment", {"code": code, "key": KEY, "software": "0.1.0"}, key=None).json()
        self.number, self.code = told["bridge"], code
        Reader.objects.filter(id=counter.reader.id).update(bridge_id=self.number)

    def post(self, call: str, body: object, *, key: str | None = KEY) -> Answer:
        headers = {"Authorization": f"Bearer {self.number}.{key}"} if key else {}
        return self.client.post(f"{CALLS}/{call}", json.dumps(body), content_type="application/json", headers=headers)

    def orders(self) -> Answer:
        return self.client.get(f"{CALLS}/orders?wait=0", headers={"Authorization": f"Bearer {self.number}.{KEY}"})


@pytest.fixture
def bridge(counter: Counter) -> AsBridge:
    return AsBridge(counter)


def approved(sale: Sale) -> dict[str, Any]:
    sale.refresh_from_db()
    assert sale.reader is not None
    return {
        "outcome": "approved",
        "at": timezone.now().isoformat(),
        "boot": "1",
        "answer": {
            "service_id": sale.service_id,
            "poi_id": sale.reader.poi_id,
            "sale_reference": sale.reference,
            "echoes_reference": True,
            "amount_centimes": sale.amount_centimes,
            "currency": "DZD",
            "approval_code": "481234",
            "masked_card": "628058******1234",
            "poi_transaction_id": "T1",
            "slip": {"customer": ["MERCI"], "merchant": []},
            "field_of_tomorrow": 1,
        },
        "message": "6280581110007215 approved",
    }


def test_a_bridge_joins_with_its_code_once_and_says_so_again(counter: Counter, bridge: AsBridge) -> None:
    again = bridge.post("enrolment", {"code": bridge.code, "key": KEY}, key=None)
    assert (again.status_code, again.json()["agency"]) == (200, counter.agency.code)
    other = bridge.post("enrolment", {"code": bridge.code, "key": "z" * 43}, key=None)
    assert (other.status_code, other.json()["code"]) == (409, "code_spent")
    unknown = bridge.post("enrolment", {"code": "AAAA-BBBB-CCCC", "key": KEY}, key=None)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_code")


def test_what_a_protocol_does_not_say_may_be_nothing_or_empty_or_null(
    counter: Counter, bridge: AsBridge, bill: Bill
) -> None:
    """As the bridge's own drivers write it."""
    sale = take(counter, bill, now=timezone.now())
    order = order_of(sale)
    bridge.post(f"orders/{order.id}/taken", {})
    result = {"outcome": "unknown", "at": timezone.now().isoformat(), "boot": "", "answer": asdict(Facts())}
    answer = bridge.post(f"orders/{order.id}/result", result)
    assert (answer.status_code, answer.json()) == (200, {"acknowledged": True})


def test_only_digests_of_code_and_key_are_kept(bridge: AsBridge) -> None:
    kept = json.dumps(list(Bridge.objects.filter(id=bridge.number).values()), default=str)
    assert KEY not in kept
    assert bridge.code not in kept


def test_a_code_is_made_by_who_manages_readers(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        make_enrolment_code(agency=counter.agency, name="x", login=counter.cashier.login, now=timezone.now())


@pytest.mark.parametrize("bearer", ["", "1", "1.", "x.y", "99999999999.k", f"0.{KEY}", "1.wrong"])
def test_strangers_are_all_told_the_same(counter: Counter, bearer: str) -> None:  # noqa: ARG001 - it is there
    answer = Client().get(f"{CALLS}/orders", headers={"Authorization": f"Bearer {bearer}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


def test_a_sale_goes_to_the_reader_and_comes_back_settled(counter: Counter, bridge: AsBridge, bill: Bill) -> None:
    sale = take(counter, bill, now=timezone.now())
    told = bridge.orders().json()
    (order,) = told["orders"]
    assert (order["kind"], order["taken"], order["body"]["amount_centimes"]) == ("pay", False, sale.amount_centimes)
    assert told["readers"][0]["poi_id"] == counter.reader.poi_id
    assert bridge.post(f"orders/{order['id']}/result", approved(sale)).json()["code"] == "order_not_taken"
    for _ in range(2):
        assert bridge.post(f"orders/{order['id']}/taken", {}).json() == {"go": True}
    assert bridge.post(f"orders/{order['id']}/progress", {"step": "enter_code"}).status_code == 204
    assert Sale.objects.get(id=sale.id).step == "enter_code"
    for _ in range(2):
        answer = bridge.post(f"orders/{order['id']}/result", approved(sale))
        assert (answer.status_code, answer.json()) == (200, {"acknowledged": True})
    assert Sale.objects.get(id=sale.id).state == SaleState.SETTLED
    assert Receipt.objects.count() == 1
    assert bridge.orders().json()["orders"] == []


def test_a_card_number_that_a_bridge_forgot_to_mask_is_masked_here(
    counter: Counter, bridge: AsBridge, bill: Bill
) -> None:
    sale = take(counter, bill, now=timezone.now())
    order = order_of(sale)
    bridge.post(f"orders/{order.id}/taken", {})
    bridge.post(f"orders/{order.id}/result", approved(sale))
    kept = json.dumps(list(ReaderOrder.objects.values()), default=str) + json.dumps(
        list(Payment.objects.values()), default=str
    )
    assert "6280581110007215" not in kept
    assert "628058******7215" in kept


def test_another_bridge_neither_sees_nor_ends_it(counter: Counter, bridge: AsBridge, company: Company) -> None:
    other = AsBridge(add_counter(company, code="AG09", who="other@oran.example", now=timezone.now()))
    sale = take(counter, add_bill(company, seed=3), now=timezone.now())
    order = order_of(sale)
    assert order.bridge_id == bridge.number
    assert other.orders().json()["orders"] == []
    assert other.post(f"orders/{order.id}/taken", {}).status_code == 404
    assert other.post(f"orders/{order.id}/result", approved(sale)).status_code == 404


def test_what_a_bridge_tells_of_itself_is_kept(counter: Counter, bridge: AsBridge) -> None:
    news = {"poi_id": counter.reader.poi_id, "status": "maintenance", "printer": "no_paper", "boot": "2"}
    foreign = {"poi_id": "SOMEBODY-ELSE", "status": "ok"}
    answer = bridge.post("contact", {"software": "0.2.0", "waiting_results": 3, "readers": [news, foreign]})
    assert answer.status_code == 204
    reader = Reader.objects.get(id=counter.reader.id)
    assert (reader.last_status, reader.printer_status, reader.boot) == ("maintenance", "no_paper", "2")
    assert Bridge.objects.get(id=bridge.number).waiting_results == 3


POSTED = ("enrolment", "orders/1/taken", "orders/1/progress", "orders/1/result", "contact")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    call=st.sampled_from(POSTED),
    body=ANYTHING,
)
def test_nothing_that_is_sent_makes_it_fall(bridge: AsBridge, call: str, body: object) -> None:
    assert bridge.post(call, body).status_code < 500


@pytest.mark.parametrize(
    "odd",
    [
        {"message": "1\x000"},
        {"message": "\ud800"},
        {"answer": {"approval_code": "A\x00", "slip": {"customer": ["\x00\x1b@"]}}},
        {"answer": {"poi_transaction_at": "0001-01-01T00:00:00+01:00"}},
        {"answer": {"poi_transaction_at": "9999-12-31T23:59:59-23:00"}},
        {"answer": {"totals": [{"amount_centimes": float("nan")}]}},
        {"answer": {"totals": [{"brand\x00": "\x00"}]}},
    ],
)
def test_what_no_table_takes_keeps_no_result_from_being_kept(
    counter: Counter, bridge: AsBridge, bill: Bill, odd: dict[str, Any]
) -> None:
    """A bridge repeats its result until it is kept: one that never is would keep all the others waiting."""
    sale = take(counter, bill, now=timezone.now())
    order = order_of(sale)
    bridge.post(f"orders/{order.id}/taken", {})
    told = approved(sale)
    told |= odd | {"answer": told["answer"] | odd.get("answer", {})}
    assert bridge.post(f"orders/{order.id}/result", told).status_code == 200
    assert Sale.objects.get(id=sale.id).state == SaleState.SETTLED
    assert ReaderOrder.objects.get(id=order.id).state == "done"


def test_totals_that_nobody_ever_took_are_a_case_and_no_fall(counter: Counter, bridge: AsBridge) -> None:
    Reader.objects.filter(id=counter.reader.id).update(last_contact_at=timezone.now())
    z = close_session(
        session_id=counter.session.id,
        counted={2000_00: 2, 1000_00: 1},
        because="counted",
        staff=counter.cashier,
        now=timezone.now(),
        handing_over=False,
    )
    order = ReaderOrder.objects.get(kind="totals")
    for amount in (10**30, 10**30):
        told = {"outcome": "done", "answer": {"totals": [{"brand": "CIB", "count": 1, "amount_centimes": amount}]}}
        assert bridge.post(f"orders/{order.id}/result", told).status_code == 200
    assert Case.objects.filter(kind="reader_totals_differ", reference=f"desk_session:{z.session_id}").exists()


def test_a_bridge_with_a_clock_of_long_ago_still_comes_in(bridge: AsBridge) -> None:
    told = {"software": "0.1\x00", "line_lost_at": "0001-01-01T00:00:00+05:00", "readers": []}
    assert bridge.post("contact", told).status_code == 204
    assert bridge.post("contact", {"readers": []}).status_code == 204


def test_the_page_of_the_docs_is_the_one_that_the_code_draws() -> None:
    kept = json.loads((ROOT / "docs" / "reference" / "bridge-api.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(openapi()))


def test_numbers_set_aside_are_told_and_come_back_once(counter: Counter, bridge: AsBridge, bill: Bill) -> None:
    set_aside_block(desk_id=counter.desk.id, size=5, staff=counter.cashier, now=timezone.now())
    (block,) = bridge.orders().json()["blocks"]
    assert (block["kind"], block["first"], block["last"], block["next"]) == ("AG07-C1B", 1, 5, 1)
    slip = {
        "block": block["block"],
        "number": 1,
        "payment_number": bill.payment_number,
        "amount_centimes": 1_430_50,
        "stamp_duty_centimes": 15_00,
        "taken_at": timezone.now().isoformat(),
        "cashier": "Hakim",
        "voided": False,
    }
    for _ in range(2):
        answer = bridge.post("offline-receipts", slip)
        assert (answer.status_code, answer.json()) == (200, {"acknowledged": True, "case": None})
    assert Receipt.objects.count() == 1
    assert bridge.post("offline-receipts", slip | {"number": 2, "voided": True}).json()["case"] is None
    strange = bridge.post("offline-receipts", slip | {"number": 6})
    assert (strange.status_code, strange.json()["code"]) == (404, "no_such_block")
    assert bridge.orders().json()["blocks"][0]["next"] == 3

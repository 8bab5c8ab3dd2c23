"""Every fault that a reader can be asked to play, over real TLS and TCP, beside what the issuers' books say."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.reader.faults import ENDINGS, Fault, Kind, Occasion, ReaderFaults

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import CaisseTill, InProcess, NexoTill

SALE = "CZ0040320CA00207CE003012CD0010CB006123456CF005S-1-1"
Body = dict[str, Any]


def result_by_status(till: NexoTill, service_id: str = "S1") -> str:
    told = till.status(service_id)
    if told["Response"]["Result"] != "Success":
        return str(told["Response"]["ErrorCondition"])
    inside = told["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]["Response"]
    return str(inside.get("ErrorCondition", inside["Result"]))


# The connection


def test_nobody_listens_for_a_while(till: NexoTill) -> None:
    till.fault("refuse_connection", seconds=3600, times=None)
    with pytest.raises(httpx.ConnectError):
        till.pay()
    till.sandbox.advance(3601)
    wait_until_it_listens(till.told["port"])
    assert till.pay()["Response"]["Result"] == "Success"


def wait_until_it_listens(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("nobody listens")


def test_a_sale_chosen_by_its_amount_leaves_a_reader_that_nobody_reaches(till: NexoTill) -> None:
    till.fault("refuse_connection", amount_ending="77", seconds=3600)
    with pytest.raises(httpx.TransportError):
        till.pay(1_077, service_id="S1")
    with pytest.raises(httpx.ConnectError):
        till.status("S1")
    till.sandbox.advance(3601)
    wait_until_it_listens(till.told["port"])
    assert result_by_status(till) == "NotFound"


def test_the_handshake_breaks(till: NexoTill) -> None:
    till.fault("break_tls")
    with pytest.raises(httpx.ConnectError):
        till.pay()
    assert till.pay()["Response"]["Result"] == "Success"


def test_the_connection_is_closed_before_anything_is_read(till: NexoTill) -> None:
    till.fault("close_before_reading")
    with pytest.raises(httpx.TransportError):
        till.pay(service_id="S1")
    assert result_by_status(till) == "NotFound"


def test_the_sale_is_read_and_nothing_comes_of_it(till: NexoTill) -> None:
    till.fault("close_after_reading")
    with pytest.raises(httpx.RemoteProtocolError):
        till.pay(service_id="S1")
    assert (result_by_status(till), till.taken()) == ("NotFound", 0)


def test_the_reader_goes_silent(till: NexoTill, message: Callable[..., Any], payment: Callable[..., Any]) -> None:
    till.fault("silent", seconds=20)
    asked = message(till.poi_id, "Payment", payment(), service_id="S1")
    with pytest.raises(httpx.ReadTimeout):
        till.post(asked, timeout=0.5)
    assert result_by_status(till) == "NotFound"


# The answer


@pytest.mark.parametrize("kind", ["close_after_approval", "half_answer"])
def test_the_money_is_taken_and_no_whole_answer_comes(till: NexoTill, kind: str) -> None:
    till.fault(kind)
    with pytest.raises(httpx.TransportError):
        till.pay(1_000, service_id="S1")
    assert (result_by_status(till), till.taken()) == ("Success", 1_000)


def test_the_answer_comes_after_the_till_has_lost_patience(
    till: NexoTill, message: Callable[..., Any], payment: Callable[..., Any]
) -> None:
    till.fault("late_answer", seconds=1)
    asked = message(till.poi_id, "Payment", payment(1_000), service_id="S1")
    with pytest.raises(httpx.ReadTimeout):
        till.post(asked, timeout=0.3)
    assert result_by_status(till) == "Success"
    till.fault("late_answer", seconds=0.3)
    assert till.pay(1_000)["Response"]["Result"] == "Success"


def raw_answer(till: NexoTill, body: bytes) -> bytes:
    """Everything that comes on one connection, until it is closed."""
    connection = socket.create_connection(("127.0.0.1", till.told["port"]), timeout=10)
    with till.context.wrap_socket(connection, server_hostname=till.poi_id) as secured:
        head = f"POST /nexo HTTP/1.1\r\nHost: {till.poi_id}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        secured.sendall(head.encode() + body)
        got = bytearray()
        while True:
            try:
                data = secured.recv(65536)
            except ssl.SSLEOFError:
                break
            if not data:
                break
            got += data
    return bytes(got)


def test_the_answer_comes_twice(till: NexoTill, message: Callable[..., Any], payment: Callable[..., Any]) -> None:
    till.fault("answer_twice")
    asked = message(till.poi_id, "Payment", payment(1_000), service_id="S1")
    got = raw_answer(till, json.dumps(asked, default=float).encode())
    assert got.count(b'"PaymentResponse"') == 2
    assert till.taken() == 1_000


def test_the_answer_comes_byte_by_byte(till: NexoTill) -> None:
    till.fault("byte_by_byte")
    assert till.pay(1_000)["Response"]["Result"] == "Success"


def test_the_answer_is_for_another_message(till: NexoTill) -> None:
    till.fault("wrong_service_id")
    told = till.send("Payment", _request(), service_id="S1")
    assert told["MessageHeader"]["ServiceID"] == "X1"
    assert result_by_status(till) == "Success"


def _request(centimes: int = 100_000) -> Body:
    return {
        "SaleData": {"SaleTransactionID": {"TransactionID": "S-1-1", "TimeStamp": "2026-11-22T09:38:17+01:00"}},
        "PaymentTransaction": {"AmountsReq": {"Currency": "DZD", "RequestedAmount": Decimal(centimes) / 100}},
    }


@pytest.mark.parametrize(
    ("kind", "amounts"),
    [
        ("wrong_amount", {"Currency": "DZD", "AuthorizedAmount": Decimal(1001)}),
        ("wrong_currency", {"Currency": "EUR", "AuthorizedAmount": Decimal(1000)}),
    ],
)
def test_the_answer_says_what_is_not_true(till: NexoTill, kind: str, amounts: Body) -> None:
    till.fault(kind)
    assert till.pay(100_000, service_id="S1")["PaymentResult"]["AmountsResp"] == amounts
    told = till.status("S1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert told["PaymentResult"]["AmountsResp"] == {"Currency": "DZD", "AuthorizedAmount": Decimal(1000)}
    assert till.taken() == 100_000


def test_only_a_part_is_taken(till: NexoTill) -> None:
    till.fault("partial")
    told = till.pay(100_000)
    assert told["Response"]["Result"] == "Partial"
    assert told["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] == Decimal(500)
    assert till.taken() == 50_000
    assert till.reverse(told)["Response"]["Result"] == "Success"
    assert till.taken() == 0


@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("invalid_json", 200)])
def test_what_comes_back_is_no_message(
    till: NexoTill, message: Callable[..., Any], payment: Callable[..., Any], kind: str, status: int
) -> None:
    till.fault(kind)
    answer = till.post(message(till.poi_id, "Payment", payment(1_000), service_id="S1"))
    assert answer.status_code == status
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()
    assert (result_by_status(till), till.taken()) == ("Success", 1_000)


def test_a_success_in_clear_is_somebody_elses(till: NexoTill) -> None:
    till.fault("unencrypted_success")
    assert till.pay(1_000, service_id="S1")["Response"]["Result"] == "Success"
    assert (result_by_status(till), till.taken()) == ("NotFound", 0)


# What the reader does


def test_it_is_busy_and_begins_nothing(till: NexoTill) -> None:
    till.fault("busy")
    assert till.pay(service_id="S1")["Response"]["ErrorCondition"] == "Busy"
    assert result_by_status(till) == "NotFound"
    assert till.pay(service_id="S1")["Response"]["Result"] == "Success"


def test_questions_are_answered_with_in_progress_so_many_times(till: NexoTill) -> None:
    till.fault("in_progress", polls=2)
    with pytest.raises(httpx.RemoteProtocolError):
        till.pay(1_000, service_id="S1")
    assert [result_by_status(till) for _ in range(3)] == ["InProgress", "InProgress", "Success"]


def test_the_memory_is_lost_and_the_money_is_taken(till: NexoTill) -> None:
    before = till.sandbox.balance()
    till.fault("log_wiped")
    with pytest.raises(httpx.RemoteProtocolError):
        till.pay(1_000, service_id="S1")
    assert result_by_status(till) == "NotFound"
    assert till.sandbox.balance() == before - 1_000
    diagnosis = till.send("Diagnosis", {})["DiagnosisResponse"]
    assert "boot=2" in diagnosis["Response"]["AdditionalResponse"]


@pytest.mark.parametrize(
    ("kind", "captured", "returned"),
    [("host_unreachable", 0, 0), ("host_time_out", 1_000, 1_000), ("host_reversal_lost", 1_000, 0)],
)
def test_the_host_does_not_answer(till: NexoTill, kind: str, captured: int, returned: int) -> None:
    till.fault(kind)
    assert till.pay(1_000, service_id="S1")["Response"]["ErrorCondition"] == "UnreachableHost"
    line = till.log()[0]
    assert (line["captured_centimes"], line["returned_centimes"]) == (captured, returned)
    assert result_by_status(till) == "UnreachableHost"


def test_the_abort_comes_too_late(till: NexoTill) -> None:
    till.change(autopilot=False)
    till.fault("abort_too_late")
    paying = till.start_payment(1_000, service_id="S1")
    assert till.abort("S1").content == b""
    till.do("card")
    till.do("pin")
    assert paying.result(10)["Response"]["Result"] == "Success"


def test_the_paper_ends(till: NexoTill) -> None:
    till.fault("no_paper")
    told = till.pay(service_id="S1")
    assert told["Response"]["Result"] == "Success"
    assert "PaymentReceipt" not in told
    status = till.send("Diagnosis", {})["DiagnosisResponse"]["POIStatus"]
    assert status["PrinterStatus"] == "NoPaper"
    again = till.status("S1", ReceiptReprintFlag=True)["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    assert again["PaymentResponse"]["PaymentReceipt"]


def test_the_pin_is_wrong_three_times(till: NexoTill) -> None:
    till.fault("pin_wrong")
    assert till.pay()["Response"]["ErrorCondition"] == "WrongPIN"
    assert till.pay()["Response"]["ErrorCondition"] == "WrongPIN"
    till.sandbox.control("POST", "cards/6280581110007215/unlock")
    assert till.pay()["Response"]["Result"] == "Success"


@pytest.mark.parametrize("kind", ["customer_cancels", "card_removed"])
def test_the_customer_does_not_go_on(till: NexoTill, kind: str) -> None:
    till.fault(kind)
    assert till.pay()["Response"]["ErrorCondition"] == "Cancel"
    assert till.taken() == 0


def test_after_a_logout_the_reader_looks_after_itself(till: NexoTill) -> None:
    till.fault("maintenance", seconds=600)
    till.send("Logout", {"MaintenanceAllowed": True})
    till.send("Login", {"DateTime": "2026-11-22T08:00:00+01:00"})
    told = till.pay()["Response"]
    assert (told["ErrorCondition"], told["AdditionalResponse"]) == ("Busy", "message=maintenance")
    assert till.send("Diagnosis", {})["DiagnosisResponse"]["POIStatus"]["GlobalStatus"] == "Maintenance"
    till.sandbox.advance(601)
    assert till.pay()["Response"]["Result"] == "Success"


def test_the_readers_clock_is_wrong(till: NexoTill) -> None:
    right = till.pay()["POIData"]["POITransactionID"]["TimeStamp"]
    till.fault("clock_skew", seconds=-7200)
    wrong = till.pay()["POIData"]["POITransactionID"]["TimeStamp"]
    apart = datetime.fromisoformat(right) - datetime.fromisoformat(wrong)
    assert 7000 < apart.total_seconds() < 7200


def test_a_protected_answer_was_changed_on_its_way(
    in_process: Callable[..., InProcess], message: Callable[..., Any], payment: Callable[..., Any]
) -> None:
    from sandbox.reader import json_text  # noqa: PLC0415 - for this test only
    from sandbox.reader.nexo.protection import NotProtected, keys_of, open_protected, protect  # noqa: PLC0415
    from sandbox.reader.replies import Pending  # noqa: PLC0415

    quick = {"autopilot": True, "autopilot_seconds": 0, "host_seconds": 0, "printing_seconds": 0}
    world = in_process(passphrase="sesame", key_identifier="k", **quick)
    world.faults.add({"kind": "bad_hmac", "times": 1}, now=world.now)
    keys = keys_of("sesame")
    for number, whole in ((1, False), (2, True)):
        asked = message("P-1", "Payment", payment(1_000), service_id=f"S{number}")
        blob, trailer = protect(json_text.write(asked).encode(), keys=keys, nonce=bytes(16))
        header = asked["SaleToPOIRequest"]["MessageHeader"]
        trailer |= {"KeyIdentifier": "k", "KeyVersion": 1}
        sealed = {"SaleToPOIRequest": {"MessageHeader": header, "NexoBlob": blob, "SecurityTrailer": trailer}}
        got = world.nexo.receive(json_text.write(sealed).encode(), now=world.now)
        assert isinstance(got, Pending)
        told = json_text.read(got.reply().body)["SaleToPOIResponse"]
        if whole:
            assert b"Success" in open_protected(told["NexoBlob"], told["SecurityTrailer"], keys=keys)
        else:
            with pytest.raises(NotProtected):
                open_protected(told["NexoBlob"], told["SecurityTrailer"], keys=keys)
        assert world.books == (1_000, 0)


# Reversals


@pytest.mark.parametrize("kind", ["close_after_approval", "half_answer"])
def test_a_reversal_is_done_and_not_answered(till: NexoTill, kind: str) -> None:
    paid = till.pay(1_000)
    till.fault(kind, call="Reversal")
    with pytest.raises(httpx.TransportError):
        till.reverse(paid, service_id="R1")
    inside = till.status("R1", category="Reversal")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    assert inside["ReversalResponse"]["Response"]["Result"] == "Success"
    assert till.taken() == 0


@pytest.mark.parametrize(("kind", "left"), [("host_unreachable", 1_000), ("host_reversal_lost", 0)])
def test_a_reversal_whose_host_does_not_answer(till: NexoTill, kind: str, left: int) -> None:
    paid = till.pay(1_000)
    till.fault(kind, call="Reversal")
    assert till.reverse(paid)["Response"]["ErrorCondition"] == "UnreachableHost"
    assert till.taken() == left


def test_a_reversal_answers_with_another_amount(till: NexoTill) -> None:
    paid = till.pay(1_000)
    till.fault("wrong_amount", call="Reversal")
    assert till.reverse(paid)["ReversedAmount"] == Decimal(11)
    assert till.taken() == 0


# Caisse-AP


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("break_tls", 0),
        ("close_before_reading", 0),
        ("close_after_reading", 0),
        ("close_after_approval", 123_456),
        ("log_wiped", 0),
        ("in_progress", 123_456),
    ],
)
def test_on_caisse_ap_nothing_comes_back(caisse: CaisseTill, kind: str, taken: int) -> None:
    caisse.fault(kind)
    with contextlib.suppress(ConnectionResetError):
        assert caisse.exchange(SALE.encode()) == b""
    assert caisse.taken() == taken  # the wiped log shows nothing: the account does, as tried with nexo


@pytest.mark.parametrize("kind", ["http_500", "invalid_json", "bad_hmac", "half_answer"])
def test_on_caisse_ap_no_whole_message_comes_back(
    caisse: CaisseTill, read_fields: Callable[[bytes], dict[str, str]], kind: str
) -> None:
    caisse.fault(kind)
    got = caisse.exchange(SALE.encode())
    assert got
    with pytest.raises((ValueError, AssertionError)):
        read_fields(got)
    assert caisse.taken() == 123_456


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("wrong_service_id", {"CA": "99", "CF": "ANOTHER-SALE"}),
        ("wrong_amount", {"CB": "000000123556"}),
        ("wrong_currency", {"CE": "978"}),
        ("byte_by_byte", {}),
        ("partial", {"CB": "000000061728"}),
        ("clock_skew", {}),
        ("no_paper", {}),
    ],
)
def test_on_caisse_ap_the_answer_says_done(caisse: CaisseTill, kind: str, changed: dict[str, str]) -> None:
    caisse.fault(kind)
    told = caisse.ask(SALE)
    wanted = {"AE": "10", "CA": "07", "CE": "012", "CB": "000000123456", "CF": "S-1-1"} | changed
    assert {tag: told[tag] for tag in wanted} == wanted
    assert caisse.taken() == (61_728 if kind == "partial" else 123_456)


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("busy", "07"),
        ("maintenance", "07"),
        ("host_unreachable", "07"),
        ("host_time_out", "07"),
        ("pin_wrong", "04"),
        ("customer_cancels", "06"),
        ("card_removed", "07"),
    ],
)
def test_on_caisse_ap_the_answer_says_not_done(caisse: CaisseTill, kind: str, detail: str) -> None:
    caisse.fault(kind, call="Payment")
    told = caisse.ask(SALE)
    assert (told["AE"], told["AF"]) == ("01", detail)
    assert caisse.taken() == 0


def test_on_caisse_ap_the_answer_comes_twice_late_or_from_somebody_else(caisse: CaisseTill) -> None:
    caisse.fault("answer_twice")
    assert caisse.exchange(SALE.encode()).count(b"AE00210") == 2
    caisse.fault("late_answer", seconds=0.5)
    with pytest.raises(TimeoutError):
        caisse.exchange(SALE.encode(), timeout=0.3)
    caisse.fault("silent", seconds=5)
    with pytest.raises(TimeoutError):
        caisse.exchange(SALE.encode(), timeout=0.3)
    before = caisse.taken()
    caisse.fault("unencrypted_success")
    assert caisse.ask(SALE)["AE"] == "10"
    assert caisse.taken() == before


# Choosing


def test_an_ending_of_the_amount_chooses_on_a_reader_that_heeds_them(new_reader: Callable[..., NexoTill]) -> None:
    till = new_reader(endings=True)
    ending = next(ending for ending, kind in ENDINGS.items() if kind is Kind.BUSY)
    assert till.pay(10_000 + int(ending))["Response"]["ErrorCondition"] == "Busy"
    assert till.pay(10_000)["Response"]["Result"] == "Success"


@pytest.mark.parametrize(
    ("rule", "strikes"),
    [
        ({}, True),
        ({"poi_id": "P-2"}, False),
        ({"service_id": "S1"}, True),
        ({"service_id": "S2"}, False),
        ({"reference": "B-1"}, True),
        ({"reference": "B-2"}, False),
        ({"amount_centimes": 1_077}, True),
        ({"amount_centimes": 1_078}, False),
        ({"amount_ending": "77"}, True),
        ({"amount_ending": "7"}, True),
        ({"amount_ending": "78"}, False),
        ({"call": "Reversal"}, False),
        ({"call": "any"}, True),
    ],
)
def test_a_rule_strikes_what_it_names(rule: dict[str, Any], *, strikes: bool) -> None:
    plan = ReaderFaults()
    plan.add({"kind": "busy", **rule}, now=0.0)
    occasion = Occasion(poi_id="P-1", call="Payment", service_id="S1", reference="B-1", amount_centimes=1_077)
    assert (plan.draw(occasion) is not None) is strikes


def test_a_rule_strikes_so_many_times(till: NexoTill) -> None:
    till.fault("busy", times=2)
    results = [till.pay()["Response"]["Result"] for _ in range(3)]
    assert results == ["Failure", "Failure", "Success"]


def test_drawn_faults_are_the_same_for_the_same_seed() -> None:
    def struck(seed: int) -> list[str]:
        plan = ReaderFaults(seed=seed)
        plan.add({"kind": "busy", "rate": 0.3}, now=0.0)
        plan.add({"kind": "half_answer", "rate": 0.3}, now=0.0)
        sales = [Occasion(poi_id="P-1", call="Payment", reference=f"B-{number}") for number in range(60)]
        return [fault.kind if (fault := plan.draw(sale)) else "" for sale in sales]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 20 < len([kind for kind in struck(1) if kind]) < 45


def test_faults_over_the_control_api(till: NexoTill) -> None:
    drawn = till.sandbox.control("POST", "reader-faults/drawn", {"seed": 4, "rates": {"busy": 1.0}})["faults"]
    assert till.pay()["Response"]["ErrorCondition"] == "Busy"
    till.sandbox.control("DELETE", f"reader-faults/{drawn[0]['identifier']}")
    assert till.pay()["Response"]["Result"] == "Success"
    till.fault("busy")
    assert len(till.sandbox.control("GET", "reader-faults")["faults"]) == 1
    assert till.sandbox.control("DELETE", "reader-faults", {"seed": 9}) == {"seed": 9, "faults": []}


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"kind": "flood"},
        {"kind": "busy", "colour": "red"},
        {"kind": "busy", "times": 0},
        {"kind": "busy", "rate": 2},
        {"kind": "busy", "seconds": -1},
        {"kind": "busy", "polls": None},
        {"kind": "busy", "reference": 5},
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_a_sentence(till: NexoTill, row: dict[str, Any]) -> None:
    answer = till.sandbox.http.post("/control/reader-faults", json=row)
    assert answer.status_code == 422
    assert "fault" in answer.json()["error"]


def test_a_fault_shows_all_of_itself() -> None:
    row = Fault(kind=Kind.BUSY).to_row()
    assert (row["kind"], row["times"], row["rate"]) == ("busy", None, 1.0)

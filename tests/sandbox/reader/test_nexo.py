"""nexo over real TLS: what a till may ask, and what it is told."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography import x509

from sandbox.reader.certificates import Authority

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import InProcess, NexoTill

GOOD = "6280581110007215"
POOR = "6280580610061110"

NewReader = Callable[..., "NexoTill"]
Body = dict[str, Any]


def test_a_payment_tells_all_that_a_till_compares(till: NexoTill) -> None:
    told = till.pay(123_456, reference="S-000123-1", service_id="000000A1F3")
    assert told["Response"]["Result"] == "Success"
    assert told["SaleData"]["SaleTransactionID"] == {
        "TransactionID": "S-000123-1",
        "TimeStamp": "2026-11-22T09:38:17+01:00",
    }
    result = told["PaymentResult"]
    assert result["AmountsResp"] == {"Currency": "DZD", "AuthorizedAmount": Decimal("1234.56")}
    assert result["PaymentInstrumentData"]["CardData"]["MaskedPan"] == "628058******7215"
    assert result["PaymentInstrumentData"]["CardData"]["EntryMode"] == ["ICC"]
    assert len(result["PaymentAcquirerData"]["ApprovalCode"]) == 6
    assert [each["DocumentQualifier"] for each in told["PaymentReceipt"]] == ["CustomerReceipt", "CashierReceipt"]
    (line,) = till.log()
    assert line["identifier"] == told["POIData"]["POITransactionID"]["TransactionID"]
    assert (line["captured_centimes"], line["returned_centimes"]) == (123_456, 0)
    assert GOOD not in json.dumps(told, default=str)


def test_the_account_debited_is_the_one_that_pays_online(till: NexoTill) -> None:
    before = till.sandbox.balance()
    till.pay(123_456)
    assert till.sandbox.balance() == before - 123_456
    till.sandbox.control("POST", "accounts/CIB-007215/entries", {"centimes": -(before - 123_456)})
    assert till.pay(100)["Response"]["ErrorCondition"] == "Refusal"
    assert till.sandbox.register().pay().status_code in {200, 302, 303}
    assert till.sandbox.balance() == 0


@pytest.mark.parametrize("centimes", [1, 5, 10, 99, 100, 12_345_678, 9_999_999_999])
def test_amounts_stay_what_they_are_to_the_centime(till: NexoTill, centimes: int) -> None:
    told = till.pay(centimes)
    assert told["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] == Decimal(centimes) / 100
    assert till.log()[0]["captured_centimes"] == centimes


def test_the_certificate_is_for_the_poi_id_and_nothing_else(till: NexoTill, new_reader: NewReader) -> None:
    connection = socket.create_connection(("127.0.0.1", till.told["port"]))
    with till.context.wrap_socket(connection, server_hostname=till.poi_id) as secured:
        certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
        assert secured.version() in {"TLSv1.2", "TLSv1.3"}
    assert certificate.subject.rfc4514_string() == f"CN={till.poi_id}"
    other = new_reader()
    sni = {"sni_hostname": till.poi_id}
    with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
        till.http.post(other.url, extensions=sni, content=b"{}")
    with httpx.Client(trust_env=False) as anybody, pytest.raises(httpx.ConnectError, match="local issuer"):
        anybody.post(till.url, extensions=sni, content=b"{}")


def test_old_tls_is_refused() -> None:
    context = Authority.new(now=datetime.now(tz=UTC)).server_context("P-1")
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_both_paths_and_chunked_bodies(till: NexoTill, message: Callable[..., Any]) -> None:
    diagnosis = message(till.poi_id, "Diagnosis", {})
    assert till.post(diagnosis, path="/").status_code == 200
    body = json.dumps(diagnosis).encode()

    def in_pieces() -> Any:  # noqa: ANN401
        yield body[:20]
        yield body[20:]

    answer = till.http.post(till.url, content=in_pieces(), extensions={"sni_hostname": till.poi_id})
    assert "transfer-encoding" in answer.request.headers
    assert answer.json()["SaleToPOIResponse"]["DiagnosisResponse"]["Response"]["Result"] == "Success"


def test_other_paths_and_methods_are_refused(till: NexoTill) -> None:
    sni = {"sni_hostname": till.poi_id}
    assert till.http.get(till.url, extensions=sni).status_code == 405
    assert till.post({}, path="x").status_code == 404
    assert till.http.post(till.url, content=b" " * 300_000, extensions=sni).status_code == 413


# Status


def test_found_is_not_paid(till: NexoTill) -> None:
    """Success of the question only says that the sale is known; what became of it stands inside."""
    till.change(autopilot_card=POOR)
    till.pay(500_000, service_id="S1")
    told = till.status("S1")
    assert told["Response"]["Result"] == "Success"
    inside = told["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert inside["Response"] == {
        "Result": "Failure",
        "ErrorCondition": "Refusal",
        "AdditionalResponse": "message=refused&responseCode=51",
    }


def test_the_original_answer_is_repeated_with_its_header(till: NexoTill) -> None:
    paid = till.pay(service_id="S1")
    told = till.status("S1")["RepeatedMessageResponse"]
    assert (told["MessageHeader"]["ServiceID"], told["MessageHeader"]["MessageCategory"]) == ("S1", "Payment")
    assert told["RepeatedResponseMessageBody"]["PaymentResponse"] == paid
    again = till.status("S1", ReceiptReprintFlag=True)["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    lines = again["PaymentResponse"]["PaymentReceipt"][0]["OutputContent"]["OutputText"]
    assert "DUPLICATA" in [line["Text"] for line in lines]


def test_a_sale_that_was_never_here_is_not_found(till: NexoTill) -> None:
    assert till.status("NEVER")["Response"]["ErrorCondition"] == "NotFound"
    till.pay(service_id="S1")
    assert till.status("S1", category="Reversal")["Response"]["ErrorCondition"] == "NotFound"


def test_a_question_about_nothing_means_the_last_sale_of_this_till(till: NexoTill) -> None:
    assert till.send("TransactionStatus", {})["TransactionStatusResponse"]["Response"]["ErrorCondition"] == "NotFound"
    till.pay(service_id="S1")
    till.send("Payment", _payment(), SaleID="AG07-C2")
    told = till.send("TransactionStatus", {})["TransactionStatusResponse"]
    assert told["MessageReference"]["ServiceID"] == "S1"


def _payment(**more: object) -> Body:
    return {
        "SaleData": {"SaleTransactionID": {"TransactionID": "S-9", "TimeStamp": "2026-11-22T09:38:17+01:00"}},
        "PaymentTransaction": {"AmountsReq": {"Currency": "DZD", "RequestedAmount": Decimal(10)}},
        **more,
    }


def test_while_the_customer_takes_his_time_the_sale_is_in_progress_and_the_reader_busy(
    till: NexoTill,
) -> None:
    till.change(autopilot=False)
    paying = till.start_payment(service_id="S1")
    told = till.status("S1")
    assert (told["Response"]["Result"], told["Response"]["ErrorCondition"]) == ("Failure", "InProgress")
    assert "event=TENDER_CREATED" in told["Response"]["AdditionalResponse"]
    assert till.pay()["Response"]["ErrorCondition"] == "Busy"
    diagnosis = till.send("Diagnosis", {})["DiagnosisResponse"]
    assert diagnosis["POIStatus"]["GlobalStatus"] == "Busy"
    assert till.do("card")["done"]
    assert "event=WAIT_FOR_PIN" in till.status("S1")["Response"]["AdditionalResponse"]
    assert till.do("pin", pin="1234")["done"]
    assert paying.result(10)["Response"]["Result"] == "Success"
    assert [line["ending"] for line in till.log()] == ["approved"]


# Abort


def test_an_abort_is_answered_with_nothing_and_the_payment_says_aborted(till: NexoTill) -> None:
    till.change(autopilot=False)
    paying = till.start_payment(service_id="S1")
    answer = till.abort("S1")
    assert (answer.status_code, answer.content) == (200, b"")
    told = paying.result(10)
    assert told["Response"]["ErrorCondition"] == "Aborted"
    assert till.taken() == 0


def test_an_abort_of_what_has_ended_or_never_was_is_an_event(till: NexoTill) -> None:
    till.pay(service_id="S1")
    ended = till.abort("S1").json()["SaleToPOIRequest"]
    assert ended["EventNotification"]["EventToNotify"] == "Completed"
    assert (ended["MessageHeader"]["MessageClass"], ended["MessageHeader"]["MessageType"]) == ("Event", "Notification")
    never = till.abort("NEVER").json()["SaleToPOIRequest"]["EventNotification"]
    assert never["EventToNotify"] == "Reject"
    assert till.status("S1")["Response"]["Result"] == "Success"


# Reversal and refund


def test_a_reversal_gives_the_money_back_and_is_a_sale_of_its_own(till: NexoTill) -> None:
    paid = till.pay(123_456)
    told = till.reverse(paid, service_id="R1")
    assert told["Response"]["Result"] == "Success"
    assert told["ReversedAmount"] == Decimal("1234.56")
    assert told["OriginalPOITransaction"]["POITransactionID"] == paid["POIData"]["POITransactionID"]
    assert till.taken() == 0
    inside = till.status("R1", category="Reversal")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]
    assert inside["ReversalResponse"]["Response"]["Result"] == "Success"
    assert till.reverse(paid)["Response"]["ErrorCondition"] == "NotAllowed"
    assert till.taken() == 0


def test_a_reversal_of_what_is_not_there_or_not_the_whole_is_refused(till: NexoTill) -> None:
    paid = till.pay(123_456)
    unknown = {"POIData": {"POITransactionID": {"TransactionID": "0", "TimeStamp": "2026-11-22T09:38:17+01:00"}}}
    assert till.reverse(unknown)["Response"]["ErrorCondition"] == "NotFound"
    assert till.reverse(paid, ReversedAmount=Decimal(1))["Response"]["ErrorCondition"] == "NotAllowed"
    assert till.reverse(paid, ReversedAmount=Decimal("1234.56"))["Response"]["Result"] == "Success"


def test_a_refund_puts_money_on_a_card(till: NexoTill) -> None:
    before = till.sandbox.balance()
    told = till.pay(5_000, PaymentData={"PaymentType": "Refund"})
    assert told["Response"]["Result"] == "Success"
    assert told["PaymentResult"]["PaymentType"] == "Refund"
    assert till.sandbox.balance() == before + 5_000


# Sessions, totals, paper


def test_login_tells_what_it_is_and_logout_ends_the_session(new_reader: NewReader) -> None:
    till = new_reader(login_required=True)
    assert till.pay(service_id="S1")["Response"]["ErrorCondition"] == "LoggedOut"
    login = till.send("Login", {"DateTime": "2026-11-22T08:00:00+01:00"})["LoginResponse"]
    assert login["POISystemData"]["POITerminalData"]["POISerialNumber"] == till.poi_id.split("-")[1]
    assert "boot=1" in login["Response"]["AdditionalResponse"]
    assert till.pay(service_id="S1")["Response"]["Result"] == "Success"
    assert till.send("Diagnosis", {})["DiagnosisResponse"]["LoggedSaleID"] == ["AG07-C1"]
    assert till.send("Logout", {"MaintenanceAllowed": True})["LogoutResponse"]["Response"]["Result"] == "Success"
    assert till.pay()["Response"]["ErrorCondition"] == "LoggedOut"


def test_the_diagnosis_tells_of_printer_host_and_restarts(till: NexoTill) -> None:
    told = till.send("Diagnosis", {"HostDiagnosisFlag": True})["DiagnosisResponse"]
    assert (told["POIStatus"]["GlobalStatus"], told["POIStatus"]["PrinterStatus"]) == ("OK", "OK")
    assert told["HostStatus"] == [{"AcquirerID": "SANDBOX", "IsReachableFlag": True}]
    till.do("restart")
    again = till.send("Diagnosis", {})["DiagnosisResponse"]
    assert "boot=2" in again["Response"]["AdditionalResponse"]


def test_totals_are_asked_for_at_any_time_and_a_reconciliation_closes_them(till: NexoTill) -> None:
    first = till.pay(1_000)
    till.pay(2_000)
    till.change(autopilot_card="9999000000010003")
    till.pay(4_000)
    till.reverse(first)
    wanted = {
        ("CIB", "Debit"): (2, Decimal(30)),
        ("CIB", "ReverseDebit"): (1, Decimal(10)),
        ("Edahabia", "Debit"): (1, Decimal(40)),
    }

    def sums(body: Body) -> dict[tuple[str, str], tuple[int, Decimal]]:
        return {
            (total["CardBrand"], each["TransactionType"]): (each["TransactionCount"], each["TransactionAmount"])
            for total in body["TransactionTotals"]
            for each in total["PaymentTotals"]
        }

    asked = till.send("GetTotals", {"TotalFilter": {"SaleID": "AG07-C1"}})["GetTotalsResponse"]
    assert sums(asked) == wanted
    assert (
        till.send("GetTotals", {"TotalFilter": {"ShiftNumber": "none"}})["GetTotalsResponse"]["TransactionTotals"] == []
    )
    split = till.send("GetTotals", {"TotalDetails": ["OperatorID"]})["GetTotalsResponse"]["TransactionTotals"]
    assert {each["OperatorID"] for each in split} == {"12"}
    closed = till.send("Reconciliation", {"ReconciliationType": "SaleReconciliation"})["ReconciliationResponse"]
    assert (sums(closed), closed["POIReconciliationID"]) == (wanted, "1")
    assert till.send("GetTotals", {})["GetTotalsResponse"]["TransactionTotals"] == []
    before = till.send("Reconciliation", {"ReconciliationType": "PreviousReconciliation"})["ReconciliationResponse"]
    assert sums(before) == wanted
    assert till.pay(100)["POIData"]["POIReconciliationID"] == "2"
    assert till.reverse(first)["Response"]["Result"] == "Failure"


def test_a_till_has_its_own_lines_printed_while_there_is_paper(till: NexoTill) -> None:
    pieces = [
        {"Text": "Reçu ", "EndOfLineFlag": False},
        {"Text": "n° 12"},
        {"Text": "مدفوع", "EndOfLineFlag": True},
    ]
    output = {
        "DocumentQualifier": "Document",
        "ResponseMode": "PrintEnd",
        "OutputContent": {"OutputFormat": "Text", "OutputText": pieces},
    }
    told = till.send("Print", {"PrintOutput": output}, MessageClass="Device")["PrintResponse"]
    assert told == {"DocumentQualifier": "Document", "Response": {"Result": "Success"}}
    assert till.shown()["paper"][-1]["lines"] == ["Reçu n° 12", "مدفوع"]
    till.fault("no_paper")
    till.pay()
    assert till.send("Print", {"PrintOutput": output})["PrintResponse"]["Response"]["ErrorCondition"] == "DeviceOut"
    assert till.do("paper")["done"]
    assert till.send("Print", {"PrintOutput": output})["PrintResponse"]["Response"]["Result"] == "Success"


# What is wrong with a message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"SaleToPOIRequest": 5}',
        b'{"SaleToPOIRequest": {"MessageHeader": {}}}',
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_rejected(till: NexoTill, body: bytes) -> None:
    answer = till.http.post(till.url, content=body, extensions={"sni_hostname": till.poi_id})
    told = answer.json()["SaleToPOIRequest"]["EventNotification"]
    assert (answer.status_code, told["EventToNotify"]) == (200, "Reject")
    assert told["EventDetails"].startswith("message=")


@pytest.mark.parametrize(
    ("category", "request_body", "header"),
    [
        ("Payment", {}, {}),
        ("Payment", {"SaleData": 5}, {}),
        ("Payment", _payment(PaymentTransaction={"AmountsReq": {"Currency": "DZD"}}), {}),
        ("Payment", _payment(PaymentTransaction={"AmountsReq": {"Currency": "DZD", "RequestedAmount": "10"}}), {}),
        ("Payment", _payment(PaymentTransaction={"AmountsReq": {"Currency": "DZD", "RequestedAmount": True}}), {}),
        ("Payment", _payment(), {"ServiceID": "ELEVENSIGNS"}),
        ("Payment", _payment(), {"ServiceID": "a b"}),
        ("Payment", _payment(), {"ServiceID": ""}),
        ("Payment", _payment(), {"SaleID": ""}),
        ("Payment", _payment(), {"POIID": "ANOTHER-1"}),
        ("Payment", _payment(), {"MessageType": "Response"}),
        ("Sound", {}, {}),
        ("Reversal", {}, {}),
        ("Print", {}, {}),
    ],
)
def test_what_cannot_be_read_is_rejected_and_nothing_is_begun(
    till: NexoTill, category: str, request_body: Body, header: dict[str, str]
) -> None:
    told = till.send(category, request_body, **header)
    assert told["EventNotification"]["EventToNotify"] == "Reject"
    assert till.log() == []


@pytest.mark.parametrize(
    ("amounts", "condition"),
    [
        ({"Currency": "EUR", "RequestedAmount": Decimal(10)}, "NotAllowed"),
        ({"Currency": "DZD", "RequestedAmount": Decimal(0)}, "MessageFormat"),
        ({"Currency": "DZD", "RequestedAmount": Decimal(-5)}, "MessageFormat"),
        ({"Currency": "DZD", "RequestedAmount": Decimal("10.005")}, "MessageFormat"),
        ({"Currency": "DZD", "RequestedAmount": Decimal(100_000_000)}, "MessageFormat"),
    ],
)
def test_what_cannot_be_done_is_a_failure_with_its_condition(till: NexoTill, amounts: Body, condition: str) -> None:
    told = till.send("Payment", _payment(PaymentTransaction={"AmountsReq": amounts}))["PaymentResponse"]
    assert told["Response"]["ErrorCondition"] == condition
    assert till.log() == []


def test_the_numeric_currency_is_taken_too_and_given_back(till: NexoTill) -> None:
    amounts = {"Currency": "012", "RequestedAmount": Decimal("10.5")}
    told = till.send("Payment", _payment(PaymentTransaction={"AmountsReq": amounts}))["PaymentResponse"]
    assert told["PaymentResult"]["AmountsResp"] == {"Currency": "012", "AuthorizedAmount": Decimal("10.50")}


def test_fields_that_nobody_knows_are_passed_over(till: NexoTill) -> None:
    told = till.send("Payment", _payment(SomethingNew={"a": [1, 2]}), Flavour="new")
    assert told["PaymentResponse"]["Response"]["Result"] == "Success"


def test_the_same_service_id_again_is_rejected_and_takes_nothing(till: NexoTill) -> None:
    till.pay(1_000, service_id="S1")
    told = till.send("Payment", _payment(), service_id="S1")
    assert told["EventNotification"]["EventToNotify"] == "Reject"
    assert till.taken() == 1_000


def test_dictionaries_do_without_sockets(in_process: Callable[..., InProcess], payment: Callable[..., Body]) -> None:
    world = in_process(autopilot=True, autopilot_seconds=0, host_seconds=0, printing_seconds=0)
    told = world.send("Payment", payment(80_650), service_id="S1")["SaleToPOIResponse"]["PaymentResponse"]
    assert told["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] == Decimal("806.50")
    slow = in_process(autopilot=True)
    assert slow.send("Payment", payment(80_650), service_id="S1") is None
    slow.passes(60)
    reference = {"MessageReference": {"MessageCategory": "Payment", "ServiceID": "S1"}}
    found = slow.send("TransactionStatus", reference)["SaleToPOIResponse"]["TransactionStatusResponse"]
    assert found["Response"]["Result"] == "Success"

"""Tills that other people wrote, as their public code and pages describe how they speak; none of their code is here.

`foreign/` runs two of them as they are.
"""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from sandbox.reader.nexo.protection import keys_of, open_protected, protect

if TYPE_CHECKING:
    from tests.sandbox.reader.conftest import CaisseTill, NexoTill

Body = dict[str, Any]

POOR = "6280580610061110"
PASSPHRASE = "open sesame"
_numbers = count(1)


class LibraryForNode:
    """Always chunked, closes each connection, sends a key nobody asked for, and trusts a name of its own shape."""

    name_on_certificate = re.compile(r"[A-Z0-9]+-\d+\.test\.terminal\.adyen\.com")

    def __init__(self, till: NexoTill, passphrase: str) -> None:
        self.till, self.passphrase = till, passphrase

    def request(self, category: str, body: Body, *, service_id: str = "") -> Body:
        header = {
            "ProtocolVersion": "3.0",
            "MessageClass": "Service",
            "MessageCategory": category,
            "MessageType": "Request",
            "ServiceID": service_id or str(next(_numbers)),
            "SaleID": "POSSystemID12345",
            "POIID": self.till.poi_id,
        }
        message: Body = {"SaleToPOIRequest": {"MessageHeader": header, f"{category}Request": body}}
        if self.passphrase:
            keys = keys_of(self.passphrase)
            blob, trailer = protect(json.dumps(message).encode(), keys=keys, nonce=bytes(range(16)))
            trailer |= {"KeyIdentifier": "till-key", "KeyVersion": 1}
            message = {"SaleToPOIRequest": {"MessageHeader": header, "NexoBlob": blob, "SecurityTrailer": trailer}}
        answer = self._post(json.dumps(message).encode())
        if not answer:
            return {}
        told: Body = json.loads(answer)["SaleToPOIResponse"]
        if self.passphrase:
            clear = open_protected(told["NexoBlob"], told["SecurityTrailer"], keys=keys_of(self.passphrase))
            told = json.loads(clear)["SaleToPOIResponse"]
        return told

    def _post(self, body: bytes) -> bytes:
        context = self.till.context
        context.check_hostname = False
        connection = socket.create_connection(("127.0.0.1", self.till.told["port"]), timeout=20)
        with context.wrap_socket(connection) as secured:
            certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
            (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            assert self.name_on_certificate.fullmatch(str(name.value))
            secured.sendall(
                b"POST /nexo/ HTTP/1.1\r\nX-API-Key: none\r\nContent-Type: application/json\r\n"
                b"Cache-Control: no-cache\r\nAccept-Charset: utf-8\r\n"
                b"User-Agent: a library\r\nHost: 127.0.0.1:8443\r\nConnection: close\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
            )
            secured.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
            got = bytearray()
            while data := secured.recv(4096):
                got += data
        head, _, content = bytes(got).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        return content

    def payment(self, amount: float) -> Body:
        return {
            "SaleData": {"SaleTransactionID": {"TransactionID": "27908", "TimeStamp": "2026-11-22T08:38:17.000Z"}},
            "PaymentTransaction": {"AmountsReq": {"Currency": "DZD", "RequestedAmount": amount}},
        }

    def reference(self, service_id: str) -> Body:
        return {
            "MessageReference": {
                "MessageCategory": "Payment",
                "SaleID": "POSSystemID12345",
                "POIID": self.till.poi_id,
                "ServiceID": service_id,
            }
        }


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["clear", "protected"])
def test_the_library_for_node(new_reader: Callable[..., NexoTill], passphrase: str) -> None:
    poi_id = f"P400Plus-{next(_numbers):09d}"
    till = new_reader(
        poi_id=poi_id,
        passphrase=passphrase,
        key_identifier="till-key" if passphrase else "",
        certificate_name=f"SIM1000-{next(_numbers):09d}.test.terminal.adyen.com",
    )
    library = LibraryForNode(till, passphrase)
    paid = library.request("Payment", library.payment(1234.56), service_id="PAID1")["PaymentResponse"]
    assert paid["Response"]["Result"] == "Success"
    assert paid["PaymentResult"]["AmountsResp"] == {"Currency": "DZD", "AuthorizedAmount": 1234.56}
    status = library.request("TransactionStatus", library.reference("PAID1"))["TransactionStatusResponse"]
    body = status["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert body["POIData"] == paid["POIData"]
    original = {"OriginalPOITransaction": {"POITransactionID": paid["POIData"]["POITransactionID"]}}
    reversal = library.request("Reversal", {**original, "ReversalReason": "MerchantCancel"})["ReversalResponse"]
    assert reversal["Response"]["Result"] == "Success"
    till.change(autopilot=False)
    with ThreadPoolExecutor() as beside:
        waiting = beside.submit(library.request, "Payment", library.payment(10), service_id="LATER1")
        till.wait_for_customer(waiting)
        assert library.request("Abort", {"AbortReason": "MerchantAbort", **library.reference("LATER1")}) == {}
        aborted = waiting.result(10)["PaymentResponse"]
    assert aborted["Response"]["ErrorCondition"] == "Aborted"
    assert till.taken() == 0


class ModuleForOdoo:
    """Version 0300, till number 01, one `recv` for the whole answer, and sums compared as texts without zeros."""

    def __init__(self, caisse: CaisseTill) -> None:
        self.caisse = caisse

    def pay(self, amount: float) -> str:
        cents = str(round(abs(amount) * 100))
        asked = {"CJ": "012345678901", "CA": "01", "CE": "012", "CD": "1" if amount < 0 else "0", "CB": cents}
        message = "CZ0040300" + "".join(f"{tag}{len(value):03d}{value}" for tag, value in asked.items())
        with socket.create_connection(self.caisse.address, timeout=20) as connection:
            connection.send(message.encode("ascii"))
            told = self._parsed(connection.recv(1024).decode("ascii"))
        if told.get("AE") == "10":
            assert all(told[tag] == asked[tag] for tag in ("CA", "CD", "CE"))
            assert told["CB"].lstrip("0") == cents
            return "success"
        assert told.get("AE") == "01"
        return f"failure {told['AF']}"

    def _parsed(self, text: str) -> dict[str, str]:
        told, at = {}, 0
        while at < len(text):
            size = int(text[at + 2 : at + 5])
            told[text[at : at + 2]] = text[at + 5 : at + 5 + size]
            at += 5 + size
        return told


def test_the_module_for_odoo(new_reader: Callable[..., CaisseTill]) -> None:
    caisse = new_reader(protocol="caisse_ap")
    module = ModuleForOdoo(caisse)
    assert module.pay(1234.56) == "success"
    assert module.pay(-34.56) == "success"
    caisse.change(autopilot_card=POOR)
    assert module.pay(500) == "failure 04"
    caisse.change(autopilot=False)
    with ThreadPoolExecutor() as beside:
        waiting = beside.submit(module.pay, 10)
        caisse.wait_for_customer(waiting)
        caisse.do("cancel")
        assert waiting.result(10) == "failure 06"
    assert caisse.taken() == 123_456 - 3_456


class TillOfAVendor:
    """Till number of one sign, the ticket in the answer, and a status by a reference that only this vendor has."""

    def __init__(self, caisse: CaisseTill) -> None:
        self.caisse = caisse

    def ask(self, action: str, **tags: str) -> dict[str, str]:
        sent = {"CA": "1", "CD": action, "CE": "012", "CJ": "247300000001"} | tags
        return self.caisse.ask("CZ0040320" + "".join(f"{tag}{len(value):03d}{value}" for tag, value in sent.items()))


def test_the_till_of_a_vendor(new_reader: Callable[..., CaisseTill]) -> None:
    caisse = new_reader(protocol="caisse_ap", till="01")
    till = TillOfAVendor(caisse)
    paid = till.ask("0", CB="000000123456", CH="ORDER0001", CK="120")
    assert (paid["AE"], paid["CA"], paid["CH"]) == ("10", "1", "ORDER0001")
    ticket = dict(re.findall(r"(AK)\d{3}(.+)", paid["ZT"]))["AK"]
    assert paid["AC"] in base64.b64decode(ticket).decode("latin-1")
    found = till.ask("T", CH="ORDER0001")
    assert (found["AE"], found["AC"], int(found["CB"])) == ("10", paid["AC"], 123_456)
    assert till.ask("T", CH="ORDER0002")["AE"] == "01"
    assert till.ask("3")["AC"] == paid["AC"]
    cancelled = till.ask("2", CB="123456", CH="ORDER0001")
    assert (cancelled["AE"], caisse.taken()) == ("10", 0)
    assert till.ask("B")["AE"] == "10"
    caisse.change(autopilot=False)
    with ThreadPoolExecutor() as beside:
        waiting = beside.submit(till.ask, "0", CB="500", CH="ORDER0003")
        caisse.wait_for_customer(waiting)
        assert till.ask("T", CH="ORDER0003")["AE"] == "11"
        caisse.do("cancel")
        assert waiting.result(10)["AF"] == "06"
    assert till.ask("T", CH="ORDER0003")["AE"] == "01"


class CautiousTill:
    """Logs in, loses the answer, aborts, and then asks every few seconds as its vendor's rules want it."""

    def __init__(self, till: NexoTill) -> None:
        self.till = till

    def settled_centimes(self, service_id: str) -> int | None:
        """What this till would book; None when it must not book anything."""
        for _ in range(20):
            told = self.till.status(service_id)
            if told["Response"]["Result"] == "Success":
                inside = told["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
                if inside["Response"]["Result"] != "Success":
                    return None
                amount: Decimal = inside["PaymentResult"]["AmountsResp"]["AuthorizedAmount"]
                return int(amount * 100)
            if told["Response"]["ErrorCondition"] not in {"InProgress", "Busy"}:
                return None
        raise AssertionError


@pytest.mark.parametrize(
    ("kind", "booked"),
    [
        ("in_progress", 100_000),
        ("half_answer", 100_000),
        ("close_after_reading", None),
        ("close_after_approval", 100_000),
    ],
)
def test_a_till_that_lost_the_answer_books_what_was_taken(
    new_reader: Callable[..., NexoTill], kind: str, booked: int | None
) -> None:
    till = new_reader(login_required=True)
    till.send("Login", {"DateTime": "2026-11-22T08:00:00+01:00"})
    till.fault(kind)
    with pytest.raises(httpx.TransportError):
        till.pay(100_000, service_id="LOST1")
    till.abort("LOST1")
    assert CautiousTill(till).settled_centimes("LOST1") == booked
    assert till.taken() == (booked or 0)

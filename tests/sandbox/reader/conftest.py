"""Tills that speak with readers over real TLS and TCP, and readers without sockets."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.gateway.cards import DECK
from sandbox.gateway.issuer import Issuer
from sandbox.reader.caisse_ap.door import CaisseApDoor
from sandbox.reader.core import Reader
from sandbox.reader.faults import ReaderFaults
from sandbox.reader.nexo.door import NexoDoor
from sandbox.reader.settings import ReaderSettings

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

GOOD = "6280581110007215"
QUICK = {
    "autopilot": True,
    "autopilot_seconds": 0,
    "host_seconds": 0,
    "printing_seconds": 0,
    "host_patience_seconds": 0,
}
"""A customer who needs no time, and a host that needs none."""
NOW = 1_795_350_000.0
_numbers = count(1)


def a_payment(centimes: int = 123_456, *, reference: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A PaymentRequest."""
    return {
        "SaleData": {
            "OperatorID": "12",
            "ShiftNumber": "55",
            "SaleTransactionID": {
                "TransactionID": reference or f"S-{next(_numbers):06d}-1",
                "TimeStamp": "2026-11-22T09:38:17+01:00",
            },
            "SaleReferenceID": "310400000017",
        },
        "PaymentTransaction": {"AmountsReq": {"Currency": "DZD", "RequestedAmount": Decimal(centimes) / 100}},
        **more,
    }


def a_message(poi_id: str, category: str, request: dict[str, Any], *, service_id: str = "", **header: str) -> Any:  # noqa: ANN401
    """The whole message, and a fresh ServiceID where none is given."""
    return {
        "SaleToPOIRequest": {
            "MessageHeader": {
                "ProtocolVersion": "3.0",
                "MessageClass": "Service",
                "MessageCategory": category,
                "MessageType": "Request",
                "ServiceID": service_id or f"T{next(_numbers):09d}",
                "SaleID": "AG07-C1",
                "POIID": poi_id,
                **header,
            },
            f"{category}Request": request,
        }
    }


class NexoTill:
    """A till in front of one nexo reader. It pins the sandbox's certificate and expects the POIID as its name."""

    def __init__(self, sandbox: Sandbox, poi_id: str, told: dict[str, Any]) -> None:
        self.sandbox, self.poi_id, self.told = sandbox, poi_id, told
        self.url = f"https://127.0.0.1:{told['port']}/nexo"
        self.context = ssl.create_default_context(cadata=told["ca_pem"])
        self.http = httpx.Client(verify=self.context, trust_env=False, timeout=20)
        self._beside = ThreadPoolExecutor(max_workers=4)

    def post(self, message: Any, *, path: str = "", timeout: float = 20) -> httpx.Response:  # noqa: ANN401
        body = json.dumps(message, default=float)
        return self.http.post(
            self.url + path,
            content=body,
            headers={"Content-Type": "application/json"},
            extensions={"sni_hostname": self.poi_id},
            timeout=timeout,
        )

    def send(self, category: str, request: dict[str, Any], *, service_id: str = "", **header: str) -> dict[str, Any]:
        """The answer's object under `SaleToPOIResponse`, amounts as decimals; for an event the one it came in."""
        answer = self.post(a_message(self.poi_id, category, request, service_id=service_id, **header))
        assert answer.status_code == 200, answer.text
        told = json.loads(answer.content, parse_float=Decimal)
        inner: dict[str, Any] = told.get("SaleToPOIResponse") or told["SaleToPOIRequest"]
        return inner

    def pay(self, centimes: int = 123_456, *, service_id: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401
        told: dict[str, Any] = self.send("Payment", a_payment(centimes, **more), service_id=service_id)[
            "PaymentResponse"
        ]
        return told

    def start_payment(self, centimes: int = 123_456, *, service_id: str = "") -> Future[dict[str, Any]]:
        """The till waits while a customer does something; returns when the reader waits for a card."""
        paying = self._beside.submit(self.pay, centimes, service_id=service_id)
        self.wait_for_customer(paying)
        return paying

    def wait_for_customer(self, beside: Future[Any]) -> None:
        """Until the reader does something with what was asked `beside`."""
        while self.shown()["stage"] == "idle" and not beside.done():
            time.sleep(0.005)

    def status(self, service_id: str, *, category: str = "Payment", **more: object) -> dict[str, Any]:
        reference = {
            "MessageCategory": category,
            "SaleID": "AG07-C1",
            "POIID": self.poi_id,
            "ServiceID": service_id,
        }
        told: dict[str, Any] = self.send("TransactionStatus", {"MessageReference": reference, **more})[
            "TransactionStatusResponse"
        ]
        return told

    def reverse(self, payment: dict[str, Any], *, service_id: str = "", **more: object) -> dict[str, Any]:
        identifier = payment["POIData"]["POITransactionID"]
        request = {
            "OriginalPOITransaction": {"SaleID": "AG07-C1", "POIID": self.poi_id, "POITransactionID": identifier},
            "ReversalReason": "MerchantCancel",
            **more,
        }
        told: dict[str, Any] = self.send("Reversal", request, service_id=service_id)["ReversalResponse"]
        return told

    def abort(self, service_id: str) -> httpx.Response:
        reference = {"MessageCategory": "Payment", "SaleID": "AG07-C1", "POIID": self.poi_id, "ServiceID": service_id}
        request = {"MessageReference": reference, "AbortReason": "MerchantAbort"}
        return self.post(a_message(self.poi_id, "Abort", request))

    # The customer and the test

    def do(self, verb: str, **asked: object) -> dict[str, Any]:
        return self.sandbox.control("POST", f"readers/{self.poi_id}/{verb}", asked)

    def change(self, **settings: object) -> None:
        self.sandbox.control("POST", f"readers/{self.poi_id}", settings)

    def shown(self) -> dict[str, Any]:
        return self.sandbox.control("GET", f"readers/{self.poi_id}")

    def log(self) -> list[dict[str, Any]]:
        """Newest first."""
        told: list[dict[str, Any]] = self.sandbox.control("GET", f"readers/{self.poi_id}/transactions")["transactions"]
        return told

    def fault(self, kind: str, **rule: object) -> None:
        self.sandbox.control("POST", "reader-faults", {"kind": kind, "poi_id": self.poi_id, "times": 1, **rule})

    def taken(self) -> int:
        """What all customers of this reader have lost, by the issuers' books."""
        return sum(
            each["captured_centimes"] - each["returned_centimes"]
            for each in self.log()
            if each["category"] == "Payment"
        )

    def close(self) -> None:
        self._beside.shutdown()
        self.http.close()


class CaisseTill:
    """A till in front of one Caisse-AP reader: one connection for each operation, read until the other side closes."""

    def __init__(self, sandbox: Sandbox, poi_id: str, told: dict[str, Any]) -> None:
        self.sandbox, self.poi_id, self.told = sandbox, poi_id, told
        self.address = ("127.0.0.1", told["port"])

    def exchange(self, *pieces: bytes, timeout: float = 20) -> bytes:
        with socket.create_connection(self.address, timeout=timeout) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            got = bytearray()
            while data := connection.recv(4096):
                got += data
            return bytes(got)

    def ask(self, message: str) -> dict[str, str]:
        return fields_of(self.exchange(message.encode("ascii")))

    wait_for_customer = NexoTill.wait_for_customer
    log = NexoTill.log
    do = NexoTill.do
    change = NexoTill.change
    shown = NexoTill.shown
    fault = NexoTill.fault
    taken = NexoTill.taken

    def close(self) -> None:
        """Every connection was closed by itself."""


def fields_of(message: bytes) -> dict[str, str]:
    """The tags, read as the rule says and with no code of the reader's."""
    text, fields = message.decode("latin-1"), {}
    while text:
        length = int(text[2:5])
        fields[text[:2]] = text[5 : 5 + length]
        assert len(text) >= 5 + length
        text = text[5 + length :]
    return fields


@pytest.fixture
def new_reader(sandbox: Sandbox) -> Iterator[Callable[..., Any]]:
    """Adds readers to the running sandbox, each with a till; quick ones unless told otherwise."""
    tills: list[NexoTill | CaisseTill] = []

    def add(*, poi_id: str = "", protocol: str = "nexo", **settings: object) -> NexoTill | CaisseTill:
        name = poi_id or f"SIM1000-{next(_numbers):09d}"
        told = sandbox.control("POST", "readers", {"poi_id": name, "protocol": protocol, **QUICK, **settings})
        till = (NexoTill if protocol == "nexo" else CaisseTill)(sandbox, name, told)
        tills.append(till)
        return till

    yield add
    for till in tills:
        sandbox.control("DELETE", f"readers/{till.poi_id}")
        till.close()


@pytest.fixture
def new_till() -> Iterator[Callable[..., NexoTill]]:
    """Tills in front of readers that the test has added itself."""
    tills: list[NexoTill] = []

    def add(sandbox: Sandbox, poi_id: str, told: dict[str, Any]) -> NexoTill:
        tills.append(NexoTill(sandbox, poi_id, told))
        return tills[-1]

    yield add
    for each in tills:
        each.close()


@pytest.fixture
def till(new_reader: Callable[..., NexoTill]) -> NexoTill:
    return new_reader()


@pytest.fixture
def caisse(new_reader: Callable[..., CaisseTill]) -> CaisseTill:
    return new_reader(protocol="caisse_ap", till="07")


class InProcess:
    """One reader without sockets, with a clock that the test moves."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401
        self.now = NOW
        self.issuer = Issuer(cards=DECK.values(), opened_at=NOW)
        self.faults = ReaderFaults(seed=7)
        self.reader = Reader(
            settings=ReaderSettings.from_row({"poi_id": "P-1", **settings}),
            issuer=self.issuer,
            faults=self.faults,
            random=Random(1),
        )
        self.nexo = NexoDoor(self.reader, random=Random(2))
        self.caisse = CaisseApDoor(self.reader, random=Random(3))

    def send(self, category: str, request: dict[str, Any], *, service_id: str = "", **header: str) -> Any:  # noqa: ANN401
        return self.nexo.answer(a_message("P-1", category, request, service_id=service_id, **header), now=self.now)

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.reader.catch_up(now=self.now)

    @property
    def books(self) -> tuple[int, int]:
        """Captured and returned of the newest sale."""
        name = self.reader.transactions()[-1].books
        return self.issuer.captured_centimes(name), self.issuer.returned_centimes(name)


@pytest.fixture
def in_process() -> type[InProcess]:
    return InProcess


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    return a_payment


@pytest.fixture
def message() -> Callable[..., Any]:
    return a_message


@pytest.fixture
def read_fields() -> Callable[[bytes], dict[str, str]]:
    return fields_of

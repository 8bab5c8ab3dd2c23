"""A real sandbox, in its own process, spoken to over HTTP and SMTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
GOOD = "6280581110007215"
RETURN_URL = "http://merchant.example/back?token=a1"
FAIL_URL = "http://merchant.example/not-paid"
A_MERCHANT = {
    "user_name": "SAT1901010009",
    "password": "sandbox-older-9",
    "terminals": ["E010901209"],
    "page_name": "older",
    "wire": "A",
}
_numbers = count(1)


class Process:
    """`python -m sandbox`, started and stopped like anybody would."""

    def __init__(self, folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
        announce = folder / f"announce-{next(_numbers)}"
        self.log = folder / "log"
        self._log = self.log.open("ab")
        self.child = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--announce", str(announce), *arguments],
            env=os.environ | {"PYTHONPATH": str(SRC)} | (environment or {}),
            stdout=self._log,
            stderr=self._log,
            cwd=folder,
        )
        while not announce.exists():
            assert self.child.poll() is None, self.log.read_text()
            time.sleep(0.02)
        self.told: dict[str, Any] = json.loads(announce.read_text())

    def stop(self) -> int:
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=30)
        self._log.close()
        return code

    def end(self) -> None:
        """For a test that failed before it could stop it."""
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        self._log.close()


class Sandbox:
    """What a merchant, a payer and a test can do at the sandbox."""

    def __init__(self, process: Process) -> None:
        self.process, self.told = process, process.told
        self.http = httpx.Client(base_url=self.told["http_url"], trust_env=False, timeout=20)

    # The merchant

    def call(self, name: str, *, wire: str = "B", get: bool = False, **values: str) -> httpx.Response:
        sent = self.credentials(wire) | values
        if get:
            return self.http.get(f"/payment/rest/{name}", params=sent)
        return self.http.post(f"/payment/rest/{name}", data=sent)

    def credentials(self, wire: str = "B") -> dict[str, str]:
        if wire == "A":
            return {"userName": A_MERCHANT["user_name"], "password": A_MERCHANT["password"]}
        return {"userName": "SAT2601010001", "password": "sandbox-oran-1"}

    def order_values(self, wire: str = "B", **changes: str) -> dict[str, str]:
        terminal = "E010901209" if wire == "A" else "E010901201"
        return {
            "orderNumber": f"N{next(_numbers):09d}",
            "amount": "143050",
            "currency": "012",
            "returnUrl": RETURN_URL,
            "failUrl": FAIL_URL,
            "language": "FR",
            "jsonParams": json.dumps({"force_terminal_id": terminal, "udf1": "Bill00001"}),
        } | changes

    def register(self, *, wire: str = "B", call: str = "register.do", **changes: str) -> Order:
        values = self.order_values(wire, **changes)
        answer = self.call(call, wire=wire, **values).json()
        assert str(answer["errorCode"]) == "0", answer
        return Order(self, wire, values["orderNumber"], answer["orderId"], answer["formUrl"])

    def paid(self, *, wire: str = "B", card: str = GOOD, **changes: str) -> Order:
        order = self.register(wire=wire, **changes)
        assert self.control("POST", "pay", {"mdOrder": order.md_order, "card": card})["state"] == "deposited"
        return order

    # The test

    def control(self, method: str, path: str, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.http.request(method, f"/control/{path}", json=asked)
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def fault(self, kind: str, **rule: object) -> dict[str, Any]:
        return self.control("POST", "faults", {"kind": kind, **rule})

    def advance(self, seconds: float) -> None:
        self.control("POST", "clock", {"advance_seconds": seconds})

    def settings(self, **changes: object) -> None:
        self.control("POST", "settings", changes)

    def balance(self, account: str = "CIB-007215") -> int:
        accounts = self.control("GET", "accounts")["accounts"]
        return next(each["balance_centimes"] for each in accounts if each["number"] == account)


class Order:
    """One order, and the payer in front of its pages."""

    def __init__(self, sandbox: Sandbox, wire: str, number: str, md_order: str, form_url: str) -> None:
        self.sandbox, self.wire, self.number, self.md_order, self.form_url = sandbox, wire, number, md_order, form_url

    def give_card(self, pan: str = GOOD, **changes: str) -> httpx.Response:
        card = next((each for each in self.sandbox.control("GET", "cards")["cards"] if each["pan"] == pan), None)
        expiry = card["expiry"] if card else "203012"
        form = {
            "mdOrder": self.md_order,
            "iPAN" if self.wire == "A" else "pan_visible": pan,
            "month": expiry[4:],
            "year": expiry[:4],
            "iCVC": card["cvv2"] if card else "123",
            "iTEXT": "CARD HOLDER",
        }
        return self.sandbox.http.post(self.form_url, data=form | changes)

    @property
    def code_address(self) -> str:
        return f"/acs/api/3ds/form?mdOrder={self.md_order}&language=fr"

    def code(self) -> str:
        newest: str = self.sandbox.control("GET", f"sms?md_order={self.md_order}")["sms"][0]["code"]
        return newest

    def wrong_code(self) -> str:
        return f"{(int(self.code()) + 1) % 1_000_000:06d}"

    def give_code(self, code: str | None = None, **more: str) -> httpx.Response:
        form = {"passwordEdit": self.code() if code is None else code, "SendPayment2": "1"}
        return self.sandbox.http.post(self.code_address, data=more or form)

    def pay(self, pan: str = GOOD, **changes: str) -> httpx.Response:
        given = self.give_card(pan, **changes)
        if urlsplit(given.headers.get("location", "")).path != "/acs/api/3ds/form":
            return given
        return self.give_code()

    def result(self, **values: str) -> dict[str, Any]:
        answer = self.result_response(**values)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def result_response(self, **values: str) -> httpx.Response:
        if self.wire == "A":
            return self.sandbox.call("confirmOrder.do", wire="A", orderId=self.md_order, language="fr", **values)
        return self.sandbox.call(
            "public/acknowledgeTransaction.do", mdOrder=self.md_order, **({"language": "fr"} | values)
        )

    def refund(self, amount: int, **more: str) -> dict[str, Any]:
        answer = self.sandbox.call("refund.do", wire=self.wire, orderId=self.md_order, amount=str(amount), **more)
        told: dict[str, Any] = answer.json()
        return told

    def books(self) -> dict[str, Any]:
        """The order beside the issuer's entries."""
        return self.sandbox.control("GET", f"orders/{self.md_order}")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    process = Process(tmp_path_factory.mktemp("sandbox"))
    sandbox = Sandbox(process)
    yield sandbox
    sandbox.http.close()
    assert process.stop() == 0


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The running sandbox on its first day, with a merchant on each wire."""
    running.control("POST", "reset")
    running.control("POST", "merchants", A_MERCHANT)
    return running


@pytest.fixture
def new_process(tmp_path: Path) -> Callable[..., Process]:
    """Starts a sandbox of the test's own, in the test's folder."""

    def start(*arguments: str, environment: dict[str, str] | None = None) -> Process:
        return Process(tmp_path, *arguments, environment=environment)

    return start


@pytest.fixture
def new_client() -> Callable[[Process], Sandbox]:
    return Sandbox

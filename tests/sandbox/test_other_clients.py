"""Clients that other people wrote, in other languages, without ever having seen this project.

Each class sends its requests as one public client does, and reads the answers by that client's own rules, mistakes
included. The wire styles were described from public code, none of which is here. All of them pay with the published
card and password, on the page, as an automatic payer finds it.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

CARD = {"number": "6280581110007215", "month": "01", "year": "2027", "cvv2": "373", "password": "123456"}
REFUSED_CARD = CARD | {"number": "6280581110006712", "cvv2": "897"}
CENTIMES = 80_650

_numbers = count(1)


class Client(ABC):
    """What every client has: an account, and a connection that knows nothing of the sandbox."""

    account = ("SAT2601010001", "sandbox-oran-1", "E010901201")
    switches: dict[str, object] = {}  # noqa: RUF012 - never changed
    """How the merchant's account has to be set for this client; empty for one that exists from the start."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.http = httpx.Client(trust_env=False, timeout=20)
        self.user_name, self.password, self.terminal = self.account

    def get(self, call: str, **values: str) -> Any:  # noqa: ANN401 - whatever the gateway said
        answer = self.http.get(f"{self.base_url}/{call}", params=self.credentials() | values)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, call: str, **values: str) -> Any:  # noqa: ANN401 - whatever the gateway said
        answer = self.http.post(f"{self.base_url}/{call}", data=self.credentials() | values)
        assert answer.is_success, answer.text
        return answer.json()

    def credentials(self) -> dict[str, str]:
        return {"userName": self.user_name, "password": self.password}

    def params(self, **more: object) -> str:
        return json.dumps({"force_terminal_id": self.terminal, "udf1": "INV001"} | more, separators=(",", ":"))

    @abstractmethod
    def register(self) -> str:
        """Opens an order; the address of the page."""

    @abstractmethod
    def paid(self, order_id: str) -> bool:
        """Whether this client would hand over the goods."""

    @abstractmethod
    def refund(self, order_id: str, centimes: int) -> bool:
        """Whether this client believes that the money went back."""


class TypescriptLibrary(Client):
    """Posts forms, small letters for the language, bill payment named beside the parameters, codes through a parser."""

    def register(self) -> str:
        told = self.post(
            "register.do",
            orderNumber=f"ORD{next(_numbers):06d}",
            amount=str(CENTIMES),
            currency="012",
            returnUrl="https://merchant.example/success",
            language="fr",
            jsonParams=self.params(udf2="Extra1"),
            failUrl="https://merchant.example/fail",
            description="Commande",
            fundingTypeIndicator="CP",
            externalRequestId="3f6d1c0e",
        )
        assert int(told["errorCode"]) == 0
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.post("public/acknowledgeTransaction.do", mdOrder=order_id, language="fr")
        return int(told["ErrorCode"]) == 0 and int(told["OrderStatus"]) == 2 and int(told["Amount"]) == CENTIMES

    def refund(self, order_id: str, centimes: int) -> bool:
        told = self.post("refund.do", orderId=order_id, amount=str(centimes), currency="012", language="fr")
        return int(told["errorCode"]) == 0


class LaravelPackageOfNumbers(Client):
    """Asks for everything by GET, capitals for the language, and compares every code with the number zero."""

    account = ("SATNUMBERS", "n", "E010901210")
    switches = {"codes": "number", "result_codes": "number"}  # noqa: RUF012 - never changed

    def register(self) -> str:
        told = self.get(
            "register.do",
            orderNumber=f"{next(_numbers):010d}",
            amount=str(CENTIMES - 50),
            currency="012",
            returnUrl="https://merchant.example/return",
            language="FR",
            jsonParams=self.params(),
        )
        assert told["errorCode"] == 0
        assert type(told["errorCode"]) is int
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.get("public/acknowledgeTransaction.do", mdOrder=order_id, language="FR")
        return told["ErrorCode"] == 0 and type(told["ErrorCode"]) is int and told["OrderStatus"] == 2

    def refund(self, order_id: str, centimes: int) -> bool:
        told = self.get("refund.do", orderId=order_id, amount=str(centimes), language="FR")
        return told["errorCode"] == 0 and told.get("errorMessage") is None


class ModuleWithTwoVerbs(Client):
    """Registers by POST, asks and refunds by GET, and takes only the text "0" for success of the result."""

    def register(self) -> str:
        told = self.post(
            "register.do",
            orderNumber=f"CMD{next(_numbers):07d}",
            amount="80600",
            currency="012",
            returnUrl="https://merchant.example/payment/callback?shop=7",
            failUrl="https://merchant.example/payment/callback?shop=7",
            language="fr",
            jsonParams=self.params(),
        )
        assert str(told["errorCode"]) == "0"
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.get("public/acknowledgeTransaction.do", mdOrder=order_id, language="fr")
        return told["ErrorCode"] == "0" and told["OrderStatus"] == 2 and told["params"]["respCode"] == "00"

    def refund(self, order_id: str, centimes: int) -> bool:
        return str(self.get("refund.do", orderId=order_id, amount=str(centimes))["errorCode"]) == "0"


class NodeSdkWithoutParameters(Client):
    """Names its terminal beside everything else, sends no `jsonParams`, and reads the extended status."""

    def credentials(self) -> dict[str, str]:
        return super().credentials() | {"terminalId": self.terminal}

    def register(self) -> str:
        told = self.post(
            "register.do",
            orderNumber=f"ORDER-{next(_numbers):03d}",
            amount=str(CENTIMES),
            returnUrl="https://merchant.example/done",
            failUrl="https://merchant.example/done",
            currency="012",
            language="FR",
        )
        assert int(told["errorCode"]) == 0
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        self.post("confirmOrder.do", orderId=order_id, amount=str(CENTIMES), language="FR")
        told = self.post("getOrderStatusExtended.do", orderId=order_id, language="FR")
        return int(told["errorCode"]) == 0 and told["orderStatus"] in {1, 2}

    def refund(self, order_id: str, centimes: int) -> bool:
        told = self.post("refund.do", orderId=order_id, amount=str(centimes), language="FR")
        return int(told["errorCode"]) == 0


class CautiousSdk(Client):
    """Names its request, its session's length and its callback address; turns every code into a text first."""

    def register(self) -> str:
        values = {
            "orderNumber": f"{next(_numbers):010d}",
            "amount": str(CENTIMES),
            "currency": "012",
            "returnUrl": "https://merchant.example/return",
            "failUrl": "https://merchant.example/return",
            "language": "EN",
            "sessionTimeoutSecs": "1200",
            "externalRequestId": f"key-{next(_numbers)}",
            "dynamicCallbackUrl": "http://127.0.0.1:1/callback",
            "jsonParams": self.params(),
        }
        first, again = self.post("register.do", **values), self.post("register.do", **values)
        assert first == again
        assert self.known(first)
        return str(first["formUrl"])

    def known(self, told: dict[str, Any]) -> bool:
        code = told.get("ErrorCode", told.get("errorCode"))
        return code is None or str(code) == "0"

    def paid(self, order_id: str) -> bool:
        told = self.post("public/acknowledgeTransaction.do", mdOrder=order_id, language="EN")
        status = self.post("getOrderStatus.do", orderId=order_id, language="EN")
        assert str(status["OrderStatus"]) == str(told["OrderStatus"])
        return self.known(told) and str(told["OrderStatus"]) == "2" and str(told["Amount"]) == str(CENTIMES)

    def refund(self, order_id: str, centimes: int) -> bool:
        return self.known(self.post("refund.do", orderId=order_id, amount=str(centimes), currency="012", language="EN"))


class OlderPhpClient(Client):
    """The older wire, by forms: ten digits for the order, fields of its own among the parameters and no `udf1`.

    Registering has succeeded when the code is the text "0".
    """

    account = ("SAT2601010003", "sandbox-soummam-3", "E010901203")

    def register(self) -> str:
        told = self.post(
            "register.do",
            orderNumber=f"{1_000_000_000 + next(_numbers)}",
            amount=str(CENTIMES),
            currency="012",
            returnUrl="https://merchant.example/success",
            failUrl="https://merchant.example/success",
            language="AR",
            jsonParams=json.dumps({"force_terminal_id": self.terminal, "customer_id": "12345", "type": "premium"}),
            description="Achat en ligne",
            sessionTimeoutSecs="600",
        )
        assert told["errorCode"] == "0"
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.post("confirmOrder.do", orderId=order_id, language="AR")
        status = self.post("getOrderStatus.do", orderId=order_id, language="AR")
        assert status["OrderStatus"] == told["OrderStatus"]
        return str(told["ErrorCode"]) == "0" and str(told["OrderStatus"]) == "2"

    def refund(self, order_id: str, centimes: int) -> bool:
        return bool(self.post("refund.do", orderId=order_id, amount=str(centimes), language="AR")["errorCode"] == "0")


class AssistantTool(Client):
    """The older wire by GET: an order number with underlines, a reference as `udf1`, nothing sent that is empty."""

    account = OlderPhpClient.account

    def register(self) -> str:
        told = self.get(
            "register.do",
            orderNumber=f"ORDER_{next(_numbers):03d}_2024",
            amount="150050",
            currency="012",
            returnUrl="https://merchant.example/payment/success",
            failUrl="https://merchant.example/payment/failure",
            language="FR",
            jsonParams=self.params(udf1="merchant_ref_123"),
        )
        assert told["errorCode"] == "0"
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.get("confirmOrder.do", orderId=order_id, language="FR")
        params = told["params"] or {}
        return params.get("respCode") == "00" and told["ErrorCode"] == "0" and told["OrderStatus"] == 2

    def refund(self, order_id: str, centimes: int) -> bool:
        told = self.get("refund.do", orderId=order_id, amount=str(centimes), currency="012", language="FR")
        return bool(told["errorCode"] == "0")


class ShopPlugin(Client):
    """Posts what its own settings hold as well, no language, a number among the parameters; a long order number."""

    account = OlderPhpClient.account

    def register(self) -> str:
        told = self.post(
            "register.do",
            sslverify="true",
            timeout="50",
            returnUrl="http://shop.example/?order-received=17&key=wc_1&orderNumber=17&bool=0",
            orderNumber=f"2025112213{next(_numbers):04d}",
            amount=str(CENTIMES),
            currency="012",
            jsonParams=self.params(orderNumber=17, udf5="00"),
        )
        assert str(told["errorCode"]) == "0"
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.post("getOrderStatus.do", orderId=order_id)
        confirmed = self.post("confirmOrder.do", orderId=order_id, language="fr")
        return str(told["OrderStatus"]) == "2" and str(confirmed["ErrorCode"]) in {"0", "2"}

    def refund(self, order_id: str, centimes: int) -> bool:
        return str(self.post("refund.do", orderId=order_id, amount=str(centimes))["errorCode"]) == "0"


class TypedClient(Client):
    """Decodes into types that were fixed beforehand: every code of a change is a text, or the answer is unreadable."""

    account = ("SATTYPED", "t", "E010901211")
    switches = {"codes": "string"}  # noqa: RUF012 - never changed

    def register(self) -> str:
        told = self.post(
            "register.do",
            orderNumber=str(1_000_000_000 + next(_numbers)),
            amount=str(CENTIMES),
            currency="012",
            returnUrl="https://merchant.example/return",
            failUrl="https://merchant.example/return",
            language="FR",
            sessionTimeoutSecs="900",
            jsonParams=self.params(),
        )
        assert all(isinstance(value, str) for value in told.values())
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.post("public/acknowledgeTransaction.do", mdOrder=order_id, language="FR")
        assert isinstance(told["ErrorCode"], str)
        assert isinstance(told["OrderStatus"], int)
        return told["ErrorCode"] == "0" and told["OrderStatus"] == 2

    def refund(self, order_id: str, centimes: int) -> bool:
        told = self.post("refund.do", orderId=order_id, amount=str(centimes))
        return bool(told["errorCode"] == "0")


class PostOfficeServer(Client):
    """Knows the post office's own gateway: no terminal, two fields, and the status call for a result."""

    account = ("SATPOSTE", "p", "E010901212")
    switches = {"wire": "A", "must_acknowledge": False}  # noqa: RUF012 - never changed

    def register(self) -> str:
        told = self.get(
            "register.do",
            orderNumber=f"P{next(_numbers):05d}",
            amount=str(CENTIMES),
            currency="012",
            returnUrl="https://merchant.example/ok",
            failUrl="https://merchant.example/ko",
            language="fr",
            jsonParams=json.dumps({"udf1": "17", "udf5": "00"}),
        )
        assert told["errorCode"] == "0"
        return str(told["formUrl"])

    def paid(self, order_id: str) -> bool:
        told = self.get("getOrderStatus.do", orderId=order_id, language="fr")
        return told["ErrorCode"] == "0" and told["OrderStatus"] == 2

    def refund(self, order_id: str, centimes: int) -> bool:
        return str(self.get("refund.do", orderId=order_id, amount=str(centimes))["errorCode"]) == "0"


NewClient = Callable[[type[Client]], Client]


# The payer


class Page(HTMLParser):
    """The form of a page as a robot sees it: where it goes, what it holds, which buttons have which identifier."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.values: dict[str, str] = {}
        self.found: dict[str, tuple[str, str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = said.get("action", "")
        elif tag in {"input", "select", "button"}:
            self.found[said.get("id", "")] = said.get("name", ""), said.get("value", "")
            if tag == "input":
                self.values[said["name"]] = said.get("value", "")

    def send(self, http: httpx.Client, at: str, button: str, **filled: str) -> httpx.Response:
        """Presses a button after filling in the fields of these identifiers."""
        for identifier, value in filled.items():
            self.values[self.found[identifier][0]] = value
        name, value = self.found[button]
        return http.post(urljoin(at, self.action), data=self.values | {name: value})


def pay_on_the_page(http: httpx.Client, address: str, card: dict[str, str]) -> str:
    """Fills in the card and the published password; the address that the browser is sent back to."""
    page = Page(http.get(address).raise_for_status().text)
    number = {"iPAN": card["number"]}
    if "pan_visible" in page.found:
        number["pan_visible"] = card["number"]
    given = page.send(
        http,
        address,
        "buttonPayment",
        **number,
        month=card["month"],
        year=card["year"],
        iCVC=card["cvv2"],
        iTEXT="AMINA B",
    )
    confirming = urljoin(address, given.headers["location"])
    if urlsplit(confirming).netloc != urlsplit(address).netloc:
        return confirming
    page = Page(http.get(confirming).raise_for_status().text)
    older = "pwdInputMasked" in page.found
    field, button = ("pwdInputMasked", "submitPasswordButton") if older else ("passwordEdit", "SendPayment2")
    return str(page.send(http, confirming, button, **{field: card["password"]}).headers["location"])


CLIENTS = [
    TypescriptLibrary,
    LaravelPackageOfNumbers,
    ModuleWithTwoVerbs,
    NodeSdkWithoutParameters,
    CautiousSdk,
    OlderPhpClient,
    AssistantTool,
    ShopPlugin,
    TypedClient,
    PostOfficeServer,
]


@pytest.fixture
def new_client(sandbox: Sandbox) -> Iterator[NewClient]:
    opened: list[Client] = []

    def new(kind: type[Client]) -> Client:
        user_name, password, terminal = kind.account
        if kind.switches:
            row = {"user_name": user_name, "password": password, "terminals": [terminal]}
            sandbox.control("POST", "merchants", row | kind.switches)
        opened.append(kind(sandbox.told["rest_url"]))
        return opened[-1]

    yield new
    for client in opened:
        client.http.close()


@pytest.mark.parametrize("kind", CLIENTS)
def test_it_registers_pays_reads_and_refunds(sandbox: Sandbox, new_client: NewClient, kind: type[Client]) -> None:
    client = new_client(kind)
    before = sandbox.balance()
    back = pay_on_the_page(client.http, client.register(), CARD)
    query = parse_qs(urlsplit(back).query)
    (order_id,) = query["orderId"]
    assert len(query["lang"][0]) == 2
    assert client.paid(order_id)
    captured = before - sandbox.balance()
    assert captured > 80_000
    assert client.refund(order_id, 20_000)
    assert client.refund(order_id, captured - 20_000)
    assert sandbox.balance() == before


@pytest.mark.parametrize("kind", CLIENTS)
def test_it_hands_nothing_over_before_or_without_a_payment(new_client: NewClient, kind: type[Client]) -> None:
    client = new_client(kind)
    address = client.register()
    (order_id,) = parse_qs(urlsplit(address).query)["mdOrder"]
    assert not client.paid(order_id)
    pay_on_the_page(client.http, address, REFUSED_CARD)
    assert not client.paid(order_id)
    assert not client.refund(order_id, 20_000)


def test_a_query_of_the_merchant_is_kept_on_the_way_back(new_client: NewClient) -> None:
    client = new_client(ShopPlugin)
    back = pay_on_the_page(client.http, client.register(), CARD)
    query = parse_qs(urlsplit(back).query)
    assert (query["order-received"], query["key"], query["bool"]) == (["17"], ["wc_1"], ["0"])
    assert {"orderId", "lang"} <= set(query)


def test_an_order_that_is_not_known_is_an_http_error_to_those_who_acknowledge(
    new_client: NewClient,
) -> None:
    client = new_client(TypescriptLibrary)
    with pytest.raises(AssertionError, match="Transaction is not found"):
        client.paid("V721uPPfNNofVQAAABL3")

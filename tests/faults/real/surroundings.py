"""Everything around the portal: the gateway with its issuer, phones, the mail server, and what they remember.

Their memory is the truth that the portal is judged by at the end.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random

import httpx

from bawabati.adapters.messages.contract import Accepted, Message, Rejected, SendAnswer, TryLater
from bawabati.adapters.webhooks.contract import Post
from faults.real.clock import Clock
from faults.real.hands import READ_SECONDS, Body
from faults.real.swarm import SwarmPlan
from sandbox.gateway.callbacks import Callback
from sandbox.gateway.calls import REFUND, Answer, MerchantCalls
from sandbox.gateway.cards import DECK
from sandbox.gateway.core import Gateway, TextMessage
from sandbox.gateway.issuer import Issuer
from sandbox.gateway.merchants import Merchant, Merchants
from sandbox.gateway.orders import Order
from sandbox.gateway.outcomes import Wire
from sandbox.gateway.settings import AfterCancelling, AfterPageEnd, Settings

GATEWAY_URL = "https://gateway.example"
PAGE_URL = f"{GATEWAY_URL}/payment/merchants/page.html?mdOrder="
PASSWORD = "a password of the harness"
TERMINAL = "E010901209"
CALLBACK_KEY = "a key of the harness"
WIRES = {"current": Wire.B, "older": Wire.A, "status": Wire.B}
CALLBACKS = {
    "silent": {},
    "calling": {"callbacks": "yes"},
    "signing": {"callbacks": "yes", "callback_key": CALLBACK_KEY},
}
"""How a gateway calls back → the options of an account that has it so."""
REFUND_NAMES = ("no", "yes")
"""Whether an account's refunds are sent under a name, so that the gateway makes each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the gateway said about an order, and the portal can have read."""

    at: float
    call: str
    status: int | None
    error: str


class Surroundings:
    """One outside world for one seed."""

    def __init__(self, *, random: Random, clock: Clock, plan: SwarmPlan, settings: Settings) -> None:
        self.random = random
        self.clock = clock
        self.plan = plan
        self.issuer = Issuer(cards=DECK.values(), opened_at=clock.true)
        merchants = Merchants(_merchants())
        self.callbacks: list[Callback] = []
        """Every one that was ever sent: it may arrive again."""
        self.codes: dict[str, str] = {}
        self.webhooks: list[Post] = []
        """What the company's own system was told, in the order in which it came."""
        self.gateway = Gateway(
            merchants=merchants,
            issuer=self.issuer,
            faults=plan,
            random=random,
            settings=settings,
            send_text=self._send_text,
            send_callback=self.callbacks.append,
        )
        self._calls = MerchantCalls(gateway=self.gateway, form_url=_form_url)
        self.told: dict[str, list[Told]] = defaultdict(list)
        """By order number."""
        self.calls: list[tuple[str, str]] = []
        """(call, order number) of every request that reached the gateway."""
        self.doubled_refunds: set[str] = set()
        """Orders of which the network had a refund made twice, by their reference."""
        self.mails: list[Message] = []
        self.refused_mails: set[str] = set()

    def page_of(self, page_url: str) -> Order | None:
        return self.gateway.find_order(page_url.removeprefix(PAGE_URL))

    def call_the_gateway(self, call: str, values: Mapping[str, str]) -> httpx.Response:
        """One request of the portal's. Raises as httpx does when no whole answer comes back."""
        self.clock.let_pass(self.random.uniform(0.05, 1.0))
        if self.plan.refuses_connection(call):
            raise httpx.ConnectError("nobody listens there")
        number = self._number_of(values)
        self.calls.append((call, number))
        outage = self.plan.outage(now=self.clock.true)
        if outage:
            self.plan.struck.append(("outage", call))
        answer = self._answered(call, values)
        if answer.after_seconds >= READ_SECONDS:
            self.clock.let_pass(READ_SECONDS)
            raise httpx.ReadTimeout("no answer came")
        self.clock.let_pass(answer.after_seconds)
        if not answer.send_fraction:
            raise httpx.RemoteProtocolError("the connection was closed without an answer")
        whole = answer.body.encode()
        content = whole[: int(len(whole) * answer.send_fraction)]
        cut = len(content) < len(whole)
        if not cut:
            self._remember(call, number or self._number_of(values), answer)
        headers = {"content-type": answer.content_type}
        return httpx.Response(answer.status, headers=headers, stream=Body(content, cut=cut))

    def _answered(self, call: str, values: Mapping[str, str]) -> Answer:
        order = self.gateway.find_order(values.get("orderId", ""))
        held = order.deposited_centimes if order else 0
        answer = self._calls.answer(call, values, now=self.clock.true)
        if order and call == REFUND and held - order.deposited_centimes > int(values["amount"]):
            self.doubled_refunds.add(order.md_order)
        return answer

    def _number_of(self, values: Mapping[str, str]) -> str:
        order = self.gateway.find_order(values.get("mdOrder") or values.get("orderId") or "")
        return order.order_number if order else values.get("orderNumber", "")

    def _remember(self, call: str, number: str, answer: Answer) -> None:
        try:
            body = json.loads(answer.body)
        except ValueError:
            return
        fields = {name.lower(): value for name, value in body.items()} if isinstance(body, dict) else {}
        told = Told(
            at=self.clock.true,
            call=call,
            status=fields.get("orderstatus"),
            error="6" if body == "Transaction is not found" else str(fields.get("errorcode", "")),
        )
        self.told[number].append(told)

    def take_mail(self, message: Message) -> SendAnswer:
        """What the next server does with a message. It may take it and the answer may be lost."""
        if self.random.random() >= self.plan.rates.mail:
            self.mails.append(message)
            return Accepted()
        kind = self.random.choice(("mail_refused", "mail_later", "mail_lost_answer", "mail_twice"))
        self.plan.struck.append((kind, "mail"))
        match kind:
            case "mail_refused":
                self.refused_mails.add(message.message_id)
                return Rejected(reason="550 no such address")
            case "mail_later":
                return TryLater(reason="451 come back later")
            case "mail_lost_answer":
                self.mails.append(message)
                return TryLater(reason="timed_out")
            case _:
                self.mails += [message, message]
                return Accepted()

    def _send_text(self, message: TextMessage, _now: float) -> None:
        self.codes[message.md_order] = message.code


def user_name_of(*, wire: str, callbacks: str, refund_names: str) -> str:
    """Each kind of merchant account has its own, so that the portal keeps one hand for each."""
    return f"{wire}-{callbacks}-{refund_names}"


def _merchants() -> Iterator[Merchant]:
    for wire, callbacks, refund_names in product(WIRES, CALLBACKS, REFUND_NAMES):
        name = user_name_of(wire=wire, callbacks=callbacks, refund_names=refund_names)
        yield Merchant(
            user_name=name,
            password=PASSWORD,
            terminals=(TERMINAL,),
            page_name=name,
            names={"en": name},
            wire=WIRES[wire],
            callbacks=bool(CALLBACKS[callbacks]),
            callback_key=CALLBACKS[callbacks].get("callback_key", ""),
        )


def _form_url(order: Order, _merchant: Merchant) -> str:
    return f"{PAGE_URL}{order.md_order}"


def drawn_settings(random: Random, *, wire: str) -> Settings:
    """Both hypotheses about what nobody acknowledges; and both about what an ended page is called."""
    heard = wire == "status" or random.random() < 0.25
    return Settings(
        page_seconds=random.choice((600.0, 600.0, 720.0)),
        auto_cancel_seconds=None if heard else 1200.0,
        auto_cancel_gives_back=random.random() < 0.5,
        after_cancelling=random.choice(list(AfterCancelling)),
        after_page_end=random.choice(list(AfterPageEnd)),
    )

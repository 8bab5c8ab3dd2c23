"""The four verbs of SATIM's gateway, for one merchant account.

Options of an account, all optional:

    wire            "current" (acknowledgeTransaction), "older" (confirmOrder) or "status" (getOrderStatus)
    funding_type    "CP": the merchant is enabled for the payment of bills
    udf2 … udf5     sent as they are with every order
    refund_names    "yes": refunds are sent with our name for them (externalRefundId), which this gateway takes once
    ask_by_number   "no": this gateway answers no question by our own number
    slots           calls under way at once, 32
    plain_http      "allowed": credentials may travel without TLS, for a closed network of your own
    ca_file         certificates to trust instead of the public ones
"""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from time import perf_counter
from typing import TypeVar

from bawabati.adapters.gateways.breaker import Breaker
from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Exchange,
    Language,
    MerchantAccount,
    NewOrder,
    NotDone,
    RefundAnswer,
    RegisterAnswer,
    Said,
    Unknown,
    Verb,
    word_of,
)
from bawabati.adapters.gateways.satim import answers
from bawabati.adapters.gateways.satim.body import Fields, Unreadable, decoded, parsed
from bawabati.adapters.gateways.satim.callback import is_signed
from bawabati.adapters.gateways.satim.evidence import asked_of, kept, kept_text, unreadable_body
from bawabati.adapters.gateways.satim.line import Line, NoReply, Reply
from bawabati.adapters.gateways.satim.wires import WIRES
from bawabati.adapters.gateways.slots import Slots
from bawabati.errors import Broken
from bawabati.money.amount import Money

DINAR = "012"
_LONGEST_DESCRIPTION = 512
_USUAL_SLOTS = "32"
_PLACES_FOR_A_MERCHANT = ("udf2", "udf3", "udf4", "udf5")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer with fields, and what may be kept of it."""

    fields: Fields
    raw: Mapping[str, object]
    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class _NoAnswer:
    """No fields to read. `sent` is False only when the gateway cannot have seen the request."""

    reason: str
    sent: bool = True
    silent: bool = False
    """The gateway seems to be down: the breaker counts it."""
    said: Said = field(default_factory=Said)
    exchange: Exchange | None = None
    """None when nothing was sent."""


Told = TypeVar("Told", bound=RegisterAnswer | AskAnswer | RefundAnswer)


class Satim:
    """A merchant account at SATIM. Safe to share between threads; keep one for each account.

    Raises:
        Broken: the account's options or address make no sense.
    """

    def __init__(self, account: MerchantAccount, *, breaker: Breaker | None = None) -> None:
        wire_name = account.options.get("wire", "current")
        slots = account.options.get("slots", _USUAL_SLOTS)
        if wire_name not in WIRES:
            raise Broken("no such wire of the SATIM gateway", wire=wire_name)
        if not slots.isdecimal() or int(slots) < 1:
            raise Broken("the slots of a gateway are a whole number, at least one", slots=slots)
        if account.options.get("callbacks", "no") not in {"yes", "no"}:
            raise Broken("callbacks of a gateway are yes or no", callbacks=account.options["callbacks"])
        if account.options.get("refund_names", "no") not in {"yes", "no"}:
            raise Broken("names of refunds are sent or not: yes or no", refund_names=account.options["refund_names"])
        self._account = account
        self._is_called_back = account.options.get("callbacks") == "yes"
        self._names_refunds = account.options.get("refund_names") == "yes"
        self._wire = WIRES[wire_name]
        self._slots = Slots(int(slots))
        self._line = Line(account, connections=int(slots))
        self._breaker = breaker or Breaker()

    @property
    def open_since(self) -> datetime | None:
        """Since when the gateway gives no answer; None while calls are sent."""
        return self._breaker.open_since

    def slot_free(self) -> bool:
        """Whether a call would find a place at this moment."""
        return self._slots.any_free()

    def slot(self) -> AbstractContextManager[bool]:
        """Reserves a place for calls of this thread; yields whether there was one."""
        return self._slots.take()

    def register(self, order: NewOrder) -> RegisterAnswer:
        """Opens the order. Not safe to repeat."""
        answer = self._call(
            Verb.REGISTER,
            "register.do",
            orderNumber=order.number,
            amount=str(order.amount.centimes),
            currency=DINAR,
            returnUrl=order.return_url,
            failUrl=order.fail_url,
            description=order.description[:_LONGEST_DESCRIPTION],
            language=self._language(order.language),
            jsonParams=json.dumps(self._order_params(order), separators=(",", ":")),
            **({"dynamicCallbackUrl": order.callback_url} if self._is_called_back and order.callback_url else {}),
        )
        if isinstance(answer, _NoAnswer):
            return _with(answer.exchange, _not_done_or_unknown(answer))
        told = answers.registered(answer.fields, raw=answer.raw, order_number=order.number, account=self._account)
        return _with(answer.exchange, told)

    def ask(self, *, reference: str, language: Language) -> AskAnswer:
        """What happened to the order; acknowledges it where the wire does. Safe to repeat."""
        if not answers.is_reference(reference):
            return Unknown(reason="not_a_reference")
        answer = self._call(
            Verb.ASK,
            self._wire.result_call,
            **{self._wire.reference_parameter: reference},
            language=self._language(language),
        )
        if isinstance(answer, _NoAnswer):
            return _with(answer.exchange, _unknown_order_or_unknown(answer))
        told = answers.result(answer.fields, answers.read_said(answer.fields, raw=answer.raw), wire=self._wire)
        return _with(answer.exchange, told)

    def ask_by_number(self, *, order_number: str, language: Language) -> AskAnswer:
        """Finds the order's reference by our number, then asks as `ask` does. Safe to repeat."""
        if self._account.options.get("ask_by_number") == "no":
            return Unknown(reason="cannot_ask_by_number")
        answer = self._call(
            Verb.ASK_BY_NUMBER,
            "getOrderStatusExtended.do",
            orderNumber=order_number,
            language=self._language(language),
        )
        if isinstance(answer, _NoAnswer):
            return _with(answer.exchange, _unknown_order_or_unknown(answer))
        said = answers.read_said(answer.fields, raw=answer.raw)
        found = answers.found_by_number(answer.fields, said, order_number=order_number, wire=self._wire)
        if not isinstance(found, str):
            return _with(answer.exchange, found)
        # The reference is worth keeping even when the gateway falls silent between the two questions.
        told = self.ask(reference=found, language=language)
        first = replace(answer.exchange, outcome="found", answered=_read_of(said))
        return replace(told, said=replace(told.said, reference=found, exchanges=(first, *told.said.exchanges)))

    def refund(self, *, reference: str, amount: Money, language: Language, name: str) -> RefundAnswer:  # noqa: ARG002
        """Gives `amount` back. Not safe to repeat.

        The language is not sent: "impossible" and "unwell" share one code, and the sentence that tells them apart was
        seen in an answer to a request without it.
        """
        if not answers.is_reference(reference):
            return Unknown(reason="not_a_reference")
        named = {"externalRefundId": name} if self._names_refunds else {}
        answer = self._call(Verb.REFUND, "refund.do", orderId=reference, amount=str(amount.centimes), **named)
        if isinstance(answer, _NoAnswer):
            if answer.reason == "transaction_not_found":
                return _with(answer.exchange, NotDone(reason="unknown_order", said=answer.said))
            return _with(answer.exchange, _not_done_or_unknown(answer))
        said = answers.read_said(answer.fields, raw=answer.raw, reference=reference)
        return _with(answer.exchange, answers.refunded(answer.fields, said, named=self._names_refunds))

    def read_callback(self, message: Mapping[str, str]) -> str | None:
        """The reference that a callback or a return address speaks of, when it has the shape of one.

        With a `callback_key`, only what is signed with it is read at all.
        """
        key = self._account.options.get("callback_key")
        if key and not is_signed(message, key=key):
            return None
        for name in ("mdOrder", "orderId"):
            reference = message.get(name)
            if isinstance(reference, str) and answers.is_reference(reference):
                return reference
        return None

    def close(self) -> None:
        """Closes the kept connections."""
        self._line.close()

    def _language(self, language: Language) -> str:
        return language.upper() if self._wire.capital_language else language

    def _order_params(self, order: NewOrder) -> dict[str, str]:
        options = self._account.options
        return {
            **({"force_terminal_id": self._account.terminal_id} if self._account.terminal_id else {}),
            "udf1": order.bill_reference,
            **{place: options[place] for place in _PLACES_FOR_A_MERCHANT if place in options},
            **({"fundingTypeIndicator": options["funding_type"]} if "funding_type" in options else {}),
        }

    def _call(self, verb: Verb, path: str, /, **form: str) -> _Answer | _NoAnswer:
        with self._slots.take(wait_seconds=self._account.connect_seconds) as taken:
            if not taken:
                return _NoAnswer(reason="no_slot", sent=False)
            if not self._breaker.allows():
                return _NoAnswer(reason="circuit_open", sent=False)
            began = perf_counter()
            reply = self._line.post(
                path, {"userName": self._account.user_name, "password": self._account.password, **form}
            )
            took = perf_counter() - began
        answer = self._read(reply, Exchange(verb=verb, asked=asked_of(form), milliseconds=round(took * 1000)))
        if isinstance(answer, _NoAnswer) and answer.silent:
            self._breaker.not_answered()
        else:
            self._breaker.answered()
        return answer

    def _read(self, reply: Reply | NoReply, exchange: Exchange) -> _Answer | _NoAnswer:
        if isinstance(reply, NoReply):
            was_tried = reply.reason != "no_slot"
            told = exchange if was_tried else None
            return _NoAnswer(reason=reply.reason, sent=reply.sent, silent=was_tried, exchange=told)
        text = decoded(reply)
        secrets = (self._account.password, self._account.user_name)
        try:
            value = parsed(text)
            body = {"body": kept(value, secrets=secrets)}
        except Unreadable:
            value, body = None, unreadable_body(text, secrets=secrets)
        content_type = kept_text(reply.content_type, secrets=secrets)[:100]
        said = Said(raw={"http_status": reply.status, "content_type": content_type, **body})
        exchange = replace(exchange, http_status=reply.status, body=said.raw)
        if reply.status != HTTPStatus.OK:
            return replace(_by_status(reply.status, value, said), exchange=exchange)
        raw = body.get("body")
        if not isinstance(value, dict) or not isinstance(raw, dict):
            return _NoAnswer(reason="unreadable", silent=True, said=said, exchange=exchange)
        return _Answer(fields=Fields.of(value), raw=raw, exchange=replace(exchange, body=raw))


def _with(exchange: Exchange | None, told: Told) -> Told:
    """The answer with the message that it answers."""
    if exchange is None:
        return told
    kept_so = replace(exchange, outcome=word_of(told), answered=_read_of(told.said))
    return replace(told, said=replace(told.said, exchanges=(kept_so,)))


def _read_of(said: Said) -> dict[str, object]:
    """What was read of an answer, with what only a person wants to see."""
    held = {} if said.still_captured is None else {"held_centimes": said.still_captured.centimes}
    sentence = {"message": said.message} if said.message else {}
    return {**said.facts(), **held, **sentence}


def _by_status(status: int, value: object, said: Said) -> _NoAnswer:
    """What a status other than 200 says by itself; 200 is what business errors come with."""
    if status == HTTPStatus.UNAUTHORIZED and isinstance(value, str) and "not found" in value.lower():
        # An order that the gateway does not know: this status, and a bare JSON string as the whole body.
        return _NoAnswer(reason="transaction_not_found", said=said)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _NoAnswer(reason="access_denied", said=said)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _NoAnswer(reason="too_many_requests", said=said)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _NoAnswer(reason="server_error", silent=True, said=said)
    return _NoAnswer(reason="unexpected_status", said=said)


def _unknown_order_or_unknown(answer: _NoAnswer) -> NotDone | Unknown:
    if answer.reason == "transaction_not_found":
        return NotDone(reason="unknown_order", said=answer.said)
    return Unknown(reason=answer.reason, said=answer.said)


def _not_done_or_unknown(answer: _NoAnswer) -> NotDone | Unknown:
    if not answer.sent:
        return NotDone(reason=answer.reason, said=answer.said)
    return Unknown(reason=answer.reason, said=answer.said)

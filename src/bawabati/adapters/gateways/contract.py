"""What a card gateway does for us: four verbs, and answers that are values.

    register      open an order; the payer pays it on the gateway's own page
    ask           what happened to the order? (for SATIM this also acknowledges it, which the gateway expects of us)
    refund        give money of a paid order back to the card
    read_callback which order does this message of the gateway speak of? Its other words are not believed

An implementation never raises for what the outside says or fails to say. `NotDone` means that it certainly did not
happen; `Unknown` means that we cannot tell and have to ask again. An exception out of an adapter is a bug of ours.

A gateway is registered in the settings under a name, by the dotted path of a class with this Protocol's methods.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from bawabati.money.amount import Money

Language = Literal["ar", "fr", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantAccount:
    """One company's account at one gateway. Secrets never show in a repr, a log or an address."""

    base_url: str
    user_name: str
    password: str = field(repr=False)
    terminal_id: str = ""
    page_hosts: tuple[str, ...] = ()
    """Where the gateway may send the payer: `host` or `host:port`. A page anywhere else is refused."""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What only this gateway understands, e.g. `{"wire": "older"}`."""
    connect_seconds: float = 5.0
    read_seconds: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order to open. `number` has at most 10 letters and digits, and is never used again, whatever the answer is."""

    number: str
    amount: Money
    language: Language
    return_url: str
    fail_url: str
    description: str
    bill_reference: str
    """At most 20 letters and digits; the gateway keeps it beside the order."""
    callback_url: str = ""
    """Where the gateway may tell our server that something happened, if it does so and the account wants it."""


class Cause(StrEnum):
    """Why an order is not paid, as far as the gateway says."""

    DECLINED = "declined"
    CANCELLED = "cancelled"
    AUTHENTICATION_FAILED = "authentication_failed"
    PAGE_TIMED_OUT = "page_timed_out"
    REVERSED = "reversed"
    """The money went back to the payer: reversed, or refunded in full."""


class Verb(StrEnum):
    """What a message to the gateway is for."""

    REGISTER = "register"
    ASK = "ask"
    ASK_BY_NUMBER = "ask_by_number"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One message to the gateway and what came back, as it may be kept: only what is named for it, never a secret."""

    verb: Verb
    asked: Mapping[str, str]
    """What was sent, by the gateway's names."""
    milliseconds: int
    http_status: int | None = None
    """None when no whole answer came."""
    outcome: str = ""
    """What the answer was taken for: `word_of`."""
    answered: Mapping[str, object] = field(default_factory=dict)
    """What was read of the answer; JSON-ready."""
    body: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The whole answer without secrets, card-holder name and expiry; JSON-ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an answer said, cleaned of secrets, kept as evidence. None (or "") where the answer was silent."""

    order_number: str | None = None
    reference: str | None = None
    amount: Money | None = None
    currency: str | None = None
    """ISO 4217 number as text: "012" is the Algerian dinar."""
    still_captured: Money | None = None
    """What the gateway holds of the order after refunds."""
    order_status: int | None = None
    error_code: str = ""
    response_code: str = ""
    action_code: int | None = None
    approval_code: str = ""
    message: str = ""
    """The gateway's sentence for the payer, in the language asked for where it has one."""
    masked_card: str = ""
    bill_reference: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)
    """The whole answer without secrets, card-holder name and expiry; JSON-ready."""
    exchanges: tuple[Exchange, ...] = field(default=(), compare=False, repr=False)
    """The messages that it took to know this, in order; none when nothing was sent."""

    def facts(self) -> dict[str, object]:
        """What was read, as it may be kept for ever; JSON-ready. Only what the answer said."""
        read = {
            "order_number": self.order_number,
            "reference": self.reference,
            "amount_centimes": self.amount.centimes if self.amount is not None else None,
            "currency": self.currency,
            "order_status": self.order_status,
            "error_code": self.error_code,
            "response_code": self.response_code,
            "action_code": self.action_code,
            "approval_code": self.approval_code,
            "masked_card": self.masked_card,
        }
        return {name: value for name, value in read.items() if value not in {None, ""}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The order is open; the payer pays it at `page_url`."""

    reference: str
    page_url: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """The gateway says, on our acknowledgement, that the order is paid. The caller still compares number and amount."""

    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The gateway says that the order is not paid (`ask`), or refuses what we sent (`register`, `refund`)."""

    cause: Cause
    said: Said
    reason: str = ""
    """Of `register` and `refund`, stable: `wrong_value`; `access_denied`, for which the operator has to look at our
    account before anybody can pay; `not_refundable`. "" of `ask`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The order exists and nobody has paid it yet."""

    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """It certainly did not happen: the request was never sent, or the gateway does not know the order.

    From `ask` it is always the second; a question that was never sent is `Unknown`.
    """

    reason: str
    """Stable: `unknown_order`, `no_connection`, `no_slot`, `circuit_open`."""
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody can tell from this. Ask again; nothing may be concluded."""

    reason: str
    """Stable, for logs and metrics.

    No answer: `no_connection`, `no_slot`, `circuit_open`, `timed_out`, `connection_lost`. An answer that cannot be
    read: `unreadable`, `server_error`, `unexpected_status`, `unexpected_code`, `too_many_requests`. One that says why
    it says nothing: `access_denied`, `system_error`, `transaction_not_found`. One that concludes nothing:
    `not_paid_not_refused`, `contradictory`, `partly_refunded`, `another_order`, `not_acknowledged`. Of `register`:
    `number_already_used`, `page_elsewhere`. Never asked: `cannot_ask_by_number`, `not_a_reference`.
    """
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """The gateway took the refund."""

    said: Said


RegisterAnswer = Registered | Refused | NotDone | Unknown
AskAnswer = Paid | Refused | Waiting | NotDone | Unknown
RefundAnswer = Refunded | Refused | NotDone | Unknown


def word_of(answer: RegisterAnswer | AskAnswer | RefundAnswer) -> str:
    """`refused declined`, `unknown timed_out`, `waiting`."""
    detail = answer.cause if isinstance(answer, Refused) else getattr(answer, "reason", "")
    return f"{type(answer).__name__.lower()} {detail}".strip()


class Gateway(Protocol):
    """A gateway, bound to one merchant account. Safe to share between threads."""

    @property
    def open_since(self) -> datetime | None:
        """Since when (UTC) the gateway gives no answer and calls are held back; None while they are sent."""

    def slot_free(self) -> bool:
        """Whether a call would find a place at this moment. A hint: somebody else may take it first."""

    def slot(self) -> AbstractContextManager[bool]:
        """Reserves a place for calls of this thread; yields whether there was one. Does not wait."""

    def register(self, order: NewOrder) -> RegisterAnswer:
        """Opens the order. Not safe to repeat: after `Unknown` ask by number, never register the number again."""

    def ask(self, *, reference: str, language: Language) -> AskAnswer:
        """What happened to the order. Safe to repeat."""

    def ask_by_number(self, *, order_number: str, language: Language) -> AskAnswer:
        """As `ask`, by our own order number, for an order whose reference never reached us. Safe to repeat.

        A gateway that cannot be asked by number answers `Unknown(reason="cannot_ask_by_number")`.
        """

    def refund(self, *, reference: str, amount: Money, language: Language, name: str) -> RefundAnswer:
        """Gives `amount` back. Not safe to repeat: after `Unknown` read what is still captured first.

        `name` is ours for this refund, the same whenever it is sent again: at most 32 letters, digits and hyphens. A
        gateway that heeds it gives nothing back under one name twice.
        """

    def read_callback(self, message: Mapping[str, str]) -> str | None:
        """The reference of the order that a callback speaks of; None when it names none, or is not the gateway's own.

        Nothing else of it is believed.
        """

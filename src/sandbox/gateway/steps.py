"""What a step of the payer, or a wish of the merchant, may come to."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.gateway.outcomes import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSent:
    """A code is awaited, and nothing has been debited. It is on its way to `phone`, or is the card's password ("")."""

    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The attempt is over, well or badly; the order says which. The payer goes back to the merchant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMayRetry:
    """The attempt was refused, and the card page takes another card (a fault that the sandbox was asked to play)."""

    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode:
    """Not the code that was sent."""

    attempts_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeExpired:
    """The code came too late; another one may be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """The order does not await this: it has ended, or no card was given yet. Nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled:
    """The issuer has not answered yet (a fault): nobody knows how it will end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    """What a phone receives: the code for one payment of one merchant."""

    phone: str
    code: str
    md_order: str
    order_number: str
    merchant: str
    merchant_name: str
    amount_centimes: int
    language: str


CardAnswer = CodeSent | Ended | RefusedMayRetry | NotNow
CodeAnswer = Ended | RefusedMayRetry | WrongCode | CodeExpired | NotNow | Stalled


class RefundRefusal(Exception):  # noqa: N818 - reads as what it is
    """A refund that the gateway does not make."""


class NothingLeft(RefundRefusal):
    """Never paid, taken back, or already refunded in full."""


class WrongAmount(RefundRefusal):
    """Less than one dinar, more than is left, or the same refund identifier again."""


class WrongState(Exception):  # noqa: N818 - reads as what it is
    """What was asked for cannot be done with the order as it stands."""

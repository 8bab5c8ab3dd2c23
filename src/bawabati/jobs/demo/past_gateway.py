"""A gateway of the demonstration's past: it answers at once what was planned, and no order of it ever leaves here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings

from bawabati.adapters.gateways.contract import (
    AskAnswer,
    Cause,
    Exchange,
    Language,
    MerchantAccount,
    NewOrder,
    NotDone,
    Paid,
    RefundAnswer,
    Refused,
    RegisterAnswer,
    Registered,
    Said,
    Verb,
)
from bawabati.errors import Broken
from bawabati.money.amount import Money

DINAR: Final = "012"
HTTP_OK: Final = 200
PATH: Final = f"{__name__}.PastGateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an order ends. Without `cause` it is paid."""

    cause: Cause | None = None
    action_code: int = 0
    response_code: str = "00"
    masked_card: str = "6280****7215"


class PastGateway:
    """Bound to an account like any gateway. `next_ending` says how the order that is opened next ends."""

    next_ending: ClassVar[Ending] = Ending()
    _orders: ClassVar[dict[str, tuple[NewOrder, Ending]]] = {}
    open_since: datetime | None = None

    def __init__(self, account: MerchantAccount) -> None:
        self.account = account

    def slot_free(self) -> bool:
        return True

    @contextmanager
    def slot(self) -> Iterator[bool]:
        yield True

    def register(self, order: NewOrder) -> RegisterAnswer:
        reference = f"past-{order.number}"
        self._orders[reference] = (order, type(self).next_ending)
        return Registered(reference=reference, page_url="", said=Said(order_number=order.number, reference=reference))

    def ask(self, *, reference: str, language: Language) -> AskAnswer:  # noqa: ARG002 - of the contract
        if reference not in self._orders:
            return NotDone(reason="unknown_order")
        order, ending = self._orders[reference]
        said = Said(
            order_number=order.number,
            reference=reference,
            amount=order.amount,
            currency=DINAR,
            order_status=2 if ending.cause is None else 6,
            error_code="0" if ending.cause is None else "2",
            response_code=ending.response_code,
            action_code=ending.action_code,
            approval_code=order.number[-6:] if ending.cause is None else "",
            masked_card=ending.masked_card,
            exchanges=(
                Exchange(
                    verb=Verb.ASK, asked={"orderId": reference}, milliseconds=300, http_status=HTTP_OK, outcome="past"
                ),
            ),
        )
        return Paid(said=said) if ending.cause is None else Refused(cause=ending.cause, said=said)

    def ask_by_number(self, *, order_number: str, language: Language) -> AskAnswer:
        return self.ask(reference=f"past-{order_number}", language=language)

    def refund(self, *, reference: str, amount: Money, language: Language, name: str) -> RefundAnswer:  # noqa: ARG002
        raise Broken("nothing goes back in the demonstration's past", reference=reference)

    def read_callback(self, message: Mapping[str, str]) -> str | None:  # noqa: ARG002 - nobody calls back
        return None


@contextmanager
def in_place_of_gateways() -> Iterator[None]:
    """Inside, and in this process alone, every gateway is that of the past."""
    known = settings.GATEWAYS
    settings.GATEWAYS = dict.fromkeys(known, PATH)
    try:
        yield
    finally:
        settings.GATEWAYS = known

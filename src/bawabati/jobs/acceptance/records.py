"""What the rows say of a payment, for what its pages must show.

Playwright keeps an event loop in its thread, and Django refuses the database beside one: rows are read in another.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

from django.db import connections

from bawabati.money.amount import Money
from bawabati.notices.reads import find_latest_notice
from bawabati.notices.rules import NoticeState
from bawabati.payments.models import Payment
from bawabati.payments.reads import find_payment_by_reference
from bawabati.payments.rules import State
from bawabati.receipts.reads import find_receipt_of
from bawabati.scope import only_company

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A payment as the gateway answered for it."""

    payment_id: int
    order_number: str
    reference: str
    amount: Money
    is_paid: bool
    message: str
    """`respCode_desc`, or what the gateway gave in its place."""
    response_code: str
    action_code: str
    approval_code: str
    confirmed_at: datetime | None

    @property
    def codes(self) -> frozenset[str]:
        """What the gateway answered."""
        return frozenset({self.response_code, self.action_code} - {""})


class Records:
    """The rows of one company, and of its merchant account."""

    def __init__(self, *, company_id: int, gateway_account_id: int) -> None:
        self._company_id = company_id
        self._gateway_account_id = gateway_account_id
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="records")

    def __enter__(self) -> Self:
        """Nothing is open yet."""
        return self

    def __exit__(self, *_reason: object) -> None:
        """Closes the thread's connections."""
        self.ask(connections.close_all)
        self._thread.shutdown()

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """The answer to a question about rows."""
        return self._thread.submit(self._ask, question).result()

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        with only_company(self._company_id):
            return question()

    def find(self, reference: str) -> Recorded | None:
        """The payment that the gateway knows by that name."""
        return self.ask(
            lambda: _recorded(
                find_payment_by_reference(gateway_account_id=self._gateway_account_id, gateway_reference=reference)
            )
        )

    def receipt_has_left(self, payment_id: int) -> bool:
        """Whether the newest message with the payment's receipt was taken by the mail server."""
        return self.ask(lambda: self._receipt_has_left(payment_id))

    def _receipt_has_left(self, payment_id: int) -> bool:
        receipt = find_receipt_of(payment_id)
        if receipt is None:
            return False
        notice = find_latest_notice(company_id=self._company_id, reference=f"receipt:{receipt.id}")
        return notice is not None and notice.state == NoticeState.SENT


def _recorded(payment: Payment | None) -> Recorded | None:
    if payment is None:
        return None
    return Recorded(
        payment_id=payment.id,
        order_number=payment.order_number,
        reference=payment.gateway_reference or "",
        amount=Money(payment.amount_centimes),
        is_paid=payment.state == State.PAID,
        message=payment.gateway_message,
        response_code=payment.response_code,
        action_code="" if payment.action_code is None else str(payment.action_code),
        approval_code=payment.approval_code,
        confirmed_at=payment.confirmed_at,
    )

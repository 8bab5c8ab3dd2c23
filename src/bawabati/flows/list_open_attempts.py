"""Every attempt that is not final, why, and when it is asked about next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bawabati.flows.steps.schedule import schedule
from bawabati.money.amount import Money
from bawabati.payments.models import Payment
from bawabati.payments.reads import attempt_of, iterate_open_payments
from bawabati.payments.rules import State, WhyOpen, why_open


class Holder(StrEnum):
    """Who has the attempt in hand at this moment."""

    SWEEPER = "sweeper"
    REGISTRATION = "registration"
    PAYER = "payer"
    NOBODY = "nobody"
    """The next sweep takes it when its time has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAttempt:
    """One attempt as it stands. All moments in UTC."""

    company: str
    payment_id: int
    order_number: str
    gateway_reference: str
    bills: tuple[str, ...]
    """Payment numbers of the bills, never empty."""
    holds_bills: bool
    """Whether nobody else can pay them; a person may have freed them while the attempt is still asked about."""
    amount: Money
    state: State
    opened_at: datetime
    in_state_since: datetime
    why: WhyOpen
    held_by: Holder
    held_until: datetime | None
    page_ends_at: datetime
    late_checks_passed: int
    late_checks_in_all: int
    next_ask_at: datetime
    asked_count: int
    last_answer: str
    """What the last answer was, readable or not; "" when there was none."""
    gateway_codes: str
    """The issuer's and the gateway's codes of the last answer that could be read."""


def list_open_attempts(*, company_id: int | None, now: datetime) -> Iterator[OpenAttempt]:
    """Oldest first, in constant memory; None: of all companies. Changes nothing."""
    for payment in iterate_open_payments(company_id=company_id):
        yield _shown(payment, now)


def _shown(payment: Payment, now: datetime) -> OpenAttempt:
    why = why_open(attempt=attempt_of(payment), schedule=schedule(), now=now)
    held_by, held_until = _holder(payment, why, now)
    assert why is not None and payment.next_ask_at is not None  # noqa: S101, PT018 - the database holds it while open
    codes = (("issuer", payment.response_code), ("gateway", payment.action_code))
    return OpenAttempt(
        company=payment.company.code,
        payment_id=payment.id,
        order_number=payment.order_number,
        gateway_reference=payment.gateway_reference or "",
        bills=tuple(line.bill.payment_number for line in payment.lines.all()),
        holds_bills=payment.holds,  # type: ignore[attr-defined]  # annotated
        amount=Money(payment.amount_centimes),
        state=State(payment.state),
        opened_at=payment.opened_at,
        in_state_since=payment.in_state_since or payment.opened_at,  # type: ignore[attr-defined]  # annotated
        why=why,
        held_by=held_by,
        held_until=held_until,
        page_ends_at=payment.page_ends_at,
        late_checks_passed=payment.checks_passed,
        late_checks_in_all=len(schedule().late_checks) + 1,
        next_ask_at=payment.next_ask_at,
        asked_count=payment.asked_count,
        last_answer=payment.last_answer,
        gateway_codes=", ".join(f"{whose} {code}" for whose, code in codes if code not in {None, ""}),
    )


def _holder(payment: Payment, why: WhyOpen | None, now: datetime) -> tuple[Holder, datetime | None]:
    if payment.leased_until is not None and payment.leased_until > now:
        return Holder.SWEEPER, payment.leased_until
    if why is WhyOpen.REGISTERING:
        return Holder.REGISTRATION, None
    if why is WhyOpen.PAYER_AT_PAGE:
        return Holder.PAYER, payment.page_ends_at
    return Holder.NOBODY, None

"""The comparison with the gateway: every attempt of the last days, a few at a time, so that no payer waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection
from django.utils import timezone

from bawabati.flows.compare_payment import compare_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.recover_payment import recover_payment
from bawabati.payments.models import Payment
from bawabati.payments.reads import get_payment, pages_to_compare
from bawabati.payments.rules import CASE_OF, FINAL, Discrepancy, silence_in
from bawabati.scope import only_company

CALLS_AT_ONCE = 4
"""Of the 32 places that a gateway has for us, at most so many; the portal's own places stay untouched."""
PAGE = 500
FAILED = "comparison_failed"
"""A surprise of ours kept an attempt from being compared."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that did not agree, and what was done about it."""

    what: str
    reference: str
    company_id: int
    done: str
    is_mended: bool = False
    count: int = 1
    """Of attempts that it speaks of."""


def compare_with_gateway(*, since: datetime, repairs: bool) -> Iterator[Finding]:
    """Asks about every attempt opened since then. Safe to repeat, to race, and to kill at any moment.

    With `repairs`, open attempts move as the answer allows, money of ended ones is recovered, and the rest becomes
    cases. Without, nothing of ours changes. At the end a line for each account that did not answer to some.
    """
    silent: Counter[tuple[int, int | None, str]] = Counter()
    with ThreadPoolExecutor(max_workers=CALLS_AT_ONCE) as hands:
        for page in pages_to_compare(since=since, at_most=PAGE):
            connection.close()  # nobody holds one while the hands wait for the gateway
            for found in hands.map(lambda payment: _compare_in_its_company(payment, repairs=repairs), page):
                if isinstance(found, _Silence):
                    silent[found.company_id, found.gateway_account_id, found.reason] += 1
                elif found is not None:
                    yield found
    for (company_id, account_id, reason), count in silent.items():
        yield Finding(
            what=Discrepancy.NO_ANSWER,
            reference=f"gateway_account:{account_id}",
            company_id=company_id,
            done=f"nothing: {count} attempts got no answer ({reason}); run it again",
            count=count,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silence:
    company_id: int
    gateway_account_id: int | None
    reason: str


def _compare_in_its_company(payment: Payment, *, repairs: bool) -> Finding | _Silence | None:
    with only_company(payment.company_id):
        return _compare(payment, repairs=repairs)


def _compare(payment: Payment, *, repairs: bool) -> Finding | _Silence | None:
    """One attempt, on a connection of this hand's own. A surprise keeps none of the others from being compared."""
    try:
        if payment.state not in FINAL and repairs:
            return _confirm(payment)
        return _compare_ended(payment, repairs=repairs)
    except Exception:
        log.exception("comparison_failed", payment_id=payment.id)
        return _finding(FAILED, payment, done="nothing: see the log")
    finally:
        connection.close()


def _confirm(payment: Payment) -> Finding | _Silence | None:
    state = confirm_payment(payment_id=payment.id, now=timezone.now())
    if state not in FINAL and (reason := silence_in(get_payment(payment.id).last_answer)):
        return _silence(payment, reason)  # even where it has moved, to "in doubt": time alone moves it there
    if state == payment.state:
        return None
    return _finding("open_attempt_moved", payment, done=f"was {payment.state}, is {state}", is_mended=True)


def _compare_ended(payment: Payment, *, repairs: bool) -> Finding | _Silence | None:
    found, reason = compare_payment(payment_id=payment.id, tells_the_office=repairs, now=timezone.now())
    if found is None:
        return None
    if found is Discrepancy.NO_ANSWER:
        return _silence(payment, reason)
    if not repairs:
        return _finding(found, payment, done="nothing: only compared")
    if found is Discrepancy.NOT_POSTED:
        recovered = recover_payment(payment_id=payment.id, now=timezone.now())
        done = f"recovered as payment:{recovered.id}" if recovered else "nothing: asked again, it was not said again"
        return _finding(found, payment, done=done, is_mended=recovered is not None)
    return _finding(found, payment, done=f"case {CASE_OF[found]}")


def _silence(payment: Payment, reason: str) -> _Silence:
    return _Silence(company_id=payment.company_id, gateway_account_id=payment.gateway_account_id, reason=reason)


def _finding(what: str, payment: Payment, *, done: str, is_mended: bool = False) -> Finding:
    return Finding(
        what=what,
        reference=f"payment:{payment.id}",
        company_id=payment.company_id,
        done=f"we say {payment.state}; {done}",
        is_mended=is_mended,
    )

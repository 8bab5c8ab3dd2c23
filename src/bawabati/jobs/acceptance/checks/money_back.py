"""Money given back. satim.md 12.7, 8"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from bawabati.errors import CannotDo
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.ask_refund import ask_refund
from bawabati.flows.check_books import check_against_gateway
from bawabati.jobs.acceptance import scenes
from bawabati.jobs.acceptance.checks.reading import is_amount
from bawabati.jobs.acceptance.lines import Condition, Finding, failed, judged, not_checked
from bawabati.jobs.acceptance.said import say
from bawabati.jobs.acceptance.scenes import Outcome
from bawabati.jobs.acceptance.stage import LANGUAGES, Stage
from bawabati.jobs.acceptance.visit import plain
from bawabati.money.amount import Money
from bawabati.payments.reads import get_refund
from bawabati.payments.rules import RefundReason, RefundState

_SECONDS: Final = 90
_BECAUSE: Final = "acceptance list"


def whole(stage: Stage) -> Finding:
    """All of a payment goes back."""
    seen = _paid(stage, LANGUAGES[0])
    return _given_back(stage, seen, seen.recorded.amount)


def part(stage: Stage) -> Finding:
    """Half of another payment goes back."""
    seen = _paid(stage, LANGUAGES[1])
    return _given_back(stage, seen, Money(seen.recorded.amount.centimes // 2))


def cancelled_on_the_platform(stage: Stage) -> Finding:  # noqa: ARG001 - one shape for every check
    """The acquirer's own back office, which has no door for a program."""
    raise not_checked(
        say(
            _(
                "Done by hand on the acquirer's platform: cancel one of the payments above there, then run "
                "%(command)s, which names it, and keep what it printed with this report."
            ),
            command="bawabati check-books --gateway-days 1",
        )
    )


def _paid(stage: Stage, language: str) -> Outcome:
    if not (stage.refund_asked_by and stage.refund_approved_by):
        raise not_checked(
            say(
                _("No refund was asked for: name two people with %(asked)s and %(approved)s."),
                asked="--refund-asked-by",
                approved="--refund-approved-by",
            )
        )
    seen = scenes.accepted(stage, language)
    if not seen.is_receipt:
        raise not_checked(say(_("There is no accepted payment of which money could go back.")))
    return seen


def _given_back(stage: Stage, seen: Outcome, amount: Money) -> Finding:
    """Through the same steps and people as every refund of the company; the worker carries it out."""
    try:
        refund_id = stage.records.ask(lambda: _ask_and_approve(stage, seen.recorded.payment_id, amount))
    except CannotDo as refusal:
        raise failed(say(_("The refund was not taken: %(why)s"), why=str(refusal))) from refusal
    page = seen.visit.page
    state = RefundState.APPROVED
    for _second in range(_SECONDS):
        state = stage.records.ask(lambda: RefundState(get_refund(refund_id).state))
        if state in {RefundState.DONE, RefundState.MANUAL}:
            break
        page.wait_for_timeout(1_000)
    page.reload()
    notes = plain(" ".join(page.locator("main > .note").all_inner_texts()))
    since = (seen.recorded.confirmed_at or timezone.now()) - timedelta(minutes=15)
    agrees = stage.records.ask(lambda: _gateway_agrees(since, seen.recorded.payment_id))
    return judged(
        Condition(
            state is RefundState.DONE,
            say(
                _("%(amount)s were asked for by %(asker)s, approved by %(approver)s, and given back by the gateway."),
                amount=amount,
                asker=stage.refund_asked_by,
                approver=stage.refund_approved_by,
            ),
            say(_("The refund has not ended: it is “%(state)s”. Does the worker run?"), state=state),
        ),
        Condition(
            agrees,
            say(_("Asked again, the gateway holds what our books say.")),
            say(_("Asked again, the gateway holds something else than our books say.")),
        ),
        Condition(
            is_amount(notes, amount),
            say(_("The payer's receipt page says it: %(words)s"), words=notes),
            say(_("The payer's receipt page does not show the refund.")),
        ),
        pictures=[seen.visit.take(_("The receipt's page after the refund"))],
    )


def _ask_and_approve(stage: Stage, payment_id: int, amount: Money) -> int:
    refund = ask_refund(
        payment_id=payment_id,
        reason=RefundReason.BILL_DUE_AGAIN,
        amount=amount,
        because=_BECAUSE,
        login=stage.refund_asked_by,
        now=timezone.now(),
    )
    approve_refund(refund_id=refund.id, login=stage.refund_approved_by, now=timezone.now())
    return refund.id


def _gateway_agrees(since: datetime, payment_id: int) -> bool:
    ours = f"payment:{payment_id}"
    return not any(difference.reference == ours for difference in check_against_gateway(since=since))

"""What the worker does about money: attempts, sales, reservations, refunds."""

from concurrent.futures import ThreadPoolExecutor

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from bawabati.defer import Job, Queue
from bawabati.flows.ask_again_later import ask_again_later
from bawabati.flows.claim_due_payment import claim_due_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.go_on_with_reservation import go_on_with_reservation
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.recover_payment import recover_payment as recover_payment_flow
from bawabati.flows.refund_later import refund_later
from bawabati.flows.refund_payment import refund_payment as refund_payment_flow
from bawabati.flows.register_payment import register_payment as register_payment_flow
from bawabati.jobs.each import DATABASE_LOST, WHEN_IT_IS_BACK, no_other_waits
from bawabati.jobs.shut import not_while_shut
from bawabati.payments.reads import list_due_refunds, list_due_sales
from bawabati.payments.reads.channels import list_due_reservations
from bawabati.scope import every_company

HANDS = 16
REFUND_AT_MOST = 100
SALES_AT_MOST = 200
RESERVATIONS_AT_MOST = 200

log = structlog.get_logger()


@app.task(name=Job.REGISTER_PAYMENT.value, queue=Queue.PAYMENTS.value, retry=WHEN_IT_IS_BACK)
@not_while_shut
def register_payment(payment_id: int) -> None:
    """Opens an order that found no free slot.

    Not while a restored installation is shut: it may have been opened after the backup. The sweep ends the attempt.
    """
    register_payment_flow(payment_id=payment_id, now=timezone.now())


@app.task(name=Job.REFUND_PAYMENT.value, queue=Queue.PAYMENTS.value, retry=WHEN_IT_IS_BACK)
@not_while_shut
def refund_payment(refund_id: int) -> None:
    """Carries out a refund that was approved; the sweep does when this installation is shut."""
    refund_payment_flow(refund_id=refund_id, now=timezone.now())


@app.task(name=Job.RECOVER_PAYMENT.value, queue=Queue.QUESTIONS.value, retry=WHEN_IT_IS_BACK)
def recover_payment(payment_id: int) -> None:
    """Asks the gateway about an attempt that ended otherwise, because a file says that the card was debited."""
    recover_payment_flow(payment_id=payment_id, now=timezone.now())


@app.task(name=Job.CONFIRM_PAYMENT.value, queue=Queue.QUESTIONS.value, retry=WHEN_IT_IS_BACK)
def ask_soon(payment_id: int) -> None:
    """Asks about one attempt between its times, because a callback spoke of it. If it dies, the sweep still asks."""
    confirm_payment(payment_id=payment_id, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_refunds", queue=Queue.PAYMENTS.value, queueing_lock="sweep_refunds", pass_context=False)
@not_while_shut
def sweep_refunds(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with every refund whose time has come. One that fails by a fault of ours keeps nobody else waiting.

    Nothing while a restored installation is shut: it may have been carried out after the backup.
    """
    for refund_id in list_due_refunds(now=timezone.now(), at_most=REFUND_AT_MOST):
        with no_other_waits("refund_failed", refund_id=refund_id) as turn:
            refund_payment_flow(refund_id=refund_id, now=timezone.now())
        if turn.failed:
            refund_later(refund_id=refund_id, now=timezone.now())


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="sweep", queue=Queue.QUESTIONS.value, queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Asks about every attempt whose time has come."""
    sweep_payments()


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(name="sweep_sales", queue=Queue.QUESTIONS.value, queueing_lock="sweep_sales", pass_context=False)
@not_while_shut
def sweep_sales(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with every sale at a desk whose time has come. One that fails keeps no other waiting.

    Nothing while a restored installation is shut: what readers did after the backup is unknown, not undone.
    """
    for sale_id in list_due_sales(now=timezone.now(), at_most=SALES_AT_MOST):
        with no_other_waits("sale_failed", sale_id=sale_id):
            go_on_with_sale(sale_id=sale_id, now=timezone.now())


@app.periodic(cron=f"* * * * * */{settings.SWEEP_EVERY_SECONDS}")
@app.task(
    name="sweep_reservations", queue=Queue.QUESTIONS.value, queueing_lock="sweep_reservations", pass_context=False
)
@not_while_shut
def sweep_reservations(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Goes on with every reservation of a channel whose time has come. One that fails keeps no other waiting.

    Nothing while a restored installation is shut: what channels said after the backup is unknown, not unsaid.
    """
    for reservation_id in list_due_reservations(now=timezone.now(), at_most=RESERVATIONS_AT_MOST):
        with no_other_waits("reservation_failed", reference=f"reservation:{reservation_id}"):
            go_on_with_reservation(reservation_id=reservation_id, now=timezone.now())


def sweep_payments() -> int:
    """Asks, with several hands, until nothing is due any more; how many were asked about."""
    with ThreadPoolExecutor(max_workers=HANDS) as hands:
        return sum(hands.map(_ask_what_is_due, range(HANDS)))


def _ask_what_is_due(_hand: int) -> int:
    """One hand. An attempt's surprise keeps nobody else waiting: it is asked about again later."""
    with every_company("the sweep asks about every open attempt, with hands of its own"):
        return _ask_until_nothing_is_due()


def _ask_until_nothing_is_due() -> int:
    asked = 0
    try:
        while (payment_id := claim_due_payment(now=timezone.now())) is not None:
            asked += 1
            with no_other_waits("sweep_failed", payment_id=payment_id) as turn:
                confirm_payment(payment_id=payment_id, now=timezone.now())
            if turn.failed:
                ask_again_later(payment_id=payment_id, now=timezone.now())
    except DATABASE_LOST as lost:
        log.warning("sweep_interrupted", reason=str(lost).strip())  # its lease ends by time, and the next sweep asks
    finally:
        connection.close()
    return asked

"""What happens by itself: jobs, the sweeper, scans, the night, callbacks, and clocks that are set."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection

from bawabati.defer import Job
from bawabati.flows.claim_due_payment import claim_due_payment
from bawabati.flows.compare_payment import compare_payment
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.go_on_with_sale import go_on_with_sale
from bawabati.flows.heed_callback import heed_callback
from bawabati.flows.recover_payment import recover_payment
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.register_payment import register_payment
from bawabati.flows.send_notice import send_notice
from bawabati.jobs.each import LEFT_BEHIND_AFTER
from bawabati.jobs.letters import letter
from bawabati.jobs.tasks.letters import SEND_AT_MOST
from bawabati.jobs.tasks.payments import REFUND_AT_MOST, SALES_AT_MOST
from bawabati.notices.reads import list_overdue_notices
from bawabati.payments.reads import list_due_refunds, list_due_sales
from bawabati.payments.rules import FINAL, Discrepancy
from faults.real.world import World


def sweep(world: World) -> bool:
    """One hand of the sweeper, one payment. False when nothing is due."""

    def step() -> bool:
        payment_id = claim_due_payment(now=world.clock.now())
        if payment_id is None:
            return False
        world.tell("sweeper", f"has {world.name(payment_id)}")
        confirm_payment(payment_id=payment_id, now=world.clock.now())
        return True

    return world.in_a_process("sweeper", "asks about what is due", step) is True


def sweep_sales(world: World) -> bool:
    """The scan of every few seconds: sales whose time has come. False when none is due."""
    due = list_due_sales(now=world.clock.now(), at_most=SALES_AT_MOST)
    for sale_id in due:
        go_on = partial(go_on_with_sale, sale_id=sale_id, now=world.clock.now())
        world.in_a_process("sales", f"goes on with {world.name_of_sale(sale_id)}", go_on)
    return bool(due)


def hear_callback(world: World) -> None:
    """Any that was ever sent arrives now, perhaps not for the first time; or one that nobody sent."""
    sent = [callback.values for callback in world.outside.callbacks if callback.due_at <= world.clock.true]
    invented = [{"mdOrder": order.md_order, "status": "1"} for order in world.outside.gateway.orders()]
    if not sent and not invented:
        return
    message = world.random.choice(sent if sent and world.random.random() < 0.8 else invented)
    world.in_a_process(
        "gateway",
        f"calls back, {'as it may' if message in sent else 'or so somebody says'}",
        lambda: heed_callback(gateway_account_id=world.company_account().id, message=message, now=world.clock.now()),
    )


def compare_with_the_gateway(world: World) -> None:
    """What the night does with every attempt whose story is told: money that was missed is posted."""
    for payment in world.payments():
        if payment.state not in FINAL or payment.recovered_from_id is not None:
            continue

        def step(payment_id: int = payment.id) -> None:
            found, _ = compare_payment(payment_id=payment_id, tells_the_office=True, now=world.clock.now())
            if found is Discrepancy.NOT_POSTED:
                recover_payment(payment_id=payment_id, now=world.clock.now())

        world.in_a_process("night", f"compares {world.name(payment)}", step)


def jobs_waiting(world: World) -> list[tuple[int, str, dict[str, Any]]]:
    """Rows of the job table that nobody has done and whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args::text FROM procrastinate_jobs WHERE status = 'todo'"
            " AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY id",
            [world.clock.now()],
        )
        return [(job_id, name, json.loads(arguments)) for job_id, name, arguments in cursor.fetchall()]


def do_a_job(world: World) -> bool:
    """A worker takes any job that is due; now and then it dies after it, or does it twice. False: nothing was due."""
    waiting = jobs_waiting(world)
    if not waiting:
        return False
    job_id, name, arguments = world.random.choice(waiting)
    times = 2 if world.is_faulty and world.random.random() < world.rates.job_twice else 1
    done: object = None
    for _ in range(times):
        done = world.in_a_process("worker", _told(world, name, arguments), partial(_does, world, name, arguments))
    if done is not None or world.random.random() < 0.5:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job_id])
    return True


def _does(world: World, name: str, arguments: dict[str, Any]) -> bool:
    JOBS[Job(name)](world, arguments)
    return True


def _told(world: World, name: str, arguments: dict[str, Any]) -> str:
    return f"{name} {world.name(arguments['payment_id'])}" if "payment_id" in arguments else name


def _send_notice(world: World, arguments: dict[str, Any]) -> None:
    send_notice(notice_id=arguments["notice_id"], write_letter=letter, now=world.clock.now())


def _register_payment(world: World, arguments: dict[str, Any]) -> None:
    register_payment(payment_id=arguments["payment_id"], now=world.clock.now())


def _refund_payment(world: World, arguments: dict[str, Any]) -> None:
    refund_payment(refund_id=arguments["refund_id"], now=world.clock.now())


def _confirm_payment(world: World, arguments: dict[str, Any]) -> None:
    confirm_payment(payment_id=arguments["payment_id"], now=world.clock.now())


JOBS: dict[Job, Callable[[World, dict[str, Any]], None]] = {
    Job.SEND_NOTICE: _send_notice,
    Job.SEND_REMINDER: _send_notice,
    Job.REGISTER_PAYMENT: _register_payment,
    Job.REFUND_PAYMENT: _refund_payment,
    Job.CONFIRM_PAYMENT: _confirm_payment,
}


def resend(world: World) -> None:
    """The minutely scan: what a sender left behind when it died."""
    now = world.clock.now() - LEFT_BEHIND_AFTER
    for notice_id in list_overdue_notices(now=now, at_most=SEND_AT_MOST):
        send = partial(_send_notice, world, {"notice_id": notice_id})
        world.in_a_process("resend", "sends what was left behind", send)


def sweep_refunds(world: World) -> None:
    """The minutely scan: refunds whose time has come."""
    for refund_id in list_due_refunds(now=world.clock.now(), at_most=REFUND_AT_MOST):
        world.in_a_process(
            "refunds", "goes on with what is due", partial(_refund_payment, world, {"refund_id": refund_id})
        )


def clock_jumps(world: World) -> None:
    hours = world.random.choice((-24, 24, -1, 1))
    if abs(world.clock.error_seconds + hours * 3600) <= timedelta(hours=24).total_seconds():
        world.clock.jump(hours * 3600)
        world.tell("clock", f"jumps by {hours} h")

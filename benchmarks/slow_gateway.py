"""Look-ups of a bill while the gateway answers in five seconds and 300 payers wait for it.

    python benchmarks/slow_gateway.py [--payers 300] [--gateway-seconds 5] [--seconds 60]

Starts PostgreSQL (durable), portal, worker and sandbox. One visitor looks bills up, at a steady pace: the number typed,
the bill shown. First alone; then beside payers of a process of their own, each of whom presses the button, waits on
the page that refreshes itself, pays at the bank and waits on the way back, as often as the browser would ask. Aim: the
median look-up takes at most twice what it takes alone. Ends with 1 when it does not, or when a look-up fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from random import Random
from statistics import median, quantiles

import httpx
import psycopg

from payer import Payer
from street import COMPANY, Street, open_street

AIM_RATIO = 2.0
EVERY_SECONDS = 0.1
"""How often the visitor looks a bill up."""
REFRESH_SECONDS = 5
"""What the waiting page tells the browser."""
ARRIVE_WITHIN_SECONDS = 15


def main() -> int:
    parser = argparse.ArgumentParser(description="Look-ups while the gateway is slow and many wait for it.")
    parser.add_argument("--payers", type=int, default=300)
    parser.add_argument("--gateway-seconds", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=60, help="of each measurement")
    wishes = parser.parse_args()
    with open_street(bills=3 * wishes.payers + 200) as street:
        numbers = street.numbers_to_pay()
        looked_up, to_pay = numbers[:60], numbers[60 : 60 + wishes.payers]
        look_up(street, looked_up, seconds=5)
        alone = look_up(street, looked_up, seconds=wishes.seconds / 2)
        slow = {"kind": "slow", "seconds": wishes.gateway_seconds}
        httpx.post(f"{street.sandbox.url}/control/faults", json=slow).raise_for_status()
        with beside(street, to_pay):
            began = attempts(street)
            beside_them = look_up(street, looked_up, seconds=wishes.seconds)
            ended = attempts(street)
    ratio = median(beside_them) / median(alone)
    show("alone", alone)
    show(f"beside {wishes.payers} who wait", beside_them)
    print(f"their attempts: {began} at the beginning, {ended} at the end")
    print(f"ratio of the medians: {ratio:.2f} (aim: {AIM_RATIO})")
    return ratio > AIM_RATIO


class beside:  # noqa: N801 - it reads as a word
    """While the block lasts, payers wait in a process of their own: they share no interpreter with the visitor."""

    def __init__(self, street: Street, numbers: list[str]) -> None:
        context = get_context("spawn")
        self._arrived, self._stop = context.Event(), context.Event()
        where = (street.portal.url, street.sandbox.url)
        self._process = context.Process(target=wait_all, args=(*where, numbers, self._arrived, self._stop))

    def __enter__(self) -> None:
        self._process.start()
        assert self._arrived.wait(timeout=300), "the payers did not arrive"

    def __exit__(self, *_reason: object) -> None:
        self._stop.set()
        self._process.join()


def wait_all(portal_url: str, sandbox_url: str, numbers: list[str], arrived: Event, stop: Event) -> None:
    """Everybody, each in a thread, arriving one after the other."""
    random = Random(1)
    with ThreadPoolExecutor(max_workers=len(numbers)) as people:
        for number in numbers:
            payer = Payer(portal_url=portal_url, sandbox_url=sandbox_url, company=COMPANY, language="ar")
            people.submit(wait_one, payer, number, random.uniform(0, ARRIVE_WITHIN_SECONDS), stop)
        time.sleep(ARRIVE_WITHIN_SECONDS)
        arrived.set()


def wait_one(payer: Payer, number: str, after_seconds: float, stop: Event) -> None:
    """One payer: to the button, to the bank as soon as the page leads there, back, and waiting to be told."""
    stop.wait(after_seconds)
    for step in payer.pay(number):
        if step == "start the payment":
            break
    while not stop.is_set():
        if payer.look_whether_it_leaves():
            payer.pay_at_the_bank()
            while not stop.is_set() and not payer.look_whether_it_is_paid():
                stop.wait(REFRESH_SECONDS)
            return
        stop.wait(REFRESH_SECONDS)


def look_up(street: Street, numbers: list[str], *, seconds: float) -> list[float]:
    """Milliseconds of each look-up: the number is sent, the bill's page has come."""
    visitor = Payer(portal_url=street.portal.url, sandbox_url=street.sandbox.url, company=COMPANY, language="ar")
    took = []
    for began in every(EVERY_SECONDS, seconds=seconds):
        visitor.look_up(numbers[len(took) % len(numbers)])
        took.append((time.perf_counter() - began) * 1000)
    return took


def attempts(street: Street) -> dict[str, int]:
    """How many stand in each state."""
    with psycopg.connect(street.postgres.owner_url) as connection:
        return dict(connection.execute("SELECT state, count(*) FROM payments_payment GROUP BY state").fetchall())


def every(step: float, *, seconds: float) -> Iterator[float]:
    """The moments to begin at."""
    first = time.perf_counter()
    turn = 0
    while turn * step < seconds:
        time.sleep(max(0.0, first + turn * step - time.perf_counter()))
        yield time.perf_counter()
        turn += 1


def show(what: str, took: list[float]) -> None:
    late = quantiles(took, n=100)[-1]
    print(f"{what:28} median {median(took):7.1f} ms  p99 {late:7.1f}  max {max(took):7.1f}  ({len(took)} look-ups)")


if __name__ == "__main__":
    sys.exit(main())

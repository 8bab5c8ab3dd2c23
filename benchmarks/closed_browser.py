"""How long after the debit a payer who has closed the browser has the receipt in the inbox.

    python benchmarks/closed_browser.py [--payers 200] [--over-seconds 240]

Starts PostgreSQL (durable), portal, worker and sandbox with the ordinary schedule. Payers start over half the time,
give card and code at a moment spread over the minutes that follow, and never come back: only the sweep can find out.
For each, the seconds from the debit (the issuer's own clock) to the posting, and to the letter's arrival. The gateway
answers after `--gateway-seconds`. Aim: at most 120 s for everybody while its median answer is under a second. Ends with
1 when somebody waits longer, or the books disagree with the issuer.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from statistics import median, quantiles
from typing import Any

import httpx
import psycopg

from payer import Payer
from street import COMPANY, Street, open_street

AIM_SECONDS = 120
LATEST_SECONDS = 600
"""The bank's page lives so long."""
LAST_STEP = "leave for the bank"


def main() -> int:
    parser = argparse.ArgumentParser(description="From the debit to the letter, for payers who never come back.")
    parser.add_argument("--payers", type=int, default=200)
    parser.add_argument("--over-seconds", type=int, default=240, help="over which the debits are spread")
    parser.add_argument("--gateway-seconds", type=float, default=0.5, help="how long the gateway takes for each answer")
    parser.add_argument("--seed", type=int, default=1)
    wishes = parser.parse_args()
    with open_street(bills=3 * wishes.payers) as street:
        slow = {"kind": "slow", "seconds": wishes.gateway_seconds}
        httpx.post(f"{street.sandbox.url}/control/faults", json=slow).raise_for_status()
        references = leave_and_pay(street, payers=wishes.payers, over_seconds=wishes.over_seconds, seed=wishes.seed)
        settled, mailed = wait_for_all(street, references, gateway_seconds=wishes.gateway_seconds)
        show("settled after", settled)
        show("receipt in the inbox after", mailed)
        print(f"letters that needed another try: {sent_again(street)}")
        httpx.request("DELETE", f"{street.sandbox.url}/control/faults", json={}).raise_for_status()
        books = street.bawabati("check-books", "--issuer", f"{street.sandbox.url}/control/orders?limit=100000")
        print(f"\n{books}")
        return books != "The books agree." or max(*settled, *mailed) > AIM_SECONDS


def leave_and_pay(street: Street, *, payers: int, over_seconds: float, seed: int) -> dict[str, str]:
    """The bank's names of the orders, each with the e-mail that its payer left."""
    random = Random(seed)
    numbers = street.numbers_to_pay()[:payers]
    began = time.monotonic()
    plan = []
    for place, number in enumerate(numbers):
        starts = random.uniform(0, over_seconds / 2)
        plan.append((starts, random.uniform(starts + 5, over_seconds), number, f"payer-{place}@example.com"))

    def one(starts: float, pays: float, number: str, email: str) -> str:
        time.sleep(max(0.0, began + starts - time.monotonic()))
        payer = Payer(portal_url=street.portal.url, sandbox_url=street.sandbox.url, company=COMPANY, language="ar")
        for step in payer.pay(number, email=email):
            if step == LAST_STEP:
                break
        time.sleep(max(0.0, began + pays - time.monotonic()))
        payer.pay_at_the_bank()
        return payer.reference

    with ThreadPoolExecutor(max_workers=len(plan)) as people:
        done = [(people.submit(one, *each), each[-1]) for each in plan]
        return {payment.result(): email for payment, email in done}


def wait_for_all(
    street: Street, references: Mapping[str, str], *, gateway_seconds: float
) -> tuple[list[float], list[float]]:
    """Seconds from each debit to its posting and to its letter. We note when we ask; the answer takes its time."""
    deadline = time.monotonic() + LATEST_SECONDS
    while letters_sent(street) < len(references) and time.monotonic() < deadline:
        time.sleep(2)
    letters = {address: at for at, address in mails(street)}
    debited = dict(debits(street))
    with psycopg.connect(street.postgres.owner_url) as connection:
        posted = dict(
            connection.execute(
                "SELECT gateway_reference, confirmed_at FROM payments_payment WHERE state = 'paid'"
            ).fetchall()
        )
    never = datetime.max.replace(tzinfo=next(iter(debited.values())).tzinfo)
    settled = [(posted.get(one, never) - debited[one]).total_seconds() + gateway_seconds for one in references]
    mailed = [(letters.get(email, never) - debited[one]).total_seconds() for one, email in references.items()]
    return settled, mailed


def letters_sent(street: Street) -> int:
    """Asked of the database: reading the whole inbox over and over would keep the sandbox from taking letters."""
    with psycopg.connect(street.postgres.owner_url) as connection:
        (sent,) = connection.execute("SELECT count(*) FROM notices_notice WHERE state = 'sent'").fetchone() or (0,)
    return int(sent)


def sent_again(street: Street) -> list[tuple[int, str]]:
    """Number of tries and the last reason of each letter that did not leave at once."""
    with psycopg.connect(street.postgres.owner_url) as connection:
        return connection.execute("SELECT tries, last_reason FROM notices_notice WHERE tries > 1").fetchall()


def mails(street: Street) -> Iterator[tuple[datetime, str]]:
    for mail in answered(street, "mails?limit=1000")["mails"]:
        for address in mail["to"]:
            yield datetime.fromisoformat(mail["at"]), address


def debits(street: Street) -> Iterator[tuple[str, datetime]]:
    for order in answered(street, "orders?limit=100000")["orders"]:
        if order["captured_centimes"]:
            yield order["md_order"], datetime.fromisoformat(order["paid_at"])


def answered(street: Street, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(httpx.get(f"{street.sandbox.url}/control/{path}", timeout=60).text)
    return found


def show(what: str, seconds: list[float]) -> None:
    late = quantiles(seconds, n=100)[-1]
    print(
        f"{what:28} min {min(seconds):6.1f}  median {median(seconds):6.1f}  p99 {late:6.1f}  max {max(seconds):6.1f} s"
        f"  (aim: {AIM_SECONDS} s, {len(seconds)} payers)"
    )


if __name__ == "__main__":
    sys.exit(main())

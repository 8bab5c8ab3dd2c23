"""After everything has healed: does what people were shown, what the cards lost and what the books say agree?"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator

from faults.killing.browser import Browser, GaveUp
from faults.killing.payers import Crowd, Told
from faults.killing.street import KilledStreet

STILL_MOVING = """
SELECT 'payment', count(*) FROM payments_payment WHERE next_ask_at IS NOT NULL
UNION ALL SELECT 'notice', count(*) FROM notices_notice WHERE state = 'waiting'
UNION ALL SELECT 'job under way', count(*) FROM procrastinate_jobs WHERE status = 'doing'
    AND task_name NOT IN ('sweep', 'resend', 'watch', 'take_up')
UNION ALL SELECT 'job waiting', count(*) FROM procrastinate_jobs WHERE status = 'todo'
    AND task_name NOT IN ('sweep', 'resend', 'watch', 'take_up')
"""
LET_LEASES_PASS = (
    "UPDATE payments_payment SET leased_until = now() WHERE leased_until > now()",
    "UPDATE notices_notice SET next_try_at = now() - interval '1 hour' WHERE state = 'waiting'",
    "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'",
)
"""What time does to leases and heartbeats of programs that are dead."""
NOW_AND_NOT_ON_THE_MINUTE = """
INSERT INTO procrastinate_jobs (task_name, queue_name, args)
SELECT name, 'letters', '{"timestamp": 0}'::jsonb FROM unnest(ARRAY['take_up', 'resend']) AS name
"""


class Collected:
    """The mails of the whole run: the sandbox's inbox forgets the oldest."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[str, str]] = {}

    def collect(self, street: KilledStreet) -> None:
        browser = Browser(
            portal_url=street.portal_url, sandbox_url=street.sandbox_url, patience_seconds=30, broken_pages=[]
        )
        for mail in browser.at_the_bank("/control/mails?limit=400")["mails"]:
            for recipient in mail["to"]:
                self._seen[mail["number"]] = (recipient, mail["message_id"])

    def by_address(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for address, message_id in self._seen.values():
            found[address].append(message_id)
        return found


def wait_until_quiet(street: KilledStreet, *, patience_seconds: float) -> list[str]:
    """What still moves when patience is over; empty when all has become final."""
    deadline = time.monotonic() + patience_seconds
    while True:
        moving = [f"{number} x {what}" for what, number in street.rows(STILL_MOVING) if number]
        if not moving or time.monotonic() > deadline:
            return moving
        time.sleep(0.5)


def let_leases_pass(street: KilledStreet) -> None:
    """While no worker runs: what minutes would do."""
    with street.database() as connection:
        for statement in LET_LEASES_PASS:
            connection.execute(statement.encode())


def ask_for_what_comes_each_minute(street: KilledStreet) -> None:
    with street.database() as connection:
        connection.execute(NOW_AND_NOT_ON_THE_MINUTE)


def violations(street: KilledStreet, crowd: Crowd, mails: Collected) -> Iterator[str]:
    """Everything that is not as it must be, each in words."""
    yield from (f"page: {page}" for page in crowd.broken_pages)
    yield from (f"payer: {surprise}" for surprise in crowd.surprises)
    issuer = f"{street.sandbox_url}/control/orders?limit=1000000"
    said, code = street.bawabati("check-books", "--gateway-days", "1", "--issuer", issuer)
    if code != 0:
        yield from (f"check-books: {line}" for line in said.splitlines())
    yield from _captured_and_not_ours(street)
    yield from _promises(street, crowd)
    yield from _letters(street, mails)
    yield from (
        f"job left under way: {name} x {number}"
        for name, number in street.rows(
            "SELECT task_name, count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w"
            " ON w.id = j.worker_id WHERE status = 'doing' AND (w.id IS NULL OR"
            " w.last_heartbeat < now() - interval '2 minutes') GROUP BY task_name"
        )
    )
    for victim in street.everything():
        yield from victim.ended_by_itself


def _captured_and_not_ours(street: KilledStreet) -> Iterator[str]:
    """I1, from the cards' side: money left, and no payment of ours is paid by it."""
    paid = {
        reference for (reference,) in street.rows("SELECT gateway_reference FROM payments_payment WHERE state = 'paid'")
    }
    browser = Browser(
        portal_url=street.portal_url, sandbox_url=street.sandbox_url, patience_seconds=30, broken_pages=[]
    )
    for order in browser.at_the_bank("/control/orders?limit=1000000")["orders"]:
        if order["captured_centimes"] > order["returned_centimes"] and order["md_order"] not in paid:
            yield f"I1: order {order['order_number']} was debited and is not posted"


def _promises(street: KilledStreet, crowd: Crowd) -> Iterator[str]:
    """I8 and I11: what was shown is so, and every address that was given opens."""
    states = dict(
        street.rows("SELECT gateway_reference, state FROM payments_payment WHERE gateway_reference IS NOT NULL")
    )
    settled = dict(street.rows("SELECT payment_number, settled_centimes >= due_centimes FROM bills_bill"))
    pages: list[str] = []
    browser = Browser(
        portal_url=street.portal_url, sandbox_url=street.sandbox_url, patience_seconds=30, broken_pages=pages
    )
    for told in crowd.told:
        if told.says_paid and states.get(told.reference) != "paid":
            yield f"I8: told paid, and it is {states.get(told.reference)}: {told}"
        if told.says_no_money and states.get(told.reference) == "paid":
            yield f"I8: told that no money was taken, and it is paid: {told}"
        if told.bill_says_paid and not settled[told.number]:
            yield f"I8: told that the bill is paid, and it is not: {told}"
        if told.reference and told.reference not in states:
            yield f"I11: the payer was sent to the bank with an order that we do not know: {told}"
        yield from _addresses(browser, told)
    yield from (f"page: {page}" for page in pages)


def _addresses(browser: Browser, told: Told) -> Iterator[str]:
    try:
        if told.attempt and browser.get(told.attempt).status not in {200, 303}:
            yield f"I11: the attempt's address does not open: {told}"
        if told.receipt and "receipt.pdf" not in browser.get(told.receipt).text:
            yield f"I8: the receipt's address shows no receipt: {told}"
    except GaveUp:
        yield f"I8: nothing came from an address that was given: {told}"


def _letters(street: KilledStreet, mails: Collected) -> Iterator[str]:
    """I12: each letter at least once; a second one is the same letter. None for what is not paid."""
    arrived = mails.by_address()
    expected: dict[str, int] = defaultdict(int)
    question = """
SELECT c.email, count(*) FROM payments_paymentcontact c JOIN payments_payment p ON p.id = c.payment_id
WHERE p.state = 'paid' GROUP BY c.email
"""
    for address, number in street.rows(question):
        expected[address] = number
        if len(set(arrived.get(address, []))) != number:
            yield f"I12: {number} letters for {address}, arrived: {arrived.get(address)}"
    for address in arrived.keys() - expected.keys():
        yield f"I12: a letter to {address}, who has paid nothing"

"""Look-ups of a bill while every agency's bridge waits at the portal and no reader answers.

    python benchmarks/silent_readers.py [--bridges 28] [--seconds 60]

Starts PostgreSQL (durable), portal, worker and sandbox. One visitor looks bills up, at a steady pace: first alone, then
beside bridges, each of which has a payment in hand of which its reader says nothing: it waits for orders again and
again, and tells of itself, as real ones do. A portal that waited for readers would have no thread left. Aim: the median
look-up takes at most twice what it takes alone. Ends with 1 when it does not, or when a look-up fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from statistics import median

import httpx
import psycopg

from slow_gateway import look_up, show
from street import COMPANY, Street, open_street

AIM_RATIO = 2.0
KEY = "k" * 43
CONTACT_SECONDS = 30
_ENROL = """
INSERT INTO companies_bridge (
    company_id, agency_id, name, code_sha256, key_sha256, software, waiting_results, is_active
)
SELECT a.company_id, a.id, 'bridge ' || n, '', %(digest)s, '', 0, true
FROM generate_series(1, %(bridges)s) n, LATERAL (
    SELECT agency.id, agency.company_id FROM companies_agency agency
    JOIN companies_company company ON company.id = agency.company_id AND company.code = %(company)s
    ORDER BY agency.id LIMIT 1 OFFSET (n - 1) %% 28
) a RETURNING id
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Look-ups while bridges wait and readers are silent.")
    parser.add_argument("--bridges", type=int, default=28)
    parser.add_argument("--seconds", type=float, default=60, help="of each measurement")
    wishes = parser.parse_args()
    with open_street(bills=200) as street:
        numbers = street.numbers_to_pay()[:60]
        look_up(street, numbers, seconds=5)
        alone = look_up(street, numbers, seconds=wishes.seconds / 2)
        with waiting(street, enrol(street, wishes.bridges)):
            beside_them = look_up(street, numbers, seconds=wishes.seconds)
    ratio = median(beside_them) / median(alone)
    show("alone", alone)
    show(f"beside {wishes.bridges} bridges", beside_them)
    print(f"ratio of the medians: {ratio:.2f} (aim: {AIM_RATIO})")
    return ratio > AIM_RATIO


def enrol(street: Street, bridges: int) -> list[int]:
    """Bridges of as many agencies, all with the one key."""
    digest = sha256(KEY.encode()).hexdigest()
    with psycopg.connect(street.postgres.owner_url) as connection:
        wanted = {"digest": digest, "bridges": bridges, "company": COMPANY}
        return [number for (number,) in connection.execute(_ENROL, wanted).fetchall()]


class waiting:  # noqa: N801 - it reads as a word
    """While the block lasts, the bridges wait, in a process of their own."""

    def __init__(self, street: Street, bridges: list[int]) -> None:
        context = get_context("spawn")
        self._stop = context.Event()
        self._process = context.Process(target=wait_all, args=(street.portal.url, bridges, self._stop))

    def __enter__(self) -> None:
        self._process.start()
        time.sleep(5)

    def __exit__(self, *_reason: object) -> None:
        self._stop.set()
        self._process.join()


def wait_all(portal_url: str, bridges: list[int], stop: Event) -> None:
    """Every bridge in a thread."""
    with ThreadPoolExecutor(max_workers=len(bridges)) as hands:
        for _ in hands.map(lambda number: wait_one(portal_url, number, stop), bridges):
            pass


def wait_one(portal_url: str, number: int, stop: Event) -> None:
    """One bridge with a silent reader: it asks for orders, never faster than once a second, and tells that it lives."""
    headers = {"Authorization": f"Bearer {number}.{KEY}"}
    told_at = 0.0
    with httpx.Client(base_url=f"{portal_url}/api/bridge/v1/", headers=headers, timeout=40, trust_env=False) as portal:
        while not stop.is_set():
            began = time.monotonic()
            if began - told_at > CONTACT_SECONDS:
                portal.post("contact", json={"software": "benchmark", "readers": []}).raise_for_status()
                told_at = began
            portal.get("orders", params={"wait": 5}).raise_for_status()
            stop.wait(max(0.0, began + 1 - time.monotonic()))


if __name__ == "__main__":
    sys.exit(main())

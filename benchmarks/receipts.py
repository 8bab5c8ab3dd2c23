"""How long one receipt takes, with fresh facts each time and a warm compiler.

    python benchmarks/receipts.py [--receipts 200]

Aim: at most 10 ms for a PDF with one bill. The time is CPU time of this process, so that a busy machine does not count
against us, beside the time on the clock.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from adapters.documents.receipt_examples import a_receipt, with_lines  # noqa: E402 - found by the line above
from bawabati.adapters.documents.contract import ReceiptFacts  # noqa: E402
from bawabati.adapters.documents.typst_documents.maker import TypstDocuments  # noqa: E402
from bawabati.money.amount import Money  # noqa: E402

WARM_UP = 5
AIM_MS = 10


def fresh(facts: ReceiptFacts, *, count: int) -> Iterator[ReceiptFacts]:
    """Receipts that differ in everything that differs between two payers, so that no cache answers for us."""
    for number in range(count):
        yield replace(
            facts,
            number=f"WEB-2026-{number:06}",
            transaction_id=f"f0J{number * 7919:017}",
            order_number=f"{number:010}",
            approval_code=f"{number * 37 % 1_000_000:06}",
            amount=Money(100_000 + number * 137),
            lines=tuple(replace(line, amount=Money(100_000 + number * 137)) for line in facts.lines),
            check_url=f"https://payer.exemple.dz/r/{number * 99_991:022}",
        )


def measure(make: Callable[[ReceiptFacts], bytes], facts: ReceiptFacts, *, count: int) -> str:
    cpu, clock, size = [], [], 0
    for number, receipt in enumerate(fresh(facts, count=count + WARM_UP)):
        cpu_before, clock_before = time.process_time(), time.perf_counter()
        size = len(make(receipt))
        if number >= WARM_UP:
            cpu.append((time.process_time() - cpu_before) * 1000)
            clock.append((time.perf_counter() - clock_before) * 1000)
    slow = quantiles(clock, n=20)[-1]
    return f"{median(cpu):8.1f} {median(clock):8.1f} {slow:8.1f} {size / 1000:8.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the making of receipts.")
    parser.add_argument("--receipts", type=int, default=200, help="receipts for each row")
    count: int = parser.parse_args().receipts
    documents = TypstDocuments()
    print(f"{'':28} {'CPU ms':>8} {'clock ms':>8} {'p95 ms':>8} {'kB':>8}")
    for language in ("ar", "fr", "en"):
        one = a_receipt(language)
        print(f"{language} PDF, one bill (aim: {AIM_MS})".ljust(28), measure(documents.receipt_pdf, one, count=count))
        print(f"{language} PDF, ten bills".ljust(28), measure(documents.receipt_pdf, with_lines(one, 10), count=count))
        print(f"{language} PNG, one bill".ljust(28), measure(documents.receipt_png, one, count=count))


if __name__ == "__main__":
    main()

"""A list of our orders outside the database: what a restored database asks the gateway about.

A gateway can be asked about an order, never for a list of them. So every order that is about to be opened is written
down first, a line of JSON in a file of its day: what it pays, and nothing about the payer. Nobody is kept from paying
because that line could not be written: it is said in the log, and metrics count it.
Decision: docs/decisions/0036-quarantine.md
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import structlog
from django.conf import settings

from bawabati.errors import CannotDo
from bawabati.flows.steps.files_of_the_folder import open_as_its_folder
from bawabati.measures import JOURNAL_FAILURES
from bawabati.payments.models import Payment, PaymentLine

DAYS_KEPT: Final = 60

log = structlog.get_logger()


class NoSuchJournal(CannotDo):
    """There is no such folder here."""

    code: ClassVar[str] = "no_such_journal"
    sentence: ClassVar[str] = "There is no folder %(folder)s. Where the journal is lost, name an empty folder."


@dataclass(frozen=True, slots=True, kw_only=True)
class LostOrder:
    """An order as the journal has it. `bills`: identifier, version, centimes of each."""

    gateway_account_id: int
    order_number: str
    opened_at: datetime
    centimes: int
    language: str
    bills: tuple[tuple[int, int, int], ...]
    reference: str
    """The gateway's own name of it; empty when nobody heard it."""


def note_order(payment: Payment, lines: Sequence[PaymentLine]) -> None:
    """An order that is about to be opened. Safe to repeat."""
    _write(
        {
            "at": payment.opened_at.astimezone(UTC).isoformat(),
            "account": payment.gateway_account_id,
            "order": payment.order_number,
            "centimes": payment.amount_centimes,
            "language": payment.language,
            "bills": [[line.bill_id, line.bill_version, line.amount_centimes] for line in lines],
        },
        payment,
    )


def note_reference(payment: Payment, reference: str) -> None:
    """What the gateway calls it: some gateways can be asked by nothing else. Safe to repeat."""
    _write({"account": payment.gateway_account_id, "order": payment.order_number, "reference": reference}, payment)


def read_journal(folder: Path, *, since: datetime) -> Iterator[LostOrder]:
    """The orders opened since then, in the order of the files. A line that a crash cut short is passed over.

    Raises NoSuchJournal: a wrong path must not look like a time without orders.
    """
    if not folder.is_dir():
        raise NoSuchJournal(folder=str(folder))
    first_day = f"{since.astimezone(UTC):%Y-%m-%d}"
    lines = [
        line for file in sorted(folder.glob("????-??-??.jsonl")) if file.stem >= first_day for line in _lines(file)
    ]
    references = {(line["account"], line["order"]): line["reference"] for line in lines if "reference" in line}
    for line in lines:
        if "bills" in line and datetime.fromisoformat(line["at"]) >= since:
            yield LostOrder(
                gateway_account_id=line["account"],
                order_number=line["order"],
                opened_at=datetime.fromisoformat(line["at"]),
                centimes=line["centimes"],
                language=line["language"],
                bills=tuple((bill, version, centimes) for bill, version, centimes in line["bills"]),
                reference=references.get((line["account"], line["order"]), ""),
            )


def forget_old_orders(*, now: datetime) -> int:
    """Removes the files of days long ago; how many. Safe to repeat."""
    last = f"{now.astimezone(UTC) - timedelta(days=DAYS_KEPT):%Y-%m-%d}"
    old = [file for file in settings.ORDER_JOURNAL.glob("????-??-??.jsonl") if file.stem < last]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _write(line: dict[str, Any], payment: Payment) -> None:
    folder: Path = settings.ORDER_JOURNAL
    file = folder / f"{payment.opened_at.astimezone(UTC):%Y-%m-%d}.jsonl"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = open_as_its_folder(file, os.O_WRONLY | os.O_APPEND)
        try:
            # One write, so that lines of several processes never mix; a line that a crash cut short spoils no other.
            os.write(descriptor, b"\n" + json.dumps(line).encode() + b"\n")
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        JOURNAL_FAILURES.inc()
        log.exception("order_journal_not_written", payment_id=payment.id)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue

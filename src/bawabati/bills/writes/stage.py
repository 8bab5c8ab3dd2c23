"""Received lines laid out beside the tables, so that they can be compared and merged in sets.

The stage is a temporary table: nobody else sees it, nothing of it is written to the log, and it is gone with the
transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Final

from django.db import connection

from bawabati.adapters.billfiles.contract import BadLine
from bawabati.bills.rules import TakenLine
from bawabati.bills.rules.contacts import read_contacts

_ROWS_AT_ONCE: Final = 2000

_OPEN: Final = """
CREATE TEMPORARY TABLE staged_line (
    bill_id bigint NOT NULL DEFAULT nextval(pg_get_serial_sequence('bills_bill', 'id')),
    line_number integer NOT NULL,
    payment_number text,
    is_minted boolean NOT NULL,
    fingerprint text,
    bill_number text,
    customer_number text,
    holder_name text,
    period text,
    issued_on date,
    due_on date,
    due_centimes bigint,
    status text,
    replaced_by text,
    is_estimated boolean,
    lines jsonb,
    phone text,
    email text,
    language text,
    reason text,
    detail text,
    text text
) ON COMMIT DROP
"""
_COPY: Final = """
COPY staged_line (line_number, payment_number, is_minted, fingerprint, bill_number, customer_number, holder_name,
    period, issued_on, due_on, due_centimes, status, replaced_by, is_estimated, lines, phone, email, language,
    reason, detail, text)
FROM STDIN
"""
_NOTHING: Final = r"\N"


def stage_lines(lines: Iterable[TakenLine | BadLine]) -> None:
    """Lays out every line, good or bad, in constant memory. Once in each transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        with cursor.copy(_COPY) as copy:
            for rows in _blocks(_row(line) for line in lines):
                copy.write(rows)
        cursor.execute("ANALYZE staged_line (line_number, payment_number, bill_number, customer_number, reason)")


def recall_texts(texts: Callable[[], Iterable[tuple[int, str]]]) -> None:
    """Gives the lines that were good until they met the others their text again, if there are any.

    Their number is small or nothing: the text of a million good lines would be laid out for none of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM staged_line WHERE reason IS NOT NULL AND text IS NULL)")
        if cursor.fetchone() == (False,):
            return
        cursor.execute("CREATE TEMPORARY TABLE line_text (line_number integer, text text) ON COMMIT DROP")
        with cursor.copy("COPY line_text FROM STDIN") as copy:
            for rows in _blocks(f"{number}\t{_escaped(text)}\n" for number, text in texts()):
                copy.write(rows)
        cursor.execute(_RECALL)


_RECALL = """
UPDATE staged_line SET text = line_text.text FROM line_text
WHERE line_text.line_number = staged_line.line_number AND reason IS NOT NULL AND staged_line.text IS NULL
"""


def _blocks(rows: Iterator[str]) -> Iterator[str]:
    while block := "".join(islice(rows, _ROWS_AT_ONCE)):
        yield block


def _row(line: TakenLine | BadLine) -> str:
    if isinstance(line, BadLine):
        return _bad_row(line)
    bill, payment_number = line
    said = "\t".join(
        (
            bill.bill_number,
            bill.customer_number,
            bill.holder_name,
            bill.period,
            bill.issued_on.isoformat(),
            bill.due_on.isoformat(),
            str(bill.due.centimes),
            bill.status,
            bill.replaced_by,
            "t" if bill.estimated else "f",
            "[" + ",".join([f"[{_in_json(label)},{amount.centimes}]" for label, amount in bill.lines]) + "]",
        )
    )
    # What the billing system says, without the payment number: it is the bill's for ever.
    fingerprint = blake2b(said.encode(), digest_size=16).hexdigest()
    if "\\" in said:
        said = said.replace("\\", "\\\\")
    minted = "f" if payment_number else "t"
    # Beside the fingerprint: another telephone makes no other version of a bill.
    phone, email, language = read_contacts(phone=bill.phone, email=bill.email, language=bill.language)
    return (
        f"{bill.line_number}\t{payment_number}\t{minted}\t{fingerprint}\t{said}\t{phone}\t{email}\t{language}"
        f"\t{_NOTHING}\t{_NOTHING}\t{_NOTHING}\n"
    )


def _bad_row(line: BadLine) -> str:
    due = _NOTHING if line.due is None else str(line.due.centimes)
    values = [str(line.line_number), _NOTHING, "f", *[_NOTHING] * 7, due, *[_NOTHING] * 7]
    return "\t".join([*values, line.reason, _escaped(line.detail), _escaped(line.text)]) + "\n"


@lru_cache(4096)
def _in_json(label: str) -> str:
    return json.dumps(label, ensure_ascii=False)


def _escaped(text: str) -> str:
    """As COPY wants it. Lines and their columns hold neither ends of lines nor other controls than the tab."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t") if "\t" in text else text

"""Lines of a file laid out beside the tables, and kept: a few statements over sets, in constant memory.

The stage is a temporary table: nobody else sees it, and it is gone with the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db import connection

from bawabati.adapters.statements.contract import BadEntry, Entry
from bawabati.settlement.models import UNREADABLE, Statement

_ROWS_AT_ONCE: Final = 2000
_SETTLEMENT_LOCK: Final = 0x7365746C  # "setl"; the company's id is the other half of the key


class StagedEntry(NamedTuple):
    """A readable line with what we made of it."""

    entry: Entry
    key: str
    remittance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSums:
    """What stands on the stage. `from_on` and `to_on` are None when no line has a day."""

    lines: int
    bad: int
    repeated: int
    gross: int
    fee: int
    vat: int
    net: int
    from_on: date | None
    to_on: date | None


_OPEN: Final = """
CREATE TEMPORARY TABLE staged_entry (
    id bigint NOT NULL DEFAULT nextval(pg_get_serial_sequence('settlement_statementline', 'id')),
    line_number integer NOT NULL,
    kind text NOT NULL,
    happened_on date,
    happened_at text NOT NULL,
    terminal text NOT NULL,
    order_number text NOT NULL,
    reference text NOT NULL,
    approval_code text NOT NULL,
    masked_card text NOT NULL,
    gross_centimes bigint NOT NULL,
    fee_centimes bigint NOT NULL,
    vat_centimes bigint NOT NULL,
    net_centimes bigint NOT NULL,
    sale_count integer,
    remittance text NOT NULL,
    value_on date,
    label text NOT NULL,
    line_key uuid,
    reason text NOT NULL,
    text text NOT NULL
) ON COMMIT DROP
"""
_NOTHING: Final = "\x1a"
"""Stands for nothing in a row: neither words nor labels hold it, and COPY is told so."""
_COPY: Final = f"""
COPY staged_entry (line_number, kind, happened_on, happened_at, terminal, order_number, reference, approval_code,
    masked_card, gross_centimes, fee_centimes, vat_centimes, net_centimes, sale_count, remittance, value_on, label,
    line_key, reason, text)
FROM STDIN (NULL '{_NOTHING}')
"""


def hold_settlement(company_id: int) -> None:
    """Until the transaction ends, nobody else keeps or matches a file of this company."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SETTLEMENT_LOCK, company_id])


def stage_entries(lines: Iterable[StagedEntry | BadEntry]) -> None:
    """Lays out every line, good or bad, in constant memory. Once in each transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        with cursor.copy(_COPY) as copy:
            for rows in _blocks(map(_row, lines)):
                copy.write(rows)
        cursor.execute("ANALYZE staged_entry")


def find_repeats(company_id: int) -> None:
    """Which lines stand in this file twice, or in an earlier one; and whether the bank counts them once more.

    A line that an earlier file shows under the same remittance is the same money told again. Under another one, or
    twice in one file, it is counted, because the bank will pay it. Rule: repeated-lines (failures.md 2.8, S1)
    """
    with connection.cursor() as cursor:
        cursor.execute(_REPEATS, {"company": company_id})
        cursor.execute("ANALYZE staged_repeat")


_REPEATS = """
CREATE TEMPORARY TABLE staged_repeat ON COMMIT DROP AS
SELECT entry.id, first.id AS first_id, true AS is_counted
FROM (
    SELECT line_key, min(id) AS id FROM staged_entry WHERE line_key IS NOT NULL GROUP BY line_key HAVING count(*) > 1
) AS first
JOIN staged_entry entry ON entry.line_key = first.line_key AND entry.id > first.id
UNION ALL
SELECT entry.id, known.id, coalesce(remittance.number, '') <> entry.remittance AND NOT EXISTS (
    SELECT FROM settlement_remittance own JOIN settlement_statementline told ON told.remittance_id = own.id
    WHERE own.company_id = %(company)s AND own.number = entry.remittance AND told.line_key = entry.line_key
)
FROM staged_entry entry
JOIN settlement_statementline known
    ON known.company_id = %(company)s AND known.line_key = entry.line_key AND known.repeat_of IS NULL
LEFT JOIN settlement_remittance remittance ON remittance.id = known.remittance_id
"""


def find_told_in_another_format(*, company_id: int, profile_id: int) -> None:
    """After `find_repeats`: a bank's day that came in another format before is the same money told again.

    Neither words nor balances are the same in two formats: only days and sums are. So all movements of the file have to
    stand in files of other profiles, as often as here, but for those that its own format has told already; of one that
    does not, this may be another account of the bank.
    Rule: repeated-lines (failures.md 2.8, S1)
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_ANOTHER_FORMAT, {"company": company_id, "profile": profile_id})


_IN_ANOTHER_FORMAT = """
INSERT INTO staged_repeat
WITH mine AS (
    SELECT id, coalesce(value_on, happened_on) AS day, net_centimes AS centimes, row_number() OVER (
        PARTITION BY coalesce(value_on, happened_on), net_centimes ORDER BY id
    ) AS place
    FROM staged_entry WHERE line_key IS NOT NULL AND NOT EXISTS (
        SELECT FROM staged_repeat told WHERE told.id = staged_entry.id AND NOT told.is_counted
    )
), theirs AS (
    SELECT line.id, coalesce(line.value_on, line.happened_on) AS day, line.net_centimes AS centimes, row_number() OVER (
        PARTITION BY coalesce(line.value_on, line.happened_on), line.net_centimes ORDER BY line.id
    ) AS place
    FROM settlement_statement file JOIN settlement_statementline line ON line.statement_id = file.id
    WHERE file.company_id = %(company)s AND file.source = 'bank' AND file.profile_id <> %(profile)s
        AND file.from_on <= (SELECT max(happened_on) FROM staged_entry)
        AND file.to_on >= (SELECT min(happened_on) FROM staged_entry)
        AND line.is_counted AND line.line_key IS NOT NULL
), pairs AS (
    SELECT mine.id, theirs.id AS first_id FROM mine JOIN theirs USING (day, centimes, place)
)
SELECT id, first_id, false FROM pairs WHERE (SELECT count(*) FROM pairs) = (SELECT count(*) FROM mine)
"""


def sum_stage() -> StageSums:
    """After `find_repeats`."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        lines, bad, gross, fee, vat, net, from_on, to_on = cursor.fetchone()
        cursor.execute("SELECT count(DISTINCT id) FROM staged_repeat")
        (repeated,) = cursor.fetchone()
    return StageSums(
        lines=lines,
        bad=bad,
        repeated=repeated,
        gross=int(gross),
        fee=int(fee),
        vat=int(vat),
        net=int(net),
        from_on=from_on,
        to_on=to_on,
    )


_SUMS = f"""
SELECT count(*) FILTER (WHERE kind <> '{UNREADABLE}'), count(*) FILTER (WHERE kind = '{UNREADABLE}'),
    coalesce(sum(gross_centimes), 0), coalesce(sum(fee_centimes), 0), coalesce(sum(vat_centimes), 0),
    coalesce(sum(net_centimes), 0), min(happened_on), max(happened_on)
FROM staged_entry
"""  # noqa: S608 - no value in it


def write_statement(
    *,
    company_id: int,
    profile_id: int,
    source: str,
    file_name: str,
    content_sha256: str,
    size_bytes: int,
    day: date,
    announced: dict[str, int],
    received_by_id: int,
    sums: StageSums,
    now: datetime,
) -> Statement:
    """The file and all its lines. The database refuses the same content a second time."""
    statement = Statement.objects.create(
        company_id=company_id,
        profile_id=profile_id,
        source=source,
        file_name=file_name,
        content_sha256=content_sha256,
        size_bytes=size_bytes,
        day=day,
        from_on=sums.from_on or day,
        to_on=sums.to_on or day,
        received_at=now,
        received_by_id=received_by_id,
        line_count=sums.lines,
        bad_count=sums.bad,
        repeated_count=sums.repeated,
        gross_centimes=sums.gross,
        fee_centimes=sums.fee,
        vat_centimes=sums.vat,
        net_centimes=sums.net,
        announced=announced,
    )
    values = {"company": company_id, "statement": statement.id}
    with connection.cursor() as cursor:
        cursor.execute(_REMITTANCES, values)
        cursor.execute(_LINES, values)
    return statement


_REMITTANCES = """
INSERT INTO settlement_remittance (company_id, number, value_on, line_count, gross_centimes, fee_centimes,
    vat_centimes, net_centimes, credited_centimes, credit_count)
SELECT %(company)s, remittance, max(value_on), 0, 0, 0, 0, 0, 0, 0 FROM staged_entry
WHERE remittance <> '' GROUP BY remittance ORDER BY remittance
ON CONFLICT (company_id, number) DO NOTHING
"""
_LINES = """
INSERT INTO settlement_statementline (id, company_id, statement_id, line_number, kind, happened_on, happened_at,
    terminal, order_number, reference, approval_code, masked_card, gross_centimes, fee_centimes, vat_centimes,
    net_centimes, sale_count, remittance_id, value_on, label, line_key, repeat_of, is_counted, reason, text)
SELECT entry.id, %(company)s, %(statement)s, line_number, kind, happened_on, happened_at,
    terminal, order_number, reference, approval_code, masked_card, entry.gross_centimes, entry.fee_centimes,
    entry.vat_centimes, entry.net_centimes, sale_count, remittance.id, entry.value_on, label, line_key,
    repeated.first_id, coalesce(repeated.is_counted, true), reason, text
FROM staged_entry entry
LEFT JOIN settlement_remittance remittance
    ON remittance.company_id = %(company)s AND remittance.number = entry.remittance
LEFT JOIN (
    SELECT id, min(first_id) AS first_id, bool_and(is_counted) AS is_counted FROM staged_repeat GROUP BY id
) AS repeated ON repeated.id = entry.id
"""


def _blocks(rows: Iterator[str]) -> Iterator[str]:
    while block := "".join(islice(rows, _ROWS_AT_ONCE)):
        yield block


def _row(line: StagedEntry | BadEntry) -> str:
    if isinstance(line, BadEntry):
        return _bad_row(line)
    entry, key, remittance = line
    row = (
        f"{entry.line_number}\t{entry.kind}\t{entry.happened_on or _NOTHING}\t{entry.happened_at}\t{entry.terminal}\t"
        f"{entry.order_number}\t{entry.reference}\t{entry.approval_code}\t{entry.card}\t{entry.gross}\t{entry.fee}\t"
        f"{entry.vat}\t{entry.net}\t{_NOTHING if entry.sales is None else entry.sales}\t{remittance}\t"
        f"{entry.value_on or _NOTHING}\t{entry.label}\t{key}\t\t\n"
    )
    return row.replace("\\", "\\\\") if "\\" in row else row


def _bad_row(line: BadEntry) -> str:
    why = f"{line.reason} {line.detail}".strip()[:40]
    values: list[Any] = [
        line.line_number,
        UNREADABLE,
        _NOTHING,
        *[""] * 6,
        0,
        0,
        0,
        0,
        _NOTHING,
        "",
        _NOTHING,
        "",
        _NOTHING,
    ]
    return "\t".join(map(str, values)) + f"\t{why}\t{_escaped(line.text)}\n"


def _escaped(text: str) -> str:
    """As COPY wants it. What is no text was written so that it can be seen, and holds no other controls."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")

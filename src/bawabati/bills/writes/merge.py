"""What the billing system says, merged from the stage into customers, bills and versions: a few statements in all.

Called in one transaction after `stage_lines`, in this order: `hold_imports`, `find_matches`, `refuse_conflicts`,
`recall_texts`, `mint_numbers` where numbers are ours, `count_stage`, `write_batch`, `merge_lines`. A row of the stage
with a reason is a bad line, and stays one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection

from bawabati.bills.models import BillBatch, CustomerContact
from bawabati.bills.rules.contacts import is_another_holder
from bawabati.bills.writes.tranches import fit_tranches
from bawabati.money.amount import Money

_IMPORT_LOCK: Final = 0x62696C6C  # "bill"; the company's id is the other half of the key


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCounts:
    """What stands on the stage. `announced_due` is over every line whose amount could be read, good or bad."""

    lines: int
    created: int
    changed: int
    unchanged: int
    bad: int
    due: Money
    announced_due: Money
    unreadable_amounts: int


class Lowered(NamedTuple):
    """A bill of which less is due than has been paid."""

    bill_id: int
    version_id: int
    customer_number: str
    excess: Money


class LineResult(NamedTuple):
    """What became of a line: created, changed, unchanged or bad, with the reason."""

    line_number: int
    outcome: str
    reason: str
    detail: str


def hold_imports(company_id: int) -> None:
    """Until the transaction ends, nobody else merges a file of this company; sets are joined in memory meanwhile."""
    _execute("SET LOCAL work_mem = '128MB'")
    _execute("SELECT pg_advisory_xact_lock(%s, %s)", [_IMPORT_LOCK, company_id])


def find_matches(company_id: int) -> None:
    """Refuses what stands in the file twice, then finds the bill of each line that we know already."""
    _execute(_TWICE.format(column="payment_number", reason="payment_number_twice"))
    _execute(_TWICE.format(column="bill_number", reason="bill_number_twice"))
    _execute(_MATCHES, [company_id])
    _execute("ANALYZE staged_match")


_TWICE = """
UPDATE staged_line SET reason = '{reason}', detail = 'line ' || twice.first_line
FROM (
    SELECT {column}, min(line_number) AS first_line FROM staged_line
    WHERE reason IS NULL AND {column} <> '' GROUP BY {column} HAVING count(*) > 1
) AS twice
WHERE staged_line.{column} = twice.{column} AND line_number > twice.first_line AND reason IS NULL
"""
_MATCHES = """
CREATE TEMPORARY TABLE staged_match ON COMMIT DROP AS
SELECT line_number, bill.id AS bill_id, bill.version AS known_version, bill.payment_number AS known_number,
    known.fingerprint = staged_line.fingerprint AS is_unchanged
FROM staged_line
JOIN bills_bill AS bill ON bill.company_id = %s AND bill.bill_number = staged_line.bill_number
JOIN bills_billversion AS known ON known.bill_id = bill.id AND known.version = bill.version
WHERE staged_line.reason IS NULL
"""


def refuse_conflicts(company_id: int) -> None:
    """Bad lines: another payment number for a bill that has one, or the payment number of another bill."""
    _execute(_NUMBER_CHANGED)
    _execute(_NUMBER_OF_ANOTHER, [company_id])
    _execute(_NUMBER_OF_A_TRANCHE, [company_id])


_NUMBER_CHANGED = """
UPDATE staged_line SET reason = 'payment_number_changed', detail = 'payment_number'
FROM staged_match
WHERE staged_match.line_number = staged_line.line_number
    AND NOT is_minted AND payment_number <> known_number AND reason IS NULL
"""
_NUMBER_OF_ANOTHER = """
UPDATE staged_line SET reason = 'payment_number_of_another_bill', detail = 'payment_number'
FROM bills_bill AS bill
WHERE bill.company_id = %s AND bill.payment_number = staged_line.payment_number
    AND bill.bill_number <> staged_line.bill_number AND NOT is_minted AND reason IS NULL
"""

# Ours, of an agreement to pay in instalments: the billing system knows nothing of it.
_NUMBER_OF_A_TRANCHE = """
UPDATE staged_line SET reason = 'payment_number_of_another_bill', detail = 'bill_number'
FROM bills_bill AS tranche
WHERE tranche.company_id = %s AND tranche.bill_number = staged_line.bill_number
    AND tranche.tranche_of_id IS NOT NULL AND reason IS NULL
"""


def keep_contacts(*, company_id: int, now: datetime) -> int:
    """Where the file says that customers may be written to, in place of what files said before; how many were new.

    The last line speaks; where it says nothing, what was known stays. Rule: contacts-of-files (law 18-07)
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM staged_line WHERE phone <> '' OR email <> '')")
        if cursor.fetchone() == (False,):
            return 0
        cursor.execute(_CONTACTS, [company_id, now, company_id])
        return int(cursor.rowcount)


_CONTACTS = """
INSERT INTO bills_customercontact (company_id, customer_id, means, address, language, source, said_at)
SELECT DISTINCT ON (customer.id, said.means) %s, customer.id, said.means, said.address,
    coalesce(nullif(staged_line.language, ''), 'ar'), 'file', %s
FROM staged_line
JOIN bills_customer AS customer ON customer.company_id = %s AND customer.number = customer_number
CROSS JOIN LATERAL (VALUES ('sms', phone), ('email', email)) AS said (means, address)
WHERE reason IS NULL AND said.address <> ''
ORDER BY customer.id, said.means, line_number DESC
ON CONFLICT (customer_id, means) WHERE source = 'file' DO UPDATE
SET address = excluded.address, language = excluded.language, said_at = excluded.said_at
WHERE (bills_customercontact.address, bills_customercontact.language) IS DISTINCT FROM
    (excluded.address, excluded.language)
"""


def erase_wishes_of_former_holders(company_id: int) -> int:
    """Forgets where payers wished to be written to, of customers whom the stage calls by another name; how many.

    Before `merge_lines`, which writes the names over: the bills of whoever has moved in are no business of whoever has
    moved out. Rule: wishes-end (law 18-07)
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENAMED_WITH_WISHES, [company_id])
        over = [contact_id for contact_id, before, after in cursor.fetchall() if is_another_holder(before, after)]
    erased, _ = CustomerContact.objects.filter(id__in=over).delete()
    return erased


_RENAMED_WITH_WISHES = """
SELECT id, name, holder_name
FROM (
    SELECT DISTINCT ON (contact.id) contact.id, known.name, holder_name
    FROM bills_customercontact AS contact
    JOIN bills_customer AS known ON known.id = contact.customer_id
    JOIN staged_line ON customer_number = known.number
    WHERE contact.company_id = %s AND contact.source = 'payer' AND reason IS NULL AND holder_name <> ''
    ORDER BY contact.id, line_number DESC
) AS named
WHERE name <> holder_name
"""


def count_stage() -> StageCounts:
    """What will come of the lines."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        lines, bad, due, announced, unreadable = cursor.fetchone()
        cursor.execute(_COUNT_MATCHES)
        changed, unchanged = cursor.fetchone()
    return StageCounts(
        lines=lines,
        created=lines - bad - changed - unchanged,
        changed=changed,
        unchanged=unchanged,
        bad=bad,
        due=Money(int(due)),
        announced_due=Money(int(announced)),
        unreadable_amounts=unreadable,
    )


_COUNT = """
SELECT count(*), count(reason),
    coalesce(sum(due_centimes) FILTER (WHERE reason IS NULL), 0), coalesce(sum(due_centimes), 0),
    count(*) FILTER (WHERE due_centimes IS NULL)
FROM staged_line
"""
_COUNT_MATCHES = """
SELECT count(*) FILTER (WHERE NOT is_unchanged), count(*) FILTER (WHERE is_unchanged)
FROM staged_match JOIN staged_line USING (line_number) WHERE reason IS NULL
"""


def write_batch(
    *,
    company_id: int,
    content_sha256: str,
    file_name: str,
    head: str,
    delimiter: str,
    received_by_id: int,
    counts: StageCounts,
    now: datetime,
) -> BillBatch:
    """The file as received, with its bad lines. The database refuses the same content a second time."""
    batch = BillBatch.objects.create(
        company_id=company_id,
        content_sha256=content_sha256,
        file_name=file_name,
        head=head,
        delimiter=delimiter,
        received_at=now,
        received_by_id=received_by_id,
        line_count=counts.lines,
        created_count=counts.created,
        changed_count=counts.changed,
        unchanged_count=counts.unchanged,
        bad_count=counts.bad,
        due_centimes=counts.due.centimes,
    )
    if counts.bad:
        _execute(_KEEP_BAD_LINES, [company_id, batch.id])
    return batch


_KEEP_BAD_LINES = """
INSERT INTO bills_badbillline (company_id, batch_id, line_number, reason, detail, text)
SELECT %s, %s, line_number, reason, left(detail, 200), text FROM staged_line WHERE reason IS NOT NULL
"""


def merge_lines(*, company_id: int, batch: BillBatch, now: datetime) -> list[Lowered]:
    """Writes customers, bills and versions. Gives the bills of which less is now due than has been paid, by id.

    Bills that exist are locked by id before they change, after everything else is written, so that payers wait for
    as short a time as can be. The caller gives the excess of the lowered bills to their customers in the same
    transaction. Rule: bill-lowered (behaviour.md I4)

    Of what the billing system calls settled nothing is left to pay here. Rule: settled-elsewhere (behaviour.md 6)
    """
    _execute(_SETTLED_ELSEWHERE)
    _execute(_RENAMED_CUSTOMERS, [company_id])
    _execute(_NEW_CUSTOMERS, [company_id, company_id])
    _execute(_NEW_BILLS, [company_id, now, now, company_id])
    _execute(_FIRST_VERSIONS, [company_id, batch.id])
    if not batch.changed_count and not batch.unchanged_count:
        return []
    _execute(_NEXT_VERSIONS, [company_id, batch.id])
    _execute(_LOCK_KNOWN_BILLS)
    lowered = _list_lowered()
    _execute(_CHANGED_BILLS, [now, now, company_id])
    _execute(_UNCHANGED_BILLS, [now])
    for agreement_id in list_agreements_changed():
        fit_tranches(agreement_id, now=now)
    return lowered


# Nothing is left of it, and what was paid here stays. Should it be paid here at this moment, it is paid twice indeed.
_SETTLED_ELSEWHERE = """
UPDATE staged_line SET status = 'open', due_centimes = coalesce((
    SELECT bill.settled_centimes FROM staged_match JOIN bills_bill AS bill ON bill.id = staged_match.bill_id
    WHERE staged_match.line_number = staged_line.line_number
), 0)
WHERE status = 'settled' AND reason IS NULL
"""
_NEW_CUSTOMERS = """
INSERT INTO bills_customer (company_id, number, name)
SELECT DISTINCT ON (customer_number) %s, customer_number, holder_name FROM staged_line
WHERE reason IS NULL AND NOT EXISTS (
    SELECT FROM bills_customer AS known WHERE known.company_id = %s AND known.number = customer_number
)
ORDER BY customer_number, line_number DESC
"""
# The last line speaks; an empty name says nothing.
_RENAMED_CUSTOMERS = """
UPDATE bills_customer SET name = named.holder_name
FROM (
    SELECT DISTINCT ON (known.id) known.id, holder_name
    FROM staged_line JOIN bills_customer AS known ON known.company_id = %s AND known.number = customer_number
    WHERE reason IS NULL AND holder_name <> '' ORDER BY known.id, line_number DESC
) AS named
WHERE bills_customer.id = named.id AND name <> named.holder_name
"""
_NEW_BILLS = """
INSERT INTO bills_bill (id, company_id, customer_id, payment_number, bill_number, period, issued_on, due_on,
    is_estimated, status, replaced_by, version, due_centimes, settled_centimes, settled_at, as_of)
SELECT staged_line.bill_id, %s, customer.id, payment_number, bill_number, period, issued_on, due_on,
    is_estimated, status, replaced_by, 1, due_centimes, 0, CASE WHEN due_centimes = 0 THEN %s::timestamptz END, %s
FROM staged_line
JOIN bills_customer AS customer ON customer.company_id = %s AND customer.number = customer_number
WHERE reason IS NULL AND NOT EXISTS (
    SELECT FROM staged_match WHERE staged_match.line_number = staged_line.line_number
)
"""
_FIRST_VERSIONS = """
INSERT INTO bills_billversion (company_id, bill_id, version, batch_id, due_centimes, lines, fingerprint)
SELECT %s, bill_id, 1, %s, due_centimes, lines, fingerprint FROM staged_line
WHERE reason IS NULL AND NOT EXISTS (
    SELECT FROM staged_match WHERE staged_match.line_number = staged_line.line_number
)
"""
_NEXT_VERSIONS = """
INSERT INTO bills_billversion (company_id, bill_id, version, batch_id, due_centimes, lines, fingerprint)
SELECT %s, known.bill_id, known_version + 1, %s, due_centimes, lines, fingerprint
FROM staged_match AS known JOIN staged_line USING (line_number)
WHERE reason IS NULL AND NOT is_unchanged
"""
# With a bill of an agreement all its bills and tranches, which follow what is left of them.
_LOCK_KNOWN_BILLS = """
WITH known AS MATERIALIZED (
    SELECT match.bill_id AS id FROM staged_match AS match JOIN staged_line USING (line_number) WHERE reason IS NULL
), agreed AS MATERIALIZED (
    SELECT DISTINCT in_agreement_id AS id FROM bills_bill JOIN known USING (id) WHERE in_agreement_id IS NOT NULL
)
SELECT count(*) FROM (
    SELECT id FROM bills_bill WHERE id IN (
        SELECT id FROM known
        UNION ALL SELECT own.id FROM agreed JOIN bills_bill AS own ON own.in_agreement_id = agreed.id
        UNION ALL SELECT tranche.id FROM agreed JOIN bills_bill AS tranche ON tranche.tranche_of_id = agreed.id
    ) ORDER BY id FOR NO KEY UPDATE
) AS locked
"""
_AGREEMENTS_CHANGED = """
SELECT DISTINCT bill.in_agreement_id FROM staged_match AS known
JOIN staged_line USING (line_number) JOIN bills_bill AS bill ON bill.id = known.bill_id
WHERE reason IS NULL AND NOT is_unchanged AND bill.in_agreement_id IS NOT NULL ORDER BY 1
"""
# A bill that is no longer open owes nothing: what was paid of it is the customer's.
_STILL_OWED = "CASE WHEN staged_line.status = 'open' THEN staged_line.due_centimes ELSE 0 END"
_LOWERED = f"""
SELECT bill.id, version.id, customer.number, bill.settled_centimes - {_STILL_OWED}
FROM staged_match AS known
JOIN staged_line USING (line_number)
JOIN bills_bill AS bill ON bill.id = known.bill_id
JOIN bills_customer AS customer ON customer.id = bill.customer_id
JOIN bills_billversion AS version ON version.bill_id = bill.id AND version.version = known_version + 1
WHERE reason IS NULL AND NOT is_unchanged AND bill.settled_centimes > {_STILL_OWED}
ORDER BY bill.id
"""  # noqa: S608 - no value in it
_CHANGED_BILLS = f"""
UPDATE bills_bill AS bill SET
    customer_id = customer.id, period = staged_line.period, issued_on = staged_line.issued_on,
    due_on = staged_line.due_on, is_estimated = staged_line.is_estimated, status = staged_line.status,
    replaced_by = staged_line.replaced_by, version = known_version + 1, due_centimes = staged_line.due_centimes,
    settled_centimes = least(settled_centimes, {_STILL_OWED}),
    settled_at = CASE
        WHEN least(settled_centimes, {_STILL_OWED}) = staged_line.due_centimes THEN coalesce(settled_at, %s)
    END,
    as_of = %s
FROM staged_match AS known
JOIN staged_line USING (line_number)
JOIN bills_customer AS customer ON customer.company_id = %s AND customer.number = staged_line.customer_number
WHERE bill.id = known.bill_id AND reason IS NULL AND NOT is_unchanged
"""  # noqa: S608 - no value in it
_UNCHANGED_BILLS = """
UPDATE bills_bill AS bill SET as_of = %s
FROM staged_match AS known JOIN staged_line USING (line_number)
WHERE bill.id = known.bill_id AND reason IS NULL AND is_unchanged
"""


def _list_lowered() -> list[Lowered]:
    with connection.cursor() as cursor:
        cursor.execute(_LOWERED)
        return [Lowered(bill, version, number, Money(excess)) for bill, version, number, excess in cursor.fetchall()]


def list_agreements_changed() -> list[int]:
    """The agreements of whose bills the billing system says something new."""
    with connection.cursor() as cursor:
        cursor.execute(_AGREEMENTS_CHANGED)
        return [agreement_id for (agreement_id,) in cursor.fetchall()]


def list_results() -> Iterator[LineResult]:
    """What became of each line of the stage, in the file's order, in constant memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_RESULTS)
        for row in cursor:
            yield LineResult(*row)


_RESULTS = """
SELECT line_number,
    CASE WHEN reason IS NOT NULL THEN 'bad' WHEN is_unchanged THEN 'unchanged'
         WHEN is_unchanged IS NOT NULL THEN 'changed' ELSE 'created' END,
    coalesce(reason, ''), coalesce(detail, '')
FROM staged_line LEFT JOIN staged_match USING (line_number)
ORDER BY line_number
"""


def _execute(statement: str, values: Sequence[int | datetime] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

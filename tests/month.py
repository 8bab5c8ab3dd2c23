"""A month of a company, made in bulk: payments on the web and on readers, refunds, attempts that came to nothing.

Payments are written as they stand after the road, past the guards of the road; what the acquirer's and the bank's files
say of them comes from the sandbox's own bank, and everything that reads those files is the real code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bawabati.companies.models import Company
from bawabati.errors import CannotDo
from bawabati.flows.import_statement import Imported, import_statement, prepare_profiles
from bawabati.flows.look_for_missing import look_for_missing
from bawabati.flows.match_statement import match_statement
from bawabati.people.models import Staff
from bawabati.settlement.models import Difference
from bawabati.settlement.reads import find_profile
from bawabati.settlement.writes import write_fee_table
from bawabati.workdays import ALGIERS
from sandbox.bank.core import Bank
from sandbox.bank.disorders import Done, Kind
from sandbox.bank.fees import FeeTable, Tier
from sandbox.bank.files import BankFile, Which
from sandbox.bank.movements import Movement, What
from sandbox.gateway.merchants import DEMO_MERCHANTS

MERCHANT = DEMO_MERCHANTS[0]
FIRST = date(2026, 9, 1)
DAYS = 30
QUIET_DAYS = 14
"""After the month: what is late comes, and nothing new happens."""
FEES = FeeTable(
    tiers=(Tier(up_to_centimes=200_000, fixed_centimes=500), Tier(fixed_centimes=300, rate_ppm=2_000)),
    most_centimes=1_500,
)
ONE_ON_A_READER = 7
"""Every so many payments is one at a desk."""
ONE_GIVEN_BACK = 23
ONE_DECLINED = 47

_AT = """({first}::timestamp + (n % {days}) * interval '1 day' + interval '8 hours'
    + ((n * 37) % 40000) * interval '1 second') AT TIME ZONE 'Africa/Algiers'"""
_FILL = {
    "sales": """
INSERT INTO payments_sale (id, company_id, agency_id, desk_id, session_id, cashier_id, reader_id, way, reference,
    start_key, amount_centimes, stamp_duty_centimes, language, state, opened_at, service_id, boot_when_sent,
    not_found_count, step, reason, approval_code, masked_card, card_brand, entry_mode, poi_transaction_id, terminal_id,
    merchant_id, rrn, reconciliation_id, slip, slip_number, cheque_number, cheque_bank, in_spite_of, proposed,
    proposed_because, reversal_service_id, reversal_because, event_count)
SELECT n, {company}, 1, 1, 1, {staff}, 1, 'card', lpad(n::text, 10, '0'), 'sale-' || n, 5000 + (n * 7919) % 900000,
    0, 'ar', 'settled', {at}, '', '', 0, '', '', lpad((n % 1000000)::text, 6, '0'), '6280****7215', '', '',
    'poi-' || n, 'T000000' || (1 + n % 3), '', 'R' || lpad(n::text, 11, '0'), '', '[]', '', '', '', '', '', '', '', '',
    1
FROM generate_series(1, {payments}) n WHERE n % {reader} = 0
""",
    "payments": """
INSERT INTO payments_payment (campaign_code, card_family,
    id, company_id, way, sale_id, agency_id, gateway_account_id, order_number, start_key,
    amount_centimes, language, payment_terms_id, sale_terms_id, state, opened_at, page_life_seconds, page_ends_at,
    gateway_reference, page_url, event_count, asked_count, checks_passed, was_declined, refused_because, response_code,
    gateway_message, last_answer, approval_code, masked_card, confirmed_at, accounted_on, ended_at)
SELECT '', '',
    n, {company}, CASE WHEN desk THEN 'card' ELSE 'web' END, CASE WHEN desk THEN n END, CASE WHEN desk THEN 1 END,
    CASE WHEN NOT desk THEN {account} END, lpad(n::text, 10, '0'), 'key-' || n, 5000 + (n * 7919) % 900000, 'ar',
    CASE WHEN NOT desk THEN {text} END, CASE WHEN NOT desk THEN {text} END,
    CASE WHEN no THEN 'declined' ELSE 'paid' END, at, 720, at, CASE WHEN NOT desk THEN substr(md5('r' || n), 1, 20) END,
    '', 1, 1, 0, no, '', '00', '', 'paid', lpad((n % 1000000)::text, 6, '0'), '6280****7215',
    CASE WHEN NOT no THEN at END, CASE WHEN NOT no THEN (at AT TIME ZONE 'Africa/Algiers')::date END, at
FROM (
    SELECT n, n % {reader} = 0 AS desk, n % {declined} = 1 AS no, {at} AS at
    FROM generate_series(1, {payments}) n
) made
""",
    "refunds": """
INSERT INTO payments_refund (id, company_id, payment_id, kind, reason, because, amount_centimes, state,
    requested_by_id, requested_at, decided_by_id, event_count, tries, last_reason, past_the_gateway, ended_at)
SELECT id, company_id, id, 'refund', 'bill_due_again', 'x', amount_centimes / 2, 'done', {staff}, opened_at,
    (SELECT max(id) FROM people_staff WHERE id <> {staff}), 1,
    1, '', false, opened_at + interval '2 hours'
FROM payments_payment WHERE company_id = {company} AND way = 'web' AND state = 'paid' AND id % {back} = 3
""",
    "captures": """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT p.company_id, cards.id, customers.id, p.amount_centimes, 'capture', 'payment_line:' || p.id, p.accounted_on,
    p.opened_at
FROM payments_payment p
JOIN ledger_account cards ON cards.company_id = p.company_id
    AND cards.code = CASE WHEN p.way = 'web' THEN '511' ELSE '5113' END AND cards.holder = ''
JOIN ledger_account customers ON customers.company_id = p.company_id AND customers.code = '411'
WHERE p.company_id = {company} AND p.state = 'paid'
""",
    "given back": """
INSERT INTO ledger_transfer (company_id, debit_id, credit_id, amount_centimes, reason, reference, accounted_on, at)
SELECT r.company_id, customers.id, cards.id, r.amount_centimes, 'refund', 'refund_part:' || r.id,
    (r.ended_at AT TIME ZONE 'Africa/Algiers')::date, r.ended_at
FROM payments_refund r
JOIN ledger_account cards ON cards.company_id = r.company_id AND cards.code = '511' AND cards.holder = ''
JOIN ledger_account customers ON customers.company_id = r.company_id AND customers.code = '411'
WHERE r.company_id = {company}
""",
}
_ACCOUNTS = """
INSERT INTO ledger_account (company_id, code, holder)
SELECT {company}, code, '' FROM unnest(ARRAY['511', '5113', '411']) code ON CONFLICT DO NOTHING
"""


PLAN = {
    Kind.SEVERAL_DAYS: 1,
    Kind.REPEATED_LINE: 2,
    Kind.CHANGED_AMOUNT: 3,
    Kind.UNKNOWN_LINE: 4,
    Kind.MISSING_FILE: 5,
    Kind.WRONG_FEE: 6,
    Kind.LATE_FILE: 7,
    Kind.LATE_STATEMENT: 8,
    Kind.REPEATED_FILE: 9,
    Kind.WRONG_VAT: 10,
    Kind.WRONG_NET: 11,
    Kind.RENAMED_FILE: 12,
    Kind.TRUNCATED_FILE: 13,
    Kind.REPEATED_STATEMENT: 14,
    Kind.EMPTY_FILE: 15,
    Kind.WRONG_TOTAL: 16,
    Kind.MISSING_LINE: 17,
    Kind.LATE_LINE: 18,
    Kind.NOT_CREDITED: 19,
    Kind.CHANGED_CREDIT: 20,
    Kind.RENAMED_STATEMENT: 21,
    Kind.TRUNCATED_STATEMENT: 22,
    Kind.WRONG_BALANCE: 23,
    Kind.LATE_REFUND: 24,
    Kind.MISSING_REFUND: 25,
    Kind.UNKNOWN_CREDIT: 26,
    Kind.UNKNOWN_REFUND: 27,
    Kind.CHARGEBACK: 28,
}
"""Every disorder there is, each on a day of its own, counted from the first."""


def plan(bank: Bank) -> None:
    """Lets each disorder of the plan come on its day."""
    for kind, at in PLAN.items():
        bank.disorders.wish({"kind": kind, "day": (FIRST + timedelta(days=at)).isoformat()})


@dataclass(kw_only=True)
class Month:
    """What there is in our books, and how the files of each day come in."""

    company: Company
    officer: Staff
    connection: psycopg.Connection[Any]
    """As superuser: for filling past the guards."""
    folder: Path
    movements: list[Movement] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Files that were not taken, and why."""
    known: list[str] = field(default_factory=list)
    """Files whose content was there before."""

    def fill(self, *, payments: int) -> None:
        """Our books of the month, in sets."""
        from bawabati.companies.models import CompanyText, GatewayAccount  # noqa: PLC0415 - settings first

        text = CompanyText.objects.filter(company=self.company).first()
        assert text is not None
        values: dict[str, object] = {
            "company": self.company.id,
            "account": GatewayAccount.objects.get(company=self.company).id,
            "text": text.id,
            "staff": self.officer.id,
            "payments": payments,
            "first": f"'{FIRST}'",
            "days": DAYS,
            "reader": ONE_ON_A_READER,
            "declined": ONE_DECLINED,
            "back": ONE_GIVEN_BACK,
        }
        values["at"] = _AT.format(**values)
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for statement in (_ACCOUNTS, *_FILL.values()):
                self.connection.execute(statement.format(**values).encode())
        self.connection.execute("ANALYZE")
        write_fee_table(
            company_id=self.company.id,
            way="",
            from_on=FIRST,
            tiers=[_tier(tier) for tier in FEES.tiers],
            vat_ppm=FEES.vat_ppm,
            least_centimes=FEES.least_centimes,
            cap_centimes=FEES.most_centimes,
            because="the contract",
            written_by_id=self.officer.id,
            now=_morning_after(FIRST),
        )
        prepare_profiles(company_id=self.company.id, staff=self.officer, now=_morning_after(FIRST))
        self.movements = [*self._payments(), *self._refunds(payments)]

    def bank(self, *, seed: int) -> Bank:
        """The acquirer and the bank of these movements."""
        bank = Bank(
            merchants=lambda: [MERCHANT],
            movements=lambda: self.movements,
            charge_back=self._charge_back,
            seed=seed,
        )
        bank.use(replace(bank.settings_of(MERCHANT.user_name), fees=FEES))
        return bank

    def take_money_of(self, order: int) -> None:
        """The card of an attempt that had ended was charged all the same: only the acquirer knows."""
        (declined,) = self._rows(state="declined", order=order)
        self.movements.append(_payment(declined, sequence=10**9 + order))

    def live(self, bank: Bank, *, days: int = DAYS + QUIET_DAYS) -> None:
        """Day by day: the bank closes, and the next morning its files come in, are matched, and missing ones missed."""
        for at in range(days):
            day = FIRST + timedelta(days=at)
            now = _morning_after(day)
            for file in bank.close_day(day):
                self._receive(file, now=now)
            look_for_missing(company_id=self.company.id, now=now)

    def posted_apart(self) -> int:
        """What all open items say stands apart in the books."""
        asked = "SELECT sum(posted_centimes) FROM settlement_difference WHERE company_id = %s AND state <> 'ended'"
        (found,) = self.connection.execute(asked, [self.company.id]).fetchone() or (0,)
        return int(found or 0)

    def _receive(self, file: BankFile, *, now: datetime) -> None:
        path = self.folder / file.name
        path.write_bytes(file.content)
        profile = find_profile(company_id=self.company.id, code=_profile_of(file))
        assert profile is not None
        try:
            imported: Imported = import_statement(
                company_id=self.company.id,
                profile_id=profile.id,
                file_name=file.name,
                path=path,
                staff=self.officer,
                now=now,
            )
        except CannotDo as refused:
            self.refused[file.name] = refused.code
            return
        if imported.was_known:
            self.known.append(file.name)
        match_statement(statement_id=imported.statement.id, now=now)

    def _charge_back(self, disputed: Movement, at: float) -> Movement:
        sequence = 2 * 10**9 + disputed.sequence
        taken = replace(disputed, sequence=sequence, what=What.CHARGEBACK, at=at, centimes=-disputed.centimes)
        self.movements.append(taken)
        return taken

    def _payments(self) -> Iterator[Movement]:
        for row in self._rows(state="paid"):
            yield _payment(row, sequence=row[0])

    def _rows(self, *, state: str, order: int | None = None) -> list[Any]:
        asked = """
SELECT p.id, p.way, p.order_number, p.gateway_reference, p.approval_code, p.amount_centimes, p.opened_at, s.terminal_id,
    s.rrn
FROM payments_payment p LEFT JOIN payments_sale s ON s.id = p.sale_id
WHERE p.company_id = %(company)s AND p.state = %(state)s AND p.id = coalesce(%(order)s, p.id) ORDER BY p.id"""
        values = {"company": self.company.id, "state": state, "order": order}
        return self.connection.execute(asked, values).fetchall()

    def _refunds(self, payments: int) -> Iterator[Movement]:
        asked = """
SELECT r.id, r.amount_centimes, r.ended_at, p.order_number, p.gateway_reference
FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id WHERE r.company_id = %s ORDER BY r.id"""
        for number, centimes, ended_at, order, reference in self.connection.execute(asked, [self.company.id]):
            yield Movement(
                sequence=payments + number,
                what=What.REFUND,
                at=ended_at.timestamp(),
                merchant=MERCHANT.user_name,
                terminal=MERCHANT.terminals[0],
                order_number=order,
                reference=reference,
                card="6280****7215",
                centimes=-centimes,
            )


@dataclass(frozen=True, order=True, kw_only=True)
class Item:
    """A difference as it can be compared: its kind, and the thing that it is about."""

    kind: str
    about: str


def items_of(company: Company, *, ended: bool) -> list[Item]:
    """What is open, or what has ended by itself, sorted."""
    found = Difference.objects.filter(company=company).select_related(
        "line", "payment", "refund__payment", "remittance"
    )
    found = found.filter(state="ended") if ended else found.exclude(state="ended")
    return sorted(Item(kind=each.kind, about=_about(each)) for each in found)


def expected_of(done: Done) -> list[Item]:
    """What a disorder of the bank has to be found as, for good; nothing where it is put right later."""
    reference = done.order_number or done.reference
    expected: dict[Kind, list[tuple[str, str]]] = {
        Kind.MISSING_FILE: [("missing_file", f"acquirer:{done.day}"), ("credit_without_remittance", done.remittance)],
        Kind.WRONG_TOTAL: [("file_total_differs", done.file)],
        Kind.REPEATED_LINE: [("repeated_line", reference)],
        Kind.CHANGED_AMOUNT: [("amount_differs", reference)],
        Kind.UNKNOWN_LINE: [("not_ours", reference)],
        Kind.WRONG_FEE: [("fee_differs", reference)],
        Kind.WRONG_VAT: [("vat_differs", reference)],
        Kind.WRONG_NET: [("net_differs", reference)],
        Kind.MISSING_LINE: [("missing_at_bank", reference)],
        Kind.LATE_LINE: [("late_line", _file_of(done.until))],
        Kind.LATE_REFUND: [("late_line", _file_of(done.until))],
        Kind.MISSING_REFUND: [("refund_not_seen", reference)],
        Kind.UNKNOWN_REFUND: [("refund_not_ours", reference)],
        Kind.CHARGEBACK: [("chargeback", reference)],
        Kind.NOT_CREDITED: [("remittance_not_credited", done.remittance)],
        Kind.CHANGED_CREDIT: [("credit_differs", done.remittance)],
        Kind.UNKNOWN_CREDIT: [("credit_without_remittance", done.remittance)],
        Kind.WRONG_BALANCE: [("file_total_differs", done.file)],
    }
    return [Item(kind=kind, about=about) for kind, about in expected.get(done.kind, [])]


def passing_of(done: Done) -> list[Item]:
    """What a disorder may be found as until it is put right."""
    passing: dict[Kind, list[tuple[str, str]]] = {
        Kind.LATE_FILE: [("missing_file", f"acquirer:{done.day}")],
        Kind.TRUNCATED_FILE: [("missing_file", f"acquirer:{done.day}")],
        Kind.EMPTY_FILE: [("missing_file", f"acquirer:{done.day}")],
        Kind.LATE_STATEMENT: [("missing_file", f"bank:{done.day}")],
        Kind.TRUNCATED_STATEMENT: [("missing_file", f"bank:{done.day}")],
        Kind.LATE_LINE: [("missing_at_bank", done.order_number or done.reference)],
        Kind.LATE_REFUND: [("refund_not_seen", done.order_number)],
        Kind.SEVERAL_DAYS: [("remittance_not_credited", done.remittance)],
    }
    return [Item(kind=kind, about=about) for kind, about in passing.get(done.kind, [])]


def never_told(month: Month, done: Sequence[Done]) -> int:
    """What of our books no file of the acquirer has shown, in centimes: refunds below zero."""
    days = {each.day for each in done if each.kind is Kind.MISSING_FILE}
    lost = {(each.reference, What.PAYMENT) for each in done if each.kind is Kind.MISSING_LINE}
    lost |= {(each.reference, What.REFUND) for each in done if each.kind is Kind.MISSING_REFUND}
    return sum(each.centimes for each in month.movements if each.day in days or (each.reference, each.what) in lost)


def balances(company: Company, connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Debit less credit of each account, in centimes."""
    asked = """
SELECT code, sum(side) FROM (
    SELECT debit_id AS account, amount_centimes AS side FROM ledger_transfer WHERE company_id = %(company)s
    UNION ALL SELECT credit_id, -amount_centimes FROM ledger_transfer WHERE company_id = %(company)s
) moved JOIN ledger_account a ON a.id = account GROUP BY code"""
    return {code: int(balance) for code, balance in connection.execute(asked, {"company": company.id}) if balance}


def _about(each: Difference) -> str:
    """The thing under the name that the files give to it."""
    if each.kind == "missing_file":
        return each.reference
    if each.kind in {"file_total_differs", "late_line"} and each.statement is not None:
        return each.statement.file_name
    if each.line is not None and each.kind != "credit_without_remittance":
        return each.line.order_number or each.line.reference
    if each.line is not None:
        return each.line.reference
    if each.refund is not None:
        return each.refund.payment.order_number
    if each.payment is not None:
        return each.payment.sale.rrn if each.payment.sale else each.payment.order_number
    return each.remittance.number if each.remittance else each.reference


def _payment(row: Any, *, sequence: int) -> Movement:  # noqa: ANN401 - a row of the query above
    _, way, order, reference, approval, centimes, at, terminal, rrn = row
    return Movement(
        sequence=sequence,
        what=What.PAYMENT,
        at=at.timestamp(),
        merchant=MERCHANT.user_name,
        terminal=MERCHANT.terminals[0] if way == "web" else terminal,
        order_number=order if way == "web" else "",
        reference=reference if way == "web" else rrn,
        approval_code=approval,
        card="6280****7215",
        centimes=centimes,
    )


def _file_of(day: date | None) -> str:
    return f"SATIM_{MERCHANT.terminals[0]}_{day:%Y%m%d}.csv" if day else ""


def _profile_of(file: BankFile) -> str:
    return "satim" if file.which is Which.ACQUIRER else "bank"


def _morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(10, 30), tzinfo=ALGIERS)


def _tier(tier: Tier) -> dict[str, Any]:
    return {"up_to": tier.up_to_centimes, "fixed": tier.fixed_centimes, "rate_ppm": tier.rate_ppm}

"""Worlds of payments beside files of the acquirer and the bank, made without the road that leads there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bawabati.companies.models import Company
from bawabati.flows.import_statement import import_statement, prepare_profiles
from bawabati.flows.match_statement import match_statement
from bawabati.people.models import Staff
from bawabati.people.reads import find_staff
from bawabati.settlement.models import Difference, Statement
from bawabati.settlement.reads import find_profile
from people import NADIA, NOON, SALIMA

DAY = date(2026, 11, 19)
TERMINAL = "E010901201"
ACQUIRER_HEAD = (
    "TYPE;DATE;HEURE;TERMINAL;COMMERCANT;ORDRE;REFERENCE;AUTORISATION;CARTE;"
    "MONTANT_BRUT;COMMISSION;TVA;MONTANT_NET;REMISE;DATE_VALEUR"
)
BANK_HEAD = "DATE_OPERATION;DATE_VALEUR;LIBELLE;REFERENCE;DEBIT;CREDIT;SOLDE"
PAYMENT = """
INSERT INTO payments_payment (campaign_code, card_family,
    id, company_id, way, sale_id, agency_id, gateway_account_id, order_number, start_key,
    amount_centimes, language, payment_terms_id, sale_terms_id, state, opened_at, page_life_seconds, page_ends_at,
    gateway_reference, page_url, event_count, asked_count, checks_passed, was_declined, refused_because, response_code,
    gateway_message, last_answer, approval_code, masked_card, confirmed_at, accounted_on, ended_at, recovered_from_id)
SELECT '', '',
    %(id)s, %(company)s, %(way)s, %(sale)s, %(agency)s, %(account)s, %(order)s, %(key)s, %(amount)s, 'ar',
    %(text)s, %(text)s, %(state)s::text, %(at)s, 720, %(at)s, %(reference)s, '', 1, 1, 0, false, '', '00', '', 'paid',
    %(approval)s, '', CASE WHEN %(state)s::text = 'paid' THEN %(at)s::timestamptz END,
    CASE WHEN %(state)s::text = 'paid' THEN %(day)s::date END, %(at)s, %(recovered)s
"""
SALE = """
INSERT INTO payments_sale (id, company_id, agency_id, desk_id, session_id, cashier_id, reader_id, way, reference,
    start_key, amount_centimes, stamp_duty_centimes, language, state, opened_at, service_id, boot_when_sent,
    not_found_count, step, reason, approval_code, masked_card, card_brand, entry_mode, poi_transaction_id, terminal_id,
    merchant_id, rrn, reconciliation_id, slip, slip_number, cheque_number, cheque_bank, in_spite_of, proposed,
    proposed_because, reversal_service_id, reversal_because, event_count)
VALUES (%(id)s, %(company)s, 1, 1, 1, %(staff)s, 1, 'card', %(order)s, %(key)s, %(amount)s, 0, 'ar', %(state)s, %(at)s,
    '', '', 0, '', '', %(approval)s, '', '', '', %(key)s, %(terminal)s, '', %(rrn)s, '', '[]', '', '', '', '', '', '',
    '', '', 1)
"""
REFUND = """
INSERT INTO payments_refund (id, company_id, payment_id, kind, reason, because, amount_centimes, state,
    requested_by_id, requested_at, decided_by_id, event_count, tries, last_reason, past_the_gateway, ended_at)
VALUES (%(id)s, %(company)s, %(payment)s, %(kind)s, 'bill_due_again', 'x', %(amount)s, 'done', %(staff)s, %(at)s,
    %(other)s, 1, 1, '', false, %(at)s)
"""


class World:
    """Writes payments as they stand after the road; the guards of the road sleep meanwhile."""

    def __init__(self, company: Company, connection: psycopg.Connection[Any]) -> None:
        from bawabati.companies.models import CompanyText, GatewayAccount  # noqa: PLC0415 - settings first

        self.company = company
        self._connection = connection
        self._account = GatewayAccount.objects.get(company=company).id
        text = CompanyText.objects.filter(company=company).first()
        assert text is not None
        self._text = text.id
        self.salima = salima()
        nadia = find_staff(NADIA)
        assert nadia is not None
        self.nadia = nadia
        self._next = 0

    def pay(
        self,
        amount: int = 143050,
        *,
        day: date = DAY,
        state: str = "paid",
        order: str = "",
        reference: str | None = None,
        recovered_from: int | None = None,
    ) -> int:
        """A payment online, or an attempt in another state."""
        number = self._number()
        self._run(
            PAYMENT,
            id=number,
            way="web",
            sale=None,
            agency=None,
            account=self._account,
            order=order or f"{number:010}",
            key=f"key-{number}",
            amount=amount,
            text=self._text,
            state=state,
            at=_noon(day),
            day=day,
            reference=f"ref-{number}" if reference is None else reference or None,
            approval=f"{number % 1000000:06}",
            recovered=recovered_from,
        )
        return number

    def sell(
        self,
        amount: int = 50000,
        *,
        day: date = DAY,
        terminal: str = "T1",
        rrn: str | None = None,
        approval: str | None = None,
        is_settled: bool = True,
    ) -> int:
        """A sale on a reader with its payment; without one unless it `is_settled`. The payment's number."""
        number = self._number()
        own = {
            "id": number,
            "order": f"{number:010}",
            "key": f"key-{number}",
            "amount": amount,
            "at": _noon(day),
            "approval": f"{number % 1000000:06}" if approval is None else approval,
        }
        self._run(
            SALE,
            **own,
            staff=self.salima.id,
            state="settled" if is_settled else "declined",
            terminal=terminal,
            rrn=f"rrn{number}" if rrn is None else rrn,
        )
        if is_settled:
            self._run(
                PAYMENT,
                **own,
                way="card",
                sale=number,
                agency=1,
                account=None,
                text=None,
                state="paid",
                day=day,
                reference=None,
                recovered=None,
            )
        return number

    def give_back(self, payment: int, amount: int, *, day: date = DAY, kind: str = "refund") -> int:
        """A refund that is done."""
        number = self._number()
        self._run(
            REFUND,
            id=number,
            payment=payment,
            kind=kind,
            amount=amount,
            staff=self.salima.id,
            other=self.nadia.id,
            at=_noon(day),
        )
        return number

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _run(self, statement: str, **values: object) -> None:
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            self._connection.execute(statement, values | {"company": self.company.id})


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON.timetz())


def salima() -> Staff:
    staff = find_staff(SALIMA)
    assert staff is not None
    return staff


def line(
    kind: str = "PAIEMENT",
    *,
    gross: int = 143050,
    fee: int = 0,
    vat: int = 0,
    net: int | None = None,
    day: date = DAY,
    at: str = "10:00:00",
    terminal: str = TERMINAL,
    order: str = "",
    reference: str = "",
    approval: str = "",
    remittance: str = "R1",
    value_on: date = DAY + timedelta(days=3),
) -> str:
    """A line of the acquirer's file. Sums in centimes."""
    sums = (gross, fee, vat, gross - fee - vat if net is None else net)
    return ";".join(
        (
            *(kind, f"{day:%d/%m/%Y}", at, terminal, "SAT1", order, reference, approval, "6280****7215"),
            *(dinars(centimes) for centimes in sums),
            *(remittance, f"{value_on:%d/%m/%Y}"),
        )
    )


def of_payment(number: int, *, gross: int = 143050, **more: Any) -> str:  # noqa: ANN401 - as `line` has them
    """The line of a payment online of `World.pay`."""
    return line(gross=gross, order=f"{number:010}", reference=f"ref-{number}", **more)


def of_sale(number: int, *, gross: int = 50000, terminal: str = "T1", **more: Any) -> str:  # noqa: ANN401 - as above
    """The line of a sale of `World.sell`."""
    return line(gross=gross, reference=f"rrn{number}", terminal=terminal, **more)


def total(lines: Iterable[str]) -> str:
    """The last line of a file of the acquirer."""
    rows = [row.split(";") for row in lines]
    sums = [sum(centimes_of(row[place]) for row in rows) for place in (9, 10, 11, 12)]
    return "TOTAL;;;;;;;;;" + ";".join(map(dinars, sums)) + f";{len(rows)};"


def dinars(centimes: int) -> str:
    sign = "-" if centimes < 0 else ""
    return f"{sign}{abs(centimes) // 100},{abs(centimes) % 100:02}"


def centimes_of(text: str) -> int:
    return int(text.replace(",", ""))


def credit(
    centimes: int, *, reference: str = "R1", label: str = "REMISE CARTES R1", day: date = DAY + timedelta(days=3)
) -> str:
    """A line of the bank's statement, without its balance; below zero a debit."""
    debit, own = ("", dinars(centimes)) if centimes >= 0 else (dinars(-centimes), "")
    return f"{day:%d/%m/%Y};{day:%d/%m/%Y};{label};{reference};{debit};{own};"


def bank_file(lines: Sequence[str], *, day: date = DAY + timedelta(days=3), opening: int = 100_000_00) -> list[str]:
    """With balances that fit."""
    rows = [text.split(";") for text in lines]
    closing = opening + sum(centimes_of(row[5] or "0") - centimes_of(row[4] or "0") for row in rows)
    return [
        f"{day:%d/%m/%Y};{day:%d/%m/%Y};SOLDE INITIAL;;;;{dinars(opening)}",
        *lines,
        f"{day:%d/%m/%Y};{day:%d/%m/%Y};SOLDE FINAL;;;;{dinars(closing)}",
    ]


def received(
    folder: Path,
    company: Company,
    lines: Sequence[str],
    *,
    name: str = "",
    profile: str = "satim",
    now: datetime = NOON,
    matched: bool = True,
    keep_bad_lines: bool = False,
    with_total: bool = True,
) -> Statement:
    """A file written, brought in and matched, as the office and the worker do it."""
    prepare_profiles(company_id=company.id, staff=salima(), now=now)
    is_bank = profile.startswith("bank")
    head = BANK_HEAD if is_bank else ACQUIRER_HEAD
    body = bank_file(lines) if is_bank and with_total else [*lines, *([total(lines)] if with_total else [])]
    text = "\n".join([head, *body]) + "\n"
    name = name or (f"RELEVE_1_{DAY + timedelta(days=3):%Y%m%d}.csv" if is_bank else f"SATIM_1_{DAY:%Y%m%d}.csv")
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.csv"
    path.write_text(text)
    own = find_profile(company_id=company.id, code=profile)
    assert own is not None
    statement = import_statement(
        company_id=company.id,
        profile_id=own.id,
        file_name=name,
        path=path,
        staff=salima(),
        now=now,
        keep_bad_lines=keep_bad_lines,
    ).statement
    if matched:
        match_statement(statement_id=statement.id, now=now)
        statement.refresh_from_db()
    return statement


def items(company: Company, *, also_ended: bool = False) -> list[tuple[str, int, int]]:
    """Kind, sum and what stands apart of every item that is open."""
    found = Difference.objects.filter(company=company).order_by("id")
    if not also_ended:
        found = found.exclude(state="ended")
    return [(item.kind, item.amount_centimes, item.posted_centimes) for item in found]


def balances(company: Company) -> dict[str, int]:
    """Debit less credit of each account that has moved."""
    from bawabati.ledger.models import Transfer  # noqa: PLC0415 - settings first

    sums: dict[str, int] = {}
    for transfer in Transfer.objects.filter(company=company).select_related("debit", "credit"):
        sums[transfer.debit.code] = sums.get(transfer.debit.code, 0) + transfer.amount_centimes
        sums[transfer.credit.code] = sums.get(transfer.credit.code, 0) - transfer.amount_centimes
    return {code: balance for code, balance in sorted(sums.items()) if balance}

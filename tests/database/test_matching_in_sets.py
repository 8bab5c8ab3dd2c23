"""The statements over sets find in every small world what the rule says of one line at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from bawabati.adapters.statements.contract import LineKind
from bawabati.companies.models import Company
from bawabati.settlement.models import Difference, Match, StatementLine
from bawabati.settlement.rules import FeeTerms, Known, KnownRefund, Line, Tier, match_lines
from bawabati.settlement.writes import write_fee_table
from people import NOON, add_company
from settling import DAY, World, balances, line, received, salima

pytestmark = pytest.mark.usefixtures("database")

AMOUNTS = (5000, 5001, 143050)
DAYS = (DAY, DAY + timedelta(days=1))
WORDS = {
    LineKind.PAYMENT: "PAIEMENT",
    LineKind.REFUND: "REMBOURSEMENT",
    LineKind.CHARGEBACK: "IMPAYE",
    LineKind.CANCELLATION: "ANNULATION",
    LineKind.TERMINAL_TOTAL: "TOTAL_TERMINAL",
}
EMPTIED = (
    *("settlement_differencestep", "settlement_difference", "settlement_match", "settlement_statementline"),
    *("settlement_remittance", "settlement_statement", "settlement_feetable", "ledger_transfer", "payments_refund"),
    *("payments_payment", "payments_sale"),
)


@dataclass(frozen=True)
class Paid:
    """A payment to be made; `recovers`: the place of the attempt that it recovers."""

    way: str
    amount: int
    day: date
    state: str
    has_reference: bool
    approval: str
    terminal: str
    rrn: str
    is_settled: bool
    is_recovered: bool


paid = st.builds(
    Paid,
    way=st.sampled_from(["web", "web", "card"]),
    amount=st.sampled_from(AMOUNTS),
    day=st.sampled_from(DAYS),
    state=st.sampled_from(["paid", "paid", "paid", "declined", "expired"]),
    has_reference=st.sampled_from([True, True, True, False]),
    approval=st.sampled_from(["", "A1", "A2"]),
    terminal=st.sampled_from(["T1", "T2", ""]),
    rrn=st.sampled_from(["", "rrn1", "rrn2"]),
    is_settled=st.sampled_from([True, True, True, False]),
    is_recovered=st.booleans(),
)
refund = st.tuples(st.integers(0, 5), st.sampled_from((*AMOUNTS, 700)), st.booleans())
said = st.tuples(
    st.sampled_from([LineKind.PAYMENT] * 4 + list(WORDS)),
    st.integers(0, 6),  # of which payment; beyond the last: of none
    st.sampled_from(["both", "order", "reference", "other_reference", "neither"]),
    st.sampled_from((*AMOUNTS, 700, 10000)),
    st.booleans(),  # the sum of the payment instead
    st.sampled_from(DAYS),
    st.sampled_from(["", "A1", "A2"]),
    st.sampled_from(["T1", "T2"]),
    st.sampled_from([0, 50, 143, 1431]),
    st.sampled_from([0, 10, 27, 272]),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from(["10:00:00", "11:00:00"]),
)
tier = st.tuples(st.sampled_from([None, 5000]), st.sampled_from([0, 100]), st.sampled_from([0, 10_000]))
fee_terms = st.tuples(
    st.sampled_from(["", "web", "card"]),
    st.sampled_from([date(2026, 1, 1), DAYS[1]]),
    st.lists(tier, min_size=1, max_size=2),
    st.sampled_from([0, 190_000]),
    st.sampled_from([0, 60]),
    st.sampled_from([None, 200]),
)


@pytest.fixture
def water() -> Company:
    return add_company()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payments=st.lists(paid, max_size=5),
    refunds=st.lists(refund, max_size=4),
    lines=st.lists(said, min_size=1, max_size=9),
    tables=st.lists(fee_terms, max_size=3),
)
def test_sets_and_rule_find_the_same(
    water: Company,
    behind_the_scenes: psycopg.Connection[Any],
    *,
    payments: list[Paid],
    refunds: list[tuple[int, int, bool]],
    lines: list[Any],
    tables: list[Any],
) -> None:
    _empty(behind_the_scenes)
    world = World(water, behind_the_scenes)
    known = _pay(world, payments)
    terms = _fees(water, tables)
    own_refunds = _refund(world, known, refunds)
    texts, rule_lines = _say(known, lines)
    with tempfile.TemporaryDirectory() as folder:
        statement = received(Path(folder), water, texts, name="SATIM_1_20261119.csv")
    found = match_lines(rule_lines, known=known, refunds=own_refunds, terms=terms)
    ids = dict(StatementLine.objects.filter(statement=statement).values_list("id", "line_number"))
    in_sets: dict[int, tuple[list[int], list[int], list[tuple[str, int, int]]]] = {
        number: ([], [], []) for number in ids.values()
    }
    for match in Match.objects.order_by("payment_id", "refund_id"):
        own = in_sets[ids[match.line_id]]
        if match.payment_id is not None:
            own[0].append(match.payment_id)
        if match.refund_id is not None:
            own[1].append(match.refund_id)
    for item in Difference.objects.filter(line__isnull=False):
        assert item.line_id is not None
        in_sets[ids[item.line_id]][2].append((item.kind, item.amount_centimes, item.posted_centimes))
    by_rule = {
        number: (
            list(finding.payment_ids),
            [] if finding.refund_id is None else [finding.refund_id],
            [(str(odd.kind), odd.amount, odd.posted) for odd in finding.odd],
        )
        for number, finding in found.items()
    }
    assert {number: (a, b, sorted(c)) for number, (a, b, c) in in_sets.items()} == {
        number: (a, b, sorted(c)) for number, (a, b, c) in by_rule.items()
    }
    matched = [finding for finding in found.values() if finding.payment_ids or finding.refund_id is not None]
    books = balances(water)
    assert books.get("627", 0) == sum(finding.fee for finding in matched)
    assert books.get("4456", 0) == sum(finding.vat for finding in matched)
    assert books.get("5115", 0) == sum(one.net for one in rule_lines)
    assert sum(books.values()) == 0


def _empty(connection: psycopg.Connection[Any]) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in EMPTIED:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _pay(world: World, payments: Sequence[Paid]) -> list[Known]:
    known = []
    for one in payments:
        has_reference = one.has_reference or one.state == "paid"
        if one.way == "web":
            number = world.pay(one.amount, day=one.day, state=one.state, reference=None if has_reference else "")
            own = Known(
                id=number,
                way="web",
                is_paid=one.state == "paid",
                amount=one.amount,
                accounted_on=one.day if one.state == "paid" else None,
                order_number=f"{number:010}",
                gateway_reference=f"ref-{number}" if has_reference else "",
            )
            known.append(own)
            if one.state == "declined" and one.is_recovered and one.has_reference:
                again = world.pay(
                    one.amount,
                    day=one.day,
                    order=own.order_number,
                    reference=own.gateway_reference,
                    recovered_from=number,
                )
                known.append(
                    Known(
                        id=again,
                        way="web",
                        is_paid=True,
                        amount=one.amount,
                        accounted_on=one.day,
                        order_number=own.order_number,
                        gateway_reference=own.gateway_reference,
                        recovered_from=number,
                    )
                )
        else:
            number = world.sell(
                one.amount,
                day=one.day,
                terminal=one.terminal,
                rrn=one.rrn,
                approval=one.approval,
                is_settled=one.is_settled,
            )
            known.append(
                Known(
                    id=number if one.is_settled else None,
                    way="card",
                    is_paid=one.is_settled,
                    amount=one.amount,
                    accounted_on=one.day if one.is_settled else None,
                    rrn=one.rrn,
                    terminal=one.terminal,
                    approval_code=one.approval,
                )
            )
    return known


def _refund(world: World, known: Sequence[Known], refunds: Sequence[tuple[int, int, bool]]) -> list[KnownRefund]:
    paid_ones = [one for one in known if one.is_paid and one.id is not None]
    own = []
    for place, amount, is_reversal in refunds:
        if place < len(paid_ones):
            payment = paid_ones[place].id
            assert payment is not None
            number = world.give_back(payment, amount, kind="reversal" if is_reversal else "refund")
            own.append(KnownRefund(id=number, payment_id=payment, is_reversal=is_reversal, amount=amount))
    return own


def _fees(company: Company, tables: Sequence[Any]) -> list[FeeTerms]:
    terms: dict[tuple[str, date], FeeTerms] = {}
    for way, from_on, tiers, vat, least, cap in tables:
        ends = [(5000, fixed, rate) for end, fixed, rate in tiers if end is not None][:1]
        ends.append((None, tiers[-1][1], tiers[-1][2]))
        terms[way, from_on] = FeeTerms(
            way=way,
            from_on=from_on,
            tiers=tuple(Tier(up_to=end, fixed=fixed, rate_ppm=rate) for end, fixed, rate in ends),
            vat_ppm=vat,
            least=least,
            cap=cap,
        )
    for one in terms.values():
        write_fee_table(
            company_id=company.id,
            way=one.way,
            from_on=one.from_on,
            tiers=[{"up_to": tier.up_to, "fixed": tier.fixed, "rate_ppm": tier.rate_ppm} for tier in one.tiers],
            vat_ppm=one.vat_ppm,
            least_centimes=one.least,
            cap_centimes=one.cap,
            because="contract",
            written_by_id=salima().id,
            now=NOON,
        )
    return list(terms.values())


def _say(known: Sequence[Known], lines: Sequence[Any]) -> tuple[list[str], list[Line]]:
    """Lines as the file has them, and as the rule sees them; both numbered from the second line of the file."""
    texts: list[str] = []
    seen: set[tuple[object, ...]] = set()
    rule_lines = []
    for number, (kind, place, names, amount, own_sum, day, approval, terminal, fee, vat, slip, at) in enumerate(
        lines, start=2
    ):
        one = known[place] if place < len(known) else None
        order = one.order_number if one is not None and names in {"both", "order", "other_reference"} else ""
        reference = ""
        if names in {"both", "reference"} and one is not None:
            reference = one.gateway_reference or one.rrn
        elif names == "other_reference":
            reference = "nobody-knows-it"
        gross = one.amount if one is not None and own_sum else amount
        gross = -gross if kind in {LineKind.REFUND, LineKind.CHARGEBACK, LineKind.CANCELLATION} else gross
        net = gross - fee - vat + slip
        texts.append(
            line(
                WORDS[kind],
                gross=gross,
                fee=fee,
                vat=vat,
                net=net,
                day=day,
                at=at,
                terminal=terminal,
                order=order,
                reference=reference,
                approval=approval,
            )
        )
        key = (kind, day, at, terminal, order, reference, approval, gross)
        rule_lines.append(
            Line(
                id=number,
                kind=kind,
                happened_on=day,
                terminal=terminal,
                order_number=order,
                reference=reference,
                approval_code=approval,
                gross=gross,
                fee=fee,
                vat=vat,
                net=net,
                is_repeat=key in seen,
            )
        )
        seen.add(key)
    return texts, rule_lines

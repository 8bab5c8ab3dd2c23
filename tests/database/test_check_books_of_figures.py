"""Figures that differ from payments or books are found and mended, whatever was planted behind everybody's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.check_books import check_books, check_what_ended
from bawabati.flows.rebuild_figures import rebuild_figures
from bawabati.flows.refund_payment import refund_payment
from bawabati.flows.steps.book_checks.of_figures import OF_FIGURES
from bawabati.payments.models import Payment
from bawabati.reports.models import PaidLine
from money_back import asked, paid_payment
from outside import Outside
from paying import ended, start
from people import NADIA, NOON, YACINES_CARD, add_bill

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(days=2, hours=12)
NOW = LATER + 5 * MINUTE
EMPTY = (
    "DELETE FROM reports_dayfigure",
    "DELETE FROM reports_sharefigure",
    "DELETE FROM reports_payersfigure",
    "DELETE FROM reports_lossfigure",
)
PLANTS = {
    "DELETE FROM reports_paidline": {
        "paid_line_not_counted",
        "dayfigure_differs_from_payments",
        "sharefigure_differs_from_payments",
        "payersfigure_differs_from_payments",
    },
    "UPDATE reports_dayfigure SET payers = payers + 1": {"dayfigure_differs_from_payments"},
    "UPDATE reports_sharefigure SET first_payers = 0 WHERE axis = 'hour'": {"sharefigure_differs_from_payments"},
    "UPDATE reports_sharefigure SET centimes = centimes - 1 WHERE axis = 'age'": {"sharefigure_differs_from_payments"},
    "INSERT INTO reports_payersfigure (company_id, span, day, day_before, payers) "
    "SELECT id, 'month', '2026-11-01', '2026-10-01', 1 FROM companies_company": {"payersfigure_differs_from_payments"},
    "DELETE FROM reports_lossfigure": {"lossfigure_differs_from_payments"},
    "UPDATE reports_dayfigure SET centimes = centimes + 1": {
        "dayfigure_differs_from_payments",
        "figures_differ_from_books",
    },
}
Plants = Callable[[str], None]


@pytest.fixture
def plant(behind_the_scenes: psycopg.Connection[Any], outside: Outside, company: Company) -> Plants:
    """A payment, one that went back in part and one that was refused; then a statement that nobody may run."""
    paid_payment(outside, company, add_bill(company, seed=11), key="11", now=LATER)
    back = paid_payment(outside, company, add_bill(company, seed=12), key="12", now=LATER)
    refund = asked(back, 430_50, now=LATER + MINUTE)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER + MINUTE)
    refund_payment(refund_id=refund.id, now=LATER + MINUTE)
    refused = start(company, add_bill(company, seed=13), key="13")
    outside.pay(refused.gateway_reference or "", YACINES_CARD)
    ended(refused)
    assert check_books(now=NOW) == []

    def change(statement: str) -> None:
        with behind_the_scenes.transaction():
            behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
            assert behind_the_scenes.execute(statement.encode()).rowcount > 0

    return change


@pytest.mark.parametrize("statement", PLANTS)
def test_what_is_planted_is_named_and_mended(statement: str, plant: Plants) -> None:
    plant(statement)
    assert {found.check for found in check_books(now=NOW)} == PLANTS[statement]
    assert rebuild_figures() > 0
    assert check_books(now=NOW) == []
    assert rebuild_figures() == 0


def test_every_check_of_figures_has_a_difference_that_it_finds() -> None:
    assert {check.name for check in OF_FIGURES} == set().union(*PLANTS.values())


def test_a_paid_line_that_nobody_counted_is_named_within_the_minute(plant: Plants) -> None:
    assert check_what_ended(since=LATER, now=NOW) == []
    plant("DELETE FROM reports_paidline")
    assert {found.check for found in check_what_ended(since=LATER, now=NOW)} == {"paid_line_not_counted"}


def test_everything_can_be_counted_anew(plant: Plants) -> None:
    for statement in (*EMPTY, "DELETE FROM reports_paidline"):
        plant(statement)
    out = StringIO()
    call_command("rebuild_figures", stdout=out)
    assert "reports_dayfigure: 1\n" in out.getvalue()
    assert PaidLine.objects.count() == Payment.objects.filter(state="paid").count()
    assert check_books(now=NOW) == []
    out = StringIO()
    call_command("rebuild_figures", stdout=out)
    assert out.getvalue() == "Every figure was right.\n"

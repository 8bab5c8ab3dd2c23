"""Number ranges are data; what they teach tells old payments anew, and what was counted moves with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from bawabati.companies.models import Company
from bawabati.flows.approve_refund import approve_refund
from bawabati.flows.check_books import check_books
from bawabati.flows.keep_card_ranges import keep_card_ranges
from bawabati.flows.refund_payment import refund_payment
from bawabati.payments.models import CardRange, Payment
from bawabati.payments.rules.card_families import CardFamily, NumberRange
from bawabati.people.rules import NotAllowed
from bawabati.reports.reads import shares_by_card
from bawabati.reports.rules.board import Period
from money_back import asked, paid_payment
from outside import Outside
from people import NADIA, NOON, OMAR, SALIMA, add_bill

pytestmark = pytest.mark.usefixtures("database")

DUE = 1_430_50
LATER = NOON + timedelta(hours=2)
TODAY = Period(first=NOON.date(), last=NOON.date())


def known(family: CardFamily, first: str = "6280") -> list[NumberRange]:
    return [NumberRange(first=first, last=first, family=family, source="a letter")]


def counted(company: Company) -> dict[str, tuple[int, int, int]]:
    shares = shares_by_card(company_id=company.id, period=TODAY)
    return {share.key: (share.payments, share.net_centimes, share.first_payers) for share in shares if share.payments}


def test_a_payment_has_the_family_that_is_known_when_it_is_paid(outside: Outside, company: Company) -> None:
    keep_card_ranges(ranges=known(CardFamily.CIB), login=OMAR, now=NOON)
    payment = paid_payment(outside, company, add_bill(company, seed=1))
    assert payment.card_family == "cib"
    assert counted(company) == {"cib": (1, DUE, 1)}
    assert check_books(now=LATER) == []


def test_ranges_learned_later_tell_the_past_anew(outside: Outside, company: Company) -> None:
    payment = paid_payment(outside, company, add_bill(company, seed=1))
    refund = asked(payment, 400_00)
    approve_refund(refund_id=refund.id, login=NADIA, now=LATER)
    refund_payment(refund_id=refund.id, now=LATER)
    assert counted(company) == {"": (1, DUE - 400_00, 1)}
    for family in (CardFamily.EDAHABIA, CardFamily.CIB):
        assert keep_card_ranges(ranges=known(family), login=OMAR, now=LATER) == 1
        payment.refresh_from_db()
        assert (payment.card_family, counted(company)) == (family, {family.value: (1, DUE - 400_00, 1)})
        assert keep_card_ranges(ranges=known(family), login=OMAR, now=LATER) == 0
        assert check_books(now=LATER) == []
    assert keep_card_ranges(ranges=[], login=OMAR, now=LATER) == 1
    assert counted(company) == {"": (1, DUE - 400_00, 1)}


def test_a_file_fills_the_table(
    outside: Outside, company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paid_payment(outside, company, add_bill(company, seed=1))
    file = tmp_path / "ranges.csv"
    file.write_text("first,last,family,source\n6280,,CIB,letter of the bank\n", encoding="utf-8")
    call_command("card_ranges", str(file), login=OMAR)
    call_command("card_ranges")
    assert capsys.readouterr().out == (
        "1 ranges are known now; 1 payments belong to another family than before.\n"
        "6280 to 6280: cib (letter of the bank)\n"
    )
    file.write_text("first,last,family\n6280,,visa\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("card_ranges", str(file), login=OMAR)
    assert CardRange.objects.get().family == "cib"


@pytest.mark.usefixtures("company")
def test_only_whoever_keeps_companies_may_say_so() -> None:
    for login in (SALIMA, NADIA, "nobody@oran.example"):
        with pytest.raises(NotAllowed):
            keep_card_ranges(ranges=[], login=login, now=NOON)


def test_nothing_else_of_a_payment_that_has_ended_may_be_told_anew(outside: Outside, company: Company) -> None:
    payment = paid_payment(outside, company, add_bill(company, seed=1))
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Payment.objects.filter(id=payment.id).update(card_family="cib", amount_centimes=1)

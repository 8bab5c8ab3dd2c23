"""The four sources of a day: our payments, our books, the acquirer's file, the bank's credit."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bawabati.companies.models import Company
from bawabati.flows.close_day import close_company_day, see_company_day
from bawabati.flows.settle_difference import take_difference
from bawabati.receipts.models import Receipt
from bawabati.reports.reads import facts_of
from bawabati.reports.rules import NotExplained
from bawabati.settlement.models import Difference
from people import NOON
from settling import TERMINAL, credit, line, received, salima

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
LATER = NOON + timedelta(days=3)
FEE, VAT = 10_00, 1_90
NET = 1_430_50 - FEE - VAT


def filed(folder: Path, company: Company, receipt: Receipt, *, gross: int = 1_430_50) -> None:
    """The acquirer's file of the day shows Amina's payment."""
    payment = receipt.payment
    own = line(
        gross=gross,
        fee=FEE,
        vat=VAT,
        day=TODAY,
        terminal=TERMINAL,
        order=payment.order_number,
        reference=payment.gateway_reference or "",
        approval=payment.approval_code,
        remittance="R7",
        value_on=TODAY + timedelta(days=1),
    )
    received(folder, company, [own], name=f"SATIM_1_{TODAY:%Y%m%d}.csv", now=LATER)


def credited(folder: Path, company: Company, centimes: int = NET) -> None:
    entry = credit(centimes, reference="R7", label="REMISE CARTES R7", day=TODAY + timedelta(days=1))
    received(folder, company, [entry], profile="bank", now=LATER)


def keys(company: Company, day: date = TODAY) -> dict[str, int]:
    seen = see_company_day(company_id=company.id, day=day)
    return {one.key.partition(":")[0]: one.amount_centimes for one in seen.differences}


def test_without_file_and_statement_the_day_waits_for_somebody_who_sees_to_it(
    company: Company, receipt: Receipt
) -> None:
    assert receipt
    assert keys(company) == {"files": -1_430_50}


def test_a_file_without_the_banks_credit_leaves_the_bank_to_be_explained(
    company: Company, receipt: Receipt, tmp_path: Path
) -> None:
    filed(tmp_path, company, receipt)
    left = keys(company)
    assert left.pop("bank") == -NET
    assert "files" not in left


def test_when_all_four_agree_nobody_has_to_be_named(company: Company, receipt: Receipt, tmp_path: Path) -> None:
    filed(tmp_path, company, receipt)
    credited(tmp_path, company)
    open_items = Difference.objects.exclude(state="ended").exclude(kind__in=["fee_differs", "vat_differs"])
    assert not open_items.exists()
    for item in Difference.objects.exclude(state="ended"):
        take_difference(company_id=company.id, difference_id=item.id, staff=salima(), now=LATER)
    facts = facts_of(close_company_day(company_id=company.id, day=TODAY, staff=salima(), owners={}, now=LATER))
    (web,) = facts.filed
    assert (web.channel, web.count, web.gross_centimes, web.net_centimes) == ("web", 1, 1_430_50, NET)
    (bank,) = facts.credited
    assert (bank.centimes, bank.remitted_centimes) == (NET, NET)
    assert {one.kind for one in facts.differences} <= {"settlement_difference"}


def test_an_item_of_settlement_keeps_the_day_open_until_somebody_takes_it_there(
    company: Company, receipt: Receipt, tmp_path: Path
) -> None:
    company.surplus_owner_login = ""
    company.save()
    filed(tmp_path, company, receipt, gross=1_430_00)
    seen = see_company_day(company_id=company.id, day=TODAY)
    owners = {one.key: salima().login for one in seen.unowned}
    with pytest.raises(NotExplained):
        close_company_day(company_id=company.id, day=TODAY, staff=salima(), owners=owners, now=LATER)
    for item in Difference.objects.exclude(state="ended"):
        take_difference(company_id=company.id, difference_id=item.id, staff=salima(), now=LATER)
    closing = close_company_day(company_id=company.id, day=TODAY, staff=salima(), owners=owners, now=LATER)
    kinds = {one.about for one in facts_of(closing).differences if one.kind == "settlement_difference"}
    assert "amount_differs" in kinds
    assert {one.owner for one in facts_of(closing).differences} == {"Salima"}

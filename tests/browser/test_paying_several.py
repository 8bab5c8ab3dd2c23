"""Paying three bills at once, and a part of what is due, on a phone, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.payments.models import Payment
from browser.walking import AT_THE_RECEIPT, Walk, barriers, overflow
from people import AMINAS_CARD, add_arrears

ARREARS = (1_000_00, 600_00, 1_430_50)


@pytest.fixture
def arrears(company: Company) -> list[Bill]:
    company.allows_part_payment = company.offers_other_bills = True
    company.save()
    return add_arrears(company, *ARREARS)


def settled(bills: list[Bill]) -> list[int]:
    return [Bill.objects.get(id=bill.id).settled_centimes for bill in bills]


def look(walk: Walk) -> None:
    assert overflow(walk.page) <= 0, walk.page.url
    assert barriers(walk.page) == [], walk.page.url


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_amina_pays_all_three_of_her_bills_at_once(
    walk: Callable[..., Walk], arrears: list[Bill], language: str
) -> None:
    amina = walk(language=language)
    amina.arrive()
    amina.find(arrears[-1])
    look(amina)
    amina.choose(bills=3)
    look(amina)
    amina.confirm()
    amina.leave()
    amina.give_card(AMINAS_CARD)
    amina.give_code()
    expect(amina.page).to_have_url(AT_THE_RECEIPT)
    look(amina)
    for bill in arrears:
        assert bill.payment_number in amina.text()
    assert settled(arrears) == list(ARREARS)
    assert Payment.objects.get().amount_centimes == sum(ARREARS)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_karim_pays_a_part_without_scripts_after_one_that_was_too_small(
    walk: Callable[..., Walk], arrears: list[Bill], language: str
) -> None:
    karim = walk(language=language, javascript=False)
    karim.arrive()
    karim.find(arrears[-1])
    karim.choose(bills=3, amount="1590")
    expect(karim.page.locator("#amount-error")).to_be_visible()
    assert overflow(karim.page) <= 0
    expect(karim.page.locator("[name=bills][value='3']")).to_be_checked()
    karim.page.locator("#amount").fill("1200")
    karim.page.locator("main form button:visible").last.click()
    assert overflow(karim.page) <= 0
    assert "1 830,50" in karim.text().replace("\u00a0", " ")
    karim.confirm()
    karim.leave()
    karim.give_card(AMINAS_CARD)
    karim.give_code()
    expect(karim.page).to_have_url(AT_THE_RECEIPT)
    assert "400,00" in karim.text()
    assert settled(arrears) == [1_000_00, 200_00, 0]

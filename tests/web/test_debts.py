"""A debt found without the paper, its bills ticked one by one, and paid: from the customer number to the receipt."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bawabati.bills.models import Bill, DebtRules
from bawabati.bills.rules import MOST_SHARING
from bawabati.companies.models import Company
from bawabati.guard.models import Counter as Tally
from bawabati.links import Purpose, link_token
from bawabati.money.amount import Money
from bawabati.payments.models import Payment, PaymentLine
from debtors import ask, offer, offer_instalments_at
from payers import Page, Payer, filled, words
from people import add_arrears, add_bill

pytestmark = pytest.mark.usefixtures("collected")

ARREARS = (1_000_00, 600_00, 1_430_50)
CARD = "6280581110007215"
NUMBER = "C000100"


@pytest.fixture
def arrears(company: Company) -> list[Bill]:
    Company.objects.update(allows_part_payment=True)
    DebtRules.objects.create(company=company, lookup_factor="bill_amount")
    return add_arrears(company, *ARREARS)


def look_up(payer: Payer, number: str = NUMBER, factor: str = "1000,00", **more: str) -> Page:
    return payer.client.post(f"/{payer.language}/oran/debts/", {"number": number, "factor": factor} | more)


def list_address(payer: Payer) -> str:
    found = look_up(payer)
    assert found.status_code == 303, words(found)
    return str(found.headers["Location"])


def test_the_customer_number_and_an_amount_open_the_list(arrears: list[Bill]) -> None:
    page = Payer("fr").get(list_address(Payer("fr")))
    text = words(page)
    assert "A. B." in text
    assert "Amina" not in text
    assert NUMBER not in text
    assert page.content.decode().count('type="checkbox"') == len(arrears)
    assert page.content.decode().count("checked") == len(arrears)


@pytest.mark.parametrize(("number", "factor"), [("C999999", "1000,00"), (NUMBER, "1000,01"), ("C000777", "700,00")])
def test_unknown_and_wrong_and_withdrawn_get_the_same_answer(arrears: list[Bill], number: str, factor: str) -> None:
    add_bill(arrears[0].company, seed=777, due_centimes=700_00, status="withdrawn", customer_number="C000777")
    answer = look_up(Payer("fr"), number, factor)
    assert answer.status_code == 422
    text = re.sub(r'value="[^"]*"', "", answer.content.decode())
    assert "rien trouvé" in text
    assert look_up(Payer("fr"), "C888888", "1,00").status_code == 422


def test_misses_ask_for_a_captcha_by_customer_number_whoever_comes(arrears: list[Bill]) -> None:
    for _ in range(3):
        assert look_up(Payer("fr"), factor="1,00").status_code == 422
    from_elsewhere = Payer("fr")
    from_elsewhere.client.defaults["REMOTE_ADDR"] = "41.200.9.9"
    assert look_up(from_elsewhere, factor="1000,00").status_code == 429
    assert not [key for key in Tally.objects.values_list("key", flat=True) if NUMBER in str(key)]
    assert arrears


def test_a_card_number_is_refused_and_not_given_back(arrears: list[Bill]) -> None:
    for answer in (look_up(Payer("fr"), CARD), look_up(Payer("fr"), factor=CARD)):
        assert answer.status_code == 422
        assert CARD not in answer.content.decode()
    assert arrears


def test_a_company_that_has_set_nothing_finds_nothing_without_the_paper(company: Company) -> None:
    assert Payer("fr").get("/fr/oran/debts/").status_code == 409
    assert "numéro de client" not in words(Payer("fr").get("/fr/oran/pay/"))
    assert company.id


def test_a_weak_second_value_asks_for_a_captcha_at_once(arrears: list[Bill]) -> None:
    DebtRules.objects.update(lookup_factor="name_letters")
    page = Payer("fr").get("/fr/oran/debts/")
    assert "captcha" in page.content.decode()
    assert look_up(Payer("fr"), factor="Bena").status_code == 429
    from payers import solved  # noqa: PLC0415

    found = look_up(Payer("fr"), factor="bena", **solved(page))
    assert found.status_code == 303, words(found)
    assert arrears


def test_an_older_number_opens_the_list(arrears: list[Bill]) -> None:
    DebtRules.objects.update(lookup_factor="older_number")
    assert look_up(Payer("fr"), factor=arrears[0].payment_number).status_code == 303
    assert look_up(Payer("fr"), factor=arrears[0].payment_number[::-1]).status_code == 422


def test_ticked_bills_are_paid_together_and_shown_as_being_paid(open_company: Company) -> None:
    DebtRules.objects.create(company=open_company, lookup_factor="bill_amount")
    oldest, _, latest = add_arrears(open_company, *ARREARS)
    payer = Payer("fr")
    address = list_address(payer)
    chosen = payer.client.post(address, {"bill": [oldest.id, latest.id], "go": "1"})
    assert chosen.status_code == 303, words(chosen)
    review = payer.get(str(chosen.headers["Location"]))
    assert "2 430,50" in words(review)
    started = payer.client.post(str(chosen.headers["Location"]), filled(review))
    assert started.status_code == 303, words(started)
    assert Payment.objects.get().amount_centimes == 2_430_50
    assert set(PaymentLine.objects.values_list("bill_id", flat=True)) == {oldest.id, latest.id}
    again = payer.get(address)
    assert words(again).count("en cours de paiement") > 2
    assert again.content.decode().count("disabled") == 2
    assert payer.client.post(address, {"bill": [oldest.id], "go": "1"}).status_code == 422


def test_a_part_pays_the_oldest_first(arrears: list[Bill]) -> None:
    payer = Payer("fr")
    ticked = {"bill": [bill.id for bill in arrears], "amount": "1200", "go": "1"}
    chosen = payer.client.post(list_address(payer), ticked)
    assert chosen.status_code == 303, words(chosen)
    started = payer.client.post(str(chosen.headers["Location"]), filled(payer.get(str(chosen.headers["Location"]))))
    assert started.status_code == 303, words(started)
    assert list(PaymentLine.objects.order_by("bill__due_on").values_list("amount_centimes", flat=True)) == [
        1_000_00,
        200_00,
    ]


def test_adding_up_shows_the_sum_and_keeps_the_ticks(arrears: list[Bill]) -> None:
    payer = Payer("fr")
    page = payer.client.post(list_address(payer), {"bill": [arrears[1].id], "add_up": "1"})
    assert page.status_code == 200
    assert "600,00 DA" in words(page)
    assert page.content.decode().count("checked") == 1


def test_a_company_may_ask_for_the_oldest_first(arrears: list[Bill]) -> None:
    DebtRules.objects.update(oldest_first_only=True)
    payer = Payer("fr")
    refused = payer.client.post(list_address(payer), {"bill": [arrears[2].id], "go": "1"})
    assert refused.status_code == 422
    assert "plus anciennes" in words(refused)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"bill": ["999999999"]}, {"bill": ["x", "-1"]}, {"bill": ["1"], "amount": CARD}])
def test_what_cannot_be_ticked_is_said(arrears: list[Bill], sent: dict[str, object]) -> None:
    refused = Payer("fr").client.post(list_address(Payer("fr")), {"go": "1"} | sent)
    assert refused.status_code == 422
    assert CARD not in refused.content.decode()
    assert arrears


def test_bills_of_another_customer_cannot_be_ticked(arrears: list[Bill]) -> None:
    other = add_bill(arrears[0].company, seed=5)
    payer = Payer("fr")
    address = list_address(payer)
    assert payer.client.post(address, {"bill": [other.id], "go": "1"}).status_code == 422
    assert payer.get(f"{address}pay/{other.id}/").status_code == 422
    assert payer.get(f"{address}pay/nonsense/").status_code == 404


def test_the_link_opens_no_other_company_and_not_for_ever(arrears: list[Bill]) -> None:
    address = list_address(Payer("fr"))
    assert Payer("fr").get(address[:-2] + "x/").status_code == 404
    assert arrears


def test_from_a_bill_to_all_of_them_where_the_company_offers_it(arrears: list[Bill]) -> None:
    payer = Payer("fr")
    address = payer.bill_address(arrears[0])
    assert payer.get(f"{address}debts/").status_code == 404
    Company.objects.update(offers_other_bills=True)
    led = payer.get(f"{address}debts/")
    assert led.status_code == 303
    assert payer.get(str(led.headers["Location"])).status_code == 200


def test_instalments_are_asked_for_and_the_page_says_how_they_stand(arrears: list[Bill]) -> None:
    offer_instalments_at(arrears[0].company, lookup_factor="bill_amount")
    now = datetime.now(UTC)
    from bawabati.companies.models import CompanyText  # noqa: PLC0415

    assert CompanyText.objects.filter(kind="instalment_terms", effective_at__lt=now).exists()
    payer = Payer("fr")
    address = list_address(payer)
    assert "échéancier" in words(payer.get(address)).lower()
    form = payer.get(f"{address}instalments/")
    assert form.status_code == 200, words(form)
    sent = {
        "key": _hidden(form, "key"),
        "debt": _hidden(form, "debt"),
        "terms": _hidden(form, "terms"),
        "tranches": "3",
        "first": "1000",
        "email": "amina@example.com",
        "ask": "1",
    }
    refused = payer.client.post(f"{address}instalments/", sent)
    assert refused.status_code == 422
    assert "amina@example.com" in refused.content.decode()
    kept = payer.client.post(f"{address}instalments/", sent | {"accept": "yes"})
    assert kept.status_code == 303, words(kept)
    page = payer.get(str(kept.headers["Location"]))
    assert page.status_code == 200
    again = payer.client.post(f"{address}instalments/", sent | {"accept": "yes"})
    assert again.headers["Location"] == kept.headers["Location"]
    shown_again = payer.client.post(f"{address}instalments/", {"key": sent["key"], "show": "1"})
    assert shown_again.headers["Location"] == kept.headers["Location"]


def test_who_finds_a_debt_is_not_led_to_what_another_has_asked_for(arrears: list[Bill]) -> None:
    offer_instalments_at(arrears[0].company, lookup_factor="bill_amount")
    agreement = ask(arrears[0].company, arrears, email="amina@example.com")
    secret = link_token(Purpose.AGREEMENT, agreement.id)
    other = Payer("fr")
    address = list_address(other)
    form = {"accept": "yes", "ask": "1", "debt": "303050", "terms": str(agreement.terms_id), "tranches": "3"}
    for page in (
        other.get(address),
        other.get(f"{address}instalments/"),
        other.client.post(f"{address}instalments/", form | {"first": "1600"}),
        other.client.post(f"{address}instalments/", form | {"first": "1600", "key": "x" * 32}),
        other.client.post(f"{address}instalments/", form | {"first": "1600", "key": ""}),
    ):
        assert page.status_code in {200, 409}
        assert "échéancier" in words(page).lower()
        assert secret not in page.content.decode()
        assert "amina@example.com" not in page.content.decode()


def test_the_page_of_an_offer_shows_the_sum_of_today_and_accepts_that_one(arrears: list[Bill]) -> None:
    company = arrears[0].company
    offer_instalments_at(company, lookup_factor="bill_amount")
    agreement = ask(company, arrears)
    offer(agreement, first=Money.dinars(1_600), seen_debt=Money(3_030_50), now=datetime.now(UTC))
    payer = Payer("fr")
    address = f"/fr/instalments/{link_token(Purpose.AGREEMENT, agreement.id)}/"
    old = payer.get(address)
    assert 'value="accept"' in old.content.decode()
    Bill.objects.filter(id=arrears[0].id).update(settled_centimes=1_000_00, settled_at=datetime.now(UTC))
    stale = {"act": "accept", "seen": _hidden(old, "seen"), "debt": _hidden(old, "debt")}
    refused = payer.client.post(address, stale)
    assert refused.status_code == 409
    assert "2 030,50 DA" in words(refused)
    add_bill(company, seed=900, due_centimes=2_000_00, customer_number=NUMBER)
    grown = payer.get(address)
    assert "4 030,50 DA" in words(grown)
    assert 'value="accept"' not in grown.content.decode()
    again = {"act": "ask_again", "seen": _hidden(grown, "seen"), "debt": _hidden(grown, "debt")}
    assert payer.client.post(address, again).status_code == 303
    agreement.refresh_from_db()
    assert (agreement.state, agreement.total_centimes) == ("asked", 4_030_50)
    Bill.objects.filter(company=company).update(status="cancelled")
    assert "Plus rien n'est dû" in words(payer.get(address))


def test_an_amount_that_many_share_is_said_beside_the_field(arrears: list[Bill]) -> None:
    for seed in range(MOST_SHARING):
        add_bill(arrears[0].company, seed=500 + seed, due_centimes=1_000_00)
    answer = look_up(Payer("fr"))
    assert answer.status_code == 422
    assert "Beaucoup de factures" in words(answer)
    assert look_up(Payer("fr"), factor="600").status_code == 303


def _hidden(page: Page, name: str) -> str:
    match = re.search(rf'name="{name}"\s+value="([^"]*)"', page.content.decode())
    assert match is not None
    return match[1]

"""The code of a campaign goes with the payer from the poster to the attempt, and nothing else goes with it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.campaigns.models import StepCount
from bawabati.companies.models import Company
from bawabati.payments.models import Payment
from campaigning import add_code
from outside import Outside
from payers import FormClient, Payer, filled, links
from people import YACINES_CARD, add_bill, add_company

pytestmark = pytest.mark.usefixtures("collected")

PHONE = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/110 Mobile Safari/537.36"
CARD = "6280581110007215"


class Reader(Payer):
    """Amina with a telephone that says what it is. Whatever she opens first, she opens from elsewhere."""

    def __init__(self, *, agent: str = PHONE) -> None:
        super().__init__(client=FormClient(headers={"Sec-Fetch-Site": "none", "User-Agent": agent}))


def steps(code: str | None = None) -> dict[str, int]:
    rows = StepCount.objects.filter(counted_on=timezone.localdate())
    found: dict[str, int] = {}
    for row in rows if code is None else rows.filter(code=code):
        found[row.step] = found.get(row.step, 0) + row.count
    return found


def test_from_the_short_address_to_the_attempt(open_company: Company, open_bill: Bill, outside: Outside) -> None:
    add_code(open_company)
    amina = Reader()
    door = amina.get("/k/rm473")
    assert door.status_code == 302
    assert door.headers["Location"] == "/ar/oran/pay/?c=RM473"
    assert not door.cookies
    page = amina.get(door.headers["Location"])
    assert 'action="/ar/oran/pay/?c=RM473"' in page.content.decode()
    found = amina.client.post("/ar/oran/pay/?c=RM473", {"number": open_bill.payment_number})
    bill = found.headers["Location"]
    assert bill.endswith("/?c=RM473")
    review = next(link for link in links(amina.get(bill)) if "/bill/" in link and "/pay/" in link)
    assert review.endswith("/?c=RM473")
    started = amina.client.post(review, filled(amina.get(review)))
    assert started.status_code == 303
    payment = Payment.objects.get()
    assert payment.campaign_code == "RM473"
    assert steps() == {"visit": 1, "look_up": 1, "found": 1, "review": 1, "left_for_bank": 1}
    assert steps("RM473") == steps()
    assert payment.gateway_reference is not None
    outside.pay(payment.gateway_reference, YACINES_CARD)
    back = amina.get(f"{started.headers['Location']}back/")
    again = amina.get(back.headers["Location"]) if back.status_code == 303 else back
    assert any(link.endswith("/?c=RM473") for link in links(again) if "/bill/" in link)


def test_every_link_of_ours_keeps_the_code(company: Company, bill: Bill) -> None:
    amina = Reader()
    found = amina.client.post("/ar/oran/pay/?c=RM473", {"number": bill.payment_number})
    pages = ["/ar/oran/", "/fr/oran/pay/", "/ar/oran/agencies/", "/ar/oran/contact/", "/ar/oran/text/help/"]
    pages += [found.headers["Location"].partition("?")[0], f"/ar/q/oran/{bill.payment_number}/"]
    for address in pages:
        page = amina.get(f"{address}?c=rm-473")
        ours = [link for link in links(page) if link.startswith("/") and "/static/" not in link]
        assert ours
        assert [link for link in ours if not link.endswith("?c=RM473")] == [], address
    assert company.code == "oran"


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    "typed", [CARD, f"{CARD[:4]} {CARD[4:]}", "00000000000097", "<script>", "RM473'--", "x" * 5000]
)
def test_what_is_no_code_travels_nowhere(typed: str) -> None:
    page = Reader().client.get("/ar/oran/pay/", {"c": typed})
    assert page.status_code == 200
    assert "?c=" not in page.content.decode()
    assert typed not in page.content.decode()
    assert steps("") == {"visit": 1}


def test_an_unknown_or_ended_code_is_no_error_and_brings_nothing(open_company: Company, open_bill: Bill) -> None:
    add_code(open_company, ended_at=timezone.now())
    amina = Reader()
    assert amina.get("/k/RM473").headers["Location"] == "/ar/oran/pay/"
    assert amina.get("/k/XX999").headers["Location"] == "/ar/"
    assert amina.get(f"/k/{CARD}").headers["Location"] == "/ar/"
    bill = amina.client.post("/ar/oran/pay/?c=RM473", {"number": open_bill.payment_number}).headers["Location"]
    review = next(link for link in links(amina.get(bill)) if "/bill/" in link and "/pay/" in link)
    assert amina.client.post(review, filled(amina.get(review))).status_code == 303
    assert Payment.objects.get().campaign_code == ""
    assert steps() == steps("") == {"look_up": 1, "found": 1, "review": 1, "left_for_bank": 1}


def test_another_companys_code_brings_nothing_here(company: Company) -> None:
    add_code(add_company("setif"))
    amina = Reader()
    assert amina.get(f"/ar/{company.code}/?c=RM473").status_code == 200
    assert steps("") == {"visit": 1}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    "agent",
    [
        "",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0 A",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "curl/8.5.0",
    ],
)
def test_machines_are_not_counted(agent: str) -> None:
    assert Reader(agent=agent).get("/ar/oran/pay/?c=RM473").status_code == 200
    assert steps() == {}


@pytest.mark.usefixtures("company")
def test_a_page_read_ahead_or_opened_from_our_own_is_no_visit() -> None:
    amina = Reader()
    amina.get("/ar/oran/", **{"Sec-Purpose": "prefetch;prerender"})
    amina.get("/ar/oran/", **{"Sec-Fetch-Site": "same-origin"})
    amina.client.head("/ar/oran/")
    old = FormClient(headers={"User-Agent": PHONE, "Referer": "http://testserver/"})
    old.get("/ar/oran/pay/")
    assert steps() == {}
    FormClient(headers={"User-Agent": PHONE, "Referer": "https://social.example/"}).get("/ar/oran/pay/")
    assert steps() == {"visit": 1}


def test_a_number_that_nobody_has_is_a_look_up(company: Company, bill: Bill) -> None:
    amina = Reader()
    gone = add_bill(company, seed=9, status="withdrawn")
    assert amina.find(gone).status_code == 422
    assert amina.find("12").status_code == 422
    assert amina.find(CARD).status_code == 422
    assert steps() == {"look_up": 1}
    assert amina.find(bill).status_code == 303
    assert steps() == {"look_up": 2, "found": 1}

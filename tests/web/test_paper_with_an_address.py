"""Who has lost the address of his instalments gets it again on paper, from whoever may decide them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
import segno
from django.test import Client

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Agreement
from bawabati.companies.models import Company
from bawabati.flows.ask_instalments import take_back_wish
from bawabati.links import agreement_address
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from debtors import ask, offer, offer_instalments_at
from payers import FormClient, Payer, words
from people import NOON, SALIMA, add_arrears, add_company
from staff import add_person, signed_in

if TYPE_CHECKING:
    from payers import Page

pytestmark = pytest.mark.usefixtures("collected")
ACT = "give_agreement_address"


@pytest.fixture
def offered(company: Company) -> Agreement:
    """Amina left no e-mail and no phone, and the company has offered her something."""
    offer_instalments_at(company)
    agreement = ask(company, add_arrears(company, 1_000_00, 2_000_00), now=NOON)
    offer(agreement, first=Money.dinars(1_600))
    agreement.refresh_from_db()
    return agreement


@pytest.fixture
def salima(offered: Agreement) -> Client:
    assert offered.company_id
    return signed_in(Staff.objects.get(login=SALIMA), client=FormClient())


def here(agreement: Agreement) -> str:
    return f"/fr/office/instalments/{agreement.id}/"


def address_on(page: Page) -> str:
    found = re.search(r'class="address">\s*<bdi dir="ltr">([^<]+)<wbr>([^<]+)</bdi>', page.content.decode())
    assert found is not None
    return unescape(found[1] + found[2])


def picture_of(address: str) -> str:
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", ("مؤسسة", "تقترح عليك المؤسسة", "احتفظ بهذه الورقة كما تحتفظ بمفتاح")),
        ("fr", ("Accord", "L'entreprise vous propose autre chose", "Gardez ce papier comme une clé")),
        ("en", ("Agreement", "The company offers you something else", "Keep this paper as you keep a key")),
    ],
)
def test_the_paper_leads_to_the_page_of_its_payer(
    salima: Client, offered: Agreement, language: str, said: tuple[str, ...]
) -> None:
    page = salima.post(f"{here(offered)}paper/", {"in": language})
    text = words(page)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert all(sentence in text for sentence in said), text
    assert str(offered.id) in text
    assert "Vérifiez d'abord l'identité" in text
    address = address_on(page)
    assert address == agreement_address(offered.id, host_name="", language=language)
    assert picture_of(address) in unescape(page.content.decode())
    opened = Payer(language).get("/" + address.split("/", 3)[3])
    assert 'value="accept"' in opened.content.decode()


def test_the_company_and_its_own_host_stand_on_the_paper(salima: Client, offered: Agreement, company: Company) -> None:
    Company.objects.filter(id=company.id).update(host_name="eau.oran.example")
    page = salima.post(f"{here(offered)}paper/", {"in": "fr"})
    assert company.name_fr in words(page)
    assert address_on(page).startswith("http://eau.oran.example")


def test_that_it_was_opened_is_written_down_each_time_and_the_secret_nowhere(
    salima: Client, offered: Agreement, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = agreement_address(offered.id, host_name="", language="ar").split("/")[-2]
    for _ in range(2):
        assert secret in salima.post(f"{here(offered)}paper/", {"in": "ar"}).content.decode()
    entries = AuditEntry.objects.filter(action=ACT)
    once = (SALIMA, f"agreement:{offered.id}", {"state": "offered", "language": "ar"})
    assert list(entries.values_list("staff__login", "target", "details")) == [once, once]
    logged = "".join(capfd.readouterr())
    assert ACT in logged
    assert secret not in logged
    assert secret not in salima.get(here(offered)).content.decode()


def test_nothing_but_the_form_opens_it(salima: Client, offered: Agreement) -> None:
    looked = salima.get(f"{here(offered)}paper/?in=fr")
    assert (looked.status_code, looked.headers["Location"]) == (303, here(offered))
    assert salima.post(f"{here(offered)}paper/", {"in": "de"}).status_code == 404
    assert not AuditEntry.objects.filter(action=ACT).exists()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.COMMUNICATION])
def test_who_does_not_decide_instalments_gets_no_paper(offered: Agreement, company: Company, role: Role) -> None:
    client = signed_in(add_person("n@oran.example", role, company=company), client=FormClient())
    assert client.post(f"{here(offered)}paper/", {"in": "fr"}).status_code == 403
    assert "/paper/" not in client.get(here(offered)).content.decode()
    assert not AuditEntry.objects.filter(action=ACT).exists()


def test_another_company_finds_no_such_agreement(offered: Agreement) -> None:
    other = add_person("f@tafna.example", Role.FINANCE, company=add_company("tafna"))
    client = signed_in(other, client=FormClient())
    for answer in (client.post(f"{here(offered)}paper/", {"in": "fr"}), client.get(f"{here(offered)}paper/")):
        assert answer.status_code == 404
    assert not AuditEntry.objects.filter(action=ACT).exists()


def test_what_has_ended_still_has_its_page_and_its_paper(salima: Client, offered: Agreement) -> None:
    take_back_wish(agreement_id=offered.id, seen_events=offered.event_count, now=NOON)
    text = words(salima.post(f"{here(offered)}paper/", {"in": "fr"}))
    assert "comment votre échéancier a pris fin" in text
    assert "ce que vous deviez" in text
    assert AuditEntry.objects.get(action=ACT).details == {"state": "taken_back", "language": "fr"}

"""The communication officer makes a campaign, prints its posters, and sees what each medium brought."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pymupdf
import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.rules import Medium, Step
from bawabati.flows.count_steps import count_steps
from bawabati.people.rules import Role
from campaigning import add_code
from payers import FormClient, words
from people import OMAR, add_company
from staff import add_agency, add_person, signed_in

if TYPE_CHECKING:
    from bawabati.companies.models import Company

pytestmark = pytest.mark.usefixtures("collected")
CAMPAIGNS = "/fr/office/campaigns/"
CARD = "6280581110007215"


@pytest.fixture
def meriem(company: Company) -> Client:
    return signed_in(add_person("meriem@oran.example", Role.COMMUNICATION, company=company), client=FormClient())


def make(client: Client, **changes: Any) -> Any:  # noqa: ANN401 - a response
    said = {"name": "Lancement", "begins_on": "2026-11-01", "ends_on": "", "note": "", "media": ["radio", "press"]}
    return client.post(f"{CAMPAIGNS}add/", said | changes)


def visits(company: Company, code: str, count: int) -> None:
    for _ in range(count):
        count_steps(company_id=company.id, steps=[Step.VISIT], code=code, now=timezone.now())


def test_a_campaign_is_made_with_a_code_for_each_medium_and_agency(meriem: Client, company: Company) -> None:
    here, closed = add_agency(company, "A1"), add_agency(company, "A2")
    closed.is_open = False
    closed.save()
    made = make(meriem, every_agency="yes", medium="sms", agency=str(here.id))
    campaign = Campaign.objects.get()
    assert made.status_code == 303
    assert made["Location"] == f"{CAMPAIGNS}{campaign.id}/"
    rows = CampaignCode.objects.values_list("medium", "agency_id")
    assert set(rows) == {("radio", None), ("press", None), ("agency_poster", here.id), ("sms", here.id)}
    page = words(meriem.get(made["Location"]))
    for row in CampaignCode.objects.all():
        assert row.code in page
    assert "Lancement" in words(meriem.get(CAMPAIGNS))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": ""}, "Donnez un nom"),
        ({"begins_on": "demain"}, "Donnez un jour"),
        ({"ends_on": "2020-01-01"}, "précède le premier"),
        ({"media": []}, "au moins un support"),
        ({"note": f"carte {CARD}"}, "carte"),
        ({"name": CARD}, "carte"),
    ],
)
def test_what_is_wrong_is_said_and_what_is_good_is_kept(meriem: Client, changes: dict[str, Any], word: str) -> None:
    answer = make(meriem, **changes)
    assert answer.status_code == 422
    assert word in words(answer)
    html = answer.content.decode()
    assert CARD not in html
    if "name" not in changes:
        assert 'value="Lancement"' in html
    assert not Campaign.objects.exists()


def test_it_is_changed_given_media_ended_and_opened_again(meriem: Client, company: Company) -> None:
    make(meriem)
    campaign = Campaign.objects.get()
    here = f"{CAMPAIGNS}{campaign.id}/"
    said = {"name": "Été", "begins_on": "2026-11-01", "ends_on": "2027-01-31", "note": "à la radio"}
    assert meriem.post(f"{here}describe/", said).status_code == 303
    assert "Été" in words(meriem.get(here))
    assert meriem.post(f"{here}media/", {"media": ["radio", "sms"]}).status_code == 303
    assert CampaignCode.objects.count() == 3
    assert meriem.post(f"{here}media/", {}).status_code == 422
    meriem.post(f"{here}over/", {"act": "end"})
    assert "terminée" in words(meriem.get(here))
    meriem.post(f"{here}over/", {"act": "reopen"})
    assert "terminée" not in words(meriem.get(here))
    assert company.code == "oran"


def test_small_counts_are_hidden_on_the_page_and_in_the_files(meriem: Client, company: Company) -> None:
    radio = add_code(company, "RM473", begins_on=timezone.localdate())
    add_code(company, "RM474", medium=Medium.PRESS)
    add_code(company, "RM475", medium=Medium.SMS)
    for code, count in (("RM473", 12), ("RM474", 2), ("RM475", 7)):
        visits(company, code, count)
    here = f"{CAMPAIGNS}{radio.campaign_id}/"
    page = meriem.get(here).content.decode()
    rows = {code: counts_of(page, code) for code in ("RM473", "RM474", "RM475")}
    assert rows == {"RM473": "12", "RM474": "masqué", "RM475": "masqué"}
    written = meriem.get(f"{here}?as=csv").getvalue().decode("utf-8-sig")
    assert re.search(r";RM473;12;", written)
    assert re.search(r";RM474;masqué;", written)
    book = CalamineWorkbook.from_filelike(BytesIO(meriem.get(f"{here}?as=xlsx").getvalue()))
    cells = book.get_sheet_by_index(0).to_python()
    assert [(row[4], row[5]) for row in cells[1:]] == [("RM474", "masqué"), ("RM473", 12), ("RM475", "masqué")]
    assert ">2<" not in page
    of_a_day = meriem.get(f"{here}?code=RM474").content.decode()
    assert "Presse" in of_a_day
    assert ">2<" not in of_a_day


def counts_of(page: str, code: str) -> str:
    """The visits that stand beside a code."""
    row = page.partition(f">{code}</a>")[2].partition("</tr>")[0]
    cell = row.partition('<td class="sum-of">')[2].partition("</td>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", cell.replace(">•<", "><")).split())


def test_a_code_has_its_address_its_papers_and_words_for_an_sms(meriem: Client, company: Company) -> None:
    row = add_code(company, "RM473")
    here = f"{CAMPAIGNS}codes/{row.id}/"
    page = words(meriem.get(here))
    assert "127.0.0.1:8000/k/RM473" in page
    assert "SMS à payer : 1." in page
    for form in ("a3", "a4", "a6", "cards"):
        made = meriem.get(f"{here}paper/?paper={form}&in=ar")
        assert made["Content-Type"] == "application/pdf"
        assert f'filename="RM473-{form}-ar.pdf"' in made["Content-Disposition"]
        assert pymupdf.open(stream=made.content).page_count == 1
    assert meriem.get(f"{here}qr/?as=svg").content.startswith(b"<?xml")
    assert meriem.get(f"{here}qr/?as=png").content.startswith(b"\x89PNG")
    for wrong in ("paper/?paper=a5", "paper/?in=de", "qr/?as=exe"):
        assert meriem.get(here + wrong).status_code == 404


def test_a_cost_is_kept_and_what_is_no_amount_is_said(meriem: Client, company: Company) -> None:
    row = add_code(company, "RM473")
    here = f"{CAMPAIGNS}codes/{row.id}/"
    assert meriem.post(here, {"cost": "150 000,50"}).status_code == 303
    row.refresh_from_db()
    assert row.cost_centimes == 150_000_50
    for wrong in ("beaucoup", "-5", CARD):
        answer = meriem.post(here, {"cost": wrong})
        assert answer.status_code == 422
        assert CARD not in answer.content.decode()
    assert meriem.post(here, {"cost": ""}).status_code == 303
    row.refresh_from_db()
    assert row.cost_centimes is None


def test_the_director_sees_and_changes_nothing_and_others_do_not_see(meriem: Client, company: Company) -> None:
    row = add_code(company, "RM473")
    nadia = signed_in(add_person("n@oran.example", Role.DIRECTOR, company=company), client=FormClient())
    here = f"{CAMPAIGNS}{row.campaign_id}/"
    page = nadia.get(here)
    assert page.status_code == 200
    assert "campaigns/" not in "".join(re.findall(r'<form[^>]*action="([^"]*)"', page.content.decode()))
    for address in (f"{CAMPAIGNS}add/", f"{here}describe/", f"{here}media/", f"{here}over/"):
        assert nadia.post(address, {"name": "x"}).status_code == 403
    assert nadia.post(f"{CAMPAIGNS}codes/{row.id}/", {"cost": "5"}).status_code == 422
    row.refresh_from_db()
    assert row.cost_centimes is None
    cashier = signed_in(add_person("c@oran.example", Role.CASHIER, company=company), client=FormClient())
    assert cashier.get(here).status_code == 403
    elsewhere = add_code(add_company("setif"), "RM499")
    assert meriem.get(f"{CAMPAIGNS}{elsewhere.campaign_id}/").status_code == 404
    assert meriem.get(f"{CAMPAIGNS}codes/{elsewhere.id}/").status_code == 404
    assert OMAR not in words(meriem.get(CAMPAIGNS))

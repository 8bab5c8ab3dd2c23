"""The operator brings files of bills in and keeps the company, the communication officer writes: in a real browser.

`PICTURES=docs/pictures make test ARGS=tests/browser/test_office_bills_and_texts.py` renews the pictures of the guides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bawabati.bills.models import BillBatch, BillUpload
from bawabati.companies.models import Company, CompanyText
from bawabati.flows.ask_change import GatewayChange, ask_gateway_change
from bawabati.flows.receive_bill_file import receive_bill_file
from bawabati.jobs.bill_import import import_upload
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bill_files import bill_file, bill_line, put_on_disk
from browser.pictures import keep_picture
from browser.walking import Walk, barriers, overflow
from people import NADIA, OMAR, SALIMA, add_bill
from staff import add_agency, add_person, sign_in_browser

if TYPE_CHECKING:
    from programs import Program

SIZES = [("ar", 360), ("fr", 1280)]
IN_GUIDES = frozenset(
    {"bill-file", "bill-file-under-way", "text-preview", "text-versions", "company", "company-numbers"}
)


def look(page: Page, name: str) -> None:
    """Everybody can read it; what the guides show is kept as a picture."""
    assert barriers(page) == [], name
    assert overflow(page) <= 0, name
    if name in IN_GUIDES:
        keep_picture(page, f"{name}-{page.locator('html').get_attribute('lang')}", whole=name != "company")


def a_batch(company: Company) -> BillBatch:
    content = bill_file(*(bill_line(seed) for seed in range(1, 9)), bill_line(9, due="-5,00"), bill_line(10, due="x"))
    upload = receive_bill_file(
        company_id=company.id,
        file=put_on_disk(content, name="factures-2026-T3.csv"),
        expected_count=None,
        expected_sum=None,
        staff=Staff.objects.get(login=OMAR),
        now=timezone.now(),
    ).upload
    import_upload(upload.id)
    return BillBatch.objects.get()


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_page_of_bill_files_keeps_anybody_out(
    walk: Callable[..., Walk], company: Company, language: str, width: int
) -> None:
    batch = a_batch(company)
    waiting = receive_bill_file(
        company_id=company.id,
        file=put_on_disk(bill_file(bill_line(20)), name="factures-nuit.csv"),
        expected_count=1,
        expected_sum=None,
        staff=Staff.objects.get(login=OMAR),
        now=timezone.now(),
    ).upload
    visitor = walk(language=language, width=width)
    page, office = visitor.page, f"{visitor.portal}/{language}/office/bills/"
    sign_in_browser(page, visitor.portal, Staff.objects.get(login=OMAR))
    done = BillUpload.objects.get(batch=batch)
    for name, address in (
        ("bills", ""),
        ("bring", "bring/"),
        ("bill-file", f"{batch.id}/"),
        ("bill-file-under-way", f"uploads/{waiting.id}/"),
        ("done", f"uploads/{done.id}/"),
    ):
        page.goto(f"{office}{address}")
        look(page, name)


@pytest.mark.parametrize("javascript", [True, False])
def test_an_operator_brings_a_file_in_and_watches_the_bar(
    walk: Callable[..., Walk],
    company: Company,  # noqa: ARG001 - whose operator he is
    worker: Program,  # noqa: ARG001 - it does the work
    tmp_path: Path,
    javascript: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    path = tmp_path / "factures.csv"
    path.write_bytes(bill_file(*(bill_line(seed) for seed in range(1, 400)), bill_line(400, due="-5,00")))
    visitor = walk(language="fr", width=1280, javascript=javascript)
    page = visitor.page
    sign_in_browser(page, visitor.portal, Staff.objects.get(login=OMAR))
    page.goto(f"{visitor.portal}/fr/office/bills/bring/")
    page.locator("#file").set_input_files(path)
    page.locator("#count").fill("400")
    page.locator("form.paper button[type=submit]").click()
    expect(page.locator("h2").first).to_have_text(
        "Le fichier a été importé. Lignes refusées : 1 sur 400.", timeout=30_000
    )
    page.get_by_role("link", name="Voir chaque ligne").click()
    expect(page.locator("table.list tbody tr")).to_have_count(50)
    with page.expect_download() as download:
        page.get_by_role("link", name="Les lignes refusées, en fichier").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert "amount_negative" in content
    page.get_by_role("link", name="Importer le fichier corrigé").click()
    corrected = tmp_path / "corrigé.csv"
    corrected.write_text(content.replace("-5,00", "5,00"), encoding="utf-8")
    page.locator("#file").set_input_files(corrected)
    page.locator("form.paper button[type=submit]").click()
    expect(page.locator("h2").first).to_have_text("Le fichier a été importé, toutes ses lignes.", timeout=30_000)


def test_a_file_that_is_too_large_is_said_before_it_is_sent(
    walk: Callable[..., Walk],
    company: Company,  # noqa: ARG001 - whose operator he is
    tmp_path: Path,
) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(301 * 1024 * 1024)
    visitor = walk(language="ar", width=360)
    sign_in_browser(visitor.page, visitor.portal, Staff.objects.get(login=OMAR))
    visitor.page.goto(f"{visitor.portal}/ar/office/bills/bring/")
    visitor.page.locator("#file").set_input_files(path)
    expect(visitor.page.locator("[data-too-large]")).to_be_visible()
    visitor.page.locator("form.paper button[type=submit]").click()
    expect(visitor.page.locator("#file")).to_be_focused()
    assert BillUpload.objects.count() == 0


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_page_of_texts_keeps_anybody_out(
    walk: Callable[..., Walk], company: Company, language: str, width: int
) -> None:
    meriem = add_person("meriem@oran.example", Role.COMMUNICATION, company=company, name="مريم")
    CompanyText.objects.create(
        company=company,
        kind="help",
        language="fr",
        version=2,
        body="Appelez le 3020.\n\nNos agences ouvrent à 8 h.",
        effective_at=timezone.now(),
        written_at=timezone.now(),
        written_by_id=meriem.id,
    )
    planned = CompanyText.objects.create(
        company=company,
        kind="help",
        language="fr",
        version=3,
        body="Appelez le 3020.\n\nNos agences ouvrent à 9 h.",
        effective_at=timezone.now() + timedelta(days=2),
        written_at=timezone.now(),
        written_by_id=meriem.id,
    )
    visitor = walk(language=language, width=width)
    page, office = visitor.page, f"{visitor.portal}/{language}/office/texts/"
    sign_in_browser(page, visitor.portal, meriem)
    for name, address in (
        ("texts", ""),
        ("text-versions", "help/versions/"),
        ("version", f"version/{planned.id}/"),
        ("edit-notice", "notice/"),
    ):
        page.goto(f"{office}{address}")
        look(page, name)
    page.goto(f"{office}help/")
    page.locator("#body-ar").fill("اتصل بالرقم 3020.\n\nتفتح وكالاتنا على 8 و30 د.")
    page.locator("#body-fr").fill("Appelez le 3020.\n\nNos <b>agences</b> ouvrent à 8 h 30.")
    page.locator("#body-en").fill("Call \u202e0203")
    page.get_by_role("button", name="معاينة" if language == "ar" else "Aperçu", exact=True).click()
    expect(page.locator("#error-en")).to_be_visible()
    look(page, "text-preview")
    page.locator("#body-en").fill("Call 3020.")
    with page.expect_popup() as popup:
        page.locator("button[formtarget]").first.click()
    expect(popup.value.locator("html")).to_have_attribute("dir", "rtl")
    expect(popup.value.locator(".terms")).to_contain_text("تفتح وكالاتنا")
    look(popup.value, "as-the-payer")
    page.locator("button[value=publish]").click()
    expect(page.locator("table.list tbody tr").first).to_be_visible()
    assert CompanyText.objects.filter(kind="help", language="en").count() == 2


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_page_of_the_company_keeps_anybody_out(
    walk: Callable[..., Walk], company: Company, language: str, width: int
) -> None:
    agency = add_agency(company)
    bill = add_bill(company)
    ask_gateway_change(
        company=company, change=GatewayChange(terminal_id="E010901999"), login=SALIMA, now=timezone.now()
    )
    visitor = walk(language=language, width=width)
    page, office = visitor.page, f"{visitor.portal}/{language}/office/companies/"
    sign_in_browser(page, visitor.portal, Staff.objects.get(login=OMAR))
    for name, address in (
        ("company", ""),
        ("company-identity", "identity/"),
        ("company-limits", "limits/"),
        ("company-surplus", "surplus/"),
        ("company-logo", "logo/"),
        ("agencies", "agencies/"),
        ("agency", f"agencies/{agency.id}/"),
        ("agency-new", "agencies/add/"),
    ):
        page.goto(f"{office}{address}")
        look(page, name)
    page.goto(f"{office}numbers/")
    page.locator("#numbers").fill(f"{bill.payment_number[:4]} {bill.payment_number[4:]}\n12345")
    page.locator("button[value=try]").click()
    expect(page.locator("table.list tbody tr")).to_have_count(2)
    look(page, "company-numbers")
    nadia = visitor_of(walk, NADIA, language=language, width=width)
    nadia.goto(f"{office}gateway/")
    expect(nadia.locator("button[value=approve]")).to_be_visible()
    look(nadia, "gateway")
    nadia.locator("button[value=approve]").click()
    expect(nadia.locator("button[value=approve]")).to_have_count(0)


def visitor_of(walk: Callable[..., Walk], login: str, *, language: str, width: int) -> Page:
    visitor = walk(language=language, width=width)
    sign_in_browser(visitor.page, visitor.portal, Staff.objects.get(login=login))
    return visitor.page

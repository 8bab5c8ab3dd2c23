"""The auditor looks at what was done, on a telephone and at a desk, and takes a file that proves itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bawabati.audit.rules import check_file
from bawabati.audit.writes import record_act
from bawabati.companies.models import Company
from bawabati.flows.seal_audit import seal_audit
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from browser.pictures import keep_picture
from browser.walking import barriers, overflow, unfold
from people import NADIA, NOON, OMAR, SALIMA
from programs import Program
from staff import add_person, sign_in_browser

TELEPHONE = 360


@pytest.fixture
def amel(company: Company) -> Staff:
    a_morning(company)
    return add_person("amel@oran.example", Role.AUDITOR, company=company)


def a_morning(company: Company) -> None:
    acts = (
        (OMAR, "import_bills", "bill_batch:12", {"good": 1204, "bad": 2}),
        (SALIMA, "read_payment", "payment:4711", {}),
        (SALIMA, "ask_refund", "refund:88", {"payment": 4711, "amount_centimes": 143_000}),
        (NADIA, "approve_refund", "refund:88", {"payment": 4711, "amount_centimes": 143_000}),
    )
    for minutes, (login, action, target, details) in enumerate(acts):
        record_act(
            staff_id=Staff.objects.get(login=login).id,
            company_id=company.id,
            action=action,
            target=target,
            details=details,
            now=NOON + timedelta(minutes=minutes),
        )
    seal_audit(now=NOON + timedelta(minutes=5))


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("fr", 1280), ("ar", 1280), ("fr", 360)])
def test_the_auditor_reads_narrows_and_takes_the_file(
    portal: Program, new_page: Callable[..., Page], amel: Staff, language: str, width: int
) -> None:
    page = new_page(width=width, language=language)
    sign_in_browser(page, portal.url, amel)
    page.goto(f"{portal.url}/{language}/office/audit/")
    assert barriers(page) == []
    assert overflow(page) <= 0
    if width > TELEPHONE:
        keep_picture(page, f"audit-{language}")
    unfold(page, "details.fold")
    page.select_option("#filter-what", "ask_refund")
    page.click("form.filters button >> nth=0")
    rows = page.locator("table.list tbody tr")
    assert rows.count() == 1
    assert "refund:88" in rows.inner_text()
    page.fill("#file-since", "2026-11-22")
    page.fill("#file-until", "2026-11-22")
    with page.expect_download() as taken:
        page.click("section.paper button")
    checked = check_file(Path(taken.value.path()).read_text(encoding="utf-8").splitlines())
    assert (checked.entries, checked.findings) == (4, ())

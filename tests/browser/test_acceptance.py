"""The acquirer's acceptance list, run by its command against real programs: what it passes, and what it must not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pymupdf
import pytest
from django.core.management import CommandError, call_command

from bawabati.bills.models import Bill
from bawabati.companies.models import Company, Mark
from bawabati.jobs.acceptance.deck import PUBLISHED
from people import NADIA, NOON, OMAR, SALIMA, add_bill
from programs import Program, free_port, running
from tampering import tampering

CARDS = ("accepted-1", "balance", "not-authorised")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "56c72f0d0000000049454e44ae426082"
)
NEEDS_THE_REAL_WORLD = ("page-tls", "platform-cancel")
"""What a run on one machine cannot see, and therefore must not pass."""


@dataclass(frozen=True)
class Cockpit:
    """The command, as an operator runs it."""

    settings: Mapping[str, str]
    sandbox: str
    folder: Path

    def run(self, *options: str, portal: str) -> subprocess.CompletedProcess[str]:
        command = ("acceptance", "--company", "oran", "--into", str(self.folder), "--sandbox", self.sandbox)
        return subprocess.run(
            [sys.executable, "-m", "bawabati.config.commands", *command, "--portal", portal, *options],
            env=os.environ | self.settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def lines(self) -> dict[str, dict[str, Any]]:
        kept = json.loads((self.folder / "report.json").read_text())
        return {line["id"]: line for line in kept["lines"]}

    def results(self) -> dict[str, str]:
        return {name: line["result"] for name, line in self.lines().items()}


@pytest.fixture
def cockpit(settings_of_the_portal: dict[str, str], sandbox: Program, tmp_path: Path) -> Cockpit:
    return Cockpit(settings=settings_of_the_portal, sandbox=sandbox.url, folder=tmp_path / "report")


@pytest.fixture
def short_deck(tmp_path: Path) -> Path:
    """Three cards of the published deck, and one of which the deck says the opposite of what it does."""
    cards = {card["id"]: card for card in json.loads(PUBLISHED.read_text())["cards"]}
    stale = cards["accepted-2"] | {"id": "stale", "scenario": "expired", "answers": ["33"]}
    path = tmp_path / "deck.json"
    path.write_text(json.dumps({"cards": [*(cards[name] for name in CARDS), stale]}))
    return path


@pytest.mark.usefixtures("worker")
def test_the_whole_list_passes_and_the_report_can_be_handed_over(
    cockpit: Cockpit, portal: Program, company: Company, short_deck: Path
) -> None:
    Mark.objects.create(
        company=company, kind="cib_edahabia", content=PIXEL, content_type="image/png", licence="ours", uploaded_at=NOON
    )
    for seed in range(1, 9):
        add_bill(company, seed=seed)
    two_people = ("--refund-asked-by", SALIMA, "--refund-approved-by", NADIA)
    ended = cockpit.run("--deck", str(short_deck), *two_people, portal=portal.url)
    results = cockpit.results()
    assert {name for name, result in results.items() if result == "failed"} == set(), ended.stdout
    assert {name for name, result in results.items() if result == "not_checked"} == {
        *NEEDS_THE_REAL_WORLD,
        "card-stale",
    }
    assert ended.returncode == 0, ended.stderr
    written = {path.name: path for path in cockpit.folder.iterdir()}
    for language, title in (("ar", "تقرير القبول"), ("fr", "Rapport de recette"), ("en", "Acceptance report")):
        page = written[f"report.{language}.html"].read_text()
        assert title in page
        assert all(f'id="{name}"' in page for name in results)
        with pymupdf.open(written[f"report.{language}.pdf"]) as document:
            assert len(document) > 5
    text = "".join(path.read_text() for path in written.values() if path.suffix in {".html", ".json"})
    for card in json.loads(short_deck.read_text())["cards"]:
        assert card["number"] not in text.replace(" ", "")
    for picture in {picture["file"] for line in cockpit.lines().values() for picture in line["pictures"]}:
        assert (cockpit.folder / picture).read_bytes().startswith(b"\x89PNG")
    one_more = cockpit.run("--deck", str(short_deck), "--only", "page-amount", portal=portal.url)
    assert one_more.returncode == 0
    assert cockpit.results() == results


def test_what_is_wrong_with_a_portal_fails_its_line(
    cockpit: Cockpit, settings_of_the_portal: dict[str, str], company: Company, short_deck: Path, tmp_path: Path
) -> None:
    for seed in range(1, 5):
        add_bill(company, seed=seed)
    behind, before = free_port(), free_port()
    settings = settings_of_the_portal | {"BAWABATI_PUBLIC_URL": f"http://127.0.0.1:{before}"}
    serve = ("-m", "bawabati.config.commands", "serve", "--port", str(behind))
    url = f"http://127.0.0.1:{behind}"
    planted = {
        "3020": "1010",
        'name="accept"': 'name="accept" checked',
        "data-captcha": "data-nothing",
        "\u00a0DA<": "<",
        '<p class="status">': '<p class="status" hidden>',
        "CIB / Edahabia": "carte",
        "Identifiant de la transaction": "Identifiant SATIM",
        "<h1>Paiement": "<p>The payment of your bill is with the bank.</p><h1>Paiement",
        "<h1>Payé": "<p>The payment of your bill is with the bank.</p><h1>Payé",
        "window.print()": "window.focus()",
    }
    with (
        running("portal-behind", *serve, settings=settings, url=url, state=tmp_path),
        tampering(url, port=before, changes=planted) as portal,
    ):
        broken = (
            *("page-help", "page-terms", "page-captcha", "page-amount", "page-mark"),
            *("accepted-page-status", "accepted-page-method", "accepted-page-label", "accepted-page-print"),
            "refund-whole",
            *("accepted-page-help", "accepted-page-amount", "page-language-fr"),
        )
        only = [option for name in broken for option in ("--only", name)]
        nobody_may = ("--refund-asked-by", OMAR, "--refund-approved-by", NADIA)
        ended = cockpit.run("--deck", str(short_deck), *nobody_may, *only, portal=portal)
    assert ended.returncode == 1
    assert cockpit.results() == dict.fromkeys(broken, "failed"), ended.stdout


def test_without_terms_the_list_says_so_at_once(
    cockpit: Cockpit, portal: Program, bill: Bill, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute("DELETE FROM companies_companytext WHERE kind = 'sale_terms'")
    ended = cockpit.run("--only", "page-terms", "--payment-number", bill.payment_number, portal=portal.url)
    assert ended.returncode == 1
    assert cockpit.results() == {"page-terms": "failed"}


@pytest.mark.usefixtures("company")
def test_without_playwright_the_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)
    with pytest.raises(CommandError, match=r"pip install 'bawabati\[acceptance\]'"):
        call_command("acceptance", "--company", "oran", "--into", str(tmp_path / "report"))


@pytest.mark.usefixtures("bill")
def test_without_the_sandbox_no_customers_bill_is_tried(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name the bills to pay with --payment-number"):
        call_command("acceptance", "--company", "oran", "--into", str(tmp_path / "report"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--only", "page-nothing"), "There is no line page-nothing"),
        (("--payment-number", "12"), "no bill with the payment number 12"),
        (("--browser", "/nowhere/chromium"), "no Chromium at /nowhere/chromium"),
        (("--deck", "/nowhere/deck.json"), "/nowhere/deck.json: No such file"),
        (("--sandbox", "http://127.0.0.1:1"), "the sandbox at http://127.0.0.1:1 does not answer"),
    ],
)
def test_what_cannot_be_run_is_said_in_words(bill: Bill, tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    usual = ("--company", "oran", "--into", str(tmp_path / "report"), "--payment-number", bill.payment_number)
    with pytest.raises(CommandError, match=words):
        call_command("acceptance", *usual, *options)

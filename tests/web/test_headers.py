"""What every answer carries, what it weighs, and what looking at it changes: nothing."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from bawabati.bills.models import Bill
from bawabati.payments.models import Payment
from bawabati.web.public.receipt import PRINT_SCRIPT_HASH
from outside import Outside
from payers import Payer, links
from people import AMINAS_CARD, YACINES_CARD, add_bill

pytestmark = pytest.mark.usefixtures("collected")

LANGUAGES = ("ar", "fr", "en")
MOST_BYTES = 14 * 1024
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "worker-src 'self'", "media-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'", "object-src 'none'", "require-trusted-types-for 'script'", "report-uri /csp-report",
}  # fmt: skip


def policy_of(page: str) -> set[str]:
    """The same for every page; the one that prints allows its one line of script by its digest."""
    if page != "print":
        return POLICY
    return POLICY - {"script-src 'self'"} | {f"script-src 'self' {PRINT_SCRIPT_HASH}"}


def every_page(payer: Payer, bill: Bill, outside: Outside) -> Iterator[tuple[str, str]]:
    """Every kind of page of a payer, as (name, address), made on the way as a payer makes them."""
    language = payer.language
    home = f"/{language}/oran/"
    yield from {
        "company": home, "find": f"{home}pay/", "agencies": f"{home}agencies/", "contact": f"{home}contact/",
        "help": f"{home}text/help/", "terms": f"{home}text/payment_terms/",
        "qr": f"/{language}/q/oran/{bill.payment_number}/",
        "not found": f"/{language}/nowhere/at/all/", "forged": f"/{language}/payment/{'A' * 38}/",
    }.items()  # fmt: skip
    yield "bill", payer.bill_address(bill)
    yield "review", payer.review_address(bill)
    refused = payer.start(bill)
    yield "leave", refused
    yield "bill being paid", payer.bill_address(bill)
    outside.pay(str(Payment.objects.latest("id").gateway_reference), YACINES_CARD)
    payer.get(f"{refused}back/")
    yield "refused", refused
    attempt = payer.start(bill)
    yield "being checked", f"{attempt}back/"
    outside.pay(str(Payment.objects.latest("id").gateway_reference), AMINAS_CARD)
    receipt = payer.get(f"{attempt}back/").headers["Location"]
    yield "receipt", receipt
    yield "print", f"{receipt}print/"
    yield "bill paid", payer.bill_address(bill)
    yield "too small", payer.bill_address(add_bill(bill.company, seed=77, due_centimes=10_00))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_light_needs_one_more_file_and_names_no_other_host(
    open_bill: Bill,
    outside: Outside,
    language: str,
) -> None:
    payer = Payer(language=language)
    for name, address in every_page(payer, open_bill, outside):
        page = payer.get(address, **{"Accept-Encoding": "gzip"})
        assert page.headers["Content-Encoding"] == "gzip", name
        html = gzip.decompress(page.content).decode()
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', html)
        styles = [file for file in files if file.endswith(".css")]
        assert len(styles) == 1, name
        scripts = set(files) - set(styles)
        assert all("captcha" in file for file in scripts), name
        weight = len(page.content) + sum(compressed(file) for file in styles)
        assert weight <= MOST_BYTES, (name, weight)
        if name != "print":  # its one line of script is allowed by its digest
            assert not re.search(r"<script(?![^>]*src)", html), name
        assert not re.search(r"<style|\sstyle=|\son\w+=", html), name


def compressed(address: str) -> int:
    return (Path(settings.STATIC_ROOT) / f"{address.removeprefix('/static/')}.br").stat().st_size


def test_every_page_carries_the_headers_that_guard_it(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    for name, address in every_page(payer, open_bill, outside):
        headers = payer.get(address).headers
        assert {part.strip() for part in headers["Content-Security-Policy"].split(";")} == policy_of(name), name
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] in {"strict-origin", "no-referrer"}
        assert headers["Cache-Control"] in {"no-store", "private, max-age=60"}
        assert "Strict-Transport-Security" not in headers


def test_no_page_repeats_its_query_which_compression_relies_on(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    for name, address in every_page(payer, open_bill, outside):
        assert "wJ3kQz9" not in payer.get(f"{address}?number=wJ3kQz9&lang=wJ3kQz9").content.decode(), name


def test_only_a_started_payment_sets_a_cookie_and_scripts_cannot_read_it(payer: Payer, open_bill: Bill) -> None:
    visitor = Client()
    for address in ("/ar/oran/", "/ar/oran/pay/", payer.review_address(open_bill)):
        assert visitor.get(address).cookies == {}
    payer.start(open_bill)
    cookie = payer.client.cookies["attempt"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 3600


def test_under_tls_the_cookie_is_bound_to_the_host_and_the_browser_stays_with_tls(
    payer: Payer, open_bill: Bill, settings: Settings
) -> None:
    settings.TLS = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    payer.start(open_bill)
    cookie = payer.client.cookies["__Host-attempt"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    page = payer.client.get("/ar/oran/", secure=True)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_looking_twice_changes_no_row(
    payer: Payer, open_bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[tuple[object, ...]]
) -> None:
    for name, address in every_page(payer, open_bill, outside):
        if name in {"being checked", "bill being paid"}:  # these ask the bank, and keep when they did
            continue
        before = rows(behind_the_scenes)
        payer.get(address)
        payer.get(address)
        assert rows(behind_the_scenes) == before, name


def rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, object]:
    """A digest of every table."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    digests = {}
    for (table,) in tables:
        digest = f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"  # noqa: S608 - our own tables
        digests[str(table)] = connection.execute(digest.encode()).fetchone()
    return digests


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(payer: Payer, open_bill: Bill, method: str) -> None:
    attempt = payer.start(open_bill)
    for address in ("/ar/", "/ar/oran/pay/", attempt, f"{attempt}back/"):
        assert getattr(payer.client, method)(address).status_code == 405


def test_links_lead_to_pages_that_are_there(payer: Payer, open_bill: Bill, outside: Outside) -> None:
    for name, address in every_page(payer, open_bill, outside):
        for link in {link for link in links(payer.get(address)) if link.startswith("/") and "/static/" not in link}:
            if name in {"not found", "forged"} and ("nowhere" in link or "payment" in link):
                continue  # the same missing page in another language
            assert payer.get(link).status_code in {200, 302, 303}, (name, link)

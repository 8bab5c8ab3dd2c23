"""What machines ask: is it alive, is it ready, what does it measure."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.measures import REGISTRY
from bawabati.operations.rules import MEASURES
from bawabati.operations.writes import begin_quarantine, note_backup
from bawabati.web.shared import quarantine
from house.source import ROOT
from paying import start

pytestmark = pytest.mark.usefixtures("collected")

NAMED = re.compile(r"`(bawabati_[a-z_]+)")
LINE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? ([-+0-9.e]+|NaN|\+Inf)$")


@pytest.fixture(autouse=True)
def door() -> None:
    quarantine.ask_again()


@pytest.fixture
def ours(settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    settings.METRICS_FROM = ["127.0.0.0/8"]


def measured() -> dict[str, float]:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    found = {}
    for line in answer.content.decode().splitlines():
        if not line.startswith("#"):
            matched = LINE.match(line)
            assert matched, line
            found[matched[1] + (f"{{{matched[2]}}}" if matched[2] else "")] = float(matched[3])
    return found


def test_it_is_alive_while_the_database_is_away() -> None:
    assert Client().get("/healthz").status_code == 200


@pytest.mark.usefixtures("database")
def test_it_is_ready_when_the_tables_are_those_of_this_version() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.usefixtures("database")
def test_it_is_not_ready_in_quarantine() -> None:
    now = timezone.now()
    begin_quarantine(backup_made_at=now, backup_file="x", now=now)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"quarantine\n")


@pytest.mark.usefixtures("database")
def test_machines_ask_by_address_whatever_the_portal_is_called() -> None:
    for path in ("/healthz", "/readyz"):
        assert Client().get(path, headers={"host": "10.1.2.3:8000"}).status_code == 200
    assert Client().get("/fr/", headers={"host": "10.1.2.3:8000"}).status_code == 400


@pytest.mark.usefixtures("database")
def test_figures_are_nobodys_unless_a_network_is_named() -> None:
    assert Client().get("/metrics").status_code == 404


@pytest.mark.usefixtures("database", "ours")
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_what_comes_through_a_proxy_gets_no_figures(header: str) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.usefixtures("database", "ours")
def test_another_network_gets_no_figures() -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 404


@pytest.mark.usefixtures("ours")
def test_the_figures_tell_what_stands_in_the_database(open_company: Company, open_bill: Bill) -> None:
    start(open_company, open_bill, now=timezone.now())
    note_backup(made_at=timezone.now() - timedelta(hours=2), file_name="b", size=1, sha256="0" * 64, milliseconds=1)
    found = measured()
    assert found["bawabati_database_up"] == 1
    assert found['bawabati_attempts_open{company="oran",state="at_gateway"}'] == 1
    assert 7100 < found["bawabati_backup_age_seconds"] < 7300
    assert found["bawabati_worker_silent_seconds"] > 1_000_000
    assert found['bawabati_gateway_answer_seconds{company="oran",quantile="0.95"}'] < 15


@pytest.mark.usefixtures("ours")
def test_every_measure_of_the_table_is_measured_or_needs_something_that_is_not_there(company: Company) -> None:
    names = {name.partition("{")[0] for name in measured()}
    needs_more = {
        "bawabati_attempts_open",
        "bawabati_refunds_open",
        "bawabati_gateway_silent_seconds",
        "bawabati_gateway_answer_seconds",
        "bawabati_gateway_unanswered_ratio",
        "bawabati_book_differences",
        "bawabati_certificate_days_left",
        "bawabati_paper_days_left",
    }
    assert {measure.name for measure in MEASURES} - names == needs_more
    assert company.id


@pytest.mark.usefixtures("ours")
def test_what_is_measured_stands_on_the_page_and_what_stands_there_is_measured(company: Company) -> None:
    Client().get(f"/fr/{company.code}/pay/")
    counted = {f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in REGISTRY.collect()}
    all_there_are = {measure.name for measure in MEASURES} | counted | {"bawabati_database_up"}
    asked = {re.sub("_(bucket|sum|count|created)$", "", name.partition("{")[0]) for name in measured()}
    assert {name for name in asked if f"{name}_total" not in counted} - all_there_are == set()
    assert set(NAMED.findall((ROOT / "docs/reference/alarms.md").read_text())) == all_there_are
    alarms = (ROOT / "deploy/prometheus/alerts.yml").read_text()
    assert set(re.findall(r"\bbawabati_[a-z_]+", alarms)) - all_there_are == set()


@pytest.mark.usefixtures("ours")
def test_requests_are_counted_by_the_pattern_of_their_address(company: Company) -> None:
    def count() -> float:
        return sum(
            value
            for name, value in measured().items()
            if name.startswith("bawabati_http_requests_total") and "code:code>/pay/" in name and 'status="200"' in name
        )

    before = count()
    Client().get(f"/fr/{company.code}/pay/")
    assert count() == before + 1
    assert not any("6280581110007215" in name for name in measured())


@pytest.mark.usefixtures("ours")
def test_no_label_names_a_person_or_a_payment(open_company: Company, open_bill: Bill) -> None:
    payment = start(open_company, open_bill, email="amina@example.com", now=timezone.now())
    Client().get(f"/fr/q/{open_company.code}/{open_bill.payment_number}/")
    text = Client().get("/metrics").content.decode()
    for secret in ("amina", open_bill.payment_number, payment.order_number, str(payment.gateway_reference)):
        assert secret not in text


OLD_SHAPE = {
    "document-uri": f"https://pay.example.dz/r/{'a' * 38}/",
    "violated-directive": "script-src",
    "blocked-uri": "https://evil.example/x.js?card=6280581110007215",
}
NEW_SHAPE = {"documentURL": "https://pay.example.dz/fr/", "effectiveDirective": "style-src", "blockedURL": "inline"}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"csp-report": OLD_SHAPE}).encode(),
        json.dumps([{"type": "csp-violation", "body": NEW_SHAPE}]).encode(),
        b"not json",
        b'{"csp-report": 7}',
        b'{"csp-report": {"document-uri": "http://[", "blocked-uri": ["x"]}}',
        b"[" * 100_000,
        b"[" * 10_000,
    ],
)
@pytest.mark.usefixtures("database")
def test_whatever_a_browser_reports_is_taken_and_its_secrets_are_not_kept(
    body: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = Client().post("/csp-report", body, content_type="application/csp-report")
    assert answer.status_code in {204, 400}
    said = capfd.readouterr().err
    assert "a" * 38 not in said
    assert "6280581110007215" not in said
    if b"evil" in body:
        assert '"directive": "script-src"' in said
        assert "evil.example" in said

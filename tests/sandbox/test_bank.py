"""The bank of a running sandbox: what was really paid on the page and on readers is what it settles."""

from __future__ import annotations

import csv
import io
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Process, Sandbox

DAY_SECONDS = 86_400
MERCHANT = "SAT2601010001"


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    """Its clock stands at ten in the morning of a Sunday."""
    sandbox.control("POST", "clock", {"now": "2026-11-01T10:00:00+01:00"})
    sandbox.control("DELETE", "bank/disorders")
    return sandbox


def close(sandbox: Sandbox, **asked: str) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = sandbox.control("POST", "bank/close-day", asked)["files"]
    return files


def lines(sandbox: Sandbox, file: dict[str, Any]) -> list[dict[str, str]]:
    text = sandbox.http.get(file["address"]).content.decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def settled(sandbox: Sandbox, **asked: str) -> list[dict[str, str]]:
    """The lines of the acquirer's file of the day for the first merchant."""
    file = next(each for each in close(sandbox, merchant=MERCHANT, **asked) if each["which"] == "acquirer")
    return [line for line in lines(sandbox, file) if line["TYPE"] != "TOTAL"]


def test_what_was_paid_on_the_page_is_settled(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.result()
    order.refund(5_000)
    sandbox.register()
    books = order.books()
    payment, refund = settled(sandbox)
    assert (payment["TYPE"], payment["ORDRE"], payment["REFERENCE"]) == ("PAIEMENT", order.number, order.md_order)
    assert (payment["AUTORISATION"], payment["CARTE"]) == (books["approval_code"], "6280****7215")
    assert (payment["MONTANT_BRUT"], payment["TERMINAL"]) == ("1430,50", "E010901201")
    assert (refund["TYPE"], refund["MONTANT_BRUT"], refund["REFERENCE"]) == ("REMBOURSEMENT", "-50,00", order.md_order)


def test_what_nobody_acknowledged_is_taken_back_and_never_settled(sandbox: Sandbox) -> None:
    sandbox.paid()
    sandbox.advance(3_600)
    assert settled(sandbox) == []


def test_money_that_stayed_away_from_the_payer_is_settled(sandbox: Sandbox) -> None:
    sandbox.fault("cancelled_without_money")
    order = sandbox.paid()
    sandbox.advance(3_600)
    assert [line["REFERENCE"] for line in settled(sandbox)] == [order.md_order]


def test_what_was_paid_on_a_reader_is_settled_with_its_numbers(sandbox: Sandbox) -> None:
    reader = {"poi_id": "SIM1000-000000077", "protocol": "caisse_ap", "merchant_id": "SAT2601010002"}
    autopilot = {"autopilot": True, "autopilot_seconds": 0, "host_seconds": 0, "printing_seconds": 0}
    port = sandbox.control("POST", "readers", reader | autopilot)["port"]
    try:
        sale(port, amount=123_456)
        (done,) = sandbox.control("GET", "readers/SIM1000-000000077/transactions")["transactions"]
        files = close(sandbox, merchant="SAT2601010002")
        line, _ = lines(sandbox, files[0])
        assert (line["REFERENCE"], line["AUTORISATION"]) == (done["rrn"], done["approval_code"])
        assert (line["TERMINAL"], line["ORDRE"], line["MONTANT_BRUT"]) == ("00000077", "", "1234,56")
        assert files[0]["name"] == "SATIM_E010901202_20261101.csv"
    finally:
        sandbox.control("DELETE", "readers/SIM1000-000000077")


def sale(port: int, *, amount: int) -> None:
    """A sale in Caisse-AP, as a till asks for it."""
    values = {"CZ": "0320", "CJ": "012345678901", "CA": "01", "CE": "012", "BA": "0", "CD": "0", "CB": str(amount)}
    asked = "".join(f"{name}{len(value):03d}{value}" for name, value in values.items())
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(asked.encode())
        assert connection.recv(4_096)


def test_a_disputed_payment_goes_back_to_the_card_holder(sandbox: Sandbox) -> None:
    order = sandbox.paid()
    order.result()
    close(sandbox)
    sandbox.advance(DAY_SECONDS)
    sandbox.control("POST", "bank/disorders", {"kind": "chargeback", "merchant": MERCHANT})
    (line,) = settled(sandbox)
    assert (line["TYPE"], line["REFERENCE"], line["MONTANT_NET"]) == ("IMPAYE", order.md_order, "-1430,50")
    assert order.books()["returned_centimes"] == 143_050
    (done,) = sandbox.control("GET", "bank/disorders")["done"]
    assert (done["kind"], done["reference"], done["wrong_centimes"]) == ("chargeback", order.md_order, -143_050)


def test_the_files_are_listed_and_closed_once(sandbox: Sandbox) -> None:
    sandbox.paid().result()
    first = close(sandbox, day="2026-11-01")
    assert len(first) == 2 * len(sandbox.control("GET", "merchants")["merchants"])
    assert close(sandbox) == []
    assert sandbox.control("GET", "bank/files")["files"] == first
    narrow = sandbox.control("GET", f"bank/files?merchant={MERCHANT}&which=bank&day=2026-11-01")["files"]
    assert [each["name"][:7] for each in narrow] == ["RELEVE_"]


def test_two_merchants_of_one_terminal_have_files_of_two_names(sandbox: Sandbox) -> None:
    twin = {"user_name": "TWIN", "password": "twin", "terminals": ["E010901201"]}
    sandbox.control("POST", "merchants", twin)
    names = [each["name"] for each in close(sandbox) if each["merchant"] in {"TWIN", MERCHANT}]
    assert len(set(names)) == 4
    assert len(sandbox.control("GET", "bank/files?merchant=TWIN")["files"]) == 2


def test_days_that_were_forgotten_are_closed_too(sandbox: Sandbox) -> None:
    sandbox.paid().result()
    sandbox.advance(3 * DAY_SECONDS)
    days = [each["day"] for each in close(sandbox, merchant=MERCHANT) if each["which"] == "acquirer"]
    assert days == ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]


def test_contracts_are_read_and_changed(sandbox: Sandbox) -> None:
    told = sandbox.control(
        "POST", "bank/contracts", {"merchant": MERCHANT, "bank_format": "mt940", "fees": {"vat_ppm": 0}}
    )["merchants"][0]
    assert (told["merchant"], told["bank_format"], told["fees"]["vat_ppm"]) == (MERCHANT, "mt940", 0)
    sandbox.paid().result()
    statement = close(sandbox, merchant=MERCHANT)[1]
    assert sandbox.http.get(statement["address"]).text.startswith(":20:")
    sandbox.control("POST", "bank/contracts", {"merchant": MERCHANT, "bank_format": "csv", "fees": {}})


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("bank/close-day", {"day": "yesterday"}),
        ("bank/close-day", {"day": 7}),
        ("bank/close-day", {"day": "2031-01-01"}),
        ("bank/close-day", {"merchant": "nobody"}),
        ("bank/close-day", {"wish": 1}),
        ("bank/contracts", {"merchant": "nobody"}),
        ("bank/contracts", {"merchant": MERCHANT, "wish": 1}),
        ("bank/contracts", {"merchant": MERCHANT, "rest_days": [1, 2, 3, 4, 5, 6, 7]}),
        ("bank/contracts", {"merchant": MERCHANT, "rest_days": [[]]}),
        ("bank/contracts", {"merchant": MERCHANT, "fees": {"tiers": []}}),
        ("bank/contracts", {"merchant": MERCHANT, "encoding": "rot13"}),
        ("bank/contracts", {"merchant": MERCHANT, "encoding": []}),
        ("bank/contracts", {"merchant": MERCHANT, "account": "../../etc"}),
        ("bank/disorders", {"kind": "earthquake"}),
        ("bank/disorders", {"kind": []}),
        ("bank/disorders", {"kind": "late_line", "times": 0}),
        ("bank/disorders", {"kind": "late_line", "wish": 0}),
        ("bank/disorders", {"kind": "late_line", "day": "soon"}),
        ("bank/disorders/drawn", {"seed": 1}),
        ("bank/disorders/drawn", {"seed": 1, "rates": {"late_line": 2}}),
        ("bank/disorders/drawn", {"seed": 1, "rates": {"earthquake": 1}}),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(sandbox: Sandbox, path: str, asked: dict[str, Any]) -> None:
    answer = sandbox.http.post(f"/control/{path}", json=asked)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_file_that_is_not_there_is_said_so(sandbox: Sandbox) -> None:
    assert sandbox.http.get("/control/bank/files/SATIM.csv").status_code == 404
    assert sandbox.http.get("/control/bank/files/..%2F..%2Fetc").status_code == 404


def test_people_close_a_day_and_wish_for_disorder_on_a_page(sandbox: Sandbox) -> None:
    sandbox.paid().result()
    wish = {"do": "wish", "kind": "repeated_file", "merchant": MERCHANT}
    assert sandbox.http.post("/bank/", data=wish).status_code == 303
    assert sandbox.http.post("/bank/", data={"do": "close", "day": "2026-11-01"}).status_code == 303
    page = sandbox.http.get("/bank/?language=fr").text
    assert "SATIM_E010901201_20261101_BIS.csv" in page
    assert "repeated_file" in page
    assert sandbox.http.post("/bank/", data={"do": "close", "day": "2999-01-01"}).status_code == 422
    assert sandbox.http.post("/bank/", data={"do": "dance"}).status_code == 422
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert sandbox.http.post("/bank/", data=wish, headers=cross).status_code == 403


def test_the_bank_remembers_over_a_restart_and_fills_its_folder(
    new_process: Callable[..., Process], new_client: Callable[[Process], Sandbox], tmp_path: Path
) -> None:
    arguments = ("--state", str(tmp_path / "state"), "--bank-files", str(tmp_path / "files"))
    first = new_client(new_process(*arguments))
    first.paid().result()
    handed = close(first)
    first.http.close()
    first.process.stop()
    second = new_client(new_process(*arguments))
    try:
        assert second.control("GET", "bank/files")["files"] == handed
        assert {each.name for each in (tmp_path / "files").iterdir()} == {each["name"] for each in handed}
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        second.control("POST", "clock", {"now": tomorrow.isoformat()})
        assert settled(second) == []
    finally:
        second.http.close()
        second.process.stop()

"""Readers over the control API and on the command line, and what is left of them after a restart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Process, Sandbox
    from tests.sandbox.reader.conftest import CaisseTill, NexoTill

SRC = Path(__file__).resolve().parents[3] / "src"
NEXO = {"poi_id": "SIM1000-000000012"}
CAISSE = {"poi_id": "FR-0001", "protocol": "caisse_ap"}
QUICK = {"autopilot": True, "autopilot_seconds": 0, "host_seconds": 0, "printing_seconds": 0}


def test_adding_a_reader_tells_its_port_its_screen_and_whom_to_trust(till: NexoTill) -> None:
    assert till.told["port"] > 0
    assert till.told["ca_pem"].startswith("-----BEGIN CERTIFICATE-----")
    assert till.told["screen"] == f"{till.sandbox.told['http_url']}/reader/{till.poi_id}/"
    assert httpx.get(till.told["screen"], trust_env=False).status_code == 200


def test_adding_it_again_changes_it_and_keeps_its_port_and_memory(till: NexoTill) -> None:
    till.pay()
    again = till.sandbox.control("POST", "readers", {"poi_id": till.poi_id, **QUICK, "merchant_name": "OTHER"})
    assert (again["port"], again["merchant_name"]) == (till.told["port"], "OTHER")
    assert len(till.log()) == 1
    assert till.pay()["Response"]["Result"] == "Success"


def test_settings_are_changed_while_it_works(till: NexoTill) -> None:
    till.change(autopilot=False, card_seconds=0)
    assert till.pay()["Response"]["ErrorCondition"] == "Cancel"


def test_a_reader_that_was_taken_away_is_gone(new_reader: Callable[..., NexoTill]) -> None:
    till = new_reader()
    other = new_reader()
    till.sandbox.control("DELETE", f"readers/{till.poi_id}")
    assert till.sandbox.http.get(f"/control/readers/{till.poi_id}").status_code == 404
    with pytest.raises(httpx.ConnectError):
        till.pay()
    assert other.pay()["Response"]["Result"] == "Success"
    till.sandbox.control("POST", "readers", {"poi_id": till.poi_id})


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"poi_id": "a b"},
        {"poi_id": "P-1", "protocol": "zvt"},
        {"poi_id": "P-1", "port": -1},
        {"poi_id": "P-1", "port": "443"},
        {"poi_id": "P-1", "colour": "red"},
        {"poi_id": "P-1", "passphrase": "كلمة"},
    ],
)
def test_what_cannot_be_a_reader_is_refused_with_a_sentence(sandbox: Sandbox, row: dict[str, Any]) -> None:
    answer = sandbox.http.post("/control/readers", json=row)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert sandbox.control("GET", "readers")["readers"] == []


def test_a_taken_port_is_refused_and_changes_nothing(till: NexoTill, new_reader: Callable[..., NexoTill]) -> None:
    answer = till.sandbox.http.post("/control/readers", json={"poi_id": "P-2", "port": till.told["port"]})
    assert answer.status_code == 422
    assert till.sandbox.http.get("/control/readers/P-2").status_code == 404
    again = new_reader()
    row = {"poi_id": again.poi_id, **QUICK, "port": till.told["port"]}
    assert till.sandbox.http.post("/control/readers", json=row).status_code == 422
    assert again.pay()["Response"]["Result"] == "Success"


def test_what_nobody_can_do_at_a_reader_is_refused(till: NexoTill) -> None:
    for path, asked, status in (
        ("dance", {}, 404),
        ("card", {"how": "thrown"}, 422),
        ("pin", {"pin": 1234}, 422),
        ("cancel", {"why": "x"}, 422),
    ):
        assert till.sandbox.http.post(f"/control/readers/{till.poi_id}/{path}", json=asked).status_code == status
    assert till.do("card")["done"] is False
    assert till.do("cancel")["done"] is False
    for changes in ({"port": 5}, {"poi_id": "P-9"}, {"protocol": "nexo"}):
        assert till.sandbox.http.post(f"/control/readers/{till.poi_id}", json=changes).status_code == 422


def test_the_first_day_comes_back_and_the_readers_stay(till: NexoTill) -> None:
    till.pay()
    till.change(autopilot=False)
    waiting = till.start_payment(service_id="S1")
    till.sandbox.control("POST", "reset")
    with pytest.raises(httpx.TransportError):
        waiting.result(10)
    assert till.log() == []
    till.change(autopilot=True)
    assert till.pay(service_id="S1")["Response"]["Result"] == "Success"


def test_a_restart_of_the_reader_cuts_the_line_of_who_waits(till: NexoTill, caisse: CaisseTill) -> None:
    for each in (till, caisse):
        each.change(autopilot=False)
    waiting = till.start_payment(service_id="S1")
    till.do("restart")
    with pytest.raises(httpx.TransportError):
        waiting.result(10)
    found = till.status("S1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert found["Response"]["ErrorCondition"] == "Aborted"


@pytest.fixture
def start(
    new_process: Callable[..., Process], new_client: Callable[[Process], Sandbox]
) -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes of the test's own."""
    started: list[Sandbox] = []

    def begin(*arguments: str) -> Sandbox:
        started.append(new_client(new_process(*arguments)))
        return started[-1]

    yield begin
    for each in started:
        each.http.close()
        each.process.end()


def test_readers_from_the_command_line_and_the_file(tmp_path: Path, start: Callable[..., Sandbox]) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"readers": [CAISSE]}))
    sandbox = start("--config", str(config), "--reader", json.dumps(NEXO))
    assert set(sandbox.told["readers"]) == {"SIM1000-000000012", "FR-0001"}
    listed = sandbox.control("GET", "readers")["readers"]
    assert {each["poi_id"]: each["port"] for each in listed} == sandbox.told["readers"]
    assert sandbox.process.stop() == 0


def test_over_a_restart_of_the_sandbox_a_reader_keeps_port_certificate_and_memory(
    tmp_path: Path, start: Callable[..., Sandbox], new_till: Callable[..., NexoTill]
) -> None:
    state = ("--state", str(tmp_path / "state"))
    sandbox = start(*state)
    told = sandbox.control("POST", "readers", {**NEXO, **QUICK})
    paid = new_till(sandbox, NEXO["poi_id"], told).pay(1_000, service_id="S1")
    assert sandbox.process.stop() == 0
    after = start(*state)
    assert after.told["readers"] == {NEXO["poi_id"]: told["port"]}
    till = new_till(after, NEXO["poi_id"], told)
    again = till.status("S1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert again == paid
    assert till.taken() == 1_000
    assert till.reverse(paid)["Response"]["Result"] == "Success"
    assert after.process.stop() == 0


@pytest.mark.parametrize("told", ["{", "[]", '{"port": 1}', '{"poi_id": "P-1", "port": 99999}'])
def test_a_reader_that_cannot_be_ends_the_command_with_a_sentence(told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "--reader", told],
        env=os.environ | {"PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("sandbox: ")
    assert "Traceback" not in done.stderr

"""The process itself: what it announces, remembers, refuses and leaves behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Process, Sandbox

    Start = Callable[..., Sandbox]


def test_everything_is_remembered_over_a_restart(start: Start) -> None:
    first = start("--state", "a folder")
    paid, waiting, unpaid = first.paid(), first.register(), first.register()
    paid.refund(3_000)
    waiting.give_card()
    first.control("POST", "cards/6280580610061011/lock")
    first.advance(60)
    balance, entries = first.balance(), first.control("GET", "accounts/CIB-007215/entries")
    stop(first)
    second = start("--state", "a folder")
    assert second.balance() == balance
    assert second.control("GET", "accounts/CIB-007215/entries") == entries
    assert second.control("GET", "clock")["shift_seconds"] == 60
    books = second.control("GET", f"orders/{paid.md_order}")
    assert (books["state"], books["deposited_centimes"], books["returned_centimes"]) == ("refunded", 140050, 3000)
    assert second.control("GET", "sms")["sms"][0]["md_order"] == waiting.md_order
    assert {card["pan"] for card in second.control("GET", "cards")["cards"] if card["locked"]} == {"6280580610061011"}
    assert second.call("register.do", **second.order_values(orderNumber=unpaid.number)).json()["errorCode"] == 1
    assert second.control("POST", "pay", {"mdOrder": unpaid.md_order})["state"] == "deposited"


def test_held_money_is_held_after_a_restart(start: Start) -> None:
    first = start("--state", "held")
    order = first.register(call="registerPreAuth.do")
    order.pay()
    stop(first)
    second = start("--state", "held")
    assert second.control("GET", f"orders/{order.md_order}")["held_centimes"] == 143050
    answer = second.call("deposit.do", orderId=order.md_order, amount="0").json()
    assert answer == {"errorCode": "0"}
    books = second.control("GET", f"orders/{order.md_order}")
    assert (books["held_centimes"], books["captured_centimes"]) == (0, 143050)


def test_a_code_awaited_at_a_restart_asks_for_the_card_again(start: Start) -> None:
    first = start("--state", "again")
    order = first.register()
    order.give_card()
    stop(first)
    second = start("--state", "again")
    answer = second.http.get(order.code_address)
    assert answer.status_code == 303
    assert second.http.get(answer.headers["location"]).status_code == 200


def test_a_killed_sandbox_remembers_what_it_answered(start: Start) -> None:
    first = start("--state", "killed")
    order = first.paid()
    first.process.child.send_signal(signal.SIGKILL)
    first.process.child.wait()
    second = start("--state", "killed")
    assert second.control("GET", f"orders/{order.md_order}")["captured_centimes"] == 143050


def test_neither_disk_nor_log_holds_a_card_number_cvv2_or_password(start: Start, tmp_path: Path) -> None:
    sandbox = start("--state", "secrets", "--log-level", "debug")
    order = sandbox.register()
    order.give_card("4000000000000002", iCVC="987")
    other = sandbox.register()
    other.give_card()
    sandbox.call("getOrderStatus.do", get=True, orderId=order.md_order)
    stop(sandbox)
    written = b"".join(path.read_bytes() for path in (tmp_path / "secrets").iterdir())
    log = sandbox.process.log.read_bytes()
    assert order.md_order.encode() in written
    for secret in (b"4000000000000002", b"6280581110007215", b"sandbox-oran-1"):
        assert secret not in written
        assert secret not in log
    assert b'"987"' not in written
    assert other.md_order.encode() not in log
    assert b"getOrderStatus.do" in log


def test_held_connections_do_not_keep_it_alive(start: Start) -> None:
    sandbox = start()
    sandbox.fault("time_out", call="register.do", seconds=600)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post("/payment/rest/register.do", timeout=0.2)
    stop(sandbox)


def test_it_announces_on_standard_output_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--public-url", "https://pay.example/"],
        env=os.environ | {"PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    ) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        assert told["public_url"] == "https://pay.example"
        assert told["rest_url"] == f"{told['http_url']}/payment/rest"
        assert told["pid"] == child.pid
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=30) == 0


def test_a_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("--http-port", str(taken.getsockname()[1]), folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("sandbox: ")


@pytest.mark.parametrize("content", ["{", "[]", '{"settings": {"page_seconds": "soon"}}', '{"merchants": [{}]}'])
def test_a_file_that_cannot_be_used_is_said_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "sandbox.json").write_text(content)
    ended = run("--config", "sandbox.json", folder=tmp_path)
    assert ended.returncode == 2
    assert "sandbox.json cannot be used" in ended.stderr


def test_merchants_and_settings_come_from_a_file_and_the_environment_wins(start: Start, tmp_path: Path) -> None:
    merchant = {"user_name": "SAT1", "password": "p", "terminals": ["E010000001"], "wire": "A"}
    config = {"merchants": [merchant], "settings": {"page_seconds": 5, "code_seconds": 6}}
    (tmp_path / "sandbox.json").write_text(json.dumps(config))
    sandbox = start("--config", str(tmp_path / "sandbox.json"), environment={"SANDBOX_PAGE_SECONDS": "9"})
    told = sandbox.control("GET", "settings")
    assert (told["page_seconds"], told["code_seconds"]) == (9, 6)
    (only,) = sandbox.control("GET", "merchants")["merchants"]
    assert (only["user_name"], only["wire"]) == ("SAT1", "A")


SRC = Path(__file__).resolve().parents[2] / "src"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        env=os.environ | {"PYTHONPATH": str(SRC)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def stop(sandbox: Sandbox) -> None:
    sandbox.http.close()
    assert sandbox.process.stop() == 0


@pytest.fixture
def start(new_process: Callable[..., Process], new_client: Callable[[Process], Sandbox]) -> Iterator[Start]:
    started: list[Sandbox] = []

    def one(*arguments: str, environment: dict[str, str] | None = None) -> Sandbox:
        started.append(new_client(new_process(*arguments, environment=environment)))
        return started[-1]

    yield one
    for sandbox in started:
        sandbox.http.close()
        sandbox.process.end()

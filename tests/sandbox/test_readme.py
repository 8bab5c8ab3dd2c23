"""The page for strangers says what the code does, and its commands work as they stand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from sandbox.bank.disorders import Kind as Disorder
from sandbox.bank.settings import BankSettings
from sandbox.configuration import parser
from sandbox.control import api
from sandbox.control import bank as bank_control
from sandbox.control import billing as billing_control
from sandbox.control import readers as reader_control
from sandbox.gateway import callnames
from sandbox.gateway.faults import Fault, Kind
from sandbox.gateway.merchants import DEMO_MERCHANTS, Merchant
from sandbox.gateway.settings import Settings
from sandbox.reader.faults import ENDINGS
from sandbox.reader.faults import Fault as ReaderFault
from sandbox.reader.nexo.door import OFFERED
from sandbox.reader.settings import ReaderSettings

if TYPE_CHECKING:
    from tests.sandbox.conftest import Process, Sandbox

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "sandbox"
TEXT = (PACKAGE / "README.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The code words in the first column of a section's tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [word for cell in rows for word in re.findall(r"`([^`]+)`", cell)]


def test_the_options_are_those_of_the_command_line() -> None:
    told = {word.split()[0] for word in first_cells(section("Start")) if word.startswith("--")}
    assert told == {option for action in parser()._actions for option in action.option_strings} - {"-h", "--help"}


def test_the_calls_are_those_of_the_gateway() -> None:
    assert sorted(first_cells(section("The calls"))) == sorted(callnames.ALL)


def test_the_merchants_and_their_switches_are_those_of_the_code() -> None:
    text = section("Merchants")
    for each in DEMO_MERCHANTS:
        assert f"| `{each.user_name}` | `{each.password}` | `{each.terminals[0]}` | `{each.wire}` |" in text
    names = [name for name in first_cells(text) if not name.startswith("SAT")]
    assert sorted(names) == sorted(each.name for each in fields(Merchant))


def test_the_defaults_of_a_merchant_are_those_of_the_code() -> None:
    defaults = {each.name: each.default for each in fields(Merchant) if each.default is not MISSING}
    for line in section("Merchants").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        for name in re.findall(r"`(\w+)`", cells[1]) if line.startswith("| `") else ():
            if name in defaults:
                shown = {"": "none", True: "true", False: "false"}.get(defaults[name], f"`{defaults[name]}`")
                assert cells[2] == shown, name


def test_the_settings_and_their_defaults_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", section("Settings"), re.MULTILINE))
    shown = {
        name: str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
        for name, value in Settings().to_row().items()
    }
    assert {name: value.strip("`") for name, value in rows.items()} == {
        name: str(value) for name, value in shown.items()
    }


def test_the_faults_are_those_of_the_code() -> None:
    text = section("Faults")
    table = "".join(line for line in text.splitlines() if line.startswith("|"))
    told = set(re.findall(r"`([a-z_0-9]+)`", table)) - {"seconds"}
    assert told == {str(kind) for kind in Kind}
    knobs = {each.name for each in fields(Fault)} - {"identifier", "until"}
    assert knobs <= set(re.findall(r"`(\w+)`", text.split("|")[0]))


@pytest.mark.parametrize(
    ("heading", "module"),
    [
        ("The control API", api),
        ("Card readers", reader_control),
        ("The billing system", billing_control),
        ("The bank", bank_control),
    ],
    ids=["gateway", "readers", "billing", "bank"],
)
def test_the_addresses_of_the_control_api_are_those_of_the_code(heading: str, module: ModuleType) -> None:
    told = set()
    for cell in re.findall(r"^\| (`(?:GET|POST)[^|]+) \|", section(heading), re.MULTILINE):
        told |= {word.split()[-1] for word in re.findall(r"`([^`]+)`", cell)} - {"GET", "POST", "DELETE"}
    there = {route.path.removeprefix("/control/").replace(":int", "") for route in module.routes}
    assert told == there


def test_the_settings_of_a_reader_and_their_defaults_are_those_of_the_code() -> None:
    table = section("Card readers").split("| setting |")[1].split("\n\n")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", table, re.MULTILINE))
    assert list(rows) == [each.name for each in fields(ReaderSettings)]
    for each in fields(ReaderSettings):
        if each.name != "poi_id":
            simple = f"{each.default:g}" if isinstance(each.default, float) else str(each.default)
            shown = {"": "none", "True": "true", "False": "false"}.get(simple, simple)
            assert rows[each.name].strip("`") == shown, each.name


def test_the_faults_of_a_reader_and_their_endings_are_those_of_the_code() -> None:
    text = section("Card readers").split("| kind |")
    rows = re.findall(r"^\| `(\w+)` \| (\d\d) \|", text[1], re.MULTILINE)
    assert {ending: kind for kind, ending in rows} == ENDINGS
    knobs = {each.name for each in fields(ReaderFault)} - {"identifier", "until"}
    assert knobs <= set(re.findall(r"`(\w+)`", text[0]))


def test_the_messages_of_a_reader_are_those_of_the_code() -> None:
    (row,) = re.findall(r"^\| `nexo` \|(.+)\|$", section("Card readers"), re.MULTILINE)
    assert set(re.findall(r"`([A-Z]\w+)`", row)) == {*OFFERED, "Normal", "Refund"}


def test_the_contracts_of_the_bank_are_those_of_the_code() -> None:
    table = section("The bank").split("| contract |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [each.name for each in fields(BankSettings)]


def test_the_disorders_of_the_bank_are_those_of_the_code() -> None:
    told = first_cells(section("The bank").split("| kind |")[1])
    assert sorted(told) == sorted(Disorder)


def test_it_needs_no_more_packages_than_the_page_says() -> None:
    told = re.search(r"`pip install ([a-z0-9 -]+)`", section("Start"))
    assert told is not None
    imported = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"sandbox"}
    # Starlette reads forms in several parts with the help of python-multipart.
    assert foreign | {"python-multipart"} == set(told[1].split())


def test_help_tells_where_to_begin() -> None:
    told = parser().format_help()
    for words in ("/payment/rest", "SAT2601010001", "6280581110007215", "--http-port 8600"):
        assert words in told


@pytest.fixture
def of_its_own(new_process: Callable[..., Process], new_client: Callable[[Process], Sandbox]) -> Iterator[Sandbox]:
    sandbox = new_client(new_process())
    yield sandbox
    sandbox.http.close()
    sandbox.process.end()


def test_the_commands_work_one_after_the_other(of_its_own: Sandbox, tmp_path: Path) -> None:
    script = "set -e\n" + "echo\n".join(re.findall(r"^```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
    done = subprocess.run(
        ["bash", "-c", script.replace("http://127.0.0.1:8600", of_its_own.told["http_url"])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"OrderStatus":2' in done.stdout
    assert '{"errorCode":"0"}' in done.stdout
    (order,) = of_its_own.control("GET", "orders?order_number=FIRST00001")["orders"]
    assert (order["captured_centimes"], order["returned_centimes"]) == (80650, 2000)
    assert '"AuthorizedAmount":1234.56' in done.stdout
    log = of_its_own.control("GET", "readers/SIM1000-000000012/transactions")["transactions"]
    assert [(line["reference"], line["captured_centimes"]) for line in log] == [("S-000123-1", 123_456)]
    (fault,) = of_its_own.control("GET", "faults")["faults"]
    assert (fault["kind"], fault["effect"]) == ("time_out", True)

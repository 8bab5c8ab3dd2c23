"""The examples of deploy/ are read by the tools that will read them, where those are here; the rest is parsed."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import reverse

from bawabati.adapters.statements.contract import LARGEST_FILE_BYTES
from bawabati.web.shared.uploads import MEGABYTE
from house.source import ROOT

DEPLOY = ROOT / "deploy"
PROXIES = (DEPLOY / "nginx" / "bawabati.conf", DEPLOY / "compose" / "nginx.conf")
UNITS = sorted((DEPLOY / "systemd").glob("bawabati-*"))
ANALYZE = shutil.which("systemd-analyze")
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "CapabilityBoundingSet=",
)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_is_made_of_sections_and_settings(unit: Path) -> None:
    read = configparser.RawConfigParser(strict=False, interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]  # as it is written
    read.read_string(unit.read_text())
    assert read.has_section("Unit")
    assert read.get("Unit", "Description")
    assert set(read.sections()) <= {"Unit", "Install", unit.suffix[1:].capitalize()}


def test_systemd_reads_every_unit_where_there_is_a_systemd(tmp_path: Path) -> None:
    assert UNITS
    if ANALYZE is None:
        return  # not skipped: what is said of each unit above was tested without it
    for unit in UNITS:
        # What the units start is not installed here, so something that is stands in its place.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "bawabati" in line and "network-online" not in line]
    assert ours == []


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_every_service_gives_up_what_it_does_not_need(unit: Path) -> None:
    text = unit.read_text()
    assert [line for line in HARDENED if line not in text] == []
    assert "User=root" not in text


def test_every_timer_has_its_service() -> None:
    names = {unit.name for unit in UNITS}
    for timer in (name for name in names if name.endswith(".timer")):
        assert timer.replace(".timer", ".service") in names


def test_what_the_units_start_is_a_command_of_ours() -> None:
    commands = {
        path.stem.replace("_", "-") for path in (ROOT / "src/bawabati/jobs/management/commands").glob("[a-z]*.py")
    }
    for unit in UNITS:
        for started in re.findall(
            r"^ExecStart=/opt/bawabati/\.venv/bin/bawabati ([a-z-]+)", unit.read_text(), re.MULTILINE
        ):
            assert started in commands, unit.name


def test_the_composition_gives_portal_and_worker_nothing_that_they_do_not_need() -> None:
    told = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
    for name in ("portal", "worker", "setup", "backup"):
        service = told["services"][name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "ports" not in service, name
    assert set(told["services"]["proxy"]["ports"]) == {"80:80", "443:443"}
    assert set(told["secrets"]) >= {"secret-key", "backup-key"}


def test_the_image_is_made_of_locked_versions() -> None:
    text = (DEPLOY / "compose" / "Dockerfile").read_text()
    assert "--require-hashes requirements.lock" in text
    assert "USER bawabati" in text


@pytest.mark.parametrize("file", PROXIES, ids=str)
def test_the_proxy_keeps_figures_inside_and_believes_nobodys_address(file: Path) -> None:
    text = file.read_text()
    assert text.count("{") == text.count("}")
    assert "location = /metrics { return 404; }" in text
    passed = (DEPLOY / "nginx" / "bawabati-pass.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in passed


@pytest.mark.parametrize("file", PROXIES, ids=str)
def test_the_proxy_lets_through_what_each_page_says_that_it_takes(file: Path, settings: Any) -> None:  # noqa: ANN401
    """Otherwise people read the proxy's own page, in English, in place of our sentence."""
    places = re.findall(r"location ~ (\S+) \{\s+client_max_body_size (\d+)m;", file.read_text())
    for name, megabytes in (
        ("office_bring_bills", settings.BILL_FILE_MEGABYTES),
        ("office_settlement_bring", LARGEST_FILE_BYTES // MEGABYTE),
        ("office_company_logo", settings.POSTED_FILE_MEGABYTES),
    ):
        first = next(int(most) for place, most in places if re.search(place, reverse(name, args=["ar"])))
        assert first > megabytes, name


@pytest.mark.parametrize("file", PROXIES, ids=str)
def test_the_proxy_does_not_take_the_telephones_of_a_carrier_for_one_attacker(file: Path) -> None:
    """Rule: limits (behaviour.md 6, "Many phones behind one carrier's address")"""
    text = file.read_text()
    for found, least in ((r"rate=(\d+)r/s", 200), (r"burst=(\d+)", 400), (r"limit_conn lines (\d+)", 1000)):
        (number,) = re.findall(found, text)
        assert int(number) >= least

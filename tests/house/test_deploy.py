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
from bawabati.api.keys import LARGEST_BODY_MEGABYTES
from bawabati.flows.take_in_channel_file import MOST_BYTES
from bawabati.web.shared.uploads import MEGABYTE
from house.source import ROOT

DEPLOY = ROOT / "deploy"
PROXY = DEPLOY / "nginx" / "bawabati.conf"
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


def test_every_file_that_the_composition_shows_to_a_container_is_there() -> None:
    """But for those that the installation has of its own."""
    told = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
    for service in told["services"].values():
        for volume in service.get("volumes", []):
            here = volume.partition(":")[0]
            assert not here.startswith(".") or here == "./tls" or (DEPLOY / "compose" / here).is_file(), here


def test_the_portal_believes_the_network_on_which_the_proxy_comes() -> None:
    told = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
    (network,) = told["services"]["proxy"]["networks"]
    assert network in told["services"]["portal"]["networks"]
    (part,) = told["networks"][network]["ipam"]["config"]
    assert told["services"]["portal"]["environment"]["BAWABATI_TRUSTED_PROXIES"] == part["subnet"]


def test_the_proxy_keeps_no_address_of_a_payment() -> None:
    """Its log of errors writes whole addresses below "crit"."""
    text = PROXY.read_text()
    assert text.count("access_log off;") == 2
    assert re.findall(r"error_log \S+ (\w+);", text) == ["crit"]


def test_the_image_is_made_of_locked_versions() -> None:
    text = (DEPLOY / "compose" / "Dockerfile").read_text()
    assert "--require-hashes requirements.lock" in text
    assert "USER bawabati" in text


def test_the_proxy_keeps_figures_inside_and_believes_nobodys_address() -> None:
    text = PROXY.read_text()
    assert text.count("{") == text.count("}")
    assert "location = /metrics { return 404; }" in text
    passed = (DEPLOY / "nginx" / "bawabati-pass.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in passed


def test_the_proxy_lets_through_what_each_door_says_that_it_takes(settings: Any) -> None:  # noqa: ANN401
    """Otherwise people read the proxy's own page, in English, in place of our sentence."""
    for address, megabytes in (
        (reverse("office_bring_bills", args=["ar"]), settings.BILL_FILE_MEGABYTES),
        (reverse("office_settlement_bring", args=["ar"]), LARGEST_FILE_BYTES / MEGABYTE),
        (reverse("office_company_logo", args=["ar"]), settings.POSTED_FILE_MEGABYTES),
        ("/api/v1/bill-files", settings.BILL_FILE_MEGABYTES),
        ("/api/v1/bills", LARGEST_BODY_MEGABYTES),
        ("/api/v1/channel/files", MOST_BYTES / MEGABYTE),
    ):
        assert _megabytes_through(address) > megabytes, address


def _megabytes_through(address: str) -> int:
    """As nginx chooses: the very address, then the patterns in order, then the beginning."""
    places = re.findall(r"location (=|~)? ?(\S+) \{\s+client_max_body_size (\d+)m;", PROXY.read_text())
    fits = {"=": address.__eq__, "~": lambda place: re.search(place, address), "": address.startswith}
    return next(int(most) for kind in fits for how, place, most in places if how == kind and fits[kind](place))


def test_the_proxy_does_not_take_the_telephones_of_a_carrier_for_one_attacker() -> None:
    """Rule: limits (behaviour.md 6, "Many phones behind one carrier's address")"""
    text = PROXY.read_text()
    for found, least in ((r"rate=(\d+)r/s", 200), (r"burst=(\d+)", 400), (r"limit_conn lines (\d+)", 1000)):
        (number,) = re.findall(found, text)
        assert int(number) >= least

"""The agency of the demonstration: three desks, two readers of the sandbox, and the bridge that speaks to them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from demo.children import Children
from demo.people import PEOPLE
from demo.ports import LOOPBACK, free_port
from demo.steps import in_one_process

COMPANY, AGENCY, OPERATOR = "oran", "oran-centre", "operator@oran.example"
NEXO, CAISSE_AP = "SIM1000-DEMO31001", "SIM2000-DEMO31101"
_BRIDGE = ("-m", "agency_bridge")
_DESKS = "desks.json"
_PASSPHRASE = "a reader and its bridge, for the demonstration"  # noqa: S105 - everybody may know it
_KEY = {"key_identifier": "demo", "key_version": 1}
_ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Where the customer stands, and where cash is taken when the line is cut."""

    reader_screen: str
    offline_url: str
    bridge: Path
    """The bridge's folder."""
    needs_code: bool
    """The bridge is not at home at this portal yet."""


def place_desks(*, state: Path, portal_url: str, sandbox_url: str, certificate: Path | None) -> Desks:
    """Readers of the sandbox, and what the portal is to know of them. Safe to repeat. The sandbox answers."""
    bridge = state / "bridge"
    bridge.mkdir(exist_ok=True, mode=0o700)
    offline_port = _settings(bridge, certificate)
    needs_code = _portal_of(bridge) != portal_url
    wanted = {"company": COMPANY, "agency": AGENCY, "operator": OPERATOR, "bridge": AGENCY, "needs_code": needs_code}
    (state / _DESKS).write_text(json.dumps(wanted | {"desks": _desks(sandbox_url)}))
    return Desks(
        reader_screen=f"{sandbox_url}/reader/{NEXO}/",
        offline_url=f"http://{LOOPBACK}:{offline_port}/",
        bridge=bridge,
        needs_code=needs_code,
    )


def open_desks(children: Children, desks: Desks, *, state: Path, portal_url: str) -> None:
    """Lets people sign in, tells the portal of the desks, and starts the bridge. Safe to repeat. The portal answers."""
    people = state / "people.json"
    people.write_text(json.dumps([asdict(person) for person in PEOPLE]))
    steps = [["demo-staff", str(people)], ["demo-desks", str(state / _DESKS)]]
    told = in_one_process(children, "desks", steps)
    if desks.needs_code:
        code = told.answer("code")["code"]
        enrol = ("enrol", "--portal", portal_url, "--code", code, "--folder", str(desks.bridge))
        children.run("bridge-enrol", *_BRIDGE, *enrol)
    children.start("bridge", *_BRIDGE, "run", "--folder", str(desks.bridge))


def _desks(sandbox_url: str) -> list[dict[str, Any]]:
    """One desk for each way to speak to a reader: asked by our identifier, by its last ticket, or not at all."""
    nexo = _reader(sandbox_url, {"poi_id": NEXO, "protocol": "nexo", "passphrase": _PASSPHRASE, **_KEY})
    caisse_ap = _reader(sandbox_url, {"poi_id": CAISSE_AP, "protocol": "caisse_ap", "till": "02"})
    return [
        {
            "code": "OC-C1",
            "name": "1",
            "reader": {
                "serial": "DEMO-31-001",
                "model": "SIM1000",
                "protocol": "nexo",
                "poi_id": NEXO,
                "host": LOOPBACK,
                "port": nexo["port"],
                "options": {"tls_ca_pem": nexo["ca_pem"], **_KEY},
                "passphrase": _PASSPHRASE,
            },
        },
        {
            "code": "OC-C2",
            "name": "2",
            "reader": {
                "serial": "DEMO-31-101",
                "model": "SIM2000",
                "protocol": "caisse_ap",
                "poi_id": CAISSE_AP,
                "host": LOOPBACK,
                "port": caisse_ap["port"],
                "options": {"till": "02"},
            },
        },
        {"code": "OC-C3", "name": "3", "reader": {"serial": "DEMO-31-201", "model": "", "protocol": "manual"}},
    ]


def _reader(sandbox_url: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sandbox's reader of that name: it keeps its port and its certificate from one day to the next."""
    request = urllib.request.Request(  # noqa: S310 - the sandbox's own address
        f"{sandbox_url}/control/readers",
        data=json.dumps(wanted).encode(),
        headers={"Content-Type": "application/json"},
    )
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with directly.open(request, timeout=_ANSWER_SECONDS) as answer:
        known: Mapping[str, Any] = json.load(answer)
    return known


def _settings(folder: Path, certificate: Path | None) -> int:
    """What the bridge is told: whom to trust, and a port for its page; the port."""
    port = free_port(but=set())
    lines = [f"desk_port = {port}"]
    if certificate is not None:
        lines.append(f"portal_ca_file = {json.dumps(str(certificate))}")
    (folder / "settings.toml").write_text("\n".join([*lines, ""]))
    return port


def _portal_of(folder: Path) -> str:
    """Where the bridge is at home already; empty before its first day."""
    try:
        return str(json.loads((folder / "identity.json").read_text())["portal"])
    except (OSError, ValueError, KeyError):
        return ""

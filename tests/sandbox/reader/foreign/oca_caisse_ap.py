"""Sale, refusal, red key and refund in DZD through OCA's Odoo module for Caisse-AP, which has never seen this project.

python oca_caisse_ap.py <folder where the wheel was unpacked> <sandbox url>

The module is run as it is. Of Odoo it gets what little it asks for; pycountry tells it the number of the currency.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx

POI = "FR-0001"
POOR = "6280580610061110"


class Model:
    """What the module expects of `models.Model`."""

    def ensure_one(self) -> None:
        """There is one."""

    def browse(self, _identifier: int) -> Any:  # noqa: ANN401 - a model of Odoo's
        return self


class Currency:
    name, decimal_places = "DZD", 2

    def browse(self, _identifier: int) -> Currency:
        return self

    def compare_amounts(self, one: float, other: float) -> int:
        return (one > other) - (one < other)


class Environment(dict[str, object]):
    def _(self, text: str, *positional: object, **named: object) -> str:
        return text % (positional or named)


def load(folder: Path, port: int) -> Any:  # noqa: ANN401 - a class of Odoo's
    """The module's own class, as a payment method that points to our reader."""
    odoo, exceptions = ModuleType("odoo"), ModuleType("odoo.exceptions")
    odoo.models = SimpleNamespace(Model=Model)  # type: ignore[attr-defined]
    odoo.api = SimpleNamespace(model=lambda method: method, constrains=lambda *_: lambda method: method)  # type: ignore[attr-defined]
    kinds = ("Selection", "Char", "Integer")
    odoo.fields = SimpleNamespace(**{kind: lambda *_, **__: None for kind in kinds})  # type: ignore[attr-defined]
    exceptions.ValidationError = ValueError  # type: ignore[attr-defined]
    sys.modules |= {"odoo": odoo, "odoo.exceptions": exceptions}
    path = folder / "odoo/addons/l10n_fr_pos_caisse_ap_ip/models/pos_payment_method.py"
    names: dict[str, Any] = {"__name__": "pos_payment_method"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)  # noqa: S102 - what was asked for
    method = names["PosPaymentMethod"]()
    method.env = Environment({"res.currency": Currency()})
    method.fr_caisse_ap_ip_mode = "card"
    method.fr_caisse_ap_ip_address, method.fr_caisse_ap_ip_port = "127.0.0.1", port
    return method


def main() -> None:
    folder, sandbox = Path(sys.argv[1]), httpx.Client(base_url=sys.argv[2], trust_env=False)
    quick = {"autopilot": True, "autopilot_seconds": 0, "host_seconds": 0.1, "printing_seconds": 0.1}
    reader = sandbox.post("/control/readers", json={"poi_id": POI, "protocol": "caisse_ap", **quick}).json()
    method = load(folder, reader["port"])

    def change(**settings: object) -> None:
        sandbox.post(f"/control/readers/{POI}", json=settings).raise_for_status()

    def pay(amount: float) -> dict[str, str]:
        asked = {"amount": amount, "currency_id": 1, "payment_method_id": 1, "timeout": 60_000}
        told: dict[str, str] = method.fr_caisse_ap_ip_send_payment(asked)
        return told

    paid = pay(1234.56)
    assert paid["payment_status"] == "success", paid
    assert "CB contact" in paid["card_type"]
    assert "AC-" in paid["transaction_id"]
    back = pay(-34.56)
    assert back["payment_status"] == "success", back
    change(autopilot_card=POOR)
    refused = pay(500.0)
    assert (refused["payment_status"], "Refusée" in refused["error_message"]) == ("failure", True), refused
    change(autopilot=False)
    with ThreadPoolExecutor() as beside:
        waiting = beside.submit(pay, 10.0)
        while sandbox.get(f"/control/readers/{POI}").json()["stage"] != "card":
            pass
        sandbox.post(f"/control/readers/{POI}/cancel", json={}).raise_for_status()
        cancelled = waiting.result(30)
    assert (cancelled["payment_status"], "Abandon" in cancelled["error_message"]) == ("failure", True), cancelled
    log = sandbox.get(f"/control/readers/{POI}/transactions").json()["transactions"]
    left = sum(line["captured_centimes"] - line["returned_centimes"] for line in log)
    assert left == 123_456 - 3_456, log
    sys.stdout.write(f"sale, refund, refusal and red key in DZD; {len(log)} lines, {left} centimes taken\n")


if __name__ == "__main__":
    main()

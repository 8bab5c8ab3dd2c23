"""The whole street of a card at a desk: portal, bridge and reader as processes of their own, over real lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from django.utils import timezone

from agency_bridge.identity import read_identity
from bridge.cashier import Cashier
from bridge.cuttable import CuttableLine, cuttable_line
from bridge.running import SETTINGS, bridge_in, command
from bridge.scripted import Json
from desks import Counter, add_counter, take
from people import OMAR, add_bill
from programs import free_port

if TYPE_CHECKING:
    from bawabati.bills.models import Bill
    from bawabati.companies.models import Company
    from bawabati.payments.models import Sale
    from programs import Program

PATIENCE_SECONDS = 40
QUICK: Json = {"autopilot": True, "autopilot_seconds": 0, "host_seconds": 0, "printing_seconds": 0}


@pytest.fixture
def control(sandbox: Program) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{sandbox.url}/control/", trust_env=False) as control:
        yield control
        control.request("DELETE", "reader-faults", json={})


@pytest.fixture
def line(portal: Program) -> Iterator[CuttableLine]:
    with cuttable_line(int(portal.url.rsplit(":", 1)[1])) as line:
        yield line


@pytest.fixture(params=["nexo"])
def counter(
    company: Company,
    line: CuttableLine,
    control: httpx.Client,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Counter]:
    """A desk whose reader is the sandbox's, and whose bridge was enrolled with a code of the portal's."""
    from bawabati.companies.models import Reader  # noqa: PLC0415 - settings first
    from bawabati.flows.enrol_bridge import make_enrolment_code  # noqa: PLC0415

    counter = add_counter(company, protocol=request.param, now=timezone.now())
    poi_id = counter.reader.poi_id
    told = control.post("readers", json={"poi_id": poi_id, "protocol": request.param, "till": "07", **QUICK}).json()
    desk_port = free_port()
    code = make_enrolment_code(agency=counter.agency, name="AG07-PC2", login=OMAR, now=timezone.now())
    (tmp_path / "settings.toml").write_text(SETTINGS.format(desk_port=desk_port))
    done = command("enrol", "--portal", f"http://127.0.0.1:{line.port}", "--code", code, "--folder", str(tmp_path))
    assert done.returncode == 0, done.stderr
    Reader.objects.filter(id=counter.reader.id).update(
        bridge_id=read_identity(tmp_path).bridge,
        host="127.0.0.1",
        port=told["port"],
        options={"tls_ca_pem": told["ca_pem"], "till": "07"},
        boot="",
    )
    yield counter
    control.delete(f"readers/{poi_id}")


def wait_for(what: Callable[[], object], *, said: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)


def taken(control: httpx.Client, poi_id: str) -> int:
    rows = control.get(f"readers/{poi_id}/transactions").json()["transactions"]
    return sum(row["captured_centimes"] - row["returned_centimes"] for row in rows if row["category"] == "Payment")


def state_of(sale: Sale) -> str:
    sale.refresh_from_db()
    return str(sale.state)


@pytest.mark.parametrize("counter", ["nexo", "caisse_ap"], indirect=True)
def test_a_card_pays_a_bill_at_the_desk(counter: Counter, bill: Bill, control: httpx.Client, tmp_path: Path) -> None:
    sale = take(counter, bill, now=timezone.now())
    with bridge_in(tmp_path) as bridge:
        wait_for(lambda: state_of(sale) == "settled", said=bridge.said)
        assert bridge.stop() == 0, bridge.said()
    assert taken(control, counter.reader.poi_id) == sale.amount_centimes


def test_a_sale_whose_answer_was_lost_is_asked_after_and_settled_once(
    counter: Counter,
    bill: Bill,
    control: httpx.Client,
    tmp_path: Path,
    worker: Program,  # noqa: ARG001 - it asks after what is unknown
) -> None:
    control.post("reader-faults", json={"kind": "close_after_approval", "poi_id": counter.reader.poi_id, "times": 1})
    sale = take(counter, bill, now=timezone.now())
    with bridge_in(tmp_path) as bridge:
        wait_for(lambda: state_of(sale) == "settled", said=bridge.said)
    assert taken(control, counter.reader.poi_id) == sale.amount_centimes


def test_a_bridge_killed_while_the_card_is_there_loses_no_sale(
    counter: Counter,
    bill: Bill,
    control: httpx.Client,
    tmp_path: Path,
    worker: Program,  # noqa: ARG001 - it asks after what is unknown
) -> None:
    sale = take(counter, bill, now=timezone.now())
    with bridge_in(tmp_path, dies_at="reader: answered") as bridge:
        bridge.wait_for_death()
    assert taken(control, counter.reader.poi_id) == sale.amount_centimes
    with bridge_in(tmp_path) as bridge:
        wait_for(lambda: state_of(sale) == "settled", said=bridge.said)
    assert taken(control, counter.reader.poi_id) == sale.amount_centimes


def test_a_card_whose_line_is_cut_in_the_middle_pays_once(
    counter: Counter,
    bill: Bill,
    line: CuttableLine,
    control: httpx.Client,
    tmp_path: Path,
    worker: Program,  # noqa: ARG001 - it asks after what is unknown
) -> None:
    poi_id = counter.reader.poi_id
    control.post(f"readers/{poi_id}", json={"autopilot_seconds": 1.0})
    sale = take(counter, bill, now=timezone.now())
    with bridge_in(tmp_path) as bridge:
        wait_for(lambda: control.get(f"readers/{poi_id}/transactions").json()["count"], said=bridge.said)
        line.cut()
        wait_for(lambda: "approved" in bridge.said(), said=bridge.said)
        assert state_of(sale) == "sent"
        line.mend()
        wait_for(lambda: state_of(sale) == "settled", said=bridge.said)
    assert taken(control, poi_id) == sale.amount_centimes


def test_cash_taken_while_the_line_is_cut_settles_its_bill_when_it_is_back(
    counter: Counter, company: Company, bill: Bill, line: CuttableLine, tmp_path: Path
) -> None:
    from bawabati.bills.models import Bill as Bills  # noqa: PLC0415 - settings first
    from bawabati.desks.models import OfflineReceipt  # noqa: PLC0415
    from bawabati.flows.set_aside_block import set_aside_block  # noqa: PLC0415

    aside = set_aside_block(desk_id=counter.desk.id, size=5, staff=counter.cashier, now=timezone.now())
    other = add_bill(company, seed=2)
    with bridge_in(tmp_path) as bridge, Cashier.at(tmp_path) as cashier:
        wait_for(lambda: counter.desk.code in cashier.get(), said=bridge.said)
        line.cut()
        wait_for(lambda: "does not answer" in bridge.said(), said=bridge.said)
        assert cashier.sign_in(block=str(aside.block.id), code=aside.code).status_code == 200
        cashier.take(number=bill.payment_number, amount="1430,50")
        given = cashier.take(number="31040000000000000025", amount="70")
        assert given.status_code == 200
        cashier.take(number=other.payment_number, amount="1430,50")
        cashier.void(aside.block.first + 2)
        assert OfflineReceipt.objects.count() == 0
        line.mend()
        wait_for(lambda: OfflineReceipt.objects.count() == 3, said=bridge.said)
        wait_for(lambda: "Facture inconnue" in cashier.get(), said=bridge.said)
    assert Bills.objects.get(id=bill.id).settled_centimes == bill.due_centimes
    assert Bills.objects.get(id=other.id).settled_centimes == 0

"""X, Z and the signed day on paper, and receipt numbers set aside: pages of the cashier and the agency's head."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from agency import At, add_agency
from bawabati.companies.models import Bridge, Company, Reader
from bawabati.desks.models import DeskSession, NumberBlock, OfflineReceipt
from payers import FormClient
from staff import signed_in

pytestmark = pytest.mark.usefixtures("collected")


@pytest.fixture
def at(company: Company) -> At:
    return add_agency(company)


@pytest.fixture
def warda(at: At) -> Client:
    client = signed_in(at.warda, client=FormClient())
    client.post("/fr/counter/open/", {"desk": at.first.id, "pieces_100000": "5"})
    assert DeskSession.objects.count() == 1
    return client


@pytest.fixture
def houria(at: At) -> Client:
    return signed_in(at.houria, client=FormClient())


def address(what: str) -> str:
    return f"/fr/counter/session/{DeskSession.objects.get().id}/{what}"


def test_an_x_goes_to_both_sizes_of_paper(warda: Client) -> None:
    pdf = warda.get(address("report.pdf"))
    assert (pdf.status_code, pdf.headers["Content-Type"], pdf.content[:4]) == (200, "application/pdf", b"%PDF")
    assert "no-store" in pdf.headers["Cache-Control"]
    roll = warda.get(address("roll/"))
    assert roll.status_code == 200
    assert "Rapport X" in roll.content.decode()


def test_nobody_prints_the_session_of_somebody_else(warda: Client, at: At) -> None:
    assert warda.get(address("report.pdf")).status_code == 200
    reda = signed_in(at.reda, client=FormClient())
    assert reda.get(address("report.pdf")).status_code == 409
    assert warda.get("/fr/counter/session/0/report.pdf").status_code == 409


def test_z_and_signed_day_are_printed(warda: Client, houria: Client) -> None:
    warda.post("/fr/counter/close/", {"pieces_100000": "5"})
    assert "Rapport Z" in warda.get(address("roll/")).content.decode()
    day = DeskSession.objects.get().opened_on.isoformat()
    assert houria.get(f"/fr/agency/day/{day}/closing.pdf").status_code == 404
    houria.post(f"/fr/agency/day/{day}/")
    assert houria.get(f"/fr/agency/day/{day}/closing.pdf").content.startswith(b"%PDF")
    assert houria.get("/fr/agency/day/2026-13-45/closing.pdf").status_code == 404


def test_numbers_are_set_aside_and_their_code_is_shown_once(warda: Client, at: At) -> None:
    assert warda.post("/fr/counter/block/", {"size": "20"}).status_code == 422
    bridge = Bridge.objects.create(company=at.company, agency=at.agency, name="PC")
    Reader.objects.create(
        company=at.company, agency=at.agency, desk=at.first, bridge=bridge, protocol="nexo", poi_id="SIM1", serial="1"
    )
    for wrong in ("", "x", "0", "99999", "9999999"):
        assert warda.post("/fr/counter/block/", {"size": wrong}).status_code == 422
    page = warda.post("/fr/counter/block/", {"size": "20"})
    assert page.status_code == 200
    assert re.search(r">\d{8}<", page.content.decode())
    assert "no-store" in page.headers["Cache-Control"]
    again = warda.get("/fr/counter/block/").content.decode()
    assert not re.search(r">\d{8}<", again)
    assert "AG07-C1B" in again


def test_the_head_voids_what_no_bridge_will_tell(warda: Client, houria: Client, at: At) -> None:
    test_numbers_are_set_aside_and_their_code_is_shown_once(warda, at)
    warda.post("/fr/counter/close/", {"pieces_100000": "5"})
    block = NumberBlock.objects.get()
    assert "AG07-C1B" in houria.get("/fr/agency/blocks/").content.decode()
    assert houria.post("/fr/agency/blocks/", {"block": block.id, "because": " "}).status_code == 422
    for strange in ("x", "0", "9" * 30):
        assert houria.post("/fr/agency/blocks/", {"block": strange, "because": "?"}).status_code == 404
    done = houria.post("/fr/agency/blocks/", {"block": block.id, "because": "the computer is gone"})
    assert done.status_code == 303
    assert OfflineReceipt.objects.filter(outcome="void").count() == 20
    assert "AG07-C1B" not in houria.get("/fr/agency/blocks/").content.decode()

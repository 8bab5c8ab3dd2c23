"""Other channels in the office: what waits, what differs, files by hand, and what two people decide."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.payments.models import Channel, ChannelDifference, ChannelFile, Payment, Reservation
from bawabati.payments.rules.channels import Word
from bawabati.people.models import Staff
from channels import Partner, day_file
from people import NADIA, NOON, OMAR, SALIMA
from staff import signed_in

pytestmark = pytest.mark.usefixtures("database", "collected")

PAGE = "/fr/office/channels/"


@pytest.fixture
def bank(company: Company) -> Partner:
    return Partner.of(company)


def of(login: str) -> Client:
    return signed_in(Staff.objects.get(login=login))


def test_two_people_end_what_a_channel_does_not_know(bank: Partner, bill: Bill) -> None:
    reservation = bank.reserve("A-1", bill)
    bank.says("A-1", Word.PENDING)
    salima, nadia = of(SALIMA), of(NADIA)
    assert "A-1" in salima.get(PAGE).content.decode()
    address = f"{PAGE}reservations/{reservation.id}/"
    refused = salima.post(f"{address}propose/", {"because": "letter"})
    assert refused.status_code == 422
    assert "letter" in refused.content.decode()
    salima.post(f"{address}propose/", {"what": "confirmed_paid", "because": "Lettre 12"})
    assert "Lettre 12" in nadia.get(address).content.decode()
    seen = Reservation.objects.get().event_count
    assert salima.post(f"{address}confirm/", {"seen": seen, "agrees": "yes"}).status_code == 422
    nadia.post(f"{address}confirm/", {"seen": seen, "agrees": "yes"})
    assert Reservation.objects.get().state == "paid"
    payment = Payment.objects.get()
    shown = salima.get(f"/fr/office/payments/{payment.id}/").content.decode()
    assert "BaridiMob" in shown
    assert f'href="{address}"' in shown


def test_a_person_brings_a_file_and_two_take_in_what_nobody_reserved(bank: Partner, bill: Bill) -> None:
    salima, nadia = of(SALIMA), of(NADIA)
    content = day_file(date(2026, 11, 22), ("X", bill.payment_number, "1430.50", NOON.isoformat(), "paid"))

    def bring(sent: bytes) -> int:
        file = SimpleUploadedFile("jour.csv", sent, content_type="text/csv")
        return salima.post(f"{PAGE}bring/", {"channel": bank.channel.code, "file": file}).status_code

    assert bring(content.replace(b"TOTAL;1", b"TOTAL;2")) == 422
    assert salima.post(f"{PAGE}bring/", {"channel": "none"}).status_code == 422
    assert bring(content) == bring(content) == 303
    assert ChannelFile.objects.get().name == "jour.csv"
    bank.brings(content, now=NOON)
    difference = ChannelDifference.objects.get()
    address = f"{PAGE}differences/{difference.id}/"
    assert salima.post(f"{address}propose/", {"how": "given_away", "because": "x"}).status_code == 422
    salima.post(f"{address}propose/", {"how": "taken_in", "because": "Lettre 13"})
    assert "Lettre 13" in nadia.get(address).content.decode()
    nadia.post(f"{address}confirm/", {"how": "taken_in", "agrees": "yes"})
    assert Payment.objects.get().state == "paid"
    assert salima.get(address).status_code == 200


def test_a_company_sets_its_channel(bank: Partner) -> None:
    salima = of(SALIMA)
    address = f"{PAGE}{bank.channel.id}/"
    typed = {"name_ar": "بريدي موب", "name_fr": "BaridiMob (Algérie Poste)", "files_since": "2026-11-22"}
    wrong = salima.post(address, typed | {"hold_minutes": "many"})
    assert wrong.status_code == 422
    assert "Algérie Poste" in wrong.content.decode()
    assert salima.post(address, typed | {"hold_minutes": "20", "files_since": "soon"}).status_code == 422
    assert salima.post(address, typed | {"hold_minutes": "20", "is_open": "yes"}).status_code == 303
    channel = Channel.objects.get()
    assert (channel.hold_minutes, channel.name_ar, channel.is_open) == (20, "بريدي موب", True)
    assert salima.get(f"{PAGE}999/").status_code == 404


def test_whoever_does_not_see_settlement_sees_no_channel(bank: Partner) -> None:
    assert of(OMAR).get(PAGE).status_code == 403
    assert bank.channel.code not in of(OMAR).get("/fr/office/payments/").content.decode()

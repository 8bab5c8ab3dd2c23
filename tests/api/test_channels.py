"""A bank's application over HTTP: it asks, reserves, pays, cancels, does not know, and brings its day."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from bawabati.bills.models import Bill
from bawabati.bills.reads import list_tranches
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.guard.models import Counter
from bawabati.guard.rules import By, Scope
from bawabati.guard.writes import note
from bawabati.payments.models import Channel, ChannelFile, Payment, Reservation
from bawabati.workdays import accounting_day
from channels import day_file
from debtors import agree, left_of_tranches, offer_instalments_at
from machines import Answer, Machine
from people import AMINAS_CARD, add_arrears, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database", "collected")

CENTIMES = 1_430_50


@pytest.fixture
def bank(company: Company) -> Machine:
    return Machine.of(company, "channel", name="BaridiMob, server 1", channel="BaridiMob")


def reserve(bank: Machine, reference: str, *bills: Bill, once: str = "") -> Answer:
    wanted = [{"payment_number": bill.payment_number, "amount_centimes": bill.due_centimes} for bill in bills]
    return bank.post("channel/reservations", {"reference": reference, "bills": wanted, "language": "fr"}, once=once)


def pay(bank: Machine, reference: str, centimes: int = CENTIMES, *, once: str = "") -> Answer:
    said = {"amount_centimes": centimes, "transaction": "T-1", "paid_at": timezone.now().isoformat()}
    return bank.post(f"channel/reservations/{reference}/paid", said, once=once)


def test_from_the_question_to_the_receipt(bank: Machine, bill: Bill) -> None:
    shown = bank.post("channel/bills/query", {"payment_number": bill.payment_number}).json()
    assert (shown["standing"], shown["left_centimes"], shown["holder_initials"]) == ("payable", CENTIMES, "A. B.")

    reserved = reserve(bank, "A-1", bill, once="1")
    assert (reserved.status_code, reserved.json()["state"], reserved.json()["is_paid"]) == (200, "reserved", False)
    shown = bank.post("channel/bills/query", {"payment_number": bill.payment_number}).json()
    assert shown["standing"] == "being_paid"

    paid = pay(bank, "A-1", once="2").json()
    assert (paid["state"], paid["is_paid"]) == ("paid", True)
    assert paid["receipt_number"].endswith("-ch-baridimob-0000001")
    assert bank.get("channel/reservations/A-1").json() == paid
    shown = bank.post("channel/bills/query", {"payment_number": bill.payment_number}).json()
    assert (shown["standing"], shown["holder_initials"], shown["left_centimes"]) == ("paid", "", 0)


def test_every_call_may_be_repeated_with_or_without_an_idempotency_key(bank: Machine, bill: Bill) -> None:
    for once in ("1", "1", "2", ""):
        assert reserve(bank, "A-1", bill, once=once).status_code == 200
    for once in ("3", "3", "4", ""):
        assert pay(bank, "A-1", once="").status_code == 200, once
    assert Payment.objects.count() == 1


def test_refusals_have_a_code_and_a_sentence(bank: Machine, company: Company, bill: Bill) -> None:
    def code(answer: Answer) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    unknown = {"payment_number": "10000000000001"}
    assert code(bank.post("channel/bills/query", unknown)) == (404, "no_such_bill")
    assert code(bank.post("channel/bills/query", {"payment_number": AMINAS_CARD.number}))[0] == 422
    assert code(reserve(bank, AMINAS_CARD.number, bill)) == (422, "reference_looks_like_card")
    assert code(reserve(bank, "a b", bill)) == (422, "not_readable")
    assert code(bank.get("channel/reservations/none")) == (404, "no_such_reservation")
    assert code(pay(bank, "none")) == (404, "no_such_reservation")
    reserve(bank, "A-1", bill)
    assert code(reserve(bank, "A-2", bill)) == (409, "bill_not_payable")
    assert code(reserve(bank, "A-1", add_bill(company, seed=2))) == (409, "reference_taken")
    assert code(pay(bank, "A-1", 5)) == (409, "amount_differs")
    pay(bank, "A-1")
    assert code(bank.post("channel/reservations/A-1/cancelled", {})) == (409, "already_paid")
    assert code(bank.get("channel/files/99999999999999999999")) == (404, "no_such_file")


def test_cancelled_and_pending(bank: Machine, company: Company, bill: Bill) -> None:
    other = add_bill(company, seed=2)
    reserve(bank, "A-1", bill)
    reserve(bank, "A-2", other)
    assert bank.post("channel/reservations/A-1/cancelled", {}).json()["state"] == "cancelled"
    assert bank.post("channel/reservations/A-2/pending", {}).json()["state"] == "pending"


def test_a_key_without_the_scope_and_another_company_see_nothing(bank: Machine, company: Company, bill: Bill) -> None:
    reserve(bank, "A-1", bill)
    billing = Machine.of(company, "bills:read")
    assert billing.get("channel/reservations/A-1").status_code == 403
    elsewhere = add_company("setif", user_name="SAT2", terminal_id="E2")
    stranger = Machine.of(elsewhere, "channel", channel="BaridiMob")
    assert stranger.get("channel/reservations/A-1").status_code == 404
    assert stranger.post("channel/bills/query", {"payment_number": bill.payment_number}).status_code == 404


def test_two_channels_of_a_company_have_references_of_their_own(bank: Machine, company: Company, bill: Bill) -> None:
    other = Machine.of(company, "channel", channel="CCP")
    reserve(bank, "A-1", bill)
    assert other.get("channel/reservations/A-1").status_code == 404
    assert reserve(other, "A-1", add_bill(company, seed=2)).status_code == 200
    assert sorted(Channel.objects.values_list("code", flat=True)) == ["baridimob", "ccp"]


def test_a_channel_brings_its_day(bank: Machine, bill: Bill) -> None:
    today = accounting_day(timezone.now())
    reserve(bank, "A-1", bill)
    line = ("A-1", bill.payment_number, "1430.50", timezone.now().isoformat(), "paid")
    content = day_file(today, line)

    answers = [bank.send("channel/files", content, "text/csv").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["paid_lines"], answers[0]["paid_centimes"]) == (1, CENTIMES)
    assert bank.get(f"channel/files/{answers[0]['file']}").json() == answers[0]
    assert ChannelFile.objects.count() == 1

    broken = bank.send("channel/files", content.replace(b"TOTAL;1", b"TOTAL;2"), "text/csv")
    assert (broken.status_code, broken.json()["code"]) == (422, "channel_file_totals_differ")
    assert bank.send("channel/files", b"", "text/csv").status_code == 422
    assert bank.send("channel/files", b"x" * 20_000_001, "text/csv").status_code == 413


def test_a_moment_of_a_clock_that_was_never_set_is_left_aside(bank: Machine, bill: Bill) -> None:
    reserve(bank, "A-1", bill)
    said = {"amount_centimes": CENTIMES, "paid_at": "0001-01-01T00:00:00Z"}
    assert bank.post("channel/reservations/A-1/paid", said).status_code == 200
    assert Reservation.objects.get().paid_at is None


def test_a_day_as_its_program_writes_it() -> None:
    assert day_file(date(2026, 11, 22)).decode().endswith("TOTAL;0;0.00;2026-11-22;\n")


def test_a_tranche_is_queried_reserved_and_paid_like_a_bill(bank: Machine, company: Company) -> None:
    offer_instalments_at(company)
    bills = add_arrears(company, 1_000_00, 2_000_00, 3_000_00)
    agreement = agree(company, bills, now=timezone.now())
    first, second, _ = list_tranches(agreement.id)

    shown = bank.post("channel/bills/query", {"payment_number": first.payment_number}).json()
    assert (shown["standing"], shown["left_centimes"], shown["period"]) == ("payable", 3_000_00, "1/3")
    shown = bank.post("channel/bills/query", {"payment_number": bills[0].payment_number}).json()
    assert shown["standing"] == "in_instalments"
    assert reserve(bank, "B-1", bills[0]).status_code == 409

    assert reserve(bank, "T-1", first, once="1").json()["state"] == "reserved"
    shown = bank.post("channel/bills/query", {"payment_number": second.payment_number}).json()
    assert shown["standing"] == "being_paid"
    paid = pay(bank, "T-1", 3_000_00, once="2").json()
    assert (paid["state"], paid["is_paid"]) == ("paid", True)
    assert pay(bank, "T-1", 3_000_00).json() == paid

    assert left_of_tranches(agreement) == [0, 1_500_00, 1_500_00]
    agreement.refresh_from_db()
    assert agreement.state == "running"
    shown = bank.post("channel/bills/query", {"payment_number": first.payment_number}).json()
    assert shown["standing"] == "paid"
    pulled = Machine.of(company, "payments:read").get(f"payments/{Payment.objects.get().id}").json()
    assert [line["payment_number"] for line in pulled["lines"]] == [bill.payment_number for bill in bills[:2]]
    assert check_books(now=timezone.now()) == []


def test_a_key_that_guesses_is_told_to_wait(bank: Machine, bill: Bill) -> None:
    bank.post("channel/bills/query", {"payment_number": bill.payment_number})
    channel = Channel.objects.get()
    for _ in range(1_000):
        note(Scope.CHANNEL_MISS, subject={By.KEY: f"channel:{channel.id}"}, now=timezone.now())
    answer = bank.post("channel/bills/query", {"payment_number": bill.payment_number})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_calls")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_key_that_guesses_by_reserving_is_told_to_wait_and_not_for_ever(bank: Machine, bill: Bill) -> None:
    wrong = {"payment_number": "00000000000000", "amount_centimes": 100}
    wish = {"reference": "G-1", "bills": [wrong], "language": "fr"}
    assert bank.post("channel/reservations", wish).json()["code"] == "no_such_bill"
    channel = Channel.objects.get()
    for _ in range(999):
        note(Scope.CHANNEL_MISS, subject={By.KEY: f"channel:{channel.id}"}, now=timezone.now())
    answer = reserve(bank, "A-1", bill, once="1")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_calls")
    assert int(answer.headers["Retry-After"]) > 0
    Counter.objects.filter(scope=Scope.CHANNEL_MISS).delete()
    assert reserve(bank, "A-1", bill, once="1").json()["state"] == "reserved"

"""A restored installation knows nothing of what came after the backup: it asks before it opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from bawabati.adapters.gateways.slots import Slots
from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.cases.models import Case
from bawabati.companies.models import Company
from bawabati.flows.check_books import check_books
from bawabati.flows.confirm_payment import confirm_payment
from bawabati.flows.leave_quarantine import keep_check, leave_quarantine
from bawabati.flows.steps.order_journal import NoSuchJournal, read_journal
from bawabati.jobs.after_restore import check_restored
from bawabati.jobs.tasks.letters import resend
from bawabati.jobs.tasks.payments import register_payment, sweep_refunds
from bawabati.notices.models import Notice
from bawabati.operations.models import Restoration
from bawabati.operations.rules import Checked, GatewaySilent, NotCheckedYet, NotInQuarantine
from bawabati.operations.writes import begin_quarantine
from bawabati.payments.models import Payment
from bawabati.people.rules import NotAllowed, Role
from bawabati.receipts.models import Receipt
from bawabati.receipts.rules import parse_printed_number
from bawabati.web.shared import quarantine
from outside import Outside
from paying import reference, start
from people import AMINAS_CARD, KARIMS_CARD, OMAR, SALIMA, add_bill
from staff import add_person, signed_in

pytestmark = pytest.mark.usefixtures("database", "collected")

ACKNOWLEDGE = "public/acknowledgeTransaction.do"
NOTHING = Checked(recovered=0, left_for_people=0, unanswered=0, unknown_orders=0, differences=0)


@pytest.fixture(autouse=True)
def door() -> Iterator[None]:
    """Nobody remembers from another test that the door was open."""
    quarantine.ask_again()
    yield
    quarantine.ask_again()


@pytest.fixture(autouse=True)
def journal(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 - pytest-django's
    settings.ORDER_JOURNAL = tmp_path / "orders"
    return tmp_path / "orders"


def shut() -> Restoration:
    now = timezone.now()
    return begin_quarantine(backup_made_at=now - timedelta(hours=3), backup_file="of-the-night.backup", now=now)


def checked(restoration: Restoration, journal: Path) -> tuple[Checked, list[str]]:
    said: list[str] = []
    found = check_restored(restoration, journals=[journal], days=30, say=said.append)
    return found, said


def lose(behind_the_scenes: psycopg.Connection[Any], *payments: Payment) -> None:
    """What a backup of before never knew."""
    ids = [payment.id for payment in payments]
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        for table in ("payments_paymentevent", "payments_hold", "payments_paymentline", "payments_paymentcontact"):
            behind_the_scenes.execute(f"DELETE FROM {table} WHERE payment_id = ANY(%s)", [ids])  # noqa: S608
        behind_the_scenes.execute("DELETE FROM payments_payment WHERE id = ANY(%s)", [ids])


def test_an_order_that_the_backup_does_not_know_is_found_and_posted(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    payment = start(company, bill, now=timezone.now() - timedelta(hours=1))
    outside.pay(reference(payment), AMINAS_CARD)
    lose(behind_the_scenes, payment)
    found, said = checked(shut(), journal)
    assert found.unknown_orders == 1
    assert found.unanswered == 0
    again = Payment.objects.get()
    assert (again.order_number, again.state) == (payment.order_number, "paid")
    bill.refresh_from_db()
    assert bill.settled_centimes == bill.due_centimes
    assert check_books(now=timezone.now()) == []
    assert any(payment.order_number in line for line in said)


def test_an_order_whose_reference_nobody_heard_is_asked_by_its_number(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    payment = start(company, bill, now=timezone.now() - timedelta(hours=1))
    outside.pay(reference(payment), AMINAS_CARD)
    lose(behind_the_scenes, payment)
    for file in journal.iterdir():
        file.write_text("".join(line for line in file.read_text().splitlines(True) if "reference" not in line))
    checked(shut(), journal)
    checked(Restoration.objects.get(), journal)
    assert Payment.objects.get().state == "paid"


def test_an_order_that_was_not_paid_is_taken_in_and_posts_nothing(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    payment = start(company, bill, now=timezone.now() - timedelta(hours=1))
    lose(behind_the_scenes, payment)
    found, _ = checked(shut(), journal)
    assert found.unknown_orders == 1
    assert Payment.objects.get().state != "paid"
    assert not Receipt.objects.exists()
    assert outside.order(reference(payment))["captured_centimes"] == 0


def test_an_order_on_a_bill_that_another_attempt_holds_becomes_a_case(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    lost = start(company, bill, key="lost", now=timezone.now() - timedelta(hours=1))
    outside.pay(reference(lost), AMINAS_CARD)
    lose(behind_the_scenes, lost)
    start(company, bill, key="here", now=timezone.now())
    found, _ = checked(shut(), journal)
    assert found.unknown_orders == 0
    assert Case.objects.get(kind="lost_order").reference == f"order:{lost.order_number}"


def test_an_attempt_of_the_backup_that_was_paid_since_is_posted(
    journal: Path, company: Company, bill: Bill, outside: Outside
) -> None:
    payment = start(company, bill, now=timezone.now() - timedelta(hours=4))
    outside.pay(reference(payment), KARIMS_CARD)
    found, _ = checked(shut(), journal)
    payment.refresh_from_db()
    assert payment.state == "paid"
    assert found.recovered == 1


def test_twice_the_same_comparison_changes_nothing(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    payment = start(company, bill, now=timezone.now() - timedelta(hours=1))
    outside.pay(reference(payment), AMINAS_CARD)
    lose(behind_the_scenes, payment)
    restoration = shut()
    checked(restoration, journal)
    found, _ = checked(restoration, journal)
    assert found == NOTHING
    assert Receipt.objects.count() == 1


def test_a_gateway_that_is_silent_keeps_the_doors_shut_unless_somebody_takes_it_upon_himself(
    company: Company,
) -> None:
    shut()
    keep_check(
        Checked(recovered=0, left_for_people=0, unanswered=2, unknown_orders=0, differences=0), now=timezone.now()
    )
    with pytest.raises(GatewaySilent):
        leave_quarantine(login=OMAR, because="all compared", in_spite=False, now=timezone.now())
    leave_quarantine(login=OMAR, because="the bank sent a list", in_spite=True, now=timezone.now())
    assert not Restoration.objects.filter(left_at=None).exists()
    assert company.id


def test_silence_about_attempts_that_are_still_open_keeps_the_doors_shut(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    """Those of the journal above all: nobody here knows whether their cards were debited."""
    lost = start(company, bill, now=timezone.now() - timedelta(hours=1))
    outside.pay(reference(lost), AMINAS_CARD)
    lose(behind_the_scenes, lost)
    restoration = shut()
    with outside.fault("status", call=ACKNOWLEDGE, status=429):
        found, said = checked(restoration, journal)
    assert (found.unknown_orders, found.unanswered) == (1, 1), said
    with pytest.raises(GatewaySilent):
        leave_quarantine(login=OMAR, because="compared", in_spite=False, now=timezone.now())
    found, _ = checked(restoration, journal)
    assert (found.unanswered, Payment.objects.get().state) == (0, "paid")


def test_an_attempt_that_a_surprise_kept_from_being_compared_is_not_known(
    journal: Path, company: Company, bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(company, bill, now=timezone.now() - timedelta(hours=1))

    def breaks(**_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bawabati.jobs.comparison.confirm_payment", breaks)
    found, _ = checked(shut(), journal)
    assert (found.unanswered, found.left_for_people) == (1, 0)


def test_a_journal_that_is_not_where_somebody_says_is_not_a_time_without_orders(
    journal: Path, company: Company
) -> None:
    with pytest.raises(NoSuchJournal):
        checked(shut(), journal / "mistyped")
    assert Restoration.objects.get().checked_at is None
    assert company.id


def test_an_order_that_had_not_left_when_the_backup_was_made_becomes_a_case(
    journal: Path, company: Company, bill: Bill, outside: Outside, behind_the_scenes: psycopg.Connection[Any]
) -> None:
    """Nobody asks the gateway about what was never sent; the journal alone knows that it was."""
    payment = start(company, bill, now=timezone.now() - timedelta(hours=1))
    outside.pay(reference(payment), AMINAS_CARD)
    with behind_the_scenes.transaction():
        behind_the_scenes.execute("SET LOCAL session_replication_role = replica")
        behind_the_scenes.execute(
            "UPDATE payments_payment SET state = 'opened', register_sent_at = NULL, gateway_reference = NULL"
        )
    checked(shut(), journal)
    checked(Restoration.objects.get(), journal)
    case = Case.objects.get(kind="lost_order")
    assert case.reference == f"order:{payment.order_number}"
    assert company.id


def test_a_line_that_a_crash_cut_short_takes_no_other_with_it(journal: Path, company: Company, bill: Bill) -> None:
    before = timezone.now() - timedelta(hours=1)
    journal.mkdir()
    (journal / f"{before.astimezone(UTC):%Y-%m-%d}.jsonl").write_text('{"at": "2026-0')
    payment = start(company, bill, now=before)
    (order,) = read_journal(journal, since=before - timedelta(minutes=1))
    assert (order.order_number, order.reference) == (payment.order_number, reference(payment))


def test_nobody_opens_what_was_not_compared_within_the_hour(company: Company) -> None:
    shut()
    with pytest.raises(NotCheckedYet):
        leave_quarantine(login=OMAR, because="it will be all right", in_spite=True, now=timezone.now())
    keep_check(NOTHING, now=timezone.now() - timedelta(hours=2))
    with pytest.raises(NotCheckedYet):
        leave_quarantine(login=OMAR, because="it was all right", in_spite=False, now=timezone.now())
    assert company.id


def test_who_opens_it_is_a_named_person_who_may_and_the_log_says_so(company: Company) -> None:
    shut()
    keep_check(NOTHING, now=timezone.now())
    with pytest.raises(NotAllowed):
        leave_quarantine(login=SALIMA, because="compared", in_spite=False, now=timezone.now())
    left = leave_quarantine(login=OMAR, because="compared", in_spite=False, now=timezone.now())
    assert left.left_by is not None
    assert left.left_by.login == OMAR
    assert AuditEntry.objects.get(action="leave_quarantine").details["because"] == "compared"
    with pytest.raises(NotInQuarantine):
        leave_quarantine(login=OMAR, because="again", in_spite=False, now=timezone.now())
    assert company.id


@pytest.mark.parametrize(("language", "word"), [("ar", "نراجع"), ("fr", "vérifions"), ("en", "checking our records")])
def test_payers_get_a_calm_page_in_their_language(language: str, word: str, company: Company) -> None:
    shut()
    for path in ("", f"{company.code}/", f"{company.code}/pay/"):
        answer = Client().get(f"/{language}/{path}")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert word in answer.content.decode()


def test_links_of_payers_desks_and_bridges_are_shut_too(company: Company) -> None:
    shut()
    for path in ("/r/" + "a" * 38 + "/", "/fr/payment/" + "a" * 38 + "/back/", "/fr/counter/", "/callback/1/"):
        assert Client().get(path).status_code == 503
    assert Client().get("/api/bridge/v1/orders").status_code == 503
    assert company.id


def test_staff_sign_in_and_the_office_stay_open(company: Company) -> None:
    shut()
    assert Client().get("/fr/staff/sign-in/").status_code == 200
    omar = add_person("operator@oran.example", Role.OPERATOR, company=company)
    assert signed_in(omar).get("/fr/office/readers/").status_code == 200


def test_once_it_is_left_payers_come_in_again(company: Company) -> None:
    shut()
    keep_check(NOTHING, now=timezone.now())
    assert Client().get(f"/fr/{company.code}/").status_code == 503
    leave_quarantine(login=OMAR, because="compared", in_spite=False, now=timezone.now())
    assert Client().get(f"/fr/{company.code}/").status_code == 200


def test_no_letter_leaves_and_no_refund_is_carried_out_meanwhile(company: Company) -> None:
    Notice.objects.create(
        company=company,
        kind="receipt",
        reference="receipt:1",
        language="fr",
        created_at=timezone.now() - timedelta(hours=1),
        next_try_at=timezone.now() - timedelta(minutes=5),
    )
    shut()
    resend(timestamp=0)
    sweep_refunds(timestamp=0)
    assert Notice.objects.get().tries == 0


def test_no_order_is_opened_meanwhile_for_an_attempt_that_waited_for_a_place(
    outside: Outside, company: Company, bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("bawabati.flows.steps.gateway._places", lambda: Slots(0))
        payment = start(company, bill)
    shut()
    register_payment(payment_id=payment.id)
    assert outside.orders(payment.order_number) == []
    assert Payment.objects.get().register_sent_at is None


def test_receipts_after_a_restoration_are_numbered_in_a_series_of_their_own(company: Company, outside: Outside) -> None:
    def paid(seed: int) -> Receipt:
        now = timezone.now()
        payment = start(company, add_bill(company, seed=seed), key=f"{seed}", now=now)
        outside.pay(reference(payment), AMINAS_CARD)
        confirm_payment(payment_id=payment.id, now=now)
        return Receipt.objects.select_related("series").get(payment_id=payment.id)

    before = paid(1)
    restoration = shut()
    after = paid(2)
    assert (before.series.kind, before.number) == ("web", 1)
    assert (after.series.kind, after.number) == (f"web{restoration.series_mark}", 1)
    assert before.facts["number"] != after.facts["number"]
    _, kind, number = parse_printed_number(after.facts["number"])
    assert (kind, number) == (after.series.kind, 1)
    assert check_books(now=timezone.now()) == []


def test_a_line_that_a_crash_cut_short_is_passed_over(journal: Path, company: Company, bill: Bill) -> None:
    now = timezone.now()
    payment = start(company, bill, now=now)
    (file,) = journal.iterdir()
    file.write_text('{"account": 1, "ord\n' + file.read_text())
    (order,) = read_journal(journal, since=now - timedelta(hours=1))
    assert (order.order_number, order.reference) == (payment.order_number, payment.gateway_reference)
    assert oct(file.stat().st_mode & 0o777) == "0o600"


def test_a_journal_that_cannot_be_written_keeps_nobody_from_paying(
    tmp_path: Path,
    settings: Any,  # noqa: ANN401 - pytest-django's
    company: Company,
    bill: Bill,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a-file").write_text("where a folder should be")
    settings.ORDER_JOURNAL = tmp_path / "a-file" / "orders"
    assert start(company, bill, now=timezone.now()).state == "at_gateway"
    assert "order_journal_not_written" in capfd.readouterr().err

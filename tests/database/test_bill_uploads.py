"""A file of bills that somebody brings over the pages: kept, brought in by the worker, and said how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill, BillBatch, BillLineResult, BillUpload
from bawabati.bills.reads import list_line_results
from bawabati.bills.rules import MOST_TRIES, UploadState
from bawabati.companies.models import Company
from bawabati.flows.forget_bill_files import RESULTS_KEPT, forget_bill_files
from bawabati.flows.receive_bill_file import Received, StoredFile, receive_bill_file
from bawabati.flows.steps.received_files import folder_of_uploads, path_of
from bawabati.flows.work_on_upload import begin_import, note_import_progress
from bawabati.jobs.bill_import import import_upload
from bawabati.keyset import At
from bawabati.money.amount import Money
from bawabati.people.models import Staff
from bawabati.people.rules import NotAllowed
from bill_files import bill_file, bill_line, bill_sheet, put_on_disk
from people import NADIA, NOON, OMAR, SALIMA, add_company

WRONG = bill_line(9, due="-5,00")


@pytest.fixture
def utility(database: None) -> Company:  # noqa: ARG001 - emptied after the test
    return add_company()


def receive(company: Company, file: StoredFile, *, login: str = OMAR, **announced: Any) -> Received:  # noqa: ANN401 - count and sum
    return receive_bill_file(
        company_id=company.id,
        file=file,
        **({"expected_count": None, "expected_sum": None} | announced),
        staff=Staff.objects.get(login=login),
        now=timezone.now(),
    )


def brought_in(company: Company, content: bytes, **announced: Any) -> BillUpload:  # noqa: ANN401 - count and sum
    upload = receive(company, put_on_disk(content), **announced).upload
    import_upload(upload.id)
    upload.refresh_from_db()
    return upload


def lines_of(batch: BillBatch | None, outcome: str = "") -> list[tuple[int, str, str]]:
    assert batch is not None
    page = list_line_results(batch.id, outcome=outcome, at=At())
    return [(line.line_number, line.outcome, line.reason) for line in page.rows]


def test_a_file_waits_is_brought_in_and_leaves_the_disk(utility: Company) -> None:
    stored = put_on_disk(bill_file(bill_line(1), bill_line(2), WRONG))
    upload = receive(utility, stored).upload
    assert upload.state == UploadState.WAITING
    assert path_of(stored.stored_as).exists()
    import_upload(upload.id)
    upload.refresh_from_db()
    assert (upload.state, upload.was_known) == (UploadState.DONE, False)
    assert upload.batch is not None
    assert (upload.batch.created_count, upload.batch.bad_count, upload.batch.file_name) == (2, 1, "bills.csv")
    assert Bill.objects.count() == 2
    assert not path_of(stored.stored_as).exists()
    assert sorted(AuditEntry.objects.values_list("action", flat=True)) == ["import_bills", "receive_bill_file"]


def test_what_became_of_each_line_is_kept(utility: Company) -> None:
    first = brought_in(utility, bill_file(bill_line(1), bill_line(2), WRONG))
    second = brought_in(utility, bill_file(bill_line(1), bill_line(2, due="900,00"), bill_line(3), WRONG))
    assert lines_of(first.batch) == [(2, "created", ""), (3, "created", ""), (4, "bad", "amount_negative")]
    assert [outcome for _, outcome, _ in lines_of(second.batch)] == ["unchanged", "changed", "created", "bad"]
    assert lines_of(second.batch, "changed") == [(3, "changed", "")]
    assert lines_of(second.batch, "bad") == [(5, "bad", "amount_negative")]


def test_the_same_content_again_is_the_same_batch_and_is_not_read_again(utility: Company) -> None:
    content = bill_file(bill_line(1))
    first = brought_in(utility, content)
    stored = put_on_disk(content, name="once more.csv")
    again = receive(utility, stored, login=SALIMA).upload
    assert (again.state, again.was_known, again.batch_id) == (UploadState.DONE, True, first.batch_id)
    assert not path_of(stored.stored_as).exists()
    assert BillBatch.objects.count() == 1


def test_two_people_who_bring_the_same_file_at_once_share_one_upload(
    utility: Company, together: Callable[..., list[Any]]
) -> None:
    content = bill_file(bill_line(1))
    first, second = together(
        lambda: receive(utility, put_on_disk(content), login=OMAR),
        lambda: receive(utility, put_on_disk(content), login=SALIMA),
    )
    assert first.upload.id == second.upload.id
    assert {first.is_new, second.is_new} == {True, False}
    assert len(list(folder_of_uploads().iterdir())) >= 1
    import_upload(first.upload.id)
    assert BillBatch.objects.count() == 1


def test_two_workers_with_one_upload_bring_it_in_once(utility: Company, together: Callable[..., list[Any]]) -> None:
    upload = receive(utility, put_on_disk(bill_file(bill_line(1), bill_line(2)))).upload
    assert together(lambda: import_upload(upload.id), lambda: import_upload(upload.id)) == [None, None]
    upload.refresh_from_db()
    assert (upload.state, Bill.objects.count(), BillBatch.objects.count()) == (UploadState.DONE, 2, 1)
    assert BillLineResult.objects.count() == 2


def test_two_different_files_at_once_are_both_brought_in(utility: Company, together: Callable[..., list[Any]]) -> None:
    one = receive(utility, put_on_disk(bill_file(bill_line(1), bill_line(2)))).upload
    other = receive(utility, put_on_disk(bill_file(bill_line(2), bill_line(3))), login=SALIMA).upload
    assert together(lambda: import_upload(one.id), lambda: import_upload(other.id)) == [None, None]
    assert set(BillUpload.objects.values_list("state", flat=True)) == {"done"}
    assert Bill.objects.count() == 3


@pytest.mark.parametrize("announced", [{"expected_count": 3}, {"expected_sum": Money(1)}])
def test_control_totals_that_differ_import_nothing_and_say_both(utility: Company, announced: dict[str, Any]) -> None:
    upload = brought_in(utility, bill_file(bill_line(1), bill_line(2)), **announced)
    assert (upload.state, Bill.objects.count(), BillBatch.objects.count()) == (UploadState.REFUSED, 0, 0)
    assert upload.refusal is not None
    assert upload.refusal["code"] == "control_totals_differ"
    assert upload.refusal["details"]["sum"] == "2,861.00"
    assert AuditEntry.objects.filter(action="refuse_bill_file").count() == 1


def test_control_totals_that_agree_let_the_file_in(utility: Company) -> None:
    upload = brought_in(
        utility, bill_file(bill_line(1), bill_line(2)), expected_count=2, expected_sum=Money(2 * 1_430_50)
    )
    assert upload.state == UploadState.DONE


def test_a_refused_file_may_be_brought_again(utility: Company) -> None:
    content = bill_file(bill_line(1))
    assert brought_in(utility, content, expected_count=7).state == UploadState.REFUSED
    assert brought_in(utility, content, expected_count=1).state == UploadState.DONE


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(utility: Company) -> None:
    upload = brought_in(utility, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old spreadsheet")
    assert upload.refusal is not None
    assert upload.refusal["code"] == "bill_file_not_text"


def test_a_file_that_is_gone_from_the_disk_is_said(utility: Company) -> None:
    stored = put_on_disk(bill_file(bill_line(1)))
    upload = receive(utility, stored).upload
    path_of(stored.stored_as).unlink()
    import_upload(upload.id)
    upload.refresh_from_db()
    assert upload.refusal is not None
    assert upload.refusal["code"] == "bill_file_gone"


def test_a_worker_that_died_over_it_is_followed_by_another(utility: Company) -> None:
    upload = receive(utility, put_on_disk(bill_file(bill_line(1)))).upload
    begun = begin_import(upload_id=upload.id, now=timezone.now())
    assert begun is not None
    note_import_progress(upload_id=upload.id, bytes_read=40, now=timezone.now())
    import_upload(upload.id)  # the job, taken up
    upload.refresh_from_db()
    assert (upload.state, upload.tries, Bill.objects.count()) == (UploadState.DONE, 2, 1)


def test_a_file_over_which_workers_die_again_and_again_is_refused(utility: Company) -> None:
    stored = put_on_disk(bill_file(bill_line(1)))
    upload = receive(utility, stored).upload
    for _ in range(MOST_TRIES):
        assert begin_import(upload_id=upload.id, now=timezone.now()) is not None
    import_upload(upload.id)
    upload.refresh_from_db()
    assert upload.refusal is not None
    assert upload.refusal["code"] == "import_broke"
    assert not path_of(stored.stored_as).exists()


def test_an_upload_that_is_over_is_left_alone(utility: Company) -> None:
    upload = brought_in(utility, bill_file(bill_line(1)))
    import_upload(upload.id)
    note_import_progress(upload_id=upload.id, bytes_read=1, now=timezone.now())
    again = BillUpload.objects.get(id=upload.id)
    assert (again.tries, again.bytes_read) == (1, upload.bytes_read)


def test_only_who_may_import_brings_a_file(utility: Company) -> None:
    stored = put_on_disk(bill_file(bill_line(1)))
    with pytest.raises(NotAllowed):
        receive(utility, stored, login=NADIA)
    assert not path_of(stored.stored_as).exists()
    assert BillUpload.objects.count() == 0


def test_a_spreadsheet_is_brought_in(utility: Company) -> None:
    head = ("bill number", "customer number", "name", "period", "issue date", "due date", "amount", "line:Eau")
    row = (
        "F000001",
        "C000001",
        "Amina Benali",
        "2026-T3",
        NOON.date(),
        NOON.date() + timedelta(days=30),
        1430.5,
        1430.5,
    )
    upload = brought_in(utility, bill_sheet([head, row]))
    assert upload.state == UploadState.DONE
    bill = Bill.objects.get()
    assert (bill.bill_number, bill.due_centimes, bill.issued_on) == ("F000001", 1_430_50, NOON.date())


def test_old_results_and_files_left_behind_are_forgotten_and_batches_are_not(utility: Company) -> None:
    upload = brought_in(utility, bill_file(bill_line(1), WRONG))
    waiting = put_on_disk(bill_file(bill_line(2)))
    receive(utility, waiting)
    left = put_on_disk(b"nobody's")
    forget_bill_files(now=timezone.now())
    assert BillLineResult.objects.count() == 2
    forget_bill_files(now=timezone.now() + RESULTS_KEPT + timedelta(minutes=1))
    assert BillLineResult.objects.count() == 0
    assert BillBatch.objects.count() == 1
    assert lines_of(upload.batch, "bad") == [(3, "bad", "amount_negative")]
    assert path_of(waiting.stored_as).exists()
    assert not path_of(left.stored_as).exists()

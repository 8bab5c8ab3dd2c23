"""Small stories about files of bills that come over the pages; see `scenarios.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils import timezone

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill, BillBatch, BillLineResult, BillUpload
from bawabati.bills.rules import FileIsGone, UploadState
from bawabati.flows.forget_bill_files import RESULTS_KEPT, forget_bill_files
from bawabati.flows.receive_bill_file import Received, StoredFile, receive_bill_file
from bawabati.flows.steps.received_files import path_of
from bawabati.flows.work_on_upload import begin_import, note_import_progress, refuse_import
from bawabati.jobs.bill_import import import_upload
from bawabati.people.models import Staff
from bill_files import bill_file, bill_line, put_on_disk
from faults.real.scenarios import insist, passes
from faults.real.world import World
from people import NOON, OMAR


def bring(world: World, file: StoredFile) -> Received:
    return receive_bill_file(
        company_id=world.company.id,
        file=file,
        expected_count=None,
        expected_sum=None,
        staff=Staff.objects.get(login=OMAR),
        now=NOON,
    )


def a_waiting_upload(world: World) -> BillUpload:
    world.found_company()
    with world.nobody_dies_yet():
        return bring(world, put_on_disk(bill_file(bill_line(901), bill_line(902, due="-5,00")))).upload


@passes("receive_bill_file: waits")
def an_operator_brings_a_file(world: World) -> None:
    world.found_company()
    file = put_on_disk(bill_file(bill_line(901)))
    for _ in range(2):
        insist(world, "Omar", "brings a file", partial(bring, world, file))
    upload = BillUpload.objects.get()
    assert path_of(upload.stored_as).exists()
    assert AuditEntry.objects.filter(action="receive_bill_file").count() == 1
    import_upload(upload.id)
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE


@passes("begin_import: in hand")
def a_worker_takes_a_file_up(world: World) -> None:
    upload = a_waiting_upload(world)
    for _ in range(2):
        insist(world, "the worker", "brings the file in", lambda: import_upload(upload.id) or True)
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE
    assert (Bill.objects.filter(bill_number="F000901").count(), BillBatch.objects.filter(bad_count=1).count()) == (1, 1)
    assert BillLineResult.objects.count() == 2
    assert not path_of(upload.stored_as).exists()


@passes("note_import_progress: noted")
def a_worker_tells_how_far_it_is(world: World) -> None:
    upload = a_waiting_upload(world)
    with world.nobody_dies_yet():
        begin_import(upload_id=upload.id, now=NOON)
    tell = partial(note_import_progress, upload_id=upload.id, bytes_read=40, now=NOON)
    insist(world, "the worker", "tells how far it is", lambda: tell() or True)
    upload.refresh_from_db()
    assert (upload.state, upload.bytes_read) == (UploadState.RUNNING, 40)


@passes("refuse_import: said why")
def a_worker_cannot_take_a_file(world: World) -> None:
    upload = a_waiting_upload(world)
    refuse = partial(refuse_import, upload_id=upload.id, because=FileIsGone(), now=NOON)
    for _ in range(2):
        insist(world, "the worker", "says why not", lambda: refuse() or True)
    upload.refresh_from_db()
    assert upload.refusal is not None
    assert upload.refusal["code"] == "bill_file_gone"
    assert AuditEntry.objects.filter(action="refuse_bill_file").count() == 1


@passes("forget_bill_files: forgotten")
def old_results_are_forgotten(world: World) -> None:
    upload = a_waiting_upload(world)
    with world.nobody_dies_yet():
        import_upload(upload.id)
    later = timezone.now() + RESULTS_KEPT + timedelta(days=1)
    for _ in range(2):
        insist(world, "the worker", "forgets", lambda: forget_bill_files(now=later) or True)
    assert BillLineResult.objects.count() == 0
    assert BillBatch.objects.filter(bad_count=1).count() == 1

"""A billing system pushes bills and asks how they stand: good ones are taken, bad ones say why, nothing comes twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bawabati.bills.models import BadBillLine, Bill, BillBatch, BillUpload, BillVersion
from bawabati.companies.models import Company
from bawabati.jobs.bill_import import import_upload
from bawabati.people.models import ApiCall
from machines import Machine
from people import AMINAS_CARD, add_bill, add_company

pytestmark = pytest.mark.usefixtures("database", "collected")


def said(number: int = 1, **other: object) -> dict[str, Any]:
    return {
        "bill_number": f"F{number:04d}",
        "customer_number": f"C{number:04d}",
        "holder_name": "أمينة بن علي",
        "period": "2026-T3",
        "issued_on": "2026-10-05",
        "due_on": "2026-12-05",
        "due_centimes": 1_430_50,
        "lines": [{"label": "Eau", "amount_centimes": 1_430_50}],
    } | other


@pytest.fixture
def billing(company: Company) -> Machine:
    return Machine.of(company, "bills:write", "bills:read")


def test_bills_are_taken_and_asked_about(billing: Machine) -> None:
    pushed = billing.post("bills", {"bills": [said(1), said(2)], "count": 2, "sum_centimes": 2_861_00})
    assert pushed.status_code == 200
    told = pushed.json()
    assert (told["file"]["state"], told["file"]["created_count"], told["file"]["bad_count"]) == ("done", 2, 0)
    assert [(line["line"], line["outcome"], line["bill_number"]) for line in told["lines"]] == [
        (1, "created", "F0001"),
        (2, "created", "F0002"),
    ]
    found = billing.post("bills/query", {"bill_numbers": ["F0001", "F9999"]}).json()
    (bill,) = found["bills"]
    assert found["unknown"] == ["F9999"]
    assert (bill["state"], bill["due_centimes"], bill["left_centimes"], bill["due_on"]) == (
        "unpaid",
        1_430_50,
        1_430_50,
        "2026-12-05",
    )
    again = billing.post("bills/query", {"payment_numbers": [bill["payment_number"]]}).json()
    assert again["bills"] == [bill]
    assert BillVersion.objects.get(bill__bill_number="F0001").lines == [["Eau", 1_430_50]]


def test_the_same_content_changes_nothing_and_answers_the_same(billing: Machine) -> None:
    first = billing.post("bills", {"bills": [said(1), said(2, due_centimes=-1)]}).json()
    again = billing.post("bills", {"bills": [said(1), said(2, due_centimes=-1)]}).json()
    assert (first["file"]["was_known"], again["file"]["was_known"]) == (False, True)
    assert first["lines"] == again["lines"]
    assert BillBatch.objects.count() == BillVersion.objects.count() == 1


def test_a_bad_bill_says_why_and_keeps_no_other_back(billing: Machine) -> None:
    bills = [
        said(1),
        said(2, due_on="soon"),
        said(3, due_centimes="1430,50"),
        said(4, status="lost"),
        said(5, customer_number=None),
        said(6, holder_name=["Amina"]),
        said(7, lines=[{"label": ""}]),
        said(8, estimated="yes"),
        said(9, due_centimes=10**15),
        said(10, remark=f"card {AMINAS_CARD.number}"),
        said(11, period="\x00"),
        said(1),
    ]
    told = billing.post("bills", {"bills": bills}).json()
    assert [(line["outcome"], line["reason"], line["detail"]) for line in told["lines"]] == [
        ("created", "", ""),
        ("bad", "date_not_readable", "due_on"),
        ("bad", "amount_not_readable", "due_centimes"),
        ("bad", "status_unknown", "status"),
        ("bad", "value_missing", "customer_number"),
        ("bad", "not_a_text", "holder_name"),
        ("bad", "lines_not_readable", "lines"),
        ("bad", "yes_or_no_not_readable", "estimated"),
        ("bad", "amount_too_large", "due_centimes"),
        ("bad", "looks_like_a_card_number", ""),
        ("bad", "value_missing", "period"),
        ("bad", "bill_number_twice", "line 1"),
    ]
    assert not BadBillLine.objects.filter(text__contains=AMINAS_CARD.number).exists()


def test_a_bill_is_replaced_and_withdrawn_as_by_a_file(billing: Machine) -> None:
    billing.post("bills", {"bills": [said(1), said(2)]})
    new = billing.post("bills", {"bills": [said(3)]}).json()
    assert new["lines"][0]["outcome"] == "created"
    replacing = Bill.objects.get(bill_number="F0003").payment_number
    changed = billing.post(
        "bills", {"bills": [said(1, status="replaced", replaced_by=replacing), said(2, status="withdrawn")]}
    ).json()
    assert [line["outcome"] for line in changed["lines"]] == ["changed", "changed"]
    states = {
        bill["bill_number"]: bill["state"]
        for bill in billing.post("bills/query", {"bill_numbers": ["F0001", "F0002", "F0003"]}).json()["bills"]
    }
    assert states == {"F0001": "replaced", "F0002": "withdrawn", "F0003": "unpaid"}


def test_control_totals_that_differ_take_nothing(billing: Machine) -> None:
    refused = billing.post("bills", {"bills": [said(1)], "count": 2})
    assert (refused.status_code, refused.json()["code"]) == (422, "control_totals_differ")
    assert not Bill.objects.exists()
    assert BillUpload.objects.get().state == "refused"


def test_who_pushed_is_told_in_every_record(billing: Machine) -> None:
    billing.post("bills", {"bills": [said(1)]})
    assert BillBatch.objects.get().received_by_id == billing.key.staff_id


def test_a_call_with_the_same_word_is_answered_byte_for_byte(billing: Machine) -> None:
    first = billing.post("bills", {"bills": [said(1)]}, once="night-7")
    again = billing.post("bills", {"bills": [said(1)]}, once="night-7")
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    other = billing.post("bills", {"bills": [said(2)]}, once="night-7")
    assert (other.status_code, other.json()["code"]) == (422, "other_call")
    refused = billing.post("bills", {"bills": [said(3)], "count": 9}, once="night-8")
    assert billing.post("bills", {"bills": [said(3)], "count": 9}, once="night-8").content == refused.content
    assert ApiCall.objects.count() == 2


def test_while_another_file_is_brought_in_a_worker_takes_this_one(billing: Machine) -> None:
    waiting = billing.send("bill-files", json.dumps(said(1)).encode(), "application/x-ndjson")
    assert waiting.status_code == 202
    behind = billing.post("bills", {"bills": [said(2)]})
    assert (behind.status_code, behind.json()["file"]["state"], behind.json()["lines"]) == (202, "waiting", [])
    for upload in BillUpload.objects.order_by("id"):
        import_upload(upload.id)
    told = billing.get(f"bill-files/{behind.json()['file']['id']}").json()
    assert (told["state"], told["created_count"]) == ("done", 1)


def test_a_file_of_lines_is_taken_by_a_worker(billing: Machine) -> None:
    body = b"\r\n".join([json.dumps(said(1)).encode(), b"", b"{", b"[]", b'{"a":"\xff"}', b'"' + b"x" * 70_000 + b'"'])
    pushed = billing.send("bill-files?count=5", body, "application/x-ndjson").json()
    assert (pushed["state"], pushed["line_count"]) == ("waiting", None)
    (job,) = ProcrastinateJob.objects.filter(task_name="import_bills")
    import_upload(job.args["upload_id"])
    told = billing.get(f"bill-files/{pushed['id']}").json()
    assert (told["state"], told["line_count"], told["created_count"], told["bad_count"]) == ("done", 5, 1, 4)
    bad = billing.get(f"bill-files/{pushed['id']}/lines", outcome="bad").json()
    assert [(line["line"], line["reason"]) for line in bad["lines"]] == [
        (3, "not_json"),
        (4, "not_json"),
        (5, "wrong_encoding"),
        (6, "line_too_long"),
    ]
    one = billing.get(f"bill-files/{pushed['id']}/lines", limit=1).json()
    assert (one["next_line"], one["has_more"]) == (1, True)


def test_csv_comes_as_a_file_too(billing: Machine) -> None:
    head = "payment number;bill number;customer number;name;period;issued on;due on;due"
    body = f"{head}\n;F1;C1;Amina;2026-T3;05/10/2026;05/12/2026;1430,50\n".encode()
    pushed = billing.send("bill-files", body, "text/csv").json()
    import_upload(pushed["id"])
    assert Bill.objects.get().bill_number == "F1"


def test_what_is_no_file_is_refused(billing: Machine) -> None:
    refused = billing.send("bill-files", b"x", "image/png")
    assert (refused.status_code, refused.json()["code"]) == (415, "format_unknown")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_readable"),
        (b"[]", 422, "not_readable"),
        (b'{"bills": []}', 422, "not_readable"),
        (b'{"bills": [1]}', 422, "not_readable"),
        (b'{"bills": [{}]}', 200, ""),
        (b'{"bills": [{"due_centimes": NaN}]}', 200, ""),
        (b'{"bills": [{"bill_number": "\\ud800\\u0000"}]}', 200, ""),
        (b"x" * (8 * 1024 * 1024 + 1), 413, "too_large"),
    ],
)
def test_a_body_that_is_none_is_refused_with_words(billing: Machine, body: bytes, status: int, code: str) -> None:
    refused = billing.send("bills", body, "application/json")
    assert (refused.status_code, refused.json().get("code", "")) == (status, code)


def test_another_company_finds_nothing_of_it(billing: Machine, company: Company) -> None:
    pushed = billing.post("bills", {"bills": [said(1)]}).json()
    other = add_company("tlemcen")
    stranger = Machine.of(other, "bills:write", "bills:read")
    assert stranger.get(f"bill-files/{pushed['file']['id']}").status_code == 404
    assert stranger.get(f"bill-files/{pushed['file']['id']}/lines").status_code == 404
    assert stranger.post("bills/query", {"bill_numbers": ["F0001"]}).json() == {"bills": [], "unknown": ["F0001"]}
    mine = stranger.post("bills", {"bills": [said(1, due_centimes=7)]}).json()
    assert mine["lines"][0]["outcome"] == "created"
    assert Bill.objects.get(company=company).due_centimes == 1_430_50


def test_who_may_only_read_pushes_nothing(company: Company) -> None:
    add_bill(company)
    reader = Machine.of(company, "bills:read")
    assert reader.post("bills", {"bills": [said(1)]}).status_code == 403
    assert reader.post("bills/query", {"bill_numbers": ["F000001"]}).json()["bills"][0]["state"] == "unpaid"


def test_an_address_asked_in_the_wrong_way_says_what_it_takes(company: Company) -> None:
    refused = Machine.of(company, "bills:read").get("bills")
    assert refused.status_code == 405
    assert refused.json() == {"code": "method_not_allowed", "sentence": "This address takes: POST."}
    assert refused.headers["Allow"] == "POST"

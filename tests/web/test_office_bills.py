"""The operator brings files of bills in over the pages, and everybody concerned sees what became of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import BillBatch, BillUpload, Customer
from bawabati.flows.import_bills import import_bills
from bawabati.flows.steps.received_files import folder_of_uploads, path_of
from bawabati.jobs.bill_import import import_upload
from bawabati.people.models import Staff
from bawabati.people.rules import Role
from bawabati.web.office.bills.reasons import WORDS
from bawabati.web.shared.uploads import LEFT_FREE_MEGABYTES, MEGABYTE
from bill_files import HEAD, bill_file, bill_line
from house.source import ROOT
from people import NADIA, NOON, OMAR, SALIMA, add_company
from staff import add_person, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from bawabati.companies.models import Company

pytestmark = pytest.mark.usefixtures("collected")
BILLS = "/fr/office/bills/"
BRING = f"{BILLS}bring/"
A_CARD_NUMBER = "6280 5811 1000 7215"


class _Disk(NamedTuple):
    free: int


@pytest.fixture
def omar(company: Company) -> Client:  # noqa: ARG001 - whose operator he is
    return signed_in(Staff.objects.get(login=OMAR))


def bring(client: Client, content: bytes, *, name: str = "bills.csv", **fields: str) -> Any:  # noqa: ANN401 - a response
    return client.post(BRING, {"file": SimpleUploadedFile(name, content)} | fields)


def brought_in(client: Client, content: bytes, **fields: str) -> BillUpload:
    answer = bring(client, content, **fields)
    assert answer.status_code == 303, answer.content.decode()
    upload = BillUpload.objects.latest("id")
    assert answer.headers["Location"] == f"{BILLS}uploads/{upload.id}/"
    import_upload(upload.id)
    upload.refresh_from_db()
    return upload


def plain(answer: Any) -> str:  # noqa: ANN401 - a response
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def test_a_file_is_brought_followed_and_shown_line_by_line(omar: Client) -> None:
    answer = bring(omar, bill_file(bill_line(1), bill_line(2), bill_line(3, due="-1,00")), count="3", sum="")
    upload = BillUpload.objects.get()
    page = omar.get(answer.headers["Location"])
    assert "<progress" in page.content.decode()
    assert 'http-equiv="refresh"' in page.content.decode()
    assert omar.get(f"{answer.headers['Location']}look/").json()["mark"] == "open"
    import_upload(upload.id)
    assert omar.get(f"{answer.headers['Location']}look/?live=1").json()["mark"] == "done"
    assert "Lignes refusées : 1 sur 3" in plain(omar.get(answer.headers["Location"]))
    batch = BillBatch.objects.get()
    shown = plain(omar.get(f"{BILLS}{batch.id}/"))
    assert "F000001" in shown
    assert "Le montant est inférieur à zéro." in shown
    narrowed = plain(omar.get(f"{BILLS}{batch.id}/?outcome=bad"))
    assert "F000001" not in narrowed
    assert "bills.csv" in plain(omar.get(BILLS))
    assert "bills.csv" not in plain(omar.get(f"{BILLS}?name=other"))
    listed = omar.get(f"{BILLS}{batch.id}/?as=csv")
    assert b"F000001" in b"".join(listed.streaming_content)


def test_bad_lines_come_back_as_a_file_that_can_be_brought_in_again(omar: Client) -> None:
    upload = brought_in(omar, bill_file(bill_line(1), bill_line(2, due="-7,00", name="=2+2")))
    answer = omar.get(f"{BILLS}{upload.batch_id}/bad-lines.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bills.bad.csv"'
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert content.startswith(HEAD)
    assert ";'=2+2;" in content
    assert "amount_negative" in content
    assert AuditEntry.objects.filter(action="read_bad_bill_lines").count() == 1
    again = brought_in(omar, content.replace("-7,00", "7,00").encode())
    assert again.batch is not None
    assert (again.batch.created_count, again.batch.bad_count) == (1, 0)
    assert Customer.objects.get(number="C000002").name == "=2+2"


def test_a_wrong_control_total_is_said_and_the_file_need_not_be_sent_again(omar: Client) -> None:
    answer = bring(omar, bill_file(bill_line(1)), count="many")
    assert answer.status_code == 422
    kept = re.search(r'name="kept" value="([^"]+)"', answer.content.decode())
    assert kept is not None
    assert BillUpload.objects.count() == 0
    again = omar.post(BRING, {"kept": kept[1], "count": "1", "sum": "1 430,50"})
    assert again.status_code == 303
    upload = BillUpload.objects.get()
    assert (upload.file_name, upload.expected_count, upload.expected_centimes) == ("bills.csv", 1, 1_430_50)


def test_a_form_that_names_the_kept_file_twice_is_one_upload_and_keeps_the_file(omar: Client) -> None:
    kept = re.search(r'name="kept" value="([^"]+)"', bring(omar, bill_file(bill_line(1)), count="x").content.decode())
    assert kept is not None
    first, second = (omar.post(BRING, {"kept": kept[1], "count": "1"}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    upload = BillUpload.objects.get()
    import_upload(upload.id)
    upload.refresh_from_db()
    assert upload.state == "done"


def test_what_one_person_has_sent_is_not_taken_from_another(omar: Client) -> None:
    kept = re.search(r'name="kept" value="([^"]+)"', bring(omar, bill_file(bill_line(1)), count="x").content.decode())
    assert kept is not None
    salima = signed_in(Staff.objects.get(login=SALIMA))
    assert salima.post(BRING, {"kept": kept[1]}).status_code == 422
    assert omar.post(BRING, {"kept": f"{kept[1]}x"}).status_code == 422


def test_a_form_without_a_file_says_so(omar: Client) -> None:
    answer = bring(omar, b"")
    assert answer.status_code == 422
    assert "Choisissez un fichier." in plain(answer)


def test_a_file_that_is_too_large_is_refused_and_not_kept(omar: Client, settings: Any) -> None:  # noqa: ANN401
    settings.BILL_FILE_MEGABYTES = 1
    before = set(folder_of_uploads().iterdir())
    answer = bring(omar, b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "au plus 1 Mo" in plain(answer)
    assert set(folder_of_uploads().iterdir()) == before
    assert BillUpload.objects.count() == 0


def test_a_disk_that_cannot_be_written_is_said(omar: Client, settings: Any, tmp_path: Path) -> None:  # noqa: ANN401
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.UPLOADS_FOLDER = tmp_path / "file"
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FileExistsError):
        folder_of_uploads()
    assert bring(omar, bill_file(bill_line(1))).status_code == 422


def test_a_file_after_which_nothing_more_could_be_written_is_not_begun(
    omar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may lie on the same disk: a file of bills must not keep payers from paying."""
    left = LEFT_FREE_MEGABYTES * MEGABYTE
    monkeypatch.setattr("bawabati.web.shared.uploads.disk_usage", lambda _folder: _Disk(free=left + 100))
    lying = set(folder_of_uploads().iterdir())
    answer = bring(omar, bill_file(bill_line(1)))
    assert answer.status_code == 422
    assert "disque est plein" in plain(answer)
    assert set(folder_of_uploads().iterdir()) == lying
    monkeypatch.setattr("bawabati.web.shared.uploads.disk_usage", lambda _folder: _Disk(free=left + 100_000))
    assert bring(omar, bill_file(bill_line(1))).status_code == 303


def test_whoever_may_not_import_sends_no_file_to_the_disk(company: Company) -> None:
    before = set(folder_of_uploads().iterdir())
    for client in (Client(), signed_in(Staff.objects.get(login=NADIA))):
        assert bring(client, bill_file(bill_line(1))).status_code in {303, 403}
    assert set(folder_of_uploads().iterdir()) == before
    assert BillUpload.objects.filter(company=company).count() == 0


@pytest.mark.usefixtures("company")
def test_a_form_of_another_site_is_refused_and_leaves_no_file() -> None:
    before = set(folder_of_uploads().iterdir())
    client = Client(enforce_csrf_checks=True)
    signed_in(Staff.objects.get(login=OMAR), client=client)
    assert bring(client, bill_file(bill_line(1))).status_code == 403
    assert BillUpload.objects.count() == 0
    assert len(set(folder_of_uploads().iterdir()) - before) <= 1


def test_the_same_file_again_says_when_it_came(omar: Client) -> None:
    content = bill_file(bill_line(1))
    brought_in(omar, content)
    answer = bring(omar, content, name="again.csv")
    page = plain(omar.get(answer.headers["Location"]))
    assert "Ce fichier avait déjà été reçu" in page


def test_a_refused_file_says_why_and_is_listed(omar: Client) -> None:
    upload = brought_in(omar, bill_file(bill_line(1)), count="8")
    for address in (f"{BILLS}uploads/{upload.id}/", BILLS):
        assert "8 lignes" in plain(omar.get(address))


def test_a_card_number_in_a_files_name_is_not_kept(omar: Client) -> None:
    assert brought_in_named(omar, f"{A_CARD_NUMBER}.csv").file_name == "bills"


def brought_in_named(client: Client, name: str) -> BillUpload:
    bring(client, bill_file(bill_line(1)), name=name)
    return BillUpload.objects.latest("id")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "\u202efdp.csv", "ف" * 300 + ".csv"])
def test_whatever_a_file_is_called_it_lies_under_a_name_of_ours(omar: Client, name: str) -> None:
    upload = brought_in_named(omar, name)
    assert path_of(upload.stored_as).parent == folder_of_uploads()
    assert "/" not in upload.file_name
    assert upload.file_name.isprintable()


def test_auditor_and_finance_see_and_only_finance_imports(company: Company, omar: Client) -> None:
    upload = brought_in(omar, bill_file(bill_line(1), bill_line(2, due="x")))
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=company))
    finance = signed_in(Staff.objects.get(login=SALIMA))
    for client in (auditor, finance):
        for address in (BILLS, f"{BILLS}{upload.batch_id}/", f"{BILLS}uploads/{upload.id}/"):
            assert client.get(address).status_code == 200
    assert BRING not in auditor.get(BILLS).content.decode()
    assert auditor.get(BRING).status_code == 403
    assert BRING in finance.get(BILLS).content.decode()


def test_another_companys_files_are_not_there(company: Company) -> None:
    omar = signed_in(add_person("operator@oran.example", Role.OPERATOR, company=company))
    other = add_company("alger", user_name="SAT2", terminal_id="E2")
    person = add_person("omar@alger.example", Role.OPERATOR, company=other)
    theirs = brought_in(signed_in(person), bill_file(bill_line(1), bill_line(2, due="x")))
    for address in (
        f"{theirs.batch_id}/",
        f"{theirs.batch_id}/bad-lines.csv",
        f"uploads/{theirs.id}/",
        f"uploads/{theirs.id}/look/",
    ):
        assert omar.get(f"{BILLS}{address}").status_code == 404
    assert "bills.csv" not in plain(omar.get(BILLS))


def test_a_file_that_came_by_the_command_shows_its_bad_lines(omar: Client, company: Company, tmp_path: Path) -> None:
    path = tmp_path / "night.csv"
    path.write_bytes(bill_file(bill_line(1), bill_line(2, due="x")))
    staff = Staff.objects.get(login=OMAR)
    report = import_bills(company=company, path=path, reader_name="csv", received_by=staff, now=NOON)
    page = plain(omar.get(f"{BILLS}{report.batch.id}/"))
    assert "Le montant est illisible." in page
    assert "F000001" not in page
    assert omar.get(f"{BILLS}{report.batch.id}/bad-lines.csv").status_code == 200


def test_there_are_words_for_every_reason() -> None:
    page = (ROOT / "docs" / "reference" / "bill-file.md").read_text()
    table = page[page.index("| reason |") : page.index("## Why a whole file")]
    reasons = {name for row in re.findall(r"(?m)^\| (`[^|]*) \|", table) for name in re.findall(r"`(\w+)`", row)}
    assert len(reasons) > 25
    assert sorted(reasons - set(WORDS)) == []

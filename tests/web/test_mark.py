"""The mark that a company was licensed to show, from the file to the button that pays."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bawabati.audit.models import AuditEntry
from bawabati.bills.models import Bill
from bawabati.companies.models import Mark
from payers import Payer
from people import OMAR, SALIMA

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
LICENCE = "SATIM, letter of 1 March 2026, for the payment page"
NEUTRAL = "CIB · Edahabia"


def upload(*arguments: str, login: str = OMAR, licence: str = LICENCE) -> None:
    call_command("upload_mark", *arguments, "--company=oran", f"--as={login}", f"--licence={licence}")


def button(payer: Payer, bill: Bill) -> str:
    page = payer.get(payer.review_address(bill)).content.decode()
    return str(page.partition('class="pay"')[2].partition("</button>")[0])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mark.svg"
    path.write_bytes(DRAWING)
    return path


def test_an_uploaded_mark_stands_on_the_button_until_it_is_removed(payer: Payer, bill: Bill, file: Path) -> None:
    assert NEUTRAL in button(payer, bill)
    upload(str(file))
    assert f'src="data:image/svg+xml;base64,{b64encode(DRAWING).decode()}"' in button(payer, bill)
    assert NEUTRAL not in button(payer, bill)
    call_command("upload_mark", "--remove", "--company=oran", f"--as={OMAR}")
    assert NEUTRAL in button(payer, bill)


@pytest.mark.usefixtures("bill")
def test_another_file_takes_its_place(file: Path) -> None:
    upload(str(file))
    file.write_bytes(DRAWING.replace(b"9z", b"8z"))
    upload(str(file), licence="another letter")
    mark = Mark.objects.get()
    assert (bytes(mark.content), mark.licence) == (file.read_bytes(), "another letter")
    acts = AuditEntry.objects.filter(action="upload_mark").order_by("id")
    assert [act.details["licence"] for act in acts] == [LICENCE, "another letter"]


@pytest.mark.usefixtures("bill")
def test_what_may_not_be_shown_is_refused_and_nothing_changes(file: Path) -> None:
    upload(str(file))
    for arguments, options, why in (
        ([str(file)], {"licence": " "}, "who allowed"),
        ([str(file)], {"licence": "6280581110007215"}, "card number"),
        ([str(file)], {"login": SALIMA}, "not allowed"),
        ([str(file.with_name("nothing"))], {}, "No such file"),
        ([], {}, "either a file or --remove"),
        ([str(file), "--remove"], {}, "either a file or --remove"),
    ):
        with pytest.raises(CommandError, match=why):
            upload(*arguments, **options)
    file.write_bytes(DRAWING.replace(b"<path", b"<script"))
    with pytest.raises(CommandError, match="<script>"):
        upload(str(file))
    assert bytes(Mark.objects.get().content) == DRAWING


@pytest.mark.usefixtures("bill")
def test_where_there_is_no_mark_there_is_none_to_remove() -> None:
    with pytest.raises(CommandError, match="shows no mark"):
        upload("--remove")

"""What left, what did not and why; one leaves again; where it went is masked, and can be forgotten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bawabati.audit.models import AuditEntry
from bawabati.companies.models import Company
from bawabati.notices.models import Notice, NoticeAddress
from bawabati.notices.rules import Means, NoticeState
from bawabati.notices.writes import note_not_sent, note_sent, write_notice
from bawabati.people.rules import Role
from money_back import EMAIL, PHONE, person
from people import SALIMA, add_company
from staff import add_person, signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.usefixtures("collected")


def address(name: str, *args: object, language: str = "en") -> str:
    return reverse(name, args=[language, *args])


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def written(company: Company, *, means: Means = Means.EMAIL, kind: str = "receipt") -> Notice:
    return write_notice(
        company_id=company.id,
        means=means,
        kind=kind,
        reference="refund:1",
        language="ar",
        address=EMAIL if means is Means.EMAIL else PHONE,
        now=timezone.now(),
    )


def rejected(company: Company) -> Notice:
    notice = written(company)
    note_not_sent(notice, state=NoticeState.REJECTED, reason="550 no such mailbox", next_try_at=None)
    return notice


@pytest.fixture
def salima(company: Company) -> Client:  # noqa: ARG001 - where she works
    return signed_in(person(SALIMA))


def test_the_list_says_what_failed_and_why_and_shows_no_whole_address(salima: Client, company: Company) -> None:
    bad, sms = rejected(company), written(company, means=Means.SMS, kind="refund_done")
    note_sent(sms, parts=2, now=timezone.now())
    page = salima.get(address("office_notices"))
    seen = words(page)
    assert "not delivered: 1" in seen
    assert "550 no such mailbox" in seen
    assert "am…@example.com" in seen
    assert EMAIL not in page.content.decode()
    assert PHONE not in page.content.decode()
    only = salima.get(address("office_notices") + "?state=undelivered&means=email").content.decode()
    assert address("office_notice", bad.id) in only
    assert address("office_notice", sms.id) not in only
    assert "No message fits." in words(salima.get(address("office_notices") + "?kind=invitation"))


def test_the_whole_address_is_shown_when_asked_for_and_that_is_written_down(salima: Client, company: Company) -> None:
    notice = rejected(company)
    assert EMAIL not in salima.get(address("office_notice", notice.id)).content.decode()
    assert salima.get(address("office_notice_address", notice.id)).status_code == 405
    assert EMAIL in salima.post(address("office_notice_address", notice.id)).content.decode()
    assert AuditEntry.objects.filter(action="read_address", target=f"notice:{notice.id}").exists()


def test_what_failed_leaves_again_and_what_is_on_its_way_does_not(salima: Client, company: Company) -> None:
    notice = rejected(company)
    salima.post(address("office_notice_again", notice.id))
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (NoticeState.WAITING, 0)
    assert notice.tried_since is not None
    assert ProcrastinateJob.objects.count() == 1
    assert "still on its way" in words(salima.post(address("office_notice_again", notice.id)))
    assert ProcrastinateJob.objects.count() == 1


def test_an_erased_address_is_gone_and_the_message_stays(salima: Client, company: Company) -> None:
    notice = rejected(company)
    for _ in range(2):
        salima.post(address("office_notice_forget", notice.id))
    assert not NoticeAddress.objects.exists()
    assert AuditEntry.objects.filter(action="erase_address").count() == 1
    assert "The address has been erased." in words(salima.get(address("office_notice", notice.id)))
    assert "has been erased. It cannot leave again." in words(salima.post(address("office_notice_again", notice.id)))
    assert "550 no such mailbox" in words(salima.get(address("office_notices")))


def test_an_auditor_looks_and_another_company_does_not(company: Company) -> None:
    notice = rejected(company)
    auditor = signed_in(add_person("auditor@oran.example", Role.AUDITOR, company=company))
    assert "Send it again" not in words(auditor.get(address("office_notice", notice.id)))
    for name in ("office_notice_again", "office_notice_forget", "office_notice_address"):
        assert auditor.post(address(name, notice.id)).status_code == 403
    other = add_company("other")
    stranger = signed_in(add_person("finance@other.example", Role.FINANCE, company=other))
    assert "No message fits." in words(stranger.get(address("office_notices")))
    for name in ("office_notice_again", "office_notice_forget", "office_notice_address"):
        assert stranger.post(address(name, notice.id)).status_code == 404
    assert NoticeAddress.objects.exists()

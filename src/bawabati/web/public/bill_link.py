"""The address of a bill that somebody has found: signed, good for half an hour, without the payment number.

An address stays in histories and logs; the number that opens a bill must not.
"""

from typing import ClassVar, Final

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import Http404
from django.urls import reverse

from bawabati.companies.models import Company
from bawabati.errors import CannotDo

GOOD_FOR_SECONDS: Final = 30 * 60
_SIGNER: Final = TimestampSigner(salt="bawabati.bill_link")
_OF_REMINDING: Final = TimestampSigner(salt="bawabati.remind_link")
"""A receipt's page leads to where reminders are asked for, and no further: its address may be kept for years."""


class LinkTooOld(CannotDo):
    """The bill was found too long ago."""

    code: ClassVar[str] = "link_too_old"
    sentence: ClassVar[str] = "For your safety this page was kept for half an hour only. Type the payment number again."


def bill_address(*, company: Company, bill_id: int, language: str, name: str = "bill") -> str:
    """Where this visitor sees the bill; `name` may also be "review"."""
    token = _SIGNER.sign_object([company.id, bill_id])
    return reverse(name, kwargs={"language": language, "code": company.code, "token": token})


def remind_address(*, company: Company, bill_id: int, language: str) -> str:
    """Where this visitor asks to be reminded of the next bills of that bill's customer. It opens no bill."""
    token = _OF_REMINDING.sign_object([company.id, bill_id])
    return reverse("remind", kwargs={"language": language, "code": company.code, "token": token})


def read_bill_link(token: str, *, company: Company) -> int:
    """The bill's identifier.

    Raises:
        LinkTooOld: made by us, more than half an hour ago.
        Http404: not made by us, or for another company.
    """
    return _read(_SIGNER, token, company)


def read_remind_link(token: str, *, company: Company) -> int:
    """The same of `remind_address`."""
    return _read(_OF_REMINDING, token, company)


def _read(signer: TimestampSigner, token: str, company: Company) -> int:
    try:
        company_id, bill_id = signer.unsign_object(token, max_age=GOOD_FOR_SECONDS)
    except SignatureExpired:
        raise LinkTooOld from None
    except BadSignature:
        raise Http404 from None
    if company_id != company.id:
        raise Http404
    return int(bill_id)


def still_opens(token: str, *, company: Company) -> bool:
    """Whether that link would open a bill of the company now."""
    try:
        read_bill_link(token, company=company)
    except (LinkTooOld, Http404):
        return False
    return True

"""The address of a debt that somebody has found: signed, good for half an hour, without the customer's number."""

from typing import Final

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import Http404
from django.urls import reverse

from bawabati.companies.models import Company
from bawabati.web.public.bill_link import GOOD_FOR_SECONDS, LinkTooOld

_SIGNER: Final = TimestampSigner(salt="bawabati.debt_link")


def debt_address(*, company: Company, customer_id: int, language: str) -> str:
    """Where this visitor sees all that the customer owes."""
    token = _SIGNER.sign_object([company.id, customer_id])
    return reverse("debts", kwargs={"language": language, "code": company.code, "token": token})


def read_debt_link(token: str, *, company: Company) -> int:
    """The customer's identifier.

    Raises:
        LinkTooOld: made by us, more than half an hour ago.
        Http404: not made by us, or for another company.
    """
    try:
        company_id, customer_id = _SIGNER.unsign_object(token, max_age=GOOD_FOR_SECONDS)
    except SignatureExpired:
        raise LinkTooOld from None
    except BadSignature:
        raise Http404 from None
    if company_id != company.id:
        raise Http404
    return int(customer_id)


def debt_still_opens(token: str, *, company: Company) -> bool:
    """Whether that link would open a debt of the company now."""
    try:
        read_debt_link(token, company=company)
    except (LinkTooOld, Http404):
        return False
    return True

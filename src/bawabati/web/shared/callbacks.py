"""The door where a gateway's server tells ours that something happened. No language, cookie or form of ours."""

from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.companies.reads import company_of_gateway_account
from bawabati.flows.heed_callback import Heeded, heed_callback
from bawabati.web.shared.companies import in_its_company

ANSWERS: Final = {
    Heeded.ASKED_SOON: (200, "heard\n"),
    Heeded.ENDED: (200, "heard\n"),
    Heeded.NOT_OURS: (404, "not known here\n"),
    Heeded.TOO_OFTEN: (429, "too often\n"),
}

log = structlog.get_logger(__name__)


@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, account: str) -> HttpResponse:
    """200 only once it is kept that we have to ask; whoever is told anything else may tell us again."""
    message = request.GET.dict() | request.POST.dict()
    try:
        account_id = in_its_company(int(account), company_of_gateway_account)
        heeded = Heeded.NOT_OURS if account_id is None else _heed(account_id, message)
        status, words = ANSWERS[heeded]
    except Exception:
        log.exception("callback_not_kept", gateway_account_id=account)
        status, words = 503, "not now\n"
    return HttpResponse(words, status=status, content_type="text/plain")


def _heed(account_id: int, message: dict[str, str]) -> Heeded:
    return heed_callback(gateway_account_id=account_id, message=message, now=timezone.now())

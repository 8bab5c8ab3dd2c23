"""The JSON door for machines of a company: its billing system, and channels such as a bank's application."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI

from bawabati.api.bills.door import bills_router, files_router
from bawabati.api.channels.door import router as channels
from bawabati.api.events.door import router as events
from bawabati.api.parser import CarefulParser
from bawabati.api.payments.door import router as payments
from bawabati.api.problems import teach_problems
from bawabati.api.webhooks.door import router as webhooks

ADDRESS = "/api/v1/"

api = NinjaAPI(
    title="Bawabati",
    version="1",
    description=(
        "For billing systems and other channels of a company. Amounts are whole centimes, moments have a zone, and "
        "every refusal has a code for machines and a sentence for people. See docs/reference/api.md."
    ),
    parser=CarefulParser(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="company_api",
)
teach_problems(api)
api.add_router("bills", bills_router)
api.add_router("bill-files", files_router)
api.add_router("events", events)
api.add_router("payments", payments)
api.add_router("webhooks", webhooks)
api.add_router("channel", channels)


def nothing_here(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - every address that is no call
    """A machine that mistypes an address is told so in its own words."""
    return JsonResponse({"code": "no_such_call", "sentence": "There is no such call."}, status=404)


def openapi() -> dict[str, Any]:
    """Every call and message, as OpenAPI. No address of it is served: it is kept in the docs."""
    return dict(api.get_openapi_schema(path_prefix=ADDRESS))

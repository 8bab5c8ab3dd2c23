"""Addresses for machines: is the portal well, and what may be listed."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

ROBOTS = (
    "User-agent: *\nDisallow: /r/\nDisallow: /*/r/\nDisallow: /q/\nDisallow: /*/q/\nDisallow: /*/payment/\n"
    "Disallow: /*/staff/\n"
)


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the database answers, 503 while it does not. Says nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    return HttpResponse("well\n", content_type="text/plain")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Receipts and payments are nobody's search result."""
    return HttpResponse(ROBOTS, content_type="text/plain")

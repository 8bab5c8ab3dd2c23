"""Addresses for machines: is the portal well, what does it measure, and what may be listed."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.flows.migrations_wait import migrations_wait
from bawabati.flows.see_health import LABELS, read_figures
from bawabati.measures import exposition
from bawabati.operations.rules import MEASURES
from bawabati.scope import every_company
from bawabati.web.shared.quarantine import is_shut

ROBOTS = (
    "User-agent: *\nDisallow: /r/\nDisallow: /*/r/\nDisallow: /q/\nDisallow: /*/q/\nDisallow: /*/payment/\n"
    "Disallow: /*/staff/\n"
)
PLAIN = "text/plain"
OF_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while this process answers. Asks nothing of anybody: a database that is away is no reason to restart it."""
    return HttpResponse("well\n", content_type=PLAIN)


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 while payers can be served; 503 with the reason: no database, tables of another version, quarantine."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        reason = "migrations" if migrations_wait() else "quarantine" if is_shut() else ""
    except DatabaseError:
        reason = "no database"
    return HttpResponse(f"{reason or 'ready'}\n", content_type=PLAIN, status=503 if reason else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure for Prometheus, to whoever asks directly from a network that is named; to nobody else.

    What comes through a proxy is not answered, whoever it says it comes from. Rule: metrics-are-ours (failures.md 5.13)
    """
    if not _may_measure(request):
        return HttpResponseNotFound("", content_type=PLAIN)
    return HttpResponse(_figures().encode() + exposition(), content_type=OF_PROMETHEUS)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Receipts and payments are nobody's search result."""
    return HttpResponse(ROBOTS, content_type=PLAIN)


def _may_measure(request: HttpRequest) -> bool:
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        asker = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(asker in ip_network(network, strict=False) for network in settings.METRICS_FROM)


def _figures() -> str:
    """The table of measures as the database has them now; without it, only that it does not answer."""
    try:
        with every_company("figures of the whole installation, without anybody's data"):
            readings = read_figures(now=timezone.now())
    except DatabaseError:
        return "bawabati_database_up 0\n"
    lines = ["bawabati_database_up 1"]
    for measure in MEASURES:
        lines += [f"# HELP {measure.name} {measure.says}", f"# TYPE {measure.name} gauge"]
        for reading in readings:
            if reading.measure == measure.name:
                labels = ",".join(
                    f'{name}="{value}"' for name, value in zip(LABELS[measure.name], reading.labels, strict=True)
                )
                lines.append(
                    f"{measure.name}{{{labels}}} {reading.value:g}" if labels else f"{measure.name} {reading.value:g}"
                )
    return "\n".join(lines) + "\n"

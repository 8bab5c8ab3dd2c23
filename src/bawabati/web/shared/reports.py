"""What browsers report: something that a page of ours was not allowed to do. Perhaps somebody has changed a page."""

import json
import re
from collections.abc import Iterator
from threading import Lock
from time import monotonic
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from bawabati.measures import SECURITY_EVENTS
from bawabati.web.shared.paths import path_for_the_log

LARGEST: Final = 16 * 1024
EACH_MINUTE: Final = 30
"""Lines of one process: whoever sends many learns nothing and fills no disk."""
_DIRECTIVE: Final = re.compile(r"[a-z-]{1,40}")

_minute: list[float] = []
_one_at_a_time: Final = Lock()

log = structlog.get_logger("security")


@require_POST
def violation(request: HttpRequest) -> HttpResponse:
    """Notes directive, page and foreign host, and nothing else of what the browser says. Always 204.

    Rule: security-events (failures.md 5.13)
    """
    for told in _told(request):
        if not _has_room():
            break
        SECURITY_EVENTS.labels(kind="csp_report").inc()
        directive = _text(told, "effective-directive", "effectiveDirective", "violated-directive")
        log.warning(
            "csp_report",
            directive=directive if _DIRECTIVE.fullmatch(directive) else "odd",
            path=path_for_the_log(_split(_text(told, "document-uri", "documentURL")).path[:200]),
            reason=(_split(_text(told, "blocked-uri", "blockedURL")).hostname or "inline")[:100],
        )
    return HttpResponse(status=204)


def _told(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Both shapes that browsers send; nothing of what is not one of them."""
    try:
        body = json.loads(request.body) if len(request.body) <= LARGEST else None
    except (ValueError, RecursionError, RequestDataTooBig):
        return
    for each in body if isinstance(body, list) else [body]:
        if isinstance(each, dict):
            inner = each.get("csp-report", each.get("body", {}))
            if isinstance(inner, dict):
                yield inner


def _text(told: dict[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := told.get(name), str) and value), "")


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _has_room() -> bool:
    with _one_at_a_time:
        now = monotonic()
        while _minute and now - _minute[0] > 60:  # noqa: PLR2004 - a minute
            _minute.pop(0)
        if len(_minute) >= EACH_MINUTE:
            return False
        _minute.append(now)
        return True

"""The sound of the digits, for whoever does not see the picture."""

import re
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.flows.spend_captcha import may_hear_digits
from bawabati.web.public.captcha.digits import read_ticket
from bawabati.web.public.captcha.sound import LANGUAGES, spoken

_RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)", re.ASCII)


@require_safe
def captcha_sound(request: HttpRequest, language: str, ticket: str) -> HttpResponse:
    """The ticket's digits, said in `language`. In parts when asked so: some players play nothing otherwise."""
    now = timezone.now()
    read = read_ticket(ticket, now=now)
    if read is None or language not in LANGUAGES:
        raise Http404
    if not may_hear_digits(digest=read.digest, now=now):
        return HttpResponse(status=429)
    sound = spoken(read.digits, language)
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    response = _whole(sound) if asked is None else _part(sound, int(asked[1]), int(asked[2] or len(sound)))
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _whole(sound: bytes) -> HttpResponse:
    return HttpResponse(sound, content_type="audio/wav")


def _part(sound: bytes, first: int, last: int) -> HttpResponse:
    part = sound[first : last + 1]
    if not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    response = HttpResponse(part, status=206, content_type="audio/wav")
    response.headers["Content-Range"] = f"bytes {first}-{first + len(part) - 1}/{len(sound)}"
    return response

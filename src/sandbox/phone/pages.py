"""The phone and the inbox on screen."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.phone.messages import Mail
from sandbox.web import language_of, page, world_of

_MOST_SHOWN = 100
# What a browser may show by itself; anything else is handed over as a file.
_HARMLESS_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})


async def phone_page(request: Request) -> Response:
    """All messages, or one phone's."""
    phone = request.path_params.get("phone", "")
    messages = world_of(request).phone.messages(phone=phone)[:_MOST_SHOWN]
    return page(request, "phone.html", {"phone": phone, "messages": messages}, language=language_of(request))


async def inbox_page(request: Request) -> Response:
    mails = world_of(request).inbox.mails(to=request.query_params.get("to", ""))[:_MOST_SHOWN]
    return page(request, "inbox.html", {"mails": mails}, language=language_of(request))


async def mail_page(request: Request) -> Response:
    mail = _mail_of(request)
    language = language_of(request)
    if mail is None:
        return page(request, "gone.html", {"key": "not_found", "back": ""}, language=language, status=404)
    return page(request, "mail.html", {"mail": mail}, language=language)


async def original(request: Request) -> Response:
    """The message as it came, byte for byte."""
    mail = _mail_of(request)
    if mail is None:
        return Response(status_code=404)
    return _file(mail.raw, name=f"mail-{mail.number}.eml", content_type="message/rfc822", shown=False)


async def attachment(request: Request) -> Response:
    mail = _mail_of(request)
    place = request.path_params["place"]
    if mail is None or place >= len(mail.attachments):
        return Response(status_code=404)
    found = mail.attachments[place]
    shown = found.content_type in _HARMLESS_TYPES and "download" not in request.query_params
    return _file(found.content, name=found.name, content_type=found.content_type, shown=shown)


def _mail_of(request: Request) -> Mail | None:
    return world_of(request).inbox.find_mail(request.path_params["number"])


def _file(content: bytes, *, name: str, content_type: str, shown: bool) -> Response:
    return Response(
        content,
        media_type=content_type if shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        },
    )


routes = [
    Route("/phone/", phone_page),
    Route("/phone/{phone}", phone_page),
    Route("/inbox/", inbox_page),
    Route("/inbox/{number:int}", mail_page),
    Route("/inbox/{number:int}/original", original),
    Route("/inbox/{number:int}/attachments/{place:int}", attachment),
]

"""A site of one form, with the captcha and the strictest content policy."""

from django.contrib.staticfiles.views import serve
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from bawabati.web.public.captcha import Occasion, captcha_context, captcha_passed, picture_asked
from bawabati.web.public.captcha.urls import captcha_urls

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'"
)
PAGE = """<!DOCTYPE html>
<html lang="{{ language }}" dir="{{ direction }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A form</title></head>
<body><main><h1>A form</h1>
<form method="post">
<label><input type="checkbox" name="terms" required> Terms</label>
{% include "web/captcha.html" %}
<button type="submit" id="pay">Pay</button>
</form></main></body></html>"""
OCCASION = Occasion(company_code="oran", action="start_payment", form_key="the form")
COST = 5_000


def form(request: HttpRequest) -> HttpResponse:
    """The form, or what came of it."""
    now = timezone.now()
    post = request.POST.dict() if request.method == "POST" else None
    if post is not None and not picture_asked(post):
        return HttpResponse("passed" if captcha_passed(post, occasion=OCCASION, now=now) else "not passed")
    context = captcha_context(occasion=OCCASION, cost=COST, language="ar", post=post, now=now)
    page = engines["django"].from_string(PAGE).render({"language": "ar", "direction": "rtl"} | context, request)
    return HttpResponse(page, headers={"Content-Security-Policy": POLICY})


urlpatterns = [
    path("", form),
    path("static/<path:path>", serve, {"insecure": True}),
    *captcha_urls,
]

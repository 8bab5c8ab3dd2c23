"""Headers that every answer carries and that Django has no setting for.

Nothing of ours is kept by a browser or a proxy unless a view says otherwise: a phone is often shared.
"""

from django.http import HttpRequest, HttpResponse

from bawabati.web.shared.languages import GetResponse

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()"
    ),
    "X-Frame-Options": "DENY",  # for browsers that are older than frame-ancestors
}
FOR_MACHINES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by address, not by name; their answers hold no link."""
FOR_A_MINUTE = "private, max-age=60"
"""For pages that are the same for everybody: going back to them costs nothing on a slow line."""


def guard_every_answer(get_response: GetResponse) -> GetResponse:
    """Middleware: refuses a foreign `Host`, and adds what a view has not set."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info not in FOR_MACHINES:
            request.get_host()  # a host that is not ours is refused on every page
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer

"""Posts come from our own pages. Decision: docs/decisions/0010-posts-without-a-token.md"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse

OUR_FORMS = frozenset({"", "application/x-www-form-urlencoded"})

View = Callable[..., HttpResponse]


def from_our_own_pages(view: View) -> View:
    """Refuses a POST that the browser says another site has sent. Needs no cookie.

    Raises:
        PermissionDenied: another site's form or script.
        BadRequest: a file, or anything else that no form of ours sends.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - whatever the view takes
        if request.method == "POST":
            if _is_foreign(request):
                raise PermissionDenied
            if request.content_type not in OUR_FORMS:
                raise BadRequest
        return view(request, *args, **kwargs)

    return guarded


def _is_foreign(request: HttpRequest) -> bool:
    """What the browser says of itself: pages can set neither header. Very old browsers send neither."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin not in {"null", settings.PUBLIC_URL, f"{request.scheme}://{request.get_host()}"}

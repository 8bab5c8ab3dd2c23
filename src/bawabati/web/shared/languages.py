"""In which language a page speaks. Its address says it, so that one language holds from the bill to the receipt.

Django's own LocaleMiddleware would ask cookies and sessions as well; our pages have neither.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
RIGHT_TO_LEFT = frozenset({"ar"})

GetResponse = Callable[[HttpRequest], HttpResponse]


def speak_the_language_of_the_address(get_response: GetResponse) -> GetResponse:
    """Middleware: the language that the address begins with; where it names none, one that the browser asks for."""

    def answer(request: HttpRequest) -> HttpResponse:
        translation.activate(language_of(request.path_info) or wished_language(request))
        return get_response(request)

    return answer


def language_of(path: str) -> str | None:
    """The language that a path begins with."""
    first = path[1:].partition("/")[0]
    return first if first in LANGUAGE_NAMES else None


def wished_language(request: HttpRequest) -> str:
    """The first of ours that the browser names; Arabic when it names none."""
    for wish in request.headers.get("Accept-Language", "").split(","):
        language = wish.partition(";")[0].strip()[:2].lower()
        if language in LANGUAGE_NAMES:
            return language
    return "ar"


def in_another_language(path: str, language: str) -> str:
    """The address of the same page in `language`."""
    current = language_of(path)
    return f"/{language}{path[1 + len(current) :] if current else path}"

"""What stands around every page: its language, its direction, and the same page in the other languages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from bawabati.receipts.rules import HELP_NUMBER
from bawabati.web.shared.campaign_code import code_of, keeping_code, query_of
from bawabati.web.shared.languages import LANGUAGE_NAMES, RIGHT_TO_LEFT, in_another_language
from bawabati.web.shared.staff_session import is_of_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLanguage:
    """One tap away."""

    code: str
    name: str
    address: str


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor for all our templates."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "language": language,
        "direction": direction_of(language),
        "other_languages": [
            OtherLanguage(code=code, name=name, address=keeping_code(request, in_another_language(request.path, code)))
            for code, name in LANGUAGE_NAMES.items()
            if code != language
        ],
        "campaign_code": code_of(request),
        "campaign_query": query_of(code_of(request)),
        "help_number": HELP_NUMBER,
        "here": request.path,
        "at_work": is_of_staff(request.path_info),
        "staff": getattr(request, "staff", None),
        "place": getattr(request, "place", None),
        "may_do": getattr(request, "may", None),
        "may_nationally": getattr(request, "may_nationally", None),
    }


def direction_of(language: str) -> str:
    """The value of the attribute `dir`."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"

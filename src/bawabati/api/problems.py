"""What a refusal looks like, whatever refused it: a code for the machine, a sentence in English for its log."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bawabati.errors import CannotDo
from bawabati.people.rules import TooManyCalls, UnknownKey

LONGEST_SENTENCE: Final = 1000
OTHERWISE: Final = 409
"""The world is not as the caller thinks."""
STATUS: Final[Mapping[str, int]] = {
    "unknown_key": 401,
    "scope_missing": 403,
    "no_such_bill": 404,
    "no_such_payment": 404,
    "no_such_file": 404,
    "no_such_endpoint": 404,
    "no_such_delivery": 404,
    "too_large": 413,
    "file_too_large": 413,
    "format_unknown": 415,
    "other_call": 422,
    "idempotency_key_wrong": 422,
    "control_totals_differ": 422,
    "bill_file_empty": 422,
    "bill_file_columns_missing": 422,
    "bill_file_column_twice": 422,
    "bill_file_not_text": 422,
    "looks_like_a_card_number": 422,
    "no_such_reservation": 404,
    "reference_not_readable": 422,
    "reference_looks_like_card": 422,
    "bills_wrong": 422,
    "channel_file_too_large": 413,
    "channel_file_not_readable": 422,
    "channel_file_columns_wrong": 422,
    "channel_file_cut_off": 422,
    "channel_file_totals_differ": 422,
    "channel_day_not_possible": 422,
    "too_many_calls": 429,
}


class Problem(Schema):
    """Why not: a code for the machine, a sentence for whoever reads its log."""

    code: str
    sentence: str


REFUSED: Final = {400: Problem, 401: Problem, 403: Problem, 429: Problem}
"""How every call may be refused, whatever it asks."""


def problem_of(error: CannotDo) -> tuple[int, dict[str, str]]:
    """The status and the body with which a refusal is answered."""
    return STATUS.get(error.code, OTHERWISE), {"code": error.code, "sentence": str(error)}


def teach_problems(api: NinjaAPI) -> None:
    """Every refusal of this door looks the same."""

    @api.exception_handler(CannotDo)
    def refused(request: HttpRequest, error: CannotDo) -> HttpResponse:  # noqa: ARG001 - ninja hands it over
        status, body = problem_of(error)
        response = JsonResponse(body, status=status)
        if isinstance(error, TooManyCalls):
            response.headers["Retry-After"] = str(error.details["seconds"])
        if error.code == "call_in_hand":
            response.headers["Retry-After"] = "2"
        if status == STATUS[UnknownKey.code]:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(ValidationError)
    def not_readable(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001 - as above
        wrong = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors)
        return JsonResponse({"code": "not_readable", "sentence": wrong[:LONGEST_SENTENCE]}, status=422)

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001 - as above
        return refused(request, UnknownKey())

    @api.exception_handler(HttpError)
    def no_json(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001 - as above
        return JsonResponse({"code": "not_readable", "sentence": error.message}, status=error.status_code)

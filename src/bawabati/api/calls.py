"""Calls that may come twice: `Idempotency-Key`, and the same answer for the same call."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Final, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema, Status
from ninja.operation import Operation

from bawabati.api.problems import problem_of
from bawabati.errors import CannotDo
from bawabati.flows.repeat_call import begin_call, forget_call, keep_answer
from bawabati.people.models import ApiKey
from bawabati.people.rules import LONGEST_IDEMPOTENCY_KEY, TooManyCalls, check_idempotency_key

View = TypeVar("View", bound=Callable[..., Any])
HEADER: Final = "Idempotency-Key"
REPEATED: Final = "Idempotent-Replayed"


def key_of(request: HttpRequest) -> ApiKey:
    """Whose key came with the request."""
    return cast("ApiKey", request.auth)  # type: ignore[attr-defined]  # set by ninja after `CompanyKey`


def once(view: View) -> View:
    """The call is worked on once for each `Idempotency-Key` of a machine, and answered the same again.

    Refusals are answers too and are kept; a fault of ours is not. The view returns a Schema or a `Status`, and what it
    does has to be safe to repeat by itself: see `flows.repeat_call`. Rule: api-repeats (failures.md 3.4)
    """
    return _repeatable(view, is_needed=True)


def once_if_asked(view: View) -> View:
    """As `once`; a call without the header is worked on as it comes, because its content is its name."""
    return _repeatable(view, is_needed=False)


def _repeatable(view: View, *, is_needed: bool) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_needed and HEADER not in request.headers:
            return _written(*_answer_of(view, request, *args, **kwargs), repeated=False)
        key = key_of(request)
        call = check_idempotency_key(request.headers.get(HEADER, ""))
        known = begin_call(key=key, idempotency_key=call, request_sha256=_digest(request), now=timezone.now())
        if known is not None:
            return _written(known.status, known.body, repeated=True)
        try:
            status, body = _answer_of(view, request, *args, **kwargs)
        except BaseException:
            forget_call(key=key, idempotency_key=call)
            raise
        keep_answer(key=key, idempotency_key=call, status=status, body=body)
        return _written(status, body, repeated=False)

    answered._ninja_contribute_to_operation = [_header_of(is_needed=is_needed)]  # type: ignore[attr-defined]  # noqa: SLF001 - ninja's own way
    return cast("View", answered)


def _header_of(*, is_needed: bool) -> Callable[[Operation], None]:
    """Says so in the OpenAPI file."""
    said = {
        "in": "header",
        "name": HEADER,
        "required": is_needed,
        "description": "A word of the caller's for this very call: the same call again is answered the same.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_IDEMPOTENCY_KEY, "pattern": "^[!-~]+$"},
    }

    def contribute(operation: Operation) -> None:
        operation.openapi_extra = {"parameters": [said]}

    return contribute


def _answer_of(view: Callable[..., Any], request: HttpRequest, *args: object, **kwargs: object) -> tuple[int, str]:
    try:
        answer = view(request, *args, **kwargs)
    except TooManyCalls:
        raise  # later it is another answer: kept under the call's key, it would be told again when the hour is over
    except CannotDo as refusal:
        status, body = problem_of(refusal)
        return status, _Refused(**body).model_dump_json()
    if isinstance(answer, Status):
        return answer.status_code, answer.value.model_dump_json()
    return 200, cast("Schema", answer).model_dump_json()


class _Refused(Schema):
    code: str
    sentence: str


def _written(status: int, body: str, *, repeated: bool) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    if repeated:
        response.headers[REPEATED] = "true"
    return response


def _digest(request: HttpRequest) -> str:
    address = f"{request.method} {request.get_full_path()}\n"
    return sha256(address.encode() + request.body).hexdigest()

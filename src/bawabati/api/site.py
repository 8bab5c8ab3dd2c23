"""The JSON door as a whole: who comes in, and what a refusal looks like."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from bawabati.api.bridges.door import router as bridges
from bawabati.api.keys import BridgeKey
from bawabati.api.parser import CarefulParser
from bawabati.errors import CannotDo

STATUS = {"no_such_code": 404, "no_such_order": 404, "no_such_block": 404, "key_not_readable": 422}
"""Every other refusal is 409: the world is not as the caller thinks."""

api = NinjaAPI(
    title="Bawabati: bridges",
    version="1",
    description="What the programs on the agencies' networks say and hear. Every call may be repeated.",
    auth=BridgeKey(),
    parser=CarefulParser(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="bridge_api",
)
api.add_router("", bridges)


def openapi() -> dict[str, Any]:
    """Every call and message, as OpenAPI. No address of it is served: it is kept in the docs."""
    return dict(api.get_openapi_schema(path_prefix="/api/bridge/v1/"))


@api.exception_handler(CannotDo)
def refused(request: HttpRequest, error: CannotDo) -> HttpResponse:
    """An expected refusal, in English: its reader is a log."""
    status = STATUS.get(error.code, 409)
    return api.create_response(request, {"code": error.code, "sentence": error.sentence}, status=status)


@api.exception_handler(ValidationError)
def not_readable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was wrong, field by field, without giving back what was sent."""
    wrong = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors)
    return api.create_response(request, {"code": "not_readable", "sentence": wrong[:1000]}, status=422)


@api.exception_handler(AuthenticationError)
def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001 - ninja hands it over
    """Unknown, switched off or wrong: nobody learns which."""
    return api.create_response(request, {"code": "unknown_key", "sentence": "This key opens nothing."}, status=401)

"""A machine that asks an address in the wrong way is told so like every other refusal: by a code and a sentence."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

OURS = "/api/"


def refuse_wrong_methods(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the library that leads calls to their functions answers these itself, in a text of its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not request.path.startswith(OURS):
            return response
        allowed = response.headers["Allow"]
        body = {"code": "method_not_allowed", "sentence": f"This address takes: {allowed}."}
        return JsonResponse(body, status=response.status_code, headers={"Allow": allowed})

    return answer

"""Bodies as they come from machines, without what no table takes: what cannot be kept would be repeated for ever."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class CarefulParser(Parser):
    """JSON whose texts have no NUL and no half of a character, and whose numbers are numbers.

    A reader may print anything on its slip, and its bridge repeats a result until it is kept.
    """

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - whatever came
        """Anything that it raises is answered with 400."""
        return _plain(json.loads(request.body, parse_constant=lambda _: None))


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever came
    match value:
        case str():
            return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
        case list():
            return [_plain(inside) for inside in value]
        case dict():
            return {_plain(name): _plain(inside) for name, inside in value.items()}
        case _:
            return value

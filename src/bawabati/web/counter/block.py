"""Receipt numbers are set aside for a desk, before its line is cut."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.desks.reads import find_block_in_use
from bawabati.desks.rules import MOST_NUMBERS, BlockTooLarge
from bawabati.errors import CannotDo
from bawabati.flows.set_aside_block import SetAside, set_aside_block
from bawabati.web.counter.at_desk import AtDesk, desk_page, desk_render
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest

USUAL = 50
LONGEST = 5


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def block(request: StaffRequest, here: AtDesk, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The numbers that the desk has; posted, some are set aside, and the code is shown this once."""
    aside: SetAside | None = None
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            aside = set_aside_block(desk_id=here.desk.id, size=_size(request), staff=request.staff, now=timezone.now())
        except CannotDo as refused:
            error = refused
    context = {
        "aside": aside,
        "in_use": find_block_in_use(here.desk.id),
        "usual": USUAL,
        "most": MOST_NUMBERS,
        "error": sentence_of(error) if error else "",
    }
    response = desk_render(request, here, "web/counter/block.html", context, status=422 if error else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _size(request: StaffRequest) -> int:
    """How many were asked for. Raises BlockTooLarge for what is no small number."""
    text = typed_line(request, "size")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
        raise BlockTooLarge(most=MOST_NUMBERS)
    return int(text)

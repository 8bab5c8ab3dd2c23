"""What the acquirer may keep of each payment: every row of the table, and a form for the next one."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bawabati.errors import CannotDo
from bawabati.flows.keep_statement_profile import write_acquirer_fees
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action, NotAllowed
from bawabati.settlement.models import FeeTable
from bawabati.settlement.reads import list_fee_tables
from bawabati.web.counter.at_desk import to
from bawabati.web.office.settlement.words import WAYS, say
from bawabati.web.public.typed import given_back, typed
from bawabati.web.shared.resolving import typed_day, typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

TIERS: Final = 4
"""Rows of the form; an empty one is no tier."""
_PER_CENT: Final = 10_000
"""Millionths."""


class RateNotReadable(CannotDo):
    """No percentage."""

    code: ClassVar[str] = "rate_not_readable"
    sentence: ClassVar[str] = "Write the rate as a percentage with at most 4 decimals, like 0,25."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SEE_SETTLEMENT)
def fees(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """Everybody of the section reads them; who imports files writes the next row."""
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            if not request.may(Action.IMPORT_STATEMENTS):
                raise NotAllowed
            _write(request)
        except CannotDo as refused:
            error = refused
        else:
            return to("office_settlement_fees")
    context = {
        "tables": [
            (each, say(WAYS, each.way), [_tier(tier) for tier in each.tiers], _percent(each.vat_ppm))
            for each in list_fee_tables(company_id=request.place.company.id)
        ],
        "rows": range(1, TIERS + 1),
        "ways": [(way, say(WAYS, way)) for way in ("", "web", "card")],
        "may_write": request.may(Action.IMPORT_STATEMENTS),
        "typed": {name: given_back(typed(str(value))) for name, value in request.POST.items()},
        "error": sentence_of(error) if error else "",
    }
    return render(request, "web/office/settlement/fees.html", context, status=422 if error else 200)


def _write(request: StaffRequest) -> FeeTable:
    """Raises CannotDo."""
    least, cap = typed_line(request, "least"), typed_line(request, "cap")
    return write_acquirer_fees(
        company_id=request.place.company.id,
        way=typed_line(request, "way"),
        from_on=typed_day(request, "from_on"),
        tiers=_typed_tiers(request),
        vat_ppm=_ppm(typed_line(request, "vat") or "19"),
        least_centimes=parse_amount(least).centimes if least else 0,
        cap_centimes=parse_amount(cap).centimes if cap else None,
        because=typed_line(request, "because"),
        staff=request.staff,
        now=timezone.now(),
    )


def _typed_tiers(request: StaffRequest) -> list[dict[str, Any]]:
    """The rows in which something was typed. The last one that has no end is for every larger payment."""
    tiers = []
    for row in range(1, TIERS + 1):
        up_to, fixed, rate = (typed_line(request, f"{name}-{row}") for name in ("up_to", "fixed", "rate"))
        if up_to or fixed or rate:
            tiers.append(
                {
                    "up_to": parse_amount(up_to).centimes if up_to else None,
                    "fixed": parse_amount(fixed).centimes if fixed else 0,
                    "rate_ppm": _ppm(rate) if rate else 0,
                }
            )
    return tiers


def _ppm(text: str) -> int:
    """Raises RateNotReadable."""
    try:
        ppm = Decimal(text.replace(",", ".").removesuffix("%").strip()) * _PER_CENT
    except InvalidOperation:
        raise RateNotReadable from None
    if not ppm.is_finite() or ppm != int(ppm) or not 0 <= ppm <= 100 * _PER_CENT:
        raise RateNotReadable
    return int(ppm)


def _percent(ppm: int) -> str:
    return f"{Decimal(ppm) / _PER_CENT:f}".replace(".", ",") + " %"


def _tier(tier: dict[str, Any]) -> dict[str, Any]:
    return tier | {"rate": _percent(tier.get("rate_ppm", 0))}

"""What people say of a sale when no machine can tell: read from a form, for the desk and for the agency alike."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.http import HttpRequest
from django.utils import timezone

from bawabati.errors import CannotDo
from bawabati.flows.resolve_sale import propose_resolution
from bawabati.payments.models import Sale
from bawabati.payments.rules.sales import SaleEvent
from bawabati.web.public.typed import typed
from bawabati.web.shared.who import StaffRequest

SAID = frozenset({SaleEvent.CONFIRMED_PAID, SaleEvent.CONFIRMED_NOT_PROCESSED, SaleEvent.CONFIRMED_REVERSED})


class NothingSaid(CannotDo):
    """None of the answers is ticked."""

    code: ClassVar[str] = "nothing_said"
    sentence: ClassVar[str] = "Say what became of the sale."


class DayNotReadable(CannotDo):
    """The day on the slip is missing, or is none."""

    code: ClassVar[str] = "day_not_readable"
    sentence: ClassVar[str] = "Give the day that is printed on the slip."


def propose(request: StaffRequest, sale: Sale) -> None:
    """What the form says became of the sale. Raises CannotDo."""
    what = request.POST.get("what", "")
    if what not in SAID:
        raise NothingSaid
    propose_resolution(
        sale_id=sale.id,
        what=SaleEvent(what),
        because=typed_line(request, "because"),
        approval_code=typed_line(request, "approval_code"),
        last_four=typed_line(request, "last_four"),
        slip_number=typed_line(request, "slip_number"),
        slip_on=typed_day(request, "slip_on") if what == SaleEvent.CONFIRMED_PAID and not sale.approval_code else None,
        staff=request.staff,
        now=timezone.now(),
    )


def typed_line(request: HttpRequest, name: str) -> str:
    """What was typed in a field of one line, without the spaces around it and without what nobody can see."""
    return "".join(letter for letter in typed(request.POST.get(name, "")) if letter.isprintable()).strip()


def typed_day(request: HttpRequest, name: str) -> date:
    """The day in a date field. Raises DayNotReadable."""
    try:
        return date.fromisoformat(typed_line(request, name))
    except ValueError:
        raise DayNotReadable from None

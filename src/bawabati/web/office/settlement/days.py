"""A period at a glance: our books, the acquirer and the bank beside each other; and whose file is missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell, Signed
from bawabati.people.rules import Action
from bawabati.settlement.reads import DayOfFiles, count_open_differences, list_days, three_way
from bawabati.settlement.rules import DifferenceKind
from bawabati.web.office.settlement.words import KINDS, WAYS, say
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.lists import Asked, Filter, Kind, read_filters
from bawabati.web.shared.who import StaffRequest, staff_page

FILTERS: Final = (Filter("from", _("From"), Kind.DAY), Filter("to", _("To"), Kind.DAY))
SHOWN_DAYS: Final = 14
_HEADER: Final = (
    _("Day"),
    _("Files of the acquirer"),
    _("Gross"),
    _("Commission"),
    _("VAT"),
    _("Net"),
    _("Files of the bank"),
    _("Open differences"),
)


@require_safe
@staff_page(Action.SEE_SETTLEMENT)
def days(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """The days of a period with their files and gaps, and the three-way match over all of it."""
    company_id = request.place.company.id
    asked = read_filters(request, FILTERS)
    from_on, to_on = _period(asked)
    listed = list_days(company_id=company_id, from_on=from_on, to_on=to_on, today=timezone.localdate())
    if form := wanted_form(request):
        return as_file(form, name="settlement", header=_HEADER, rows=map(_cells, listed))
    match = three_way(company_id=company_id, day=listed[-1].day, to_on=to_on)
    open_counts = count_open_differences(company_id=company_id)
    context = {
        "asked": asked,
        "days": listed,
        "may_import": request.may(Action.IMPORT_STATEMENTS),
        **_neighbours(listed[-1].day, to_on),
        "match": match,
        "channels": [(say(WAYS, channel.way), channel) for channel in match.channels],
        "open_kinds": [(kind, say(KINDS, kind), open_counts[kind]) for kind in DifferenceKind if kind in open_counts],
        "open_count": sum(open_counts.values()),
    }
    return render(request, "web/office/settlement/days.html", context)


def _period(asked: Asked) -> tuple[date, date]:
    """What is asked for; else the last two weeks. A period that ends before it begins is one day."""
    to_on = asked.day("to") or max(timezone.localdate(), asked.day("from") or date.min)
    from_on = asked.day("from") or to_on - timedelta(days=SHOWN_DAYS - 1)
    return min(from_on, to_on), to_on


def _neighbours(from_on: date, to_on: date) -> dict[str, str]:
    """The periods of the same length before and after; none that begins in the future."""
    length = (to_on - from_on) + timedelta(days=1)
    shown = {"earlier_from": from_on - length, "earlier_to": to_on - length}
    if to_on < timezone.localdate():
        shown |= {"later_from": from_on + length, "later_to": to_on + length}
    return {name: day.isoformat() for name, day in shown.items()}


def _cells(each: DayOfFiles) -> list[Cell]:
    return [
        each.day,
        len(each.acquirer),
        *(
            Signed(sum(getattr(file, name) for file in each.acquirer))
            for name in ("gross_centimes", "fee_centimes", "vat_centimes", "net_centimes")
        ),
        len(each.bank),
        each.open_count,
    ]

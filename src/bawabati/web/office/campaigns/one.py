"""What a campaign brought: by medium and agency, by day, and both as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from bawabati.adapters.sheets.contract import Cell
from bawabati.money.amount import Money
from bawabati.people.rules import Action
from bawabati.reports.reads.campaigns import CampaignReport, report_of_campaign
from bawabati.web.office.campaigns.listed import campaign_of
from bawabati.web.office.campaigns.words import agency_name, medium_word, standing_of
from bawabati.web.shared.files_out import as_file, wanted_form
from bawabati.web.shared.who import StaffRequest, staff_page

_HEADER: Final = (
    _("From"),
    _("To"),
    _("Medium"),
    _("Agency"),
    _("Code"),
    _("Visits"),
    _("Look-ups"),
    _("Bills found"),
    _("Reviews"),
    _("Payments begun"),
    _("Payments"),
    _("First-time payers"),
    _("Amount"),
)


@require_safe
@staff_page(Action.SEE_CAMPAIGNS)
def campaign(request: StaffRequest, language: str, campaign_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Its codes with what each brought, and the days; `?code=` one code's days; `?as=csv` the whole table as a file."""
    row, today = campaign_of(request, campaign_id), timezone.localdate()
    report = report_of_campaign(row, today=today, hidden_below=settings.SMALL_COUNTS_BELOW)
    if form := wanted_form(request):
        return as_file(form, name=f"campaign-{row.id}", header=_HEADER, rows=_cells(report))
    chosen = next((at for at, code in enumerate(report.codes) if code.code == request.GET.get("code")), None)
    context = {
        "campaign": row,
        "standing": standing_of(row, today=today),
        "codes": [
            (code, medium_word(code), agency_name(code.agency), report.of_code(at))
            for at, code in enumerate(report.codes)
        ],
        "total": report.total,
        "chosen": None if chosen is None else report.codes[chosen],
        "chosen_medium": "" if chosen is None else medium_word(report.codes[chosen]),
        "spans": [
            (span, report.of_span(at) if chosen is None else report.of_code_in_span(chosen, at))
            for at, span in enumerate(report.spans)
        ],
        "spans_total": report.total if chosen is None else report.of_code(chosen),
        "below": settings.SMALL_COUNTS_BELOW,
        "may_keep": request.may(Action.KEEP_CAMPAIGNS),
    }
    return render(request, "web/office/campaigns/one.html", context)


def _cells(report: CampaignReport) -> Iterator[Sequence[Cell]]:
    hidden = gettext("hidden")
    for at, span in enumerate(report.spans):
        for place, code in enumerate(report.codes):
            brought = report.of_code_in_span(place, at)
            counts = (
                brought.visit,
                brought.look_up,
                brought.found,
                brought.review,
                brought.left_for_bank,
                brought.payments,
                brought.first_payers,
            )
            yield (
                *(span.first, span.last, medium_word(code), agency_name(code.agency), code.code),
                *(hidden if count is None else count for count in counts),
                hidden if brought.centimes is None else Money(brought.centimes),
            )

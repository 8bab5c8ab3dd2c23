"""The company's campaigns."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bawabati.campaigns.models import Campaign, CampaignCode
from bawabati.campaigns.reads import count_codes, find_campaign, find_code_row, list_campaigns
from bawabati.people.rules import Action
from bawabati.web.office.campaigns.words import standing_of
from bawabati.web.shared.who import StaffRequest, staff_page


@require_safe
@staff_page(Action.SEE_CAMPAIGNS)
def campaigns(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """All of them, the latest first."""
    company_id, today = request.place.company.id, timezone.localdate()
    counts = count_codes(company_id)
    context = {
        "campaigns": [
            (row, standing_of(row, today=today), counts.get(row.id, 0)) for row in list_campaigns(company_id)
        ],
        "may_keep": request.may(Action.KEEP_CAMPAIGNS),
    }
    return render(request, "web/office/campaigns/list.html", context)


def campaign_of(request: StaffRequest, campaign_id: int) -> Campaign:
    """The company's. Raises Http404."""
    found = find_campaign(company_id=request.place.company.id, campaign_id=campaign_id)
    if found is None:
        raise Http404
    return found


def code_of_campaign(request: StaffRequest, code_id: int) -> CampaignCode:
    """The company's code of that number. Raises Http404."""
    found = find_code_row(company_id=request.place.company.id, code_id=code_id)
    if found is None:
        raise Http404
    return found

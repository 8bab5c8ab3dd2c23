"""A campaign is made, described anew, given more media, ended and opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bawabati.campaigns.models import Campaign
from bawabati.campaigns.reads import list_codes
from bawabati.campaigns.rules import LONGEST_NAME, LONGEST_NOTE, CampaignFacts, Medium, MediumAt
from bawabati.companies.models import Agency
from bawabati.companies.reads import list_agencies
from bawabati.companies.rules import SettingWrong
from bawabati.errors import CannotDo
from bawabati.flows.keep_campaign import add_campaign, add_media, describe_campaign, end_campaign
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.counter.links import number_of
from bawabati.web.office.campaigns.listed import campaign_of
from bawabati.web.office.campaigns.words import MEDIA
from bawabati.web.public.typed import given_back
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

OF_THE_COMPANY: Final = (Medium.PRESS, Medium.RADIO, Medium.SOCIAL_NETWORK, Medium.SMS)
ONE_BY_ONE: Final = 40
"""More agencies than this are not ticked one by one: a form has so many fields and no more."""


class CampaignDayWrong(SettingWrong):
    """It is no day."""

    code: ClassVar[str] = "campaign_day_wrong"
    sentence: ClassVar[str] = "Give a day."


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_CAMPAIGNS)
def add(request: StaffRequest, language: str) -> HttpResponse:  # noqa: ARG001 - of the address
    """A new one, with its media."""
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            made = add_campaign(
                company_id=request.place.company.id,
                facts=_described(request),
                media=_chosen(request),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_campaign", made.id)
    return _page(request, None, error)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_CAMPAIGNS)
def describe(request: StaffRequest, language: str, campaign_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Its name, days and note."""
    campaign = campaign_of(request, campaign_id)
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            describe_campaign(
                company_id=campaign.company_id,
                campaign_id=campaign.id,
                facts=_described(request),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_campaign", campaign.id)
    return _page(request, campaign, error)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.KEEP_CAMPAIGNS)
def media(request: StaffRequest, language: str, campaign_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """More media and agencies for it."""
    campaign = campaign_of(request, campaign_id)
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            add_media(
                company_id=campaign.company_id,
                campaign_id=campaign.id,
                media=_chosen(request),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_campaign", campaign.id)
    context = {"campaign": campaign, "error": sentence_of(error) if error else "", **_choices(request, campaign)}
    return render(request, "web/office/campaigns/media.html", context, status=422 if error else 200)


@require_POST
@staff_page(Action.KEEP_CAMPAIGNS)
def over(request: StaffRequest, language: str, campaign_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """Ends it, or opens it again."""
    campaign = campaign_of(request, campaign_id)
    end_campaign(
        company_id=campaign.company_id,
        campaign_id=campaign.id,
        is_over=typed_line(request, "act") == "end",
        staff=request.staff,
        now=timezone.now(),
    )
    return to("office_campaign", campaign.id)


def _page(request: StaffRequest, campaign: Campaign | None, error: CannotDo | None) -> HttpResponse:
    column = error.column if isinstance(error, SettingWrong) else ""
    context = {
        "campaign": campaign,
        "filled": _filled(request, campaign),
        "longest_name": LONGEST_NAME,
        "longest_note": LONGEST_NOTE,
        "errors": {column: sentence_of(error)} if error and column else {},
        "error": sentence_of(error) if error and not column else "",
        **({} if campaign else _choices(request, None)),
    }
    return render(request, "web/office/campaigns/form.html", context, status=422 if error else 200)


def _described(request: StaffRequest) -> CampaignFacts:
    note = " ".join(request.POST.get("note", "").replace("\0", "")[: 2 * LONGEST_NOTE].split())
    ends = typed_line(request, "ends_on")
    return CampaignFacts(
        name=typed_line(request, "name"),
        begins_on=_day(typed_line(request, "begins_on"), "begins_on"),
        ends_on=_day(ends, "ends_on") if ends else None,
        note=note,
    )


def _day(text: str, column: str) -> date:
    """Raises CampaignDayWrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CampaignDayWrong(column) from None


def _chosen(request: StaffRequest) -> list[MediumAt]:
    """The ticked media, a poster for each ticked agency or for all, and one medium of one agency."""
    chosen = [MediumAt(medium) for medium in OF_THE_COMPANY if medium.value in request.POST.getlist("media")]
    hung = {number_of(number) for number in request.POST.getlist("posters")}
    every = "every_agency" in request.POST
    chosen += [
        MediumAt(Medium.AGENCY_POSTER, agency.id) for agency in _open_agencies(request) if every or agency.id in hung
    ]
    medium, agency_id = typed_line(request, "medium"), number_of(typed_line(request, "agency"))
    if medium in set(Medium) and agency_id:
        chosen.append(MediumAt(Medium(medium), agency_id))
    return chosen


def _choices(request: StaffRequest, campaign: Campaign | None) -> dict[str, object]:
    """What may be ticked; what has a code already is ticked for good."""
    codes = list_codes(company_id=campaign.company_id, campaign_id=campaign.id) if campaign else []
    has = {(code.medium, code.agency_id) for code in codes}
    agencies = _open_agencies(request)
    ticked, hung = request.POST.getlist("media"), request.POST.getlist("posters")
    return {
        "media": [
            (medium.value, MEDIA[medium], medium.value in ticked, (medium.value, None) in has)
            for medium in OF_THE_COMPANY
        ],
        "agencies": [
            (agency, str(agency.id) in hung, (Medium.AGENCY_POSTER.value, agency.id) in has) for agency in agencies
        ],
        "one_by_one": len(agencies) <= ONE_BY_ONE,
        "every_agency": "every_agency" in request.POST,
        "all_media": [(medium.value, MEDIA[medium]) for medium in Medium],
    }


def _open_agencies(request: StaffRequest) -> list[Agency]:
    return [agency for agency in list_agencies(request.place.company.id) if agency.is_open]


def _filled(request: StaffRequest, campaign: Campaign | None) -> dict[str, str]:
    names: Iterable[str] = ("name", "begins_on", "ends_on", "note")
    if request.method == "POST":
        return {name: given_back(request.POST.get(name, "")[: 2 * LONGEST_NOTE]) for name in names}
    if campaign is None:
        return {"begins_on": timezone.localdate().isoformat()}
    return {name: str(getattr(campaign, name) or "") for name in names}

"""One code: its short address and QR, posters and cards to print, words for an SMS, and what its medium cost."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from bawabati.adapters.documents.posters import PosterForm
from bawabati.adapters.messages.text_length import TextLength, as_sms, length_of
from bawabati.campaigns.models import CampaignCode
from bawabati.companies.rules import LooksLikeACardNumber
from bawabati.errors import CannotDo
from bawabati.flows.keep_campaign import keep_cost
from bawabati.flows.print_campaign import print_campaign
from bawabati.links import campaign_address
from bawabati.money.amount import Money
from bawabati.money.display import figures
from bawabati.money.typed import parse_amount
from bawabati.people.rules import Action
from bawabati.web.counter.at_desk import to
from bawabati.web.office.campaigns.listed import code_of_campaign
from bawabati.web.office.campaigns.words import agency_name, medium_word, standing_of
from bawabati.web.public.typed import given_back, may_be_a_card
from bawabati.web.shared.languages import LANGUAGE_NAMES
from bawabati.web.shared.resolving import typed_line
from bawabati.web.shared.sentences import sentence_of
from bawabati.web.shared.who import StaffRequest, staff_page

PAPERS: Final = (
    (PosterForm.A3, _("Poster A3")),
    (PosterForm.A4, _("Poster A4")),
    (PosterForm.A6, _("Cards A6, four on a sheet")),
    (PosterForm.CARDS, _("Business cards, ten on a sheet")),
)
SMS: Final = _("%(company)s: pay your water bill by CIB or Edahabia card, free of charge:")
_PICTURES: Final = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words for an SMS in one language, and what they cost to send."""

    language: str
    name: str
    words: str
    length: TextLength


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Action.SEE_CAMPAIGNS)
def code(request: StaffRequest, language: str, campaign_code_id: int) -> HttpResponse:
    """All of it. Posted, the cost is kept."""
    row = code_of_campaign(request, campaign_code_id)
    error: CannotDo | None = None
    if request.method == "POST":
        try:
            keep_cost(
                company_id=row.company_id,
                campaign_id=row.campaign_id,
                code_id=row.id,
                cost=_cost(request),
                staff=request.staff,
                now=timezone.now(),
            )
        except CannotDo as refused:
            error = refused
        else:
            return to("office_campaign_code", row.id)
    address = _address(row)
    cost = "" if row.cost_centimes is None else figures(Money(row.cost_centimes), language)
    context = {
        "row": row,
        "campaign": row.campaign,
        "standing": standing_of(row.campaign, today=timezone.localdate()),
        "medium": medium_word(row),
        "agency": agency_name(row.agency),
        "address": address.partition("://")[2],
        "qr": "data:image/svg+xml;base64," + b64encode(_qr(address, "svg")).decode(),
        "papers": [
            (form.value, gettext(title), [(code, name) for code, name in LANGUAGE_NAMES.items()])
            for form, title in PAPERS
        ],
        "texts": [_sms(row, code, name) for code, name in LANGUAGE_NAMES.items()],
        "cost": given_back(typed_line(request, "cost")) if request.method == "POST" else cost,
        "error": sentence_of(error) if error else "",
        "may_keep": request.may(Action.KEEP_CAMPAIGNS),
    }
    return render(request, "web/office/campaigns/code.html", context, status=422 if error else 200)


@require_safe
@staff_page(Action.SEE_CAMPAIGNS)
def paper(request: StaffRequest, language: str, campaign_code_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """A poster or a sheet of cards: `?paper=a4&in=ar`."""
    row = code_of_campaign(request, campaign_code_id)
    form, tongue = request.GET.get("paper", PosterForm.A4.value), request.GET.get("in", "ar")
    if form not in set(PosterForm) or tongue not in LANGUAGE_NAMES:
        raise Http404
    made = print_campaign(row, form=PosterForm(form), language=tongue)
    name = f"{row.code}-{form}-{tongue}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
@staff_page(Action.SEE_CAMPAIGNS)
def qr(request: StaffRequest, language: str, campaign_code_id: int) -> HttpResponse:  # noqa: ARG001 - of the address
    """The QR code alone, for whoever makes a page of a newspaper: `?as=svg` or `?as=png`."""
    row = code_of_campaign(request, campaign_code_id)
    form = request.GET.get("as", "svg")
    if form not in _PICTURES:
        raise Http404
    disposition = f'attachment; filename="{row.code}-qr.{form}"'
    return HttpResponse(
        _qr(_address(row), form), content_type=_PICTURES[form], headers={"Content-Disposition": disposition}
    )


def _address(row: CampaignCode) -> str:
    return campaign_address(row.code, host_name=row.company.host_name)


def _qr(address: str, form: str) -> bytes:
    """With a quarter to spare, on white; a picture of points is large enough for a page of a newspaper."""
    picture = io.BytesIO()
    segno.make(address.upper(), error="q", micro=False).save(picture, kind=form, border=4, scale=20, light="#fff")
    return picture.getvalue()


def _sms(row: CampaignCode, language: str, name: str) -> Text:
    company = {"ar": row.company.name_ar, "fr": row.company.name_fr, "en": row.company.name_en}[language]
    with override(language):
        # On a line of its own the address keeps its direction, also below Arabic.
        words = as_sms(f"{gettext(SMS) % {'company': company}}\n{_address(row).partition('://')[2]}")
    return Text(language=language, name=name, words=words, length=length_of(words))


def _cost(request: StaffRequest) -> Money | None:
    """Empty: not known. Raises LooksLikeACardNumber, or one of `parse_amount`'s."""
    text = typed_line(request, "cost")
    if may_be_a_card(text):
        raise LooksLikeACardNumber
    return parse_amount(text) if text else None

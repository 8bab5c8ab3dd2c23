"""Posters and cards of a campaign's code, as often as somebody asks."""

from bawabati.adapters import registry
from bawabati.adapters.documents.posters import Poster, PosterForm
from bawabati.campaigns.models import CampaignCode
from bawabati.links import campaign_address
from bawabati.receipts.rules import HELP_NUMBER


def print_campaign(of_medium: CampaignCode, *, form: PosterForm, language: str) -> bytes:
    """PDF, the same bytes each time, for whoever may see campaigns: the caller has asked. `language`: ar, fr, en."""
    company, agency = of_medium.company, of_medium.agency
    name = {"ar": company.name_ar, "fr": company.name_fr, "en": company.name_en}[language]
    address = campaign_address(of_medium.code, host_name=company.host_name)
    place = "" if agency is None else agency.name_ar if language == "ar" else agency.name_fr
    return registry.document_maker().poster_pdf(
        Poster(
            language=language,
            form=form,
            company=name,
            phone=company.phone,
            address=address.partition("://")[2],
            # In capitals alone a QR code is smaller, and is read from further away; the address is the same.
            qr=address.upper(),
            code=of_medium.code,
            place=place,
            logo_svg=company.logo_svg,
            colour=company.colour,
            help_number=HELP_NUMBER,
        )
    )

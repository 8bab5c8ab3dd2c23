"""The company whose colours a page wears."""

from django import template
from django.template import Context

from bawabati.companies.models import Company
from bawabati.web.public.look import look_address
from bawabati.web.shared.who import Place

register = template.Library()


@register.simple_tag(takes_context=True)
def company_look(context: Context) -> str:
    """The style sheet of the page's company, or of the place where somebody works; empty: the portal's own colours."""
    company, place = context.get("company"), context.get("place")
    if not isinstance(company, Company) and isinstance(place, Place):
        company = place.of_company
    return look_address(company) if isinstance(company, Company) else ""

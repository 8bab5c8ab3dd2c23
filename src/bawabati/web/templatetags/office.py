"""The frame of the office's pages."""

from django import template
from django.template.context import Context
from django.utils.translation import get_language

from bawabati.people.rules import Action, Level
from bawabati.web.office.sections import Menu, menu

register = template.Library()


@register.simple_tag(takes_context=True)
def office_menu(context: Context) -> Menu:
    """The sections that the person of this page may enter here."""
    here, nationally = context["may_do"], context["may_nationally"]

    def may(action: Action, at: Level) -> bool:
        return bool(nationally(action) if at is Level.NATION else here(action))

    return menu(language=get_language() or "ar", path=context["here"], may=may)

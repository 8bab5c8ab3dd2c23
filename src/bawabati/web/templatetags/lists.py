"""Addresses of pages of a list."""

from urllib.parse import urlencode

from django import template

from bawabati.web.shared.lists import Asked

register = template.Library()


@register.simple_tag
def in_list(asked: Asked, **place: str) -> str:
    """The list that is asked for, at that place or in that form: `{% in_list asked after=page.after %}`."""
    return asked.with_query(urlencode(place))

"""Names of people in lists of texts."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def called(names: Mapping[int, str], staff_id: int) -> str:
    """How that person is called; the number where nobody knows."""
    return names.get(staff_id, str(staff_id))

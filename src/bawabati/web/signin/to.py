"""Where somebody wanted to go before he had to sign in, confirm, or say where he works."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from bawabati.web.shared.staff_session import is_of_staff


def wanted(request: HttpRequest) -> str:
    """An address of staff on this site; never another's. The first page when none was wanted."""
    to = request.POST.get("to") or request.GET.get("to") or ""
    plain = to.isascii() and to.isprintable() and not set(to) & set("\\ ?#")
    return to if plain and is_of_staff(to) else reverse("staff_home", args=[get_language()])


def there(address: str) -> HttpResponseRedirect:
    """To that address, by GET."""
    return HttpResponseRedirect(address, status=303)

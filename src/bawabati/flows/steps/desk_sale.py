"""A sale that a person acts on."""

from bawabati.errors import CannotDo
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_sale


class NoSuchSale(CannotDo):
    """No sale of that number."""

    code = "no_such_sale"
    sentence = "There is no sale with this number."


def get_sale_or_say(sale_id: int) -> Sale:
    """The sale with its people and places. Raises NoSuchSale."""
    sale = find_sale(sale_id)
    if sale is None:
        raise NoSuchSale
    return sale

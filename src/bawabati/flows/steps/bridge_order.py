"""An order of a bridge that comes with it."""

from bawabati.errors import CannotDo
from bawabati.payments.models import ReaderOrder
from bawabati.payments.reads import find_order


class NoSuchOrder(CannotDo):
    """This bridge has no such order."""

    code = "no_such_order"
    sentence = "There is no such order for this bridge."


def get_order_or_say(*, bridge_id: int, order_id: int) -> ReaderOrder:
    """The order, if it is that bridge's. Raises NoSuchOrder."""
    order = find_order(bridge_id=bridge_id, order_id=order_id)
    if order is None:
        raise NoSuchOrder
    return order

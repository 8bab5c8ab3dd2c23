"""A payment, or a refund of one, that a member of staff may act on."""

from bawabati.errors import CannotDo
from bawabati.payments.models import Refund
from bawabati.payments.reads import find_payment, find_refund
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


class NoSuchPayment(CannotDo):
    """No payment of that number."""

    code = "no_such_payment"
    sentence = "There is no payment with this number."


class NoSuchRefund(CannotDo):
    """No refund of that number."""

    code = "no_such_refund"
    sentence = "There is no refund with this number."


def payment_for_staff(*, payment_id: int, login: str, action: Action) -> Staff:
    """The person, who may do that with this payment. Raises NoSuchPayment, NotAllowed."""
    payment = find_payment(payment_id)
    if payment is None:
        raise NoSuchPayment
    return get_staff_allowed(login=login, action=action, company_id=payment.company_id)


def get_refund_or_say(refund_id: int) -> Refund:
    """The refund with its payment. Raises NoSuchRefund."""
    refund = find_refund(refund_id)
    if refund is None:
        raise NoSuchRefund
    return refund

"""Which payments of a company somebody who works there may see."""

from bawabati.payments.models import Payment
from bawabati.payments.rules.ways import Way
from bawabati.people.reads import list_places_allowing, roles_of
from bawabati.people.rules import Action, Level, NotAllowed, is_allowed


def agencies_seen(*, staff_id: int, company_id: int) -> frozenset[int] | None:
    """The agencies whose payments the person may see; None: of the whole company.

    Raises NotAllowed to whom may see none. Rule: payments-of-the-own-agency (behaviour.md I13)
    """
    if is_allowed(Action.SEE_PAYMENTS, roles_of(staff_id=staff_id, company_id=company_id)):
        return None
    places = list_places_allowing(Action.SEE_PAYMENTS, staff_id=staff_id, at=Level.AGENCY)
    agencies = frozenset(place.agency_id for place in places if place.company_id == company_id and place.agency_id)
    if not agencies:
        raise NotAllowed
    return agencies


def may_see(payment: Payment, *, agencies: frozenset[int] | None) -> bool:
    """A payment online belongs to no agency: whoever stands before its customer may look at it."""
    return agencies is None or payment.way == Way.WEB or payment.agency_id in agencies

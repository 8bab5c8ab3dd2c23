"""Who may change how another person signs in: whoever may change staff wherever that person holds a role.

Otherwise an administrator of one company could take over an account that works in another.
"""

from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed, list_places
from bawabati.people.rules import Action, NotAllowed
from bawabati.scope import every_company


def staff_over(person: Staff, *, login: str, action: Action) -> Staff:
    """The account that acts on `person`, never his own. Raises NotAllowed. Rule: whole-person (ours)"""
    companies = {held.company_id for held in list_places(person.id)} or {None}
    with every_company("who acts on a person needs the right wherever that person works"):
        acting = [get_staff_allowed(login=login, action=action, company_id=company_id) for company_id in companies]
    if person.is_system or acting[0].id == person.id:
        raise NotAllowed
    return acting[0]


def company_of_person(person: Staff) -> int | None:
    """The one company that a person works for; None when there are several, or when he works nationally."""
    companies = {held.company_id for held in list_places(person.id)}
    return companies.pop() if len(companies) == 1 else None

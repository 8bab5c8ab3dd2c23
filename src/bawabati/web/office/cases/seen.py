"""Whose work a person sees: everybody's with a role in the whole company, the own alone with one in an agency."""

from __future__ import annotations

from bawabati.people.reads import roles_of
from bawabati.people.rules import Action, is_allowed
from bawabati.web.shared.who import StaffRequest


def sees_all(request: StaffRequest) -> bool:
    """Rule: role-holds-where (behaviour.md I13)"""
    roles = roles_of(staff_id=request.staff.id, company_id=request.place.company.id)
    return is_allowed(Action.SEE_CASES, roles)

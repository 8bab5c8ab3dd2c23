"""A work item is done with, and why."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.cases.models import Case
from bawabati.cases.reads import get_case_of_id
from bawabati.cases.rules import LONGEST_BECAUSE, ClosedAs
from bawabati.cases.writes import end_case, lock_open_case
from bawabati.errors import CannotDo
from bawabati.flows.steps.money_back import CASE as REFUND_CASE
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.reads import find_refund
from bawabati.payments.rules import FINAL_REFUND
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


class RefundStillOpen(CannotDo):
    """Its case is what keeps it from being forgotten."""

    code = "refund_still_open"
    sentence = "The refund that this case is about has not ended. Its case closes by itself when it does."


def close_case(*, case_id: int, closed_as: ClosedAs, because: str, login: str, now: datetime) -> Case:
    """Closes it, with a reason of the list and that person's words. Safe to race: closed once.

    Raises:
        NoSuchCase, CaseClosed, NotAllowed, WordsMissing and its kin.
        RefundStillOpen: money that has yet to go back keeps its owner.
    """
    because = check_words(because, longest=LONGEST_BECAUSE)
    known = get_case_of_id(case_id)
    staff = get_staff_allowed(login=login, action=Action.OWN_CASE, company_id=known.company_id)
    if known.kind == REFUND_CASE and _still_waits(known):
        raise RefundStillOpen
    with written_together("close_case: closed"):
        case = lock_open_case(company_id=known.company_id, case_id=case_id)
        end_case(case, closed_as=closed_as, because=because, by=staff, now=now)
        record_act(
            staff_id=staff.id,
            company_id=case.company_id,
            action="close_case",
            target=f"case:{case_id}",
            details={"as": closed_as, "because": because, "kind": case.kind, "reference": case.reference},
            now=now,
        )
    return case


def _still_waits(case: Case) -> bool:
    refund = find_refund(int(case.reference.partition(":")[2]))
    return refund is not None and refund.state not in FINAL_REFUND

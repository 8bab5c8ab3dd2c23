"""Somebody has lost the address of his instalments and left no e-mail or phone: the company gives it to him again."""

from __future__ import annotations

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.bills.models import Agreement
from bawabati.flows.steps.agreement_moves import reference_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.links import agreement_address
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action


def give_agreement_address(*, agreement: Agreement, language: str, login: str, now: datetime) -> str:
    """The secret address of the payer's page, in that language, for a paper.

    Who has it may accept in the payer's place: that somebody has seen it is written down each time, the address never.
    Also of an agreement that is over: its page goes on telling how it ended.

    Rule: own-agreement (law 18-07)

    Raises NotAllowed.
    """
    staff = get_staff_allowed(login=login, action=Action.DECIDE_INSTALMENTS, company_id=agreement.company_id)
    with written_together("give_agreement_address: written down"):
        record_act(
            staff_id=staff.id,
            company_id=agreement.company_id,
            action="give_agreement_address",
            target=reference_of(agreement),
            details={"state": agreement.state, "language": language},
            now=now,
        )
    return agreement_address(agreement.id, host_name=agreement.company.host_name, language=language)

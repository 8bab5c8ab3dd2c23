"""Does an attempt whose story is told stand here as it stands at the gateway?"""

from datetime import datetime

from bawabati.flows.steps.alarm import tell_the_office
from bawabati.flows.steps.how_it_stands import compare_how_it_stands
from bawabati.flows.steps.side_effects import written_together
from bawabati.payments.reads import get_payment
from bawabati.payments.rules import CASE_OF, Discrepancy
from bawabati.payments.writes import lock_payment, note_exchanges


def compare_payment(*, payment_id: int, tells_the_office: bool, now: datetime) -> tuple[Discrepancy | None, str]:
    """What differs, and the gateway's reason where it said nothing. Moves no money and no state; safe to repeat.

    What no machine may mend becomes a case when `tells_the_office`.
    Rule: nightly-comparison (behaviour.md 2, "after the end")
    """
    payment = get_payment(payment_id)
    found, answer = compare_how_it_stands(payment)
    if found is not None and tells_the_office and (alarm := CASE_OF.get(found)) is not None:
        with written_together("compare_payment: the office is told"):
            payment = lock_payment(payment_id)
            note_exchanges(payment, said=answer.said, now=now)
            tell_the_office(payment, alarm, said=answer.said, now=now)
    return found, getattr(answer, "reason", "")

"""An agency head frees the bills of a sale that is still being checked, on his own responsibility."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_sale import get_sale_or_say
from bawabati.flows.steps.hear_reader import lock_whole_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_at import check_at_sale
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.writes import note_happening, release_sale_holds
from bawabati.people.models import Staff
from bawabati.people.rules import Action


class SaleHoldsNothing(CannotDo):
    """The sale has let go of its bills already."""

    code = "sale_holds_nothing"
    sentence = "This sale holds no bill any more."


def release_sale(*, sale_id: int, because: str, staff: Staff, now: datetime) -> None:
    """The bills can be paid again; the sale goes on being cleared up, and what it took then is surplus.

    Rule: hold-released (behaviour.md 1, I7; readers.md 3, R6)

    Raises:
        NoSuchSale, NotAllowed, SaleHoldsNothing, WordsMissing and its kin.
    """
    because = check_words(because)
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.RELEASE_HOLD, known)
    with written_together("release_sale: released"):
        sale = lock_whole_sale(sale_id)
        if not release_sale_holds(sale):
            raise SaleHoldsNothing
        note_happening(sale, event="hold_released", by=staff, evidence={"because": because}, now=now)
        record_act(
            staff_id=staff.id,
            company_id=sale.company_id,
            action="release_sale",
            target=f"sale:{sale_id}",
            details={"because": because},
            now=now,
        )

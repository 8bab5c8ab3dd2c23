"""A person frees bills that an open attempt holds, on his own responsibility."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.staff_payment import payment_for_staff
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.writes import lock_payment, release_holds
from bawabati.people.rules import Action


class NothingHeld(CannotDo):
    """The payment has let go of its bills already."""

    code = "nothing_held"
    sentence = "This payment holds no bill any more."


def release_hold(*, payment_id: int, because: str, login: str, now: datetime) -> None:
    """The bills can be paid again; the attempt goes on being asked about, and what it captures then is surplus.

    Rule: hold-released (behaviour.md 1, I7)

    Raises:
        NoSuchPayment, NotAllowed, NothingHeld, WordsMissing and its kin.
    """
    because = check_words(because)
    staff = payment_for_staff(payment_id=payment_id, login=login, action=Action.RELEASE_HOLD)
    with written_together("release_hold: released"):
        payment = lock_payment(payment_id)
        if not release_holds(payment, by=staff.id, because=because, now=now):
            raise NothingHeld
        record_act(
            staff_id=staff.id,
            company_id=payment.company_id,
            action="release_hold",
            target=f"payment:{payment_id}",
            details={"because": because},
            now=now,
        )

"""An administrator says that a person has lost the second factor; another one has to agree."""

from datetime import datetime

from bawabati.audit.writes import record_act
from bawabati.flows.steps.over_person import company_of_person, staff_over
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.typed_words import check_words
from bawabati.people.models import PendingChange
from bawabati.people.reads import find_staff
from bawabati.people.rules import ASKED_WITH, ChangeKind, NoSuchPerson
from bawabati.people.writes import write_change


def ask_factor_reset(*, person_login: str, because: str, login: str, now: datetime) -> PendingChange:
    """The change, waiting for another administrator. `because` says how the person was recognised.

    Not safe to repeat: one that waits refuses the next. Rule: lost-factor (failures.md 5.8)

    Raises:
        NoSuchPerson, NotAllowed: nobody whose factors this administrator may take away.
        WordsMissing and its kin; ChangeWaiting.
    """
    because = check_words(because)
    person = find_staff(person_login)
    if person is None:
        raise NoSuchPerson
    kind = ChangeKind.LOST_FACTOR
    staff = staff_over(person, login=login, action=ASKED_WITH[kind])
    with written_together("ask_factor_reset: asked"):
        pending = write_change(
            company_id=company_of_person(person),
            kind=kind,
            about=f"staff:{person.id}",
            what={"staff": person.id, "login": person.login, "because": because},
            secret_sealed=None,
            asked_by=staff,
            now=now,
        )
        record_act(
            staff_id=staff.id,
            company_id=pending.company_id,
            action="ask_factor_reset",
            target=f"staff:{person.id}",
            details={"change": pending.id, "because": because},
            now=now,
        )
    return pending

"""No machine can tell what became of a sale: one person says what the slip and the reader show, another agrees."""

from datetime import date, datetime, timedelta

from bawabati.audit.writes import record_act
from bawabati.errors import CannotDo
from bawabati.flows.steps.desk_sale import get_sale_or_say
from bawabati.flows.steps.hear_reader import follow, lock_whole_sale
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.slip import TypedSlip, check_slip, masked
from bawabati.flows.steps.staff_at import check_at_sale
from bawabati.flows.steps.typed_words import check_words
from bawabati.payments.models import Sale
from bawabati.payments.reads import find_payment_of_sale
from bawabati.payments.rules.sales import SaleAlarm, SaleEvent, SaleMovedOn, SaleState, SaleVerdict
from bawabati.payments.writes import forget_proposal, note_happening, save_sale
from bawabati.people.models import Staff
from bawabati.people.rules import Action, check_two_people

LEFT_TO_PEOPLE_AFTER = timedelta(minutes=15)
"""Until then a reader that was off, or a line that was cut, may well come back."""
BY_PEOPLE = frozenset({SaleEvent.CONFIRMED_PAID, SaleEvent.CONFIRMED_NOT_PROCESSED, SaleEvent.CONFIRMED_REVERSED})


class NothingProposed(CannotDo):
    """There is nothing to agree with."""

    code = "nothing_proposed"
    sentence = "Nobody has said yet what became of this sale."


class SaleChanged(CannotDo):
    """Whoever agrees has seen what he agrees with."""

    code = "sale_changed"
    sentence = "Something has happened to this sale since you opened the page. Look at it again."


class WasNeverSettled(CannotDo):
    """What was never settled here cannot have been reversed out of our books: it was not processed."""

    code = "sale_was_settled"
    sentence = "This sale is settled in the books. Say that it stays paid, or that the reader has reversed it."


def is_left_to_people(sale: Sale, *, now: datetime) -> bool:
    """Whether people may say what became of it: no machine can, or its reader has said nothing of it for long."""
    since = sale.unknown_since
    for_long = sale.state == SaleState.UNKNOWN and since is not None and now >= since + LEFT_TO_PEOPLE_AFTER
    return for_long or sale.state == SaleState.REVIEW


def propose_resolution(
    *,
    sale_id: int,
    what: SaleEvent,
    because: str,
    staff: Staff,
    now: datetime,
    approval_code: str = "",
    last_four: str = "",
    slip_number: str = "",
    slip_on: date | None = None,
) -> Sale:
    """What one person says became of a sale in review. A new word takes the place of the last.

    "Paid" needs the slip of the reader, unless it was typed or approved before. A sale whose reader has said nothing of
    it for long goes into review by this word: the reader may be gone for good.
    Rule: two-people (readers.md 3, R15)

    Raises:
        NoSuchSale, NotAllowed, SaleMovedOn, WordsMissing and its kin, and what `check_slip` raises.
    """
    because = check_words(because)
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.RESOLVE_SALE, known)
    with written_together("resolve_sale: proposed"):
        sale = lock_whole_sale(sale_id)
        if what not in BY_PEOPLE or not is_left_to_people(sale, now=now):
            raise SaleMovedOn(state=sale.state, event=what)
        if sale.state == SaleState.UNKNOWN:
            cannot_tell = SaleVerdict(events=(SaleEvent.CANNOT_TELL,), alarm=SaleAlarm.REVIEW)
            follow(sale, cannot_tell, said=None, by=staff, now=now)
        if what is SaleEvent.CONFIRMED_NOT_PROCESSED and find_payment_of_sale(sale.id) is not None:
            raise WasNeverSettled
        if what is SaleEvent.CONFIRMED_PAID and not sale.approval_code:
            day = slip_on or date.min
            typed = TypedSlip(approval_code=approval_code, last_four=last_four, slip_number=slip_number, slip_on=day)
            slip = check_slip(typed, sale=sale, now=now)
            sale.typed_by, sale.slip_number, sale.slip_on = staff, slip.slip_number, slip.slip_on
            sale.approval_code, sale.masked_card = slip.approval_code, masked(slip.last_four)
        sale.proposed, sale.proposed_by, sale.proposed_because = what, staff, because
        save_sale(
            sale,
            *("proposed", "proposed_by", "proposed_because", "typed_by"),
            *("slip_number", "slip_on", "approval_code", "masked_card"),
        )
        said = {"what": what, "because": because, "slip": sale.slip_number}
        note_happening(sale, event="proposed", by=staff, evidence=said, now=now)
        _record(sale, staff, "propose_resolution", now)
    return sale


def confirm_resolution(*, sale_id: int, seen: int, agrees: bool, staff: Staff, now: datetime) -> Sale:
    """Another person agrees, and the sale ends so; or does not, and it waits for another word. Safe to race.

    `seen`: how many events stood beside the sale when this person looked: nobody agrees with what was said since.

    Raises:
        NoSuchSale, NotAllowed, SaleMovedOn, NothingProposed.
        SaleChanged: something has happened to it since it was seen.
        SamePerson: who proposed it, or typed its slip, does not confirm it. Rule: two-people (behaviour.md 3)
    """
    known = get_sale_or_say(sale_id)
    check_at_sale(staff, Action.CONFIRM_SALE, known)
    with written_together("resolve_sale: confirmed"):
        sale = _in_review(sale_id)
        what = _proposed(sale)
        if sale.event_count != seen:
            raise SaleChanged
        for person in {sale.proposed_by_id, sale.typed_by_id} - {None}:
            check_two_people(asked_by=int(person or 0), approved_by=staff.id)
        if agrees:
            follow(sale, SaleVerdict(events=(what,)), said=None, by=staff, now=now)
        else:
            forget_proposal(sale)
            note_happening(sale, event="proposal_refused", by=staff, evidence={"what": what}, now=now)
        _record(sale, staff, "confirm_resolution" if agrees else "refuse_resolution", now)
    return sale


def _in_review(sale_id: int) -> Sale:
    sale = lock_whole_sale(sale_id)
    if sale.state != SaleState.REVIEW:
        raise SaleMovedOn(state=sale.state)
    return sale


def _proposed(sale: Sale) -> SaleEvent:
    """What was said; a slip typed above the limit says "paid" by itself."""
    if sale.proposed:
        return SaleEvent(sale.proposed)
    if sale.typed_by_id is not None and sale.approval_code:
        return SaleEvent.CONFIRMED_PAID
    raise NothingProposed


def _record(sale: Sale, staff: Staff, action: str, now: datetime) -> None:
    record_act(
        staff_id=staff.id,
        company_id=sale.company_id,
        action=action,
        target=f"sale:{sale.id}",
        details={"what": sale.proposed, "because": sale.proposed_because},
        now=now,
    )

"""The finance officer closes an accounting day of the company: its sources agree, or each difference has an owner."""

from collections.abc import Mapping
from datetime import date, datetime

from bawabati.audit.reads import find_last_block
from bawabati.audit.writes import record_act
from bawabati.companies.reads import get_company
from bawabati.companies.writes import sign_as
from bawabati.flows.steps.company_day import CASE, DayLookedAt, look_at_day, reference_of
from bawabati.flows.steps.side_effects import written_together
from bawabati.flows.steps.work_item import open_work_item
from bawabati.money.amount import Money
from bawabati.money.dates import display_day
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action
from bawabati.reports.models import CompanyClosing
from bawabati.reports.reads import find_closing, find_last_closing, next_day_to_close
from bawabati.reports.rules import (
    DayFacts,
    DayNotOver,
    EarlierDayOpen,
    NamedDifference,
    NotExplained,
    NothingEverMoved,
    text_to_sign,
)
from bawabati.reports.writes import lock_closing_of, write_closing
from bawabati.workdays import ALGIERS, accounting_day


def close_company_day(
    *, company_id: int, day: date, staff: Staff, owners: Mapping[str, str], now: datetime
) -> CompanyClosing:
    """Closes the day for good, with a signed certificate. Safe to repeat, and to race: a closed day stays as it is.

    `owners` gives a difference (its key) to somebody (a login), who then has a case of it. An item of settlement gets
    its owner there.

    Rule: company-day (house.md 5)

    Raises:
        NotAllowed: this person may not close days, or somebody in `owners` may not own cases.
        DayNotOver, EarlierDayOpen, NothingEverMoved: it is not this day's turn.
        NotExplained: a difference has no owner yet.
    """
    by = get_staff_allowed(login=staff.login, action=Action.CLOSE_DAY, company_id=company_id)
    with written_together("close_day: closed"):
        lock_closing_of(company_id=company_id, day=day)
        known = find_closing(company_id=company_id, day=day)
        if known is not None:
            return known
        _check_turn(company_id, day, now)
        looked = look_at_day(company_id=company_id, day=day)
        if looked.unowned and _give_away(company_id, looked, owners, now):
            looked = look_at_day(company_id=company_id, day=day)
        if looked.unowned:
            raise NotExplained(count=len(looked.unowned))
        closing = _write(company_id, looked, by, now)
        record_act(
            staff_id=by.id,
            company_id=company_id,
            action="close_day",
            target=f"company_closing:{closing.id}",
            details={"day": day.isoformat(), "number": closing.number, "differences": len(looked.differences)},
            now=now,
        )
    return closing


def see_company_day(*, company_id: int, day: date) -> DayLookedAt:
    """The day as it stands, for whoever may see closings: the caller has asked. Changes nothing."""
    return look_at_day(company_id=company_id, day=day)


def _check_turn(company_id: int, day: date, now: datetime) -> None:
    if day >= accounting_day(now):
        raise DayNotOver
    turn = next_day_to_close(company_id)
    if turn is None or day < turn:
        raise NothingEverMoved
    if day > turn:
        raise EarlierDayOpen(day=display_day(turn))


def _give_away(company_id: int, looked: DayLookedAt, owners: Mapping[str, str], now: datetime) -> bool:
    """A case for each difference of ours that is given to somebody; whether there was any."""
    given = False
    for difference in looked.unowned:
        login = owners.get(difference.key, "")
        if not login or difference.settlement_id:
            continue
        open_work_item(
            company_id=company_id,
            kind=CASE,
            reference=reference_of(looked.day, difference.key),
            amount=Money(abs(difference.amount_centimes)),
            details={"day": looked.day.isoformat(), "kind": difference.kind, "about": difference.about},
            owner=get_staff_allowed(login=login, action=Action.OWN_CASE, company_id=company_id),
            now=now,
        )
        given = True
    return given


def _write(company_id: int, looked: DayLookedAt, by: Staff, now: datetime) -> CompanyClosing:
    last = find_last_closing(company_id)
    previous = last.sha256 if last else ""
    number = last.number + 1 if last else 1
    facts = _facts(company_id, looked, number, by, now).to_json()
    text = text_to_sign(previous_sha256=previous, facts=facts)
    return write_closing(
        company_id=company_id,
        day=looked.day,
        number=number,
        facts=facts,
        previous_sha256=previous,
        signature=sign_as(company_id=company_id, purpose="closing", text=text, now=now),
        by=by,
        now=now,
    )


def _facts(company_id: int, looked: DayLookedAt, number: int, by: Staff, now: datetime) -> DayFacts:
    company, block = get_company(company_id), find_last_block()
    return DayFacts(
        company=company.code,
        company_ar=company.name_ar,
        company_fr=company.name_fr,
        number=number,
        day=looked.day.isoformat(),
        closed_by=by.name,
        closed_at=now.astimezone(ALGIERS).isoformat(timespec="seconds"),
        ways=looked.ways,
        entries=looked.entries,
        late=looked.late,
        filed=looked.filed,
        credited=looked.credited,
        agencies=looked.agencies,
        differences=tuple(
            NamedDifference(
                key=one.key,
                kind=one.kind,
                about=one.about,
                amount_centimes=one.amount_centimes,
                owner=one.owner,
                promised_on=one.promised_on,
            )
            for one in looked.differences
        ),
        audit_block=block.number if block else 0,
        audit_hash=bytes(block.hash).hex() if block else "",
    )

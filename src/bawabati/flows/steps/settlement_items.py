"""Whose an item is at first, and what a credit of the bank settles; always in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bawabati.companies.reads import get_company, holidays_of
from bawabati.flows.steps.settlement_books import post_credit, post_items
from bawabati.people.reads import find_staff
from bawabati.people.writes import system_account
from bawabati.settlement.models import Remittance, Statement, StatementLine
from bawabati.settlement.reads import find_remittances, list_bank_lines, list_unknown_credits
from bawabati.settlement.rules import DifferenceKind, Owed, numbers_in, shares_of
from bawabati.settlement.writes import Opening, end_by_itself, set_item, write_credit
from bawabati.workdays import accounting_day, add_working_days


def opening_of(company_id: int, *, now: datetime) -> Opening:
    """The person whom the company has named owns what is opened, promised as its cases are."""
    company = get_company(company_id)
    owner = find_staff(company.surplus_owner_login) if company.surplus_owner_login else None
    return Opening(
        company_id=company_id,
        by_id=system_account(now=now).id,
        owner_id=owner.id if owner else None,
        promised_on=add_working_days(
            accounting_day(now), max(1, company.surplus_promised_working_days), holidays=holidays_of(company.id)
        ),
        now=now,
    )


def take_credits(statement: Statement, opening: Opening) -> None:
    """Every credit of cards in a file of the bank goes to the remittances that it names, or is an item."""
    touched: set[int] = set()
    for line in list_bank_lines(statement_id=statement.id):
        named = _named(line)
        if line.kind != "credit" and not named:
            continue
        post_credit(company_id=line.company_id, line_id=line.id, centimes=line.net_centimes, now=opening.now)
        if named:
            touched |= _share_out(line, named, opening)
        else:
            _item_of_credit(line, line.net_centimes, opening)
    settle_remittances(touched, opening)


def take_up_credits(opening: Opening) -> None:
    """Credits whose remittance was not known yet, and is now."""
    touched: set[int] = set()
    for line in list_unknown_credits(company_id=opening.company_id):
        if named := _named(line):
            _item_of_credit(line, 0, opening)
            touched |= _share_out(line, named, opening)
    settle_remittances(touched, opening)


def settle_remittances(remittance_ids: Iterable[int], opening: Opening) -> None:
    """For each that the bank has credited: what it credited more or less than the files say is an item."""
    for remittance in find_remittances(company_id=opening.company_id, ids=sorted(remittance_ids)):
        if not remittance.credit_count:
            continue
        reference = f"remittance:{remittance.id}"
        moved = end_by_itself(
            company_id=opening.company_id,
            kind=DifferenceKind.REMITTANCE_NOT_CREDITED,
            reference=reference,
            by_id=opening.by_id,
            now=opening.now,
        )
        wrong = remittance.credited_centimes - remittance.net_centimes
        differs = set_item(
            opening,
            kind=DifferenceKind.CREDIT_DIFFERS,
            reference=reference,
            day=remittance.last_on or remittance.value_on or accounting_day(opening.now),
            amount=wrong,
            posted=wrong,
            details={
                "number": remittance.number,
                "net_centimes": remittance.net_centimes,
                "credited_centimes": remittance.credited_centimes,
            },
            remittance_id=remittance.id,
        )
        post_items(company_id=opening.company_id, moved=[moved, differs], now=opening.now)


def _named(line: StatementLine) -> list[Remittance]:
    """In the order in which the line names them; their terminals stand for those without a number."""
    numbers = numbers_in(reference=line.reference, label=line.label, value_on=line.value_on)
    known = {
        remittance.number: remittance for remittance in find_remittances(company_id=line.company_id, numbers=numbers)
    }
    return [known[number] for number in numbers if number in known]


def _share_out(line: StatementLine, named: Sequence[Remittance], opening: Opening) -> set[int]:
    owed = [Owed(remittance.id, remittance.net_centimes - remittance.credited_centimes) for remittance in named]
    shares = shares_of(line.net_centimes, owed)
    for share in shares:
        write_credit(
            company_id=line.company_id,
            line_id=line.id,
            remittance_id=share.remittance_id,
            centimes=share.centimes,
            now=opening.now,
        )
    return {share.remittance_id for share in shares}


def _item_of_credit(line: StatementLine, centimes: int, opening: Opening) -> None:
    moved = set_item(
        opening,
        kind=DifferenceKind.CREDIT_WITHOUT_REMITTANCE,
        reference=f"statement_line:{line.id}",
        day=line.value_on or line.happened_on or accounting_day(opening.now),
        amount=centimes,
        posted=centimes,
        details={"label": line.label, "reference": line.reference},
        line_id=line.id,
        statement_id=line.statement_id,
    )
    post_items(company_id=line.company_id, moved=[moved], now=opening.now)

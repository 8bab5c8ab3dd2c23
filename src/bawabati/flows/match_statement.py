"""Lines of the acquirer and the bank meet our books: matched in sets, posted, and what does not agree becomes items."""

from __future__ import annotations

from datetime import datetime, timedelta

from bawabati.defer import Job, defer
from bawabati.flows.steps.settlement_books import post_items, post_matched
from bawabati.flows.steps.settlement_items import opening_of, settle_remittances, take_credits, take_up_credits
from bawabati.flows.steps.side_effects import written_together
from bawabati.settlement.models import Statement
from bawabati.settlement.reads import (
    find_statement_by_id,
    list_attempts_to_recover,
    list_days_missed_and_told,
    list_remittances_of,
    terms_of,
)
from bawabati.settlement.rules import DifferenceKind
from bawabati.settlement.writes import (
    Opening,
    add_to_remittances,
    end_by_itself,
    end_what_was_found,
    find_payments,
    find_refunds,
    find_totals,
    hold_settlement,
    keep_matches,
    lay_out_fees,
    lay_out_lines,
    lock_statement,
    note_matched,
    note_odd,
    note_odd_of_file,
    open_odd,
    sum_fresh,
)


def match_statement(*, statement_id: int, now: datetime) -> Statement | None:
    """Compares every line of a file with our books, posts what agrees, opens an item for whatever does not.

    Lines of earlier files whose item is open are looked at again. Safe to repeat, to race and to be killed: a file is
    posted once. None when there is no such file. Rule: matching (algeria.md 7; failures.md 2.8, S2 to S4)
    """
    known = find_statement_by_id(statement_id)
    if known is None:
        return None
    with written_together("match_statement: matched"):
        hold_settlement(known.company_id)
        statement = lock_statement(statement_id)
        if statement.matched_at is not None:
            return statement
        opening = opening_of(statement.company_id, now=now)
        if statement.source == "acquirer":
            _match(opening, statement=statement)
            settle_remittances(list_remittances_of(statement_id), opening)
            take_up_credits(opening)
            for day in {statement.day, *list_days_missed_and_told(statement)}:
                _came(opening, f"acquirer:{day}")
        else:
            lay_out_lines(company_id=statement.company_id, statement_id=None)
            note_odd_of_file(statement)
            open_odd(opening)
            take_credits(statement, opening)
            first, last = min(statement.from_on, statement.day), max(statement.to_on, statement.day)
            for ahead in range((last - first).days + 1):
                _came(opening, f"bank:{first + timedelta(days=ahead)}")
        note_matched(statement, now=now)
    return statement


def match_open_lines(*, company_id: int, now: datetime) -> None:
    """Looks again at lines whose item is open: a payment may have been recovered since. Safe to repeat."""
    with written_together("match_open_lines: matched"):
        hold_settlement(company_id)
        opening = opening_of(company_id, now=now)
        _match(opening, statement=None)


def _match(opening: Opening, *, statement: Statement | None) -> None:
    company_id, now = opening.company_id, opening.now
    lay_out_lines(company_id=company_id, statement_id=statement.id if statement else None)
    lay_out_fees(terms_of(company_id=company_id))
    find_payments(company_id)
    find_refunds(company_id)
    find_totals(company_id)
    note_odd()
    if statement is not None:
        note_odd_of_file(statement)
        add_to_remittances(statement.id)
    keep_matches(company_id=company_id, now=now)
    post_matched(company_id=company_id, statement_id=statement.id if statement else None, postings=sum_fresh(), now=now)
    post_items(company_id=company_id, moved=[*end_what_was_found(opening), *open_odd(opening)], now=now)
    for payment_id in list_attempts_to_recover(company_id=company_id) if statement is not None else ():
        defer(Job.RECOVER_PAYMENT, payment_id=payment_id)


def _came(opening: Opening, reference: str) -> None:
    """A file that was missing has come."""
    end_by_itself(
        company_id=opening.company_id,
        kind=DifferenceKind.MISSING_FILE,
        reference=reference,
        by_id=opening.by_id,
        now=opening.now,
    )

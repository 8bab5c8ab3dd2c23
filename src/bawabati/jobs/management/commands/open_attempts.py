"""`bawabati open-attempts`: every attempt that is not final, why, and when it is asked about next."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from bawabati.flows.list_open_attempts import Holder, OpenAttempt, list_open_attempts
from bawabati.jobs.arguments import company_of
from bawabati.money.display import figures
from bawabati.payments.rules import WhyOpen

WHY = {
    WhyOpen.NOT_SENT: "waits for a free place at the gateway; nothing has been sent yet",
    WhyOpen.REGISTERING: "its registration is under way",
    WhyOpen.REGISTRATION_UNANSWERED: "its registration gave no answer; we ask by our number whether the gateway has it",
    WhyOpen.PAYER_AT_PAGE: "its payer may be on the gateway's page until {page_ends_at}",
    WhyOpen.PAGE_OVER: "its page was over at {page_ends_at}; the next answer decides",
    WhyOpen.IN_DOUBT: "its page was over at {page_ends_at}, and no answer says yet whether it was paid",
    WhyOpen.MAY_BE_PAID_STILL: "the gateway says not paid, and its page may be tried once more",
    WhyOpen.LATE_CHECKS: "the gateway says not paid; late check {passed} of {in_all} is done",
}
HELD_BY = {
    Holder.SWEEPER: "a sweeper, until {until}",
    Holder.REGISTRATION: "whoever registers it",
    Holder.PAYER: "its payer, until {until}",
    Holder.NOBODY: "nobody; the sweep takes it in its time",
}
HELD, FREE = "held", "no longer held"


class Command(BaseCommand):
    """Changes nothing; constant memory."""

    help = "Shows every open attempt: why it is open, who has it in hand, and when it is asked about next."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and in which form."""
        parser.add_argument("--company", help="code of the company; all of them without it")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, amounts in centimes, UTC")

    def handle(self, **options: object) -> None:
        """Prints them, oldest first."""
        company_id = company_of(options["company"]).id if options["company"] else None
        shown = _as_json if options["json"] else _in_words
        count = 0
        for attempt in list_open_attempts(company_id=company_id, now=timezone.now()):
            self.stdout.write(shown(attempt))
            count += 1
        if not options["json"]:
            self.stdout.write(f"Open attempts: {count}" if count else "No attempt is open.")


def _in_words(attempt: OpenAttempt) -> str:
    why = WHY[attempt.why].format(
        page_ends_at=_moment(attempt.page_ends_at),
        passed=attempt.late_checks_passed,
        in_all=attempt.late_checks_in_all,
    )
    held_by = HELD_BY[attempt.held_by].format(until=_moment(attempt.held_until) if attempt.held_until else "")
    said = ", ".join(part for part in (attempt.last_answer, attempt.gateway_codes) if part) or "nothing yet"
    amount = figures(attempt.amount, "en")
    since, opened = _moment(attempt.in_state_since), _moment(attempt.opened_at)
    lines = (
        f"payment:{attempt.payment_id}  {attempt.company}  order {attempt.order_number}  {amount} DA",
        f"    bills      {', '.join(attempt.bills)}: {HELD if attempt.holds_bills else FREE}",
        f"    state      {attempt.state} since {since}, opened {opened}",
        f"    why        {why}",
        f"    in hand    {held_by}",
        f"    next asked {_moment(attempt.next_ask_at)}, calls so far: {attempt.asked_count}",
        f"    last said  {said}",
    )
    return "\n".join(lines)


def _as_json(attempt: OpenAttempt) -> str:
    fields = asdict(attempt) | {"amount_centimes": attempt.amount.centimes}
    del fields["amount"]
    return json.dumps(
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
    )


def _moment(at: datetime) -> str:
    """On Algerian clocks, as people there compare it with theirs."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")

"""Bugs of the rules, for the pure level."""

from faults.planted.bug import Bug, Level

JUDGE = "payments/rules/judge.py"
STATES = "payments/rules/states.py"
SCHEDULE = "payments/rules/schedule.py"
REFUNDS = "payments/rules/refunds.py"
PAYABLE = "bills/rules/payable.py"


def _pure(name: str, file: str, before: str, after: str) -> Bug:
    return Bug(name=name, level=Level.PURE, file=file, before=before, after=after)


BUGS = (
    _pure(
        "a time-out is a decline",
        JUDGE,
        "            return _no_answer(attempt, reason, now, schedule)\n        case _:",
        "            return _not_paid(attempt, Cause.DECLINED, now, schedule)\n        case _:",
    ),
    _pure("amount unchecked", JUDGE, " and said.amount == attempt.amount and", " and"),
    _pure("currency unchecked", JUDGE, " and said.currency == DINAR", ""),
    _pure(
        "another order's answer is believed",
        JUDGE,
        "    return is_readable(answer) and answer.said.order_number not in {None, attempt.order_number}",
        "    return False",
    ),
    _pure(
        "declined is final",
        STATES,
        "    State.AT_GATEWAY: {\n        Event.CONFIRMED: State.PAID,\n        Event.DECLINED: State.WATCHED,",
        "    State.AT_GATEWAY: {\n        Event.CONFIRMED: State.PAID,\n        Event.DECLINED: State.DECLINED,",
    ),
    _pure(
        "cancelled is final",
        STATES,
        "    State.AT_GATEWAY: {\n        Event.CONFIRMED: State.PAID,\n        Event.DECLINED: State.WATCHED,\n"
        "        Event.CANCELLED: State.WATCHED,",
        "    State.AT_GATEWAY: {\n        Event.CONFIRMED: State.PAID,\n        Event.DECLINED: State.WATCHED,\n"
        "        Event.CANCELLED: State.EXPIRED,",
    ),
    _pure(
        "silence means not paid",
        JUDGE,
        "    return Event.SILENT if attempt.state is State.AT_GATEWAY and now >= attempt.page_ends_at else None",
        "    return Event.PAGE_OVER if attempt.state is State.AT_GATEWAY and now >= attempt.page_ends_at else None",
    ),
    _pure(
        "doubt holds no bill",
        STATES,
        "HOLDING = frozenset({State.OPENED, State.AT_GATEWAY, State.IN_DOUBT})",
        "HOLDING = frozenset({State.OPENED, State.AT_GATEWAY})",
    ),
    _pure(
        "any question is a late check",
        JUDGE,
        "    return is_due and now >= schedule.watch_ends_at(attempt.page_ends_at)",
        "    return True",
    ),
    _pure("one late check is enough", JUDGE, "    if passed > len(schedule.late_checks):", "    if passed > 0:"),
    _pure(
        "late money is not looked at",
        JUDGE,
        "    if is_ours(said, attempt):\n        return Verdict(event=Event.CONFIRMED",
        "    if is_ours(said, attempt) and attempt.state is not State.WATCHED:\n"
        "        return Verdict(event=Event.CONFIRMED",
    ),
    _pure(
        "doubt is never asked about again",
        SCHEDULE,
        "        return now + timedelta(seconds=every)\n\n    def next_register",
        "        return now + timedelta(days=400)\n\n    def next_register",
    ),
    _pure("never registered after one answer", JUDGE, "    if old_enough and twice:", "    if old_enough:"),
    _pure("never registered at any age", JUDGE, "    if old_enough and twice:", "    if True:"),
    _pure("surplus forgotten", PAYABLE, "    settled = min(captured, room)\n", "    settled = captured\n"),
    _pure("a held bill is payable", PAYABLE, "    if bill.is_held:\n        return Standing.BEING_PAID\n", ""),
    _pure(
        "the first watch ends with the page",
        SCHEDULE,
        "        return page_ends_at + timedelta(seconds=self.grace_after_page)",
        "        return page_ends_at",
    ),
    _pure(
        "a silent refund is sent again at once",
        REFUNDS,
        "            return RefundVerdict(step=None, next_step_at=now + READ_FIRST_AFTER, reason=reason)\n",
        "            return RefundVerdict(step=RefundStep.NOT_SENT, next_step_at=now, reason=reason)\n",
    ),
    _pure(
        "a silent refund is done",
        REFUNDS,
        "            return RefundVerdict(step=None, next_step_at=now + READ_FIRST_AFTER, reason=reason)\n",
        "            return RefundVerdict(step=RefundStep.ANSWERED_DONE, next_step_at=None)\n",
    ),
    _pure("one reading of a refund is enough", REFUNDS, "    if now - since < READ_APART:", "    if False:"),
    _pure(
        "a refund that is not there is done",
        REFUNDS,
        '    return RefundVerdict(step=RefundStep.FOUND_NOT_DONE, next_step_at=now, reason="unchanged")',
        "    return RefundVerdict(step=RefundStep.FOUND_DONE, next_step_at=None)",
    ),
    _pure(
        "what was given back may go back again",
        REFUNDS,
        "    return captured - given_back - pending",
        "    return captured",
    ),
)

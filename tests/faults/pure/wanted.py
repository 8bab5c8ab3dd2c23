"""What a run must have seen at least once. Whatever was never seen was never tried."""

from __future__ import annotations

from collections import Counter

from bawabati.bills.rules import BillStatus, Standing
from bawabati.payments.rules import EVENTS, REFUND_STEPS, Alarm, Discrepancy, Event
from faults.pure.faults_of_calls import ASK_FAULTS, REFUND_FAULTS, REGISTER_FAULTS
from faults.pure.outside import REFUSALS
from faults.pure.portal import PLACES
from faults.pure.staff import PLACES as REFUND_PLACES

ONLINE = [(before, event) for before, events in EVENTS.items() for event in events if event is not Event.RECEIVED]
"""Received is what comes in at a desk."""
EDGES = tuple(f"{before} by {event}" for before, event in ONLINE)
REFUNDS = (
    *(f"refund {before} by {step}" for before, steps in REFUND_STEPS.items() for step in steps),
    *("a refund is under way already", "a refund that somebody else has claimed", "the bank takes money back"),
    *("a bill is freed by a person", "a claimed refund that is not sent any more"),
)
CALLS = (
    *(f"refund: {fault}" for fault in REFUND_FAULTS),
    *(f"register: {fault}" for fault in REGISTER_FAULTS),
    *(f"ask: {fault}" for fault in ASK_FAULTS),
    *(f"ask by number: {fault}" for fault in ASK_FAULTS),
)
CRASHES = (*(f"crash at {place}" for place in (*PLACES, *REFUND_PLACES)), "the whole machine crashed", "paused")
ALARMS = tuple(f"alarm {alarm}" for alarm in Alarm if alarm is not Alarm.NOT_TAKEN)
"""That one is of the nights: no honest gateway says it, and no answer that is lost."""
ELSEWHERE = frozenset({Standing.COMPANY_CLOSED, Standing.IN_INSTALMENTS})
"""What no bill of the model is: its company stays open, and agreements are made on PostgreSQL, in tests/database."""
BILLS = (
    *(f"a bill that is {standing}" for standing in (*Standing, None) if standing not in ELSEWHERE),
    *(f"a bill becomes {status}" for status in BillStatus if status is not BillStatus.OPEN),
    *("money goes on to the replacing bill", "another amount is due", "the bill had changed"),
)
MOVES = (
    *REFUSALS,
    *(
        "nothing to pay",
        "no way to pay",
        "a part is paid",
        "too little would remain",
        "two presses of one form",
        "the same form twice",
        "somebody else is paying",
        "an error page",
    ),
    *("never got the page", "a second tab", "abandons", "tries again on the same page", "authorised late"),
    "authorised when all was over",
    *("closes the browser after the code", "the way back is lost", "came back", "reloads", "a forged return"),
    *("came back by the address for failures", "the card page is out", "the card page refuses"),
    *("the result can be read only later", "a message of the gateway"),
)
MACHINE = (
    *("our clock jumped ahead", "our clock jumped back", "asked during an outage", "cannot be asked by number"),
    *("no place at the gateway", "a registration that was taken already"),
    *(f"at night: {found}" for found in (Discrepancy.NOT_POSTED, Discrepancy.NO_ANSWER, Discrepancy.ODD)),
    *("mail refused", "mail taken, and not said so"),
    *("money that the gateway denies", "money taken back", "surplus"),
)
WANTED = (*EDGES, *REFUNDS, *CALLS, *CRASHES, *ALARMS, *BILLS, *MOVES, *MACHINE)


RARE = frozenset(
    {"crash at recover, answered", "refund refunding by differs", "a claimed refund that is not sent any more"}
)
"""What needs several rare things at once: wanted of long runs only."""
A_LONG_RUN = 200_000


def never_seen(seen: Counter[str], *, seeds: int) -> list[str]:
    """What a run of so many seeds has missed, sorted."""
    excused = RARE if seeds < A_LONG_RUN else frozenset()
    return sorted({str(name) for name in WANTED if not seen[str(name)]} - excused)

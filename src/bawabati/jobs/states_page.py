"""The states page of the docs, drawn from the table: `bawabati draw-states` writes it, a test compares it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from bawabati.payments.rules import EVENTS, FINAL, FINAL_REFUND, HOLDING, PUBLIC_WORD, REFUND_STEPS
from bawabati.payments.rules.channels import FINAL_RESERVATION, RESERVATION_EVENTS, RESERVATION_HOLDS
from bawabati.payments.rules.sales import FINAL_SALE, LETS_GO_OF_BILLS, SALE_EVENTS

INTRODUCTION = """\
# The states of a payment

Drawn from the table in `src/bawabati/payments/rules/` by `bawabati draw-states`; a test compares the two. The
database refuses every other step by a trigger that is made from the same table.
"""

REFUNDS = """\
## The states of a refund

Two people stand behind every step out of `requested`; `manual` waits for a person, and what the gateway holds decides
what may be said of it ([money back](../guides/money-back.md)).
"""

SALES = """\
## The states of a sale at a desk

`approved` and `settled` are written in one transaction. `review` waits for two people with the reader's slip; out of
every other state leads a reader's word, a person's, or, where nothing was sent, time. What a sale settles becomes a
payment of its own, straight from `opened` to `paid`.
"""


RESERVATIONS = """\
## The states of a channel's reservation

`pending` is left by the channel's word, by its daily file or by two people, never by time. `released` holds nothing
any more and still waits for the daily files of its days, or for two people. What a reservation settles becomes a
payment of its own; money that is told after another end is posted beside it, and the end stays.
"""


def states_page() -> str:
    """The page, in Markdown with a Mermaid diagram."""
    payment = [*_diagram(EVENTS, FINAL), "", *_table()]
    refund = _diagram(REFUND_STEPS, FINAL_REFUND)
    sale = [*_diagram(SALE_EVENTS, FINAL_SALE), "", *_sale_table()]
    reservation = [*_diagram(RESERVATION_EVENTS, FINAL_RESERVATION), "", *_reservation_table()]
    parts = [INTRODUCTION, *payment, "", REFUNDS, *refund, "", SALES, *sale, "", RESERVATIONS, *reservation, ""]
    return "\n".join(parts)


def _diagram(table: Mapping[Any, Mapping[Any, Any]], final: AbstractSet[Any]) -> list[str]:
    steps = [(before, event, after) for before, events in table.items() for event, after in events.items()]
    arrows = [f"    {before} --> {after}: {event}" for before, event, after in steps]
    ends = [f"    {state} --> [*]" for state in table if state in final]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(table))}", *arrows, *ends, "```"]


def _table() -> list[str]:
    head = ["| state | holds its bills | final | what a payer is told |", "|---|---|---|---|"]
    rows = [
        f"| `{state}` | {_yes(state in HOLDING)} | {_yes(state in FINAL)} | {PUBLIC_WORD[state].replace('_', ' ')} |"
        for state in EVENTS
    ]
    return head + rows


def _sale_table() -> list[str]:
    head = ["| state | holds its bills | final |", "|---|---|---|"]
    return head + [f"| `{s}` | {_yes(s not in LETS_GO_OF_BILLS)} | {_yes(s in FINAL_SALE)} |" for s in SALE_EVENTS]


def _reservation_table() -> list[str]:
    head = ["| state | holds its bills | final |", "|---|---|---|"]
    rows = [
        f"| `{state}` | {_yes(state in RESERVATION_HOLDS)} | {_yes(state in FINAL_RESERVATION)} |"
        for state in RESERVATION_EVENTS
    ]
    return head + rows


def _yes(is_so: bool) -> str:  # noqa: FBT001 - a word for a truth
    return "yes" if is_so else ""

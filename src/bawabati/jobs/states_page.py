"""The states page of the docs, drawn from the table: `bawabati draw-states` writes it, a test compares it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from bawabati.payments.rules import EVENTS, FINAL, FINAL_REFUND, HOLDING, PUBLIC_WORD, REFUND_STEPS

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


def states_page() -> str:
    """The page, in Markdown with a Mermaid diagram."""
    payment = [*_diagram(EVENTS, FINAL), "", *_table()]
    return "\n".join([INTRODUCTION, *payment, "", REFUNDS, *_diagram(REFUND_STEPS, FINAL_REFUND), ""])


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


def _yes(is_so: bool) -> str:  # noqa: FBT001 - a word for a truth
    return "yes" if is_so else ""

"""The states page of the docs, drawn from the table: `bawabati draw-states` writes it, a test compares it."""

from bawabati.payments.rules import EVENTS, FINAL, HOLDING, PUBLIC_WORD

INTRODUCTION = """\
# The states of a payment

Drawn from the table in `src/bawabati/payments/rules/` by `bawabati draw-states`; a test compares the two. The
database refuses every other step by a trigger that is made from the same table.
"""


def states_page() -> str:
    """The page, in Markdown with a Mermaid diagram."""
    return "\n".join([INTRODUCTION, *_diagram(), "", *_table(), ""])


def _diagram() -> list[str]:
    steps = [(before, event, after) for before, events in EVENTS.items() for event, after in events.items()]
    arrows = [f"    {before} --> {after}: {event}" for before, event, after in steps]
    ends = [f"    {state} --> [*]" for state in EVENTS if state in FINAL]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(EVENTS))}", *arrows, *ends, "```"]


def _table() -> list[str]:
    head = ["| state | holds its bills | final | what a payer is told |", "|---|---|---|---|"]
    rows = [
        f"| `{state}` | {_yes(state in HOLDING)} | {_yes(state in FINAL)} | {PUBLIC_WORD[state].replace('_', ' ')} |"
        for state in EVENTS
    ]
    return head + rows


def _yes(is_so: bool) -> str:  # noqa: FBT001 - a word for a truth
    return "yes" if is_so else ""

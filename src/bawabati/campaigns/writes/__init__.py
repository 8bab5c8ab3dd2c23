"""Changes to the tables of campaigns, inside a transaction that a flow has opened."""

from bawabati.campaigns.writes.counting import count_steps
from bawabati.campaigns.writes.keeping import (
    add_campaign,
    add_codes,
    describe_campaign,
    lock_campaign,
    set_cost,
    set_ended,
)

__all__ = [
    "add_campaign",
    "add_codes",
    "count_steps",
    "describe_campaign",
    "lock_campaign",
    "set_cost",
    "set_ended",
]

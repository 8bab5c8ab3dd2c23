"""Changes to the tables of campaigns, inside a transaction that a flow has opened."""

from bawabati.campaigns.writes.counting import count_steps

__all__ = ["count_steps"]

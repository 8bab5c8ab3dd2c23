"""Bills as a person saw them before paying: what has changed since is said before any money moves."""

from dataclasses import dataclass

from bawabati.bills.models import Bill
from bawabati.bills.reads import facts_of
from bawabati.money.amount import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBill:
    """A bill in the version that was seen, with what was left of it then, and what is to be paid of that."""

    bill_id: int
    version: int
    left: Money
    amount: Money


def has_changed(bill: Bill, *, since: SeenBill) -> bool:
    """Whether the billing system, or another payment, has changed the locked bill since it was seen."""
    return (bill.version, facts_of(bill).left) != (since.version, since.left)

"""What a company lets a debtor do, changed on a page: each change with what was before, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Final

from bawabati.audit.writes import record_act
from bawabati.bills.rules import MOST_TRANCHES, LookupFactor
from bawabati.bills.writes import change_debt_rules as write_rules
from bawabati.bills.writes import lock_debt_rules
from bawabati.companies.rules import SettingWrong
from bawabati.flows.steps.side_effects import written_together
from bawabati.people.models import Staff
from bawabati.people.reads import get_staff_allowed
from bawabati.people.rules import Action

RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "instalments_most": (0, MOST_TRANCHES),
    "instalments_from_centimes": (0, 10**14),
    "first_percent": (1, 90),
    "late_after_days": (0, 30),
    "broken_after_days": (1, 365),
}
"""Column → the smallest and the largest that it may say."""


class NumberOutOfRange(SettingWrong):
    """Smaller or larger than makes sense."""

    code: ClassVar[str] = "number_out_of_range"
    sentence: ClassVar[str] = "A number from %(least)s to %(most)s."


def change_debt_rules(
    *,
    company_id: int,
    lookup_factor: LookupFactor,
    oldest_first_only: bool,
    numbers: Mapping[str, int],
    staff: Staff,
    now: datetime,
) -> list[str]:
    """The second value, the order of payments and the instalments that the company grants; which of them changed.

    Agreements that run keep their tranches; how long the company waits for them is as it says now.

    Rule: lookup-factor, instalment-limits (ours: the company decides)

    Raises:
        NotAllowed, NumberOutOfRange.
    """
    for column, (least, most) in RANGES.items():
        if not least <= numbers[column] <= most:
            raise NumberOutOfRange(column, least=least, most=most)
    columns: dict[str, object] = {
        "lookup_factor": lookup_factor.value,
        "oldest_first_only": oldest_first_only,
        **{column: numbers[column] for column in RANGES},
    }
    with written_together("change_debt_rules: changed"):
        get_staff_allowed(login=staff.login, action=Action.CHANGE_COMPANY, company_id=company_id)
        changed = write_rules(lock_debt_rules(company_id), columns)
        if changed:
            record_act(
                staff_id=staff.id,
                company_id=company_id,
                action="change_company",
                target=f"company:{company_id}",
                details={"part": "debts", "changed": changed},
                now=now,
            )
    return list(changed)

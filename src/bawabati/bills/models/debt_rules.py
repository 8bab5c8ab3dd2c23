"""What a company lets a debtor do: find his debt without the paper, and ask for instalments."""

from django.db import models
from django.db.models import Q

from bawabati.bills.rules import LookupFactor
from bawabati.companies.models import Company


class DebtRules(models.Model):
    """One row for each company that has set them; without a row nothing is offered."""

    company = models.OneToOneField(Company, models.PROTECT, related_name="+", primary_key=True)
    lookup_factor = models.CharField(
        max_length=12,
        default=LookupFactor.NONE,
        help_text="What a customer without the paper must know beside the customer number.",
    )
    oldest_first_only = models.BooleanField(
        default=False, help_text="No bill of a debt is paid before the older ones; otherwise that is advised."
    )
    instalments_most = models.PositiveSmallIntegerField(
        default=0, help_text="Most tranches that may be asked for; 0: none are offered."
    )
    instalments_from_centimes = models.PositiveBigIntegerField(
        default=5_000_00, help_text="The smallest debt for which instalments are offered, centimes."
    )
    first_percent = models.PositiveSmallIntegerField(
        default=30, help_text="Of the debt, at least so much is the first tranche."
    )
    late_after_days = models.PositiveSmallIntegerField(
        default=3, help_text="Working days after which an unpaid tranche makes an agreement late."
    )
    broken_after_days = models.PositiveSmallIntegerField(
        default=30, help_text="Days after its date when an unpaid tranche breaks the agreement."
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="debt_rules_factor_known", condition=Q(lookup_factor__in=[one.value for one in LookupFactor])
            ),
            models.CheckConstraint(
                name="debt_rules_first_part", condition=Q(first_percent__gte=1, first_percent__lte=90)
            ),
        )

    def __str__(self) -> str:
        return f"debts of company {self.company_id}"

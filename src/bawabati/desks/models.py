"""What happens at a desk: sessions of cashiers, what was counted, closings. Totals come from the flows."""

from django.db import models
from django.db.models import Q

from bawabati.companies.models import Agency, Company, Desk
from bawabati.desks.rules import SessionState
from bawabati.people.models import Staff


class DeskSession(models.Model):
    """A cashier at a desk, from the counted float to the counted drawer."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+", db_constraint=False)
    cashier = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=SessionState.OPEN)
    float_centimes = models.PositiveBigIntegerField(help_text="Cash that was in the drawer at the start, as counted.")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="session_one_of_a_desk", fields=["desk"], condition=Q(state=SessionState.OPEN)
            ),
            models.UniqueConstraint(
                name="session_one_of_a_cashier", fields=["cashier"], condition=Q(state=SessionState.OPEN)
            ),
            models.CheckConstraint(
                name="session_state_known", condition=Q(state__in=[state.value for state in SessionState])
            ),
        )

    def __str__(self) -> str:
        return f"session {self.id}"

"""Sessions of cashiers, and what was counted in their drawers."""

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
    opened_on = models.DateField(help_text="The accounting day to which the whole session belongs, Africa/Algiers.")
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
            models.CheckConstraint(
                name="session_ended_when_closed",
                condition=Q(state=SessionState.OPEN, ended_at=None)
                | Q(state=SessionState.CLOSED, ended_at__isnull=False),
            ),
        )
        indexes = (models.Index(name="session_by_day", fields=["agency", "opened_on"]),)

    def __str__(self) -> str:
        return f"session {self.id}"


class DrawerCount(models.Model):
    """What somebody counted in a drawer: at opening, and each time at closing. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="+", db_constraint=False)
    is_closing = models.BooleanField()
    pieces = models.JSONField(help_text="Centimes of a note or coin → how many of it, without those of which none was.")
    counted_centimes = models.PositiveBigIntegerField()
    expected_centimes = models.PositiveBigIntegerField(null=True, help_text="None at opening: whatever is there is it.")
    counted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="count_expects_at_closing",
                condition=Q(is_closing=True, expected_centimes__isnull=False)
                | Q(is_closing=False, expected_centimes=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.counted_centimes}"

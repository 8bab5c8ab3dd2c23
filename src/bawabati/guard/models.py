"""What slows guessing down: counters, and challenges that have been spent."""

from django.db import models


class Counter(models.Model):
    """How often something happened in a window. Unlogged in PostgreSQL: lost in a crash, which only forgives."""

    scope = models.CharField(max_length=40, help_text="What is counted, e.g. find_bill.miss.")
    key = models.CharField(max_length=64, help_text="Whose: a keyed digest, never an address in clear.")
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="counter_once", fields=["scope", "key", "window_starts_at"]),)
        indexes = (models.Index(name="counter_by_age", fields=["window_starts_at"]),)

    def __str__(self) -> str:
        return self.scope


class SpentChallenge(models.Model):
    """A captcha challenge that has been used. It cannot be used again."""

    digest = models.CharField(max_length=64, unique=True)
    forget_after = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="spent_by_age", fields=["forget_after"]),)

    def __str__(self) -> str:
        return self.digest[:8]

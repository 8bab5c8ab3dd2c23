"""What the board counts. Written by triggers in the transaction that makes it true; nobody else adds to it.

Decision: docs/decisions/0038-figures-kept-by-the-database.md
"""

from django.db import models

from bawabati.bills.models import Customer
from bawabati.companies.models import Company
from bawabati.payments.models import PaymentLine


class PaidLine(models.Model):
    """Whose bill a line of a payment has paid, as it was then: bills change hands and days to pay. Insert-only."""

    line = models.OneToOneField(PaymentLine, models.PROTECT, related_name="+", primary_key=True, db_constraint=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    day = models.DateField(help_text="The payment's accounting day.")
    due_on = models.DateField(help_text="Its last day to pay.")

    class Meta:
        indexes = (models.Index(name="paid_line_of_customer", fields=["customer", "day", "line"]),)

    def __str__(self) -> str:
        return f"{self.line_id}"


class DayFigure(models.Model):
    """What a company's accounting day brought."""

    pk = models.CompositePrimaryKey("company_id", "day")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    day = models.DateField(help_text="Accounting day, Africa/Algiers.")
    payments = models.BigIntegerField()
    centimes = models.BigIntegerField(help_text="Paid in, without stamp duty.")
    returns = models.BigIntegerField(help_text="Refunds and reversals that ended on this day.")
    returned_centimes = models.BigIntegerField()
    payers = models.BigIntegerField(help_text="Customers, each once.")
    first_payers = models.BigIntegerField(help_text="Customers who had never paid before.")

    def __str__(self) -> str:
        return f"{self.day}"


class ShareFigure(models.Model):
    """A part of such a day or month: by card family, agency, hour, campaign or age of what was paid."""

    pk = models.CompositePrimaryKey("company_id", "axis", "span", "day", "way", "key")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    axis = models.CharField(max_length=8, help_text="card, agency, hour, campaign; age: of each line.")
    span = models.CharField(max_length=5, help_text="day, or month: so that years are read as quickly as weeks.")
    day = models.DateField(help_text="Accounting day, Africa/Algiers; of a month its first.")
    way = models.CharField(max_length=7)
    key = models.CharField(max_length=20, help_text="Which part of its axis; a number for an agency, 00 to 23.")
    payments = models.BigIntegerField(help_text="Of the axis age: lines.")
    centimes = models.BigIntegerField(help_text="Of the axis age: what was settled.")
    returns = models.BigIntegerField()
    returned_centimes = models.BigIntegerField()
    first_payers = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.axis} {self.key} {self.day}"


class PayersFigure(models.Model):
    """How many times customers paid on days of a day or month, by the day before on which each had paid last.

    Whoever paid in a period is counted once: on his first day of it, whose day before is earlier than the period.
    """

    pk = models.CompositePrimaryKey("company_id", "span", "day", "day_before")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    span = models.CharField(max_length=5, help_text="day or month.")
    day = models.DateField(help_text="Accounting day, Africa/Algiers; of a month its first.")
    day_before = models.DateField(help_text="0001-01-01: had never paid.")
    payers = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day} after {self.day_before}"


class LossFigure(models.Model):
    """Attempts online that ended unpaid, by the day they began and by what the gateway said last."""

    pk = models.CompositePrimaryKey("company_id", "day", "state", "refused_because", "response_code", "action_code")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    day = models.DateField(help_text="On which the attempt began, Africa/Algiers.")
    state = models.CharField(max_length=12)
    refused_because = models.CharField(max_length=24)
    response_code = models.CharField(max_length=10)
    action_code = models.IntegerField(help_text="0: none.")
    attempts = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.state} {self.refused_because} {self.day}"


class DebtFigure(models.Model):
    """What was owed at one moment, by age. Counted each night and after each file of bills."""

    pk = models.CompositePrimaryKey("company_id", "day", "age")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    day = models.DateField(help_text="Africa/Algiers. The last count of a day stays.")
    age = models.CharField(max_length=8, help_text="A reports.rules.ages.Age.")
    bills = models.BigIntegerField()
    due_centimes = models.BigIntegerField(help_text="What is left of them.")
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.age} {self.day}"

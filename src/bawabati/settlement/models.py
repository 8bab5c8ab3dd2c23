"""What the acquirer and the bank say, line by line, what of it we found in our books, and what does not agree."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from bawabati.adapters.statements.contract import LineKind, Source
from bawabati.companies.models import Company
from bawabati.payments.models import Payment, Refund
from bawabati.people.models import Staff
from bawabati.settlement.rules import DifferenceKind, DifferenceState, Ending, Step

UNREADABLE = "unreadable"
"""The kind of a line that could not be read; its text is kept."""


class StatementProfile(models.Model):
    """How one sender of a company writes its files."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    source = models.CharField(max_length=8)
    layout = models.JSONField(help_text="settlement.rules.layout_of reads it.")
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="profile_once", fields=["company", "code"]),
            models.CheckConstraint(name="profile_source_known", condition=Q(source__in=[s.value for s in Source])),
        )

    def __str__(self) -> str:
        return self.code


class Statement(models.Model):
    """A file as received; once for each content and company. Sums are of its readable lines."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    profile = models.ForeignKey(StatementProfile, models.PROTECT, related_name="+", db_constraint=False)
    source = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    day = models.DateField(help_text="The day that it is about: of its name, else the last day of its lines.")
    from_on = models.DateField(help_text="The first day of its lines.")
    to_on = models.DateField(help_text="The last day of its lines.")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    line_count = models.PositiveIntegerField(help_text="Readable ones, without totals and balances.")
    bad_count = models.PositiveIntegerField(help_text="Lines that could not be read.")
    repeated_count = models.PositiveIntegerField(help_text="Lines that an earlier line of ours is the same as.")
    gross_centimes = models.BigIntegerField()
    fee_centimes = models.BigIntegerField()
    vat_centimes = models.BigIntegerField()
    net_centimes = models.BigIntegerField()
    announced = models.JSONField(
        default=dict, help_text="What its own total says, centimes and count, or its balances."
    )
    matched_at = models.DateTimeField(null=True, help_text="When its lines were first compared with our books.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="statement_once", fields=["company", "content_sha256"]),
            models.CheckConstraint(name="statement_source_known", condition=Q(source__in=[s.value for s in Source])),
        )
        indexes = (models.Index(name="statement_by_day", fields=["company", "source", "day"]),)

    def __str__(self) -> str:
        return self.file_name


class Remittance(models.Model):
    """What the acquirer hands to the bank as one sum. Sums of all its lines, over all files, and what was credited."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40, help_text="Of the files; else the terminal and the day of value.")
    value_on = models.DateField(null=True)
    last_on = models.DateField(null=True, help_text="The last day of its lines.")
    line_count = models.PositiveIntegerField(default=0)
    gross_centimes = models.BigIntegerField(default=0)
    fee_centimes = models.BigIntegerField(default=0)
    vat_centimes = models.BigIntegerField(default=0)
    net_centimes = models.BigIntegerField(default=0)
    credited_centimes = models.BigIntegerField(default=0)
    credit_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="remittance_once", fields=["company", "number"]),)
        indexes = (models.Index(name="remittance_by_value", fields=["company", "value_on"]),)

    def __str__(self) -> str:
        return self.number


# A file has a million lines: that their company exists is held by the keys to file and line, and not asked once more.
class StatementLine(models.Model):
    """One line of a file, whatever we think of it. Insert-only. Sums are signed: below zero is money that leaves us."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    line_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=14)
    happened_on = models.DateField(null=True)
    happened_at = models.CharField(max_length=8, blank=True, help_text="HH:MM:SS on Algerian clocks, as the file says.")
    terminal = models.CharField(max_length=16, blank=True)
    order_number = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    approval_code = models.CharField(max_length=12, blank=True)
    masked_card = models.CharField(max_length=24, blank=True)
    gross_centimes = models.BigIntegerField(default=0)
    fee_centimes = models.BigIntegerField(default=0)
    vat_centimes = models.BigIntegerField(default=0)
    net_centimes = models.BigIntegerField(default=0)
    sale_count = models.PositiveIntegerField(null=True, help_text="Of a total of a terminal.")
    remittance = models.ForeignKey(
        Remittance, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    value_on = models.DateField(null=True)
    label = models.CharField(max_length=200, blank=True)
    line_key = models.UUIDField(
        null=True, help_text="Made of all that makes a line this line: a repeated one has it too."
    )
    repeat_of = models.BigIntegerField(null=True, help_text="The line of ours that it repeats.")
    is_counted = models.BooleanField(default=True, help_text="Whether its sum is part of its remittance.")
    reason = models.CharField(max_length=40, blank=True, help_text="Why it could not be read.")
    text = models.TextField(blank=True, help_text="As it came, where it could not be read; never with a card number.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="statement_line_number_once", fields=["statement", "line_number"]),
            models.UniqueConstraint(
                name="statement_line_once", fields=["company", "line_key"], condition=Q(repeat_of=None)
            ),
            models.CheckConstraint(
                name="statement_line_kind_known",
                condition=Q(kind__in=[*(kind.value for kind in LineKind), UNREADABLE]),
            ),
        )
        indexes = (
            models.Index(name="line_of_remittance", fields=["remittance"], condition=Q(remittance__isnull=False)),
            # Lines come in the order of their days.
            BrinIndex(name="line_by_day", fields=["happened_on"], pages_per_range=32, autosummarize=True),
        )

    def __str__(self) -> str:
        return f"{self.statement_id}:{self.line_number}"


class Match(models.Model):
    """A line found in our books: a payment, a refund, or, for a credit of the bank, a remittance. Insert-only.

    A total of a terminal has one for each of its sales.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="+", db_constraint=False)
    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False)
    remittance = models.ForeignKey(
        Remittance, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    amount_centimes = models.BigIntegerField(
        help_text="What our books say: of a refund below zero. Of a credit: what of it is that remittance's."
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "matches"
        constraints = (
            models.UniqueConstraint(name="match_payment_once", fields=["payment"], condition=Q(payment__isnull=False)),
            models.UniqueConstraint(name="match_refund_once", fields=["refund"], condition=Q(refund__isnull=False)),
            models.UniqueConstraint(
                name="match_credit_once", fields=["remittance", "line"], condition=Q(remittance__isnull=False)
            ),
            models.CheckConstraint(
                name="match_with_one_thing",
                condition=Q(payment__isnull=False, refund=None, remittance=None)
                | Q(payment=None, refund__isnull=False, remittance=None)
                | Q(payment=None, refund=None, remittance__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id}"


class Difference(models.Model):
    """One thing that does not agree, with an owner and a promised day. One for each kind and thing, for ever."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=60, help_text="What it is about, e.g. statement_line:12, payment:7.")
    day = models.DateField(help_text="The day whose closing it belongs to.")
    amount_centimes = models.BigIntegerField(help_text="What they say less what we say.")
    posted_centimes = models.BigIntegerField(
        default=0, help_text="What of it stands apart in the books, credit above zero; none once it has ended."
    )
    accepted_centimes = models.BigIntegerField(
        default=0, help_text="What of it people have accepted so far: it is not set apart again."
    )
    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False
    )
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="+", null=True, db_constraint=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+", null=True, db_constraint=False)
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="+", null=True, db_constraint=False, db_index=False)
    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="+", null=True, db_constraint=False)
    details = models.JSONField(default=dict, help_text="What both sides say, for people.")
    state = models.CharField(max_length=8, default=DifferenceState.OPEN)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    promised_on = models.DateField(null=True)
    proposed = models.CharField(max_length=10, blank=True, help_text="The ending that one person proposes.")
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    proposed_because = models.CharField(max_length=500, blank=True)
    channel = models.CharField(max_length=12, blank=True, help_text="Code of the channel whose money it is.")
    ending = models.CharField(max_length=10, blank=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    step_count = models.PositiveIntegerField(default=0, help_text="How many steps stand beside it.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="difference_once", fields=["company", "kind", "reference"]),
            models.CheckConstraint(
                name="difference_kind_known", condition=Q(kind__in=[kind.value for kind in DifferenceKind])
            ),
            models.CheckConstraint(
                name="difference_state_known", condition=Q(state__in=[state.value for state in DifferenceState])
            ),
            models.CheckConstraint(
                name="difference_ending_known", condition=Q(ending__in=["", *(ending.value for ending in Ending)])
            ),
            models.CheckConstraint(
                name="difference_ended_has_nothing_apart",
                condition=~Q(state=DifferenceState.ENDED) | Q(posted_centimes=0, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="difference_two_people",
                condition=~Q(state=DifferenceState.ENDED) | Q(proposed_by=None) | ~Q(ended_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="difference_channel_is_named",
                condition=~(Q(ending=Ending.CHANNEL) | Q(proposed=Ending.CHANNEL)) | ~Q(channel=""),
            ),
            models.CheckConstraint(
                name="difference_proposed_by_somebody",
                condition=~Q(state=DifferenceState.PROPOSED) | (Q(proposed_by__isnull=False) & ~Q(proposed="")),
            ),
        )
        indexes = (
            models.Index(name="difference_open", fields=["company", "day"], condition=~Q(state=DifferenceState.ENDED)),
            models.Index(name="difference_by_day", fields=["company", "day", "id"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class DifferenceStep(models.Model):
    """What happened to an item, and who did it. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    difference = models.ForeignKey(Difference, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    step = models.CharField(max_length=10)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    words = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="difference_step_once", fields=["difference", "sequence"]),
            models.CheckConstraint(name="difference_step_known", condition=Q(step__in=[step.value for step in Step])),
        )

    def __str__(self) -> str:
        return self.step


class FeeTable(models.Model):
    """What the acquirer may keep of each payment, from a day on. Insert-only: later terms are another row."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=4, blank=True, help_text="web, card, or empty for both.")
    from_on = models.DateField(help_text="The first day of these terms.")
    tiers = models.JSONField(help_text="[{up_to, fixed, rate_ppm}], centimes and millionths; the last has no up_to.")
    least_centimes = models.PositiveBigIntegerField(default=0)
    cap_centimes = models.PositiveBigIntegerField(null=True)
    vat_ppm = models.PositiveIntegerField(help_text="VAT on the fee, in millionths: 190000 is 19 %.")
    because = models.CharField(max_length=500, help_text="Where these terms stand: a contract, a letter.")
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="fee_table_once", fields=["company", "way", "from_on"]),)

    def __str__(self) -> str:
        return f"{self.way} {self.from_on}"

"""Other channels, what they reserve, everything that happened to it, and their daily files."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models import Bill
from bawabati.companies.models import Company
from bawabati.payments.rules.channels import (
    FINAL_RESERVATION,
    LONGEST_CODE,
    LONGEST_REFERENCE,
    ChannelDifferenceKind,
    ReservationState,
    Word,
)
from bawabati.people.models import Staff


class Channel(models.Model):
    """A partner that takes money for the company: a bank's application, the post."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=LONGEST_CODE, help_text="In its account, its receipts' series and its keys.")
    name = models.CharField(max_length=40, help_text="As its keys call it.")
    name_ar = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    hold_minutes = models.PositiveSmallIntegerField(default=15, help_text="How long a reservation holds its bills.")
    files_since = models.DateField(null=True, help_text="The first day whose file is expected; none: it sends none.")
    is_open = models.BooleanField(default=True, help_text="Switched off: no new reservations; the others end normally.")
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="channel_code_once", fields=["company", "code"]),
            models.UniqueConstraint(name="channel_name_once", fields=["company", "name"]),
            models.CheckConstraint(
                name="channel_holds_for_a_while", condition=Q(hold_minutes__gte=1, hold_minutes__lte=1440)
            ),
        )

    def __str__(self) -> str:
        return self.code


class Reservation(models.Model):
    """Bills that a channel has reserved to be paid. What it settles becomes a `Payment`; `writes` alone moves it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    reference = models.CharField(max_length=LONGEST_REFERENCE, help_text="The channel's own, never used again.")
    number = models.CharField(max_length=10, help_text="Ours; stands on the receipt.")
    amount_centimes = models.PositiveBigIntegerField()
    asked = models.JSONField(help_text="What the channel asked for: payment numbers and centimes, as its file says.")
    language = models.CharField(max_length=2, help_text="Of the receipt.")
    state = models.CharField(max_length=9, default=ReservationState.RESERVED)
    is_from_file = models.BooleanField(default=False, help_text="Never asked for: two people took it from a file.")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="Until when the bills are held without a word.")
    over_at = models.DateTimeField(null=True, help_text="When the bills were let go of because its time was over.")
    next_step_at = models.DateTimeField(null=True, help_text="When time brings something to do; none once it is final.")
    paid_at = models.DateTimeField(null=True, help_text="When the channel says that it took the money.")
    transaction = models.CharField(max_length=LONGEST_REFERENCE, blank=True, help_text="What the channel calls it.")
    proposed = models.CharField(max_length=20, blank=True, help_text="The event that one person proposes.")
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    proposed_because = models.CharField(max_length=500, blank=True)
    event_count = models.PositiveIntegerField(default=0, help_text="How many events stand beside it.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reservation_reference_once", fields=["channel", "reference"]),
            models.UniqueConstraint(name="reservation_number_once", fields=["company", "number"]),
            models.CheckConstraint(name="reservation_of_something", condition=Q(amount_centimes__gt=0)),
            models.CheckConstraint(
                name="reservation_state_known", condition=Q(state__in=[state.value for state in ReservationState])
            ),
            models.CheckConstraint(
                name="reservation_due_until_final",
                condition=Q(state__in=sorted(FINAL_RESERVATION), next_step_at=None, ended_at__isnull=False)
                | (~Q(state__in=sorted(FINAL_RESERVATION)) & Q(next_step_at__isnull=False)),
            ),
        )
        indexes = (
            models.Index(name="reservation_due", fields=["next_step_at"], condition=Q(next_step_at__isnull=False)),
            models.Index(name="reservation_by_moment", fields=["company", "opened_at", "id"]),
        )

    def __str__(self) -> str:
        return self.number


class ReservationLine(models.Model):
    """One bill of a reservation, in the version that was reserved. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    reservation = models.ForeignKey(
        Reservation, models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_constraint=False)
    bill_version = models.PositiveIntegerField()
    amount_centimes = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reservation_line_once", fields=["reservation", "bill"]),
            models.CheckConstraint(name="reservation_line_of_something", condition=Q(amount_centimes__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.reservation_id}/{self.bill_id}"


class ReservationHappening(models.Model):
    """What happened to a reservation, who said so, and on what evidence. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    reservation = models.ForeignKey(Reservation, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=24)
    from_state = models.CharField(max_length=9, blank=True)
    to_state = models.CharField(max_length=9)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    evidence = models.JSONField(default=dict, help_text="What the channel said, or what a person wrote, no secrets.")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="reservation_happening_once", fields=["reservation", "sequence"]),)

    def __str__(self) -> str:
        return self.event


class EarlyWord(models.Model):
    """What a channel said of a reference that we did not know: it counts once the reservation comes. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    word = models.CharField(max_length=9)
    amount_centimes = models.PositiveBigIntegerField(default=0)
    transaction = models.CharField(max_length=LONGEST_REFERENCE, blank=True)
    paid_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="early_word_once", fields=["channel", "reference", "word", "amount_centimes", "transaction"]
            ),
            models.CheckConstraint(name="early_word_known", condition=Q(word__in=[word.value for word in Word])),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.word}"


class ChannelFile(models.Model):
    """A channel's account of one of its days. The newest of a day counts."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    line_count = models.PositiveIntegerField()
    paid_count = models.PositiveIntegerField(help_text="How many of its lines say that money was taken.")
    paid_centimes = models.PositiveBigIntegerField(help_text="The sum of these lines; its own totals say the same.")
    brought_by = models.ForeignKey(
        Staff, models.PROTECT, related_name="+", null=True, db_index=False, help_text="Nobody: the channel itself."
    )
    brought_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True, help_text="When everything that follows from it was done.")

    class Meta:
        indexes = (
            models.Index(name="channel_file_by_day", fields=["company", "channel", "day", "id"]),
            models.Index(name="channel_file_by_content", fields=["channel", "day", "sha256"]),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class ChannelFileLine(models.Model):
    """One line of a channel's file. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(ChannelFile, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    line = models.PositiveIntegerField(help_text="In the file, from 1.")
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    payment_number = models.CharField(max_length=40)
    amount_centimes = models.PositiveBigIntegerField()
    word = models.CharField(max_length=9)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="channel_file_line_once", fields=["file", "line"]),)

    def __str__(self) -> str:
        return f"{self.file_id}/{self.line}"


class ChannelDifference(models.Model):
    """What a channel's file says otherwise than our books. Open until a file or two people have ended it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    payment_number = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    ours_centimes = models.PositiveBigIntegerField(default=0)
    theirs_centimes = models.PositiveBigIntegerField(default=0)
    found_at = models.DateTimeField()
    proposed = models.CharField(max_length=12, blank=True, help_text="taken_in or explained, as one person proposes.")
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    proposed_because = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=12, blank=True, help_text="by_itself, taken_in, explained; empty: open.")
    ended_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="channel_difference_once", fields=["channel", "day", "reference", "payment_number", "kind"]
            ),
            models.CheckConstraint(
                name="channel_difference_known", condition=Q(kind__in=[kind.value for kind in ChannelDifferenceKind])
            ),
            models.CheckConstraint(
                name="channel_difference_ended_somehow",
                condition=Q(ended_at=None, ended_as="")
                | Q(ended_at__isnull=False, ended_as__in=["by_itself", "taken_in", "explained"]),
            ),
        )
        indexes = (models.Index(name="channel_difference_open", fields=["company", "id"], condition=Q(ended_at=None)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

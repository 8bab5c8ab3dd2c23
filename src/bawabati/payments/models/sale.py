"""Sales at a desk, everything that happened to them, and what bridges are told to do with readers."""

from django.db import models
from django.db.models import Q

from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Bridge, Company, Desk, Reader
from bawabati.desks.models import DeskSession
from bawabati.payments.rules.sales import (
    OCCUPIES_READER,
    SALE_AT_WORK,
    OrderKind,
    OrderState,
    SaleState,
)
from bawabati.payments.rules.ways import AT_A_DESK, Way
from bawabati.people.models import Staff


class Sale(models.Model):
    """One attempt to take money at a desk. What it settles becomes a `Payment`; `writes` alone moves its state."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="+", db_constraint=False)
    cashier = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="+", null=True, db_constraint=False)
    way = models.CharField(max_length=6)
    reference = models.CharField(max_length=10, help_text="Ours; stands on the wire and on the slip.")
    start_key = models.CharField(max_length=43, help_text="Made with the form: pressing twice starts once.")
    amount_centimes = models.PositiveBigIntegerField(help_text="Of the bills; the stamp duty comes on top of it.")
    stamp_duty_centimes = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=2, help_text="Of the receipt and of the reader.")
    state = models.CharField(max_length=13, default=SaleState.OPENED)
    opened_at = models.DateTimeField()
    service_id = models.CharField(max_length=10, blank=True, help_text="Of the payment message, on this reader.")
    boot_when_sent = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    unknown_since = models.DateTimeField(null=True)
    next_step_at = models.DateTimeField(null=True, help_text="When time brings something to do; none where people do.")
    not_found_count = models.PositiveSmallIntegerField(default=0)
    not_found_at = models.DateTimeField(null=True)
    abort_asked_at = models.DateTimeField(null=True, help_text="When the cashier pressed cancel, or we did for him.")
    step = models.CharField(max_length=16, blank=True, help_text="What the reader shows: present_card, enter_code, …")
    step_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True, help_text="Why it was refused, as the reader says.")
    approval_code = models.CharField(max_length=12, blank=True)
    masked_card = models.CharField(max_length=24, blank=True)
    card_brand = models.CharField(max_length=24, blank=True)
    entry_mode = models.CharField(max_length=16, blank=True)
    poi_transaction_id = models.CharField(max_length=40, blank=True, help_text="The reader's own name of it.")
    poi_transaction_at = models.DateTimeField(null=True)
    terminal_id = models.CharField(max_length=16, blank=True)
    merchant_id = models.CharField(max_length=20, blank=True)
    rrn = models.CharField(max_length=20, blank=True)
    reconciliation_id = models.CharField(max_length=20, blank=True)
    slip = models.JSONField(default=list, help_text="The customer's slip, line by line.")
    typed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    slip_number = models.CharField(max_length=20, blank=True, help_text="Of the reader's paper slip, as typed.")
    slip_on = models.DateField(null=True)
    cheque_number = models.CharField(max_length=20, blank=True)
    cheque_bank = models.CharField(max_length=60, blank=True)
    tendered_centimes = models.PositiveBigIntegerField(null=True, help_text="Cash that the customer handed over.")
    in_spite_of = models.CharField(max_length=200, blank=True, help_text="Why a live attempt's bill was taken over.")
    proposed = models.CharField(max_length=24, blank=True, help_text="The event that one person proposes in review.")
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    proposed_because = models.CharField(max_length=500, blank=True)
    reversal_service_id = models.CharField(max_length=10, blank=True)
    reversal_asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    reversal_because = models.CharField(max_length=500, blank=True)
    event_count = models.PositiveIntegerField(default=0, help_text="How many events stand beside it.")
    ended_at = models.DateTimeField(null=True, help_text="When it was settled or ended otherwise, first.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="sale_reference_once", fields=["company", "reference"]),
            models.UniqueConstraint(name="sale_start_key_once", fields=["company", "start_key"]),
            models.UniqueConstraint(
                name="sale_service_id_once", fields=["reader", "service_id"], condition=~Q(service_id="")
            ),
            models.UniqueConstraint(
                name="sale_one_of_a_reader", fields=["reader"], condition=Q(state__in=sorted(OCCUPIES_READER))
            ),
            models.UniqueConstraint(
                name="sale_reader_transaction_once",
                fields=["reader", "poi_transaction_id"],
                condition=~Q(poi_transaction_id=""),
            ),
            models.UniqueConstraint(
                name="sale_typed_approval_once",
                fields=["reader", "approval_code"],
                condition=Q(typed_by__isnull=False) & ~Q(approval_code=""),
            ),
            models.UniqueConstraint(
                name="sale_typed_slip_once",
                fields=["reader", "slip_on", "slip_number"],
                condition=Q(typed_by__isnull=False) & ~Q(slip_number=""),
            ),
            models.CheckConstraint(
                name="sale_state_known", condition=Q(state__in=[state.value for state in SaleState])
            ),
            models.CheckConstraint(name="sale_way_known", condition=Q(way__in=sorted(AT_A_DESK))),
            models.CheckConstraint(name="sale_takes_something", condition=Q(amount_centimes__gt=0)),
            models.CheckConstraint(
                name="sale_card_on_a_reader",
                condition=Q(way=Way.CARD, reader__isnull=False, stamp_duty_centimes=0)
                | (~Q(way=Way.CARD) & Q(reader__isnull=True)),
            ),
            models.CheckConstraint(
                name="sale_due_while_at_work",
                condition=Q(state__in=sorted(SALE_AT_WORK), next_step_at__isnull=False)
                | (~Q(state__in=sorted(SALE_AT_WORK)) & Q(next_step_at=None)),
            ),
        )
        indexes = (
            models.Index(name="sale_due", fields=["next_step_at"], condition=Q(next_step_at__isnull=False)),
            models.Index(name="sale_review", fields=["agency"], condition=Q(state=SaleState.REVIEW)),
        )

    def __str__(self) -> str:
        return self.reference


class SaleLine(models.Model):
    """One bill of a sale, in the version that the cashier saw. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    sale = models.ForeignKey(Sale, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_constraint=False)
    bill_version = models.PositiveIntegerField()
    amount_centimes = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="sale_line_once", fields=["sale", "bill"]),
            models.CheckConstraint(name="sale_line_takes_something", condition=Q(amount_centimes__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.sale_id}/{self.bill_id}"


class SaleHappening(models.Model):
    """What happened to a sale, who did it, and on what evidence. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=24)
    from_state = models.CharField(max_length=13, blank=True)
    to_state = models.CharField(max_length=13)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True, db_index=False)
    evidence = models.JSONField(default=dict, help_text="What the reader said, or what a person wrote, no secrets.")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="sale_happening_once", fields=["sale", "sequence"]),)

    def __str__(self) -> str:
        return self.event


class ReaderOrder(models.Model):
    """What a bridge is told to do. One that moves money is written once for a sale, and given once."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    bridge = models.ForeignKey(Bridge, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sale = models.ForeignKey(Sale, models.PROTECT, related_name="+", null=True, db_constraint=False)
    kind = models.CharField(max_length=10)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=OrderState.WAITING)
    put_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    result = models.JSONField(default=dict, help_text="As the bridge reported it, masked.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="order_one_payment_of_a_sale", fields=["sale"], condition=Q(kind=OrderKind.PAY)
            ),
            models.UniqueConstraint(
                name="order_one_question_at_a_time",
                fields=["sale", "kind"],
                condition=Q(kind__in=[OrderKind.ASK, OrderKind.ABORT, OrderKind.REVERSE], state="waiting"),
            ),
            models.CheckConstraint(
                name="order_state_known", condition=Q(state__in=[state.value for state in OrderState])
            ),
            models.CheckConstraint(name="order_kind_known", condition=Q(kind__in=[kind.value for kind in OrderKind])),
        )
        indexes = (
            models.Index(
                name="order_to_do",
                fields=["bridge", "id"],
                condition=Q(state__in=[OrderState.WAITING, OrderState.TAKEN]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

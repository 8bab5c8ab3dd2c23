"""Attempts to pay, the bills that each pays, holds, and everything that happened."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Right

from bawabati.bills.models import Bill
from bawabati.companies.models import Agency, Company, CompanyText, GatewayAccount
from bawabati.payments.models.channel import Reservation
from bawabati.payments.models.sale import Sale
from bawabati.payments.rules import FINAL, State
from bawabati.payments.rules.ways import Way


class Payment(models.Model):
    """One attempt to pay one or several bills of one company. Its state is assigned by `payments.writes` alone."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=7, default=Way.WEB)
    sale = models.OneToOneField(
        Sale,
        models.PROTECT,
        null=True,
        related_name="payment",
        db_constraint=False,
        help_text="The sale at a desk that it posts; none for a payment online.",
    )
    reservation = models.OneToOneField(
        Reservation,
        models.PROTECT,
        null=True,
        related_name="payment",
        db_constraint=False,
        help_text="What a channel has reserved, and this posts.",
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="Where it was paid; none for a payment online or by a channel.",
    )
    gateway_account = models.ForeignKey(
        GatewayAccount,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="Of a payment online.",
    )
    order_number = models.CharField(
        max_length=10,
        help_text="Ours: a sale's reference, a reservation's number; never used again, whatever happens.",
    )
    start_key = models.CharField(max_length=43, help_text="Made with the form: pressing twice starts once.")
    amount_centimes = models.PositiveBigIntegerField()
    campaign_code = models.CharField(
        max_length=12, blank=True, help_text="Of the medium whose address the payer came by, where there was one."
    )
    language = models.CharField(max_length=2, help_text="Of the page, the gateway's page, the receipt and the e-mail.")
    payment_terms = models.ForeignKey(
        CompanyText, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    sale_terms = models.ForeignKey(
        CompanyText, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=12, default=State.OPENED)
    opened_at = models.DateTimeField()
    register_sent_at = models.DateTimeField(
        null=True, help_text="When the registration was about to be sent. Nothing is sent a second time."
    )
    page_life_seconds = models.PositiveIntegerField(help_text="How long the gateway's page is taken to live.")
    page_ends_at = models.DateTimeField(help_text="When the gateway's page is taken to be over.")
    gateway_reference = models.CharField(  # noqa: DJ001 - unique where it is known
        max_length=64, null=True, help_text="The gateway's own name of the order."
    )
    page_url = models.TextField(blank=True, help_text="Where the payer pays, on the gateway.")
    next_ask_at = models.DateTimeField(null=True, help_text="When we ask the gateway next; none once it is final.")
    leased_until = models.DateTimeField(null=True, help_text="Until when a sweeper has it to itself.")
    event_count = models.PositiveIntegerField(default=0, help_text="How many events stand beside it.")
    asked_count = models.PositiveIntegerField(default=0)
    checks_passed = models.PositiveSmallIntegerField(default=0, help_text="Late checks answered 'not paid'.")
    was_declined = models.BooleanField(default=False)
    not_found_at = models.DateTimeField(null=True, help_text="When the gateway first did not know our number.")
    refused_because = models.CharField(
        max_length=24, blank=True, help_text="The cause of the last refusal: gateways.contract.Cause."
    )
    response_code = models.CharField(max_length=10, blank=True, help_text="The issuer's, of the last readable answer.")
    action_code = models.IntegerField(null=True, help_text="The gateway's, of the last readable answer.")
    gateway_message = models.CharField(max_length=512, blank=True)
    last_answer = models.CharField(
        max_length=60, blank=True, help_text="What the last answer was, readable or not, e.g. unknown timed_out."
    )
    approval_code = models.CharField(max_length=12, blank=True)
    masked_card = models.CharField(max_length=24, blank=True)
    card_family = models.CharField(max_length=10, blank=True, help_text="cib or edahabia; empty: not stated.")
    card_last_four = models.GeneratedField(
        expression=Right("masked_card", 4),
        output_field=models.CharField(max_length=4),
        db_persist=True,
        help_text="For looking it up: behind row-level security no index of an expression is used.",
    )
    confirmed_at = models.DateTimeField(null=True, help_text="When our acknowledgement was answered 'paid'.")
    accounted_on = models.DateField(null=True, help_text="Accounting day, Africa/Algiers.")
    ended_at = models.DateTimeField(null=True)
    recovered_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        help_text="The attempt that had ended otherwise when its money was found; this one posts that money.",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="payment_order_number_once",
                fields=["gateway_account", "order_number"],
                condition=Q(recovered_from__isnull=True),
            ),
            models.UniqueConstraint(
                name="payment_reference_once",
                fields=["gateway_account", "gateway_reference"],
                condition=Q(gateway_reference__isnull=False, recovered_from__isnull=True),
            ),
            models.UniqueConstraint(name="payment_start_key_once", fields=["company", "start_key"]),
            models.CheckConstraint(name="payment_state_known", condition=Q(state__in=[state.value for state in State])),
            models.CheckConstraint(name="payment_pays_something", condition=Q(amount_centimes__gt=0)),
            models.CheckConstraint(
                name="payment_asked_until_final",
                condition=Q(state__in=sorted(FINAL), next_ask_at=None)
                | (~Q(state__in=sorted(FINAL)) & Q(next_ask_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="payment_paid_has_evidence",
                condition=~Q(state=State.PAID)
                | (
                    Q(confirmed_at__isnull=False, accounted_on__isnull=False)
                    & (~Q(way=Way.WEB) | Q(gateway_reference__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="payment_of_a_way",
                condition=Q(
                    way=Way.WEB,
                    sale__isnull=True,
                    reservation__isnull=True,
                    gateway_account__isnull=False,
                    payment_terms__isnull=False,
                    sale_terms__isnull=False,
                )
                | Q(
                    way__in=[Way.CARD, Way.CASH, Way.CHEQUE],
                    sale__isnull=False,
                    reservation__isnull=True,
                    agency__isnull=False,
                    gateway_account__isnull=True,
                    gateway_reference__isnull=True,
                    recovered_from__isnull=True,
                )
                | Q(
                    way=Way.CHANNEL,
                    sale__isnull=True,
                    reservation__isnull=False,
                    agency__isnull=True,
                    gateway_account__isnull=True,
                    gateway_reference__isnull=True,
                    recovered_from__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="payment_card_family_known", condition=Q(card_family__in=["", "cib", "edahabia"])
            ),
            models.UniqueConstraint(
                name="payment_of_a_sale_number_once",
                fields=["company", "order_number"],
                condition=Q(sale__isnull=False) | Q(reservation__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_recovered_is_paid",
                condition=Q(recovered_from__isnull=True) | Q(state__in=[State.OPENED, State.PAID]),
            ),
        )
        indexes = (
            models.Index(name="payment_due", fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False)),
            models.Index(name="payment_ended", fields=["ended_at"], condition=Q(ended_at__isnull=False)),
            models.Index(name="payment_by_day", fields=["company", "accounted_on"], condition=Q(state=State.PAID)),
            # Of the office's list, the newest first whatever it is narrowed by.
            # Decision: docs/decisions/0029-finding-a-payment.md
            models.Index(name="payment_by_moment", fields=["company", "opened_at", "id"]),
            models.Index(name="payment_by_order", fields=["company", "order_number"]),
            models.Index(name="payment_by_amount", fields=["company", "amount_centimes", "opened_at", "id"]),
            models.Index(
                name="payment_not_paid", fields=["company", "state", "opened_at", "id"], condition=~Q(state=State.PAID)
            ),
            models.Index(
                name="payment_at_agency", fields=["agency", "opened_at", "id"], condition=Q(agency__isnull=False)
            ),
            models.Index(
                name="payment_at_agency_by_way",
                fields=["agency", "way", "opened_at", "id"],
                condition=Q(agency__isnull=False),
            ),
            models.Index(
                name="payment_at_a_desk", fields=["company", "way", "opened_at", "id"], condition=~Q(way=Way.WEB)
            ),
            models.Index(
                name="payment_by_last_four",
                fields=["company", "card_last_four", "opened_at", "id"],
                condition=~Q(masked_card=""),
            ),
            models.Index(
                name="payment_by_approval", fields=["company", "approval_code"], condition=~Q(approval_code="")
            ),
        )

    def __str__(self) -> str:
        return self.order_number


class PaymentContact(models.Model):
    """The e-mail that the payer left, in a row of its own, which the law may erase."""

    payment = models.OneToOneField(Payment, models.CASCADE, related_name="contact", primary_key=True)
    email = models.EmailField()
    email_lowered = models.GeneratedField(
        expression=Lower("email"),
        output_field=models.CharField(max_length=254),
        db_persist=True,
        help_text="For looking it up, as the last four digits of a card.",
    )

    class Meta:
        indexes = (models.Index(name="payment_by_email", fields=["email_lowered"]),)

    def __str__(self) -> str:
        return "contact of a payment"


class PaymentLine(models.Model):
    """One bill of an attempt, in the version that the payer saw."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+", db_constraint=False)
    bill_version = models.PositiveIntegerField()
    amount_centimes = models.PositiveBigIntegerField()
    settled_centimes = models.PositiveBigIntegerField(null=True, help_text="Set on confirmation: what it settled.")
    surplus_centimes = models.PositiveBigIntegerField(
        null=True, help_text="Set on confirmation: what found the bill already settled."
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(name="payment_line_once", fields=["payment", "bill"]),
            models.CheckConstraint(name="payment_line_pays_something", condition=Q(amount_centimes__gt=0)),
            models.CheckConstraint(
                name="payment_line_all_accounted",
                condition=Q(settled_centimes=None, surplus_centimes=None)
                | Q(amount_centimes=F("settled_centimes") + F("surplus_centimes")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.payment_id}/{self.bill_id}"


class Hold(models.Model):
    """A bill that an open attempt of any way holds. Unique by bill: a second open attempt is impossible."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    bill = models.OneToOneField(Bill, models.PROTECT, related_name="+", db_constraint=False)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+", db_constraint=False)
    sale = models.ForeignKey(Sale, models.PROTECT, null=True, related_name="+", db_constraint=False)
    reservation = models.ForeignKey(Reservation, models.PROTECT, null=True, related_name="+", db_constraint=False)
    held_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hold_of_one_attempt",
                condition=Q(payment__isnull=False, sale=None, reservation=None)
                | Q(payment=None, sale__isnull=False, reservation=None)
                | Q(payment=None, sale=None, reservation__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.bill_id}"


class PaymentEvent(models.Model):
    """What happened, and on what evidence. Insert-only."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    evidence = models.JSONField(default=dict, help_text="What the outside said, without secrets.")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="payment_event_once", fields=["payment", "sequence"]),)

    def __str__(self) -> str:
        return self.event

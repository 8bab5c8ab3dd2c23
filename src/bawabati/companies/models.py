"""Water companies, and the things they own."""

from django.db import models
from django.db.models import Q

from bawabati.companies.rules import Protocol, SurplusBecomes, TextKind


class Company(models.Model):
    """A water company. Everything that it may set for itself is data, so that joining needs no code."""

    code = models.SlugField(max_length=20, unique=True, help_text="Stands in the company's addresses.")
    is_open = models.BooleanField(default=True, help_text="Closed: no new attempts; those in flight end normally.")
    name_ar = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    legal_form = models.CharField(max_length=60, help_text="As registered, e.g. SPA.")
    address_ar = models.CharField(max_length=200)
    address_fr = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    email = models.EmailField(help_text="Sender of receipts, and where payers write to.")
    nif = models.CharField(max_length=20, help_text="Tax identification number.")
    nis = models.CharField(max_length=20, help_text="Statistical identification number.")
    rc = models.CharField(max_length=30, help_text="Trade register number.")
    ai = models.CharField(max_length=20, help_text="Article d'imposition.")
    logo_svg = models.TextField(blank=True)
    colour = models.CharField(max_length=7, blank=True, help_text="Of links and buttons, #rrggbb; empty: the portal's.")
    band_colour = models.CharField(max_length=7, blank=True, help_text="Behind the head of its pages; empty: paper.")
    host_name = models.CharField(
        max_length=253, blank=True, help_text="Its own host, beside the portal's; its links use it. Empty: none."
    )
    wilayas = models.JSONField(default=list, help_text="Codes of the wilayas that it serves, e.g. 31.")
    number_format = models.JSONField(help_text="How the printed payment number looks: companies.rules.NumberFormat.")
    minimum_centimes = models.PositiveBigIntegerField(default=50_00, help_text="Smallest payment, centimes.")
    ceiling_centimes = models.PositiveBigIntegerField(default=200_000_00, help_text="Largest payment, centimes.")
    allows_part_payment = models.BooleanField(default=False, help_text="A payer may pay less than is due.")
    offers_other_bills = models.BooleanField(
        default=False,
        help_text="Who holds one number may see period and amount of the customer's other open bills, and pay them.",
    )
    captcha_cost = models.PositiveIntegerField(default=5_000, help_text="PBKDF2 rounds of the proof of work.")
    surplus_owner_login = models.CharField(max_length=150, blank=True, help_text="Staff who owns surplus cases.")
    surplus_becomes = models.CharField(
        max_length=10,
        default=SurplusBecomes.CREDIT,
        help_text="What is done with a surplus unless the payer chooses: credit, card.",
    )
    surplus_promised_working_days = models.PositiveSmallIntegerField(default=10)
    typed_approval_limit_centimes = models.PositiveBigIntegerField(
        default=10_000_00, help_text="Above it, a second person confirms what a cashier typed from a reader's slip."
    )
    cheques_carry_stamp_duty = models.BooleanField(
        default=False, help_text="Whether a receipt for a cheque carries the duty as one for cash does."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="company_minimum_below_ceiling",
                condition=Q(minimum_centimes__lte=models.F("ceiling_centimes")),
            ),
            models.CheckConstraint(
                name="company_surplus_known",
                condition=Q(surplus_becomes__in=[choice.value for choice in SurplusBecomes]),
            ),
            models.UniqueConstraint(name="company_host_once", fields=["host_name"], condition=~Q(host_name="")),
        )

    def __str__(self) -> str:
        return self.code


class CompanyText(models.Model):
    """One dated version of a text of the company. Never changed: a new version is a new row."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="A companies.rules.TextKind.")
    language = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    body = models.TextField(help_text="Plain text; a blank line parts paragraphs.")
    effective_at = models.DateTimeField(help_text="In force from then on, until a version that is effective later.")
    ends_at = models.DateTimeField(null=True, help_text="Of a notice: shown until then.")
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(
        null=True, help_text="Number of the person (people_staff); null: came with the company's description."
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="company_text_version_once", fields=["company", "kind", "language", "version"]
            ),
            models.CheckConstraint(
                name="company_text_only_notices_end",
                condition=Q(ends_at=None) | Q(kind=TextKind.NOTICE, ends_at__gt=models.F("effective_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"


class CompanyHoliday(models.Model):
    """A day on which the company says otherwise than the calendar that comes with us: off, or worked after all."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    day = models.DateField()
    name = models.CharField(max_length=80)
    is_off = models.BooleanField(default=True, help_text="False: a day that the calendar calls a holiday is worked.")

    class Meta:
        constraints = (models.UniqueConstraint(name="company_holiday_once", fields=["company", "day"]),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Agency(models.Model):
    """A commercial agency, where customers come in person."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=20)
    name_ar = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    commune_ar = models.CharField(max_length=80)
    commune_fr = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="agency_code_once", fields=["company", "code"]),)

    def __str__(self) -> str:
        return self.code


class Desk(models.Model):
    """A place in an agency where a cashier sits."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False)
    code = models.SlugField(max_length=10, help_text="Names the desk to people, readers and receipts, e.g. AG07-C1.")
    name = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="desk_code_once", fields=["company", "code"]),)

    def __str__(self) -> str:
        return self.code


class Bridge(models.Model):
    """The program on an agency's network that talks to its readers. It comes to us; we never go to it."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False)
    name = models.CharField(max_length=60)
    code_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the one-time code that enrols it.")
    code_ends_at = models.DateTimeField(null=True)
    key_sha256 = models.CharField(max_length=64, blank=True, help_text="Of its own key, which it alone knows.")
    code_used_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    software = models.CharField(max_length=40, blank=True)
    last_contact_at = models.DateTimeField(null=True)
    waiting_results = models.PositiveIntegerField(default=0, help_text="Results it has not been able to deliver.")
    line_lost_at = models.DateTimeField(null=True, help_text="When its line to us was last cut, as it says.")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="bridge_name_once", fields=["company", "name"]),
            models.UniqueConstraint(name="bridge_code_once", fields=["code_sha256"], condition=~Q(code_sha256="")),
        )

    def __str__(self) -> str:
        return self.name


class Reader(models.Model):
    """A card reader that stands in an agency."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_constraint=False)
    serial = models.CharField(max_length=40)
    model = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+", null=True, db_constraint=False)
    bridge = models.ForeignKey(Bridge, models.PROTECT, related_name="+", null=True, db_constraint=False)
    protocol = models.CharField(max_length=10, default=Protocol.MANUAL)
    poi_id = models.CharField(max_length=32, blank=True, help_text="What it calls itself on the wire.")
    host = models.CharField(max_length=255, blank=True, help_text="On the agency's network.")
    port = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict, help_text="What only this protocol understands, without secrets.")
    passphrase_sealed = models.BinaryField(null=True, help_text="Encrypted; see sealed.py.")
    last_contact_at = models.DateTimeField(null=True, help_text="When its bridge last reached it.")
    last_status = models.CharField(max_length=12, blank=True, help_text="ok, busy, maintenance, unreachable.")
    printer_status = models.CharField(max_length=12, blank=True)
    boot = models.CharField(max_length=80, blank=True, help_text="Changes when it starts anew and may have forgotten.")
    last_service_number = models.PositiveBigIntegerField(default=0, help_text="Of the messages sent to it.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reader_serial_once", fields=["company", "serial"]),
            models.UniqueConstraint(name="reader_poi_once", fields=["company", "poi_id"], condition=~Q(poi_id="")),
            models.UniqueConstraint(
                name="reader_one_of_a_desk", fields=["desk"], condition=Q(is_active=True, desk__isnull=False)
            ),
            models.CheckConstraint(
                name="reader_protocol_known", condition=Q(protocol__in=[protocol.value for protocol in Protocol])
            ),
            models.CheckConstraint(
                name="reader_on_the_wire_has_a_name", condition=Q(protocol=Protocol.MANUAL) | ~Q(poi_id="")
            ),
        )

    def __str__(self) -> str:
        return self.serial


class GatewayAccount(models.Model):
    """The company's merchant account at a gateway."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=20, help_text="Name in settings.GATEWAYS.")
    base_url = models.CharField(max_length=300)
    user_name = models.CharField(max_length=30)
    password_sealed = models.BinaryField(help_text="Encrypted; see sealed.py.")
    terminal_id = models.CharField(max_length=16, blank=True)
    page_hosts = models.JSONField(help_text="Hosts (host or host:port) where the gateway may send the payer.")
    options = models.JSONField(default=dict, help_text="What only this gateway understands.")
    page_life_seconds = models.PositiveIntegerField(
        default=720, help_text="How long the gateway's page is taken to live, seconds; it is not on the wire."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="gateway_account_one_active", fields=["company"], condition=Q(is_active=True)),
        )

    def __str__(self) -> str:
        return f"{self.gateway} {self.user_name}"


class Mark(models.Model):
    """A card scheme's mark that the company may show, with the licence under which it may."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="cib_edahabia.")
    content = models.BinaryField()
    content_type = models.CharField(max_length=40)
    licence = models.TextField(help_text="Who allowed its use, when, and for what.")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="mark_once", fields=["company", "kind"]),)

    def __str__(self) -> str:
        return self.kind


class SigningKey(models.Model):
    """A key with which a company, or this installation as a whole, signs what it issues."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", null=True, help_text="None: of the installation."
    )
    purpose = models.CharField(max_length=10, help_text="What it signs: closing, audit, receipt.")
    name = models.CharField(max_length=12, unique=True, help_text="Stands beside each signature.")
    public_key = models.BinaryField(help_text="Ed25519, 32 bytes; may be shown to everybody.")
    private_key = models.BinaryField(help_text="Sealed.")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="From then on it only checks what it has signed.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="signing_key_one_in_use",
                fields=["company", "purpose"],
                condition=Q(retired_at=None),
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.name

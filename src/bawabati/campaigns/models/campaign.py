"""A campaign, and one code for each medium and agency by which people meet it."""

from django.db import models
from django.db.models import F, Q

from bawabati.campaigns.rules import LONGEST_CODE, LONGEST_NAME, LONGEST_NOTE, Medium
from bawabati.companies.models import Agency, Company


class Campaign(models.Model):
    """What the company does to make its service known, from one day to another."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=LONGEST_NAME)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The last day on which it counts; none: until it is ended.")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True, help_text="Number of the person (people_staff); null: the demo.")
    ended_at = models.DateTimeField(null=True, help_text="When somebody ended it; none: it is open.")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="campaign_name_once", fields=["company", "name"]),
            models.CheckConstraint(
                name="campaign_ends_after_it_begins", condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on"))
            ),
        )

    def __str__(self) -> str:
        return self.name


class CampaignCode(models.Model):
    """The short code of one medium of a campaign, in one agency where it is an agency's."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    medium = models.CharField(max_length=14, help_text="A campaigns.rules.Medium.")
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="Whose poster or action it is; none: the whole company's.",
    )
    code = models.CharField(
        max_length=LONGEST_CODE,
        unique=True,
        help_text="Once in the whole installation: the short address names no company.",
    )
    cost_centimes = models.PositiveBigIntegerField(null=True, help_text="What it cost, centimes; none: not entered.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="campaign_code_of_medium_once", fields=["campaign", "medium", "agency"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="campaign_medium_known", condition=Q(medium__in=[medium.value for medium in Medium])
            ),
            models.CheckConstraint(
                name="campaign_poster_has_agency",
                condition=~Q(medium=Medium.AGENCY_POSTER) | Q(agency__isnull=False),
            ),
        )
        indexes = (models.Index(name="campaign_code_of_company", fields=["company", "code"]),)

    def __str__(self) -> str:
        return self.code

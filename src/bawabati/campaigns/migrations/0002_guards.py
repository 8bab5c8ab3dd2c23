from django.db import migrations

from bawabati import sql_guards


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("companies", "0002_guards")]

    operations = [
        sql_guards.company_key("campaigns_campaign"),
        sql_guards.same_company(
            "campaigns_campaigncode", campaign_id="campaigns_campaign", agency_id="companies_agency"
        ),
        sql_guards.frozen("campaigns_campaign", "company_id", "made_at", "made_by_id"),
        sql_guards.frozen(
            "campaigns_campaigncode", "company_id", "campaign_id", "medium", "agency_id", "code", "made_at"
        ),
    ]

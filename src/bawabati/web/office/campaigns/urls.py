"""The addresses of campaigns, under /<language>/office/campaigns/."""

from django.urls import path

from bawabati.web.office.campaigns import codes, keeping, listed, one

campaign_urls = [
    path("", listed.campaigns, name="office_campaigns"),
    path("add/", keeping.add, name="office_add_campaign"),
    path("<int:campaign_id>/", one.campaign, name="office_campaign"),
    path("<int:campaign_id>/describe/", keeping.describe, name="office_describe_campaign"),
    path("<int:campaign_id>/media/", keeping.media, name="office_campaign_media"),
    path("<int:campaign_id>/over/", keeping.over, name="office_campaign_over"),
    path("codes/<int:campaign_code_id>/", codes.code, name="office_campaign_code"),
    path("codes/<int:campaign_code_id>/paper/", codes.paper, name="office_campaign_paper"),
    path("codes/<int:campaign_code_id>/qr/", codes.qr, name="office_campaign_qr"),
]

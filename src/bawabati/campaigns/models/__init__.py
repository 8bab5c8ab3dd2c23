"""Campaigns, their codes, and how many came."""

from bawabati.campaigns.models.campaign import Campaign, CampaignCode
from bawabati.campaigns.models.step_count import StepCount

__all__ = ["Campaign", "CampaignCode", "StepCount"]

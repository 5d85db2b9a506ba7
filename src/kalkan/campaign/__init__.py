"""Campaigns: waves of raids over days, each simulated in a window of its own, with a defence that has a history."""

from kalkan.campaign.running import run_block, trace
from kalkan.campaign.windows import CampaignPlan, Window

__all__ = ["CampaignPlan", "Window", "run_block", "trace"]

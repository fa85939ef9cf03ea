"""A campaign as an answer, with its version as the ETag."""

from fastapi import Response

from functions.campaigns.schemas import CampaignOut, campaign_out
from groundswell.campaigns.model import Bodies, Campaign
from groundswell.http.preconditions import tag


def tagged(whole: tuple[Campaign, Bodies], response: Response) -> CampaignOut:
    campaign, bodies = whole
    tag(response, campaign.version)
    return campaign_out(campaign, bodies)

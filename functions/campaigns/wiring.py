"""The services of this function."""

from functools import cache
from typing import Annotated

from groundswell.campaigns.adapter_leads import LeadRecipients
from groundswell.campaigns.adapter_markup import to_html
from groundswell.campaigns.service import CampaignService
from groundswell.campaigns.store import DynamoCampaignStore, DynamoTemplateStore
from groundswell.campaigns.templates import TemplateService
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id


@cache
def template_service() -> TemplateService:
    return TemplateService(DynamoTemplateStore(), LeadRecipients(), to_html, utc_now, new_id)


@cache
def campaign_service() -> CampaignService:
    return CampaignService(DynamoCampaignStore(), template_service(), to_html, utc_now, new_id)


Templates = Annotated[TemplateService, provide(template_service)]
Campaigns = Annotated[CampaignService, provide(campaign_service)]

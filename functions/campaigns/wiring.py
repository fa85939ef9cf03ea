"""The services of this function."""

import os
from collections.abc import Sequence
from functools import cache
from typing import Annotated

from groundswell.audience.adapter_wiring import audience
from groundswell.bots.model import Bot
from groundswell.campaigns.adapter_leads import LeadRecipients
from groundswell.campaigns.adapter_ledger import DynamoLedger
from groundswell.campaigns.adapter_markup import inlined, to_html
from groundswell.campaigns.adapter_quota import RECIPIENTS_A_DAY, RecipientQuota
from groundswell.campaigns.adapter_senders import DynamoSenderStore, seal, try_out
from groundswell.campaigns.approving import CampaignApprovals
from groundswell.campaigns.control import Controller, Senders
from groundswell.campaigns.reporting import Reporter
from groundswell.campaigns.senders import SenderService, Ways
from groundswell.campaigns.sequences.service import SequenceService
from groundswell.campaigns.sequences.store import DynamoSequenceStore
from groundswell.campaigns.service import CampaignService
from groundswell.campaigns.store import DynamoCampaignStore, DynamoTemplateStore
from groundswell.campaigns.templates import TemplateService
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.tenancy.members.store import DynamoTeam
from groundswell.tenancy.usage.store import DynamoUsageStore


@cache
def template_service() -> TemplateService:
    return TemplateService(DynamoTemplateStore(), LeadRecipients(), to_html, utc_now, new_id)


@cache
def campaign_service() -> CampaignService:
    return CampaignService(DynamoCampaignStore(), template_service(), audience(), to_html, utc_now, new_id)


@cache
def campaign_approvals() -> CampaignApprovals:
    store = DynamoCampaignStore()
    return CampaignApprovals(campaign_service(), store, template_service().get, DynamoTeam(), utc_now, new_id)


def _bots_of(client_id: str) -> Sequence[Bot]:
    from groundswell.bots.adapter_wiring import bot_service  # what only one channel needs

    return bot_service().list(client_id)


def _recipients_a_day(org_id: str) -> int:
    own = DynamoUsageStore().quota(org_id).recipients_per_day
    return RECIPIENTS_A_DAY if own is None else own


@cache
def controller() -> Controller:
    return Controller(
        campaign_service(),
        DynamoCampaignStore(),
        template_service().get,
        audience(),
        RecipientQuota(_recipients_a_day, utc_now),
        _bots_of,
        Senders(DynamoSenderStore().senders, os.environ["STAGE"] == "prod"),
        inlined,
        utc_now,
        new_id,
    )


@cache
def sender_service() -> SenderService:
    from groundswell.validation.adapter_dns import texts_of  # few requests ask the DNS

    return SenderService(DynamoSenderStore(), Ways(texts_of, try_out, seal, utc_now, new_id))


@cache
def sequence_service() -> SequenceService:
    control = controller()
    return SequenceService(DynamoSequenceStore(), audience(), template_service().get, control.ready, utc_now, new_id)


@cache
def reporter() -> Reporter:
    return Reporter(DynamoLedger(), DynamoCampaignStore(), utc_now)


Templates = Annotated[TemplateService, provide(template_service)]
Campaigns = Annotated[CampaignService, provide(campaign_service)]
Approvals = Annotated[CampaignApprovals, provide(campaign_approvals)]
OwnSenders = Annotated[SenderService, provide(sender_service)]
Control = Annotated[Controller, provide(controller)]
Sequences = Annotated[SequenceService, provide(sequence_service)]
Reports = Annotated[Reporter, provide(reporter)]
Recipients = Annotated[LeadRecipients, provide(LeadRecipients)]

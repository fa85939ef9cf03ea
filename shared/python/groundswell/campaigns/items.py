"""How campaigns lie in the core table.

| pk | sk | what |
|---|---|---|
| `CAMPAIGN#<client>#<id>` | `CAMPAIGN` | the campaign |
| | `BODIES` | what it says where it has no template |
| | `CONTENT` | what is sent, as it was when it started |
| | `COUNT#<shard>` | part of its totals: `ledger` |
| | `PLAN` | how far its audience was written down |
| `CAMPAIGNSENT#<client>#<id>` | `<number>` | ten deliveries: `ledger` |
| | `P<number>` | how far a claim of these got: `progress` |
| `CAMPAIGNLEAD#<client>#<lead>` | `<campaign>#<number>` | where a lead's delivery lies |
| `CAMPAIGNS#<client>#<view>` | `<created at>#<id>` | a row of a list: `storage.listing` |
| `SENDERS#<client>` | `SENDER#<id>` | a sender, with its credentials sealed |
| `TEMPLATES#<client>` | `TEMPLATE#<id>`, `LETTERS#<id>` | a template, what it says |
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.campaigns.letters import Letter
from groundswell.campaigns.model import Campaign, Wanted
from groundswell.campaigns.senders import SenderIdentity
from groundswell.campaigns.templates import Template
from groundswell.kernel.clock import rfc3339
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import Entry, Listing, Selection
from groundswell.storage.mapper import to_item

LISTING = Listing("CAMPAIGNS", ("created_at",))


class CampaignItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    name = UnicodeAttribute()
    channel = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    status = UnicodeAttribute()
    subject = UnicodeAttribute(null=True)
    sender = JSONAttribute(null=True)
    reply_to = UnicodeAttribute(null=True)
    template_id = UnicodeAttribute(null=True)
    message = UnicodeAttribute(null=True)
    bot_id = UnicodeAttribute(null=True)
    fallback = JSONAttribute(null=True)
    audience = JSONAttribute()
    schedule = JSONAttribute(null=True)
    rules = JSONAttribute()
    variants = JSONAttribute()
    ab = JSONAttribute(null=True)
    winner = UnicodeAttribute(null=True)
    job_id = UnicodeAttribute(null=True)
    run = NumberAttribute()
    queued = NumberAttribute()
    started_at = UTCDateTimeAttribute(null=True)
    finished_at = UTCDateTimeAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    sender_id = UnicodeAttribute(null=True)
    sequence_id = UnicodeAttribute(null=True)
    approval = JSONAttribute(null=True)
    revision = NumberAttribute(default=1)
    revised_by = UnicodeAttribute(null=True)
    template_version = NumberAttribute(null=True)


class TemplateItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    subject = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    sample = JSONAttribute()
    variables = JSONAttribute()
    languages = JSONAttribute()
    letters = JSONAttribute()


class SenderItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    sender = JSONAttribute()
    provider = UnicodeAttribute()
    sealed = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    dns = JSONAttribute()
    checked_at = UTCDateTimeAttribute(null=True)
    limits = JSONAttribute(null=True)


def campaign_pk(client_id: str, campaign_id: str) -> str:
    return f"CAMPAIGN#{client_id}#{campaign_id}"


def sent_pk(client_id: str, campaign_id: str) -> str:
    return f"CAMPAIGNSENT#{client_id}#{campaign_id}"


def lead_pk(client_id: str, lead_id: str) -> str:
    return f"CAMPAIGNLEAD#{client_id}#{lead_id}"


def senders_pk(client_id: str) -> str:
    return f"SENDERS#{client_id}"


def sender_item(sender: SenderIdentity) -> SenderItem:
    return to_item(SenderItem, sender, senders_pk(sender.client_id), f"SENDER#{sender.id}", kind="sender")


def templates_pk(client_id: str) -> str:
    return f"TEMPLATES#{client_id}"


def campaign_item(campaign: Campaign) -> CampaignItem:
    return to_item(CampaignItem, campaign, campaign_pk(campaign.client_id, campaign.id), "CAMPAIGN", kind="campaign")


def template_item(template: Template) -> TemplateItem:
    item = to_item(
        TemplateItem,
        template,
        templates_pk(template.client_id),
        f"TEMPLATE#{template.id}",
        kind="template",
        gsi1pk=templates_pk(template.client_id),
        gsi1sk=f"TEMPLATE#{template.id}",
    )
    item.letters = {}
    return item


def letters_row(pk: str, sk: str, kind: str, letters: Mapping[str, Letter]) -> dict[str, Any]:
    content = json.dumps({name: asdict(letter) for name, letter in letters.items()}, ensure_ascii=False)
    return {"pk": {"S": pk}, "sk": {"S": sk}, "kind": {"S": kind}, "letters": {"S": content}}


def letters_of(row: Mapping[str, Any] | None) -> dict[str, Letter]:
    if row is None:
        return {}
    content = json.loads(row["letters"]["S"])
    return {name: Letter(**fields) for name, fields in content.items()}


def entry(campaign: Campaign) -> Entry:
    """What lists know of it."""
    return Entry(
        id=campaign.id,
        views=frozenset({"all", f"channel={campaign.channel}"}),
        orders={"created_at": rfc3339(campaign.created_at)},
        facts={"status": (campaign.status.value,), **_uses(campaign)},
        texts={"name": campaign.name.lower()},
        tallies=frozenset({("client", tally(campaign.channel.value, campaign.status.value))}),
    )


def tally(channel: str, status: str) -> str:
    """What campaigns of that channel and status are counted as."""
    return f"{channel}.{status}"


def _uses(campaign: Campaign) -> dict[str, tuple[str, ...]]:
    used = {"template": campaign.template_id, "sender": campaign.sender_id}
    return {name: (value,) for name, value in used.items() if value}


def selection(wanted: Wanted) -> Selection:
    """Newest first."""
    views = tuple(f"channel={channel}" for channel in wanted.channels) or ("all",)
    return Selection(
        views=views,
        order="created_at",
        newest_first=True,
        facts={"status": wanted.statuses} if wanted.statuses else {},
        texts={"name": wanted.text.lower()} if wanted.text else {},
    )

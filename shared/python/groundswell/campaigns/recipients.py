"""Whom a campaign writes to: their addresses, and what messages may say of them."""

from collections.abc import Mapping
from typing import Any

from groundswell.campaigns.model import Channel
from groundswell.leads.model import Lead

_FIELDS = ("id", "email", "phone", "first_name", "last_name", "name", "company", "title", "website", "locale", "source")


def lead_values(lead: Lead) -> Mapping[str, Any]:
    """By the names that `{{variables}}` have."""
    own = {name: getattr(lead, name) for name in _FIELDS}
    return {**own, "timezone": lead.timezone, "custom_fields": dict(lead.custom_fields)}


def address_of(lead: Lead, channel: Channel) -> str | None:
    return lead.email if channel is Channel.EMAIL else lead.telegram_chat_id

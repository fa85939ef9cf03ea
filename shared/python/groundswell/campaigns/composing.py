"""A message for one recipient: its letter filled in, its own links, and the headers that bulk mail has."""

import re
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from email.utils import parseaddr
from functools import lru_cache

from groundswell.campaigns.content import FALLBACK, Content
from groundswell.campaigns.content import PREFERENCES as PREFERENCES_URL
from groundswell.campaigns.content import UNSUBSCRIBE as UNSUBSCRIBE_URL
from groundswell.campaigns.ledger import Delivery
from groundswell.campaigns.model import Campaign, Channel
from groundswell.campaigns.outcomes import Outgoing
from groundswell.campaigns.prepared import Links
from groundswell.campaigns.recipients import lead_values
from groundswell.campaigns.tagging import tagged
from groundswell.leads.model import Lead

UNSUBSCRIBE, PREFERENCES, OPEN, CLICK = "unsubscribe", "preferences", "open", "click"
"""Purposes of signed links."""
type Sign = Callable[[str, str, Mapping[str, str | int]], str]
"""client id, purpose, claims."""
_ID_LEFT = re.compile(r"[^A-Za-z0-9]")


class Composer:
    """`base` is where our own links lead, without a slash at its end; `sender` is the stage's own.
    Without `own_address` the stage's provider takes no other address from it: then campaigns without a sender of the
    client's own have their name, and answers go to their address."""

    def __init__(self, sign: Sign, base: str, sender: str, *, own_address: bool = True) -> None:
        self._own_address = own_address
        self._sign = sign
        self._base = base
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"

    def outgoing(self, campaign: Campaign, content: Content, lead: Lead, delivery: Delivery, id: str) -> Outgoing:  # noqa: A002 - the field's own name
        """Raises Invalid for what nobody can send."""
        letter = content.prepared(FALLBACK if delivery.channel else delivery.variant, lead.locale)
        values = {**lead_values(lead), "campaign_name": campaign.name}
        to = delivery.to or ""
        if (delivery.channel or campaign.channel) == Channel.TELEGRAM:
            text, leads_to = letter.chat(values, self._clicks(campaign, delivery, id, "telegram"))
            return Outgoing(id, campaign.client_id, to, "", text, channel=Channel.TELEGRAM.value, links=leads_to)
        links = self._links(campaign, delivery, lead.id, id)
        own = {**values, UNSUBSCRIBE_URL: links.unsubscribe, PREFERENCES_URL: links.preferences}
        rendered = letter.filled_in(own, links)
        return Outgoing(
            id,
            campaign.client_id,
            to,
            rendered.subject,
            rendered.text,
            rendered.html,
            self.sender_of(campaign),
            self._reply_to(campaign),
            self._headers(campaign, links),
        )

    def sender_of(self, campaign: Campaign) -> str:
        """`Name <address>`: the campaign's own, or the stage's."""
        if campaign.sender is None:
            return self._sender
        name = campaign.sender.name or parseaddr(self._sender)[0]
        own = self._own_address or campaign.sender_id is not None
        return _spelled(name, campaign.sender.email if own else parseaddr(self._sender)[1])

    def _reply_to(self, campaign: Campaign) -> str | None:
        if campaign.reply_to or campaign.sender is None or self._own_address or campaign.sender_id:
            return campaign.reply_to
        return campaign.sender.email

    def _links(self, campaign: Campaign, delivery: Delivery, lead_id: str, delivery_id: str) -> Links:
        client_id, claims = campaign.client_id, {"d": delivery_id, "l": lead_id}
        return Links(
            f"{self._base}/u/{self._sign(client_id, UNSUBSCRIBE, claims)}",
            f"{self._base}/p/{self._sign(client_id, PREFERENCES, claims)}",
            f"{self._base}/t/o/{self._sign(client_id, OPEN, {'d': delivery_id})}.gif",
            self._clicks(campaign, delivery, delivery_id, "email"),
        )

    def _clicks(
        self, campaign: Campaign, delivery: Delivery, delivery_id: str, medium: str
    ) -> Callable[[int, str], str]:
        """Where a link leads by way of us, by its number and URL."""
        variant = campaign.variants[delivery.variant].name if campaign.variants and delivery.variant >= 0 else None

        def click(number: int, url: str) -> str:
            if campaign.rules.utm:
                url = tagged(url, self._base, campaign.name, campaign.id, variant, delivery_id, medium)
            token = self._sign(campaign.client_id, CLICK, {"d": delivery_id, "n": number, "u": url})
            return f"{self._base}/t/c/{token}"

        return click

    def _headers(self, campaign: Campaign, links: Links) -> Mapping[str, str]:
        """RFC 2369, RFC 2919 and RFC 8058: mail programs show a way out, and one POST is enough."""
        name = _ID_LEFT.sub("", campaign.client_id)
        headers = {
            "List-Unsubscribe": f"<{links.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{name}.{self._domain}>",
            "Precedence": "bulk",
            "X-Campaign-Id": campaign.id,
        }
        answers = self._reply_to(campaign)
        return headers | ({"Reply-To": answers} if answers else {})


@lru_cache(maxsize=256)
def _spelled(name: str, email: str) -> str:
    local, _, domain = email.rpartition("@")
    return str(Address(name, local, domain))

"""The services of this worker."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from groundswell.access.model import ClientContext
from groundswell.audience.adapter_wiring import audience
from groundswell.audience.model import Reason
from groundswell.bots.model import Bot
from groundswell.campaigns.adapter_leads import LeadRecipients
from groundswell.campaigns.adapter_ledger import DynamoLedger
from groundswell.campaigns.adapter_mail import StageMail
from groundswell.campaigns.adapter_markup import inlined, to_html
from groundswell.campaigns.adapter_removal import remove_deliveries
from groundswell.campaigns.adapter_senders import DynamoSenderStore, credentials_of
from groundswell.campaigns.composing import Composer
from groundswell.campaigns.content import Content
from groundswell.campaigns.control import Controller, Senders
from groundswell.campaigns.conversions import WINDOW_DAYS
from groundswell.campaigns.dispatching import World
from groundswell.campaigns.feedback import Feedback
from groundswell.campaigns.finishing import Finisher
from groundswell.campaigns.limits import Doorkeeper, Hold, Limits
from groundswell.campaigns.messages import QUEUE, SEND_TIMER, Order, convert_timer, sweep
from groundswell.campaigns.model import Campaign, Channel, Metric
from groundswell.campaigns.outcomes import Either, Gone, Provider
from groundswell.campaigns.planning import Planner
from groundswell.campaigns.senders import SenderIdentity
from groundswell.campaigns.sending import Sender
from groundswell.campaigns.service import CampaignService
from groundswell.campaigns.store import DynamoCampaignStore, DynamoTemplateStore
from groundswell.campaigns.telling import Teller
from groundswell.campaigns.templates import TemplateService
from groundswell.campaigns.testing import Tester
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_activity import DynamoActivityStore
from groundswell.leads.store import DynamoLeadStore
from groundswell.links.adapter_wiring import links
from groundswell.observability.log import log
from groundswell.outbound.adapter_limits import DynamoBuckets, DynamoCircuits
from groundswell.outbound.model import Rate
from groundswell.schedules.timers import Firing, Timer
from groundswell.storage.client import dynamodb, sqs
from groundswell.storage.settings import queue_url, table_name

if TYPE_CHECKING:
    from groundswell.campaigns.adapter_conversions import Conversions
    from groundswell.outbound.pacing import Pace

_CHUNK = 10
_LIMITS_KNOWN = 10
"""Seconds for which a process remembers what a sender may send."""
_LOOKED_AT = 100
"""Entries of a timeline, the newest: for whom had more of late, a cap is met long before."""


class Wiring:
    """For one batch of messages. `time_left` says whether there is time for one more message."""

    def __init__(self, time_left: Callable[[], bool]) -> None:
        self.lease_seconds = int(os.environ["LEASE_SECONDS"])
        self.store = DynamoCampaignStore()
        ledger, leads = DynamoLedger(), DynamoLeadStore()
        audiences = audience()
        self.feedback = Feedback(ledger, audiences, leads, utc_now)
        self.teller = Teller(ledger, leads, later, utc_now)
        self.planner = Planner(ledger, audiences, leads, utc_now)
        self.finisher = Finisher(self.store, ledger, later, utc_now)
        templates = TemplateService(DynamoTemplateStore(), LeadRecipients(), to_html, utc_now, new_id)
        campaigns = CampaignService(self.store, templates, audiences, to_html, utc_now, new_id)
        self._controller = Controller(
            campaigns,
            self.store,
            templates.get,
            audiences,
            _NoQuota(),
            _bots_of,
            Senders(DynamoSenderStore().senders, os.environ["STAGE"] == "prod"),
            inlined,
            utc_now,
            new_id,
        )
        composer = Composer(
            links().sign, public_url(), os.environ["MAIL_FROM"], own_address=os.environ["MAIL_TRANSPORT"] != "ses"
        )
        self.tester = Tester(self.store, self._controller.content, leads, composer, provider_of)
        self.sender = Sender(
            ledger,
            World(
                audiences,
                leads,
                content_of,
                composer,
                provider_of,
                room,
                later,
                at,
                sent_since,
                utc_now,
                new_id,
                time_left,
                timedelta(seconds=self.lease_seconds),
                _circuits(),
                circuit_of,
                hold,
            ),
        )

    def start(self, firing: Firing) -> None:
        campaign = self.store.find(firing.tenant, firing.key)
        if campaign is not None:
            bodies = self.store.bodies(firing.tenant, firing.key)
            self._controller.due(campaign, bodies, timedelta(seconds=firing.late_seconds))

    def decide(self, firing: Firing) -> None:
        campaign = self.store.find(firing.tenant, firing.key)
        if campaign is not None:
            if campaign.ab and campaign.ab.metric is Metric.CONVERSIONS:
                conversions().join(campaign, utc_now())
            self._controller.decide(campaign, DynamoLedger().totals(firing.tenant, firing.key))

    def convert(self, firing: Firing) -> None:
        """What the campaign brought in, as long as a click may still lead to something."""
        campaign, now = self.store.find(firing.tenant, firing.key), utc_now()
        if campaign is None or not campaign.run or campaign.channel is not Channel.EMAIL:
            return
        from groundswell.analytics.questions.rows import TooManyEvents

        try:
            conversions().join(campaign, now)
        except TooManyEvents as error:  # what it counted before stays
            log.error("conversions are not joined", extra={"campaign": campaign.id, "reason": error.text})
        if campaign.status.active or now < (campaign.finished_at or campaign.updated_at) + 2 * timedelta(
            days=WINDOW_DAYS
        ):
            self.store.watch(convert_timer(campaign, now))

    def watch(self, firing: Firing) -> Campaign | None:
        campaign = self.store.find(firing.tenant, firing.key)
        if campaign is None or not campaign.status.active:
            return None
        self.finisher.sweep(sweep(campaign, checked=True))
        self.finisher.watch(campaign)
        return campaign

    @staticmethod
    def remove(client_id: str, campaign_id: str) -> Iterator[int]:
        return remove_deliveries(client_id, campaign_id)


class _NoQuota:
    """It was taken when the start was asked for."""

    def take(self, acting: ClientContext, recipients: int) -> None:
        pass

    def give_back(self, acting: ClientContext, recipients: int) -> None:
        pass


@cache
def conversions() -> "Conversions":
    from groundswell.campaigns.adapter_conversions import Conversions  # reads the log of events, which few rounds do
    from groundswell.events.eventlog.store import DynamoEventLog

    log = DynamoEventLog(dynamodb(), table_name("events"))
    return Conversions(log, DynamoLeadStore(), DynamoLedger())


@cache
def _contents() -> dict[str, Content]:
    return {}


def content_of(campaign: Campaign) -> Content:
    """What a campaign sends does not change once it has started: read once a process."""
    known = _contents()
    if campaign.id not in known:
        if len(known) > 8:
            known.clear()
        known[campaign.id] = DynamoCampaignStore().content(campaign.client_id, campaign.id)
    return known[campaign.id]


@cache
def _stage_mail() -> StageMail:
    return StageMail(
        os.environ["MAIL_TRANSPORT"],
        os.environ.get("SMTP_URL", ""),
        os.environ["MAIL_CONFIGURATION_SET"],
        utc_now,
    )


def provider_of(campaign: Campaign) -> Provider:
    if campaign.channel is Channel.TELEGRAM:
        return _bot_of(campaign.bot_id or "")
    if campaign.fallback:
        return Either(_mail_of(campaign), _bot_of(campaign.fallback.bot_id or ""))
    return _mail_of(campaign)


def _bot_of(bot_id: str) -> Provider:
    from groundswell.bots.adapter_wiring import bot_service  # what only one channel needs
    from groundswell.campaigns.adapter_telegram import GROUP_RATE, BotProvider

    def group(chat: str) -> float:
        return _buckets().take(f"GROUP#{bot_id}#{chat}", GROUP_RATE)

    return BotProvider(bot_service(), bot_id, _blocked, _pace().wait, group)


def _mail_of(campaign: Campaign) -> Provider:
    if not campaign.sender_id:
        return _stage_mail()
    own = DynamoSenderStore().find(campaign.client_id, campaign.sender_id)
    return _of_sender(own) if own else Gone("the sender was deleted")


def hold(campaign: Campaign, address: str) -> Hold | None:
    """By the limits of the client's own sender, which are felt within seconds of their change."""
    if not campaign.sender_id or "@" not in address:
        return None
    limits = _limits_of(campaign.client_id, campaign.sender_id, int(time.time()) // _LIMITS_KNOWN)
    return Doorkeeper(campaign.sender_id, limits, _buckets()).hold(address, utc_now()) if limits else None


@lru_cache(maxsize=50)
def _limits_of(client_id: str, sender_id: str, _moment: int) -> Limits | None:
    own = DynamoSenderStore().find(client_id, sender_id)
    return own.limits if own else None


@lru_cache(maxsize=50)
def _of_sender(sender: SenderIdentity) -> Provider:
    from groundswell.campaigns.adapter_providers import provider_for

    return provider_for(sender.provider.value, credentials_of(sender), utc_now)


def _bots_of(client_id: str) -> Sequence[Bot]:
    from groundswell.bots.adapter_wiring import bot_service

    return bot_service().list(client_id)


def _blocked(client_id: str, chat: str) -> None:
    """Whoever blocked the bot does not want to hear: they are not written to any more."""
    audience().opt_out(client_id, Channel.TELEGRAM, chat, Reason.UNSUBSCRIBED, "telegram", "telegram")


@cache
def _circuits() -> DynamoCircuits:
    return DynamoCircuits(utc_now)


def circuit_of(campaign: Campaign) -> str:
    """One for each bot, sender, and for the stage's own mail."""
    return f"CAMPAIGNS#{campaign.bot_id or campaign.sender_id or 'stage'}"


@cache
def _buckets() -> DynamoBuckets:
    return DynamoBuckets(utc_now)


def room(campaign: Campaign) -> float:
    """Seconds until the next message may leave."""
    rate = campaign.rules.throttle_per_minute
    if not rate:
        return 0.0
    return _buckets().take(f"CAMPAIGN#{campaign.id}", Rate(rate, 60, min(_CHUNK, rate)))


@cache
def _pace() -> "Pace":
    from groundswell.campaigns.adapter_telegram import BOT_LIMIT
    from groundswell.outbound.adapter_slots import DynamoSlots
    from groundswell.outbound.pacing import Pace

    return Pace(DynamoSlots(BOT_LIMIT), BOT_LIMIT, time.time, time.sleep)


def later(order: Order, seconds: float) -> None:
    sqs().send_message(QueueUrl=queue_url(QUEUE), MessageBody=order.body, DelaySeconds=min(900, int(seconds + 0.999)))


def at(order: Order, due: datetime) -> None:
    key = f"{order.campaign_id}.{order.number}"
    content = json.loads(order.body)
    DynamoCampaignStore().watch(Timer(order.client_id, SEND_TIMER, key, due, QUEUE, content, timedelta(days=365)))


def sent_since(client_id: str, lead_id: str, since: datetime) -> int:
    """By the lead's timeline: whatever channel told of it."""
    entries = DynamoActivityStore().entries(client_id, lead_id, _LOOKED_AT, None)
    return sum(1 for entry in entries if entry.event == "sent" and entry.at >= since)


def public_url() -> str:
    return os.environ["PUBLIC_URL"].rstrip("/")

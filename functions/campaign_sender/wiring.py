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

_CHUNK = 10
_SECONDS_AT_MOST = 5
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
        from groundswell.bots.adapter_wiring import bot_service  # what only one channel needs
        from groundswell.campaigns.adapter_telegram import BotProvider

        return BotProvider(bot_service(), campaign.bot_id or "", _blocked)
    if campaign.fallback:
        from groundswell.bots.adapter_wiring import bot_service
        from groundswell.campaigns.adapter_telegram import BotProvider

        bot_id = campaign.fallback.bot_id or ""
        return Either(_mail_of(campaign), BotProvider(bot_service(), bot_id, _blocked), lambda: _wait_for_bot(bot_id))
    return _mail_of(campaign)


def _mail_of(campaign: Campaign) -> Provider:
    if not campaign.sender_id:
        return _stage_mail()
    own = DynamoSenderStore().find(campaign.client_id, campaign.sender_id)
    return _of_sender(own) if own else Gone("the sender was deleted")


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
    if campaign.channel is Channel.TELEGRAM:
        _wait_for_bot(campaign.bot_id or "")
    rate = campaign.rules.throttle_per_minute
    if not rate:
        return 0.0
    return _buckets().take(f"CAMPAIGN#{campaign.id}", Rate(rate, 60, min(_CHUNK, rate)))


def _wait_for_bot(bot_id: str) -> None:
    """Its windows are a second: waiting costs less than coming again. After some, Telegram says itself how long."""
    from groundswell.campaigns.adapter_telegram import BOT_RATE

    for _ in range(_SECONDS_AT_MOST):
        wait = _buckets().take(f"BOT#{bot_id}", BOT_RATE)
        if not wait:
            return
        time.sleep(wait)


def later(order: Order, seconds: float) -> None:
    sqs().send_message(QueueUrl=queue_url(QUEUE), MessageBody=order.body, DelaySeconds=min(900, int(seconds + 0.999)))


def at(order: Order, due: datetime) -> None:
    key = f"{order.campaign_id}.{order.number}"
    content = json.loads(order.body)
    DynamoCampaignStore().watch(Timer(order.client_id, SEND_TIMER, key, due, QUEUE, content, timedelta(days=365)))


def sent_since(client_id: str, lead_id: str, since: datetime) -> int:
    """By the lead's timeline: whatever channel told of it."""
    entries = DynamoActivityStore().entries(client_id, lead_id, _LOOKED_AT, None)
    return sum(1 for each in entries if each.event == "sent" and each.at >= since)


def public_url() -> str:
    return os.environ["PUBLIC_URL"].rstrip("/")

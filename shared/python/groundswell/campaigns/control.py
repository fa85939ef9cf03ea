"""Starts, pauses, resumes, cancels and retries campaigns. Said twice, it is done once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.approval.approvals import AwaitsApproval
from groundswell.bots.model import Bot
from groundswell.campaigns.audience import Audiences
from groundswell.campaigns.content import FALLBACK, OWN, Content, content_of
from groundswell.campaigns.events import CANCELLED, STARTED, campaign_event
from groundswell.campaigns.finishing import WATCH, watch_timer
from groundswell.campaigns.ledger import Totals
from groundswell.campaigns.letters import render
from groundswell.campaigns.messages import (
    DECIDE_TIMER,
    QUEUE,
    START_TIMER,
    TEST,
    Order,
    convert_timer,
    plan,
    retry,
    start_timer,
    sweep,
)
from groundswell.campaigns.model import (
    Audience,
    Bodies,
    Campaign,
    Channel,
    Incomplete,
    Status,
    WrongState,
    duration,
)
from groundswell.campaigns.recipients import lead_values
from groundswell.campaigns.reviewed import need_approved
from groundswell.campaigns.senders import SenderIdentity
from groundswell.campaigns.service import CampaignService
from groundswell.campaigns.templates import Preview, Template
from groundswell.campaigns.variants import best
from groundswell.kernel.errors import FieldProblem, Invalid, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.schedules.timers import Timer

_UNPROVEN = "prove it first: POST /campaigns/senders, then the DNS records that it lists"
_TRIED = 100
"""Recipients whose values are tried before a start."""
_SHOWN = 10
_TRIES = 3


class ControlStore(Protocol):
    def begin(
        self,
        before: Campaign | None,
        after: Campaign,
        content: Content | None,
        *,
        messages: Sequence[Message] = (),
        timers: Sequence[Timer] = (),
        cancelled: Sequence[str] = (),
        reopened: bool = False,
    ) -> Campaign:
        """`content` is what is sent from now on. `reopened`: more is to be done. Raises PreconditionFailed."""

    def say(self, message: Message) -> None: ...


class Quotas(Protocol):
    def take(self, acting: ClientContext, recipients: int) -> None:
        """Raises RateLimited where that is more than is left for today; then nothing is taken."""

    def give_back(self, acting: ClientContext, recipients: int) -> None:
        """What was taken a moment ago, and not used."""


@dataclass(frozen=True)
class Senders:
    """`must_be_verified`: the stage lets nobody write as an address that is not proven."""

    find: Callable[[str], Sequence[SenderIdentity]]
    must_be_verified: bool


class Controller:
    def __init__(
        self,
        campaigns: CampaignService,
        store: ControlStore,
        template: Callable[[str, str], Template],
        audiences: Audiences,
        quotas: Quotas,
        bots: Callable[[str], Sequence[Bot]],
        senders: Senders,
        inline: Callable[[str], str],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._new_id = new_id
        self._campaigns = campaigns
        self._store = store
        self._template = template
        self._audiences = audiences
        self._quotas = quotas
        self._bots = bots
        self._senders = senders
        self._inline = inline
        self._now = now

    def start(self, acting: ClientContext, campaign_id: str, channel: Channel | None = None) -> Campaign:
        """At once, or at its time. A repeat is the same job, also one at the same moment. Raises CampaignNotFound,
        Incomplete, AwaitsApproval, WrongState, RateLimited."""
        return _persist(lambda: self._start(acting, campaign_id, channel))

    def _start(self, acting: ClientContext, campaign_id: str, channel: Channel | None) -> Campaign:
        campaign, bodies = self._campaigns.whole(acting.client_id, campaign_id, channel)
        if campaign.status.active or campaign.status in (Status.SCHEDULED, Status.SENT):
            return campaign
        if campaign.status is not Status.DRAFT:
            raise WrongState(f"The campaign is {campaign.status}: copy it to send it again")
        campaign = self._with_sender(self._with_bot(campaign))
        content = self.checked(campaign, bodies)
        count = self._audiences.count(campaign.client_id, campaign.audience)
        if not count:
            raise Incomplete(problems=(FieldProblem("audience", "empty", "nobody is in it"),))
        self._quotas.take(acting, count)
        due = campaign.schedule.begins if campaign.schedule else None
        try:
            if due and due > self._now():
                return self._schedule(campaign, count, due)
            return self.begin(campaign, content, count)
        except PreconditionFailed:
            self._quotas.give_back(acting, count)
            raise

    def begin(self, campaign: Campaign, content: Content, count: int) -> Campaign:
        now = self._now()
        started = campaign.moved(
            Status.SENDING, now, started_at=now, run=campaign.run + 1, queued=count, job_id=_job(campaign)
        )
        event = campaign_event(started, STARTED, now)
        timers = [watch_timer(started, now + WATCH), *_decision(started, now), convert_timer(started, now)]
        return self._store.begin(campaign, started, content, messages=[plan(started).message, event], timers=timers)

    def decide(self, campaign: Campaign, totals: Totals) -> Campaign | None:
        """The experiment is over: the best variant goes to all others. None where there is nothing to decide."""
        if campaign.ab is None or campaign.winner or not campaign.status.active:
            return None
        name = campaign.variants[best(campaign.variants, campaign.ab.metric, totals)].name
        decided = replace(campaign, winner=name, updated_at=self._now())
        return self._store.begin(campaign, decided, None, messages=[_sweep(campaign)])

    def due(self, campaign: Campaign, bodies: Bodies, late: timedelta) -> Campaign | None:
        """The time of a scheduled campaign has come; None where it is not scheduled any more."""
        if campaign.status is not Status.SCHEDULED:
            return None
        now = self._now()
        if late > duration(campaign.rules.stale_after):
            failure = f"it came {late} after its time, and rules.stale_after is {campaign.rules.stale_after}"
            return self._store.begin(campaign, campaign.moved(Status.FAILED, now, failure=failure), None)
        try:
            content = self.checked(campaign, bodies)
        except (Incomplete, AwaitsApproval) as error:
            return self._store.begin(campaign, campaign.moved(Status.FAILED, now, failure=_failure(error)), None)
        return self.begin(campaign, content, self._audiences.count(campaign.client_id, campaign.audience))

    def pause(self, acting: ClientContext, campaign_id: str) -> Campaign:
        """What is in flight arrives: ten a sender at most. Raises CampaignNotFound, WrongState."""
        return _persist(lambda: self._pause(acting, campaign_id))

    def _pause(self, acting: ClientContext, campaign_id: str) -> Campaign:
        campaign = self._campaigns.get(acting.client_id, campaign_id)
        if campaign.status is Status.PAUSED:
            return campaign
        self._need(campaign, Status.SENDING)
        return self._store.begin(campaign, campaign.moved(Status.PAUSED, self._now()), None)

    def resume(self, acting: ClientContext, campaign_id: str) -> Campaign:
        """Goes on with those that wait, and with nobody else. Raises CampaignNotFound, WrongState."""
        return _persist(lambda: self._resume(acting, campaign_id))

    def _resume(self, acting: ClientContext, campaign_id: str) -> Campaign:
        campaign = self._campaigns.get(acting.client_id, campaign_id)
        if campaign.status is Status.SENDING:
            return campaign
        self._need(campaign, Status.PAUSED)
        now = self._now()
        resumed = campaign.moved(Status.SENDING, now, failure=None)
        return self._store.begin(
            campaign, resumed, None, messages=[_sweep(campaign)], timers=[watch_timer(resumed, now + WATCH)]
        )

    def cancel(self, acting: ClientContext, campaign_id: str) -> Campaign:
        """Those that wait are suppressed. Raises CampaignNotFound, WrongState."""
        return _persist(lambda: self._cancel(acting, campaign_id))

    def _cancel(self, acting: ClientContext, campaign_id: str) -> Campaign:
        campaign = self._campaigns.get(acting.client_id, campaign_id)
        if campaign.status is Status.CANCELLED:
            return campaign
        self._need(campaign, Status.SENDING, Status.PAUSED, Status.SCHEDULED)
        now = self._now()
        cancelled = campaign.moved(Status.CANCELLED, now, finished_at=now)
        event = campaign_event(cancelled, CANCELLED, now)
        return self._store.begin(
            campaign, cancelled, None, messages=[_sweep(campaign), event], cancelled=(START_TIMER,)
        )

    def retry_failed(self, acting: ClientContext, campaign_id: str, *, unknown: bool) -> Campaign:
        """Those that failed, and nobody else; with `unknown` those in doubt, too, who may get it twice then. Raises
        CampaignNotFound, WrongState."""
        campaign = self._campaigns.get(acting.client_id, campaign_id)
        self._need(campaign, Status.SENT)
        now = self._now()
        again = campaign.moved(Status.SENDING, now, run=campaign.run + 1, job_id=_job(campaign), finished_at=None)
        order = retry(again, -1, unknown=unknown)
        timers = [watch_timer(again, now + WATCH), convert_timer(again, now)]
        return self._store.begin(campaign, again, None, messages=[order.message], timers=timers, reopened=True)

    def test(
        self, acting: ClientContext, campaign_id: str, to: Sequence[str], lead_id: str | None, variant: str | None
    ) -> None:
        """To those addresses, marked as a test, with a lead's values where one is named. Raises CampaignNotFound,
        Incomplete, Invalid, LeadNotFound."""
        campaign, bodies = self._campaigns.whole(acting.client_id, campaign_id)
        self._content(campaign, bodies, _lacking_words)
        more = {
            "id": self._new_id(),
            "to": list(to),
            "lead_id": lead_id,
            "variant": variant_number(campaign, variant),
        }
        order = Order(TEST, campaign.client_id, campaign.id, 0, campaign.run, more)
        self._store.say(replace(order.message, id=f"{order.message.id}:{more['id']}"))

    def preview(
        self, client_id: str, campaign_id: str, *, values: Mapping[str, Any], locale: str | None, variant: str | None
    ) -> Preview:
        """What a recipient with these values reads. Raises CampaignNotFound, Invalid."""
        campaign, bodies = self._campaigns.whole(client_id, campaign_id)
        content = self._content(campaign, bodies, lambda *_: [])
        letter = content.letter(variant_number(campaign, variant), locale or values.get("locale"))
        known = {**values, **dict.fromkeys(OWN - values.keys(), "#")}
        lacking = [f"{problem.field}: {problem.message}" for problem in _lacking(campaign, content)]
        return Preview(render(letter, known), letter.missing(known), (*lacking, *self.warnings(campaign)))

    def content(self, campaign: Campaign) -> Content:
        """As it would be sent now. Raises TemplateNotFound."""
        return self._content(campaign, self._campaigns.bodies(campaign), lambda *_: [])

    def _content(
        self, campaign: Campaign, bodies: Bodies, lacking: Callable[[Campaign, Content], Sequence[FieldProblem]]
    ) -> Content:
        template = self._template(campaign.client_id, campaign.template_id) if campaign.template_id else None
        content = content_of(campaign, bodies, template, self._inline)
        if problems := lacking(campaign, content):
            raise Incomplete(problems=tuple(problems))
        return content

    def ready(self, campaign: Campaign) -> tuple[Campaign, Content]:
        """A step of a sequence, with its sender or bot, and what it sends. Raises Incomplete, TemplateNotFound."""
        campaign = self._with_sender(self._with_bot(campaign))
        return campaign, self._content(campaign, Bodies(), _lacking_words)

    def checked(self, campaign: Campaign, bodies: Bodies) -> Content:
        """What would be sent. Raises Incomplete naming all that is missing, AwaitsApproval."""
        content = self._content(campaign, bodies, _lacking)
        need_approved(campaign, self._template)
        if problems := self._unfilled(campaign, content):
            raise Incomplete(problems=tuple(problems))
        return content

    def _unfilled(self, campaign: Campaign, content: Content) -> list[FieldProblem]:
        """Fails closed: variables that some of the first recipients have no value for."""
        if not content.variables - OWN:
            return []
        leads = self._audiences.sample(campaign.client_id, campaign.audience, _TRIED)
        lacking: dict[str, int] = {}
        for lead in leads:
            for name in _missing(content, lead):
                lacking[name] = lacking.get(name, 0) + 1
        return [
            FieldProblem(
                "variables",
                "missing",
                f"{name}: {count} of the first {len(leads)} recipients have none; "
                f"give it a fallback, such as {{{{{name} | there}}}}",
            )
            for name, count in sorted(lacking.items())[:_SHOWN]
        ]

    def _with_sender(self, campaign: Campaign) -> Campaign:
        """A sender of the client's own, where there is one with the address. Raises Incomplete where the stage insists
        on one that is verified."""
        if campaign.channel is not Channel.EMAIL or campaign.sender is None:
            return replace(campaign, sender_id=None)
        own = self._own_sender(campaign)
        if self._senders.must_be_verified and not (own and own.verified):
            raise Incomplete(problems=(FieldProblem("from.email", "unverified", _UNPROVEN),))
        return replace(campaign, sender_id=own.id if own else None)

    def _own_sender(self, campaign: Campaign) -> SenderIdentity | None:
        known = self._senders.find(campaign.client_id)
        email = campaign.sender.email if campaign.sender else None
        return next((identity for identity in known if identity.sender.email == email), None)

    def warnings(self, campaign: Campaign) -> list[str]:
        """What keeps nobody from starting, where the stage is no production."""
        if campaign.channel is not Channel.EMAIL or campaign.sender is None:
            return []
        own = self._own_sender(campaign)
        return [] if own and own.verified else [f"from.email: nobody proved this address; {_UNPROVEN}"]

    def _with_bot(self, campaign: Campaign) -> Campaign:
        """The one that it names, or the only one there is. Raises Incomplete."""
        if campaign.fallback:
            bot_id = self._bot(campaign.client_id, campaign.fallback.bot_id, "fallback.bot_id")
            return replace(campaign, fallback=replace(campaign.fallback, bot_id=bot_id))
        if campaign.channel is not Channel.TELEGRAM:
            return campaign
        return replace(campaign, bot_id=self._bot(campaign.client_id, campaign.bot_id, "bot_id"))

    def _bot(self, client_id: str, wanted: str | None, field: str) -> str:
        known = [bot.id for bot in self._bots(client_id)]
        if wanted in known or (wanted is None and len(known) == 1):
            return wanted or known[0]
        which = "there is no such bot" if wanted else "say which" if known else "connect a bot first"
        raise Incomplete(problems=(FieldProblem(field, "missing", which),))

    def _schedule(self, campaign: Campaign, count: int, due: datetime) -> Campaign:
        waiting = campaign.moved(Status.SCHEDULED, self._now(), queued=count, job_id=_job(campaign))
        return self._store.begin(campaign, waiting, None, timers=[start_timer(campaign, due)])

    @staticmethod
    def _need(campaign: Campaign, *statuses: Status) -> None:
        if campaign.status not in statuses:
            raise WrongState(f"The campaign is {campaign.status}, not {' or '.join(statuses)}")


def _persist(act: Callable[[], Campaign]) -> Campaign:
    """Once more from the beginning where somebody else wrote the campaign meanwhile."""
    for _ in range(_TRIES - 1):
        with suppress(PreconditionFailed):
            return act()
    return act()


def _failure(error: Incomplete | AwaitsApproval) -> str:
    if isinstance(error, AwaitsApproval):
        return error.text
    return "; ".join(f"{problem.field}: {problem.message}" for problem in error.problems)


def _job(campaign: Campaign) -> str:
    return f"{campaign.id}-{campaign.run + 1}"


def _decision(campaign: Campaign, now: datetime) -> list[Timer]:
    if campaign.ab is None:
        return []
    due = now + duration(campaign.ab.wait)
    return [Timer(campaign.client_id, DECIDE_TIMER, campaign.id, due, QUEUE, {}, timedelta(days=365))]


def _sweep(campaign: Campaign) -> Message:
    """One for each version: pauses and resumptions follow each other."""
    order: Order = sweep(campaign)
    return replace(order.message, id=f"{order.message.id}:{campaign.version}")


def _missing(content: Content, lead: Lead) -> set[str]:
    values = {**lead_values(lead), **dict.fromkeys(OWN, "-")}
    prefixes = {name.partition("/")[0] for name in content.letters}
    return {name for prefix in prefixes for name in content.letter(int(prefix), lead.locale).missing(values)}


def variant_number(campaign: Campaign, name: str | None) -> int:
    """Raises Invalid for a name that no variant has."""
    names = [variant.name for variant in campaign.variants]
    if name is None:
        return 0
    if name not in names:
        raise Invalid.on("variant", f"one of {', '.join(names) or 'none'}", "unknown")
    return names.index(name)


def _lacking(campaign: Campaign, content: Content) -> list[FieldProblem]:
    whom = "say whom: lead_ids, list_ids, segment_ids or all"
    audience = [FieldProblem("audience", "missing", whom)] if campaign.audience == Audience() else []
    return [*audience, *_lacking_words(campaign, content)]


def _lacking_words(campaign: Campaign, content: Content) -> list[FieldProblem]:
    problems = []
    if campaign.channel is Channel.TELEGRAM:
        if not all(letter.text for letter in content.letters.values()):
            problems.append(FieldProblem("message", "missing", "say what: a message"))
        return problems
    if all(letter.empty for name, letter in content.letters.items() if name != f"{FALLBACK}/"):
        problems.append(FieldProblem("body", "missing", "say what: a template or a body"))
    if not all(letter.subject for name, letter in content.letters.items() if name != f"{FALLBACK}/"):
        problems.append(FieldProblem("subject", "missing", "its template has none either"))
    return problems

"""Campaigns in memory: ledger, queue, provider and clock, with a hook at every step out of the process."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.audience.model import OptOut, Reason
from groundswell.audience.opt_outs import Known, opt_out_ids
from groundswell.campaigns.content import Content
from groundswell.campaigns.dispatching import Loaded, World
from groundswell.campaigns.finishing import Finisher
from groundswell.campaigns.ledger import Batch, Delivery, Plan, Totals
from groundswell.campaigns.letters import Letter
from groundswell.campaigns.limits import Hold
from groundswell.campaigns.messages import PLAN, RETRY, SEND, Order, parse_order, plan, sweep
from groundswell.campaigns.model import Audience, Campaign, Channel, Status
from groundswell.campaigns.outcomes import Outcome, Outgoing, Sent
from groundswell.campaigns.planning import Planner
from groundswell.campaigns.progress import Progress
from groundswell.campaigns.sending import Sender
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page
from groundswell.leads.model import Lead
from groundswell.outbound.model import Circuits

START = datetime(2026, 11, 30, 12, tzinfo=UTC)
LEASE = timedelta(seconds=130)
RECEIVES = 10
"""After so many in vain a message is a dead letter."""


class Crash(BaseException):
    """The process ends here."""


def lead(number: int) -> Lead:
    return Lead(f"l{number}", "c", "u", START, START, START, START, email=f"l{number}@people.example")


class OpenCircuits:
    """Nothing ever breaks."""

    def open_for(self, _name: str) -> float:
        return 0.0

    def failed(self, _name: str) -> None: ...

    def succeeded(self, _name: str) -> None: ...


@dataclass
class FakeCampaigns:
    """`step` runs before and after each call that leaves the process: let it raise Crash, or do something else."""

    recipients: int = 23
    recognises_repeats: bool = False
    answer: Callable[[Outgoing], Outcome] = lambda message: Sent(message.id)
    step: Callable[[str], None] = lambda _name: None
    room: Callable[[Campaign], float] = lambda _campaign: 0.0
    hold: Callable[[Campaign, str], Hold | None] = lambda _campaign, _address: None
    now: datetime = START
    queue: list[str] = field(default_factory=list)
    delayed: list[tuple[datetime, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    batches: dict[int, Batch] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    the_plan: Plan = field(default_factory=Plan)
    refused: dict[str, str] = field(default_factory=dict)
    refused_on_telegram: dict[str, str] = field(default_factory=dict)
    tokens: int = 0
    circuits: Circuits = field(default_factory=OpenCircuits)
    received: Counter[str] = field(default_factory=Counter)
    dead: list[str] = field(default_factory=list)
    needs_consent: bool = False
    progress: dict[int, tuple[Any, Progress, bool]] = field(default_factory=dict)
    """By batch: the claim's lease, how far it got, and whether it was closed."""

    def __post_init__(self) -> None:
        made = Campaign("k", "c", "o", "Sale", Channel.EMAIL, "u", START, START, audience=Audience(all=True))
        self.campaign = replace(made, status=Status.SENDING, run=1, started_at=START, version=1)
        self.leads = {f"l{number}": lead(number) for number in range(self.recipients)}
        self.queue.append(plan(self.campaign).body)

    # What the services ask for.

    def load(
        self,
        _client: str,
        _campaign: str,
        number: int,
        lead_ids: Sequence[str] = (),
        opt_out_ids: Sequence[str] = (),
    ) -> Loaded:
        def read() -> Loaded:
            leads = tuple(self.leads[lead_id] for lead_id in lead_ids if lead_id in self.leads)
            known = Known(frozenset(opt_out_ids), self._opted_out(opt_out_ids))
            return Loaded(self.campaign, self.batches.get(number), self.needs_consent, leads, known)

        return self._io("load", read)

    def find(self, client_id: str, campaign_id: str, number: int | None = None) -> Any:
        return self._io("find", lambda: self.campaign if number is None else self.batches.get(number))

    def save(self, before: Batch, after: Batch) -> Batch:
        return self._io("save", lambda: self._save(before, after))

    def sent(self, before: Batch, after: Batch, _campaign: Campaign) -> Batch:
        return self._io("mark", lambda: self._save(before, after))

    def proceed(self, claimed: Batch, progress: Progress) -> bool:
        def write() -> bool:
            lease = claimed.leased_until
            known, _, closed = self.progress.get(claimed.number, (None, Progress(), False))
            if known and (known > lease or (known == lease and closed)):
                return False
            self.progress[claimed.number] = (lease, replace(progress, outcomes=dict(progress.outcomes)), False)
            return True

        return self._io("proceed", write)

    def close(self, batch: Batch) -> Progress:
        def write() -> Progress:
            known, progress, _ = self.progress.get(batch.number, (None, Progress(), False))
            progress = progress if known == batch.leased_until else Progress()
            self.progress[batch.number] = (batch.leased_until, progress, True)
            return progress

        return self._io("close", write)

    def page(self, _client: str, _campaign: str, after: int, limit: int) -> Sequence[Batch]:
        return self._io(
            "page", lambda: [self.batches[batch] for batch in sorted(self.batches) if batch > after][:limit]
        )

    def totals(self, _client: str, _campaign: str) -> Totals:
        return self._io("totals", lambda: Totals(dict(self.counts), self.the_plan.done))

    def plan(self, _client: str, _campaign: str) -> Plan:
        return self._io("plan", lambda: self.the_plan)

    def add(
        self, _campaign: Campaign, before: Plan, after: Plan, batches: Sequence[Batch], messages: Any, _timers: Any
    ) -> None:
        def commit() -> None:
            if before.version != self.the_plan.version:
                raise PreconditionFailed
            self.the_plan = replace(after, version=before.version + 1)
            for batch in batches:
                assert batch.number not in self.batches
                self._put(None, batch)
            self.queue += [message.body for message in messages]

        self._io("add", commit)

    def finish(self, before: Campaign, after: Campaign) -> Campaign:
        def commit() -> Campaign:
            if before.version != self.campaign.version:
                raise PreconditionFailed
            self.campaign = replace(after, version=before.version + 1)
            return self.campaign

        return self._io("finish", commit)

    def close_plan(self, _campaign: Campaign) -> None:
        self._io("close plan", lambda: setattr(self, "the_plan", replace(self.the_plan, done=True)))

    def watch(self, timer: Any) -> None:
        """Nobody waits for it here: `run` sweeps when nothing moves any more."""

    def recipients_page(self, _client: str, _audience: Audience, limit: int, position: Any) -> Page[str]:
        start = int(position["at"]) if position else 0
        ids = sorted(self.leads, key=lambda lead_id: int(lead_id[1:]))
        following = {"at": start + limit} if start + limit < len(ids) else None
        return self._io("recipients", lambda: Page(tuple(ids[start : start + limit]), following))

    def find_many(self, _client: str, lead_ids: Collection[str]) -> tuple[Lead, ...]:
        return self._io("leads", lambda: tuple(self.leads[lead_id] for lead_id in lead_ids if lead_id in self.leads))

    def refusals(
        self, client: str, leads: Sequence[Lead], channel: Channel, known: Known | None = None
    ) -> Mapping[str, str]:
        owners = {opt_out_id: lead.id for lead in leads for opt_out_id in opt_out_ids(client, lead, channel)}
        if known is None or owners.keys() - known.ids:
            known = self._io("refusals", lambda: Known(frozenset(owners), self._opted_out(owners)))
        return {owners[key]: one.reason for key, one in known.opt_outs.items() if key in owners}

    def _opted_out(self, ids: Collection[str]) -> dict[str, OptOut]:
        lists = ((Channel.EMAIL, self.refused), (Channel.TELEGRAM, self.refused_on_telegram))
        opt_outs = {
            opt_out_id: OptOut(opt_out_id, "c", channel, None, Reason(why), "u", START, START)
            for channel, refused in lists
            for name, why in refused.items()
            for opt_out_id in opt_out_ids("c", self.leads[name], channel)
        }
        return {key: opt_out for key, opt_out in opt_outs.items() if key in ids}

    def later(self, order: Order, seconds: float) -> None:
        self._io("later", lambda: self.delayed.append((self.now + timedelta(seconds=seconds), order.body)))

    def send(self, message: Outgoing) -> Outcome:
        def leave() -> Outcome:
            outcome = self.answer(message)
            if isinstance(outcome, Sent) and not (self.recognises_repeats and message.to in self.left):
                self.left.append(message.to)
            return outcome

        return self._io("provider", leave)

    def outgoing(self, _c: Campaign, _t: Content, _l: Lead, one: Delivery, id: str) -> Outgoing:  # noqa: A002
        return Outgoing(id, "c", one.to or "", "Hi", "Hi")

    # The worker, and the queue around it.

    def handle(self, body: str) -> None:
        """As the function does."""
        order = parse_order(json.loads(body))
        campaign: Campaign | None = None
        if order.kind == PLAN:
            try:
                campaign = self.campaign if self._planner().write_down(self.campaign, order) else None
            except PreconditionFailed:
                return
        elif order.kind == SEND:
            campaign = self._sender().send(order)
        elif order.kind == RETRY:
            campaign = self._finisher().retry(order)
        else:
            self._finisher().sweep(order)
        if campaign:
            self._finisher().finish_if_over(campaign)

    def deliver(self, body: str) -> None:
        """One receive: what dies or fails comes back."""
        try:
            self.handle(body)
        except (Crash, PreconditionFailed):
            self.received[body] += 1
            (self.queue if self.received[body] < RECEIVES else self.dead).append(body)
        else:
            self.received.pop(body, None)

    def run(self, rounds: int = 2000) -> None:
        """Until nothing moves; time passes where all wait, and the watch sweeps."""
        swept = 0
        for _ in range(rounds):
            if self.queue:
                self.deliver(self.queue.pop(0))
            elif self.delayed:
                self.delayed.sort()
                self.now, body = max(self.delayed[0][0], self.now), self.delayed.pop(0)[1]
                self.queue.append(body)
            elif self.campaign.status is Status.SENDING and swept < 5:
                swept += 1
                self.now += LEASE + timedelta(minutes=15)
                self.queue.append(sweep(self.campaign, checked=True).body)
            else:
                return
        raise AssertionError("it does not come to an end")

    def _world(self) -> World:
        return World(
            self,  # type: ignore[arg-type]
            self,
            lambda _: Content(dict.fromkeys(("0/", "1/", "99/"), Letter("Hi", "", "Hi"))),
            self,
            lambda _: self,
            self.room,
            self.later,
            lambda order, due: self.delayed.append((due, order.body)),
            lambda *_: 0,
            lambda: self.now,
            self._token,
            lambda: True,
            LEASE,
            self.circuits,
            lambda _: "provider",
            lambda campaign, address: self.hold(campaign, address),
        )

    def _sender(self) -> Sender:
        return Sender(self, self._world())

    def _planner(self) -> Planner:
        fake = self

        class Audiences:
            recipients = staticmethod(fake.recipients_page)

        return Planner(self, Audiences(), self, lambda: self.now)  # type: ignore[arg-type]

    def _finisher(self) -> Finisher:
        return Finisher(self, self, self.later, lambda: self.now)

    def _token(self) -> str:
        self.tokens += 1
        return f"t{self.tokens}"

    def _save(self, before: Batch, after: Batch) -> Batch:
        if self.batches[before.number].version != before.version:
            raise PreconditionFailed
        return self._put(before, after)

    def _put(self, before: Batch | None, after: Batch) -> Batch:
        stored = replace(after, version=after.version + 1)
        self.counts.update(after.counts)
        if before:
            self.counts.subtract(before.counts)
        self.batches[after.number] = stored
        return stored

    def _io[T](self, name: str, act: Callable[[], T]) -> T:
        self.step(name)
        result = act()
        self.step(name)
        return result

    @property
    def deliveries(self) -> list[Delivery]:
        return [one for batch in self.batches.values() for one in batch.deliveries]

"""Messages through the real planner, sender, composer and MIME, with ledger, audience and provider in memory.

CPU time. A letter of 2 kB of HTML with three links, three variables, UTM and a text part.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.audience.model import Audience
from groundswell.audience.opt_outs import Known
from groundswell.campaigns.composing import Composer
from groundswell.campaigns.content import content_of
from groundswell.campaigns.dispatching import Loaded, World
from groundswell.campaigns.ledger import Batch, Plan, State
from groundswell.campaigns.letters import Letter
from groundswell.campaigns.messages import SEND, parse_order, plan
from groundswell.campaigns.model import Bodies, Campaign, Channel, From, Status
from groundswell.campaigns.outcomes import Outgoing, Sent
from groundswell.campaigns.planning import Planner
from groundswell.campaigns.progress import Progress
from groundswell.campaigns.sending import Sender
from groundswell.kernel.page import Page
from groundswell.kernel.signing import SigningKey, SigningKeys
from groundswell.leads.model import Lead
from groundswell.links.service import LinkService
from groundswell.mailer.compose import raw
from groundswell.mailer.model import BulkMail
from tests.benchmarks.isolated import peak_memory
from tests.benchmarks.report import Figure, Say, at_least, at_most
from tests.unit.outbound.test_pacing import LIMIT, SECONDS, Workers

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_ROW = '<tr><td style="padding:4px">{{first_name}}, this is <a href="https://shop.example/p/%d?x=1">one</a>.</td></tr>'
_FILL = "<p style='color:#333'>Nothing of this changes from one recipient to the next, as in most letters.</p>" * 15
_TABLE = f"<table>{''.join(_ROW % number for number in range(3))}</table>"
HTML = f"<html><body><h1>Hi {{{{first_name | there}}}}</h1>{_TABLE}{_FILL}</body></html>"


class Memory:
    """Only what is under way: batches are forgotten once they are marked."""

    def __init__(self, recipients: int) -> None:
        self.recipients = recipients
        self.sent = self.size = 0
        self.the_plan = Plan()
        self.batches: dict[int, Batch] = {}
        self.orders: list[str] = []
        made = Campaign("01990000-0000-7000-8000-000000000001", "c1", "o1", "Sale", Channel.EMAIL, "u", NOW, NOW)
        sender = From("Shop", "news@shop.example")
        started = replace(made, status=Status.SENDING, run=1, started_at=NOW, version=1, sender=sender)
        self.campaign = replace(started, audience=Audience(all=True), subject="Hi {{first_name}}")
        self.orders.append(plan(self.campaign).body)

    def load(
        self, _client: str, _campaign: str, number: int, lead_ids: Sequence[str] = (), opt_out_ids: Sequence[str] = ()
    ) -> Loaded:
        leads, known = self.find_many("", lead_ids), Known(frozenset(opt_out_ids))
        return Loaded(self.campaign, self.batches.get(number), leads=leads, opt_outs=known)

    def find(self, _client: str, _campaign: str, number: int) -> Batch | None:
        return self.batches.get(number)

    def save(self, _before: Batch, after: Batch) -> Batch:
        after = replace(after, version=after.version + 1)
        self.batches[after.number] = after
        return after

    def sent_on(self, after: Batch) -> Batch:
        self.batches.pop(after.number)
        return after

    def plan(self, _client: str, _campaign: str) -> Plan:
        return self.the_plan

    def add(self, _campaign: Campaign, before: Plan, after: Plan, batches: Any, messages: Any, _timers: Any) -> None:
        self.the_plan = replace(after, version=before.version + 1)
        self.batches |= {batch.number: replace(batch, version=1) for batch in batches}
        self.orders = [message.body for message in messages] + self.orders  # the next page comes last

    def proceed(self, _claimed: Batch, _progress: Progress) -> bool:
        return True

    def close(self, _batch: Batch) -> Progress:
        return Progress()

    def recipients_page(self, _client: str, _audience: Audience, limit: int, position: Any) -> Page[str]:
        start = int(position["at"]) if position else 0
        end = min(start + limit, self.recipients)
        return Page(tuple(f"l{n}" for n in range(start, end)), {"at": end} if end < self.recipients else None)

    def find_many(self, _client: str, lead_ids: Sequence[str]) -> tuple[Lead, ...]:
        return tuple(
            Lead(lead_id, "c1", "u", NOW, NOW, NOW, NOW, email=f"{lead_id}@people.example", first_name=f"Name{lead_id}")
            for lead_id in lead_ids
        )


class Store:
    """As the sender sees it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        for name in ("load", "find", "save", "proceed", "close"):
            setattr(self, name, getattr(memory, name))

    def sent(self, _before: Batch, after: Batch, _campaign: Campaign) -> Batch:
        self._memory.sent += sum(one.state is State.SENT for one in after.deliveries)
        return self._memory.sent_on(after)


class Transport:
    """Everything up to the socket."""

    recognises_repeats = False

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def send(self, message: Outgoing) -> Sent:
        mail = BulkMail(
            message.id, message.to, message.subject, message.text, message.html, headers=message.headers, tags={}
        )
        self._memory.size += len(raw(mail, message.sender, NOW))
        return Sent(f"<{message.id}@shop.example>")


class Nobody:
    """No opt-outs, and no broken circuits."""

    def refusals(self, *_: Any) -> Mapping[str, str]:
        return {}

    def open_for(self, _name: str) -> float:
        return 0.0

    def failed(self, _name: str) -> None: ...

    def succeeded(self, _name: str) -> None: ...


def run(recipients: int) -> Memory:
    """One campaign from its plan to the last mark."""
    memory = Memory(recipients)
    content = content_of(memory.campaign, Bodies({"": Letter(html=HTML)}), None, lambda html: html)
    keys = SigningKeys(SigningKey("k", b"s" * 32))
    composer = Composer(LinkService(lambda _=None: keys, lambda: NOW).sign, "https://api.example", "a@stage.example")
    transport, nobody = Transport(memory), Nobody()
    tokens: Iterator[int] = iter(range(recipients))
    world = World(
        nobody,  # type: ignore[arg-type]
        memory,  # type: ignore[arg-type]
        lambda _: content,
        composer,
        lambda _: transport,
        lambda _: 0.0,
        lambda *_: None,
        lambda *_: None,
        lambda *_: 0,
        lambda: NOW,
        lambda: f"t{next(tokens)}",
        lambda: True,
        timedelta(minutes=2),
        nobody,
        lambda _: "stage",
    )
    audiences: Any = type("Audiences", (), {"recipients": staticmethod(memory.recipients_page)})
    sender, planner = Sender(Store(memory), world), Planner(memory, audiences, memory, lambda: NOW)  # type: ignore[arg-type]
    while memory.orders:
        order = parse_order(json.loads(memory.orders.pop(0)))
        if order.kind == SEND:
            sender.send(order)
        else:
            planner.write_down(memory.campaign, order)
    return memory


def measure(say: Say, *, recipients: int) -> tuple[list[Figure], str]:
    say(f"{recipients} messages planned, claimed, rendered and made ready to leave")
    run(1_000)
    few, began = _peak(), time.process_time()
    done = run(recipients)
    spent, many = time.process_time() - began, _peak()
    assert done.sent == recipients
    say("20 workers at Telegram's limit, in virtual time")
    workers = Workers(20, 0)
    used = len(workers.calls) / (LIMIT * SECONDS)
    figures = [
        at_least("messages/s per core, planned, claimed, rendered, signed, MIME, marked", recipients / spent, 1000),
        at_most(f"peak memory, {recipients:,} recipients to 1,000", many / few, 1.1),
        at_most("Telegram messages in any second, 20 workers", workers.most_in_a_second, 30, spell="{:.0f}"),
        at_least("... share of its limit that is used", used, 0.95, spell="{:.3f}"),
    ]
    size = f"A message has {done.size / recipients / 1000:.1f} kB"
    return figures, f"{size}; the process has {few / 1024:.0f} and {many / 1024:.0f} MB at its peaks.\n"


def _peak() -> int:
    """Kilobytes, of this process so far."""
    return int(peak_memory() / 1024)

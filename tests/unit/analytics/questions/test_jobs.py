"""Questions as jobs, which SQL answers: wherever workers die, the answer is the one of a single request in Python."""

import json
import random
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from groundswell.analytics.engine.jobs import QuestionJob
from groundswell.analytics.engine.stored_question import KINDS, emitted_of
from groundswell.analytics.questions import answers
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.kept import answer_name, forget
from groundswell.analytics.questions.listing import persons_out, visits
from groundswell.analytics.questions.model import Granularity, Measure
from groundswell.analytics.questions.questions import QuestionService
from groundswell.analytics.questions.rows import RowReader
from groundswell.analytics.questions.transactions import By, Wanted, volume
from groundswell.events.archiver.service import Archiver
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.people.service import PeopleService
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.errors import Invalid
from groundswell.operations.model import Operation, Status
from tests.fakes.engine import SHEETS, answering
from tests.fakes.event_log import FakeEventLog
from tests.fakes.lake import FakeLake
from tests.fakes.objects import FakeObjects

WIRE = msgspec.json.Encoder(decimal_format="number")
LOG = Log("client", "0")
START = round(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
NOW = datetime(2026, 3, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 4)


def happened(number):
    chosen = random.Random(number)
    tx = f"0x{chosen.randrange(40):02x}" if chosen.random() < 0.25 else None
    transaction = {"address": f"0xab{chosen.randrange(4)}", "chain": f"eip155:{chosen.randrange(1, 3)}", "tx_hash": tx}
    status = {"status": chosen.choice(["started", "confirmed", "reverted"]), "value": chosen.randrange(10**20)}
    who, money = chosen.random(), chosen.random() < 0.4
    return Event(
        id=f"event {number}",
        kind="web3" if tx else chosen.choice(["track", "page"]),
        name=chosen.choice(["viewed", "paid", "left"]),
        ts=START + chosen.randrange(20) * 6 * HOUR + chosen.randrange(6) * 7 * MINUTE,
        user_id=f"user {chosen.randrange(12)}" if who < 0.5 else None,
        anonymous_id=f"device {chosen.randrange(15)}" if 0.3 < who < 0.95 else None,
        session_id=f"session {chosen.randrange(9)}" if chosen.random() < 0.3 else None,
        value=f"{chosen.randrange(1, 900)}.{chosen.randrange(100):02}" if money else None,
        currency=chosen.choice(["EUR", "USD"]) if money else None,
        properties=b'{"plan":%s,"path":"/%d"}' % (chosen.choice([b'"team"', b"true", b"1.50"]), chosen.randrange(5)),
        web3=json.dumps(transaction | status).encode() if tx else b"",
    )


class World:
    def __init__(self, events):
        self.store, self.objects, self.lake, self.sent = FakeEventLog(), FakeObjects(), FakeLake(), 0
        self.events = []
        self.send(events)

    def send(self, count):
        numbers = range(self.sent, self.sent + count)
        self.sent += count
        for start in numbers[::7]:
            events = list(map(happened, range(start, min(start + 7, numbers.stop))))
            self.events += events
            data = encode(events, START + 19 * DAY + start)
            (sk,) = self.store.append(LOG, [data], START + 19 * DAY + start)
            Committer(self.store, lambda: NOW).commit(LOG, [Incoming(sk, Block(data))])

    def erase(self, user):
        people = PeopleService(self.store)
        known = people.identifiers_of("client", user)
        target = Somebody.named(known)
        affected_blocks = find(self.store.blocks_between(LOG, "B#", "C"), target)
        Eraser(self.store, Committer(self.store, lambda: NOW), lambda: NOW).erase(LOG, affected_blocks, target)
        people.forget("client", known)
        forget(self.objects, "client")

    def archive(self):
        """What there is so far."""
        archiver = Archiver(self.store, self.lake, SHEETS, lambda: "2026-03-20")
        archiver.run(lambda: True)

    def job(self):
        return QuestionJob(answering(self.store, NOW, self.lake), self.objects, _read)

    def ask(self, question, between=lambda number: None):
        """Every step is done by a new worker, after another one did it whose result nobody saved."""
        operation = Operation("id", "client", "org", "question", "ada", NOW, NOW, state={"question": question})
        for number in range(100):
            if operation.over:
                break
            between(number)
            self.job().step(operation)
            before = operation
            operation = self.job().step(operation)
            assert operation.progress >= before.progress
        assert operation.status is Status.SUCCEEDED
        self.steps = number
        assert list(self.objects.names("")) == [answer_name("client", "id")]
        answer = self.objects.json(answer_name("client", "id"))
        assert answer.pop("cached_at") is None, "computed, and not kept from before"
        return answer


def _read(operation):
    return emitted_of(operation.state["question"], round(NOW.timestamp() * 1000))


RANGE = {"from": START + 5 * HOUR, "to": START + 4 * DAY, "timezone": "Europe/Berlin"}
ANY = {"name": None, "where": []}
PAID = {"name": "paid", "where": []}
TEAM = {"field": "properties.plan", "operator": "eq", "value": "team"}
LARGE = {"field": "value", "operator": "gt", "value": Decimal("300.5")}
EURO = {"field": "currency", "operator": "in", "value": ["EUR"]}
MONEY = {"measure": "sum", "of": None, "currency": "EUR", "top": 2}
UNIQUE = {"measure": "unique", "of": None, "currency": None}
ASKED = [
    {"kind": "breakdown", "by": "properties.plan", "measure": "count", "of": None, "currency": None, "top": 1, **ANY},
    {"kind": "breakdown", "by": "properties.path", **MONEY, "name": None, "where": [EURO]},
    {"kind": "breakdown", "by": "properties.path", **UNIQUE, "top": 2, "name": None, "where": [LARGE]},
    {"kind": "breakdown", "by": "name", **UNIQUE, "top": 2, **ANY},
    {"kind": "breakdown", "by": "name", **UNIQUE, "top": 9, **ANY},
    {"kind": "breakdown", "by": "person", **UNIQUE, "top": 3, **ANY},
    {"kind": "uniques", "granularity": "day", "name": None, "where": [TEAM]},
    {"kind": "funnel", "steps": [ANY, {"name": "paid", "where": [LARGE]}], "within_seconds": 86_400, "by": None},
    {"kind": "funnel", "steps": [PAID, ANY, PAID], "within_seconds": 10**6, "by": "properties.plan"},
    {"kind": "retention", "start": ANY, "return": PAID, "period": "day", "periods": 3, "first_time": True},
    {"kind": "retention", "start": PAID, "return": ANY, "period": "week", "periods": 2, "first_time": False},
    {"kind": "paths", "start": PAID, "among": {"name": None, "where": [TEAM]}, "steps": 2, "within_seconds": 10**5,
     "top": 3},
    {"kind": "sessions", "granularity": "day", "top": 2, **ANY},
    {"kind": "transactions", "chain": None, "tx_hash": None, "status": "confirmed", "limit": 3},
    {"kind": "volume", "by": "wallet", "top": 3},
    {"kind": "conversion", "within_seconds": 10**6},
    {"kind": "persons", "limit": 5},
    {"kind": "persons", "limit": 1_000},
]  # fmt: skip


def question(body):
    return json.dumps(RANGE | body, default=float)


def at_once(store, body):
    """What a single request answers."""
    service = QuestionService(store, lambda: NOW)
    window, plan = Window(RANGE["from"], RANGE["to"]), emitted_of(question(body), round(NOW.timestamp() * 1000))
    calendar = Calendar(Granularity(body.get("granularity", "day")), RANGE["timezone"])
    match body["kind"]:
        case "breakdown":
            result = service.breakdown("client", window, plan.grouping)
            shown = answers.breakdown_out(result, Measure(body["measure"]))
        case "uniques":
            shown = answers.uniques_out([service.uniques("client", window, calendar, plan.match)], calendar)
        case "funnel":
            shown = answers.funnel_out(service.funnel("client", window, plan.funnels[0]))
        case "retention":
            shown = answers.retention_out(service.retention("client", plan.wanted), plan.wanted.calendar)
        case "paths":
            shown = answers.paths_out(service.paths("client", window, plan.wanted))
        case "sessions":
            result = service.sessions("client", window, calendar, body["top"], plan.match)
            shown = answers.sessions_out(result, calendar)
        case "transactions":
            result = service.transactions("client", window, plan.wanted)
            shown = answers.transactions_out(result.value[: body["limit"]], len(result.value), result.as_of)
        case "volume":
            result = service.transactions("client", window, Wanted())
            shown = answers.volume_out(volume(result.value, By(body["by"])), body["top"], result.as_of)
        case "persons":
            reader = RowReader(store, "client")
            result = visits(reader.between(window))
            shown = persons_out(result[: body["limit"]], len(result), reader.as_of)
        case "conversion":
            shown = answers.conversion_out(service.conversions("client", window, plan.funnels))
    return json.loads(WIRE.encode(shown))


@pytest.mark.parametrize("asked", ASKED, ids=lambda body: body["kind"])
def test_a_job_answers_what_one_request_answers_wherever_workers_die(asked):
    world = World(170)
    world.archive()
    world.send(180)

    assert world.ask(question(asked)) == at_once(world.store, asked)


def test_every_kind_is_tried():
    assert {body["kind"] for body in ASKED} == set(KINDS)


def test_persons_and_money_are_what_counting_by_hand_gives():
    world = World(500)
    window = Window(RANGE["from"], RANGE["to"])
    counted = [event for event in world.events if event.ts in window and event.currency == "EUR"]
    sums = defaultdict(Decimal)
    for event in counted:
        sums[json.loads(event.properties)["path"]] += Decimal(event.value)

    answer = world.ask(question(ASKED[1] | {"top": 9}))

    assert {group["group"]: Decimal(str(group["value"])) for group in answer["groups"]} == sums
    assert answer["total"]["count"] == len(counted)


@pytest.mark.parametrize("archived", [False, True])
def test_who_is_erased_while_a_job_runs_is_not_in_its_answer(archived):
    world, body, erased = World(300), ASKED[5] | {"top": 100}, []
    if archived:
        world.archive()
    put = world.objects.put

    def late(name, data):
        """The answer is written when the erasure has deleted all there were."""
        if not erased:
            erased.append(world.erase("user 3"))
        put(name, data)

    world.objects.put = late
    answer = world.ask(question(body))

    assert erased
    assert answer == at_once(world.store, body)
    assert "user 3" not in json.dumps(answer)


def test_an_erasure_takes_every_answer_of_the_client_and_nobody_elses():
    world = World(50)
    world.ask(question(ASKED[0]))
    world.objects.put(answer_name("other", "id"), b"")

    forget(world.objects, "client")

    assert list(world.objects.names("")) == [answer_name("other", "id")]


def test_money_of_several_currencies_is_refused_and_leaves_nothing_behind():
    world = World(200)

    with pytest.raises(Invalid, match="currency: money of several currencies"):
        world.ask(question(ASKED[1] | {"currency": None, "where": []}))
    assert list(world.objects.names("")) == []


def test_a_client_without_events_is_answered_too():
    world = World(0)

    assert world.ask(question(ASKED[6]))["total"] == 0

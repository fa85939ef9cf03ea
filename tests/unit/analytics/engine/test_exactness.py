"""Questions as SQL answer to the letter what Python answers, over values that are told apart by a hair."""

import json
import random
from itertools import batched

import msgspec
import pytest

from groundswell.analytics.engine.emitters.base import Emitted
from groundswell.analytics.engine.model import AS_A_JOB, OddValue
from groundswell.analytics.engine.stored_question import emitted_of
from groundswell.events.archiver.service import Archiver
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.kernel.errors import Invalid
from tests.fakes import oddities
from tests.fakes.engine import ENGINE, SHEETS, answering, client_files
from tests.unit.analytics.questions import test_jobs
from tests.unit.analytics.questions.test_jobs import LOG, NOW, START, WIRE, World, at_once

_wire = msgspec.json.Encoder(decimal_format="number")
_AT = round(NOW.timestamp() * 1000)


def lived(chosen):
    """Half of it archived."""
    world = World(0)
    events = [oddities.happened(chosen, number, START) for number in range(120)]
    for number, batch in enumerate(batched(events, 9, strict=False)):
        data = encode(batch, START + 19 * DAY + number)
        (sk,) = world.store.append(LOG, [data], START + 19 * DAY + number)
        Committer(world.store, lambda: NOW).commit(LOG, [Incoming(sk, Block(data))])
        if number == 7:
            Archiver(world.store, world.lake, SHEETS, lambda: "2026-03-20").run(lambda: True)
    return world


def told(answer):
    """What is said of money of several currencies names some of them."""
    try:
        return answer()
    except Invalid as refused:
        return refused.problems[0].message.partition(":")[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_asked_of_whatever_was_said_sql_answers_what_python_does(seed, monkeypatch):
    chosen = random.Random(seed)
    world = lived(chosen)
    engine = answering(world.store, NOW, world.lake)

    for _ in range(16):
        body = oddities.question(chosen, START)
        question = _wire.encode(body).decode()
        monkeypatch.setattr(test_jobs, "RANGE", body)
        monkeypatch.setattr(test_jobs, "question", lambda _, text=question: text)

        outcome = told(
            lambda text=question: json.loads(WIRE.encode(engine.find("client", emitted_of(text, _AT)).answer))
        )

        assert outcome == told(lambda payload=body: at_once(world.store, payload)), question


def visited(chosen: random.Random) -> World:
    """Events of few persons within three days, nearly all of them in sessions of the client's own, many at one time."""
    world, moments = World(0), [START + DAY + chosen.randrange(3 * DAY) for _ in range(40)]
    for number in range(30):
        batch = [_visit(chosen, f"{number}-{at}", chosen.choice(moments)) for at in range(8)]
        data = encode(batch, START + 19 * DAY + number)
        (sk,) = world.store.append(LOG, [data], START + 19 * DAY + number)
        Committer(world.store, lambda: NOW).commit(LOG, [Incoming(sk, Block(data))])
    return world


def _visit(chosen: random.Random, event_id: str, ts: int) -> oddities.Event:
    person = chosen.randrange(9)
    session = f"s{person}-{(ts // (DAY // 4)) if person < 6 else chosen.randrange(4)}"
    path = chosen.choice([b"", b'{"path":""}', b'{"path":"/a"}', b'{"path":"/b"}'])
    return oddities.Event(
        id=event_id,
        kind=chosen.choice(["page", "page", "track", "identify"]),
        name=chosen.choice(["Home", "bought", "$pageleave"]),
        ts=ts,
        anonymous_id=f"v{person}",
        session_id=None if person > 6 and chosen.random() < 0.3 else session,
        properties=path,
    )


@pytest.mark.parametrize("seed", range(6))
def test_visits_that_need_no_order_are_the_ones_that_python_orders(seed, monkeypatch):
    world = visited(random.Random(seed))
    body = {"kind": "sessions", "granularity": "day", "top": 5, "name": None, "where": []}
    body |= {"from": START, "to": START + 6 * DAY, "timezone": "Asia/Kathmandu"}
    monkeypatch.setattr(test_jobs, "RANGE", body)
    monkeypatch.setattr(test_jobs, "question", lambda _: _wire.encode(body).decode())

    answer = answering(world.store, NOW, world.lake).find("client", emitted_of(_wire.encode(body).decode(), _AT)).answer

    assert json.loads(WIRE.encode(answer)) == at_once(world.store, body)


def test_plain_values_are_judged_in_sql_and_odd_ones_are_asked_for():
    body = {"kind": "breakdown", "by": "properties.x", "measure": "count", "of": None, "currency": None, "top": 9}
    span = {"from": START, "to": START + DAY, "timezone": "UTC", "name": None, "where": []}
    for raw, odd in ((b'{"x":1.50,"y":"a"}', False), (b'{"x":[1]}', True), (b'{"x":0.12345678901234567891}', True)):
        world = World(0)
        data = encode([oddities.Event(id="e", kind="track", name="a", ts=START, properties=raw)], START)
        (sk,) = world.store.append(LOG, [data], START)
        Committer(world.store, lambda: NOW).commit(LOG, [Incoming(sk, Block(data))])
        files = client_files(world.store, NOW).files("client")
        question = emitted_of(_wire.encode(body | span).decode(), _AT)
        assert isinstance(question, Emitted)

        try:
            ENGINE.run(question.statement, files, AS_A_JOB)
        except OddValue:
            assert odd
        else:
            assert not odd

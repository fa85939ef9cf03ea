"""Random streams: whoever is exported, at whatever moment, by whatever id: the file holds what the readers count."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest

from groundswell.analytics.questions.rows import RowReader
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.eventlog.snapshot import take
from groundswell.events.eventlog.window import Window
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import people_at, resolve_person
from groundswell.events.rollups import committer
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.operations.model import Operation
from groundswell.privacy.exports import job as protocol
from groundswell.privacy.exports.job import ExportJob
from tests.fakes.event_log import FakeEventLog

LOG = Log("client", "0")
START = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
NOW = datetime.fromtimestamp(START / 1000, UTC)


class Files(dict):
    def put(self, name, data):
        self[name] = data

    def put_file(self, name, file):
        self[name] = file.read()

    def get(self, name):
        return (self[name], "") if name in self else None

    def names(self, beginning, after=""):
        return iter([name for name in sorted(self) if name.startswith(beginning) and name > after])

    def delete(self, names):
        for name in names:
            self.pop(name, None)


def event(number: int) -> Event:
    chosen = random.Random(number)
    user, device = f"user-{chosen.randrange(5)}", f"device-{chosen.randrange(6)}"
    who, wallet = chosen.random(), f"0xabc{chosen.randrange(3)}"
    return Event(
        id=f"event {number}",
        kind="track",
        name=chosen.choice(["viewed", "bought"]),
        ts=START - chosen.randrange(3 * DAY),
        user_id=user if who < 0.5 else None,
        anonymous_id=device if who > 0.3 else None,
        web3=b'{"address":"%s"}' % wallet.encode() if chosen.random() < 0.2 else b"",
    )


def history(chosen: random.Random) -> FakeEventLog:
    store, numbers = FakeEventLog(), range(chosen.randrange(20, 120))
    consumer = Committer(store, now=lambda: NOW)
    for at in range(chosen.randrange(8, 20)):
        events = [event(chosen.choice(numbers)) for _ in range(chosen.randrange(1, 12))]  # many are repeats
        data, received = encode(events, START + at), START + at
        (sk,) = store.append(LOG, [data], received)
        consumer.commit(LOG, [Incoming(sk, Block(data))])
    return store


def counted(store: FakeEventLog, identifier: str) -> list[tuple[int, str]]:
    views = [take(store, LOG)]
    person = resolve_person(people_at(store, IdentityCache(store), views), identifier)
    rows = RowReader(store, "client").between(Window(0, START + 400 * DAY))
    return sorted((row.ts, row.name) for row in rows if row.person == person)


def exported(store: FakeEventLog, identifier: str, chosen: random.Random) -> list[tuple[int, str]]:
    """By two workers, who do each other's steps again and lose what they did."""
    files = Files()
    workers = [ExportJob(store, (), files, lambda: NOW) for _ in range(2)]
    state = {"asked": {"person": identifier}}
    operation = Operation("e1", "client", "org", "export", "ada", NOW, NOW, state=state)
    while not operation.over:
        if chosen.random() < 0.4:
            chosen.choice(workers).step(operation)  # died before its result was saved
        operation = chosen.choice(workers).step(operation)
        stored = {name: value for name, value in operation.state.items() if value is not None}  # as the table keeps it
        operation = replace(operation, state=json.loads(json.dumps(stored)))
    [name] = files
    with ZipFile(BytesIO(files[name])) as file:
        lines = [json.loads(line) for line in file.read("events.jsonl").splitlines()]
        profile = json.loads(file.read("profile.json"))
    assert profile["events"] == operation.result["events"] == len(lines)
    return sorted((_ms(line["ts"]), line["name"]) for line in lines)


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("seed", range(40))
def test_an_export_holds_what_the_readers_count(monkeypatch, seed):
    monkeypatch.setattr(protocol, "_BLOCKS", 2)
    monkeypatch.setattr(committer, "_FOLD_EVERY", 5)
    chosen = random.Random(seed)
    store = history(chosen)

    for identifier in ("user-1", "user-4", "device-2", "device-5", "0xabc1", "nobody"):
        assert exported(store, identifier, chosen) == counted(store, identifier), identifier

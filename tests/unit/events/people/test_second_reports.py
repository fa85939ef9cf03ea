"""Two reports of one on-chain fact count once, and what either says of who is who is known, in whatever order."""

from collections import Counter

import msgspec
import pytest

from groundswell.analytics.questions.live import Mark, tail
from groundswell.analytics.questions.model import Filter, Granularity, Question
from groundswell.analytics.questions.profiles import ProfileService
from groundswell.analytics.questions.rows import RowReader
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.analytics.questions.transactions import transactions
from groundswell.events.erasure.eraser import Eraser, find
from groundswell.events.erasure.targets import Somebody
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import HOUR, MINUTE, Event
from groundswell.events.eventlog.window import Window
from groundswell.events.people.service import PeopleService
from groundswell.events.people.sightings import links, sightings
from groundswell.events.rollups.folder import Folder
from tests.unit.events.people.test_profiles import Proofs
from tests.unit.events.people.test_who_is_who import WHOLE, Oracle, address
from tests.unit.events.rollups.history import LOG, START, World

FACTS = 45
REPORTS = 2 * FACTS
"""Numbers of reports: the SDK's of each fact and the backend's. Those above are page views."""


class Reports(World):
    """Every fact is reported twice, with one wallet: by an SDK that knows the visitor, by a backend that knows the
    user."""

    def event(self, number):
        fact, backend = divmod(number, 2)
        if number >= REPORTS:
            return Event(id=str(number), kind="page", name="seen", ts=START, anonymous_id=f"v{number % 14}-0")
        wallet = fact % 9
        return Event(
            id=f"{'backend' if backend else 'sdk'} {fact}",
            kind="web3",
            name="transaction",
            ts=START + fact % 5 * HOUR,
            user_id=f"u{wallet // 2}" if backend else None,
            anonymous_id=None if backend else f"v{wallet}-{fact % 3}",
            value="1.5",
            currency="EUR",
            fact=f"fact {fact}",
            web3=msgspec.json.encode({"chain": "eip155:1", "address": f"0xw{wallet}", "tx_hash": f"0x{fact}"}),
        )

    def live(self, rounds=0, crash=0.0):
        """All reports in some order, some twice, in batches that are delivered in some order, often."""
        numbers = [*range(REPORTS + 20), *self.random.sample(range(REPORTS + 20), 30)]
        self.random.shuffle(numbers)
        while numbers:
            self.now += self.random.choice([1, 1000, MINUTE])
            self.post([numbers.pop() for _ in range(min(len(numbers), self.random.randrange(1, 9)))])
            if self.random.random() < 0.5:
                self.deliver(self.random.sample(self.offered, min(len(self.offered), 7)), crash)
        self.deliver(self.offered, crash)
        self.deliver(self.random.sample(self.offered, 9), crash)


def everything():
    return [Reports(0).event(number) for number in range(REPORTS + 20)]


@pytest.mark.parametrize("seed", range(16))
def test_in_every_order_the_same_counts_links_and_persons(seed):
    world = Reports(seed)
    world.live(crash=0.02 if seed % 2 else 0)

    counted, merged = world.decided()
    assert len(merged) == FACTS
    assert len({event.id for event in merged} | {event.id for event in counted}) == REPORTS + 20
    check_counts(world, counted)
    check_people(world)
    before = len(list(world.store.commits(LOG, 0)))
    world.consumers = [world.consumer()] * 3
    world.deliver(world.offered, 0)
    assert len(list(world.store.commits(LOG, 0))) == before, "a replay brings nothing new"
    Folder(world.store).fold(LOG)
    check_counts(world, counted)
    check_people(world)
    if seed % 2:
        assert world.crashes


def check_counts(world, counted):
    service = AnalyticsService(world.store, world.clock)
    assert len(counted) == FACTS + 20
    series = service.series("client", "events", Question(WHOLE, Granularity.HOUR, "transaction"))
    assert series.total.count == FACTS
    assert str(service.revenue("client", Question(WHOLE, Granularity.HOUR)).total.sums["EUR"]) == str(1.5 * FACTS)
    ids = Counter(event.id for event in counted)
    assert Counter(entry.event.id for entry in service.events("client", Filter(WHOLE), 1000).items) == ids
    rows = list(RowReader(world.store, "client").between(WHOLE))
    assert Counter(row.block.ids[row.position] for row in rows) == ids
    assert Counter(len(transaction.transitions) for transaction in transactions(rows)) == {0: FACTS}
    assert Counter(event.event.id for event in tail(world.store, LOG, Mark(0, 0), 1000).events) == ids
    for start in range(5):
        window = Window(START + start * HOUR, START + (start + 1) * HOUR - 1)
        hour = service.series("client", "events", Question(window, Granularity.HOUR, "transaction"))
        assert hour.total.count == FACTS // 5


def check_people(world):
    """By all reports, of which the order says nothing."""
    oracle, expected = Oracle(everything()), IdentityGraph()
    expected.add(links(sightings(Block(encode(everything(), START)))))
    state = PeopleService(world.store).state("client")
    assert set(state.people.links()) == set(expected.links())
    rows = list(RowReader(world.store, "client").between(WHOLE))
    persons = Counter(
        oracle.person(event.user_id, event.anonymous_id, address(event)) for event in everything()[:REPORTS:2]
    )
    assert Counter(row.person for row in rows if row.kind == "web3") == persons
    assert set(persons) == {f"u{number}" for number in range(5)}
    profiles = ProfileService(world.store, PeopleService(world.store), Proofs(), world.clock)
    for person, transacted in persons.items():
        profile = profiles.profile("client", person)
        assert profile.names["transaction"] == transacted
        assert profile.events == sum(row.person == person for row in rows)
        assert profile.user_ids == (person,)
        mine = {
            event.anonymous_id
            for event in everything()
            if event.anonymous_id and oracle.visitor(event.anonymous_id) == person
        }
        assert set(profile.anonymous_ids) == mine
        timeline = profiles.timeline("client", person, 1000, None).items
        assert Counter(entry.event.fact for entry in timeline if entry.event.fact).most_common(1)[0][1] == 1
        assert len(timeline) == profile.events


@pytest.mark.parametrize("seed", range(6))
def test_an_erasure_finds_second_reports_and_takes_off_only_what_counted(seed):
    world = Reports(seed)
    world.live(crash=0.02 if seed % 2 else 0)
    people = PeopleService(world.store)
    ids = people.identifiers_of("client", "u1")
    counted, _ = world.decided()
    target = Somebody.named(ids)
    gone = {event.id for event in everything() if target.fate(event).name == "ERASED"}
    named = find(world.store.blocks(LOG, sorted(people.blocks_of("client", ids)[LOG])).items(), target)
    eraser = Eraser(world.store, world.consumer(), world.clock)
    settled, erased = eraser.look(LOG, named, target)
    assert erased == sum(event.id in gone for event in counted)
    assert {settled_block.block.ids[at] for settled_block in settled for at in settled_block.erased} == gone

    eraser.erase(LOG, named, target)
    people.forget("client", ids)
    world.deliver(world.offered, 0)

    assert not find(world.store.blocks_between(LOG, "B#", "B~"), target)
    left = [event.id for event in counted if event.id not in gone]
    service = AnalyticsService(world.store, world.clock)
    assert Counter(entry.event.id for entry in service.events("client", Filter(WHOLE), 1000).items) == Counter(left)
    assert service.series("client", "events", Question(WHOLE, Granularity.DAY)).total.count == len(left)
    values = {one.value for one in ids}
    assert not values & {end for link in people.state("client").people.links() for end in (link.one, link.other)}


def test_after_a_time_was_erased_a_second_report_still_says_who_is_who():
    world = Reports(1)
    world.post([0])
    world.deliver(world.offered, 0)
    world.store.set_forgetting(LOG, world.now + HOUR)
    world.now += 1
    world.post([1, 0])
    world.deliver(world.offered[-1:], 0)

    block = Block(world.store.items["client#0"][world.offered[-1].sk])
    assert [event.user_id for event in block.events] == ["u0", None]
    assert set(block.erased) == {1}, "the repeat keeps its marks only"
    assert PeopleService(world.store).state("client").people.of_wallet("0xw0") == "u0"


def test_a_second_report_sent_again_after_the_first_ones_week_is_still_known():
    world = Reports(2)
    for days, number in ((0, 0), (5, 1), (8, 1)):
        world.now = START + days * 24 * HOUR
        world.post([number])
        world.deliver(world.offered[-1:], 0)
    world.consumers = [world.consumer()] * 3
    world.deliver(world.offered, 0)

    assert [event.id for event in world.expected()] == ["sdk 0"]
    assert len(list(RowReader(world.store, "client").between(WHOLE))) == 1

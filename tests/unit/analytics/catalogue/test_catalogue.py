"""The catalogue against a brute-force count, and with more names than it keeps."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from groundswell.analytics.catalogue import properties as surveying
from groundswell.analytics.catalogue.model import Description
from groundswell.analytics.catalogue.properties import Survey
from groundswell.analytics.catalogue.service import CatalogueService
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, HOUR, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.rollups import committer as protocol
from groundswell.events.rollups import pages
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.event_log import FakeEventLog
from tests.unit.events.rollups.history import START, World

WHOLE = Window(START - 100 * DAY, START + 100 * DAY)
NOW = datetime.fromtimestamp(START / 1000 + 60, UTC)


class Undescribed:
    def all(self, client_id):
        return {}


class Blocked:
    def names(self, client_id):
        return frozenset({"bought", "never"})


def service(store):
    return CatalogueService(store, Blocked(), Undescribed(), lambda: NOW)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(protocol, "_FOLD_EVERY", 5)
    monkeypatch.setattr(protocol, "_GROUP_BLOCKS", 8)


@pytest.mark.parametrize("seed", range(6))
def test_names_are_counted_as_reading_everything_counts_them(seed):
    world = World(seed)
    world.live(rounds=40, crash=0.02 if seed % 2 else 0)
    expected = world.expected()
    hours = {}
    for named_event in expected:
        hours.setdefault(named_event.name, []).append(named_event.ts // HOUR * HOUR)

    listing = service(world.store).events("client", WHOLE, 1000)

    assert {entry.name: entry.count for entry in listing.listed if entry.count} == Counter(
        event.name for event in expected
    )
    for named_event in listing.listed:
        if named_event.name != "never":
            assert (named_event.first_seen, named_event.last_seen) == (
                min(hours[named_event.name]),
                max(hours[named_event.name]),
            )
    assert {entry.name for entry in listing.listed if entry.blocked} == {"bought", "never"}
    assert (listing.names, listing.others) == (len(hours) + 1, 0)
    assert [entry.count for entry in listing.listed] == sorted((entry.count for entry in listing.listed), reverse=True)
    assert len(service(world.store).events("client", WHOLE, 3).listed) == 3


def filled(events):
    store = FakeEventLog()
    committer = Committer(store, lambda: NOW)
    for number in range(0, len(events), 100):
        data = encode(events[number : number + 100], START + number)
        (sk,) = store.append(Log("client", "0"), [data], START + number)
        committer.commit(Log("client", "0"), [Incoming(sk, Block(data))])
    return store


def event(at, properties, name="n"):
    return Event(id=str(at), kind="track", name=name, ts=START + at, properties=json.dumps(properties).encode())


def test_properties_have_types_counts_and_times():
    values = [{"a": 1, "b": "x"}, {"a": None}, {"a": 2.5, "c": {"d": 1}}, {"a": "1", "b": [], "e": True}]
    store = filled([event(at, properties) for at, properties in enumerate(values)] + [event(9, {"z": 1}, "other")])

    properties = {entry.name: entry for entry in service(store).properties("client", WHOLE, "n", 100).listed}

    assert properties["a"].types == {"number": 2, "null": 1, "string": 1}
    assert (properties["b"].count, properties["b"].types) == (2, {"string": 1, "array": 1})
    assert (properties["c"].types, properties["e"].types) == ({"object": 1}, {"boolean": 1})
    assert (properties["a"].first_seen, properties["a"].last_seen) == (START, START + 3)
    assert set(properties) == {"a", "b", "c", "e"}
    assert service(store).properties("client", WHOLE, None, 1).names == 5


def test_properties_of_hidden_events_are_left_out_unless_they_are_asked_for():
    class Described:
        def all(self, client_id):
            return {
                "other": Description(client_id, "other", "ada", NOW, hidden=True),
                "n": Description("", "n", "", NOW),
            }

    store = filled([event(0, {"a": 1}), event(1, {"a": 2, "z": 1}, "other")])
    catalogue = CatalogueService(store, Blocked(), Described(), lambda: NOW)

    def listed(*about, **more):
        return {item.name: item.count for item in catalogue.properties("client", WHOLE, *about, 100, **more).listed}

    assert listed(None) == {"a": 1}
    assert listed(None, hidden=True) == {"a": 2, "z": 1}
    assert listed("other") == {"a": 1, "z": 1}


def test_a_block_of_history_is_looked_into_once_however_many_hours_it_spans(monkeypatch):
    store = filled([event(at * HOUR, {"a": at}) for at in range(-500, 0)])
    looked, column = [], Block.column
    monkeypatch.setattr(Block, "column", lambda block, path: looked.append(path) or column(block, path))

    listing = service(store).properties("client", WHOLE, None, 10)

    assert (listing.events, looked) == (500, ["properties"] * 5)
    assert (listing.listed[0].first_seen, listing.listed[0].last_seen) == (START - 500 * HOUR, START - HOUR)


def test_ten_thousand_property_names_break_nothing_and_the_rest_is_reported(monkeypatch):
    store = filled([event(at, {f"p{at}-{n}": n for n in range(50)} | {"common": 1}) for at in range(240)])

    listing = service(store).properties("client", WHOLE, None, 10)

    assert listing.listed[0].name == "common"
    assert (len(listing.listed), listing.names, listing.events) == (10, surveying.KEPT, 240)
    assert listing.others == 240 * 50 + 1 - surveying.KEPT
    assert Survey().properties() == []


def test_more_event_names_than_rollups_tell_apart_are_reported(monkeypatch):
    monkeypatch.setattr(pages, "PAGES", 1)
    store = filled([event(at, {}, name=f"name {at}") for at in range(1000)])

    listing = service(store).events("client", WHOLE, 1000)

    assert listing.others > 0
    assert listing.others + sum(entry.count for entry in listing.listed) == 1000

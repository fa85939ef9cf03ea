"""Profiles and timelines: by any id, from the blocks that the index names, equal to what reading everything finds."""

import random
from datetime import UTC, datetime

import msgspec
import pytest

from groundswell.analytics.questions import profiles as reading
from groundswell.analytics.questions.profiles import NobodyOfThatName, ProfileService
from groundswell.analytics.wallets.model import VerifiedWallet
from groundswell.events.eventlog.block import Block, encode
from groundswell.events.eventlog.model import DAY, Event, Log
from groundswell.events.eventlog.window import Window
from groundswell.events.people.service import PeopleService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from tests.fakes.event_log import FakeEventLog
from tests.unit.events.people.test_who_is_who import Crowd, Oracle, address, previous
from tests.unit.events.rollups.history import START


class Proofs:
    """User `u` has signed for two wallets."""

    def of_user(self, client_id, user_id):
        return [self.proof(address) for address in ("0xab", "0xcd")] if (client_id, user_id) == ("client", "u") else []

    def find(self, client_id, wallet):
        return self.proof(wallet) if wallet in ("0xab", "0xcd") else None

    def proof(self, address):
        at = datetime(2026, 2, 1, tzinfo=UTC)
        return VerifiedWallet("client", address, f"eip155:1:{address}", "u", "example.com", "nonce", at)


def service(store):
    return ProfileService(store, PeopleService(store), Proofs(), lambda: datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize("seed", range(8))
def test_a_profile_and_its_timeline_are_all_the_persons_events(seed):
    world = Crowd(seed)
    world.live(rounds=40, crash=0.02 if seed % 2 else 0)
    counted = world.expected()
    oracle, profiles = Oracle(counted), service(world.store)
    by_person = {}
    for counted_event in counted:
        person = oracle.person(counted_event.user_id, counted_event.anonymous_id, address(counted_event))
        if person:
            by_person.setdefault(person, []).append(counted_event)
    for person, events in by_person.items():
        profile = profiles.profile("client", person)
        assert (profile.id, profile.events, profile.complete) == (person, len(events), True)
        assert (profile.first_seen, profile.last_seen) == (min(e.ts for e in events), max(e.ts for e in events))
        assert set(profile.user_ids) == {e.user_id for e in events if e.user_id}
        assert {wallet.address for wallet in profile.wallets} == {address(e) for e in events if address(e)}
        seen, position = [], None
        while position or not seen:
            page = profiles.timeline("client", person, 7, position)
            seen, position = seen + [one.event for one in page.items], page.next
        assert [one.ts for one in seen] == sorted((e.ts for e in events), reverse=True)
        assert sorted(one.id for one in seen) == sorted(e.id for e in events)
        event = random.Random(seed).choice(events)
        if event.user_id and not previous(event):
            assert profiles.profile("client", event.user_id) == profile
    check_list(profiles, by_person)
    for used in {address(e) for e in counted if address(e)}:
        wallet_profile = profiles.wallet("client", f"eip155:1:{used}")
        assert wallet_profile.events == sum(address(e) == used for e in counted)
        assert wallet_profile.id == oracle.wallet(used)


def check_list(profiles, by_person):
    listed, position = [], None
    while position or not listed:
        page = profiles.visits("client", Window(0, START + DAY), 3, position)
        listed, position = [*listed, *page.items], page.next
    assert [(-profile.last_seen, profile.person) for profile in listed] == sorted(
        (-max(e.ts for e in events), person) for person, events in by_person.items()
    )
    assert all(profile.events == len(by_person[profile.person]) for profile in listed)


def test_nobody_is_found_who_was_never_seen():
    store = FakeEventLog()
    for ask in (service(store).profile, service(store).wallet, lambda *of: service(store).timeline(*of, 5, None)):
        with pytest.raises(NobodyOfThatName):
            ask("client", "nobody")


def committed(*events):
    store = FakeEventLog()
    made = [
        msgspec.structs.replace(
            Event(id=str(at), kind="identify", name="identify", ts=START + at, user_id="u"), **changes
        )
        for at, changes in enumerate(events)
    ]
    data = encode(made, START + 1000)
    (sk,) = store.append(Log("client", "0"), [data], START + 1000)
    committer = Committer(store, lambda: datetime.fromtimestamp(START / 1000 + 2, UTC))
    committer.commit(Log("client", "0"), [Incoming(sk, Block(data))])
    return store


def test_traits_are_as_the_latest_event_left_them_and_what_is_set_once_stays():
    store = committed(
        {"traits": b'{"plan":"free","age":30}', "ts": START + 50},
        {"traits": b'{"plan":"team","amount":1.10}', "ts": START + 90},
        {"kind": "track", "traits": b'{"first":"b"}', "extra": b'{"$set_once":{"first":"b"}}', "ts": START + 70},
        {"kind": "track", "traits": b'{"first":"a"}', "properties": b'{"$set_once":{"first":"a"}}', "ts": START + 60},
        {"kind": "group", "traits": b'{"plan":"of the company"}', "ts": START + 99},
    )

    traits = service(store).profile("client", "u").traits

    assert traits == {"plan": b'"team"', "age": b"30", "amount": b"1.10", "first": b'"a"'}


def test_wallets_that_were_signed_for_are_verified_seen_or_not():
    store = committed(
        {"web3": b'{"address":"0xab","account":"eip155:1:0xab"}'},
        {"web3": b'{"address":"0xab","account":"eip155:10:0xab"}'},
        {"web3": b'{"address":"0xef","account":"eip155:1:0xef"}'},
    )

    seen, proven, observed = service(store).profile("client", "u").wallets

    assert (seen.verified, seen.accounts, seen.events) == (True, ("eip155:10:0xab", "eip155:1:0xab"), 2)
    assert (proven.address, proven.verified, proven.accounts, proven.events) == ("0xcd", True, ("eip155:1:0xcd",), 0)
    assert (observed.address, observed.verified) == ("0xef", False)
    assert service(store).wallet("client", "0xab").wallets[0].verified


def test_of_somebody_with_very_many_events_the_newest_blocks_are_read_and_it_says_so(monkeypatch):
    world = Crowd(5)
    world.live(rounds=30, crash=0)
    monkeypatch.setattr(reading, "MOST_BLOCKS", 3)

    assert not service(world.store).profile("client", "u1").complete

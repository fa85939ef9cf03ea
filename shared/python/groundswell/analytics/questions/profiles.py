"""Profiles and timelines of persons and wallets: reads the blocks that the index names, and no others."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import NamedTuple, Protocol

import msgspec

from groundswell.analytics.questions.listing import Visit, last_first, visits
from groundswell.analytics.questions.model import Seen, fitting
from groundswell.analytics.questions.rows import Row, RowReader, TooManyEvents
from groundswell.analytics.wallets.model import VerifiedWallet
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import Event, Log
from groundswell.events.eventlog.people_index import BlockRef
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.window import Window
from groundswell.events.people.model import Profile, Wallet
from groundswell.events.people.resolution import blocks_at, identifiers_at, resolve_contact, resolve_person
from groundswell.events.people.service import PeopleService, State
from groundswell.events.people.sightings import Sighting, sightings
from groundswell.events.people.traits import merged
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import NotFound
from groundswell.kernel.page import Page, Position
from groundswell.personal_data.identifiers import Identifier, IdKind, wallet

MOST_BLOCKS = 2_000
_LOAD = 100
_AS_A_JOB = "ask for it as a job: POST /analytics/questions with the same range and `kind` persons"
_USERS = 20  # of one person, whose proofs are looked up


class NobodyOfThatName(NotFound):
    message = "Nobody with that id was seen"


class _Web3(msgspec.Struct):
    account: str | None = None


_web3 = msgspec.json.Decoder(_Web3)


class Proofs(Protocol):
    """Wallets whose owner is proven."""

    def find(self, client_id: str, wallet: str) -> VerifiedWallet | None: ...

    def of_user(self, client_id: str, user_id: str) -> list[VerifiedWallet]: ...


class Own(NamedTuple):
    """An event of the person, in its place: by time, then block and position. One that does not count is the second
    report of a fact: it tells of ids and traits, and is no event of its own."""

    ts: int
    sk: str
    position: int
    block: Block
    seen: Sighting
    counts: bool

    @property
    def event(self) -> Event:
        return self.block.events[self.position]


class ProfileService:
    def __init__(self, store: EventLog, people: PeopleService, proofs: Proofs, now: Callable[[], datetime]) -> None:
        self._store = store
        self._people = people
        self._proofs = proofs
        self._now = now

    def profile(self, client_id: str, person_id: str) -> Profile:
        """Of whoever has that id, of any kind. Raises NobodyOfThatName."""
        state = self._people.state(client_id)
        person = resolve_person(state.people, person_id)
        ids = identifiers_at(state.people, person)
        own, complete = self._own(state, ids, lambda seen: _person_of(state.people, seen) == person)
        users = sorted({entry.seen.user for entry in own if entry.seen.user})[:_USERS]
        proven = {proof.address: proof for user in users for proof in self._proofs.of_user(client_id, user)}
        return self._profile(state, person, own, proven, complete)

    def wallet(self, client_id: str, address_text: str) -> Profile:
        """By CAIP-10 or address: the same of the events with that wallet, under the person whose it is. Raises
        NobodyOfThatName."""
        address = wallet(address_text)
        state = self._people.state(client_id)
        own, complete = self._own(state, [Identifier(IdKind.WALLET, address)], lambda seen: seen.wallet == address)
        proof = self._proofs.find(client_id, address)
        return self._profile(state, state.people.of_wallet(address), own, {address: proof} if proof else {}, complete)

    def timeline(self, client_id: str, contact: str, limit: int, position: Position | None) -> Page[Seen]:
        """A person's events, newest first. `given` may be an address that they gave as theirs. Raises
        NobodyOfThatName."""
        state = self._people.state(client_id)
        person = resolve_contact(state.people, contact)
        ids = identifiers_at(state.people, person)
        entries, _ = self._own(state, ids, lambda seen: _person_of(state.people, seen) == person)
        own = [entry for entry in entries if entry.counts]
        if not own:
            raise NobodyOfThatName
        if position is not None:
            before = int(position["ts"]), str(position["sk"]), int(position["at"])
            own = [entry for entry in own if entry[:3] < before]
        newest = own[: -limit - 1 : -1]
        fit = fitting(Seen(entry.event, entry.block.received) for entry in newest)
        shown = newest[:fit]
        items = tuple(Seen(entry.event, entry.block.received) for entry in shown)
        last = shown[-1] if shown and len(own) > len(shown) else None
        return Page(items, {"ts": last.ts, "sk": last.sk, "at": last.position} if last else None)

    def visits(
        self, client_id: str, window: Window, limit: int, position: Position | None, *, new: bool = False
    ) -> Page[Visit]:
        """Who was seen in that time, whoever was seen last first. Later pages are about the window of the first one.
        With `new`, those alone who were never seen before. Raises TooManyEvents."""
        if position is not None:
            window = Window(int(position["start"]), int(position["end"]))
        listed_visits = visits(self._rows(client_id, Window(0, window.end) if new else window))
        listed_visits = [visit for visit in listed_visits if visit.first_seen >= window.start]
        if position is not None:
            after = -int(position["last"]), str(position["person"])
            listed_visits = [visit for visit in listed_visits if last_first(visit) > after]
        shown = tuple(listed_visits[:limit])
        if len(listed_visits) <= limit:
            return Page(shown)
        last = shown[-1]
        more: Position = {"start": window.start, "end": window.end, "last": last.last_seen, "person": last.person}
        return Page(shown, more)

    def _rows(self, client_id: str, window: Window) -> Iterator[Row]:
        try:
            yield from RowReader(self._store, client_id, known=self._people.known).between(window)
        except TooManyEvents as refused:
            raise TooManyEvents(f"{refused.text}, or {_AS_A_JOB}") from refused

    def _own(
        self, state: State, ids: Sequence[Identifier] | frozenset[Identifier], mine: Callable[[Sighting], bool]
    ) -> tuple[list[Own], bool]:
        """Oldest first, and whether those are all."""
        block_refs = blocks_at(self._store, state.views, ids)
        spots = sorted(
            ((log, spot) for log, refs in block_refs.items() for spot in refs.values()), key=lambda at: at[1].sk
        )
        own = list[Own]()
        for batch in batched(spots[-MOST_BLOCKS:], _LOAD, strict=False):
            data = self._blocks(batch)
            for _, spot in batch:
                if spot.sk in data:
                    own += _of(spot.sk, Block(data[spot.sk]), spot, mine)
        return sorted(own, key=lambda entry: entry[:3]), len(spots) <= MOST_BLOCKS

    def _blocks(self, spots: Sequence[tuple[Log, BlockRef]]) -> dict[str, bytes]:
        blocks: dict[str, bytes] = {}
        for log in {log for log, _ in spots}:
            blocks |= self._store.blocks(log, [spot.sk for spot_log, spot in spots if spot_log == log])
        return blocks

    def _profile(
        self, state: State, person: str, own: Sequence[Own], proven: Mapping[str, VerifiedWallet], complete: bool
    ) -> Profile:
        counted = [entry for entry in own if entry.counts]
        if not counted:
            raise NobodyOfThatName
        known = [view.as_of for view in state.views if view.as_of is not None]
        return Profile(
            id=person,
            user_ids=tuple(sorted({entry.seen.user for entry in own if entry.seen.user})),
            anonymous_ids=tuple(sorted({entry.seen.visitor for entry in own if entry.seen.visitor})),
            wallets=tuple(_wallets(own, proven)),
            traits=merged(entry.event for entry in own),
            first_seen=counted[0].ts,
            last_seen=counted[-1].ts,
            events=len(counted),
            names=dict(Counter(entry.block.names[entry.position] for entry in counted).most_common(100)),
            complete=complete,
            as_of=min(known, default=millis(self._now())),
        )


def _person_of(people: IdentityGraph, seen: Sighting) -> str | None:
    return people.person(seen.user, seen.visitor, seen.wallet)


def _of(sk: str, block: Block, spot: BlockRef, mine: Callable[[Sighting], bool]) -> Iterator[Own]:
    for at, seen in enumerate(sightings(block)):
        counts = spot.counts(at)
        if (counts or spot.merges(at)) and at not in block.erased and mine(seen):
            yield Own(seen.ts, sk, at, block, seen, counts)


def _wallets(own: Sequence[Own], proven: Mapping[str, VerifiedWallet]) -> Iterator[Wallet]:
    """Those that events name, and those that were proven and never seen."""
    by_address: dict[str, list[Own]] = {address: [] for address in proven}
    for own_entry in own:
        if own_entry.seen.wallet:
            by_address.setdefault(own_entry.seen.wallet, []).append(own_entry)
    for address, entries in sorted(by_address.items()):
        proof = proven.get(address)
        accounts = {account for entry in entries if (account := _account(entry.event.web3))}
        times = [entry.ts for entry in entries] or [millis(proof.verified_at) if proof else 0]
        known = sorted(accounts | ({proof.account} if proof else set()))
        yield Wallet(
            address, tuple(known), proof is not None, times[0], times[-1], sum(entry.counts for entry in entries)
        )


def _account(raw: bytes) -> str | None:
    try:
        return _web3.decode(raw).account
    except msgspec.MsgspecError:
        return None

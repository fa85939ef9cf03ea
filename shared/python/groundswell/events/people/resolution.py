"""Who is who, and where somebody's events lie, in one state of a client's logs."""

from collections.abc import Iterable, Mapping, Sequence

from groundswell.events.chain.caip import account, is_evm
from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.eventlog.model import Log
from groundswell.events.eventlog.people_index import DEPTHS, BlockRef, bucket, mark
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.snapshot import Snapshot
from groundswell.events.people.folder import committed, telling
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.sightings import identifiers, links
from groundswell.kernel.email import email_key
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind, wallet


def people_at(store: EventLog, known: IdentityCache, views: Sequence[Snapshot]) -> IdentityGraph:
    """By the pieces of the index, and by the blocks that no fold has read yet."""
    people = IdentityGraph()
    for at, view in enumerate(views):
        folded = known.people(view.log, view.folded)
        if at:
            people.add(folded.links())
        else:
            people = folded.copy()
        for spot, seen in committed(store, view.log, view.tail):
            people.add(links(telling(spot, seen)))
    return people


def blocks_at(
    store: EventLog, views: Sequence[Snapshot], wanted: Iterable[Identifier]
) -> Mapping[Log, dict[str, BlockRef]]:
    """The blocks that may have events with one of the identifiers. One too many is possible, one too few is not:
    pieces are read from coarse to fine, as merges move them."""
    everybody = {identifier for identifier in wanted if identifier.kind in EVENT_KINDS}
    blocks: dict[Log, dict[str, BlockRef]] = {}
    for view in views:
        spots = blocks.setdefault(view.log, {})
        marks = {mark(view.log.client_id, identifier) for identifier in everybody}
        for depth in DEPTHS:
            for number in {bucket(hashed, depth) for hashed in marks}:
                for _, places in store.postings(view.log, depth, number):
                    spots |= {spot.sk: spot for spot in places.of(marks)}
        for spot, seen in committed(store, view.log, view.tail):
            if any(not everybody.isdisjoint(identifiers(sight)) for sight in seen):
                spots[spot.sk] = spot
    return blocks


def identifiers_at(people: IdentityGraph, person: str) -> frozenset[Identifier]:
    """Everything that the person of that name is known by, and the name in each of its meanings."""
    named = {Identifier.of(kind, person) for kind in EVENT_KINDS}
    matches = {identifier for identifier in named if people.resolve(identifier.value) == person}
    matches |= {Identifier(IdKind.USER, name) for name in people.names() if people.of_user(name) == person}
    matches |= {
        Identifier(IdKind.ANONYMOUS, visitor) for visitor in people.visitors() if people.of_visitor(visitor) == person
    }
    matches |= {Identifier(IdKind.WALLET, wallet) for wallet in people.wallets() if people.of_wallet(wallet) == person}
    matches |= {Identifier(IdKind.EMAIL, email) for email in people.emails() if people.of_email(email) == person}
    return frozenset(matches)


def resolve_contact(people: IdentityGraph, contact: str) -> str:
    """The person of whoever a feature knows by that id, or by an e-mail address."""
    name = resolve_person(people, contact)
    return (people.of_email(email_key(contact)) or name) if name == contact and "@" in contact else name


def resolve_person(people: IdentityGraph, identifier: str) -> str:
    """The person that an id belongs to; a wallet may be given by its CAIP-10 account, or in any case."""
    name = people.resolve(identifier)
    if name == identifier and (account(identifier) or is_evm(identifier)):
        return people.of_wallet(wallet(identifier))
    return name

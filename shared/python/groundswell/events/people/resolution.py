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
    everybody = {each for each in wanted if each.kind in EVENT_KINDS}
    found: dict[Log, dict[str, BlockRef]] = {}
    for view in views:
        spots = found.setdefault(view.log, {})
        marks = {mark(view.log.client_id, each) for each in everybody}
        for depth in DEPTHS:
            for number in {bucket(each, depth) for each in marks}:
                for _, places in store.postings(view.log, depth, number):
                    spots |= {spot.sk: spot for spot in places.of(marks)}
        for spot, seen in committed(store, view.log, view.tail):
            if any(not everybody.isdisjoint(identifiers(sight)) for sight in seen):
                spots[spot.sk] = spot
    return found


def identifiers_at(people: IdentityGraph, person: str) -> frozenset[Identifier]:
    """Everything that the person of that name is known by, and the name in each of its meanings."""
    named = {Identifier.of(kind, person) for kind in EVENT_KINDS}
    found = {each for each in named if people.resolve(each.value) == person}
    found |= {Identifier(IdKind.USER, name) for name in people.names() if people.of_user(name) == person}
    found |= {Identifier(IdKind.ANONYMOUS, each) for each in people.visitors() if people.of_visitor(each) == person}
    found |= {Identifier(IdKind.WALLET, each) for each in people.wallets() if people.of_wallet(each) == person}
    found |= {Identifier(IdKind.EMAIL, each) for each in people.emails() if people.of_email(each) == person}
    return frozenset(found)


def resolve_contact(people: IdentityGraph, given: str) -> str:
    """The person of whoever a feature knows by that id, or by an e-mail address."""
    name = resolve_person(people, given)
    return (people.of_email(email_key(given)) or name) if name == given and "@" in given else name


def resolve_person(people: IdentityGraph, given: str) -> str:
    """The person that an id belongs to; a wallet may be given by its CAIP-10 account, or in any case."""
    name = people.resolve(given)
    if name == given and (account(given) or is_evm(given)):
        return people.of_wallet(wallet(given))
    return name

"""What other features ask about a client's people: who is who, where their events lie, and to be forgotten."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from groundswell.events.eventlog.identity_graph import EdgeKind, IdentityGraph, Link
from groundswell.events.eventlog.model import Log, event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.snapshot import Snapshot, take
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.people.resolution import blocks_at, identifiers_at, people_at, resolve_person
from groundswell.personal_data.identifiers import Identifier, IdKind

_ENDS = {
    EdgeKind.VISITOR_USER: (IdKind.ANONYMOUS, IdKind.USER),
    EdgeKind.WALLET_USER: (IdKind.WALLET, IdKind.USER),
    EdgeKind.WALLET_VISITOR: (IdKind.WALLET, IdKind.ANONYMOUS),
    EdgeKind.VISITOR_WALLET: (IdKind.ANONYMOUS, IdKind.WALLET),
    EdgeKind.EMAIL_USER: (IdKind.EMAIL, IdKind.USER),
    EdgeKind.EMAIL_VISITOR: (IdKind.EMAIL, IdKind.ANONYMOUS),
    **dict.fromkeys((EdgeKind.ALIAS, EdgeKind.CLAIM, EdgeKind.IDENTIFIED), (IdKind.USER, IdKind.USER)),
}


@dataclass(frozen=True)
class State:
    """Who is who as the client's logs stood in those snapshots."""

    views: tuple[Snapshot, ...]
    people: IdentityGraph


class PeopleService:
    def __init__(self, store: EventLog) -> None:
        self._store = store
        self.known = IdentityCache(store)

    def state(self, client_id: str) -> State:
        views = (take(self._store, event_log(client_id)),)
        return State(views, people_at(self._store, self.known, views))

    def identifiers_of(self, client_id: str, person: str) -> frozenset[Identifier]:
        """Everything by which the person is known that one of its ids, of whatever kind, belongs to."""
        people = self.state(client_id).people
        return identifiers_at(people, resolve_person(people, person))

    def blocks_of(self, client_id: str, identifiers: Iterable[Identifier]) -> Mapping[Log, set[str]]:
        """Sort keys of all committed blocks that may hold an event with one of the identifiers, counted or a repeat;
        possibly some more. A block that brought nothing new was never committed and is not among them."""
        views = [take(self._store, event_log(client_id))]
        return {log: set(spots) for log, spots in blocks_at(self._store, views, identifiers).items()}

    def forget(self, client_id: str, identifiers: Iterable[Identifier]) -> int:
        """Take every link that names one of them out of the index, after the events that said so are erased. How many
        there were. To be repeated as long as a fold may run that read the events before."""
        gone, forgotten = set(identifiers), 0
        if not gone:
            return 0
        log = event_log(client_id)
        while (count := self._forget(log, gone)) is not None:  # others may change the same pieces meanwhile
            forgotten += count
        generation, _ = self._store.links(log, "P~")
        while not self._store.set_forgotten(log, generation := generation + 1):
            pass
        return forgotten

    def _forget(self, log: Log, gone: Collection[Identifier]) -> int | None:
        """None if no piece names one of them."""
        forgotten, concerned = 0, False
        for sk, _, links in self._store.links(log, "")[1]:
            kept = [link for link in links if not any(end in gone for end in _ends(link))]
            if len(kept) < len(links):
                concerned = True
                forgotten += (len(links) - len(kept)) * self._store.replace_links(log, sk, kept, links)
        return forgotten if concerned else None


def _ends(link: Link) -> tuple[Identifier, Identifier]:
    one, other = _ENDS[link.tie]
    return Identifier(one, link.one), Identifier(other, link.other)

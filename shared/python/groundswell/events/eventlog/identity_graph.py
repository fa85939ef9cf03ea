"""Which ids are one person. Pure, and the same for the same set of events in whatever order they came.

An event with a user is that user's. An anonymous visitor belongs to the first user seen with it, a wallet to the first
user seen with it, else both to whom their first common events lead. An alias makes two users one. "First" is by time,
then by id, so that a device that two people share is not a reason to merge them.

Where users and visitors share one kind of id (PostHog), an event identifies a user and may claim an id for it. Who was
ever identified is claimed by nobody, and any other id belongs to the first who claimed it: so no claim makes two
identified users one, in whatever order the events come (posthog.com/docs/product-analytics/identify).
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum

import msgspec


class EdgeKind(IntEnum):
    """What a link says of its two ids."""

    VISITOR_USER = 0
    WALLET_USER = 1
    WALLET_VISITOR = 2
    VISITOR_WALLET = 3
    ALIAS = 4
    """The first is another name of the second, whoever they are."""
    CLAIM = 5
    """The first is what the second was known by before, unless it is a user of its own."""
    IDENTIFIED = 6
    """The first, which is the second, is a user."""
    EMAIL_USER = 7
    """The first is an e-mail address, by its key, that the second gave as theirs. It makes nobody one with anybody: it
    is how somebody who is known by an address alone (a lead) finds their person."""
    EMAIL_VISITOR = 8


class Link(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Seen together at `ts` (ms)."""

    tie: EdgeKind
    one: str
    other: str
    ts: int


class IdentityGraph:
    """The links known so far. Of each id only its first link of a kind matters; of aliases all do."""

    def __init__(self) -> None:
        self._first: dict[tuple[EdgeKind, str], tuple[int, str]] = {}
        self._aliases: dict[tuple[str, str], int] = {}
        self._names: dict[str, str] | None = None

    def __len__(self) -> int:
        return len(self._first) + len(self._aliases)

    def add(self, links: Iterable[Link]) -> list[Link]:
        """Those of the links that said something new."""
        return [link for link in links if self._add(link)]

    def copy(self) -> "IdentityGraph":
        other = IdentityGraph()
        other._first, other._aliases = dict(self._first), dict(self._aliases)
        return other

    def links(self) -> Iterator[Link]:
        for (tie, one), (ts, other) in self._first.items():
            yield Link(tie, one, other, ts)
        for (one, other), ts in self._aliases.items():
            yield Link(EdgeKind.ALIAS, one, other, ts)

    def person(self, user: str | None, visitor: str | None, wallet: str | None = None) -> str | None:
        """Whose an event with these ids is."""
        if user:
            return self.of_user(user)
        if visitor:
            return self.of_visitor(visitor)
        return self.of_wallet(wallet) if wallet else None

    def of_user(self, user: str) -> str:
        if self._names is None:
            self._names = _names(self._aliases, self._claims(), self._identified())
        return self._names.get(user, user)

    def of_visitor(self, visitor: str) -> str:
        """Follows first links, which only lead to earlier ones."""
        while (EdgeKind.IDENTIFIED, visitor) not in self._first:
            known = self._first.get((EdgeKind.VISITOR_USER, visitor))
            if known:
                return self.of_user(known[1])
            seen = self._first.get((EdgeKind.VISITOR_WALLET, visitor))
            if not seen:
                return visitor
            owner = self._first.get((EdgeKind.WALLET_USER, seen[1]))
            if owner:
                return self.of_user(owner[1])
            earlier = self._first[EdgeKind.WALLET_VISITOR, seen[1]][1]
            if earlier == visitor:
                return visitor
            visitor = earlier
        return self.of_user(visitor)

    def of_wallet(self, wallet: str) -> str:
        owner = self._first.get((EdgeKind.WALLET_USER, wallet))
        if owner:
            return self.of_user(owner[1])
        visitor = self._first.get((EdgeKind.WALLET_VISITOR, wallet))
        return self.of_visitor(visitor[1]) if visitor else wallet

    def names(self) -> set[str]:
        """Users that another id is an alias of or claimed for, or the other way round."""
        claims = {name for _, one, other in self._claims() for name in (one, other)}
        return claims | {name for pair in self._aliases for name in pair}

    def visitors(self) -> set[str]:
        """That are linked to anybody."""
        return {one for tie, one in self._first if tie in (EdgeKind.VISITOR_USER, EdgeKind.VISITOR_WALLET)}

    def wallets(self) -> set[str]:
        return {one for tie, one in self._first if tie in (EdgeKind.WALLET_USER, EdgeKind.WALLET_VISITOR)}

    def emails(self) -> set[str]:
        """That somebody gave as theirs."""
        return {one for tie, one in self._first if tie in (EdgeKind.EMAIL_USER, EdgeKind.EMAIL_VISITOR)}

    def of_email(self, address: str) -> str | None:
        """The person who gave it first, a user before a visitor. `address` is a key."""
        user = self._first.get((EdgeKind.EMAIL_USER, address))
        if user:
            return self.of_user(user[1])
        visitor = self._first.get((EdgeKind.EMAIL_VISITOR, address))
        return self.of_visitor(visitor[1]) if visitor else None

    def resolve(self, identifier: str) -> str:
        """The person that an id of any kind belongs to; a user before a visitor before a wallet."""
        name = self.of_user(identifier)
        if name != identifier:
            return name
        visitor = self.of_visitor(identifier)
        return visitor if visitor != identifier else self.of_wallet(identifier)

    def _add(self, link: Link) -> bool:
        if link.tie is EdgeKind.ALIAS:
            known = (link.one, link.other) in self._aliases
            if not known:
                self._aliases[link.one, link.other] = link.ts
                self._names = None
            return not known
        key, value = (link.tie, link.one), (link.ts, link.other)
        first = self._first.get(key)
        if first is not None and first <= value:
            return False
        self._first[key] = value
        if link.tie in (EdgeKind.CLAIM, EdgeKind.IDENTIFIED):
            self._names = None
        return True

    def _claims(self) -> list[tuple[int, str, str]]:
        """Of each id the first."""
        return sorted((ts, one, other) for (tie, one), (ts, other) in self._first.items() if tie is EdgeKind.CLAIM)

    def _identified(self) -> set[str]:
        return {one for tie, one in self._first if tie is EdgeKind.IDENTIFIED}


def _names(
    aliases: Iterable[tuple[str, str]], claims: Iterable[tuple[int, str, str]], identified: Iterable[str]
) -> dict[str, str]:
    """What everybody of a chain of aliases and claims is called: by the name that replaced others and was never
    replaced. `claims` are in order."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = name = root[root[name]]
        return name

    pairs = list(aliases)
    for one, other in pairs:
        root[find(one)] = find(other)
    users = {find(name) for name in identified}
    for _, one, other in claims:
        if find(one) not in users:
            root[find(one)] = find(other)
            pairs.append((one, other))
            users.add(find(other))
    replaced = {one for one, other in pairs if one != other}
    groups: dict[str, list[str]] = {}
    for name in root:
        groups.setdefault(find(name), []).append(name)
    names = {at: min([name for name in group if name not in replaced] or group) for at, group in groups.items()}
    return {name: names[find(name)] for name in root}

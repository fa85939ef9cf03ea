"""Whom an export is about, and which events are theirs. Pure but for `about`, which asks who is who."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.people.resolution import identifiers_at, resolve_person
from groundswell.events.people.sightings import Sighting
from groundswell.personal_data.identifiers import Identifier, IdKind, wallet
from groundswell.privacy.exports.model import SeveralPersons


def about(
    people: IdentityGraph, subject: Mapping[str, Any], giver_ids: Iterable[tuple[str, str]]
) -> frozenset[Identifier]:
    """All ids of whom was asked for, as far as events know them; of a wallet its own events only. `found` are ids of
    events that give the e-mail that was asked for. Raises SeveralPersons."""
    match subject:
        case {"wallet": str(address)}:
            return frozenset({Identifier.of(IdKind.WALLET, address)})
        case {"user_id": str(user)}:
            return identifiers_at(people, people.of_user(user)) | {Identifier(IdKind.USER, user)}
        case {"anonymous_id": str(visitor)}:
            return identifiers_at(people, people.of_visitor(visitor)) | {Identifier(IdKind.ANONYMOUS, visitor)}
        case {"lead_id": _} | {"phone": _}:
            return frozenset()
        case {"email": str(email)}:
            persons = {_person(people, Identifier(IdKind(kind), value)) for kind, value in giver_ids} or {email}
            if len(persons) > 1:
                raise SeveralPersons
            return identifiers_at(people, persons.pop()) | {
                Identifier(IdKind(kind), value) for kind, value in giver_ids
            }
        case _:
            return identifiers_at(people, resolve_person(people, str(subject["person"])))


def first_id(seen: Sighting) -> Identifier | None:
    """By which an event is somebody's: the user's, else the visitor's, else the wallet's."""
    if seen.user:
        return Identifier(IdKind.USER, seen.user)
    if seen.visitor:
        return Identifier(IdKind.ANONYMOUS, seen.visitor)
    return Identifier(IdKind.WALLET, seen.wallet) if seen.wallet else None


def mine(subject: Mapping[str, Any], ids: frozenset[Identifier]) -> Callable[[Sighting], bool]:
    """Whether an event is of the person with those ids, or of the wallet that was asked for."""
    if "wallet" in subject:
        address = wallet(str(subject["wallet"]))
        return lambda seen: seen.wallet == address
    return lambda seen: first_id(seen) in ids


def _person(people: IdentityGraph, identifier: Identifier) -> str:
    match identifier.kind:
        case IdKind.USER:
            return people.of_user(identifier.value)
        case IdKind.ANONYMOUS:
            return people.of_visitor(identifier.value)
        case IdKind.WALLET:
            return people.of_wallet(identifier.value)
        case kind:
            raise ValueError(f"{kind}: no event names anybody so")

"""Whom a lead's id, an address or a number names: events know nobody by these, features do."""

from collections.abc import Iterable, Mapping
from typing import Any

from groundswell.events.eventlog.identity_graph import IdentityGraph
from groundswell.events.people.resolution import identifiers_at, resolve_person
from groundswell.personal_data.identifiers import EVENT_KINDS, Identifier, IdKind
from groundswell.personal_data.persons import of_kinds, resolve

CONTACT_KINDS = (IdKind.LEAD, IdKind.EMAIL, IdKind.PHONE)


def named_in(subject: Mapping[str, Any]) -> Identifier | None:
    """Of a request that names somebody so."""
    return next((Identifier.of(kind, str(subject[kind])) for kind in CONTACT_KINDS if subject.get(kind)), None)


def whom(
    people: IdentityGraph, features: Iterable[object], client_id: str, known: Iterable[Identifier]
) -> frozenset[Identifier]:
    """`known` with whatever features know to be the same person's, and whoever events say that is."""
    identifiers = resolve(feature_list := list(features), client_id, frozenset(known))
    persons = {resolve_person(people, kind.value) for kind in of_kinds(identifiers, EVENT_KINDS)}
    persons |= {name for kind in of_kinds(identifiers, (IdKind.EMAIL,)) if (name := people.of_email(kind.value))}
    seen = {identifier for person in persons for identifier in identifiers_at(people, person)}
    return resolve(feature_list, client_id, identifiers | seen, complete=EVENT_KINDS)

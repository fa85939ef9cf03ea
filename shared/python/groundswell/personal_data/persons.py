"""Everything by which a person is known, whichever feature knows it."""

from collections.abc import Collection, Iterable

from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.personal_data.port import SupportsResolve


def of_kinds(persons: Iterable[Identifier], kinds: Collection[IdKind]) -> list[Identifier]:
    return [person for person in persons if person.kind in kinds]


def resolve(
    features: Iterable[object], client_id: str, known: Collection[Identifier], complete: Collection[IdKind] = ()
) -> frozenset[Identifier]:
    """`known` and whatever a feature knows to be the same person's, and whatever another knows of that.

    What a feature answers is not put to it again. `known` is all there is to know of the kinds in `complete`: who
    resolves no others is asked only about what others found.
    """
    resolvers = [feature for feature in features if isinstance(feature, SupportsResolve)]
    put = [set(known) if set(resolver.resolves) <= set(complete) else set[Identifier]() for resolver in resolvers]
    everything, changed = set(known), True
    while changed:
        changed = False
        for resolver, before in zip(resolvers, put, strict=True):
            if persons := of_kinds(everything - before, resolver.resolves):
                identifiers = set(resolver.resolve(client_id, persons))
                before |= {*persons, *identifiers}
                everything |= identifiers
                changed = True
    return frozenset(everything)

"""What the functions that purge, erase and export are handed: every feature's personal data, and the grants to it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from infra.declarations import Feature, Function, Grant, PersonalData, PersonalDataUse

_ACTIONS: dict[PersonalDataUse, dict[str, tuple[str, ...]]] = {
    "purge": {"table": ("Query", "BatchWriteItem"), "bucket": ("ListBucket", "DeleteObject")},
    "persons": {
        "table": ("GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem"),
        "bucket": ("GetObject", "PutObject", "DeleteObject", "ListBucket"),
    },
}


def hand_over(features: Sequence[Feature]) -> tuple[Feature, ...]:
    """The features, those functions completed."""
    declared = [declaration for feature in features for declaration in feature.personal_data]
    return tuple(
        replace(feature, functions=tuple(_completed(function, declared) for function in feature.functions))
        for feature in features
    )


def _completed(function: Function, declared: Sequence[PersonalData]) -> Function:
    if function.personal_data is None:
        return function
    names = ",".join(declaration.package for declaration in declared)
    return replace(
        function,
        grants=_merged((*function.grants, *_grants(function.personal_data, declared))),
        environment={**function.environment, "PERSONAL_DATA": names},
    )


def _grants(use: PersonalDataUse, declared: Iterable[PersonalData]) -> Iterable[Grant]:
    for declaration in declared:
        yield from (Grant("table", table, _ACTIONS[use]["table"]) for table in declaration.tables)
        yield from (Grant("bucket", bucket, _ACTIONS[use]["bucket"]) for bucket in declaration.buckets)


def _merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """One grant a resource."""
    actions: dict[tuple[str, str], Grant] = {}
    for grant in grants:
        before = actions.get((grant.kind, grant.name))
        known = before.actions if before else ()
        actions[grant.kind, grant.name] = replace(grant, actions=tuple(dict.fromkeys((*known, *grant.actions))))
    return tuple(actions.values())

"""Wire shapes of the suppression list."""

from functions.privacy.people import OneIdentifier
from groundswell.events.eventlog.identifiers import IdKind
from groundswell.events.suppressions.model import Suppression
from groundswell.http.schema import Line, Out, Time


class SuppressionCreate(OneIdentifier):
    reason: Line


class SuppressionOut(Out):
    """`value` is null where only a digest is kept: of people who were erased."""

    id: str
    kind: IdKind
    value: str | None
    reason: str
    created_by: str
    created_at: Time


def suppression_out(each: Suppression) -> SuppressionOut:
    return SuppressionOut(
        id=each.id,
        kind=each.id_kind,
        value=each.value,
        reason=each.reason,
        created_by=each.by,
        created_at=each.created_at,
    )

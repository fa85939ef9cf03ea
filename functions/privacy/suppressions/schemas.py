"""Wire shapes of the suppression list."""

from typing import Annotated

from pydantic import Field

from functions.privacy.people import OneIdentifier
from groundswell.events.suppressions.model import Suppression
from groundswell.http.schema import Line, WrittenOnce
from groundswell.personal_data.identifiers import EVENT_KINDS


class SuppressionCreate(OneIdentifier):
    reason: Line


class SuppressionOut(WrittenOnce):
    """`value` is null where only a digest is kept: of people who were erased."""

    id: str
    kind: Annotated[str, Field(json_schema_extra={"enum": [kind.value for kind in EVENT_KINDS]})]
    value: str | None
    reason: str
    created_by: str


def suppression_out(each: Suppression) -> SuppressionOut:
    return SuppressionOut(
        id=each.id,
        kind=each.id_kind.value,
        value=each.value,
        reason=each.reason,
        created_by=each.by,
        created_at=each.created_at,
    )

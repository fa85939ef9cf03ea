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


def suppression_out(suppression: Suppression) -> SuppressionOut:
    return SuppressionOut(
        id=suppression.id,
        kind=suppression.id_kind.value,
        value=suppression.value,
        reason=suppression.reason,
        created_by=suppression.by,
        created_at=suppression.created_at,
    )

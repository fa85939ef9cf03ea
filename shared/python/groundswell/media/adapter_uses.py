"""For other features' transactions: a file is used by a thing of theirs, or is not any more."""

from typing import Any

from groundswell.media.items import asset_pk
from groundswell.media.model import USES_AT_MOST, MediaNotFound, Use
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change


def use(client_id: str, media_id: str, where: Use) -> Change:
    """Refused with MediaNotFound where there is no such file, or its upload is not complete."""
    condition = "attribute_exists(pk) AND #status = :ready AND (attribute_not_exists(uses) OR size(uses) <= :most)"
    values = {":ready": {"S": "ready"}, ":most": {"N": str(USES_AT_MOST)}}
    operation = _update("ADD uses :use, version :one", client_id, media_id, where)
    operation |= {"ConditionExpression": condition, "ExpressionAttributeNames": {"#status": "status"}}
    operation["ExpressionAttributeValues"] |= values
    return Change({"Update": operation}, MediaNotFound(f"No such file: {media_id}", details={"media_id": media_id}))


def unuse(client_id: str, media_id: str, where: Use) -> Change:
    """What is used is there: nobody deletes it."""
    operation = _update("DELETE uses :use ADD version :one", client_id, media_id, where)
    return Change({"Update": operation | {"ConditionExpression": "attribute_exists(pk)"}}, MediaNotFound())


def _update(expression: str, client_id: str, media_id: str, where: Use) -> dict[str, Any]:
    return {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": asset_pk(client_id, media_id)}, "sk": {"S": "MEDIA"}},
        "UpdateExpression": expression,
        "ExpressionAttributeValues": {":use": {"SS": [str(where)]}, ":one": {"N": "1"}},
    }

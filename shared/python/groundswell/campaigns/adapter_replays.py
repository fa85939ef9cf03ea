"""Reports of providers that were taken: somebody who has a copy of one must not have it taken again."""

from hashlib import sha256

from groundswell.campaigns.hooks import TOLERANCE
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name


def was_handled(sender_id: str, token: str) -> bool:
    return "Item" in dynamodb().get_item(
        TableName=table_name("ephemeral"), Key=_key(sender_id, token), ConsistentRead=True
    )


def note_handled(sender_id: str, token: str, now: float) -> None:
    """For as long as its signature is good: when the report is in the queue, so that none is lost."""
    expires = {"N": str(int(now) + 2 * TOLERANCE)}
    dynamodb().put_item(TableName=table_name("ephemeral"), Item={**_key(sender_id, token), "expires_at": expires})


def _key(sender_id: str, token: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"MAILHOOK#{sha256(f'{sender_id}\0{token}'.encode()).hexdigest()}"}, "sk": {"S": "TAKEN"}}

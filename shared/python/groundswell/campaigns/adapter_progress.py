"""How far a claim got, in DynamoDB: an item beside its batch.

Claims of a batch follow each other by their lease. Whoever closes one writes that into the same item, and its sender's
next write fails, also if it only slept.
"""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from groundswell.campaigns.adapter_rows import Row, batch_sk, delivery_of, record_of
from groundswell.campaigns.items import sent_pk
from groundswell.campaigns.ledger import Batch
from groundswell.campaigns.progress import Progress
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_KEPT = timedelta(days=1)
_OPEN = "attribute_not_exists(pk) OR lease < :lease OR (lease = :lease AND attribute_not_exists(closed))"
_NO_NEWER = "attribute_not_exists(pk) OR lease <= :lease"


def proceed(claimed: Batch, progress: Progress) -> bool:
    """Whether the messages from that place on may leave."""
    outcomes = {str(place): record_of(replace(one, lead_id="", to=None)) for place, one in progress.outcomes.items()}
    item: Row = {
        **_key(claimed),
        "kind": {"S": "campaign_progress"},
        **_lease(claimed),
        "place": {"N": str(progress.place)},
        "outcomes": {"S": json.dumps(outcomes, separators=(",", ":"))},
    }
    try:
        dynamodb().put_item(
            TableName=table_name("core"),
            Item=item,
            ConditionExpression=_OPEN,
            ExpressionAttributeValues={":lease": item["lease"]},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def close(batch: Batch) -> Progress:
    """Again says the same. Raises ClientError where a newer claim has begun: its own batch's version is newer then."""
    lease = _lease(batch)
    answer = dynamodb().update_item(
        TableName=table_name("core"),
        Key=_key(batch),
        UpdateExpression="SET kind = :kind, lease = :lease, expires_at = :expires, closed = :yes",
        ConditionExpression=_NO_NEWER,
        ExpressionAttributeValues={
            ":kind": {"S": "campaign_progress"},
            ":lease": lease["lease"],
            ":expires": lease["expires_at"],
            ":yes": {"BOOL": True},
        },
        ReturnValues="ALL_OLD",
    )
    known: Any = answer.get("Attributes")
    if not known or known["lease"] != lease["lease"] or "place" not in known:
        return Progress()
    outcomes = {int(place): delivery_of(one) for place, one in json.loads(known["outcomes"]["S"]).items()}
    return Progress(int(known["place"]["N"]), outcomes)


def _key(batch: Batch) -> Row:
    return {"pk": {"S": sent_pk(batch.client_id, batch.campaign_id)}, "sk": {"S": f"P{batch_sk(batch.number)}"}}


def _lease(batch: Batch) -> Row:
    """A claim's own: the next one's is later."""
    until = batch.leased_until
    if until is None:
        raise ValueError("a batch that nobody claimed")
    return {"lease": {"S": until.isoformat()}, "expires_at": {"N": str(int((until + _KEPT).timestamp()))}}

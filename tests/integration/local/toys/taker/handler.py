"""Remembers the messages it got; reports those that say `poison`, and raises for a batch with `explode`."""

import os

from botocore.session import get_session

dynamodb = get_session().create_client("dynamodb")


def handler(event, context):
    failed = []
    for record in event["Records"]:
        if "explode" in record["body"]:
            raise RuntimeError("the whole batch")
        if "poison" in record["body"]:
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        item = {"pk": {"S": "taken"}, "sk": {"S": record["body"]}}
        dynamodb.put_item(TableName=os.environ["TABLE_EPHEMERAL"], Item=item)
    return {"batchItemFailures": failed}

"""Counts how often it saw each item of the stream, and raises for one that says `poison`."""

import os

from botocore.session import get_session

dynamodb = get_session().create_client("dynamodb")


def handler(event, context):
    for record in event["Records"]:
        name = record["dynamodb"]["Keys"]["sk"]["S"]
        if "poison" in name:
            raise RuntimeError("cannot digest it")
        dynamodb.update_item(
            TableName=os.environ["TABLE_EPHEMERAL"],
            Key={"pk": {"S": "followed"}, "sk": {"S": name}},
            UpdateExpression="ADD seen :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

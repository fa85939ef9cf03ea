"""Counts how often each due time came."""

import os

from botocore.session import get_session

dynamodb = get_session().create_client("dynamodb")


def handler(event, context):
    dynamodb.update_item(
        TableName=os.environ["TABLE_EPHEMERAL"],
        Key={"pk": {"S": event["schedule"]}, "sk": {"S": event["due"]}},
        UpdateExpression="ADD seen :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )

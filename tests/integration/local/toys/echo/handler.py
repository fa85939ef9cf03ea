"""Answers with what it was given, or misbehaves as the path asks."""

import os
import time

from botocore.session import get_session

from groundswell.kernel.clock import utc_now

started = time.time()


def handler(event, context):
    word = event.get("rawPath", "").rpartition("/")[2]
    return _WORDS.get(word, _echo)(event, context)


def _echo(event, context):
    return {"event": event, "pid": os.getpid(), "function": context.function_name}


def _slow(event, context):
    time.sleep(float(event.get("rawQueryString") or 0.3))
    return {"pid": os.getpid(), "left": context.get_remaining_time_in_millis()}


def _put(event, context):
    """Writes an item to `core` under the keys of the query."""
    query = event["queryStringParameters"]
    item = {name: {"S": value} for name, value in query.items()}
    get_session().create_client("dynamodb").put_item(TableName=os.environ["TABLE_CORE"], Item=item)
    return {"statusCode": 201}


_WORDS = {
    "slow": _slow,
    "put": _put,
    "raise": lambda *_: 1 / 0,
    "exit": lambda *_: os._exit(3),
    "environment": lambda *_: dict(os.environ),
    "clock": lambda *_: {"now": utc_now().isoformat()},
    "shaped": lambda *_: {
        "statusCode": 418,
        "headers": {"X-Toy": "yes", "content-type": "image/png"},
        "cookies": ["a=1; Path=/", "b=2"],
        "body": "iVBORw==",
        "isBase64Encoded": True,
    },
    "shapeless": lambda *_: {"statusCode": "teapot"},
    "huge": lambda *_: {"statusCode": 200, "body": "x" * 7_000_000},
}

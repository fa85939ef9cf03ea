"""One cheap call per dependency."""

from collections.abc import Callable

from groundswell.storage.client import dynamodb, sqs
from groundswell.storage.settings import queue_url, table_name


def table_probe(table: str) -> Callable[[], object]:
    return lambda: dynamodb().describe_table(TableName=table_name(table))


def queue_probe(queue: str) -> Callable[[], object]:
    return lambda: sqs().get_queue_attributes(QueueUrl=queue_url(queue), AttributeNames=["QueueArn"])

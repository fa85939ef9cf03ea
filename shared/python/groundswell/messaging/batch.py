"""Batches of a queue or a stream, record by record: one that fails is reported alone, the others are done."""

from collections.abc import Callable, Mapping
from typing import Any

from groundswell.observability.log import log
from groundswell.observability.metrics import metric

type Record = Mapping[str, Any]
type Failures = dict[str, list[dict[str, str]]]


def each_message(event: Mapping[str, Any], handle: Callable[[str], object]) -> Failures:
    """`handle` gets each SQS body. What it raises makes that message come back, and end in the DLQ at last."""
    failed = [record["messageId"] for record in event["Records"] if not _handled(record, "messageId", handle, _body)]
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def each_image(event: Mapping[str, Any], handle: Callable[[Mapping[str, Any]], object]) -> Failures:
    """`handle` gets each new image of a DynamoDB stream, in order; the batch comes back from the first failure on.

    The event source mapping bisects and bounds the retries, then sends the record's pointer to the function's DLQ.
    """
    for record in event["Records"]:
        if not _handled(record, "eventID", handle, _image):
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _body(record: Record) -> Any:
    return record["body"]


def _image(record: Record) -> Any:
    return record["dynamodb"]["NewImage"]


def _handled(record: Record, identifier: str, handle: Callable[[Any], object], part: Callable[[Record], Any]) -> bool:
    try:
        handle(part(record))
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is, the other records must go on
        log.exception("record failed", extra={"record": record.get(identifier), "reason": type(error).__name__})
        metric("RecordsFailed", 1)
        return False
    return True

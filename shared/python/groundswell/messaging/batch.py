"""Batches of a queue or a stream, record by record: one that fails is reported alone, the others are done."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from groundswell.messaging.deadletters import send_to_dlq
from groundswell.observability.log import log
from groundswell.observability.metrics import metric

type Record = Mapping[str, Any]
type Failures = dict[str, list[dict[str, str]]]
type Poison = tuple[type[Exception], ...]


def handle_messages(event: Mapping[str, Any], handle: Callable[[str], object], *, poison: Poison) -> Failures:
    """`handle` gets each SQS body. What raises one of `poison` is a dead letter at once; any other failure comes back,
    and becomes one after the queue's last receive."""
    failures: list[dict[str, str]] = []
    for record in event["Records"]:
        body = record["body"]
        if not _handled(lambda: handle(body), lambda: body, record["messageId"], poison):  # noqa: B023 - called at once
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def handle_images(event: Mapping[str, Any], handle: Callable[[Record], object], *, poison: Poison) -> Failures:
    """`handle` gets each new image of a DynamoDB stream, in order; the batch comes back from the first failure on.

    What raises one of `poison` is a dead letter (its body is the image) and the stream goes on.
    """
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage", {})
        sequence = record["dynamodb"]["SequenceNumber"]
        if not _handled(lambda: handle(image), lambda: json.dumps(image), sequence, poison):  # noqa: B023 - at once
            return {"batchItemFailures": [{"itemIdentifier": sequence}]}
    return {"batchItemFailures": []}


def _handled(handle: Callable[[], object], letter: Callable[[], str], name: str, poison: Poison) -> bool:
    try:
        if reason := _poison_in(handle, poison):
            send_to_dlq(letter(), reason)
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is, the other records must go on
        log.exception("record failed", extra={"record": name, "reason": type(error).__name__})
        metric("RecordsFailed", 1)
        return False
    return True


def _poison_in(handle: Callable[[], object], poison: Poison) -> str:
    """Why the record is a dead letter, or nothing. The error ends here: what fails later would be logged with it, and
    it may quote what somebody sent."""
    try:
        handle()
    except poison as error:
        return f"{type(error).__name__}: {error}"
    return ""

"""What an SQS worker does with messages that name operations."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from groundswell.kernel.ids import can_be_id
from groundswell.messaging.batch import Failures, handle_messages
from groundswell.messaging.deadletters import send_to_dlq
from groundswell.messaging.deadline import has_time_left
from groundswell.observability.log import log
from groundswell.operations.service import Runner
from groundswell.storage.client import sqs
from groundswell.storage.settings import queue_url

_LONGEST_DELAY = 900  # seconds: SQS's limit
_LONGEST_HOLD = 43_200  # seconds: SQS's limit
_GRACE = 5  # seconds after this invocation's end
_NOT_OURS = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue", "MessageNotInflight"})


class NoOperation(ValueError):
    """A message that the outbox did not write."""


def go_on(
    event: Mapping[str, Any], context: Any, runner: Callable[[], Runner], queue: str, *, reserve_ms: int
) -> Failures:
    """Go on with each operation for as long as the function has time, less `reserve_ms` for the step that is under way,
    and tell `queue` of what is not over. `ATTEMPTS` is how often the queue delivers a message, `ROUNDS` how often an
    operation may be told of again: Lambda's own guard against such loops is off. At the bound it fails, with its
    reason, and a letter that begins to count anew waits for an operator.

    A message whose worker dies comes again when this invocation would have ended, not after the queue's visibility
    timeout, which Lambda wants to be six times as long."""
    goes_on = has_time_left(context, reserve_ms)
    for record in event["Records"]:
        _hold(record, queue, context)
    last = {record["body"] for record in event["Records"] if _received(record) >= int(os.environ["ATTEMPTS"])}

    def handle(body: str) -> None:
        message = _parsed(body)
        wait = runner().run(message.client_id, message.operation_id, goes_on, last=body in last)
        log.info("operation", extra={"operation_id": message.operation_id, "round": message.round, "goes_on_in": wait})
        if wait is None:
            return
        if message.round >= int(os.environ["ROUNDS"]):
            reason = f"Not done after {message.round} rounds"
            runner().give_up(message.client_id, message.operation_id, reason)
            send_to_dlq(message.body(0), reason)
        else:
            sqs().send_message(
                QueueUrl=queue_url(queue),
                MessageBody=message.body(message.round + 1),
                DelaySeconds=min(wait, _LONGEST_DELAY),
            )

    return handle_messages(event, handle, poison=(NoOperation,))


def _hold(record: Mapping[str, Any], queue: str, context: Any) -> None:
    """One that was delivered again meanwhile is another's to hold: operations bear two workers."""
    if not (handle := record.get("receiptHandle")):
        return
    seconds = min(_LONGEST_HOLD, int(context.get_remaining_time_in_millis() // 1000) + _GRACE)
    try:
        sqs().change_message_visibility(QueueUrl=queue_url(queue), ReceiptHandle=handle, VisibilityTimeout=seconds)
    except ClientError as error:
        if error.response["Error"]["Code"].rpartition(".")[2] not in _NOT_OURS:
            raise


def _received(record: Mapping[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


@dataclass(frozen=True)
class _Round:
    """A message, as `operations.store.message` writes the first: `round` is how many went before it."""

    client_id: str
    operation_id: str
    round: int

    def body(self, round_: int) -> str:
        names = {"client_id": self.client_id, "operation_id": self.operation_id}
        return json.dumps(names | ({"round": round_} if round_ else {}))


def _parsed(body: str) -> _Round:
    """Raises NoOperation."""
    try:
        document = json.loads(body)
        message = _Round(str(document["client_id"]), str(document["operation_id"]), int(document.get("round", 0)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoOperation(f"{type(error).__name__}: {error}") from error
    if not (can_be_id(message.client_id) and can_be_id(message.operation_id)):
        raise NoOperation("it names no operation")
    return message

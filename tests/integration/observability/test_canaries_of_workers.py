"""Gate S8 beyond HTTP: what queues, streams and schedules bring is in no log line, whatever becomes of it.

The functions come from the catalogue, so a worker added later is in here at once.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groundswell.events.coalescer.model import to_message
from groundswell.events.eventlog.block import encode
from groundswell.events.eventlog.model import Event, Log
from groundswell.kernel.clock import utc_now
from infra import catalogue
from infra.declarations import Function, QueueTrigger, StreamTrigger
from tests.backend import Backend
from tests.calls import Calls
from tests.gateway import call_handler
from tests.integration.observability.test_canaries import CANARIES, EVERYTHING
from tests.integration.observability.test_canaries_everywhere import _bodies

EVENTS = Path(__file__).parents[3] / "events"
FOLDERS = {"outbox_publisher": "outbox"}
WORKERS = [function for function in catalogue.FUNCTIONS if function.trigger is not None]
FAILING = ("GetItem", "PutItem", "Query", "UpdateItem", "BatchWriteItem", "TransactWriteItems", "SendMessage")
SECRETS = list(CANARIES.values())
_dues = count()


@pytest.fixture(autouse=True)
def _swept(moto: Backend) -> Iterator[None]:
    """Queues outlive a module's tests."""
    yield
    for url in (*moto.resources.queues.values(), *moto.resources.dead_letters.values()):
        while messages := moto.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                moto.aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.parametrize("worker", WORKERS, ids=lambda worker: worker.name)
def test_nothing_that_reaches_a_worker_is_logged(
    moto: Backend, calls: Calls, worker: Function, log_lines: Callable[[], list[Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    message = f"Item {CANARIES['email']} {CANARIES['jwt']} {CANARIES['key']} is bad"
    call_handler(moto, worker.name, {"Records": [], "due": "2032-01-01T00:00:00Z"})
    before, raised = len(log_lines()), []
    for event in _events(worker):
        raised.append(_deliver(moto, worker, event))
        with ExitStack() as broken:
            for operation in FAILING:
                broken.enter_context(
                    calls.failing(operation, "ValidationException", 9, message=message, Message=message)
                )
            raised.append(_deliver(moto, worker, event))

    written = json.dumps([*log_lines(), *raised], ensure_ascii=False) + "".join(capfd.readouterr())
    assert len(log_lines()) > before
    assert [name for name, canary in CANARIES.items() if canary in written] == []


def _deliver(backend: Backend, worker: Function, event: Any) -> str:
    """What the handler raises is Lambda's to log. It may quote AWS, which knows no person, and nothing of the event."""
    try:
        call_handler(backend, worker.name, event)
    except ClientError:
        return ""
    except Exception as error:  # noqa: BLE001 - whatever it is
        return repr(error)
    return ""


def _events(worker: Function) -> Iterator[Any]:
    match worker.trigger:
        case QueueTrigger():
            bodies = [*_sampled(worker), _coalesced(), json.dumps(EVERYTHING), *SECRETS]
            for body in (*bodies, *(body[:-2] for body in bodies)):
                yield {"Records": [{"messageId": "m", "body": body, "attributes": {}, "messageAttributes": {}}]}
        case StreamTrigger():
            yield from (_record(image) for image in _images())
        case _:
            yield {"schedule": worker.name, "due": f"2032-02-{1 + next(_dues) % 28:02}T00:00:00Z", **EVERYTHING}


def _sampled(worker: Function) -> Iterator[str]:
    """The bodies of its samples with a canary in one place at a time."""
    for path in sorted((EVENTS / FOLDERS.get(worker.name, worker.name)).glob("*.json")):
        for record in json.loads(path.read_text())["Records"]:
            with suppress(ValueError):
                yield from (json.dumps(body) for body in _bodies(json.loads(record["body"]), " ".join(SECRETS)))


def _block() -> bytes:
    now = int(utc_now().timestamp() * 1000)
    fields = {"user_id": CANARIES["email"], "anonymous_id": CANARIES["jwt"]}
    raw = {"properties": json.dumps(EVERYTHING).encode()}
    return encode([Event(id=CANARIES["key"], kind="track", name=CANARIES["password"], ts=now, **fields, **raw)], now)


def _coalesced() -> str:
    return to_message(Log(CANARIES["name"], "0"), _block())


def _images() -> Iterator[dict[str, Any]]:
    blocks = [_block(), _block()[:-5], json.dumps(EVERYTHING).encode()]
    keys = {"pk": {"S": "client#0"}, "sk": {"S": "B#1#x"}}
    for data in (*(b64encode(block).decode() for block in blocks), *SECRETS):
        yield {**keys, "d": {"B": data}}
    for queue in ("mail", "nowhere", *SECRETS):
        for body in (json.dumps(EVERYTHING), *SECRETS):
            yield {**keys, "kind": {"S": "outbox"}, "queue": {"S": queue}, "body": {"S": body}}
    yield {**keys, **{name: {"S": value} for name, value in EVERYTHING.items()}}


def _record(image: dict[str, Any]) -> dict[str, Any]:
    keys = {name: image[name] for name in ("pk", "sk")}
    change = {"Keys": keys, "NewImage": image, "SequenceNumber": "1"}
    return {"Records": [{"eventID": "1", "eventName": "INSERT", "dynamodb": change}]}

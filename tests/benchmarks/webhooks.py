"""Deliveries through the whole Lambda handler to a receiver on loopback: CPU time with botocore's, and AWS calls. Those
that come alone have a minute each.

DynamoDB, KMS and SQS are another process of canned answers: their time is left out, no more.
"""

import time
from base64 import b64encode
from collections import Counter
from datetime import timedelta
from typing import Any

from groundswell.kernel.clock import set_offset
from groundswell.webhooks.events import event_message
from groundswell.webhooks.items import endpoint_item
from groundswell.webhooks.model import Endpoint, Secret, Status
from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.report import Figure, Say, at_most, table
from tests.receiver import Received, Reply, receiver

_BATCH = 10  # the queue's


def measure(say: Say, *, deliveries: int) -> tuple[list[Figure], str]:
    say(f"{deliveries} deliveries, in batches and alone")
    together, spent = _run(deliveries, _BATCH)
    alone, _ = _run(deliveries, 1)
    failing, _ = _run(deliveries, _BATCH, failing=True)
    counts = {"in batches": together, "alone": alone, "a third fails": failing}
    names = sorted({name for count in counts.values() for name in count})
    figures = [
        *(at_most(f"AWS calls a delivery, {name}", calls.total() / deliveries, 3) for name, calls in counts.items()),
        at_most("ms of a core a delivery, in batches", spent / deliveries * 1000, 20, spell="{:.1f}"),
    ]
    rows = [(name, *(f"{count[name] / deliveries:.2f}" for count in counts.values())) for name in names]
    return figures, table("A delivery's AWS calls", ("operation", *counts), rows)


def _run(deliveries: int, batch: int, *, failing: bool = False) -> tuple[Counter[str], float]:
    """Warm: one delivery before them opens the secret."""
    answered = iter(range(deliveries + 1))

    def reply(_: Received) -> Reply:
        return Reply(500 if failing and next(answered) % 3 == 1 else 200)

    with receiver(reply) as peer, CannedAws(_Tables(peer.url).answer) as aws:
        settings = {"ALLOW_LOOPBACK_HOSTS": peer.place, "STAGE": "local"}
        queue = {"QUEUE_WEBHOOK_EVENTS": f"{aws.environment['AWS_ENDPOINT_URL']}/webhook_events"}
        environ = {**function_environment("webhook_sender"), **aws.environment, **queue, **settings}
        spent = isolated("tests.benchmarks.webhooks", environ, deliveries=deliveries, batch=batch)
        assert len(peer.requests) == deliveries + 1
        calls = Counter(call.rpartition(".")[2] for call in aws.calls)
    return calls - Counter({"Decrypt": 1, "Query": 1, "PutItem": 2}), spent


class _Tables:
    """One endpoint of the client's, and room for whatever is written."""

    def __init__(self, url: str) -> None:
        secret = (Secret("kms1." + b64encode(b"sealed").decode()),)
        now = samples.NOW
        endpoint = Endpoint("w1", "c1", "o1", url, "", (), Status.ACTIVE, secret, "u1", now, now)
        self._endpoint = {**endpoint_item(endpoint).serialize(), "version": {"N": "1"}}

    def answer(self, target: str, _: dict[str, Any]) -> dict[str, Any]:
        match target.rpartition(".")[2]:
            case "Query":
                return {"Items": [self._endpoint], "Count": 1, "ScannedCount": 1}
            case "Decrypt":
                return {"Plaintext": b64encode(b"s" * 32).decode(), "KeyId": "key"}
            case "SendMessage":
                return {"MessageId": "m"}
        return {}


def main(*, deliveries: int, batch: int) -> float:
    """CPU seconds, in a process of its own, because functions read their environment."""
    from functions.webhook_sender.handler import handler

    def send(numbers: range) -> None:
        at = samples.NOW + timedelta(seconds=1)
        bodies = [event_message("c1", "webhook.test", {"n": number}, id=f"e{number}", at=at).body for number in numbers]
        answer = handler({"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}, None)
        assert answer == {"batchItemFailures": []}, answer

    send(range(deliveries, deliveries + 1))
    began = time.process_time()
    for start in range(0, deliveries, batch):
        if batch == 1:
            set_offset(timedelta(minutes=start + 1))
        send(range(start, min(start + batch, deliveries)))
    return time.process_time() - began

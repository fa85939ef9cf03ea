"""Receives events. No web framework: this path is called more often than all others together."""

import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from os import urandom
from traceback import format_exc
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from functions.ingest.formo import unread
from functions.ingest.gateway import Answer, Request, crashed, refusal, request, result
from functions.ingest.keyring import Keyring
from functions.ingest.posthog import BROWSERS
from functions.ingest.routes import Ingest, template
from groundswell.events.coalescer.adapter_queue import CoalescingWriter
from groundswell.events.eventlog.adapter_writer import DynamoBlockWriter, Incomplete
from groundswell.events.ingest.service import IngestService
from groundswell.events.ingest.visitor import visitor
from groundswell.events.rejections.adapter_writer import DynamoRejections
from groundswell.events.suppressions.adapter_guard import GuardedKeys
from groundswell.http.caller import open_at_start
from groundswell.http.door import reject_bypass
from groundswell.kernel.clock import millis, utc_now
from groundswell.kernel.errors import DomainError, Outage, Overloaded, Unavailable
from groundswell.kernel.ids import new_id
from groundswell.observability.redaction import redact_text
from groundswell.storage.client import dynamodb, open_early, sqs
from groundswell.storage.outage import is_throttled
from groundswell.storage.settings import queue_url, table_name

open_early(dynamodb, *open_at_start())


@cache
def ingest() -> Ingest:
    cached_for = timedelta(seconds=int(os.environ.get("PRINCIPAL_CACHE_SECONDS", "60")))
    direct = DynamoBlockWriter(dynamodb(), table_name("events"), random=lambda: urandom(6).hex())
    writer = CoalescingWriter(direct, sqs, queue_url("arrivals"), _not_queued)
    rejections = DynamoRejections(dynamodb(), table_name("ephemeral"), lambda: urandom(6).hex(), _not_kept)
    keys = GuardedKeys()
    return Ingest(Keyring(keys, utc_now, cached_for), IngestService(writer, utc_now, new_id, rejections, keys))


def _not_queued(reason: str) -> None:
    _say("ERROR", f"written directly, not queued: {redact_text(reason)}", {})


def _not_kept(reason: str) -> None:
    _say("ERROR", f"verdicts not kept: {redact_text(reason)}", {})


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    if refused := reject_bypass(event):
        return refused
    started = time.perf_counter()
    http_request = request(event, new_id())
    answer = _answer(http_request)
    _say("INFO", "request", _summary(http_request, answer, started), answer)
    return result(Answer(answer.status, None, answer.headers) if unread(http_request) else answer, http_request)


def _answer(http_request: Request) -> Answer:
    try:
        wired = ingest()
        service = wired.service.for_visitor(visitor(http_request.headers, http_request.address))
        return Ingest(wired.keyring, service).answer(http_request)
    except DomainError as error:
        return refusal(error, http_request)
    except (BotoCoreError, ClientError, Incomplete) as error:
        _say("ERROR", f"storage: {type(error).__name__}: {redact_text(str(error))}", {"request_id": http_request.id})
        return refusal(_trouble(error, http_request), http_request)
    except Exception:  # noqa: BLE001  # the edge: a bug is logged whole and answered as 500
        _say("ERROR", "crash", {"request_id": http_request.id}, stack=redact_text(format_exc()))
        return crashed(http_request)


def _trouble(error: Exception, http_request: Request) -> Unavailable:
    """Nearly all SDKs wait as long as a 429 tells them. What is refused for good (a quota that is used up, a revoked
    key) stays a 4xx for posthog-js too: to keep it would not help."""
    outage = Outage("The event store")
    busy = isinstance(error, Incomplete) or is_throttled(error)
    return Overloaded(outage) if busy and http_request.path not in BROWSERS else Unavailable(outage)


def _summary(http_request: Request, answer: Answer, started: float) -> dict[str, Any]:
    return {
        "request_id": http_request.id,
        "method": http_request.method,
        "route": template(http_request.path) if answer.status != 404 else None,
        "status": answer.status,
        "ms": round((time.perf_counter() - started) * 1000, 1),
    }


def _say(
    level: str, message: str, metadata: Mapping[str, Any], answer: Answer | None = None, stack: str | None = None
) -> None:
    """A log line; of a batch also its counts as metrics (embedded metric format), without importing a logger."""
    now = utc_now()
    service = os.environ.get("SERVICE", "ingest")
    line: dict[str, Any] = {
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": level,
        "service": service,
        "message": message,
        "metadata": metadata,
    }
    if stack:
        line["stackTrace"] = stack
    if answer and answer.counts:
        metrics = [{"Name": name, "Unit": "Count"} for name in answer.counts]
        directive = {"Namespace": "Groundswell", "Dimensions": [["service", "stage"]], "Metrics": metrics}
        line |= {**answer.counts, "stage": os.environ.get("STAGE", "local")}
        line["_aws"] = {"Timestamp": millis(now), "CloudWatchMetrics": [directive]}
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")

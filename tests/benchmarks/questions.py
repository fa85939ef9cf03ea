"""Questions through the whole Lambda handler: CPU time, with what botocore takes to read the blocks.

The log lies in another process, which answers as DynamoDB would: its time and its network are left out, no more.
"""

import json
import statistics
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import event_log
from groundswell.events.ingest.body import envelope
from groundswell.events.ingest.service import IngestService
from groundswell.events.rollups.committer import Committer
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.folder import Folder
from tests.benchmarks import samples
from tests.benchmarks.aws import CannedAws, answer
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.paired import in_turns
from tests.benchmarks.report import Figure, Say, table
from tests.fakes.event_log import FakeEventLog

_CLIENT = samples.CLIENT_IDS[0]
_BATCH, _PEOPLE, _TURNS = 500, 5_000, 5
_STEPS = [{"name": name} for name in ("Product Viewed", "Product Added", "Order Completed")]
_ASKED: dict[str, dict[str, Any]] = {
    "funnels": {"steps": _STEPS},
    "retention": {"start": {"name": "Product Viewed"}, "return": {"name": "Product Added"}, "period": "day"},
    "paths": {"start": {"name": "Product Viewed"}},
    "sessions": {},
    "breakdown": {"by": "properties.sku"},
    "uniques": {"granularity": "hour"},
}


def measure(say: Say, *, events: int) -> tuple[list[Figure], str]:
    say(f"{events} events, asked {_TURNS} times")
    store = written(events)
    with CannedAws(lambda target, request: _answer(store, target, request)) as aws:
        environ = {**function_environment("analytics"), **aws.environment, "PRINCIPAL_CACHE_SECONDS": "3600"}
        times = isolated("tests.benchmarks.questions", environ)
    rates = {name: events / statistics.median(spent) for name, spent in times.items()}
    rows = [(name, f"{events / rate * 1e3:.0f}", f"{rate:,.0f}") for name, rate in rates.items()]
    title = (
        f"Questions about {events:,} events in blocks of {_BATCH}, through the handler: CPU time, botocore's included"
    )
    shown = f"{min(rates.values()):,.0f} to {max(rates.values()):,.0f}"
    return [Figure("events/s per core through `analytics`, six questions", shown)], table(
        title, ("question", "ms", "events/s"), rows
    )


def written(events: int) -> FakeEventLog:
    """A log of browsers' events, folded."""
    store, log = FakeEventLog(), event_log(_CLIENT)
    ingest = IngestService(store, lambda: samples.NOW, lambda: "made")
    visitors = samples.Visitors(people=_PEOPLE)
    for _ in range(events // _BATCH):
        messages = visitors.messages(_BATCH)
        for message in messages:
            message["context"]["library"] = {"name": "analytics.js", "version": "2.1.0"}
        ingest.segment(_CLIENT, *envelope(msgspec.json.encode({"batch": messages})))
    blocks = [Incoming(sk, Block(data)) for sk, data in store.blocks_between(log, "B#", "C")]
    Committer(store, lambda: samples.NOW).commit(log, blocks)
    Folder(store).fold(log)
    return store


def _answer(store: FakeEventLog, target: str, request: dict[str, Any]) -> dict[str, Any]:
    """Of the events table what the store has; of the others what is always answered."""
    table_asked = request.get("TableName") or next(iter(request.get("RequestItems", {"": None})))
    if table_asked != "events":
        return answer(target, request)
    match target.rpartition(".")[2]:
        case "GetItem":
            items = _items(store, [request["Key"]])
            return {"Item": items[0]} if items else {}
        case "BatchGetItem":
            return {"Responses": {"events": _items(store, request["RequestItems"]["events"]["Keys"])}}
        case _:
            return {"Items": _between(store, request)}


def _between(store: FakeEventLog, request: dict[str, Any]) -> list[dict[str, Any]]:
    pk, low, high = (request["ExpressionAttributeValues"][name]["S"] for name in (":pk", ":low", ":high"))
    sks = sorted((sk for sk in store.items.get(pk, {}) if low <= sk <= high), reverse=not request["ScanIndexForward"])
    return _items(store, [{"pk": {"S": pk}, "sk": {"S": sk}} for sk in sks[: request.get("Limit")]])


def _items(store: FakeEventLog, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    items = []
    for key in wanted:
        data = store.items.get(key["pk"]["S"], {}).get(key["sk"]["S"])
        if data is not None:
            number = key["sk"]["S"] in (keys.FOLDED, keys.FORGOTTEN)
            items.append({**key, **({"n": {"N": data.decode()}} if number else {"d": {"B": b64encode(data).decode()}})})
    return items


def main() -> dict[str, list[float]]:
    """In a process of its own, because functions read their environment."""
    from functions.analytics.handler import handler

    bearer = f"Bearer {samples.access_token()}"
    when = {"from": _spelled(timedelta(days=-2)), "to": _spelled(timedelta(days=1))}

    def asking(question: str, body: dict[str, Any]) -> Callable[[], object]:
        raw = json.dumps({"client_id": _CLIENT, **when, **body}).encode()
        headers = {"authorization": bearer, "content_type": "application/json"}
        event = samples.http_event("POST", f"/api/v1/analytics/{question}", body=raw, **headers)
        return lambda: _answered(handler(event, None))

    return in_turns({name: asking(name, body) for name, body in _ASKED.items()}, turns=_TURNS, repeats=1)


def _spelled(offset: timedelta) -> str:
    return (samples.NOW + offset).isoformat().replace("+00:00", "Z")


def _answered(reply: dict[str, Any]) -> None:
    assert reply["statusCode"] == 200, reply

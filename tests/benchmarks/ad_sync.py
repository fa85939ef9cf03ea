"""A sync of many ad rows through the whole Lambda handler: AWS calls, memory, and what a sync of the same rows costs.

DynamoDB, KMS and SQS are another process that keeps items by key: their time is left out, no more. Meta is a peer on
loopback whose pages are made as they are asked for.
"""

import json
from base64 import b64encode
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from groundswell.integrations.catalogue import platform
from groundswell.integrations.items import connection_item, keys_key, sync_item
from groundswell.integrations.jobs import order_message
from groundswell.integrations.model import Connection, Status, StreamRun, Sync, SyncStatus
from groundswell.integrations.platform import Account
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated, peak_memory
from tests.benchmarks.report import Figure, Say, at_most, table
from tests.receiver import Received, Reply, receiver

type Item = dict[str, Any]
_CLIENT, _PAGE, _DAYS = "c1", 500, 365
_NOW = datetime.now(UTC)


class Tables:
    """Items by key, as far as a sync asks: no conditions, for nobody else is there."""

    def __init__(self, *items: Item) -> None:
        self.items = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
        self._sorted: list[tuple[str, str]] = []
        self.orders: list[str] = []

    def answer(self, target: str, request: Item) -> Item:
        match target.rpartition(".")[2]:
            case "GetItem":
                item = self.items.get(_key(request["Key"]))
                return {"Item": item} if item else {}
            case "BatchWriteItem":
                [requests] = request["RequestItems"].values()
                self._write([request["PutRequest"]["Item"] for request in requests])
                return {"UnprocessedItems": {}}
            case "TransactWriteItems":
                self._write([operation["Put"]["Item"] for operation in request["TransactItems"] if "Put" in operation])
            case "SendMessage":
                self.orders.append(request["MessageBody"])
                return {"MessageId": "m"}
            case "GetSecretValue":
                return {"SecretString": "{}", "Name": "vendors", "ARN": "arn:aws:x"}
            case "Decrypt":
                return {"Plaintext": b64encode(b'{"access_token": "t"}').decode(), "KeyId": "key"}
            case "Query":
                return self._page(request)
        return {}

    def _write(self, items: list[Item]) -> None:
        fresh = [_key(item) for item in items if _key(item) not in self.items]
        self.items |= {_key(item): item for item in items}
        if fresh:
            self._sorted = sorted([*self._sorted, *fresh])

    def _page(self, request: Item) -> Item:
        values = request["ExpressionAttributeValues"]
        if ":first" not in values:
            return {"Items": [], "Count": 0, "ScannedCount": 0}
        pk, start = values[":pk"]["S"], request.get("ExclusiveStartKey", {}).get("sk", values[":first"])["S"]
        first = bisect_left(self._sorted, (pk, start)) + ("ExclusiveStartKey" in request)
        last = bisect_left(self._sorted, (pk, values[":last"]["S"]))
        keys = self._sorted[first : min(last, first + 3000)]
        more = {"LastEvaluatedKey": {"pk": {"S": pk}, "sk": {"S": keys[-1][1]}}} if first + 3000 < last else {}
        return {"Items": [self.items[key] for key in keys], "Count": len(keys), "ScannedCount": len(keys), **more}


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


class Meta:
    """So many rows, evenly over a year."""

    def __init__(self, rows: int) -> None:
        self._each = rows // _DAYS

    def __call__(self, received: Received) -> Reply:
        query = dict(parse_qsl(urlsplit(received.path).query))
        window = json.loads(query["time_range"])
        first, last = (datetime.fromisoformat(window[name]).date() for name in ("since", "until"))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        start, total = int(query.get("after", 0)), len(days) * self._each
        numbers = range(start, min(start + _PAGE, total))
        data = [_insight(str(days[number // self._each]), number % self._each) for number in numbers]
        following = f"{received.path.partition('&after=')[0]}&after={numbers.stop}"
        paging = {"next": f"https://graph.facebook.com{following}"} if numbers.stop < total else {}
        return Reply(200, {"content-type": "application/json"}, json.dumps({"data": data, "paging": paging}).encode())


def _insight(day: str, number: int) -> Item:
    return {
        "campaign_id": f"1203{number}",
        "campaign_name": f"Campaign {number}",
        "account_currency": "USD",
        "date_start": day,
        "spend": f"{number}.25",
        "impressions": str(number * 100),
        "clicks": str(number),
        "actions": [{"action_type": "landing_page_view", "value": "7"}, {"action_type": "omni_purchase", "value": "1"}],
        "action_values": [{"action_type": "omni_purchase", "value": "19.90"}],
    }


def measure(say: Say, *, rows: int) -> tuple[list[Figure], str]:
    rows = rows // _DAYS * _DAYS
    say(f"syncs of {rows // 10} and {rows} ad rows")
    _, _, small = _run(rows // 10)
    first, again, large = _run(rows)
    figures = [
        at_most(f"AWS calls per 25 rows, first sync of {rows:,}", first.total() / rows * 25, 1.1),
        at_most("AWS calls per 25 rows, all of them once more", again.total() / rows * 25, 1.1),
        at_most("peak memory, ten times the rows", large / small, 1.2, spell="{:.2f} times"),
    ]
    lines = [(name, str(first[name]), str(again[name])) for name in sorted({*first, *again})]
    return figures, table(f"AWS calls of a sync of {rows:,} rows", ("operation", "first", "once more"), lines)


def _run(rows: int) -> tuple[Counter[str], Counter[str], float]:
    rows = rows // _DAYS * _DAYS
    tables = Tables(*_begun("s1"), *_begun("s2"), {**keys_key(_CLIENT, "meta_ads"), "sealed": {"S": "kms1.eA=="}})
    with receiver(Meta(rows)) as peer, CannedAws(tables.answer) as aws:
        queue = {"QUEUE_SYNCS": f"{aws.environment['AWS_ENDPOINT_URL']}/syncs"}
        settings = {"META_ADS_URL": peer.url, "ALLOW_LOOPBACK_HOSTS": peer.place, "STAGE": "local"}
        environ = {**function_environment("sync_worker"), **aws.environment, **queue, **settings}
        counts, peak = [], 0.0
        for sync_id in ("s1", "s2"):
            tables.items |= {_key(item): item for item in _begun(sync_id)}
            before = len(aws.calls)
            peak = max(peak, isolated("tests.benchmarks.ad_sync", environ, sync_id=sync_id))
            counts.append(Counter(call.rpartition(".")[2] for call in aws.calls[before:]))
            assert sum(key[0].startswith("ADROWS#") for key in tables.items) == rows
        return counts[0], counts[1], peak


def _begun(sync_id: str) -> Iterator[Item]:
    meta = platform("meta_ads")
    account = Account("7", "Acme", "USD", "UTC")
    connection = Connection(
        _CLIENT, "o1", meta.name, Status.CONNECTED, (account,), 60, None, {}, "hook", "u1", _NOW, _NOW, sync_id=sync_id
    )
    for item in (connection_item(connection), sync_item(_sync(sync_id))):
        item.version = 1
        yield dict(item.serialize())


def _sync(sync_id: str) -> Sync:
    return Sync(
        id=sync_id,
        client_id=_CLIENT,
        platform="meta_ads",
        status=SyncStatus.QUEUED,
        trigger="manual",
        streams=(StreamRun("ads_insights"),),
        account_ids=("7",),
        until=_NOW,
        full_refresh=True,
        created_by="u1",
        created_at=_NOW,
        updated_at=_NOW,
    )


def main(*, sync_id: str) -> float:
    """Peak memory in bytes, in a process of its own."""
    from functions.sync_worker.handler import handler

    class Context:
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 290_000

    body = order_message(_sync(sync_id)).body
    answer = handler({"Records": [{"messageId": "m", "body": body}]}, Context())
    assert answer == {"batchItemFailures": []}, answer
    return peak_memory()

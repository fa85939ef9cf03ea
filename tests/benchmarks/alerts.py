"""Evaluations of alerts that are due, through the whole Lambda handler: CPU time with botocore's, and AWS calls.

DynamoDB is another process of canned answers: its time is left out, no more.
"""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from groundswell.alerts.items import alert_item
from groundswell.alerts.model import ALL_ADS, Actions, Alert, AlertType, Condition, Frequency, Operator
from groundswell.alerts.ports import EVALUATE
from groundswell.integrations.adapter_facts import _item as stored_row
from groundswell.integrations.facts import AdRow
from groundswell.schedules.timers import Firing, firing_body
from infra import catalogue
from infra.declarations import QueueTrigger
from tests.benchmarks.aws import CannedAws
from tests.benchmarks.cold_start import function_environment
from tests.benchmarks.isolated import isolated
from tests.benchmarks.report import Figure, Say, at_most, table

_CLIENT, _CAMPAIGNS, _BATCH = "c1", 20, 10
_READS = ("BatchGetItem", "GetItem", "Query")


class _Tables:
    """An alert at every key, and a week of ads; takes whatever is written."""

    def __init__(self, dear: bool) -> None:
        self._price = Decimal(9) if dear else Decimal("0.5")
        self._rows = [dict(stored_row(_CLIENT, ad)) for ad in self._ads()]

    def answer(self, target: str, request: dict[str, Any]) -> dict[str, Any]:
        match target.rpartition(".")[2]:
            case "BatchGetItem":
                [(name, table_request)] = request["RequestItems"].items()
                sks = [key["sk"]["S"] for key in table_request["Keys"]]
                items = [_alert(sk.partition("#")[2]) for sk in sks if sk.startswith("ALERT#")]
                return {"Responses": {name: items}, "UnprocessedKeys": {}}
            case "Query" if "ADROWS#" in str(request):
                return {"Items": self._rows, "Count": len(self._rows), "ScannedCount": len(self._rows)}
            case "Query":
                return {"Items": [], "Count": 0, "ScannedCount": 0}
        return {}

    def _ads(self) -> list[AdRow]:
        today = datetime.now(UTC).date()
        days = [today - timedelta(days=number) for number in range(1, 8)]
        names = [str(number) for number in range(_CAMPAIGNS)]
        return [
            AdRow(day, "a", name, name, self._price, "USD", 90, 1, None, None, None, "meta_ads", name)
            for day in days
            for name in names
        ]


def _alert(alert_id: str) -> dict[str, Any]:
    condition = Condition(Operator.GT, Decimal(1), window="7d", dimension="campaign_id")
    began = datetime(2026, 1, 1, tzinfo=UTC)
    every = Frequency(every="15m")
    alert = Alert(
        alert_id, _CLIENT, "o1", "Dear", AlertType.CPC, ALL_ADS, condition, Actions(), every, "u", began, began
    )
    item = alert_item(alert)
    item.version = 1
    return dict(item.serialize())


def measure(say: Say, *, alerts: int) -> tuple[list[Figure], str]:
    say(f"{alerts} alerts due at once")
    quiet, spent = _run(alerts, dear=False)
    sample_size = max(alerts // 100, 10)
    firing, _ = _run(sample_size, dear=True)
    cores, most = spent / alerts * 10_000 / 60, _concurrency()
    figures = [
        at_most("reads an alert that is looked at", sum(quiet[name] for name in _READS) / alerts, 2),
        at_most(f"cores for 10,000 alerts a minute (measured with {alerts:,})", cores, most, spell="{:.1f}"),
    ]
    names = sorted({*quiet, *firing})
    rows = [(name, f"{quiet[name] / alerts:.2f}", f"{firing[name] / sample_size:.2f}") for name in names]
    head = ("operation", "nothing fires", f"{_CAMPAIGNS} begin to fire")
    return figures, table("An evaluation's AWS calls", head, rows)


def _concurrency() -> int:
    """How many batches the function works on at once."""
    trigger = catalogue.function("alert_worker").trigger
    assert isinstance(trigger, QueueTrigger)
    return trigger.concurrency


def _run(alerts: int, *, dear: bool) -> tuple[Counter[str], float]:
    with CannedAws(_Tables(dear).answer) as aws:
        environ = {**function_environment("alert_worker"), **aws.environment, "STAGE": "local"}
        spent = isolated("tests.benchmarks.alerts", environ, alerts=alerts)
        return Counter(call.rpartition(".")[2] for call in aws.calls), spent


def main(*, alerts: int) -> float:
    """CPU seconds, in a process of its own, because functions read their environment."""
    from functions.alert_worker.handler import handler

    due = datetime.now(UTC)
    bodies = [firing_body(Firing(_CLIENT, EVALUATE, f"a{n}", due, 0, False, {})) for n in range(alerts)]
    began = time.process_time()
    for start in range(0, alerts, _BATCH):
        records = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies[start : start + _BATCH])]
        answer = handler({"Records": records}, None)
        assert answer == {"batchItemFailures": []}, answer
    return time.process_time() - began

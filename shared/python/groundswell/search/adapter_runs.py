"""What a search has kept so far, in DynamoDB (how it lies there: `items`)."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import batched
from typing import Any

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Conflict
from groundswell.observability.metrics import metric
from groundswell.search.items import goal_pk
from groundswell.search.model import Cost, Goal, Strategy
from groundswell.search.runs import Result, Run, read_result, result_content
from groundswell.search.store import DynamoGoalStore, add_cost
from groundswell.storage.client import dynamodb
from groundswell.storage.reading import get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put_row, write

CACHED_SECONDS = 24 * 3600
_TOGETHER = 80


class _Kept(Conflict):
    """This step was kept before, with what it cost."""


class DynamoRunStore:
    def __init__(self) -> None:
        self._goals = DynamoGoalStore()

    def plan(self, run: Run) -> tuple[Goal, Strategy] | None:
        goal = self._goals.find(run.client_id, run.goal_id)
        strategy = self._goals.strategy(run.client_id, run.goal_id, run.version)
        return (goal, strategy) if goal and strategy else None

    def cost(self, goal: Goal) -> Cost:
        return self._goals.costs([goal])[goal.id]

    def cached(self, q: str) -> Mapping[str, Any] | None:
        key = _cache_key(q)
        item: Any = dynamodb().get_item(TableName=table_name("ephemeral"), Key=key).get("Item")
        fresh = item is not None and int(item["expires_at"]["N"]) > utc_now().timestamp()
        metric("SearchCacheHits" if fresh else "SearchCacheMisses", 1)
        return json.loads(item["answer"]["S"]) if fresh else None

    def keep_query(self, run: Run, number: int, content: Mapping[str, Any], cost: Cost) -> None:
        changes = [_step(run, "QUERY", number, content), _spent(run, cost)]
        if not content["cached"]:
            expires = int(datetime.fromisoformat(content["at"]).timestamp()) + CACHED_SECONDS
            row = {**_cache_key(content["q"]), "answer": {"S": json.dumps(content["answer"])}}
            changes.append(put_row("ephemeral", {**row, "expires_at": {"N": str(expires)}}))
        with suppress(_Kept):
            write(changes)

    def queries(self, run: Run) -> Sequence[Mapping[str, Any]]:
        return [json.loads(row["content"]["S"]) for row in _rows(run, "QUERY")]

    def pages(self, run: Run) -> Mapping[int, Mapping[str, Any]]:
        rows = _rows(run, "PAGE")
        return {int(row["sk"]["S"].rpartition("#")[2]): json.loads(row["content"]["S"]) for row in rows}

    def keep_page(self, run: Run, number: int, content: Mapping[str, Any], cost: Cost) -> None:
        with suppress(_Kept):
            write([_step(run, "PAGE", number, content), _spent(run, cost)])

    def verdicts(self, run: Run) -> Mapping[str, str]:
        kept = [json.loads(row["content"]["S"]) for row in _rows(run, "VERDICTS")]
        return kept[0] if kept else {}

    def keep_verdicts(self, run: Run, verdicts: Mapping[str, str], cost: Cost) -> None:
        with suppress(_Kept):
            write([_step(run, "VERDICTS", 0, verdicts), _spent(run, cost)])

    def keep_results(self, run: Run, results: Sequence[Result]) -> None:
        """In the same places whenever it is done again."""
        for batch in batched(results, _TOGETHER, strict=False):
            write([put_row("core", result_row(run, message)) for message in batch])

    def results(self, run: Run, limit: int, after: int) -> Sequence[Result]:
        """In the order of ranks, behind that one. Who was forgotten since has left a gap."""
        response: Any = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": goal_pk(run.client_id, run.goal_id)},
                ":first": {"S": _sk(run, "RESULT", after + 1)},
                ":last": {"S": _sk(run, "RESULT", 99_999)},
            },
            Limit=limit,
            ConsistentRead=True,
        )
        return [read_result(json.loads(row["content"]["S"])) for row in response["Items"]]

    def find_results(self, client_id: str, goal_id: str, places: Collection[tuple[int, int]]) -> Sequence[Result]:
        """By (version, rank), in no order: those that are there."""
        runs = [(Run(client_id, goal_id, version), rank) for version, rank in places]
        pk = {"S": goal_pk(client_id, goal_id)}
        rows = get_rows("core", [{"pk": pk, "sk": {"S": _sk(run, "RESULT", rank)}} for run, rank in runs])
        return [read_result(json.loads(row["content"]["S"])) for row in rows]


def result_row(run: Run, result: Result) -> dict[str, Any]:
    return _row(run, "RESULT", result.rank, result_content(result))


def _sk(run: Run, kind: str, number: int) -> str:
    return f"RUN#{run.version:06}#{kind}#{number:05}"


def _row(run: Run, kind: str, number: int, content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "pk": {"S": goal_pk(run.client_id, run.goal_id)},
        "sk": {"S": _sk(run, kind, number)},
        "kind": {"S": f"search_{kind.lower()}"},
        "content": {"S": json.dumps(content, ensure_ascii=False, separators=(",", ":"))},
    }


def _step(run: Run, kind: str, number: int, content: Mapping[str, Any]) -> Change:
    row = _row(run, kind, number, content)
    operation = {"TableName": table_name("core"), "Item": row, "ConditionExpression": "attribute_not_exists(pk)"}
    return Change({"Put": operation}, _Kept())


def _spent(run: Run, cost: Cost) -> Change:
    return add_cost(run.client_id, run.goal_id, run.version, cost)


def _rows(run: Run, kind: str) -> Iterator[dict[str, Any]]:
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND begins_with(sk, :kind)",
            ExpressionAttributeValues={
                ":pk": {"S": goal_pk(run.client_id, run.goal_id)},
                ":kind": {"S": f"RUN#{run.version:06}#{kind}#"},
            },
            ConsistentRead=True,
        )
    )
    for page in pages:
        yield from page["Items"]


def _cache_key(q: str) -> dict[str, Any]:
    digest = sha256(" ".join(q.lower().split()).encode()).hexdigest()
    return {"pk": {"S": f"WEBSEARCH#{digest}"}, "sk": {"S": "ANSWER"}}

"""The ledger in the core table: an item an organization and month, whose counters every call adds to.

| pk | sk | what |
|---|---|---|
| `ORG#<org>` | `MODEL#<month>` | `tokens` (settled and reserved), and of each purpose calls, failed, in, out, cost |

Calls run at the same time, so counters are added to and never written over. Before a call, one conditional update takes
what it may cost at most; after it, one gives back what it did not.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

from groundswell.language_model.model import BudgetUsedUp, Ledger, Purpose, Usage
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name
from groundswell.tenancy.usage.model import Quota

_KEPT = timedelta(days=400)
_MICRO = 1_000_000
_COUNTERS = ("calls", "failed", "in", "out", "cost", "unpriced")


class DynamoBooks:
    """`default_limit` is of organizations whose quota says nothing; 0 is none."""

    def __init__(self, quota: Callable[[str], Quota], default_limit: int, now: Callable[[], datetime]) -> None:
        self._quota = quota
        self._default_limit = default_limit
        self._now = now

    def limit(self, org_id: str) -> int | None:
        own = self._quota(org_id).model_tokens_per_month
        return own if own is not None else self._default_limit or None

    def reserve(self, org_id: str, month: str, tokens: int, limit: int | None) -> None:
        condition: dict[str, Any] = {}
        values = {":tokens": _number(tokens), ":expires": _number(self._expires())}
        if limit is not None:
            if tokens > limit:
                raise BudgetUsedUp(limit)
            condition["ConditionExpression"] = "attribute_not_exists(tokens) OR tokens <= :room"
            values[":room"] = _number(limit - tokens)
        try:
            dynamodb().update_item(
                TableName=table_name("core"),
                Key=_key(org_id, month),
                UpdateExpression="ADD tokens :tokens SET expires_at = :expires, kind = :kind",
                ExpressionAttributeValues={**values, ":kind": {"S": "model_ledger"}},
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise BudgetUsedUp(limit or 0) from error

    def settle(self, org_id: str, month: str, purpose: str, reserved: int, usage: Usage | None) -> None:
        added = _added(usage)
        tokens = (usage.tokens if usage else 0) - reserved
        names = {f"#{name}": f"{purpose}#{name}" for name in added}
        values = {f":{name}": _number(value) for name, value in added.items()}
        every = ", ".join(f"#{name} :{name}" for name in added)
        dynamodb().update_item(
            TableName=table_name("core"),
            Key=_key(org_id, month),
            UpdateExpression=f"ADD tokens :tokens, {every}",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={**values, ":tokens": _number(tokens)},
        )

    def read(self, org_id: str, month: str) -> Ledger:
        answer = dynamodb().get_item(TableName=table_name("core"), Key=_key(org_id, month), ConsistentRead=True)
        item: Mapping[str, Any] = answer.get("Item", {})
        counters = {name: int(value["N"]) for name, value in item.items() if "N" in value}
        purposes = sorted({name.rpartition("#")[0] for name in counters if "#" in name})
        return Ledger(
            month,
            counters.get("tokens", 0),
            self.limit(org_id),
            tuple(_purpose(purpose, counters) for purpose in purposes),
        )

    def _expires(self) -> int:
        return int((self._now() + _KEPT).timestamp())


def _added(usage: Usage | None) -> dict[str, int]:
    if usage is None:
        return {"calls": 1, "failed": 1}
    added = {"calls": 1, "in": usage.input_tokens, "out": usage.output_tokens}
    if usage.cost is None:
        return added | {"unpriced": 1}
    return added | {"cost": int((usage.cost * _MICRO).to_integral_value())}


def _purpose(name: str, counters: Mapping[str, int]) -> Purpose:
    calls, failed, input_tokens, output_tokens, cost, unpriced = (
        counters.get(f"{name}#{counter}", 0) for counter in _COUNTERS
    )
    dollars = None if unpriced else Decimal(cost) / _MICRO
    return Purpose(name, calls, failed, Usage(input_tokens, output_tokens, dollars))


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def _key(org_id: str, month: str) -> Any:
    return {"pk": {"S": f"ORG#{org_id}"}, "sk": {"S": f"MODEL#{month}"}}

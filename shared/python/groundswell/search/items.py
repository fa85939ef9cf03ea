"""How searches lie in the core table: all of a goal in one partition, `SEARCHGOAL#<client>#<goal>`.

| sk | what |
|---|---|
| `STRATEGY` | the newest strategy |
| `STRATEGY#<version>` | each one that was |
| `COST#<version>` | what the search with that version cost so far; 0 is the planning |
| `RUN#<version>#QUERY#<n>` | a query's answer as Brave gave it |
| `RUN#<version>#PAGE#<n>` | who was on a page, or why it was not read |
| `RUN#<version>#VERDICTS#0` | whether the addresses that were found can be reached |
| `RUN#<version>#RESULT#<rank>` | a result, as it stays |
| `~GOAL` | the goal: last, so that a purge that dies finds the rest again |

Goals are listed by `gsi1`: `CLIENT#<client>`, `SEARCHGOAL#<goal>`. Answers of Brave are in the ephemeral table for 24
hours: `WEBSEARCH#<digest of the query>`, `ANSWER`.
"""

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.search.model import COUNTED, Cost, Goal, Strategy
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

GOAL, STRATEGY, PREFIX = "~GOAL", "STRATEGY", "SEARCHGOAL"


class GoalItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    goal = UnicodeAttribute()
    target_market = JSONAttribute()
    locations = ListAttribute(of=UnicodeAttribute, default=list)
    keywords = ListAttribute(of=UnicodeAttribute, default=list)
    exclude = ListAttribute(of=UnicodeAttribute, default=list)
    budget = JSONAttribute()
    runs = JSONAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()


class StrategyItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    queries = JSONAttribute()
    filters = JSONAttribute()
    ranking = JSONAttribute()
    made_by = UnicodeAttribute()
    model = UnicodeAttribute(null=True)
    notice = UnicodeAttribute(null=True)
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    updated_by = UnicodeAttribute()


def goal_pk(client_id: str, goal_id: str) -> str:
    return f"{PREFIX}#{client_id}#{goal_id}"


def goal_item(goal: Goal) -> GoalItem:
    keys = {"gsi1pk": f"CLIENT#{goal.client_id}", "gsi1sk": f"{PREFIX}#{goal.id}"}
    return to_item(GoalItem, goal, goal_pk(goal.client_id, goal.id), GOAL, kind="search_goal", **keys)


def strategy_sk(version: int) -> str:
    return f"{STRATEGY}#{version:06}"


def strategy_item(strategy: Strategy) -> StrategyItem:
    pk = goal_pk(strategy.client_id, strategy.id)
    return to_item(StrategyItem, strategy, pk, STRATEGY, kind="search_strategy")


def kept_item(strategy: Strategy) -> StrategyItem:
    """`strategy` as the version that it becomes: it is never written again."""
    pk, kept = goal_pk(strategy.client_id, strategy.id), replace(strategy, version=0)
    return to_item(StrategyItem, kept, pk, strategy_sk(strategy.version + 1), kind="search_strategy_version")


def cost_key(client_id: str, goal_id: str, version: int | str) -> dict[str, Any]:
    return {"pk": {"S": goal_pk(client_id, goal_id)}, "sk": {"S": f"COST#{int(version):06}"}}


def cost_values(cost: Cost) -> dict[str, Any]:
    """What is added up, in botocore's terms. A price that is not known is noted as `unpriced`."""
    numbers = {name: value for name, value in asdict(cost).items() if value is not None}
    return {name: {"N": str(value)} for name, value in numbers.items()}


def read_cost_row(row: dict[str, Any]) -> Cost:
    counts = {name: int(row.get(name, {"N": "0"})["N"]) for name in COUNTED}
    dollars = None if "unpriced" in row else Decimal(row.get("dollars", {"N": "0"})["N"])
    return Cost(**counts, dollars=dollars)

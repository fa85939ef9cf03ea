"""Goals and strategies in DynamoDB (how they lie there: `items`)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.operations.items import OperationItem, operation_item, partition
from groundswell.operations.model import Operation
from groundswell.operations.store import started
from groundswell.search.items import (
    GOAL,
    PREFIX,
    STRATEGY,
    GoalItem,
    StrategyItem,
    cost_key,
    cost_values,
    goal_item,
    goal_pk,
    kept_item,
    read_cost_row,
    strategy_item,
    strategy_sk,
)
from groundswell.search.model import Cost, Goal, Strategy, total
from groundswell.storage.reading import find, find_many, get_rows, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, put, write


class DynamoGoalStore:
    def find(self, client_id: str, goal_id: str) -> Goal | None:
        return find(Goal, GoalItem, goal_pk(client_id, goal_id), GOAL)

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Goal]:
        return list_page(Goal, GoalItem, f"CLIENT#{client_id}", PREFIX, limit, position, newest_first=True)

    def create(self, goal: Goal, strategy: Strategy, cost: Cost) -> tuple[Goal, Strategy]:
        spent = add_cost(goal.client_id, goal.id, 0, cost)
        write([put(goal_item(goal)), put(strategy_item(strategy)), put(kept_item(strategy)), spent])
        return replace(goal, version=1), replace(strategy, version=1)

    def save(self, goal: Goal) -> Goal:
        write([put(goal_item(goal))])
        return replace(goal, version=goal.version + 1)

    def strategy(self, client_id: str, goal_id: str, version: int | None = None) -> Strategy | None:
        sk = STRATEGY if version is None else strategy_sk(version)
        kept = find(Strategy, StrategyItem, goal_pk(client_id, goal_id), sk)
        return replace(kept, version=version) if kept and version else kept

    def save_strategy(self, strategy: Strategy) -> Strategy:
        write([put(strategy_item(strategy)), put(kept_item(strategy))])
        return replace(strategy, version=strategy.version + 1)

    def operations(self, client_id: str, operation_ids: Collection[str]) -> Mapping[str, Operation]:
        keys = [(partition(client_id), operation_id) for operation_id in operation_ids]
        operations = find_many(Operation, OperationItem, keys, consistent=True) if keys else ()
        return {operation.id: operation for operation in operations}

    def costs(self, goals: Sequence[Goal]) -> Mapping[str, Cost]:
        keys = [key for goal in goals for key in _cost_keys(goal)]
        rows = {(row["pk"]["S"], row["sk"]["S"]): row for row in get_rows("core", keys)} if keys else {}
        return {
            goal.id: total(
                read_cost_row(row)
                for key in _cost_keys(goal)
                if (row := rows.get((key["pk"]["S"], key["sk"]["S"]))) is not None
            )
            for goal in goals
        }

    def start(self, goal: Goal, operation: Operation, entry: Entry, queue: str) -> None:
        """The goal names the operation from now on, and the worker is told. Raises PreconditionFailed."""
        write([put(goal_item(goal)), put(operation_item(operation)), note(entry)], messages=[started(operation, queue)])


def add_cost(client_id: str, goal_id: str, version: int, cost: Cost) -> Change:
    """A change of the transaction that makes it true."""
    values = cost_values(cost)
    adding = ", ".join(f"#{name} :{name}" for name in values)
    priced = "" if cost.dollars is not None else ", unpriced = :kind"
    operation = {
        "TableName": table_name("core"),
        "Key": cost_key(client_id, goal_id, version),
        "UpdateExpression": f"SET #kind = :kind{priced} ADD {adding}",
        "ExpressionAttributeNames": {f"#{name}": name for name in (*values, "kind")},
        "ExpressionAttributeValues": {":kind": {"S": "search_cost"}}
        | {f":{name}": value for name, value in values.items()},
    }
    return Change({"Update": operation}, PreconditionFailed())


def _cost_keys(goal: Goal) -> Iterator[dict[str, dict[str, str]]]:
    for version in ("0", *goal.runs):
        yield cost_key(goal.client_id, goal.id, version)

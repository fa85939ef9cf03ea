"""Goals and their strategies."""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position
from groundswell.language_model.model import Data, Form, ModelFailure, Question, Reply
from groundswell.operations.model import Operation
from groundswell.search.model import (
    Budget,
    Cost,
    Goal,
    GoalNotFound,
    MadeBy,
    RunStatus,
    Strategy,
    StrategyNotFound,
    model_cost,
)
from groundswell.search.planning import (
    INSTRUCTIONS,
    STRATEGY_SCHEMA,
    filters_of,
    queries_of,
    ranking,
    read_strategy,
)

PLANNING_SECONDS = 20.0
"""For the model's answer with its repair: a request has 29."""
STRATEGY_TOKENS = 2_000
LEAST_TOKENS = STRATEGY_TOKENS + 2_000
"""For the question, the answer, and what the vendor counts besides: with less to spend, rules plan."""
PURPOSE = "search.strategy"
_FORM = Form("search_strategy", STRATEGY_SCHEMA)


class Model(Protocol):
    async def ask(self, org_id: str, question: Question) -> Reply:
        """Raises ModelFailure."""
        ...


class GoalStore(Protocol):
    def find(self, client_id: str, goal_id: str) -> Goal | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Goal]:
        """Newest first."""
        ...

    def create(self, goal: Goal, strategy: Strategy, cost: Cost) -> tuple[Goal, Strategy]: ...

    def save(self, goal: Goal) -> Goal:
        """Raises PreconditionFailed."""
        ...

    def strategy(self, client_id: str, goal_id: str, version: int | None = None) -> Strategy | None:
        """The newest, or a version that was."""
        ...

    def save_strategy(self, strategy: Strategy) -> Strategy:
        """As the next version. Raises PreconditionFailed."""
        ...

    def operations(self, client_id: str, operation_ids: Collection[str]) -> Mapping[str, Operation]: ...

    def costs(self, goals: Sequence[Goal]) -> Mapping[str, Cost]:
        """What each one cost so far, by its id: its planning and all of its searches."""
        ...


class PlannedGoal(NamedTuple):
    goal: Goal
    strategy: Strategy


class GoalState(NamedTuple):
    """A goal in the history: how far its newest search is, and what all of them cost so far."""

    goal: Goal
    status: RunStatus
    cost: Cost


class GoalService:
    def __init__(self, store: GoalStore, model: Model, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._model = model
        self._now = now
        self._new_id = new_id

    async def create(self, who: ClientContext, values: Mapping[str, Any]) -> PlannedGoal:
        now = self._now()
        goal = Goal(
            self._new_id(), who.client_id, who.org_id, **values, created_by=who.actor_id, created_at=now, updated_at=now
        )
        strategy, cost = await self._planned(goal)
        return PlannedGoal(*self._store.create(goal, strategy, cost))

    def get(self, client_id: str, goal_id: str) -> PlannedGoal:
        """With its newest strategy. Raises GoalNotFound."""
        goal = self._store.find(client_id, goal_id) if can_be_id(goal_id) else None
        if goal is None:
            raise GoalNotFound
        return PlannedGoal(goal, self.strategy(client_id, goal_id))

    def set_budget(self, who: ClientContext, goal_id: str, budget: Budget, expected: int | None) -> GoalState:
        """Searches begin, and go on, within it. Raises GoalNotFound, Forbidden, PreconditionFailed."""
        goal, strategy = self.get(who.client_id, goal_id)
        strategy.need_editable_by(who)
        require_version(expected, goal.version)
        saved = self._store.save(replace(goal, budget=budget, updated_at=self._now()))
        [state] = self._states(who.client_id, [saved])
        return state

    def list(self, client_id: str, limit: int, position: Position | None) -> Page[GoalState]:
        """The history, newest first."""
        page = self._store.page(client_id, limit, position)
        states = {state.goal.id: state for state in self._states(client_id, page.items)}
        return page.map(lambda goal: states[goal.id])

    def state(self, client_id: str, goal_id: str) -> GoalState:
        """Raises GoalNotFound."""
        [state] = self._states(client_id, [self.get(client_id, goal_id).goal])
        return state

    def cost(self, goal: Goal) -> Cost:
        """Of its planning and all of its searches, so far."""
        return self._store.costs([goal])[goal.id]

    def _states(self, client_id: str, goals: Sequence[Goal]) -> Sequence[GoalState]:
        runs = self._store.operations(client_id, {goal.newest_run for goal in goals if goal.newest_run})
        costs = self._store.costs(goals)
        return [GoalState(goal, run_status(goal, runs.get(goal.newest_run or "")), costs[goal.id]) for goal in goals]

    def strategy(self, client_id: str, strategy_id: str, version: int | None = None) -> Strategy:
        """Raises StrategyNotFound."""
        strategy = self._store.strategy(client_id, strategy_id, version) if can_be_id(strategy_id) else None
        if strategy is None:
            raise StrategyNotFound
        return strategy

    def change(self, who: ClientContext, strategy_id: str, values: Mapping[str, Any], expected: int | None) -> Strategy:
        """The next version; what is absent stays. Raises StrategyNotFound, Forbidden, PreconditionFailed."""
        present = self.strategy(who.client_id, strategy_id)
        present.need_editable_by(who)
        require_version(expected, present.version)
        if not values:
            return present
        now = self._now()
        return self._store.save_strategy(replace(present, **values, updated_at=now, updated_by=who.actor_id))

    async def _planned(self, goal: Goal) -> tuple[Strategy, Cost]:
        now = goal.created_at
        rules = Strategy(
            goal.id,
            goal.client_id,
            queries_of(goal),
            filters_of(goal),
            ranking(),
            MadeBy.RULES,
            goal.created_by,
            now,
            now,
            goal.created_by,
        )
        if goal.budget.tokens < LEAST_TOKENS:
            return replace(rules, notice="SEARCH_BUDGET"), Cost()
        try:
            async with asyncio.timeout(PLANNING_SECONDS):
                reply = await self._model.ask(goal.org_id, _question(goal))
        except ModelFailure as failure:
            return replace(rules, notice=failure.code), model_cost(failure.usage)
        except TimeoutError:
            return replace(rules, notice="MODEL_TOO_SLOW"), Cost()
        queries, filters, weights = read_strategy(reply.value, goal)
        made = replace(rules, queries=queries, filters=filters, ranking=weights, made_by=MadeBy.AI, model=reply.model)
        return made, model_cost(reply.usage)


def run_status(goal: Goal, run: Operation | None) -> RunStatus:
    """Of the newest search. Operations are forgotten after 400 days, results are not."""
    if run is None:
        return RunStatus.READY if goal.runs else RunStatus.PLANNED
    known = {"succeeded": RunStatus.READY, "failed": RunStatus.FAILED, "cancelled": RunStatus.FAILED}
    return known.get(run.status.value, RunStatus.RUNNING)


def _question(goal: Goal) -> Question:
    wanted = {
        "goal": goal.goal,
        "target_market": asdict(goal.target_market),
        "locations": goal.locations,
        "keywords": goal.keywords,
        "exclude": goal.exclude,
    }
    instructions = INSTRUCTIONS.format(searches=max(1, goal.budget.searches))
    data = (Data("goal", json.dumps(wanted, ensure_ascii=False)),)
    return Question(PURPOSE, instructions, data, _FORM, max_tokens=STRATEGY_TOKENS)

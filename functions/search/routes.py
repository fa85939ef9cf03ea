"""The endpoints of lead search."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.search import examples
from functions.search.schemas import (
    GoalIn,
    GoalOut,
    GoalUpdate,
    PlannedGoalOut,
    StrategyIn,
    StrategyOut,
    goal_out,
    planned_out,
    strategy_out,
)
from functions.search.wiring import Goals
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Member, Viewer
from groundswell.search.model import Strategy
from groundswell.tenancy.clients.model import Scope

router = create_router("Lead generation")
router.include_late("functions.search.results.routes", "functions.search.validation.routes")
_READS: dict[str, Any] = {"scope": Scope.SEARCH_READ, "errors": (401, 403, 404)}
_DAY = 24 * 3600


@router.post(
    "/search/goals",
    **operation(
        "search.goals.create",
        scope=Scope.SEARCH_WRITE,
        limit=(100, _DAY, "user"),
        request_example=examples.GOAL,
        response_example=examples.PLANNED,
        status=201,
        location="/search/goals/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_goal(body: GoalIn, who: Member, goals: Goals) -> Envelope[PlannedGoalOut]:
    """Say in your own words whom you look for: the answer has the strategy by which they will be searched for.

    The language model makes it; where there is none, it does not answer, or the budget has no room, documented rules do
    (`strategy.made_by`, `strategy.notice`). Nothing is searched before somebody asks for results.
    """
    planned = await goals.create(who, body.values())
    return created(planned_out(planned, goals.state(who.client_id, planned.goal.id)))


@router.get("/search/goals", **operation("search.goals.list", response_example=[examples.GOAL_OUT], **_READS))
async def list_goals(who: Viewer, page: NewestFirst, goals: Goals) -> Listed[GoalOut]:
    """The client's goals, newest first, with what became of each and what it cost so far."""
    goal_page = goals.list(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, goal_page.map(goal_out))


@router.get("/search/goals/{goal_id}", **operation("search.goals.get", response_example=examples.PLANNED, **_READS))
async def get_goal(goal_id: str, who: Viewer, goals: Goals) -> Envelope[PlannedGoalOut]:
    """One goal, with its newest strategy."""
    return ok(planned_out(goals.get(who.client_id, goal_id), goals.state(who.client_id, goal_id)))


@router.update(
    "/search/goals/{goal_id}",
    **operation(
        "search.goals.update",
        scope=Scope.SEARCH_WRITE,
        request_example=examples.BUDGET,
        response_example=examples.BUDGETED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_goal(
    goal_id: str, body: GoalUpdate, who: Member, response: Response, expected: IfMatch, goals: Goals
) -> Envelope[GoalOut]:
    """Change what may be spent on a goal, all of its searches together. A member changes their own goals, an editor
    all."""
    state = goals.set_budget(who, goal_id, body.new_budget(), expected)
    tag(response, state.goal.version)
    return ok(goal_out(state))


@router.get(
    "/search/strategies/{strategy_id}",
    **operation("search.strategies.get", response_example=examples.STRATEGY, **_READS),
)
async def get_strategy(
    strategy_id: str,
    who: Viewer,
    response: Response,
    goals: Goals,
    version: Annotated[int | None, Query(ge=1, le=10**6, description="One that was; else the newest")] = None,
) -> Envelope[StrategyOut]:
    """How a goal is searched for; its id is the goal's. The version is the ETag."""
    return ok(_tagged(goals.strategy(who.client_id, strategy_id, version), response))


@router.update(
    "/search/strategies/{strategy_id}",
    **operation(
        "search.strategies.update",
        scope=Scope.SEARCH_WRITE,
        request_example=examples.CHANGE,
        response_example=examples.CHANGED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_strategy(
    strategy_id: str, body: StrategyIn, who: Member, response: Response, expected: IfMatch, goals: Goals
) -> Envelope[StrategyOut]:
    """Change queries, filters or ranking, as the next version: whoever asks for results afterwards begins a search with
    it. Results of earlier versions stay. A member changes those of their own goals, an editor all."""
    return ok(_tagged(goals.change(who, strategy_id, body.values(), expected), response))


def _tagged(strategy: Strategy, response: Response) -> StrategyOut:
    tag(response, strategy.version)
    return strategy_out(strategy)

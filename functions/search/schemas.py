"""Wire shapes of goals and strategies."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.search.model import (
    COUNTED,
    DEFAULT_SEARCHES,
    DEFAULT_TOKENS,
    LONGEST_QUERY,
    QUERIES_AT_MOST,
    Budget,
    Cost,
    Factor,
    Filters,
    MadeBy,
    Market,
    Query,
    RunStatus,
    Strategy,
    Weight,
)
from groundswell.search.service import GoalState, PlannedGoal


def _once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({text.lower(): text for text in reversed(texts)}.values())[::-1]


Term = Annotated[Line, StringConstraints(max_length=100)]
Terms = Annotated[tuple[Term, ...], Field(max_length=20), AfterValidator(_once)]


class MarketIn(In):
    industries: Terms = ()
    titles: Terms = ()
    company_sizes: Terms = Field(default=(), description="Such as `11-50`")


class BudgetIn(In):
    """What one goal may cost at most: searches that Brave counts, and the language model's tokens. 0 tokens: rules
    plan and read."""

    searches: Annotated[int, Field(ge=1, le=QUERIES_AT_MOST)] = DEFAULT_SEARCHES
    tokens: Annotated[int, Field(ge=0, le=1_000_000)] = DEFAULT_TOKENS


class GoalIn(In):
    goal: Annotated[str, StringConstraints(min_length=3, max_length=2000)] = Field(description="In your own words")
    target_market: MarketIn | None = None
    locations: Terms | None = ()
    keywords: Terms | None = ()
    exclude: Terms | None = Field(default=(), description="Whoever's page has such a word is left out")
    budget: BudgetIn | None = None
    client_id: str | None = None

    @field_validator("goal")
    @classmethod
    def _readable(cls, text: str) -> str:
        if not any(character.isalnum() for character in text):
            raise ValueError("say in words whom you look for")
        return text

    def values(self) -> dict[str, Any]:
        return {
            "goal": self.goal,
            "target_market": Market(**dict(self.target_market or MarketIn())),
            "locations": self.locations or (),
            "keywords": self.keywords or (),
            "exclude": self.exclude or (),
            "budget": Budget(**dict(self.budget or BudgetIn())),
        }


class GoalUpdate(Changes):
    """What is absent stays."""

    required = frozenset({"budget"})

    budget: BudgetIn
    client_id: str | None = None

    def new_budget(self) -> Budget:
        return Budget(**dict(self.budget))


class QueryIn(In):
    q: Annotated[Line, StringConstraints(min_length=3, max_length=LONGEST_QUERY)]
    reason: Annotated[str, StringConstraints(max_length=300)] = ""


class FiltersIn(In):
    titles: Terms = ()
    industries: Terms = ()
    locations: Terms = ()
    keywords: Terms = ()
    exclude: Terms = ()


class WeightIn(In):
    factor: Annotated[Factor, any_case(Factor)]
    weight: Annotated[float, Field(ge=0, le=1)]
    reason: Annotated[str, StringConstraints(max_length=300)] = ""


def _need_distinct_factors(weights: tuple[WeightIn, ...]) -> tuple[WeightIn, ...]:
    if len({weight.factor for weight in weights}) < len(weights):
        raise ValueError("each factor once")
    return weights


class StrategyIn(Changes):
    """What is absent stays; each of these is replaced as a whole."""

    required = frozenset({"queries", "filters", "ranking"})

    queries: Annotated[tuple[QueryIn, ...], Field(min_length=1, max_length=QUERIES_AT_MOST)] | None = None
    filters: FiltersIn | None = None
    ranking: (
        Annotated[tuple[WeightIn, ...], Field(max_length=len(Factor)), AfterValidator(_need_distinct_factors)] | None
    ) = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        """What was sent, in the domain's terms."""
        values: dict[str, Any] = {}
        if self.queries is not None:
            values["queries"] = tuple(Query(**dict(query)) for query in self.queries)
        if self.filters is not None:
            values["filters"] = Filters(**dict(self.filters))
        if self.ranking is not None:
            values["ranking"] = tuple(Weight(**dict(weight)) for weight in self.ranking)
        return values


class QueryOut(Out):
    q: str
    reason: str


class FiltersOut(Out):
    titles: list[str]
    industries: list[str]
    locations: list[str]
    keywords: list[str]
    exclude: list[str]


class WeightOut(Out):
    factor: Factor
    weight: float
    reason: str


class StrategyOut(Out):
    """`made_by` is who made the first version of it: the language model (`model` says which), or the documented rules,
    and then `notice` says why."""

    id: str
    version: int
    queries: list[QueryOut]
    filters: FiltersOut
    ranking: list[WeightOut]
    made_by: MadeBy
    model: str | None
    notice: str | None
    created_at: Time
    updated_at: Time
    updated_by: str


class MarketOut(Out):
    industries: list[str]
    titles: list[str]
    company_sizes: list[str]


class BudgetOut(Out):
    searches: int
    tokens: int


class CostOut(Out):
    """`searches` are those that Brave counted, `cached` those answered from the last 24 hours. `amount` is null where a
    model's price is not known."""

    searches: int
    cached: int
    pages: int
    tokens: int
    validations: int
    amount: str | None
    currency: str = "USD"


class GoalOut(Out):
    id: str
    client_id: str
    goal: str
    target_market: MarketOut
    locations: list[str]
    keywords: list[str]
    exclude: list[str]
    budget: BudgetOut
    status: RunStatus
    cost: CostOut
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class PlannedGoalOut(GoalOut):
    strategy: StrategyOut


def cost_out(cost: Cost) -> CostOut:
    amount = None if cost.dollars is None else f"{cost.dollars.quantize(Decimal('0.000001')).normalize():f}"
    return CostOut(**{name: getattr(cost, name) for name in COUNTED}, amount=amount)


def goal_out(state: GoalState) -> GoalOut:
    return GoalOut(**_goal(state))


def planned_out(planned: PlannedGoal, state: GoalState) -> PlannedGoalOut:
    return PlannedGoalOut(**_goal(state), strategy=strategy_out(planned.strategy))


def strategy_out(strategy: Strategy) -> StrategyOut:
    return StrategyOut.model_validate(strategy)


def _goal(state: GoalState) -> dict[str, Any]:
    own = {name: getattr(state.goal, name) for name in GoalOut.model_fields if hasattr(state.goal, name)}
    own["target_market"] = MarketOut.model_validate(state.goal.target_market)
    own["budget"] = BudgetOut.model_validate(state.goal.budget)
    return own | {"status": state.status, "cost": cost_out(state.cost)}

"""Goals, strategies, and what a search costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.errors import Conflict, Forbidden, NotFound
from groundswell.language_model.model import Usage

JOB = "search"
"""What operations call it."""
QUEUE = "search"
QUERIES_AT_MOST = 20
VERSIONS_RUN_AT_MOST = 50
"""Versions of one strategy that may be searched with."""
LONGEST_QUERY = 400
"""Characters: Brave's limit."""
DEFAULT_SEARCHES = 10
DEFAULT_TOKENS = 50_000
COUNTED = ("searches", "cached", "pages", "tokens", "validations")
"""What of a cost are whole numbers."""
SEARCH_PRICE = Decimal("0.005")
"""US dollars: Brave's Search plan is 5 for 1,000 (2026-09)."""


class GoalNotFound(NotFound):
    code = "SEARCH_GOAL_NOT_FOUND"
    message = "No such goal"


class StrategyNotFound(NotFound):
    code = "SEARCH_STRATEGY_NOT_FOUND"
    message = "No such strategy, or no such version of it"


class NoWebSearch(Conflict):
    code = "SEARCH_NOT_CONFIGURED"
    message = "There is no web search here: BRAVE_API_KEY is missing. Goals and strategies work without"


class TooManyRuns(Conflict):
    code = "TOO_MANY_SEARCHES"
    message = f"A goal is searched for with {VERSIONS_RUN_AT_MOST} versions of its strategy at most: make a new goal"


class ResultsNotReady(Conflict):
    code = "SEARCH_RESULTS_NOT_READY"
    message = "The search is not done: read `GET /search/results` until `meta.status` is ready"


class MadeBy(StrEnum):
    AI = "ai"
    RULES = "rules"


class Factor(StrEnum):
    """What ranks a result."""

    TITLE = "title"
    INDUSTRY = "industry"
    LOCATION = "location"
    KEYWORDS = "keywords"
    CONTACT = "contact"
    CONFIDENCE = "confidence"
    HISTORY = "history"
    """How leads with such titles ended: won or lost."""


class RunStatus(StrEnum):
    PLANNED = "planned"
    """Nobody has asked for results yet."""
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Budget:
    """What one goal may cost at most: web searches that Brave counts, and tokens of the language model."""

    searches: int = DEFAULT_SEARCHES
    tokens: int = DEFAULT_TOKENS


@dataclass(frozen=True)
class Market:
    industries: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    company_sizes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """`runs` are the searches that were made, by version of the strategy: ids of operations."""

    id: str
    client_id: str
    org_id: str
    goal: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    target_market: Market = field(default_factory=Market)
    locations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    runs: Mapping[str, str] = field(default_factory=dict)
    version: int = 0

    @property
    def newest_run(self) -> str | None:
        return self.runs[max(self.runs, key=int)] if self.runs else None

    def with_run(self, strategy_version: int, operation_id: str, now: datetime) -> "Goal":
        """Raises TooManyRuns."""
        if len(self.runs) >= VERSIONS_RUN_AT_MOST:
            raise TooManyRuns
        return replace(self, runs={**self.runs, str(strategy_version): operation_id}, updated_at=now)


@dataclass(frozen=True)
class Query:
    """`reason` is for people."""

    q: str
    reason: str


@dataclass(frozen=True)
class Filters:
    """What results are compared with. `exclude`: whoever's name, title, company or page has such a word is left out."""

    titles: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weight:
    """Of 0 to 1."""

    factor: Factor
    weight: float
    reason: str = ""


@dataclass(frozen=True)
class Strategy:
    """How a goal is searched for. Its id is the goal's. `made_by` is who made this version, `model` which one."""

    id: str
    client_id: str
    queries: tuple[Query, ...]
    filters: Filters
    ranking: tuple[Weight, ...]
    made_by: MadeBy
    created_by: str
    created_at: datetime
    updated_at: datetime
    updated_by: str
    model: str | None = None
    notice: str | None = None
    """Why rules made it, where a model was to."""
    version: int = 0

    def need_editable_by(self, acting: ClientContext) -> None:
        """A member changes their own, an editor all. Raises Forbidden."""
        if not acting.role.covers(Role.EDITOR) and acting.actor_id != self.created_by:
            raise Forbidden("A member changes strategies of goals that they set; an editor changes all")


@dataclass(frozen=True)
class Cost:
    """`searches` are those that Brave counted, `cached` those answered from the last 24 hours; `validations` are
    addresses that were checked. `dollars` is None where a model's price is not known."""

    searches: int = 0
    cached: int = 0
    pages: int = 0
    tokens: int = 0
    validations: int = 0
    dollars: Decimal | None = Decimal(0)

    def __add__(self, other: "Cost") -> "Cost":
        known = self.dollars is not None and other.dollars is not None
        return Cost(
            self.searches + other.searches,
            self.cached + other.cached,
            self.pages + other.pages,
            self.tokens + other.tokens,
            self.validations + other.validations,
            (self.dollars or Decimal(0)) + (other.dollars or Decimal(0)) if known else None,
        )


def total(costs: Iterable[Cost]) -> Cost:
    return sum(costs, Cost())


def model_cost(usage: Usage) -> Cost:
    """Of an answer, usable or not."""
    return Cost(tokens=usage.tokens, dollars=usage.cost)

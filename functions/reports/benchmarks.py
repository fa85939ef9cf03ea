"""The endpoint of benchmarks."""

from decimal import Decimal
from time import monotonic
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from functions.reports import examples
from functions.reports.fields import FigureOut
from functions.reports.overview import kpi_value
from functions.reports.schemas import LateOut
from functions.reports.wiring import Reports
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.principal import User, Viewer
from groundswell.http.range import QueryRange
from groundswell.http.ratelimit import MINUTE
from groundswell.http.schema import Out, Time
from groundswell.http.timestamps import milliseconds, timestamp_of
from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Invalid
from groundswell.reports.benchmarks import Benchmark, Benchmarks, Standing
from groundswell.reports.catalogue import METRICS, Unit
from groundswell.reports.model import Question
from groundswell.tenancy.clients.model import Scope

router = create_router("Reports")
Periods = Annotated[int, Query(ge=1, le=12, description="How many periods of the past, as long as the range")]


class PastOut(Out):
    start: Time = Field(serialization_alias="from")
    end: Time = Field(serialization_alias="to")
    value: FigureOut


class StandingOut(Out):
    """`median` is over the `clients` whose figure is known, this one too; `place` is 1 for the largest figure."""

    currency: str | None
    value: FigureOut
    median: FigureOut
    clients: int
    place: int | None
    past_median: FigureOut
    past: list[PastOut]


class BenchmarkOut(Out):
    """`complete` is false where there were more than 50 clients, or no time for all. Amounts of each currency stand for
    themselves; null is unknown."""

    metric: str
    unit: Unit
    start: Time = Field(serialization_alias="from")
    end: Time = Field(serialization_alias="to")
    timezone: str
    standings: list[StandingOut]
    clients: int
    complete: bool
    as_of: Time
    late_sources: list[LateOut]


@router.get(
    "/reports/benchmarks",
    **operation(
        "reports.benchmarks",
        scope=Scope.REPORTS_READ,
        limit=(30, MINUTE, "user"),
        response_example=examples.BENCHMARK,
        errors=(401, 403, 404),
    ),
)
async def get_benchmark(
    who: Viewer,
    caller: User,
    reports: Reports,
    when: QueryRange,
    metric: Annotated[str, Query(max_length=64, description="As `GET /reports/metrics` lists them")] = "events",
    periods: Periods = 4,
) -> Envelope[BenchmarkOut]:
    """A client's figure beside the median of its organization's clients (those that the caller may read: an API key
    reads one), and beside its own past. Without a range: the last 30 days."""
    from groundswell.reports.adapter_peers import peers  # nobody else here needs to know of other clients

    if metric not in METRICS:
        raise Invalid.on("metric", f"one of {', '.join(METRICS)}", "unknown")
    window = Calendar(Granularity.DAY, when.timezone).recent(milliseconds(utc_now()), when.start, when.end)
    question = Question((metric,), window, Granularity.DAY, when.timezone)
    benchmarks = Benchmarks(reports.ask, monotonic)
    return ok(_out(benchmarks.of(who.client_id, question, peers(caller, who.org_id), periods)))


def _out(benchmark: Benchmark) -> BenchmarkOut:
    question, metric = benchmark.question, METRICS[benchmark.question.metrics[0]]
    return BenchmarkOut(
        metric=metric.name,
        unit=metric.unit,
        start=timestamp_of(question.window.start),
        end=timestamp_of(question.window.end),
        timezone=question.timezone,
        standings=[_standing(benchmark, standing, metric.unit) for standing in benchmark.standings],
        clients=benchmark.clients,
        complete=benchmark.complete,
        as_of=timestamp_of(benchmark.as_of),
        late_sources=[LateOut.model_validate(item) for item in benchmark.late],
    )


def _standing(benchmark: Benchmark, standing: Standing, unit: Unit) -> StandingOut:
    def shown(value: Decimal | None) -> Any:
        return kpi_value(unit, value, standing.currency)

    past = [
        PastOut(start=timestamp_of(window.start), end=timestamp_of(window.end), value=shown(value))
        for window, value in zip(benchmark.past, standing.past, strict=True)
    ]
    return StandingOut(
        currency=standing.currency,
        value=shown(standing.value),
        median=shown(standing.median),
        clients=standing.clients,
        place=standing.place,
        past_median=shown(standing.past_median),
        past=past,
    )

"""What operators are told of: metrics with the bounds they must keep, and what to make of it when they do not.

An alarm costs $0.10 a month for each metric in it. Rates want a few failures before they say anything: one of one is
all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra import catalogue
from infra.constructs.metrics import (
    PERIOD,
    function_metric,
    http_api_metric,
    own_metric,
    queue_metric,
    rest_api_metric,
    rule_metric,
    ses_metric,
    table_metric,
)
from infra.declarations import Function, ScheduleTrigger, StreamTrigger, Table, dead_letter_source
from infra.stage import Stage

OLDEST_MESSAGE_SECONDS = 15 * 60
OLDEST_RECORD_MS = 5 * 60 * 1000
FEWEST = 3  # failures in five minutes, before their rate counts
FUNCTION_ERRORS, API_ERRORS = 5, 1  # percent
THROTTLES = 10  # in five minutes, twice
SLOW = 0.5  # p99 of a function that answers requests, of its timeout
NEAR_TIMEOUT = 0.95  # the longest, of its timeout: those that checkpoint use up to 0.9
# SES reviews an account at 5 % bounces and at 0.1 % complaints: know before.
BOUNCE_RATE = 0.03
COMPLAINT_RATE = 0.0008
LATE_TIMER_SECONDS = 10 * 60
DRIFT = "RollupDrift"
VERSION_DAYS_LEFT, VERSION_DAYS = "LinkedInVersionDaysLeft", 60
# The most that an alarm looks back, with periods of an hour or more:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (EvaluationPeriods).
LONGEST_LOOK_MINUTES = 7 * 24 * 60
_MISSED = 2  # runs of a schedule

_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


@dataclass(frozen=True, kw_only=True)
class Watch:
    """`periods` one after the other must break the bound. With `missing_breaks`, silence does."""

    name: str
    metric: cloudwatch.IMetric
    bound: float
    advice: str
    periods: int = 1
    below: bool = False
    missing_breaks: bool = False

    @property
    def comparison(self) -> cloudwatch.ComparisonOperator:
        return _BELOW if self.below else _ABOVE


def watches(stage: Stage, http_api_id: str, table_names: Mapping[str, str]) -> Iterator[Watch]:
    for function in catalogue.FUNCTIONS:
        yield from _of_function(function, stage.physical_name(function.name))
    for table in catalogue.TABLES:
        yield _throttled_table(table, table_names[table.name])
    yield from _of_queues(stage)
    yield from _of_apis(stage, http_api_id)
    yield Watch(
        name="ses-bounces",
        metric=ses_metric("Reputation.BounceRate"),
        bound=BOUNCE_RATE,
        advice="Stop sending to what bounces.",
    )
    yield Watch(
        name="ses-complaints",
        metric=ses_metric("Reputation.ComplaintRate"),
        bound=COMPLAINT_RATE,
        advice="Recipients report spam.",
    )
    drift = own_metric(DRIFT, "reconcile", stage.name)
    yield Watch(name="rollup-drift", metric=drift, bound=1, advice="Rollups differed from the raw events.")
    yield Watch(
        name="linkedin-version",
        metric=own_metric(VERSION_DAYS_LEFT, "social_publisher", stage.name, "Minimum"),
        bound=VERSION_DAYS,
        below=True,
        advice="LinkedIn soon refuses the version of its API that we speak: set linkedin_version to a newer one.",
    )
    yield from _of_timers(stage)


def _of_timers(stage: Stage) -> Iterator[Watch]:
    yield Watch(
        name="timers-stuck",
        metric=own_metric("TimersStuck", "timers", stage.name),
        bound=1,
        advice="A queue takes no timers: the tick's log names it; declare its consumer with `timers=True`.",
    )
    yield Watch(
        name="timers-late",
        metric=own_metric("TimerSecondsLate", "timers", stage.name),
        bound=LATE_TIMER_SECONDS,
        periods=2,
        advice="Timers fire late: the tick was away, or has more to send than a minute allows.",
    )


def dead_letter_sources() -> tuple[str, ...]:
    """What has a `<name>-dlq`: every queue, and every function behind a stream or a schedule."""
    workers = [function for function in catalogue.FUNCTIONS if function.trigger]
    return tuple(dict.fromkeys([*(queue.name for queue in catalogue.QUEUES), *map(dead_letter_source, workers)]))


def _of_function(function: Function, name: str) -> Iterator[Watch]:
    errors = rate(function_metric(name, "Errors"), function_metric(name, "Invocations"), f"{name} errors, %")
    longest = function_metric(name, "Duration", "Maximum")
    yield Watch(
        name=f"{function.name}-errors", metric=errors, bound=FUNCTION_ERRORS, advice="Invocations fail: read its log."
    )
    yield Watch(
        name=f"{function.name}-throttles",
        metric=function_metric(name, "Throttles"),
        bound=THROTTLES,
        periods=2,
        advice="Out of concurrency: raise the account's, or its own.",
    )
    yield Watch(
        name=f"{function.name}-near-timeout",
        metric=longest,
        bound=NEAR_TIMEOUT * function.timeout * 1000,
        advice="It was, or was nearly, cut off: find out what takes so long.",
    )
    if function.routes:
        yield Watch(
            name=f"{function.name}-slow",
            metric=function_metric(name, "Duration", "p99"),
            bound=SLOW * function.timeout * 1000,
            periods=3,
            advice="One request in a hundred takes half its timeout: look at its traces.",
        )
    match function.trigger:
        case StreamTrigger():
            yield Watch(
                name=f"{function.name}-behind",
                metric=function_metric(name, "IteratorAge", "Maximum"),
                bound=OLDEST_RECORD_MS,
                advice="Its stream waits: a failing batch, or too much.",
            )
        case ScheduleTrigger() as trigger:
            yield from _of_schedule(function, trigger, name)


def _of_schedule(function: Function, trigger: ScheduleTrigger, name: str) -> Iterator[Watch]:
    yield Watch(
        name=f"{function.name}-not-invoked",
        metric=rule_metric(name, "FailedInvocations"),
        bound=1,
        advice="EventBridge could not call it: look at its permission.",
    )
    yield Watch(
        name=f"{function.name}-letters-lost",
        metric=function_metric(name, "DeadLetterErrors"),
        bound=1,
        advice="Lambda could not put a failed run aside: look at its dead-letter queue and role.",
    )
    if trigger.every_minutes * _MISSED <= LONGEST_LOOK_MINUTES:
        every = Duration.minutes(max(60, trigger.every_minutes))
        yield Watch(
            name=f"{function.name}-heartbeat",
            metric=function_metric(name, "Invocations").with_(period=every),
            bound=1,
            periods=_MISSED,
            below=True,
            missing_breaks=True,
            advice="Its schedule does not run: look at its rule.",
        )


def _throttled_table(table: Table, name: str) -> Watch:
    """Of the table and its indexes, whose events are not among its own:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html.
    """
    parts = [None, *(index.name for index in table.indexes)]
    metrics = [
        table_metric(name, kind, index) for index in parts for kind in ("ReadThrottleEvents", "WriteThrottleEvents")
    ]
    return Watch(
        name=f"{table.name}-table-throttles",
        metric=total(metrics, f"{table.name} throttles"),
        bound=THROTTLES,
        periods=2,
        advice="A key is too hot, or traffic doubled within half an hour: callers are retrying.",
    )


def _of_queues(stage: Stage) -> Iterator[Watch]:
    for queue in catalogue.QUEUES:
        yield Watch(
            name=f"{queue.name}-age",
            metric=queue_metric(stage.physical_name(queue.name), "ApproximateAgeOfOldestMessage"),
            bound=OLDEST_MESSAGE_SECONDS,
            advice="The oldest message waits: its consumer is behind.",
        )
    for source in dead_letter_sources():
        yield Watch(
            name=f"{source}-dead-letters",
            metric=queue_metric(stage.physical_name(f"{source}-dlq"), "ApproximateNumberOfMessagesVisible"),
            bound=1,
            advice="Records failed for good: read them, repair, replay.",
        )


def _of_apis(stage: Stage, http_api_id: str) -> Iterator[Watch]:
    ingest = stage.physical_name("ingest")
    yield Watch(
        name="api-5xx",
        metric=rate(http_api_metric(http_api_id, "5xx"), http_api_metric(http_api_id, "Count"), "API 5xx, %"),
        bound=API_ERRORS,
        advice="The API answers 5xx: its access log has routes and integration errors.",
    )
    yield Watch(
        name="ingest-5xx",
        metric=rate(rest_api_metric(ingest, "5XXError"), rest_api_metric(ingest, "Count"), "ingest 5xx, %"),
        bound=API_ERRORS,
        advice="SDKs get 5xx and will send again: look at ingest's log and throttles.",
    )


def rate(failures: cloudwatch.Metric, calls: cloudwatch.Metric, label: str) -> cloudwatch.MathExpression:
    """Failures of calls, in percent; 0 below `FEWEST` failures."""
    return cloudwatch.MathExpression(
        expression=f"IF(failures >= {FEWEST}, 100 * failures / calls, 0)",
        using_metrics={"failures": failures, "calls": calls},
        label=label,
        period=PERIOD,
    )


def total(metrics: list[cloudwatch.Metric], label: str) -> cloudwatch.MathExpression:
    """Of metrics that say nothing while there is nothing to count."""
    names = {f"m{number}": metric for number, metric in enumerate(metrics)}
    return cloudwatch.MathExpression(
        expression=" + ".join(f"FILL({name}, 0)" for name in names),
        using_metrics=dict(names),
        label=label,
        period=PERIOD,
    )

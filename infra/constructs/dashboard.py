"""One page for an operator: what came in, what it cost in time and errors, and what waits."""

from collections.abc import Mapping

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra import catalogue
from infra.constructs.metrics import (
    edge_metric,
    error_search,
    firewall_metric,
    function_metric,
    http_api_metric,
    own_metric,
    queue_metric,
    rest_api_metric,
    ses_metric,
    table_metric,
)
from infra.constructs.queries import (
    OF_QUESTIONS,
    REFUSALS,
    REFUSALS_BY_HOUR,
    SLOW_QUESTIONS,
    log_groups,
    request_log_groups,
)
from infra.constructs.watches import dead_letter_sources
from infra.declarations import StreamTrigger
from infra.stage import Stage

type Row = list[cloudwatch.IWidget]


def make_dashboard(
    scope: Construct, stage: Stage, http_api_id: str, table_names: Mapping[str, str], distribution_id: str | None
) -> None:
    rows = [
        _business(stage),
        _requests(stage, http_api_id),
        _errors(stage),
        _questions(stage),
        _functions(stage),
        _waiting(stage),
        _tables(table_names),
    ]
    if distribution_id:
        rows.append(_edge(stage, distribution_id))
    cloudwatch.Dashboard(scope, "Dashboard", dashboard_name=stage.physical_name("overview"), widgets=rows)


def _business(stage: Stage) -> Row:
    def own(metric: str, service: str) -> cloudwatch.Metric:
        return own_metric(metric, service, stage.name, "Sum")

    return [
        _graph("Events", [own("EventsAccepted", "ingest"), own("EventsRejected", "ingest")]),
        _graph("Events archived", [own("EventsArchived", "archiver")]),
        _graph("Mails", [ses_metric("Send", "Sum"), ses_metric("Delivery", "Sum")]),
        _graph("Drift and losses", [own("RollupDrift", "reconcile"), own("BlocksLost", "reconcile")]),
    ]


def _requests(stage: Stage, http_api_id: str) -> Row:
    ingest = stage.physical_name("ingest")
    return [
        _graph("API", [http_api_metric(http_api_id, metric) for metric in ("Count", "4xx", "5xx")]),
        _graph("API latency, ms", [http_api_metric(http_api_id, "Latency", statistic) for statistic in ("p50", "p99")]),
        _graph("Ingest", [rest_api_metric(ingest, metric) for metric in ("Count", "4XXError", "5XXError")]),
        _graph("Ingest latency, ms", [rest_api_metric(ingest, "Latency", statistic) for statistic in ("p50", "p99")]),
    ]


def _errors(stage: Stage) -> Row:
    """By code and operation: our errors as metrics, refusals from the log, which is read when somebody looks."""
    groups = request_log_groups(stage)
    return [
        cloudwatch.GraphWidget(title="Errors by code and operation", left=[error_search(stage.name)], width=8),
        _table("Refusals by code and operation", groups, REFUSALS),
        _table("Refusals over time", groups, REFUSALS_BY_HOUR, cloudwatch.LogQueryVisualizationType.STACKEDAREA),
    ]


def _questions(stage: Stage) -> Row:
    def own(metric: str) -> list[cloudwatch.Metric]:
        return [own_metric(metric, service, stage.name, "Sum") for service in OF_QUESTIONS]

    kept = [item for metric in ("AnswerCacheHits", "AnswerCacheMisses", "AnswerCacheEvictions") for item in own(metric)]
    return [
        _graph("Answers kept", kept),
        _graph("Slow questions", own("SlowQuestions")),
        _table("Slow questions, with their plans", log_groups(stage, OF_QUESTIONS), SLOW_QUESTIONS),
    ]


def _table(
    title: str,
    groups: list[str],
    query: str,
    view: cloudwatch.LogQueryVisualizationType = cloudwatch.LogQueryVisualizationType.TABLE,
) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(title=title, log_group_names=groups, query_string=query, view=view, width=8)


def _functions(stage: Stage) -> Row:
    names = [stage.physical_name(function.name) for function in catalogue.FUNCTIONS]
    return [
        _graph("Invocations", [function_metric(name, "Invocations") for name in names]),
        _graph("Errors", [function_metric(name, "Errors") for name in names]),
        _graph("Throttles", [function_metric(name, "Throttles") for name in names]),
        _graph("Duration p99, ms", [function_metric(name, "Duration", "p99") for name in names]),
    ]


def _waiting(stage: Stage) -> Row:
    dead = [stage.physical_name(f"{source}-dlq") for source in dead_letter_sources()]
    queues = [stage.physical_name(queue.name) for queue in catalogue.QUEUES]
    streams = [
        stage.physical_name(function.name)
        for function in catalogue.FUNCTIONS
        if isinstance(function.trigger, StreamTrigger)
    ]
    return [
        _graph("Dead letters", [queue_metric(name, "ApproximateNumberOfMessagesVisible") for name in dead]),
        _graph("Oldest message, s", [queue_metric(name, "ApproximateAgeOfOldestMessage") for name in queues]),
        _graph("Streams behind, ms", [function_metric(name, "IteratorAge", "Maximum") for name in streams]),
        _graph("Reputation", [ses_metric("Reputation.BounceRate"), ses_metric("Reputation.ComplaintRate")]),
    ]


def _tables(names: Mapping[str, str]) -> Row:
    metrics = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents")
    return [
        _graph(f"Table {table}", [table_metric(name, metric) for metric in metrics]) for table, name in names.items()
    ]


def _edge(stage: Stage, distribution_id: str) -> Row:
    firewall = stage.physical_name("firewall")
    return [
        _graph("CloudFront", [edge_metric(distribution_id, "Requests", "Sum")]),
        _graph(
            "CloudFront errors, %",
            [edge_metric(distribution_id, metric) for metric in ("4xxErrorRate", "5xxErrorRate")],
        ),
        _graph("Firewall", [firewall_metric(firewall, metric) for metric in ("BlockedRequests", "CountedRequests")]),
    ]


def _graph(title: str, metrics: list[cloudwatch.Metric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=6)

"""Questions to the logs that operators find saved (CloudWatch Logs Insights): free until they are asked."""

from collections.abc import Iterable

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import catalogue
from infra.stage import Stage

# A line a request (`http/edge.py`): `message` is "request", the rest stands in `metadata`.
_REQUESTS = "filter message = 'request'"
_BY_CODE = "count(*) as requests by metadata.code as code, metadata.route as operation"
REFUSALS = f"{_REQUESTS} and metadata.status >= 400 | stats {_BY_CODE} | sort requests desc | limit 50"
REFUSALS_BY_HOUR = f"{_REQUESTS} and metadata.status >= 400 | stats count(*) by bin(1h), metadata.status"
SLOW_QUESTIONS = (
    "filter message in ['slow question', 'slow statement'] | fields timestamp, service, metadata.route, metadata.kind,"
    " metadata.ms, metadata.events, metadata.plan | sort metadata.ms desc | limit 50"
)
OF_QUESTIONS = ("analytics", "question_jobs")
"""The functions that answer them."""
SAVED = {
    "errors by code and operation": f"{_REQUESTS} and metadata.status >= 500 | stats {_BY_CODE} | sort requests desc",
    "refusals by code and operation": REFUSALS,
    "refusals over time": REFUSALS_BY_HOUR,
    "slowest operations": f"{_REQUESTS} | stats pct(metadata.ms, 99) as p99, count(*) as requests by metadata.route"
    " | sort p99 desc | limit 50",
    "what went wrong": "filter level in ['ERROR', 'FATAL'] | fields timestamp, service, message, metadata.request_id"
    " | sort @timestamp desc | limit 100",
    "outside services that did not answer": "filter message = 'vendor does not answer'"
    " | stats count(*) by metadata.vendor, metadata.reason, bin(1h)",
}


def save_queries(scope: Construct, stage: Stage) -> None:
    requests, questions = request_log_groups(stage), log_groups(stage, OF_QUESTIONS)
    saved = {name: (query, requests) for name, query in SAVED.items()} | {"slow questions": (SLOW_QUESTIONS, questions)}
    for name, (query, groups) in saved.items():
        logs.CfnQueryDefinition(
            scope,
            f"Query {name}",
            name=f"{stage.physical_name('queries')}/{name}",
            query_string=query,
            log_group_names=groups,
        )


def log_groups(stage: Stage, functions: Iterable[str]) -> list[str]:
    return [f"/aws/lambda/{stage.physical_name(name)}" for name in functions]


def request_log_groups(stage: Stage) -> list[str]:
    """Of the functions that answer requests, named and not imported, as all that monitoring looks at."""
    return log_groups(stage, [function.name for function in catalogue.FUNCTIONS if function.routes])

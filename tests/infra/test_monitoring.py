import json
from pathlib import Path
from typing import Any

import pytest

from infra import catalogue
from infra.constructs.queries import OF_QUESTIONS
from infra.declarations import Function, ScheduleTrigger, StreamTrigger, Table, dead_letter_source
from infra.stage import stage
from tests.infra.aws import ACCOUNT, allows
from tests.infra.synthesis import Resource, Synthesis

SOURCES = sorted({dead_letter_source(function) for function in catalogue.FUNCTIONS if function.trigger})


def _alarms(synthesis: Synthesis) -> dict[tuple[str, str], dict[str, Any]]:
    """By each metric watched and the value of its last dimension."""
    return {
        metric: resource.properties
        for resource in synthesis.resources("AWS::CloudWatch::Alarm", "Monitoring")
        for metric in _metrics(synthesis, resource.properties)
    }


def _metrics(synthesis: Synthesis, alarm: dict[str, Any]) -> list[tuple[str, str]]:
    metrics = [metric["MetricStat"]["Metric"] for metric in alarm["Metrics"] if "MetricStat" in metric]
    return [(metric["MetricName"], _of(synthesis, metric.get("Dimensions", []))) for metric in metrics]


def _of(synthesis: Synthesis, dimensions: list[dict[str, Any]]) -> str:
    values = [dimension["Value"] for dimension in dimensions if dimension["Name"] not in {"service", "stage"}]
    return synthesis.words("Monitoring", values[-1]) if values else ""


def _named(synthesis: Synthesis, name: str) -> dict[str, Any]:
    physical = synthesis.stage.physical_name(name)
    alarms = synthesis.resources("AWS::CloudWatch::Alarm")
    [alarm] = [alarm.properties for alarm in alarms if alarm.properties.get("AlarmName") == physical]
    return alarm


def _rings(alarm: dict[str, Any], **values: float) -> bool:
    """Whether a period with these values breaks the alarm's bound; its expression read as CloudWatch does."""
    [expression] = [metric["Expression"] for metric in alarm["Metrics"] if "Expression" in metric]
    names = {"IF": lambda test, yes, no: yes if test else no, "FILL": lambda value, _: value}
    metric_value = eval(expression, {"__builtins__": {}}, names | values)
    return bool(metric_value >= alarm["Threshold"])


@pytest.fixture(params=["staging", "prod"])
def watched(request: pytest.FixtureRequest) -> Synthesis:
    synthesis: Synthesis = request.getfixturevalue(request.param)
    return synthesis


@pytest.mark.parametrize("source", SOURCES)
def test_the_first_dead_letter_raises_an_alarm(watched: Synthesis, source: str) -> None:
    queue = watched.stage.physical_name(f"{source}-dlq")
    alarm = _alarms(watched)["ApproximateNumberOfMessagesVisible", queue]

    assert alarm["Threshold"] == 1
    assert queue in {resource.properties["QueueName"] for resource in watched.resources("AWS::SQS::Queue")}


FUNCTIONS = pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)
SCHEDULED = [function for function in catalogue.FUNCTIONS if isinstance(function.trigger, ScheduleTrigger)]


@FUNCTIONS
def test_a_functions_errors_raise_an_alarm_by_their_rate(watched: Synthesis, function: Function) -> None:
    alarm = _named(watched, f"{function.name}-errors")
    name = watched.stage.physical_name(function.name)

    assert _rings(alarm, failures=3, calls=3)
    assert _rings(alarm, failures=50, calls=1000)
    assert not _rings(alarm, failures=2, calls=2), "two of two may be one caller's bad luck"
    assert not _rings(alarm, failures=49, calls=1000)
    assert set(_metrics(watched, alarm)) == {("Errors", name), ("Invocations", name)}


@FUNCTIONS
def test_throttles_that_last_raise_an_alarm(watched: Synthesis, function: Function) -> None:
    alarm = _named(watched, f"{function.name}-throttles")

    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (10, 2)


@FUNCTIONS
def test_a_function_near_its_timeout_raises_an_alarm(watched: Synthesis, function: Function) -> None:
    alarm = _named(watched, f"{function.name}-near-timeout")
    [watching] = alarm["Metrics"]

    assert watching["MetricStat"]["Stat"] == "Maximum"
    assert 0.9 * function.timeout * 1000 < alarm["Threshold"] < function.timeout * 1000


@pytest.mark.parametrize("function", [f for f in catalogue.FUNCTIONS if f.routes], ids=lambda function: function.name)
def test_what_answers_requests_raises_an_alarm_when_one_in_a_hundred_is_slow(
    watched: Synthesis, function: Function
) -> None:
    alarm = _named(watched, f"{function.name}-slow")
    [watching] = alarm["Metrics"]

    assert watching["MetricStat"]["Stat"] == "p99"
    assert alarm["Threshold"] == function.timeout * 1000 / 2


@pytest.mark.parametrize("function", SCHEDULED, ids=lambda function: function.name)
def test_a_schedule_that_does_not_run_raises_an_alarm_by_its_silence(watched: Synthesis, function: Function) -> None:
    """An alarm looks back a day, and a week with periods of an hour or more:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (EvaluationPeriods).
    """
    assert isinstance(function.trigger, ScheduleTrigger)
    if function.trigger.every_minutes * 2 > 7 * 24 * 60:
        assert function.name == "key_rotation", "no alarm looks back so far: another heartbeat is needed"
        return
    alarm = _named(watched, f"{function.name}-heartbeat")
    [watching] = alarm["Metrics"]

    assert watching["MetricStat"]["Metric"]["MetricName"] == "Invocations"
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    looks_back = watching["MetricStat"]["Period"] * alarm["EvaluationPeriods"]
    assert 2 * function.trigger.every_minutes * 60 <= looks_back <= 7 * 24 * 3600
    assert watching["MetricStat"]["Period"] >= 3600


@pytest.mark.parametrize("function", SCHEDULED, ids=lambda function: function.name)
def test_a_run_that_could_not_begin_or_be_put_aside_raises_an_alarm(watched: Synthesis, function: Function) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html and
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html.
    """
    name = watched.stage.physical_name(function.name)

    assert _alarms(watched)["FailedInvocations", name]["Threshold"] == 1
    assert _alarms(watched)["DeadLetterErrors", name]["Threshold"] == 1
    assert name in {rule.properties["Name"] for rule in watched.resources("AWS::Events::Rule")}


@pytest.mark.parametrize("table", catalogue.TABLES, ids=lambda table: table.name)
def test_a_throttled_table_or_index_raises_an_alarm(watched: Synthesis, table: Table) -> None:
    """Indexes have metrics of their own:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html.
    """
    alarm = _named(watched, f"{table.name}-table-throttles")
    metrics = [metric["MetricStat"]["Metric"] for metric in alarm["Metrics"] if "MetricStat" in metric]
    dimensions = [{one["Name"]: one["Value"] for one in metric["Dimensions"]} for metric in metrics]
    indexes = {None, *(index.name for index in table.indexes)}

    assert {watched.words("Monitoring", dimension["TableName"]) for dimension in dimensions} == {
        f"Data/{table.name.title()}Table"
    }
    assert {dimension.get("GlobalSecondaryIndexName") for dimension in dimensions} == indexes
    assert len(dimensions) == 2 * len(indexes)
    assert _rings(alarm, **{f"m{number}": 0 if number else 10 for number in range(len(dimensions))})


def test_the_apis_5xx_raise_an_alarm_by_their_rate(watched: Synthesis) -> None:
    for name in ("api-5xx", "ingest-5xx"):
        alarm = _named(watched, name)
        assert _rings(alarm, failures=10, calls=1000)
        assert not _rings(alarm, failures=9, calls=1000)
        assert not _rings(alarm, failures=2, calls=2)


def test_cloudfronts_5xx_raise_an_alarm_where_its_metrics_are(watched: Synthesis) -> None:
    """In us-east-1: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
    (the names of dimensions, too)."""
    [alarm] = watched.resources("AWS::CloudWatch::Alarm", "EdgeMonitoring")
    [metric] = [metric["MetricStat"]["Metric"] for metric in alarm.properties["Metrics"]]
    [topic] = watched.resources("AWS::SNS::Topic", "EdgeMonitoring")

    assert watched.regions["EdgeMonitoring"] == "us-east-1"
    assert (metric["Namespace"], metric["MetricName"]) == ("AWS/CloudFront", "5xxErrorRate")
    assert {dimension["Name"] for dimension in metric["Dimensions"]} == {"DistributionId", "Region"}
    assert watched.words("EdgeMonitoring", alarm.properties["AlarmActions"][0]) == topic.path


def test_a_month_that_costs_too_much_is_told_before_it_ends(watched: Synthesis, dev: Synthesis) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html."""
    [budget] = watched.resources("AWS::Budgets::Budget")
    notifications = budget.properties["NotificationsWithSubscribers"]

    assert budget.properties["Budget"]["BudgetLimit"] == {"Amount": watched.stage.budget_dollars, "Unit": "USD"}
    assert {notification["Notification"]["NotificationType"] for notification in notifications} == {
        "ACTUAL",
        "FORECASTED",
    }
    assert {one["Address"] for notification in notifications for one in notification["Subscribers"]} == {
        watched.stage.alarm_email
    }
    assert dev.resources("AWS::Budgets::Budget") == []


@pytest.mark.parametrize("queue", catalogue.QUEUES, ids=lambda queue: queue.name)
def test_a_queue_whose_oldest_message_waits_raises_an_alarm(watched: Synthesis, queue: Any) -> None:
    alarm = _alarms(watched)["ApproximateAgeOfOldestMessage", watched.stage.physical_name(queue.name)]

    assert alarm["Threshold"] <= 15 * 60


def test_a_stream_that_falls_behind_raises_an_alarm(watched: Synthesis) -> None:
    for function in catalogue.FUNCTIONS:
        if isinstance(function.trigger, StreamTrigger):
            assert ("IteratorAge", watched.stage.physical_name(function.name)) in _alarms(watched)


def test_bounces_and_complaints_raise_an_alarm_before_ses_reviews_the_account(watched: Synthesis) -> None:
    alarms = _alarms(watched)

    assert alarms["Reputation.BounceRate", ""]["Threshold"] < 0.05
    assert alarms["Reputation.ComplaintRate", ""]["Threshold"] < 0.001


def test_drift_raises_an_alarm(watched: Synthesis) -> None:
    alarms = _alarms(watched)

    assert {"5xx", "5XXError", "RollupDrift"} <= {metric for metric, _ in alarms}
    drift = alarms["RollupDrift", ""]["Metrics"][0]["MetricStat"]["Metric"]["Dimensions"]
    assert {dimension["Name"]: dimension["Value"] for dimension in drift} == {
        "service": "reconcile",
        "stage": watched.stage.name,
    }


@pytest.mark.parametrize("metric", ["TimersStuck", "TimerSecondsLate"])
def test_timers_that_do_not_fire_raise_an_alarm(watched: Synthesis, metric: str) -> None:
    alarm = _alarms(watched)[metric, ""]

    dimensions = alarm["Metrics"][0]["MetricStat"]["Metric"]["Dimensions"]
    assert {dimension["Name"]: dimension["Value"] for dimension in dimensions} == {
        "service": "timers",
        "stage": watched.stage.name,
    }


def test_every_alarm_reaches_the_operators_and_says_what_to_do(watched: Synthesis) -> None:
    [topic] = watched.resources("AWS::SNS::Topic", "Monitoring")

    for alarm in _alarms(watched).values():
        for actions in (alarm["AlarmActions"], alarm["OKActions"]):
            assert [watched.words("Monitoring", action) for action in actions] == [topic.path]
        assert alarm["AlarmDescription"]
        assert (alarm["TreatMissingData"] == "breaching") == alarm["AlarmName"].endswith("-heartbeat")


def test_cloudwatch_of_this_account_may_publish_to_the_topic_and_nobody_elses(watched: Synthesis) -> None:
    policies = watched.resources("AWS::SNS::TopicPolicy")
    assert {policy.stack for policy in policies} == {"Monitoring", "EdgeMonitoring"}

    def may(policy: Resource, service: str, **context: str) -> bool:
        secure = {"aws:SecureTransport": "true", **{f"aws:{key}": value for key, value in context.items()}}
        return allows(watched, policy.stack, policy.properties["PolicyDocument"], service, "sns:Publish", secure)

    for policy in policies:
        assert may(policy, "cloudwatch.amazonaws.com", SourceAccount=ACCOUNT)
        assert not may(policy, "cloudwatch.amazonaws.com", SourceAccount="444455556666")
        assert not may(policy, "cloudwatch.amazonaws.com", SourceAccount=ACCOUNT, SecureTransport="false")
        assert not may(policy, "s3.amazonaws.com", SourceAccount=ACCOUNT)


def test_a_stage_with_alarms_is_not_made_without_somebody_to_mail_them_to(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="-c alarm_email="):
        Synthesis(stage("prod"), tmp_path)


def test_alarms_are_mailed_to_whom_the_operator_names(staging: Synthesis, prod: Synthesis) -> None:
    for synthesis in (staging, prod):
        subscriptions = synthesis.resources("AWS::SNS::Subscription")
        assert {subscription.stack for subscription in subscriptions} == {"Monitoring", "EdgeMonitoring"}
        for subscription in subscriptions:
            assert subscription.properties["Protocol"] == "email"
            assert subscription.properties["Endpoint"] == synthesis.stage.alarm_email


def test_stages_without_operators_have_no_alarms(dev: Synthesis, local: Synthesis) -> None:
    assert _alarms(dev) == _alarms(local) == {}


def _dashboard(synthesis: Synthesis) -> str:
    [dashboard] = synthesis.resources("AWS::CloudWatch::Dashboard")
    return json.dumps(dashboard.properties["DashboardBody"])


def test_one_dashboard_shows_every_function_queue_and_stream(watched: Synthesis) -> None:
    body = _dashboard(watched)
    queues = [queue.name for queue in catalogue.QUEUES]

    for name in (*(f.name for f in catalogue.FUNCTIONS), *(f"{source}-dlq" for source in SOURCES), *queues):
        assert watched.stage.physical_name(name) in body


def test_the_dashboard_shows_events_ingest_tables_mail_and_the_edge(watched: Synthesis) -> None:
    body = _dashboard(watched)

    for metric in ("EventsAccepted", "EventsRejected", "EventsArchived", "5XXError", "Send", "Delivery"):
        assert metric in body
    for metric in ("ConsumedWriteCapacityUnits", "WriteThrottleEvents", "5xxErrorRate", "BlockedRequests"):
        assert metric in body


def test_a_stage_that_is_nobodys_job_pays_for_no_dashboard(dev: Synthesis) -> None:
    assert dev.resources("AWS::CloudWatch::Dashboard") == []
    assert "Monitoring" not in dev.templates


def test_no_metric_is_billed_for_each_route(any_stage: Synthesis) -> None:
    """Detailed metrics are custom ones, of every route and method:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html.
    """
    for kind in ("AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Stage"):
        [made] = any_stage.resources(kind)
        settings = made.properties.get("DefaultRouteSettings") or made.properties["MethodSettings"][0]
        assert not settings.get("DetailedMetricsEnabled")
        assert not settings.get("MetricsEnabled")


def test_access_logs_say_why_an_integration_failed(any_stage: Synthesis) -> None:
    for kind in ("AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Stage"):
        [made] = any_stage.resources(kind)
        [log] = [value for name, value in made.properties.items() if name.startswith("AccessLog")]
        assert "$context.integrationErrorMessage" in log["Format"]


def test_monitoring_imports_nothing_that_another_stack_may_want_to_remove(prod: Synthesis) -> None:
    imported = set(_imports(prod.templates["Monitoring"]))

    kept = 2 + len(catalogue.TABLES)
    assert len(imported) == kept, "the HTTP API, the distribution and the tables, which are as old as the stage"


def _imports(value: Any) -> list[str]:
    match value:
        case {"Fn::GetStackOutput": {"OutputName": str(name)}}:
            return [name]
        case dict():
            return [name for child in value.values() for name in _imports(child)]
        case list():
            return [name for child in value for name in _imports(child)]
        case _:
            return []


def test_errors_are_on_the_dashboard_by_code_and_operation_and_in_saved_queries(watched: Synthesis) -> None:
    body = _dashboard(watched)
    saved = [resource.properties for resource in watched.resources("AWS::Logs::QueryDefinition")]
    answering = {
        f"/aws/lambda/{watched.stage.physical_name(function.name)}"
        for function in catalogue.FUNCTIONS
        if function.routes
    }

    assert "{Groundswell,code,operation,stage}" in body
    assert "metadata.code" in body
    assert "SlowQuestions" in body
    assert "AnswerCacheHits" in body
    assert any("metadata.plan" in item["QueryString"] for item in saved)
    assert any("metadata.code as code, metadata.route as operation" in item["QueryString"] for item in saved)
    of_questions = {f"/aws/lambda/{watched.stage.physical_name(name)}" for name in OF_QUESTIONS}
    for query in saved:
        assert set(query["LogGroupNames"]) == (of_questions if "slow question'" in query["QueryString"] else answering)
        assert len(answering) <= 50  # what one query may read

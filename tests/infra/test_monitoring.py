import json
from pathlib import Path
from typing import Any

import pytest

from infra import catalogue
from infra.declarations import QueueTrigger, StreamTrigger, dead_letter_source
from infra.stage import stage
from tests.infra.aws import ACCOUNT, allows
from tests.infra.synthesis import Synthesis

SOURCES = sorted({dead_letter_source(function) for function in catalogue.FUNCTIONS if function.trigger})


def _alarms(synthesis: Synthesis) -> dict[tuple[str, str], dict[str, Any]]:
    """By metric and the value of its dimension."""
    return {
        _metric(synthesis, each.properties): each.properties
        for each in synthesis.resources("AWS::CloudWatch::Alarm", "Monitoring")
    }


def _metric(synthesis: Synthesis, alarm: dict[str, Any]) -> tuple[str, str]:
    [watched] = alarm["Metrics"]
    metric = watched["MetricStat"]["Metric"]
    values = [each["Value"] for each in metric.get("Dimensions", []) if each["Name"] not in {"service", "stage"}]
    return metric["MetricName"], synthesis.words("Monitoring", values[0]) if values else ""


@pytest.fixture(params=["staging", "prod"])
def watched(request: pytest.FixtureRequest) -> Synthesis:
    synthesis: Synthesis = request.getfixturevalue(request.param)
    return synthesis


@pytest.mark.parametrize("source", SOURCES)
def test_the_first_dead_letter_raises_an_alarm(watched: Synthesis, source: str) -> None:
    queue = watched.stage.physical_name(f"{source}-dlq")
    alarm = _alarms(watched)["ApproximateNumberOfMessagesVisible", queue]

    assert alarm["Threshold"] == 1
    assert queue in {each.properties["QueueName"] for each in watched.resources("AWS::SQS::Queue")}


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
@pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)
def test_errors_and_throttles_of_any_function_raise_an_alarm(watched: Synthesis, function: Any, metric: str) -> None:
    name = watched.stage.physical_name(function.name)
    alarm = _alarms(watched)[metric, name]

    assert alarm["Threshold"] == 1
    assert watched.function(function.name).properties["FunctionName"] == name


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


def test_server_errors_and_drift_raise_an_alarm(watched: Synthesis) -> None:
    alarms = _alarms(watched)

    assert {"5xx", "5XXError", "RollupDrift"} <= {metric for metric, _ in alarms}
    drift = alarms["RollupDrift", ""]["Metrics"][0]["MetricStat"]["Metric"]["Dimensions"]
    assert {each["Name"]: each["Value"] for each in drift} == {"service": "reconcile", "stage": watched.stage.name}


def test_every_alarm_reaches_the_operators_and_says_what_to_do(watched: Synthesis) -> None:
    [topic] = watched.resources("AWS::SNS::Topic")

    for alarm in _alarms(watched).values():
        for actions in (alarm["AlarmActions"], alarm["OKActions"]):
            assert [watched.words("Monitoring", action) for action in actions] == [topic.path]
        assert alarm["AlarmDescription"]
        assert alarm["TreatMissingData"] == "notBreaching"


def test_cloudwatch_of_this_account_may_publish_to_the_topic_and_nobody_elses(watched: Synthesis) -> None:
    [policy] = watched.resources("AWS::SNS::TopicPolicy")
    document = policy.properties["PolicyDocument"]

    def may(service: str, **context: str) -> bool:
        secure = {"aws:SecureTransport": "true", **{f"aws:{key}": value for key, value in context.items()}}
        return allows(watched, policy.stack, document, service, "sns:Publish", secure)

    assert may("cloudwatch.amazonaws.com", SourceAccount=ACCOUNT)
    assert not may("cloudwatch.amazonaws.com", SourceAccount="444455556666")
    assert not may("cloudwatch.amazonaws.com", SourceAccount=ACCOUNT, SecureTransport="false")
    assert not may("s3.amazonaws.com", SourceAccount=ACCOUNT)


def test_a_stage_with_alarms_is_not_made_without_somebody_to_mail_them_to(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="-c alarm_email="):
        Synthesis(stage("prod"), tmp_path)


def test_alarms_are_mailed_to_whom_the_operator_names(staging: Synthesis, prod: Synthesis) -> None:
    for synthesis in (staging, prod):
        [subscription] = synthesis.resources("AWS::SNS::Subscription")
        assert subscription.properties["Protocol"] == "email"
        assert subscription.properties["Endpoint"] == synthesis.stage.alarm_email


def test_stages_without_operators_have_no_alarms(dev: Synthesis, local: Synthesis) -> None:
    assert _alarms(dev) == _alarms(local) == {}


def test_one_dashboard_shows_every_function_queue_and_stream(any_stage: Synthesis) -> None:
    [dashboard] = any_stage.resources("AWS::CloudWatch::Dashboard")
    body = json.dumps(dashboard.properties["DashboardBody"])
    functions = catalogue.FUNCTIONS

    for name in (*(f.name for f in functions), *(f"{source}-dlq" for source in SOURCES)):
        assert any_stage.stage.physical_name(name) in body
    for function in functions:
        if isinstance(function.trigger, QueueTrigger):
            assert any_stage.stage.physical_name(function.trigger.queue) in body


def test_monitoring_imports_nothing_that_another_stack_may_want_to_remove(prod: Synthesis) -> None:
    imported = set(_imports(prod.templates["Monitoring"]))

    assert len(imported) == 1, "the HTTP API, which is as old as the stage"


def _imports(value: Any) -> list[str]:
    match value:
        case {"Fn::GetStackOutput": {"OutputName": str(name)}}:
            return [name]
        case dict():
            return [name for each in value.values() for name in _imports(each)]
        case list():
            return [name for each in value for name in _imports(each)]
        case _:
            return []

"""What tells operators that something is wrong: a dashboard, and alarms on the same metrics to one topic.

It names functions and queues instead of importing them: an export would forbid their stacks to remove one.
"""

from collections.abc import Iterator
from typing import Any

from aws_cdk import Aws, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra import catalogue
from infra.constructs.acknowledge import acknowledge
from infra.constructs.metrics import (
    function_metric,
    http_api_metric,
    own_metric,
    queue_metric,
    rest_api_metric,
    ses_metric,
)
from infra.declarations import StreamTrigger, dead_letter_source
from infra.stage import Stage

OLDEST_MESSAGE_SECONDS = 15 * 60
OLDEST_RECORD_MS = 5 * 60 * 1000
SERVER_ERRORS = 5  # in five minutes
# SES reviews an account at 5 % bounces and at 0.1 % complaints: know before.
BOUNCE_RATE = 0.03
COMPLAINT_RATE = 0.0008
DRIFT = "RollupDrift"


class MonitoringStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, stage: Stage, http_api_id: str, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        self._stage = stage
        self._http_api_id = http_api_id
        self._add_dashboard()
        if stage.alarms:
            self._add_alarms(self._make_topic())

    def _make_topic(self) -> sns.Topic:
        """A topic's own policy takes the place of the one by which its account may publish: CloudWatch has to be named.
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
        """
        topic = sns.Topic(self, "Topic", topic_name=self._stage.physical_name("alarms"), enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        topic.add_subscription(subscriptions.EmailSubscription(self._stage.alarm_email))
        acknowledge(
            topic,
            "A queue of undelivered alarm mails would have no reader: the alarm itself stays red.",
            "Serverless-SNSRedrivePolicy",
        )
        return topic

    def _add_alarms(self, topic: sns.Topic) -> None:
        for name, metric, threshold, description in self._watched():
            alarm = cloudwatch.Alarm(
                self,
                name,
                alarm_name=self._stage.physical_name(name),
                alarm_description=description,
                metric=metric,
                threshold=threshold,
                evaluation_periods=1,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            alarm.add_alarm_action(actions.SnsAction(topic))
            alarm.add_ok_action(actions.SnsAction(topic))

    def _watched(self) -> Iterator[tuple[str, cloudwatch.Metric, float, str]]:
        """Name, metric, threshold and what an operator should make of it, of every alarm."""
        physical = self._stage.physical_name
        for function in catalogue.FUNCTIONS:
            name = physical(function.name)
            yield f"{function.name}-errors", function_metric(name, "Errors"), 1, "Invocations failed: read its log."
            yield f"{function.name}-throttles", function_metric(name, "Throttles"), 1, "Out of concurrency."
            if isinstance(function.trigger, StreamTrigger):
                age = function_metric(name, "IteratorAge", "Maximum")
                yield (
                    f"{function.name}-behind",
                    age,
                    OLDEST_RECORD_MS,
                    "Its stream waits: a failing batch, or too much.",
                )
        for queue in catalogue.QUEUES:
            age = queue_metric(physical(queue.name), "ApproximateAgeOfOldestMessage")
            yield f"{queue.name}-age", age, OLDEST_MESSAGE_SECONDS, "The oldest message waits: its consumer is behind."
        for source in dead_letter_sources():
            depth = queue_metric(physical(f"{source}-dlq"), "ApproximateNumberOfMessagesVisible")
            yield f"{source}-dead-letters", depth, 1, "Records failed for good: read them, repair, replay."
        yield "api-5xx", http_api_metric(self._http_api_id, "5xx"), SERVER_ERRORS, "The API answers 5xx."
        yield "ingest-5xx", rest_api_metric(physical("ingest"), "5XXError"), SERVER_ERRORS, "Browsers get 5xx."
        yield "ses-bounces", ses_metric("Reputation.BounceRate"), BOUNCE_RATE, "Stop sending to what bounces."
        yield "ses-complaints", ses_metric("Reputation.ComplaintRate"), COMPLAINT_RATE, "Recipients report spam."
        yield (
            "rollup-drift",
            own_metric(DRIFT, "reconcile", self._stage.name),
            1,
            "Rollups differed from the raw events.",
        )

    def _add_dashboard(self) -> None:
        names = [self._stage.physical_name(function.name) for function in catalogue.FUNCTIONS]
        dead = [self._stage.physical_name(f"{source}-dlq") for source in dead_letter_sources()]
        queues = [self._stage.physical_name(queue.name) for queue in catalogue.QUEUES]
        streams = [
            self._stage.physical_name(function.name)
            for function in catalogue.FUNCTIONS
            if isinstance(function.trigger, StreamTrigger)
        ]
        api = self._http_api_id
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self._stage.physical_name("overview"),
            widgets=[
                [
                    _graph("Requests", [http_api_metric(api, metric) for metric in ("Count", "4xx", "5xx")]),
                    _graph("Latency, ms", [http_api_metric(api, "Latency", each) for each in ("p50", "p99")]),
                ],
                [
                    _graph("Invocations", [function_metric(name, "Invocations") for name in names]),
                    _graph("Errors", [function_metric(name, "Errors") for name in names]),
                    _graph("Throttles", [function_metric(name, "Throttles") for name in names]),
                    _graph("Duration p99, ms", [function_metric(name, "Duration", "p99") for name in names]),
                ],
                [
                    _graph("Dead letters", [queue_metric(name, "ApproximateNumberOfMessagesVisible") for name in dead]),
                    _graph(
                        "Oldest message, s", [queue_metric(name, "ApproximateAgeOfOldestMessage") for name in queues]
                    ),
                    _graph("Streams behind, ms", [function_metric(name, "IteratorAge", "Maximum") for name in streams]),
                    _graph("Mail", [ses_metric("Reputation.BounceRate"), ses_metric("Reputation.ComplaintRate")]),
                ],
            ],
        )


def dead_letter_sources() -> tuple[str, ...]:
    """What has a `<name>-dlq`: every queue, and every function behind a stream or a schedule."""
    workers = [function for function in catalogue.FUNCTIONS if function.trigger]
    return tuple(dict.fromkeys([*(queue.name for queue in catalogue.QUEUES), *map(dead_letter_source, workers)]))


def _graph(title: str, metrics: list[cloudwatch.Metric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=6)

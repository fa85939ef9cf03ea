"""The operators' topic, and an alarm for each watch."""

from collections.abc import Iterable

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.watches import Watch
from infra.stage import Stage


def make_topic(scope: Construct, stage: Stage, name: str) -> sns.Topic:
    """A topic's own policy takes the place of the one by which its account may publish: CloudWatch has to be named.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    topic = sns.Topic(scope, "Topic", topic_name=stage.physical_name(name), enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )
    topic.add_subscription(subscriptions.EmailSubscription(stage.alarm_email))
    acknowledge(
        topic,
        "A queue of undelivered alarm mails would have no reader: the alarm itself stays red.",
        "Serverless-SNSRedrivePolicy",
    )
    return topic


def add_alarms(scope: Construct, stage: Stage, watches: Iterable[Watch], topic: sns.ITopic) -> None:
    missing = cloudwatch.TreatMissingData
    for watch in watches:
        alarm = cloudwatch.Alarm(
            scope,
            watch.name,
            alarm_name=stage.physical_name(watch.name),
            alarm_description=watch.advice,
            metric=watch.metric,
            threshold=watch.bound,
            evaluation_periods=watch.periods,
            comparison_operator=watch.comparison,
            treat_missing_data=missing.BREACHING if watch.missing_breaks else missing.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
        alarm.add_ok_action(actions.SnsAction(topic))

"""A Lambda function: role, log group, layers, environment and grants of its own, the same for every function."""

import json
from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Size, Stack, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.layers import Layers
from infra.constructs.resources import Resources, secret_arn
from infra.constructs.runtime import RUNTIME, architecture
from infra.declarations import Function, QueueTrigger, ScheduleTrigger
from infra.environment import environment
from infra.packaging.assets import function_code
from infra.stage import Stage

RETENTION = {
    1: logs.RetentionDays.ONE_DAY,
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def vended_log_name(stage: Stage, name: str) -> str:
    """Of a log that a service writes. Under this prefix no log group is named in the account's resource policy, which
    ends at 5,120 characters: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    return f"/aws/vendedlogs/{stage.physical_name(name)}"


def make_log_group(scope: Construct, construct_id: str, stage: Stage, name: str) -> logs.LogGroup:
    """Deleted with its stack: what must outlast a log is an event or an audit entry."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=RETENTION[stage.log_retention_days],
        removal_policy=RemovalPolicy.DESTROY,
    )


def function_id(name: str) -> str:
    """The construct of a function: `outbox_publisher` is `OutboxPublisher`."""
    return "".join(part.title() for part in name.split("_"))


def make_function(
    scope: Construct,
    declared: Function,
    stage: Stage,
    resources: Resources,
    layers: Layers,
    dead_letters: sqs.IQueue | None = None,
) -> lambda_.Function:
    """The function with exactly what its declaration grants, tagged by its feature.

    `dead_letters` gets the events of asynchronous calls that keep failing, as they were, so that they can be replayed.
    """
    home = Construct(scope, function_id(declared.name))
    log_group = make_log_group(home, "Logs", stage, f"/aws/lambda/{stage.physical_name(declared.name)}")
    role = _make_role(home, declared, stage, resources, log_group)
    variables = _environment(declared, stage, resources)
    function = _function(home, declared, stage, layers, role, log_group, variables, dead_letters)
    _acknowledge_all(home, declared, resources, is_asynchronous=dead_letters is not None)
    Tags.of(home).add("feature", declared.feature)
    return function


def _function(
    home: Construct,
    declared: Function,
    stage: Stage,
    layers: Layers,
    role: iam.IRole,
    log_group: logs.ILogGroup,
    variables: Mapping[str, str],
    dead_letters: sqs.IQueue | None,
) -> lambda_.Function:
    return lambda_.Function(
        home,
        "Function",
        function_name=stage.physical_name(declared.name),
        description=f"groundswell {stage.name}: functions/{declared.name}",
        runtime=RUNTIME,
        architecture=architecture(stage),
        code=function_code(home, declared.name),
        handler=f"functions.{declared.name}.handler.handler",
        layers=list(layers.of(declared)),
        memory_size=declared.memory,
        ephemeral_storage_size=Size.mebibytes(declared.disk),
        timeout=Duration.seconds(declared.timeout),
        snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if stage.snap_start and declared.fits_snapshot else None,
        reserved_concurrent_executions=declared.reserved if stage.reserved_concurrency else None,
        role=role,
        log_group=log_group,
        dead_letter_queue=dead_letters,
        tracing=_tracing(declared),
        recursive_loop=lambda_.RecursiveLoop.ALLOW if _goes_round(declared) else None,
        environment=variables,
    )


def _tracing(declared: Function) -> lambda_.Tracing:
    """A schedule's run is traced where its caller is, which EventBridge's is not: Lambda traces one call a second of
    each function, which is every tick, and such a trace says no more than its log.
    https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
    """
    scheduled = isinstance(declared.trigger, ScheduleTrigger)
    return lambda_.Tracing.PASS_THROUGH if scheduled else lambda_.Tracing.ACTIVE


def _goes_round(declared: Function) -> bool:
    """Lambda stops what calls itself through a queue, unless that is meant and bounded."""
    return isinstance(declared.trigger, QueueTrigger) and declared.trigger.rounds is not None


def _environment(declared: Function, stage: Stage, resources: Resources) -> Mapping[str, str]:
    return environment(
        declared,
        stage,
        tables={name: table.table_name for name, table in resources.tables.items()},
        queues={name: queue.queue_url for name, queue in resources.queues.items()},
        secrets={name: secret_arn(secret) for name, secret in resources.secrets.items()},
        keys={name: key.key_arn for name, key in resources.keys.items()},
        buckets={name: bucket.bucket_name for name, bucket in resources.buckets.items()},
    )


def _acknowledge_all(home: Construct, declared: Function, resources: Resources, *, is_asynchronous: bool) -> None:
    """What cdk-nag finds in every function, and why it is so."""
    nameless = "X-Ray and CloudWatch's figures have" if _reads_metrics(declared) else "X-Ray has"
    acknowledge(home, f"{nameless} no resources to name in a policy.", "AwsSolutions-IAM5[Resource::*]")
    for bucket in {grant.name for grant in declared.grants if grant.kind == "bucket"}:
        arn = json.dumps(Stack.of(home).resolve(resources.bucket_arn(bucket)), separators=(",", ":"))
        finding = f"AwsSolutions-IAM5[Resource::{arn}/*]"
        acknowledge(home, "Objects are named by what is in them: its actions are about any of this bucket.", finding)
    acknowledge(
        home,
        "The wheels, the bytecode and every tool of this project are of Python 3.13.",
        "AwsSolutions-L1",
        "Serverless-LambdaLatestVersion",
    )
    if isinstance(declared.trigger, ScheduleTrigger):
        acknowledge(home, "A trace of a schedule's run says no more than its log.", "Serverless-LambdaTracing")
    if not is_asynchronous:
        acknowledge(home, "It is never invoked asynchronously.", "Serverless-LambdaDLQ")


def _reads_metrics(declared: Function) -> bool:
    return any(grant.kind == "metrics" for grant in declared.grants)


def _make_role(
    scope: Construct, declared: Function, stage: Stage, resources: Resources, log_group: logs.LogGroup
) -> iam.Role:
    role = iam.Role(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description=f"What functions/{declared.name} may do",
    )
    log_group.grant_write(role)
    for statement in resources.statements(scope, declared.grants, stage):
        role.add_to_policy(statement)
    return role

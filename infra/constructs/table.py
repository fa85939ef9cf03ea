"""A DynamoDB table with the defaults of the stage."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra import declarations
from infra.constructs.acknowledge import acknowledge
from infra.stage import Stage


def make_table(
    scope: Construct, declared: declarations.Table, stage: Stage, key: kms.IKey | None = None
) -> dynamodb.Table:
    """On demand, encrypted with `key` or with AWS's own; what must not be lost has PITR and survives its stack."""
    kept = declared.kept and stage.keep_data
    table = dynamodb.Table(
        scope,
        f"{declared.name.title()}Table",
        partition_key=_key(declared.pk),
        sort_key=_key(declared.sk),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute=declared.ttl,
        stream=dynamodb.StreamViewType.NEW_IMAGE if declared.stream else None,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if key else dynamodb.TableEncryption.AWS_MANAGED,
        encryption_key=key,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=kept
        ),
        deletion_protection=kept,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if kept else RemovalPolicy.DESTROY,
    )
    for index in declared.indexes:
        table.add_global_secondary_index(index_name=index.name, partition_key=_key(index.pk), sort_key=_key(index.sk))
    if not kept:
        acknowledge(
            table,
            "Holds what may be lost: caches and counters that expire, or any data of a stage that keeps none.",
            "AwsSolutions-DDB3",
        )
    return table


def _key(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

"""What functions are granted, and how a grant becomes a policy statement: exact actions on exact resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import Arn, ArnComponents, Fn, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import catalogue, declarations
from infra.declarations import Grant
from infra.stage import Stage

SERVICES = {
    "table": "dynamodb",
    "queue": "sqs",
    "dead_letters": "sqs",
    "secret": "secretsmanager",
    "key": "kms",
    "bucket": "s3",
    "ses": "ses",
    "metrics": "cloudwatch",
}

LIST_BUCKET = "ListBucket"


@dataclass(frozen=True, kw_only=True)
class Resources:
    """The data stack's resources by their declared names; `dead_letters` of queues, by the queue's."""

    tables: Mapping[str, dynamodb.ITable]
    queues: Mapping[str, sqs.IQueue]
    secrets: Mapping[str, secretsmanager.Secret]
    keys: Mapping[str, kms.IKey]
    buckets: Mapping[str, s3.IBucket]
    dead_letters: Mapping[str, sqs.IQueue]

    def statements(self, scope: Construct, grants: tuple[Grant, ...], stage: Stage) -> Iterator[iam.PolicyStatement]:
        """One statement per grant, and one for the indexes of a table that may be queried."""
        for grant in grants:
            if grant.kind == "secret" and grant.name not in self.secrets:
                continue  # the stage has no use for it
            if grant.kind == "bucket":
                yield from self._bucket_statements(grant)
                continue
            yield _statement(
                grant.kind, grant.actions, [self._arn(scope, grant, stage), *_configuration_sets(scope, grant, stage)]
            )
            indexes = self._index_arns(grant)
            if indexes and "Query" in grant.actions:
                yield _statement(grant.kind, ("Query",), indexes)

    def _bucket_statements(self, grant: Grant) -> Iterator[iam.PolicyStatement]:
        arn = self.bucket_arn(grant.name)
        about_objects = tuple(action for action in grant.actions if action != LIST_BUCKET)
        if about_objects:
            yield _statement(grant.kind, about_objects, [f"{arn}/*"])
        if LIST_BUCKET in grant.actions:
            yield _statement(grant.kind, (LIST_BUCKET,), [arn])

    def bucket_arn(self, name: str) -> str:
        """As other stacks read it, by the output of a name that is ours: cdk-nag names its findings by it."""
        home = Stack.of(self.buckets[name])
        return Fn.get_stack_output(home.stack_name, arn_output(name), home.region)

    def _arn(self, scope: Construct, grant: Grant, stage: Stage) -> str:
        match grant.kind:
            case "table":
                return self.tables[grant.name].table_arn
            case "queue":
                return self.queues[grant.name].queue_arn
            case "metrics":
                return "*"
            case "secret":
                return secret_arn(self.secrets[grant.name])
            case "key":
                return self.keys[grant.name].key_arn
            case "bucket":
                return self.bucket_arn(grant.name)
            case "dead_letters" | "ses":
                return Arn.format(_named(grant, stage), Stack.of(scope))

    def _index_arns(self, grant: Grant) -> list[str]:
        if grant.kind != "table":
            return []
        declared: declarations.Table = catalogue.table(grant.name)
        return [f"{self.tables[grant.name].table_arn}/index/{index.name}" for index in declared.indexes]


def _named(grant: Grant, stage: Stage) -> ArnComponents:
    if grant.kind == "ses":
        return ArnComponents(service="ses", resource=grant.name, resource_name=stage.mail_identity)
    # By name: some belong to a stack that is made later, and an export would keep it from removing one.
    return ArnComponents(service="sqs", resource=stage.physical_name(f"{grant.name}-dlq"))


def arn_output(bucket: str) -> str:
    """The output of the data stack that has a bucket's ARN."""
    return f"Bucket{bucket.title()}Arn"


def _configuration_sets(scope: Construct, grant: Grant, stage: Stage) -> list[str]:
    """Who sends with a configuration set needs a grant for that, too:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    if grant.kind != "ses" or not stage.mail_configuration_set:
        return []
    named = ArnComponents(service="ses", resource="configuration-set", resource_name=stage.mail_configuration_set)
    return [Arn.format(named, Stack.of(scope))]


def secret_arn(secret: secretsmanager.Secret) -> str:
    """By its attribute, which is the ARN on the emulator too: there, a reference gives the name."""
    return cast("secretsmanager.CfnSecret", secret.node.default_child).attr_id


def _statement(kind: str, actions: tuple[str, ...], resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[f"{SERVICES[kind]}:{action}" for action in actions], resources=resources)

"""What functions are granted, and how a grant becomes a policy statement: exact actions on exact resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import Arn, ArnComponents, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
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
    "ses": "ses",
    "metrics": "cloudwatch",
}


@dataclass(frozen=True, kw_only=True)
class Resources:
    """The data stack's resources by their declared names; `dead_letters` of queues, by the queue's."""

    tables: Mapping[str, dynamodb.ITable]
    queues: Mapping[str, sqs.IQueue]
    secrets: Mapping[str, secretsmanager.Secret]
    keys: Mapping[str, kms.IKey]
    dead_letters: Mapping[str, sqs.IQueue]

    def statements(self, scope: Construct, grants: tuple[Grant, ...], stage: Stage) -> Iterator[iam.PolicyStatement]:
        """One statement per grant, and one for the indexes of a table that may be queried."""
        for grant in grants:
            yield _statement(grant.kind, grant.actions, [self._arn(scope, grant, stage)])
            indexes = self._index_arns(grant)
            if indexes and "Query" in grant.actions:
                yield _statement(grant.kind, ("Query",), indexes)

    def _arn(self, scope: Construct, grant: Grant, stage: Stage) -> str:
        match grant.kind:
            case "table":
                return self.tables[grant.name].table_arn
            case "queue":
                return self.queues[grant.name].queue_arn
            case "dead_letters":
                # By name: some belong to a stack that is made later, and an export would keep it from removing one.
                queue = stage.physical_name(f"{grant.name}-dlq")
                return Arn.format(ArnComponents(service="sqs", resource=queue), Stack.of(scope))
            case "metrics":
                return "*"
            case "secret":
                return secret_arn(self.secrets[grant.name])
            case "key":
                return self.keys[grant.name].key_arn
            case "ses":
                parts = ArnComponents(service="ses", resource=grant.name, resource_name=stage.mail_domain)
                return Arn.format(parts, Stack.of(scope))

    def _index_arns(self, grant: Grant) -> list[str]:
        if grant.kind != "table":
            return []
        declared: declarations.Table = catalogue.table(grant.name)
        return [f"{self.tables[grant.name].table_arn}/index/{index.name}" for index in declared.indexes]


def secret_arn(secret: secretsmanager.Secret) -> str:
    """By its attribute, which is the ARN on the emulator too: there, a reference gives the name."""
    return cast("secretsmanager.CfnSecret", secret.node.default_child).attr_id


def _statement(kind: str, actions: tuple[str, ...], resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[f"{SERVICES[kind]}:{action}" for action in actions], resources=resources)

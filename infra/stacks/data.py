"""What a stage keeps: tables, queues, secrets, keys and buckets."""

from typing import Any

from aws_cdk import Aws, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra import catalogue, declarations
from infra.constructs.acknowledge import acknowledge
from infra.constructs.archive_queries import ArchiveQueries
from infra.constructs.bucket import make_bucket
from infra.constructs.mail import Mail
from infra.constructs.queue import make_dead_letter_queue, make_queue
from infra.constructs.resources import Resources, arn_output
from infra.constructs.table import make_table
from infra.stage import Stage

SECRET_BYTES = 64


class DataStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, stage: Stage, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        self._stage = stage
        key = self._make_table_key() if stage.keep_data else None
        dead_letters = {queue.name: make_dead_letter_queue(self, queue.name, stage) for queue in catalogue.QUEUES}
        self.resources = Resources(
            tables={
                table.name: make_table(self, table, stage, key if table.kept else None) for table in catalogue.TABLES
            },
            queues={
                queue.name: make_queue(
                    self,
                    queue.name,
                    stage,
                    dead_letters[queue.name],
                    visibility_seconds=declarations.visibility_seconds(catalogue.consumer(queue.name)),
                    max_receives=queue.max_receives,
                )
                for queue in catalogue.QUEUES
            },
            secrets={secret.name: self._make_secret(secret) for secret in catalogue.secrets(stage.settings)},
            keys={key.name: self._make_sealing_key(key) for key in catalogue.KEYS},
            buckets={bucket.name: make_bucket(self, bucket, stage) for bucket in catalogue.BUCKETS},
            dead_letters=dead_letters,
        )
        if stage.athena:
            buckets = self.resources.buckets
            ArchiveQueries(self, "ArchiveQueries", stage, buckets["archive"], buckets["exports"])
        if stage.mail_transport == "ses":
            campaigns = self.resources.queues["campaigns"], self.resources.dead_letters["campaigns"]
            Mail(self, "Mail", stage, *campaigns)
        for name, table in self.resources.tables.items():
            CfnOutput(self, f"Table{name.title()}", value=table.table_name, description=f"Name of the {name} table")
        for name, bucket in self.resources.buckets.items():
            CfnOutput(self, arn_output(name), value=bucket.bucket_arn, description=f"ARN of the {name} bucket")

    @property
    def _kept(self) -> RemovalPolicy:
        """Of what the data needs. A first deployment that fails takes it along: kept, its name would be in the way."""
        return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if self._stage.keep_data else RemovalPolicy.DESTROY

    def _make_table_key(self) -> kms.Key:
        """Whoever may use a table may use its key, through DynamoDB only: access is decided in one place."""
        key = kms.Key(
            self,
            "TableKey",
            description=f"Tables of groundswell {self._stage.name}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.AnyPrincipal()],
                actions=[
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:DescribeKey",
                    "kms:CreateGrant",
                ],
                resources=["*"],  # in a key policy: this key
                conditions={
                    "StringEquals": {
                        "kms:CallerAccount": Aws.ACCOUNT_ID,
                        "kms:ViaService": f"dynamodb.{Aws.REGION}.{Aws.URL_SUFFIX}",
                    }
                },
            )
        )
        return key

    def _make_sealing_key(self, declared: declarations.Key) -> kms.Key:
        """Whoever is granted it may use it: what it sealed is lost with it, so it outlives its stack with the data."""
        key = kms.Key(
            self,
            f"{declared.name.title()}Key",
            description=f"groundswell {self._stage.name}: {declared.purpose}",
            enable_key_rotation=self._stage.keep_data,
            removal_policy=self._kept,
        )
        if not self._stage.keep_data:
            acknowledge(key, "A rotation costs $1 a month, and nothing is kept.", "AwsSolutions-KMS5")
        return key

    def _make_secret(self, declared: declarations.Secret) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            f"{declared.name.title()}Secret",
            description=f"groundswell {self._stage.name}: {declared.name}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=declared.template,
                generate_string_key=declared.generated,
                exclude_punctuation=True,
                password_length=SECRET_BYTES,
            ),
            removal_policy=self._kept,
        )
        acknowledge(
            secret,
            "functions/key_rotation rotates it on a schedule of ours, in one step: the previous key stays in the same "
            "value, so that what it signed stays valid.",
            "AwsSolutions-SMG4",
        )
        return secret

"""The tables, queues, secrets, keys and buckets of the catalogue: made at the first start and found again later."""

import json
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.session import get_session

from infra.declarations import (
    Bucket,
    Function,
    Key,
    Queue,
    QueueTrigger,
    Secret,
    Table,
    dead_letter_source,
    visibility_seconds,
)
from infra.stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

# SQS keeps a message for four days unless told; a dead letter waits longer for someone to look.
_DEAD_LETTER_SECONDS = str(14 * 24 * 3600)


class Clients:
    """The stage's own clients of the emulator. They read nothing from the host's environment or AWS profile."""

    def __init__(self, emulator: Mapping[str, str]) -> None:
        self._emulator = emulator
        self._session = get_session()

    def _create(self, service: str) -> object:
        return self._session.create_client(
            service,
            region_name=self._emulator["AWS_REGION"],
            endpoint_url=self._emulator["AWS_ENDPOINT_URL"],
            aws_access_key_id=self._emulator["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self._emulator["AWS_SECRET_ACCESS_KEY"],
            config=Config(connect_timeout=2, read_timeout=30, max_pool_connections=32, retries={"mode": "standard"}),
        )

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._create("dynamodb")  # type: ignore[return-value]

    @cached_property
    def streams(self) -> "DynamoDBStreamsClient":
        return self._create("dynamodbstreams")  # type: ignore[return-value]

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._create("sqs")  # type: ignore[return-value]

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        return self._create("secretsmanager")  # type: ignore[return-value]

    @cached_property
    def kms(self) -> "KMSClient":
        return self._create("kms")  # type: ignore[return-value]

    @cached_property
    def s3(self) -> "S3Client":
        return self._create("s3")  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Where everything is, by declared name: names of tables, secrets and buckets, ARNs of streams, URLs of queues, ids
    of keys.

    `dead_letters` has the queue of each function behind a trigger, by function.
    """

    tables: Mapping[str, str]
    streams: Mapping[str, str]
    queues: Mapping[str, str]
    secrets: Mapping[str, str]
    keys: Mapping[str, str]
    buckets: Mapping[str, str]
    dead_letters: Mapping[str, str]


class Builder:
    def __init__(self, clients: Clients, stage: Stage) -> None:
        self._clients = clients
        self._stage = stage

    def build(
        self,
        *,
        tables: Iterable[Table],
        queues: Iterable[Queue],
        secrets: Iterable[Secret],
        keys: Iterable[Key],
        buckets: Iterable[Bucket],
        functions: Iterable[Function],
    ) -> Resources:
        """Make what is missing; leave what is there as it is."""
        functions = tuple(functions)
        visibility = {
            function.trigger.queue: visibility_seconds(function)
            for function in functions
            if isinstance(function.trigger, QueueTrigger)
        }
        streams = {table.name: self._table(table) for table in tables}
        return Resources(
            tables={name: self._stage.physical_name(name) for name in streams},
            streams={name: stream for name, stream in streams.items() if stream},
            queues={queue.name: self._queue(queue, visibility.get(queue.name, 30)) for queue in queues},
            secrets={secret.name: self._secret(secret) for secret in secrets},
            keys={key.name: self._key(key) for key in keys},
            buckets={bucket.name: self._bucket(bucket) for bucket in buckets},
            dead_letters={
                function.name: self._plain_queue(
                    f"{dead_letter_source(function)}-dlq", {"MessageRetentionPeriod": _DEAD_LETTER_SECONDS}
                )
                for function in functions
                if function.trigger
            },
        )

    def _table(self, table: Table) -> str:
        """Make one table. Returns its stream's ARN, or "" if it has none."""
        client, name = self._clients.dynamodb, self._stage.physical_name(table.name)
        with suppress(client.exceptions.ResourceInUseException):  # of an earlier start
            client.create_table(**_definition(table, name))
        if table.ttl:
            current = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            if current.get("TimeToLiveStatus") != "ENABLED":
                ttl = {"Enabled": True, "AttributeName": table.ttl}
                client.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)  # type: ignore[arg-type]
        return client.describe_table(TableName=name)["Table"].get("LatestStreamArn", "")

    def _queue(self, queue: Queue, visibility: int) -> str:
        dead = self._plain_queue(f"{queue.name}-dlq", {"MessageRetentionPeriod": _DEAD_LETTER_SECONDS})
        sqs = self._clients.sqs
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = {"deadLetterTargetArn": arn, "maxReceiveCount": queue.max_receives}
        attributes = {"VisibilityTimeout": str(visibility), "RedrivePolicy": json.dumps(redrive)}
        return self._plain_queue(queue.name, attributes)

    def _plain_queue(self, name: str, attributes: Mapping[str, str]) -> str:
        sqs, physical = self._clients.sqs, self._stage.physical_name(name)
        try:
            url = sqs.get_queue_url(QueueName=physical)["QueueUrl"]
        except sqs.exceptions.QueueDoesNotExist:
            url = sqs.create_queue(QueueName=physical)["QueueUrl"]
        have = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        if not attributes.items() <= have.items():  # a change is saved before the stage is ready
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)  # type: ignore[arg-type]
        return url

    def _secret(self, secret: Secret) -> str:
        client, name = self._clients.secrets, self._stage.physical_name(secret.name)
        value = json.loads(secret.template) | {secret.generated: secrets.token_urlsafe(32)}
        with suppress(client.exceptions.ResourceExistsException):  # what an earlier one signed must stay valid
            client.create_secret(Name=name, SecretString=json.dumps(value))
        return name

    def _key(self, key: Key) -> str:
        client, alias = self._clients.kms, f"alias/{self._stage.physical_name(key.name)}"
        try:
            return client.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"]
        except client.exceptions.NotFoundException:
            made = client.create_key(Description=key.purpose)["KeyMetadata"]["KeyId"]
            client.create_alias(AliasName=alias, TargetKeyId=made)
            return made

    def _bucket(self, bucket: Bucket) -> str:
        client, name = self._clients.s3, self._stage.physical_name(bucket.name)
        if name not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
            client.create_bucket(Bucket=name)
        return name


def _definition(table: Table, name: str) -> "CreateTableInputTypeDef":
    keys = dict.fromkeys([table.pk, table.sk, *(key for index in table.indexes for key in (index.pk, index.sk))])
    definition: CreateTableInputTypeDef = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [
            {"AttributeName": table.pk, "KeyType": "HASH"},
            {"AttributeName": table.sk, "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in keys],
    }
    if table.stream:
        definition["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    if table.indexes:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": [
                    {"AttributeName": index.pk, "KeyType": "HASH"},
                    {"AttributeName": index.sk, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in table.indexes
        ]
    return definition

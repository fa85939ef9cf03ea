"""The emulator's account, as an operator with every right sees it: what must differ there from a real one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3

from infra import catalogue
from infra.local.emulator import REGION, Emulator

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True)
class Account:
    """Clients for the emulator's AWS services."""

    emulator: Emulator

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._session.client("dynamodb", endpoint_url=self.emulator.endpoint)

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._session.client("sqs", endpoint_url=self.emulator.endpoint)

    @cached_property
    def s3(self) -> "S3Client":
        return self._session.client("s3", endpoint_url=self.emulator.endpoint)

    @cached_property
    def _session(self) -> boto3.Session:
        own = self.emulator.environment
        return boto3.Session(own["AWS_ACCESS_KEY_ID"], own["AWS_SECRET_ACCESS_KEY"], region_name=REGION)

    def enable_expiry(self, outputs: Mapping[str, str]) -> None:
        """Turn TTL on, which the emulator does not take from CloudFormation."""
        for table in catalogue.TABLES:
            if table.ttl:
                self.dynamodb.update_time_to_live(
                    TableName=outputs[f"Table{table.name.title()}"],
                    TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl},
                )

    def allow_plain_http(self) -> None:
        """Remove the policy by which the bootstrapped bucket takes TLS only: the emulator serves HTTP, on loopback."""
        for bucket in self.s3.list_buckets()["Buckets"]:
            self.s3.delete_bucket_policy(Bucket=bucket["Name"])

"""One botocore client per service and process: a client costs more at cold start than anything else we import.

botocore itself is imported with the first client: a third of the cold start of a function that answers without one.
"""

import gc
import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


CONNECT_SECONDS = 1
READ_SECONDS = 3
USER_AGENT = "groundswell"
"""Left to itself, botocore describes the machine anew for every request, which takes a tenth of a small one's time."""


def open_early(*clients: Callable[[], object]) -> None:
    """Open clients while Lambda initializes an environment: it lends a whole CPU for that, whatever the memory.

    At the first request, a client costs three times as long. What is there by then stays, so it is never looked
    through for garbage again. Elsewhere than in Lambda this does nothing.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        for client in clients:
            client()
        _collect_from_now_on()


def _collect_from_now_on() -> None:
    """Functions begin without garbage collection. It starts with the first client, or when they are ready."""
    gc.freeze()
    gc.enable()


@cache
def session() -> "Session":
    from botocore.session import get_session

    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        _collect_from_now_on()
    return get_session()


def _create(service: str, *, read_timeout: int | None = None, attempts: int = 3, **more: Any) -> Any:
    """The defaults (60 s each, legacy retries) outlive a request: fail fast and let standard mode back off."""
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    patience = read_timeout or READ_SECONDS
    config = Config(
        connect_timeout=CONNECT_SECONDS, read_timeout=patience, retries=retries, user_agent=USER_AGENT, **more
    )
    return session().create_client(service, config=config)


@cache
def dynamodb() -> "DynamoDBClient":
    client: DynamoDBClient = _create("dynamodb")
    return client


@cache
def sqs() -> "SQSClient":
    client: SQSClient = _create("sqs")
    return client


@cache
def secrets() -> "SecretsManagerClient":
    client: SecretsManagerClient = _create("secretsmanager")
    return client


@cache
def kms() -> "KMSClient":
    client: KMSClient = _create("kms")
    return client


@cache
def s3() -> "S3Client":
    # Links are signed for the bucket's own region: left to itself, botocore signs the old way, and for a global name.
    style: Any = {"addressing_style": "path" if "AWS_ENDPOINT_URL" in os.environ else "virtual"}
    client: S3Client = _create("s3", read_timeout=30, signature_version="s3v4", s3=style)
    return client


@cache
def ses() -> "SESV2Client":
    # SES knows no idempotency token: a retry after a lost answer would send the mail twice.
    client: SESV2Client = _create("sesv2", read_timeout=10, attempts=1)
    return client


@cache
def cloudwatch() -> Any:
    """For health checks only: one attempt."""
    return _create("cloudwatch", attempts=1)

"""One botocore client per service and process: a client costs more at cold start than anything else we import."""

from functools import cache
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.session import Session, get_session

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

# The defaults (60 s each, legacy retries) outlive a request: fail fast and let standard mode back off.
_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
# SES knows no idempotency token: a retry after a lost answer would send the mail twice.
_ONCE = _CONFIG.merge(Config(read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}))


@cache
def session() -> Session:
    return get_session()


@cache
def dynamodb() -> "DynamoDBClient":
    return cast("DynamoDBClient", session().create_client("dynamodb", config=_CONFIG))


@cache
def sqs() -> "SQSClient":
    return cast("SQSClient", session().create_client("sqs", config=_CONFIG))


@cache
def secrets() -> "SecretsManagerClient":
    return cast("SecretsManagerClient", session().create_client("secretsmanager", config=_CONFIG))


@cache
def kms() -> "KMSClient":
    return cast("KMSClient", session().create_client("kms", config=_CONFIG))


@cache
def ses() -> "SESV2Client":
    return cast("SESV2Client", session().create_client("sesv2", config=_ONCE))

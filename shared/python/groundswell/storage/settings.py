"""Where things are, as the function's environment says: set by CDK in AWS and by the local stage on one machine."""

import os


def table_name(table: str) -> str:
    """The DynamoDB table behind `core`, `events` or `ephemeral`. Raises KeyError when not granted."""
    return os.environ[f"TABLE_{table.upper()}"]


def queue_url(queue: str) -> str:
    """The SQS queue's URL. Raises KeyError when not granted."""
    return os.environ[f"QUEUE_{queue.upper()}"]


def secret_id(secret: str) -> str:
    """The Secrets Manager secret's name. Raises KeyError when not granted."""
    return os.environ[f"SECRET_{secret.upper()}"]


def key_id(key: str) -> str:
    """The KMS key's id or ARN. Raises KeyError when not granted."""
    return os.environ[f"KEY_{key.upper()}"]


def bucket_name(bucket: str) -> str:
    """The S3 bucket behind `archive` or `exports`. Raises KeyError when not granted."""
    return os.environ[f"BUCKET_{bucket.upper()}"]

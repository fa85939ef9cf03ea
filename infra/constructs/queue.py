"""SQS queues: encrypted, over TLS only, and none without a dead-letter queue."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.stage import Stage

DEAD_LETTER_DAYS = 14  # the most SQS keeps


def make_dead_letter_queue(scope: Construct, source: str, stage: Stage) -> sqs.Queue:
    """`<source>-dlq`: where a queue's, stream's or schedule's failures wait to be looked at and replayed."""
    queue = sqs.Queue(
        scope,
        f"{_id(source)}DeadLetters",
        queue_name=stage.physical_name(f"{source}-dlq"),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=stage.tls,
        retention_period=Duration.days(DEAD_LETTER_DAYS),
    )
    acknowledge(queue, "It is itself a dead-letter queue.", "AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy")
    _accept_plain_http(queue, stage)
    return queue


def make_queue(
    scope: Construct, name: str, stage: Stage, dead_letters: sqs.IQueue, *, visibility_seconds: int, max_receives: int
) -> sqs.Queue:
    """After `max_receives` failed deliveries a message moves to `dead_letters`."""
    queue = sqs.Queue(
        scope,
        f"{_id(name)}Queue",
        queue_name=stage.physical_name(name),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=stage.tls,
        visibility_timeout=Duration.seconds(visibility_seconds),
        retention_period=Duration.days(DEAD_LETTER_DAYS),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=max_receives),
    )
    _accept_plain_http(queue, stage)
    return queue


def _accept_plain_http(queue: sqs.Queue, stage: Stage) -> None:
    if not stage.tls:
        acknowledge(queue, "The emulator serves plain HTTP, on loopback.", "AwsSolutions-SQS4")


def _id(name: str) -> str:
    return "".join(part.title() for part in name.replace("_", "-").split("-"))

"""Consumers of queues and streams: records that fail are reported one by one and end where they can be replayed."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_lambda_event_sources import SqsDlq

from infra.constructs.acknowledge import acknowledge
from infra.declarations import QueueTrigger, StreamTrigger
from infra.stage import Stage


def consume_queue(function: lambda_.FunctionBase, queue: sqs.IQueue, trigger: QueueTrigger, stage: Stage) -> None:
    """What keeps failing goes to the queue's own dead-letter queue, by its redrive policy."""
    queue.grant_consume_messages(function)
    lambda_.EventSourceMapping(
        function,
        "Source",
        target=function,
        event_source_arn=queue.queue_arn,
        batch_size=trigger.batch_size,
        max_batching_window=Duration.seconds(trigger.window_seconds),
        max_concurrency=trigger.concurrency if stage.cap_consumers else None,
        report_batch_item_failures=True,
    )
    acknowledge(
        function,
        "A queue's failures move to its dead-letter queue by the redrive policy.",
        "Serverless-LambdaEventSourceMappingDestination",
    )


def consume_stream(
    function: lambda_.FunctionBase, table: dynamodb.ITable, trigger: StreamTrigger, dead_letters: sqs.IQueue
) -> None:
    """A failing batch is halved until the bad record stands alone; after its retries a pointer to it is kept."""
    table.grant_stream_read(function)
    lambda_.EventSourceMapping(
        function,
        "Source",
        target=function,
        event_source_arn=table.table_stream_arn,
        starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        batch_size=trigger.batch_size,
        max_batching_window=Duration.seconds(trigger.window_seconds),
        parallelization_factor=trigger.parallelization,
        retry_attempts=trigger.retries,
        bisect_batch_on_error=True,
        report_batch_item_failures=True,
        filters=[lambda_.FilterCriteria.filter(pattern) for pattern in trigger.filters] or None,
        on_failure=SqsDlq(dead_letters),
    )
    acknowledge(function, "ListStreams has no resource to name.", "AwsSolutions-IAM5[Resource::*]")

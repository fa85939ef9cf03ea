"""Administration of organizations and of the platform: it may look at every queue and every dead letter."""

from collections.abc import Sequence

from infra.declarations import (
    READ,
    WRITE,
    Feature,
    Function,
    Grant,
    Routes,
    ScheduleTrigger,
    StreamTrigger,
    dead_letter_source,
)
from infra.vendors import SHOWN_AS_CONFIGURED

_LETTERS = ("GetQueueUrl", "GetQueueAttributes", "ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage")


def feature(others: Sequence[Feature]) -> Feature:
    """What there is to administer follows from all other features."""
    workers = [function for other in others for function in other.functions if function.trigger]
    queues = [queue.name for other in others for queue in other.queues]
    return Feature(
        name="admin",
        functions=(
            Function(
                name="admin",
                feature="admin",
                routes=(Routes("/admin", bare=False), Routes("/usage")),
                timeout=29,
                grants=(
                    Grant("table", "core", (*READ, *WRITE, "DescribeTable")),
                    Grant("table", "events", (*READ, "UpdateItem", "DescribeTable")),
                    Grant("table", "ephemeral", (*READ, *WRITE, "DescribeTable")),
                    Grant("secret", "signing", ("GetSecretValue",)),
                    Grant("secret", "vendors", ("GetSecretValue",)),
                    Grant("metrics", "sqs", ("GetMetricStatistics",)),
                    *(Grant("queue", queue, ("GetQueueAttributes", "SendMessage")) for queue in queues),
                    *(Grant("dead_letters", source, _LETTERS) for source in _sources(workers)),
                ),
                settings=(
                    "PUBLIC_URL",
                    "FRONTEND_URL",
                    "OPENAI_MONTHLY_TOKENS",
                    *SHOWN_AS_CONFIGURED,
                ),
                environment={
                    "SCHEDULES": ",".join(
                        f"{worker.name}={worker.trigger.every_minutes}"
                        for worker in workers
                        if isinstance(worker.trigger, ScheduleTrigger)
                    ),
                    "STREAM_WORKERS": ",".join(
                        f"{worker.name}={worker.trigger.table}"
                        for worker in workers
                        if isinstance(worker.trigger, StreamTrigger)
                    ),
                },
            ),
        ),
    )


def _sources(workers: Sequence[Function]) -> list[str]:
    return list(dict.fromkeys(dead_letter_source(worker) for worker in workers))

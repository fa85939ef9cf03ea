"""Whom a client may address: lists, segments, opt-outs and consents; leads from files and into them."""

from infra.declarations import (
    READ,
    WRITE,
    Feature,
    Function,
    Grant,
    PersonalData,
    Queue,
    QueueTrigger,
    Routes,
    StreamTrigger,
)

_QUEUE = Queue(name="audience")

FEATURE = Feature(
    name="audience",
    personal_data=(PersonalData(package="audience", buckets=("exports", "uploads")),),
    queues=(_QUEUE,),
    functions=(
        Function(
            name="audience",
            feature="audience",
            group="growth",
            routes=(
                Routes("/audience", bare=False),
                Routes("/leads/import"),
                Routes("/leads/export", greedy=False),
                Routes("/leads/files", bare=False),
            ),
            memory=1024,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "events", READ),  # who is in a cohort
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("bucket", "exports", ("PutObject", "GetObject")),  # the latter by link
                Grant("bucket", "uploads", ("PutObject", "GetObject")),  # the former by form
            ),
            settings=("PUBLIC_URL",),
            timeout=29,  # a hundred members at once
        ),
        Function(
            name="audience_jobs",
            feature="audience",
            group="growth",
            trigger=QueueTrigger(queue="audience", batch_size=1, concurrency=5, rounds=500, timers=True),
            layers=("core", "training"),  # numpy, which is imported when a model is trained
            memory=1024,
            timeout=300,
            grants=(
                Grant("table", "core", (*READ, *WRITE, "BatchWriteItem")),
                Grant("table", "events", READ),  # what segments say of events
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
                Grant("queue", "audience", ("SendMessage",)),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("bucket", "exports", ("GetObject", "PutObject", "DeleteObject", "ListBucket")),
                Grant("bucket", "uploads", ("GetObject", "DeleteObject")),
            ),
            settings=("PUBLIC_URL",),  # a list asks whom it gets to confirm
            environment={"ATTEMPTS": str(_QUEUE.max_receives)},
        ),
        Function(
            name="audience_keeper",
            feature="audience",
            group="growth",
            trigger=StreamTrigger(
                table="core",
                filters=({"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"kind": {"S": ["lead"]}}}},),
                batch_size=100,
                window_seconds=1,
            ),
            timeout=60,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "events", READ),  # what rules of scores say of events
            ),
        ),
    ),
)

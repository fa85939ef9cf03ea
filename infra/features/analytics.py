"""The readers: raw events, metric series, custom metric points, and questions that a worker answers."""

from infra.declarations import READ, WRITE, Bucket, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_QUEUE = Queue(name="questions")

FEATURE = Feature(
    name="analytics",
    queues=(_QUEUE,),
    personal_data=(
        PersonalData(package="analytics.wallets"),
        PersonalData(package="analytics.catalogue"),
        PersonalData(package="analytics.cohorts", tables=("core", "events")),
        PersonalData(package="analytics.saved"),
        PersonalData(package="analytics.questions", tables=(), buckets=("questions",)),
    ),
    buckets=(Bucket(name="questions", expire_days=7, kept=False),),
    functions=(
        Function(
            name="analytics",
            feature="analytics",
            group="analytics",
            routes=(
                Routes("/analytics", bare=False),
                Routes("/dashboard/client-companies/{id}/events"),
                Routes("/dashboard/client-companies/{id}/web3-events"),
            ),
            grants=(
                Grant("table", "core", READ + WRITE),  # an API key's last use; blocked events; wallets
                Grant("table", "events", (*READ, "PutItem", "BatchWriteItem")),
                Grant("table", "ephemeral", (*READ, "PutItem", "UpdateItem", "DeleteItem")),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("bucket", "questions", ("GetObject", "PutObject", "DeleteObject", "ListBucket")),  # answers kept
                Grant("bucket", "archive", ("GetObject",)),
            ),
            layers=("core", "engine"),
            settings=("SLOW_QUESTION_MS",),
            timeout=29,
            memory=1769,  # one whole core: a question reads up to a million events
        ),
        Function(
            name="question_jobs",
            feature="analytics",
            group="analytics",
            layers=("core", "engine"),
            settings=("SLOW_QUESTION_MS",),
            trigger=QueueTrigger(queue="questions", batch_size=1, concurrency=5, rounds=500),  # two days of work, $8
            memory=3008,  # half of it DuckDB's: more spills to the disk
            disk=10_240,  # the objects of a question's days: 200 million events; $0.0000003 a second
            timeout=600,
            reserved=5,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "events", READ),
                Grant("bucket", "questions", ("GetObject", "PutObject", "DeleteObject", "ListBucket")),
                Grant("bucket", "archive", ("GetObject",)),
                Grant("queue", "questions", ("SendMessage",)),
            ),
            environment={"ATTEMPTS": str(_QUEUE.max_receives)},
        ),
    ),
)

"""Verdicts on rejected events, and who is not wanted or asks to be forgotten."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_QUEUE = Queue(name="privacy")

FEATURE = Feature(
    name="privacy",
    queues=(_QUEUE,),
    personal_data=(
        PersonalData(package="events.suppressions"),
        PersonalData(package="events.rejections", tables=("ephemeral",)),
        PersonalData(package="privacy.exports", buckets=("exports",)),
        PersonalData(package="privacy.erasures"),
    ),
    functions=(
        Function(
            name="privacy",
            feature="privacy",
            routes=(Routes("/analytics/rejections"), Routes("/privacy", bare=False), Routes("/operations", bare=False)),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", (*READ, "PutItem", "UpdateItem", "DeleteItem")),
                Grant("bucket", "exports", ("GetObject",)),  # by link
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,
        ),
        Function(
            name="privacy_jobs",
            feature="privacy",
            trigger=QueueTrigger(queue="privacy", batch_size=1, concurrency=5, rounds=2_000),  # five days of work, $7
            layers=("core", "engine"),
            memory=1769,  # DuckDB, which the archive is written anew with
            timeout=300,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "events", (*READ, "PutItem", "BatchWriteItem")),
                Grant("queue", "privacy", ("SendMessage",)),
            ),
            settings=("PRINCIPAL_CACHE_SECONDS",),
            environment={"ATTEMPTS": str(_QUEUE.max_receives)},
            personal_data="persons",
        ),
    ),
)

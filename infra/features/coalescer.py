"""Events that arrive one by one, written together."""

from infra.declarations import Feature, Function, Grant, Queue, QueueTrigger

FEATURE = Feature(
    name="coalescer",
    queues=(Queue(name="arrivals"),),
    functions=(
        Function(
            name="coalescer",
            feature="coalescer",
            group="analytics",
            # Two seconds collect what makes a block cheap; readers wait 20 s at most, all in.
            trigger=QueueTrigger(queue="arrivals", batch_size=1000, window_seconds=2, concurrency=50),
            memory=1024,
            timeout=30,
            grants=(
                Grant("table", "events", ("BatchWriteItem",)),
                Grant("table", "core", ("BatchGetItem",)),  # suppression lists
                Grant("table", "ephemeral", ("BatchWriteItem",)),  # verdicts on who is on one
            ),
            settings=("PRINCIPAL_CACHE_SECONDS",),
        ),
    ),
)

"""Platforms that clients connect, the worker that reads from them, and what they post to us."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes
from infra.platforms import PLATFORM_SETTINGS

_OUTSIDE = ("PUBLIC_URL", "ALLOW_LOOPBACK_HOSTS", *PLATFORM_SETTINGS)
_QUEUE = Queue(name="syncs")
_GRANTS = (
    Grant("table", "core", (*READ, *WRITE, "BatchWriteItem")),
    Grant("table", "ephemeral", READ + WRITE),
    Grant("table", "events", ("PutItem", "BatchWriteItem")),  # payments and orders are events
    Grant("key", "credentials", ("Encrypt", "Decrypt")),
    Grant("secret", "vendors", ("GetSecretValue",)),
)

FEATURE = Feature(
    name="integrations",
    personal_data=(PersonalData(package="integrations", tables=("core", "ephemeral")),),
    queues=(_QUEUE,),
    functions=(
        Function(
            name="integrations",
            feature="integrations",
            group="growth",
            routes=(Routes("/integrations"), Routes("/hooks", bare=False, by_programs=True)),
            timeout=29,  # a platform is asked while somebody waits
            grants=(*_GRANTS, Grant("secret", "signing", ("GetSecretValue",))),
            settings=_OUTSIDE,
        ),
        Function(
            name="sync_worker",
            feature="integrations",
            group="growth",
            trigger=QueueTrigger(queue="syncs", batch_size=1, concurrency=20, rounds=1_000_000, timers=True),
            memory=1024,
            timeout=300,
            grants=(*_GRANTS, Grant("queue", "syncs", ("SendMessage",))),
            settings=_OUTSIDE,
        ),
    ),
)

"""Webhooks out: who gets which events, and the worker that delivers them."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_OUTSIDE = ("PUBLIC_URL", "ALLOW_LOOPBACK_HOSTS")
_TIMEOUT = 60

FEATURE = Feature(
    name="webhooks",
    personal_data=(PersonalData(package="webhooks", tables=("core", "ephemeral")),),
    # On one machine a message comes back within seconds: a claim whose process died is leased for longer.
    queues=(Queue(name="webhook_events", max_receives=10),),
    functions=(
        Function(
            name="webhooks",
            feature="webhooks",
            group="growth",
            routes=(Routes("/webhooks"),),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt",)),
            ),
            settings=_OUTSIDE,
        ),
        Function(
            name="webhook_sender",
            feature="webhooks",
            group="growth",
            trigger=QueueTrigger(queue="webhook_events", batch_size=10, concurrency=20, rounds=1_000_000, timers=True),
            timeout=_TIMEOUT,
            grants=(
                Grant("table", "core", ("GetItem", "Query", "PutItem", "DeleteItem")),
                Grant("table", "ephemeral", ("GetItem", "Query", "PutItem", "UpdateItem")),
                Grant("queue", "webhook_events", ("SendMessage",)),
                Grant("key", "credentials", ("Decrypt",)),
            ),
            settings=_OUTSIDE,
            environment={"LEASE_SECONDS": str(_TIMEOUT + 10)},
        ),
    ),
)

"""Alerts: what watches figures, and the worker that evaluates each when it is due."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_GRANTS = (
    Grant("table", "core", READ + WRITE),
    Grant("table", "events", READ),
    Grant("table", "ephemeral", READ + WRITE),
)
_SETTINGS = ("FRONTEND_URL", "PUBLIC_URL", "ALLOW_LOOPBACK_HOSTS")

FEATURE = Feature(
    name="alerts",
    personal_data=(PersonalData(package="alerts"),),
    queues=(Queue(name="alerts"),),
    functions=(
        Function(
            name="alerts",
            feature="alerts",
            group="integrations",
            routes=(Routes("/alerts"),),
            grants=(
                *_GRANTS,
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("key", "credentials", ("Encrypt",)),
            ),
            settings=_SETTINGS,
            timeout=29,  # a preview reads up to 200 periods
            memory=1024,
        ),
        Function(
            name="alert_worker",
            feature="alerts",
            group="integrations",
            trigger=QueueTrigger(queue="alerts", batch_size=10, timers=True),
            grants=(*_GRANTS, Grant("key", "credentials", ("Decrypt",))),
            settings=_SETTINGS,
            timeout=60,
            memory=1024,
        ),
    ),
)

"""Alerts: what watches figures, and the worker that evaluates each when it is due."""

from typing import Any

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_GRANTS = (
    Grant("table", "core", READ + WRITE),
    Grant("table", "events", READ),
    Grant("table", "ephemeral", READ + WRITE),
    Grant("bucket", "questions", ("GetObject", "PutObject", "DeleteObject", "ListBucket")),  # answers kept
    Grant("bucket", "archive", ("GetObject",)),
)
_SETTINGS = ("FRONTEND_URL", "PUBLIC_URL", "ALLOW_LOOPBACK_HOSTS", "SLOW_QUESTION_MS")
_OF_ENGINE: dict[str, Any] = {
    "layers": ("core", "engine"),
    "memory": 1769,
}  # asks questions

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
            **_OF_ENGINE,
        ),
        Function(
            name="alert_worker",
            feature="alerts",
            group="integrations",
            trigger=QueueTrigger(queue="alerts", batch_size=10, timers=True),
            grants=(*_GRANTS, Grant("key", "credentials", ("Decrypt",))),
            settings=_SETTINGS,
            timeout=120,  # ten questions of two periods, of 4 s at most
            **_OF_ENGINE,
        ),
    ),
)

"""All features, collected once. CDK and the local stage read the system from here and nowhere else."""

from collections.abc import Mapping

from infra.declarations import Bucket, Feature, Function, Key, Queue, QueueTrigger, Secret, Table
from infra.features import (
    admin,
    alerts,
    analytics,
    archiver,
    audience,
    auth,
    bots,
    campaigns,
    chat,
    clients,
    cms,
    coalescer,
    creatives,
    ingest,
    integrations,
    key_rotation,
    leads,
    mailer,
    media,
    outbox,
    privacy,
    public,
    purge,
    reconcile,
    reports,
    rollups,
    scoring,
    search,
    social,
    storage,
    system,
    tasks,
    timers,
    usage,
    webhooks,
    webinars,
)
from infra.personal_data import hand_over

_OTHERS: tuple[Feature, ...] = (
    storage.FEATURE,
    auth.FEATURE,
    clients.FEATURE,
    tasks.FEATURE,
    system.FEATURE,
    public.FEATURE,
    ingest.FEATURE,
    coalescer.FEATURE,
    rollups.FEATURE,
    analytics.FEATURE,
    mailer.FEATURE,
    outbox.FEATURE,
    reconcile.FEATURE,
    archiver.FEATURE,
    purge.FEATURE,
    privacy.FEATURE,
    usage.FEATURE,
    key_rotation.FEATURE,
    webhooks.FEATURE,
    leads.FEATURE,
    audience.FEATURE,
    scoring.FEATURE,
    alerts.FEATURE,
    reports.FEATURE,
    integrations.FEATURE,
    search.FEATURE,
    campaigns.FEATURE,
    media.FEATURE,
    cms.FEATURE,
    creatives.FEATURE,
    webinars.FEATURE,
    bots.FEATURE,
    chat.FEATURE,
    social.FEATURE,
)
_WITH_TIMERS = (*_OTHERS, timers.feature(_OTHERS))
FEATURES: tuple[Feature, ...] = hand_over((*_WITH_TIMERS, admin.feature(_WITH_TIMERS)))
FUNCTIONS: tuple[Function, ...] = tuple(function for feature in FEATURES for function in feature.functions)
TABLES: tuple[Table, ...] = tuple(table for feature in FEATURES for table in feature.tables)
QUEUES: tuple[Queue, ...] = tuple(queue for feature in FEATURES for queue in feature.queues)
SECRETS: tuple[Secret, ...] = tuple(secret for feature in FEATURES for secret in feature.secrets)
KEYS: tuple[Key, ...] = tuple(key for feature in FEATURES for key in feature.keys)
BUCKETS: tuple[Bucket, ...] = tuple(bucket for feature in FEATURES for bucket in feature.buckets)

# SDKs post compressed batches to it under any content type: behind an HTTP API alone, bytes taken for text are lost.
BYTES_FUNCTION = "ingest"


def secrets(settings: Mapping[str, str]) -> tuple[Secret, ...]:
    """Those that a stage with these settings has a use for."""
    return tuple(secret for secret in SECRETS if not secret.setting or settings[secret.setting])


def function(name: str) -> Function:
    """The function of that name. Raises StopIteration when nobody declares it."""
    return next(function for function in FUNCTIONS if function.name == name)


def table(name: str) -> Table:
    """The table of that name. Raises StopIteration when nobody declares it."""
    return next(table for table in TABLES if table.name == name)


def consumer(queue: str) -> Function:
    """The function that a queue's messages go to. Raises StopIteration when nobody reads it."""
    return next(
        function
        for function in FUNCTIONS
        if isinstance(function.trigger, QueueTrigger) and function.trigger.queue == queue
    )

"""Reports, and the worker that mails those that are due."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_GRANTS = (
    Grant("table", "core", READ + WRITE),
    Grant("table", "events", READ),
    Grant("secret", "links", ("GetSecretValue",)),
)

FEATURE = Feature(
    name="reports",
    personal_data=(PersonalData(package="reports"),),
    queues=(Queue(name="reports"),),
    functions=(
        Function(
            name="reports",
            feature="reports",
            group="integrations",
            layers=("core", "content", "pdf"),  # workbooks, documents
            routes=(
                Routes("/reports"),
                Routes("/analytics/overview", greedy=False),
                Routes("/analytics/reports", greedy=False),
            ),
            grants=(
                *_GRANTS,
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("bucket", "questions", ("GetObject",)),  # files of large reports, by link
            ),
            settings=("PUBLIC_URL",),
            timeout=29,
            memory=1769,  # one whole core: people are counted over up to a million events
        ),
        Function(
            name="report_worker",
            feature="reports",
            group="integrations",
            trigger=QueueTrigger(queue="reports", batch_size=1, timers=True),
            grants=_GRANTS,
            settings=("PUBLIC_URL",),
            timeout=120,
            memory=1769,
        ),
    ),
)

"""Pages, and what follows from content in time."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_OWN = (
    Grant("table", "core", READ + WRITE),
    Grant("table", "ephemeral", READ + WRITE),
    Grant("secret", "signing", ("GetSecretValue",)),
    Grant("secret", "links", ("GetSecretValue",)),
    Grant("bucket", "media", ("GetObject", "PutObject")),  # pages too large for an item
    Grant("bucket", "uploads", ("GetObject",)),
)

FEATURE = Feature(
    name="cms",
    personal_data=(PersonalData(package="cms"),),
    queues=(Queue(name="content"),),
    functions=(
        Function(
            name="cms",
            feature="cms",
            group="content",
            layers=("core", "content"),
            routes=(Routes("/content/pages"),),
            memory=1024,
            grants=_OWN,
            settings=("PUBLIC_URL",),
        ),
        Function(
            name="content",
            feature="cms",
            group="content",
            layers=("core", "content"),
            trigger=QueueTrigger(queue="content", timers=True),
            timeout=30,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
                Grant("secret", "links", ("GetSecretValue",)),
                Grant("bucket", "media", ("GetObject", "PutObject")),
                Grant("bucket", "uploads", ("GetObject",)),
            ),
            settings=("PUBLIC_URL",),
        ),
    ),
)

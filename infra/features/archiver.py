"""Every ten minutes: counted events go to S3, where they stay for years."""

from infra.declarations import Feature, Function, Grant, PersonalData, ScheduleTrigger

FEATURE = Feature(
    name="archiver",
    personal_data=(PersonalData(package="events.archiver", tables=("events",), buckets=("archive",)),),
    functions=(
        Function(
            name="archiver",
            feature="archiver",
            group="analytics",
            trigger=ScheduleTrigger(every_minutes=10),
            layers=("core", "engine"),
            memory=1769,  # a whole core, and what a compacted object is sorted in
            timeout=900,
            grants=(
                Grant("table", "events", ("GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem")),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
                Grant("bucket", "archive", ("GetObject", "PutObject", "DeleteObject", "ListBucket")),
            ),
        ),
    ),
)

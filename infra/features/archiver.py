"""Hourly: counted events go to S3, where they stay for years."""

from infra.declarations import Feature, Function, Grant, PersonalData, ScheduleTrigger

FEATURE = Feature(
    name="archiver",
    personal_data=(PersonalData(package="events.archiver", tables=("events",), buckets=("archive",)),),
    functions=(
        Function(
            name="archiver",
            feature="archiver",
            group="analytics",
            trigger=ScheduleTrigger(every_minutes=60),
            memory=1024,
            timeout=900,
            grants=(
                Grant("table", "events", ("GetItem", "BatchGetItem", "Query", "PutItem")),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
                Grant("bucket", "archive", ("PutObject", "DeleteObject")),
            ),
        ),
    ),
)

"""Daily: deletes what clients left behind that were deleted more than 14 days ago."""

from infra.declarations import Feature, Function, Grant, ScheduleTrigger

FEATURE = Feature(
    name="purge",
    functions=(
        Function(
            name="purge",
            feature="purge",
            trigger=ScheduleTrigger(every_minutes=24 * 60),
            timeout=900,
            grants=(
                Grant("table", "core", ("GetItem", "Query", "PutItem", "DeleteItem", "BatchWriteItem")),
                Grant("table", "events", ("Query", "BatchWriteItem")),
                Grant("bucket", "archive", ("ListBucket", "DeleteObject")),
                Grant("bucket", "questions", ("ListBucket", "DeleteObject")),
                Grant("bucket", "exports", ("ListBucket", "DeleteObject")),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem", "Query", "BatchWriteItem")),
            ),
        ),
    ),
)

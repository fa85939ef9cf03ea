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
                Grant("table", "core", ("GetItem", "Query", "PutItem", "DeleteItem")),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            ),
            personal_data="purge",
        ),
    ),
)

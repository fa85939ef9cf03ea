"""Hourly: compares rollups with the raw blocks, repairs them, and publishes the drift."""

from infra.declarations import Feature, Function, Grant, ScheduleTrigger

FEATURE = Feature(
    name="reconcile",
    functions=(
        Function(
            name="reconcile",
            feature="reconcile",
            group="analytics",
            trigger=ScheduleTrigger(every_minutes=60),
            memory=1024,
            timeout=300,
            grants=(
                Grant("table", "events", ("GetItem", "BatchGetItem", "Query", "PutItem", "BatchWriteItem")),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            ),
        ),
    ),
)

"""Hourly: what every organization used, and whose API keys are closed because a quota is used up."""

from infra.declarations import READ, Feature, Function, Grant, ScheduleTrigger

FEATURE = Feature(
    name="usage",
    functions=(
        Function(
            name="usage",
            feature="usage",
            trigger=ScheduleTrigger(every_minutes=60),
            memory=1024,
            timeout=300,
            grants=(
                Grant("table", "core", ("GetItem", "Query", "PutItem", "UpdateItem")),
                Grant("table", "events", READ),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            ),
        ),
    ),
)

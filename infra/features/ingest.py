"""Where SDKs post events: our own `/sdk/event` and Segment's tracking API, at its own path only."""

from infra.declarations import Feature, Function, Grant, Routes

FEATURE = Feature(
    name="ingest",
    functions=(
        Function(
            name="ingest",
            feature="ingest",
            routes=(Routes("/sdk"), Routes("/v1", spelling="own")),
            memory=512,
            reserved=100,
            grants=(
                Grant("table", "core", ("GetItem", "BatchGetItem", "UpdateItem")),
                Grant("table", "events", ("PutItem", "BatchWriteItem")),
                Grant("queue", "arrivals", ("SendMessage",)),
                Grant("table", "ephemeral", ("BatchWriteItem",)),  # verdicts on rejected events
            ),
        ),
    ),
)

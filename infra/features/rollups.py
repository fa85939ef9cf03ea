"""Counts per client, event name and minute, hour and day, from the stream of event blocks."""

from infra.declarations import Feature, Function, Grant, PersonalData, StreamTrigger

FEATURE = Feature(
    name="rollups",
    personal_data=(PersonalData(package="events.people", tables=("events",)),),
    functions=(
        Function(
            name="rollups",
            feature="rollups",
            group="analytics",
            trigger=StreamTrigger(
                table="events",
                # Changed is what an operator replays.
                filters=({"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "B#"}]}}}},),
                batch_size=100,
                window_seconds=1,
                # A client's blocks stay together, and three clients in four do not wait for a noisy one's.
                parallelization=4,
            ),
            memory=1024,
            timeout=180,  # a cold start reads back what a large client sent in nine days: 1.5 us of a core for each id
            grants=(Grant("table", "events", ("GetItem", "BatchGetItem", "Query", "PutItem", "BatchWriteItem")),),
        ),
    ),
)

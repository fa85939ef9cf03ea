"""What a transaction wrote down to be said later leaves for its queue from the table's stream."""

from infra.declarations import Feature, Function, Grant, StreamTrigger

FEATURE = Feature(
    name="outbox",
    functions=(
        Function(
            name="outbox_publisher",
            feature="outbox",
            trigger=StreamTrigger(
                table="core",
                # Changed is what an operator replays.
                filters=({"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"kind": {"S": ["outbox"]}}}},),
                batch_size=100,
            ),
            timeout=30,
            grants=(
                Grant("table", "core", ("DeleteItem",)),
                Grant("queue", "arrivals", ("SendMessage",)),
                Grant("queue", "business", ("SendMessage",)),
                Grant("queue", "conversations", ("SendMessage",)),
                Grant("queue", "mail", ("SendMessage",)),
                Grant("queue", "privacy", ("SendMessage",)),
                Grant("queue", "questions", ("SendMessage",)),
                Grant("queue", "tasks", ("SendMessage",)),
                Grant("queue", "content", ("SendMessage",)),
                Grant("queue", "notifications", ("SendMessage",)),
                Grant("queue", "webhook_events", ("SendMessage",)),
                Grant("queue", "audience", ("SendMessage",)),
                Grant("queue", "alerts", ("SendMessage",)),
                Grant("queue", "campaigns", ("SendMessage",)),
                Grant("queue", "search", ("SendMessage",)),
                Grant("queue", "social", ("SendMessage",)),
                Grant("queue", "syncs", ("SendMessage",)),
            ),
        ),
    ),
)

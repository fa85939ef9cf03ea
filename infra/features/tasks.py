"""Tasks with what follows from them, and notifications of every feature."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

FEATURE = Feature(
    name="tasks",
    personal_data=(PersonalData(package="tasks"), PersonalData(package="notifications")),
    queues=(Queue(name="tasks"), Queue(name="notifications")),
    functions=(
        Function(
            name="tasks",
            feature="tasks",
            routes=(Routes("/tasks"), Routes("/notifications")),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
            ),
            timeout=29,  # a hundred tasks at once
        ),
        Function(
            name="reminders",
            feature="tasks",
            trigger=QueueTrigger(queue="tasks", timers=True),
            timeout=30,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            ),
        ),
        Function(
            name="notifications",
            feature="tasks",
            trigger=QueueTrigger(queue="notifications", timers=True),
            timeout=30,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", ("PutItem", "UpdateItem")),
            ),
            settings=("FRONTEND_URL",),
        ),
    ),
)

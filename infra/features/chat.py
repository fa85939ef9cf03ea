"""Conversations: one store for the web and for bots, and the worker that answers and delivers."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_MODEL = (
    "OPENAI_URL",
    "OPENAI_API_KEY",
    "OPENAI_MODEL",
    "OPENAI_FALLBACK_MODEL",
    "OPENAI_TEMPERATURE",
    "OPENAI_MAX_TOKENS",
    "OPENAI_MONTHLY_TOKENS",
    "OPENAI_PRICES",
)

FEATURE = Feature(
    name="chat",
    personal_data=(PersonalData(package="chat"),),
    queues=(Queue(name="conversations", max_receives=10),),
    functions=(
        Function(
            name="chat",
            feature="chat",
            group="growth",
            routes=(Routes("/chat"),),
            timeout=29,  # a caller may wait ten seconds for the reply, and writers stand in line
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
            ),
            settings=("PUBLIC_URL",),
        ),
        Function(
            name="chat_history",
            feature="chat",
            group="growth",
            routes=(Routes("/chat/history", greedy=False),),
            timeout=20,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "links", ("GetSecretValue",)),
            ),
        ),
        Function(
            name="conversations",
            feature="chat",
            group="growth",
            trigger=QueueTrigger(queue="conversations", timers=True, rounds=1_000_000),
            timeout=120,  # two models are asked, each with patience
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("bucket", "media", ("GetObject",)),  # long pages, which the assistant knows
                Grant("queue", "conversations", ("SendMessage",)),
                Grant("secret", "vendors", ("GetSecretValue",)),
                Grant("key", "credentials", ("Decrypt",)),
            ),
            settings=(*_MODEL, "TELEGRAM_URL", "PUBLIC_URL"),
        ),
    ),
)

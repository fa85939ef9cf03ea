"""AI lead search, and whether addresses can be reached."""

from infra.declarations import READ, WRITE, Feature, Function, Grant, PersonalData, Queue, QueueTrigger, Routes

_QUEUE = Queue(name="search")
_ADDRESSES = ("DNS_SERVERS", "SMTP_PROBES", "SMTP_PROBE_PORT", "MAIL_FROM")
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
    name="search",
    personal_data=(PersonalData(package="search"), PersonalData(package="validation", tables=("core", "ephemeral"))),
    queues=(_QUEUE,),
    functions=(
        Function(
            name="search",
            feature="search",
            group="growth",
            routes=(Routes("/search", bare=False),),
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "signing", ("GetSecretValue",)),
                Grant("secret", "vendors", ("GetSecretValue",)),
            ),
            settings=(*_MODEL, *_ADDRESSES, "BRAVE_API_KEY"),
            timeout=29,  # a strategy by the model; a hundred addresses at once
        ),
        Function(
            name="search_jobs",
            feature="search",
            group="growth",
            trigger=QueueTrigger(queue="search", batch_size=1, concurrency=5, rounds=200, timers=True),
            memory=1024,
            timeout=300,
            grants=(
                Grant("table", "core", READ + WRITE),
                Grant("table", "ephemeral", READ + WRITE),
                Grant("secret", "vendors", ("GetSecretValue",)),
                Grant("queue", "search", ("SendMessage",)),
            ),
            settings=(*_MODEL, *_ADDRESSES, "BRAVE_URL", "BRAVE_API_KEY", "PUBLIC_URL", "ALLOW_LOOPBACK_HOSTS"),
            environment={"ATTEMPTS": str(_QUEUE.max_receives)},
        ),
    ),
)
